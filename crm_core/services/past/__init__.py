"""The state as of any version or moment: read like the present, never written.

The first read of a version builds a database file of its own from the present and the history since (seconds for
100,000 records); further reads of it are ordinary queries. The last few are kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock
from crm_core.contracts import Storage
from crm_core.contracts.query import AsOf
from crm_core.errors import Invalid, NotFound
from crm_core.models.tables import CHANGES, EVENTS
from crm_core.services.computed import Graphs
from crm_core.services.past import filling
from crm_core.services.settings import Settings
from crm_core.services.tables import Tables
from crm_core.services.windows import Windows
from crm_core.storage import state
from crm_core.storage.schema import SchemaCache, load
from crm_core.storage.scratch import scratch
from crm_core.storage.unit import Units

KEPT = 4
"""States of the past that stay on disk at a time."""

MAX_RECORDS = 2_000_000

Identity = tuple[int, bytes]
"""A version, and the hash of its history: after a restore the same number may name another state."""


@dataclass(frozen=True)
class Moment:
    """A state to read: `windows` and `tables` as the present has them. `is_now` when nothing happened since."""

    version: int
    at: str
    windows: Windows
    tables: Tables
    is_now: bool = False


@dataclass
class _Kept:
    moment: Moment
    ends: ExitStack
    readers: int = 0


class Past:
    """Reads of earlier states. Safe to use from many threads; one state is built at a time."""

    def __init__(
        self,
        units: Units,
        settings: Settings,
        present: tuple[Windows, Tables],
        data_dir: Path,
        open_file: Callable[[Path], Storage],
        graphs: Graphs | None = None,
    ) -> None:
        self._graphs = graphs or Graphs()
        self._units, self._settings, self._present = units, settings, present
        self._data_dir, self._open_file = data_dir, open_file
        self._kept: OrderedDict[Identity, _Kept] = OrderedDict()
        self._lock, self._building = threading.Lock(), threading.Lock()

    def close(self) -> None:
        """Let go of every state and remove its file."""
        with self._lock:
            kept = list(self._kept.values())
            self._kept.clear()
        for one in kept:
            one.ends.close()

    @contextmanager
    def reading(self, as_of: AsOf | None) -> Iterator[Moment]:
        """The state to read from: the present without `as_of`, or when nothing changed since.

        Raises Invalid (`bad_as_of`, `past_too_large`) and NotFound (`unknown_version`).
        """
        if as_of is None:
            yield Moment(0, "", *self._present, is_now=True)
            return
        with self._units.read() as session:
            connection = session.connection()
            now = state.current(connection)
            version = self._version(connection, as_of, now)
            identity = (version, _hash(connection, version))
        if version == now.version:
            yield Moment(version, now.updated_at, *self._present, is_now=True)
            return
        kept = self._take(identity)
        try:
            yield kept.moment
        finally:
            self._give_back(kept)

    def _version(self, connection: Connection, as_of: AsOf, now: state.State) -> int:
        if (as_of.version is None) == (as_of.moment is None):
            raise Invalid("bad_as_of", "as_of takes a version or a moment.", 'Use {"version": 41}.', "/as_of")
        if as_of.version is not None:
            if not 0 <= as_of.version <= now.version:
                what = f"There is no version {as_of.version}; the newest is {now.version}."
                raise NotFound("unknown_version", what, "Look at the history.", "/as_of/version")
            return as_of.version
        until = _end_of(str(as_of.moment), self._settings.team().time_zone)
        query = sa.select(sa.func.max(EVENTS.c.version)).where(EVENTS.c.at <= until)
        return int(connection.execute(query).scalar() or 0)

    def _take(self, identity: Identity) -> _Kept:
        if (kept := self._find(identity)) is not None:
            return kept
        with self._building:
            if (kept := self._find(identity)) is not None:
                return kept
            built = self._build(identity[0])
            with self._lock:
                self._kept[identity] = built
                built.readers += 1
                idle = [key for key, one in self._kept.items() if not one.readers]
                dropped = [self._kept.pop(key) for key in idle[: max(0, len(self._kept) - KEPT)]]
        for one in dropped:
            one.ends.close()
        return built

    def _find(self, identity: Identity) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(identity)
            if kept is not None:
                self._kept.move_to_end(identity)
                kept.readers += 1
            return kept

    def _give_back(self, kept: _Kept) -> None:
        with self._lock:
            kept.readers -= 1

    def _build(self, version: int) -> _Kept:
        with ExitStack() as ends:
            storage = self._open_file(ends.enter_context(scratch(self._data_dir)) / "state.sqlite3")
            ends.callback(storage.close)
            units, schemas = Units(storage), SchemaCache()
            with self._units.read() as session, units.write() as target:
                source = session.connection()
                _refuse_too_large(source)
                filling.fill(source, target.connection(), version)
                filling.compute(target.connection(), self._graphs, self._settings.team().time_zone)
                at = _made_at(source, version)
            windows = Windows(units, schemas, self._settings, lambda schema: self._graphs.of(schema).broken)
            ends.callback(windows.close)
            return _Kept(Moment(version, at, windows, Tables(units, schemas, self._graphs)), ends.pop_all())


def _hash(connection: Connection, version: int) -> bytes:
    query = sa.select(CHANGES.c.hash).where(CHANGES.c.version == version).order_by(CHANGES.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or b""


def _made_at(connection: Connection, version: int) -> str:
    query = sa.select(CHANGES.c.at).where(CHANGES.c.version == version).limit(1)
    return connection.execute(query).scalar() or ""


def _refuse_too_large(connection: Connection) -> None:
    tables = load(connection, 0).tables
    total = sum(connection.exec_driver_sql(f'SELECT count(*) FROM "{t.physical}"').scalar() or 0 for t in tables)
    if total > MAX_RECORDS:
        raise Invalid(
            "past_too_large",
            f"An earlier state can be read of up to {MAX_RECORDS:,} records; there are {total:,}.",
            "Look at the history of single records, or open a backup of that day.",
            "/as_of",
        )


def _end_of(text: str, zone: str) -> str:
    """The moment in stored form: a date means the end of that day in the team's zone."""
    try:
        if len(text) == 10:
            day = datetime.combine(datetime.fromisoformat(text).date(), time(), ZoneInfo(zone))
            return clock.to_text((day + timedelta(days=1)) - timedelta(milliseconds=1))
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        return clock.to_text(moment)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            "bad_as_of",
            f"{text[:40]!r} is no date and no moment.",
            "Use 2026-11-23 (the end of that day) or 2026-11-23T09:30:00Z.",
            "/as_of/moment",
        ) from error
