"""Events newest first, by kind, person and time; every way in is an index, whatever the length of the log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core.models.tables import CHANGES, EVENTS
from crm_core.storage.statements import run

_CHUNK = 200
_LARGEST = 5_000
COUNTED = 10_000
_event = EVENTS.c
_ROW = (
    CHANGES.c.entity, CHANGES.c.table_id, CHANGES.c.entity_id, CHANGES.c.op, CHANGES.c.before, CHANGES.c.after,
)  # fmt: skip


class Event(NamedTuple):
    """One row of the log of events."""

    id: int
    at: str
    kind: str
    actor_id: int | None
    version: int | None
    subject: str
    data: str


@dataclass(frozen=True)
class Wanted:
    """Which events: of these kinds, by this person (0: by the CRM itself), in this time (ISO text, end excluded)."""

    kinds: Sequence[str]
    actor_id: int | None = None
    start: str | None = None
    end: str | None = None

    def _where(self, kind: str) -> list[sa.ColumnElement[bool]]:
        parts: list[sa.ColumnElement[bool]] = [_event.kind == kind]
        if self.actor_id is not None:
            parts.append(_event.actor_id == self.actor_id if self.actor_id else _event.actor_id.is_(None))
        if self.start is not None:
            parts.append(_event.at >= self.start)
        if self.end is not None:
            parts.append(_event.at < self.end)
        return parts


def bounds(connection: Connection, wanted: Wanted) -> tuple[int, int] | None:
    """The first and last id of the time asked for, read off the index by time; None when nothing happened in it."""
    if wanted.start is None and wanted.end is None:
        return 0, 2**62
    times = [*([_event.at >= wanted.start] if wanted.start else []), *([_event.at < wanted.end] if wanted.end else [])]
    first, last = connection.execute(sa.select(sa.func.min(_event.id), sa.func.max(_event.id)).where(*times)).one()
    return None if first is None else (first, last)


def newest_first(connection: Connection, wanted: Wanted, before: int | None, after: int = 0) -> Iterator[Event]:
    """The events older than `before` and newer than `after`, read in growing chunks.

    Each kind has its own way into the index, so that a rare kind is found as fast as a frequent one.
    """
    found = bounds(connection, wanted)
    if found is None:
        return
    first, last = max(found[0] - 1, after), min(found[1] + 1, before or 2**62)
    size = 50
    while last > first + 1:
        pages = [
            sa.select(EVENTS)
            .where(*wanted._where(kind), _event.id < last, _event.id > first)
            .order_by(_event.id.desc())
            .limit(size)
            .subquery()
            for kind in wanted.kinds
        ]
        if not pages:
            return
        joined = sa.union_all(*(sa.select(page) for page in pages)).subquery()
        columns = [joined.c[name] for name in Event._fields]
        query = sa.select(*columns).order_by(joined.c.id.desc()).limit(size)
        rows = [Event(*row) for row in connection.execute(query)]
        yield from rows
        if len(rows) < size:
            return
        last, size = rows[-1].id, min(size * 4, _LARGEST)


def total(connection: Connection, wanted: Wanted) -> int | None:
    """How many events there are, counted up to a limit; None beyond it."""
    rows = [sa.select(_event.id).where(*wanted._where(kind)).limit(COUNTED + 1).subquery() for kind in wanted.kinds]
    if not rows:
        return 0
    joined = sa.union_all(*(sa.select(part) for part in rows)).subquery()
    limited = sa.select(joined).limit(COUNTED + 1).subquery()
    number: int = connection.execute(sa.select(sa.func.count()).select_from(limited)).scalar_one()
    return number if number <= COUNTED else None


def newest_event(connection: Connection) -> int:
    """The number of the last event; it grows with everything that happens."""
    row = run(connection, "SELECT max(id) FROM events").fetchone()
    return int(row[0] or 0)


def of_record(connection: Connection, table_id: int, key: int, before: int | None) -> Iterator[Event]:
    """The change sets that touched one record, newest first."""
    last = before or 2**62
    while True:
        query = (
            sa.select(CHANGES.c.version, sa.func.max(CHANGES.c.at))
            .where(
                CHANGES.c.entity == "record",
                CHANGES.c.table_id == table_id,
                CHANGES.c.entity_id == key,
                CHANGES.c.version < last,
            )
            .group_by(CHANGES.c.version)
            .order_by(CHANGES.c.version.desc())
            .limit(_CHUNK)
        )
        versions = [tuple(row) for row in connection.execute(query)]
        for version, at in versions:
            here = _event.at == at, _event.version == version, _event.kind == "records.changed"
            row = connection.execute(sa.select(*(_event[name] for name in Event._fields)).where(*here)).first()
            if row is not None:
                yield Event(*row)
        if len(versions) < _CHUNK:
            return
        last = versions[-1][0]


def first(connection: Connection, version: int, op: str) -> Sequence[Any]:
    """The first row of a change set that did this."""
    query = sa.select(*_ROW).where(CHANGES.c.version == version, CHANGES.c.op == op)
    return connection.execute(query.order_by(CHANGES.c.id).limit(1)).one()


def sample(
    connection: Connection, version: int, most: int, record: tuple[int, int] | None = None
) -> Sequence[Sequence[Any]]:
    """The first rows of a change set (or those of one record)."""
    query = sa.select(*_ROW).where(CHANGES.c.version == version)
    if record is not None:
        query = query.where(
            CHANGES.c.entity == "record", CHANGES.c.table_id == record[0], CHANGES.c.entity_id == record[1]
        )
    return connection.execute(query.order_by(CHANGES.c.id).limit(most)).all()
