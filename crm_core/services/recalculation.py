"""Recalculation in the background: whole computed fields, batch by batch, and those that follow the clock."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from crm_core import clock
from crm_core.contracts.actor import SYSTEM
from crm_core.services.computed import Graphs, state
from crm_core.services.computed.graph import Graph, Node
from crm_core.services.computed.whole import BATCH, batches, empty, stages_of
from crm_core.services.records.work import COMPUTED, Entry, Work
from crm_core.services.settings import Settings
from crm_core.storage import state as versions
from crm_core.storage.schema import SchemaCache, TableDef
from crm_core.storage.unit import Units

_RETRY_SECONDS = 30.0
_log = logging.getLogger("crm.computed")


class _Moved(Exception):
    """Fields changed meanwhile: what is stale has to be looked at again."""


@dataclass(frozen=True)
class Progress:
    """How far the recalculation under way is, in cells' rows; both 0 when there is none."""

    done: int = 0
    total: int = 0


class Recalculation:
    """Brings stale computed fields up to date in a thread of its own. `wake` says that there may be some."""

    def __init__(self, units: Units, schemas: SchemaCache, settings: Settings, graphs: Graphs) -> None:
        self._units, self._schemas, self._settings, self._graphs = units, schemas, settings, graphs
        self._wake = threading.Event()
        self._idle = threading.Condition()
        self._asked = self._answered = 0
        self._closed = False
        self._done = self._total = 0
        self._thread: threading.Thread | None = None
        self._listeners: list[Callable[[Progress], None]] = []

    def on_progress(self, tell: Callable[[Progress], None]) -> Callable[[], None]:
        """Have `tell` called after every batch, and with nothing to do at the end; returns what takes it back."""
        self._listeners.append(tell)
        return lambda: self._listeners.remove(tell)

    def _tell(self, progress: Progress) -> None:
        for tell in tuple(self._listeners):
            tell(progress)

    def start(self) -> None:
        """Look for stale fields from now on."""
        self._thread = threading.Thread(target=self._work, name="crm-computed", daemon=True)
        self._thread.start()
        self.wake()

    def wake(self) -> None:
        """Look for stale fields now."""
        with self._idle:
            self._asked += 1
        self._wake.set()

    def settle(self) -> None:
        """Wait until everything that was stale when this was called is up to date (for tests and benchmarks)."""
        with self._idle:
            asked = self._asked
            self._idle.wait_for(lambda: self._answered >= asked or self._closed)

    def close(self) -> None:
        """Stop after the batch under way; what is left is taken up at the next start."""
        with self._idle:
            self._closed = True
            self._idle.notify_all()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while not self._closed:
            with self._idle:
                asked = self._asked
            wait: float | None = None
            try:
                wait = self._round()
            except Exception:
                _log.exception("Computed fields could not be brought up to date; trying again in %s s.", _RETRY_SECONDS)
                wait = _RETRY_SECONDS
            with self._idle:
                self._answered = asked
                self._idle.notify_all()
            self._wake.wait(wait)
            self._wake.clear()

    def _round(self) -> float | None:
        """Compute until nothing is stale; answers the seconds until the clock makes something stale again."""
        zone = self._settings.team().time_zone
        while not self._closed:
            with self._units.read() as session:
                connection = session.connection()
                graph = self._graphs.of(self._schemas.at(connection, versions.current(connection).schema_version))
                stale = state.stale(connection, graph, zone) if graph.nodes else {}
            if not stale:
                turn = state.next_turn(graph, zone)
                return None if turn is None else max(1.0, (turn - clock.now()).total_seconds())
            self._compute(graph, stale, zone)
        return None

    def _compute(self, graph: Graph, stale: Mapping[int, str], zone: str) -> None:
        wanted = {*stale, *graph.dependents(list(stale))}
        stages = stages_of(graph, wanted)
        changed: dict[int, bool] = {}
        try:
            with self._units.read() as session:
                sizes = [_size(session.connection(), nodes[0].table) for nodes in stages]
            self._done, self._total = 0, sum(sizes)
            for nodes in stages:
                if self._stage(graph, nodes, zone):
                    changed[nodes[0].table.id] = True
                if self._closed:
                    return
            self._finish(graph, stale, changed, zone)
        except _Moved:
            return
        finally:
            self._tell(Progress())

    def _stage(self, graph: Graph, nodes: Sequence[Node], zone: str) -> bool:
        """Compute fields of one table over all its rows; answers whether any cell is another now."""
        broken = [node for node in nodes if node.error is not None]
        whole = [node for node in nodes if node.error is None]
        moved = False
        if broken:
            with self._units.write() as session:
                moved = sum(empty(session.connection(), node) for node in broken) > 0
        last: int | None = 0
        while whole and last is not None and not self._closed:
            with self._units.write() as session:
                connection = session.connection()
                if versions.current(connection).schema_version != graph.schema.version:
                    raise _Moved
                calculation, rows = next(batches(connection, graph, zone, whole, last))
                for node in whole:
                    calculation.compute(node)
                moved = calculation.write() > 0 or moved
            self._done += len(rows.keys)
            self._tell(Progress(self._done, self._total))
            last = rows.keys[-1] if len(rows.keys) == BATCH else None
        return moved

    def _finish(self, graph: Graph, stale: Mapping[int, str], changed: Mapping[int, bool], zone: str) -> None:
        """Note what is up to date now, unless it became stale anew meanwhile, and tell everyone."""
        with self._units.write() as session:
            connection = session.connection()
            before = versions.current(connection)
            known = state.kept(connection)
            done = [key for key, was in stale.items() if known.get(str(key), "") == was and key in graph.by_field]
            at = clock.now_text()
            state.keep(connection, graph, done, zone, at)
            told = {graph.by_field[key].table.id for key in stale if stale[key].startswith("stale")} | set(changed)
            if told:
                schema = self._schemas.at(connection, before.schema_version, keep=False)
                work = Work(
                    connection, self._schemas, self._graphs, before, schema, SYSTEM, zone, at, "recalculation", ""
                )
                work.log([Entry(COMPUTED, table, 0, "fresh", None, None) for table in sorted(told)])
                work.close()


def _size(connection: Connection, table: TableDef) -> int:
    query = select(func.count()).select_from(table.sql).where(table.sql.c.deleted_at.is_(None))
    return connection.execute(query).scalar() or 0
