"""Recalculation inside a change set: what follows from it is computed before it is committed, or marked as stale."""

from sqlalchemy import func, select

from crm_core.services.computed import state
from crm_core.services.computed.calculation import MAX_INLINE, Calculation
from crm_core.services.computed.graph import Graph
from crm_core.services.computed.spreading import Spread, reaching
from crm_core.services.records.work import COMPUTED, LISTED, Entry, Work
from crm_core.storage.schema import Schema, TableDef


def follow(work: Work, before: Schema) -> None:
    """Compute what the change set makes other; `before` is the schema it began with.

    Small sets are computed here and now. Fields with too many rows become stale: they keep their old values until the
    background has computed them, and history says so, so that clients read them again.
    """
    graph = work.graphs.of(work.schema)
    old = work.graphs.of(before) if work.schema is not before else graph
    if not graph.nodes and not old.nodes:
        return
    spread = Spread(work.connection, graph)
    made = _made(work, old, graph, spread) if old is not graph else set()
    counts: dict[int, int] = {}
    for (entity, table, _), count in work.counts.items():
        if entity == "record" and table in graph.concerned:
            counts[table] = counts.get(table, 0) + count
    many = [table for table, count in counts.items() if count > min(MAX_INLINE, LISTED)]
    spread.stale |= reaching(graph, many)
    spread.entries([entry for entry in work.entries if entry.table_id not in many])
    if spread.rows:
        wanted = graph.dependents(list(spread.rows)) | set(spread.rows)
        calculation = Calculation(work.connection, graph, work.zone, [n for n in graph.nodes if n.field.id in wanted])
        spread.run(calculation.compute)
        calculation.write()
    if made:
        state.keep(work.connection, graph, made - spread.stale, work.zone, work.at)
        _tell(work, graph, set(spread.rows) - spread.stale, "fresh")
    if spread.stale:
        _tell(work, graph, state.mark_stale(work.connection, spread.stale, work.meta.version, work.at), "stale")
        work.deferred = True


def _tell(work: Work, graph: Graph, fields: set[int], what: str) -> None:
    """Say in history which tables' computed cells are to be read again, or will be."""
    tables = {graph.by_field[key].table.id for key in fields}
    work.log([Entry(COMPUTED, table, 0, what, None, None) for table in sorted(tables)])


def _made(work: Work, old: Graph, graph: Graph, spread: Spread) -> set[int]:
    """The computed fields that are new or computed otherwise now; all their rows are looked at."""
    made = set()
    for node in graph.nodes:
        was = old.by_field.get(node.field.id)
        if was is not None and was.fingerprint == node.fingerprint:
            continue
        made.add(node.field.id)
        keys = _few(work, node.table)
        if keys is None:
            spread.stale |= {node.field.id, *graph.dependents([node.field.id])}
        else:
            spread.add(node, keys)
    return made


def _few(work: Work, table: TableDef) -> list[int] | None:
    """The keys of a small table's live rows; None when there are too many to compute at once."""
    sql = table.sql
    live = sql.c.deleted_at.is_(None)
    some = select(sql.c.id).where(live).limit(MAX_INLINE + 1).subquery()
    if (work.connection.execute(select(func.count()).select_from(some)).scalar() or 0) > MAX_INLINE:
        return None
    return [row[0] for row in work.connection.execute(select(sql.c.id).where(live))]
