"""Whole computed fields: their rows batch by batch, in an order in which everything read is computed already."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, update

from crm_core.kinds import FieldDef
from crm_core.services.computed.calculation import Calculation
from crm_core.services.computed.graph import Graph, Node
from crm_core.services.computed.rows import Rows
from crm_core.storage.statements import run

BATCH = 5_000


def batches(
    connection: Connection, graph: Graph, zone: str, nodes: Sequence[Node], last: int = 0
) -> Iterator[tuple[Calculation, Rows]]:
    """The live rows of one table after the key `last`, BATCH at a time, with what computes these fields of theirs."""
    table = nodes[0].table
    while True:
        calculation = Calculation(connection, graph, zone, nodes)
        rows = calculation.rows(table.id)
        _read(connection, rows, table.physical, [node.field.extra for node in nodes if node.field.extra], last)
        yield calculation, rows
        if len(rows.keys) < BATCH:
            return
        last = rows.keys[-1]


def _read(connection: Connection, rows: Rows, table: str, besides: Sequence[str], last: int) -> None:
    """Read the next rows. What stands beside values is mostly nothing: it is read only where there is any."""
    plain = [name for name in rows.names if name not in besides]
    some = " OR ".join(f'"{name}" IS NOT NULL' for name in besides) or "0"
    columns = ", ".join(f'"{name}"' for name in plain)
    where = f'FROM "{table}" WHERE "id" > {int(last)} AND "deleted_at" IS NULL ORDER BY "id" LIMIT {BATCH}'
    found = list(zip(*run(connection, f"SELECT {columns}, ({some}) {where}").fetchall(), strict=True))
    if found and any(found[-1]):
        columns = ", ".join(f'"{name}"' for name in rows.names)
        rows.take(run(connection, f"SELECT {columns} {where}").fetchall())
    else:
        rows.take_columns(found, plain)


def stages_of(graph: Graph, wanted: set[int]) -> list[list[Node]]:
    """The fields to compute in groups of one table, each after all it reads from other tables."""
    stage: dict[int, int] = {}
    for node in graph.nodes:
        if node.field.id not in wanted:
            continue
        near = [stage[one.id] for one in (*node.reads, *([node.through] if node.through else [])) if one.id in stage]
        far = [stage[one.id] + 1 for one in far_of(graph, node) if one.id in stage]
        stage[node.field.id] = max((*near, *far), default=0)
    found: dict[tuple[int, int], list[Node]] = {}
    for node in graph.nodes:
        if node.field.id in wanted:
            found.setdefault((stage[node.field.id], node.table.id), []).append(node)
    return [found[key] for key in sorted(found)]


def far_of(graph: Graph, node: Node) -> list[FieldDef]:
    """The fields of other records that a field reads."""
    links = [one for one in (*node.reads, *node.far) if one.kind.family == "link"]
    return [*node.far, *(graph.schema.by_id[link.options["table"]].primary for link in links)]


def empty(connection: Connection, node: Node) -> int:
    """Empty all cells of a field that cannot be computed; answers how many were filled."""
    rows, column, extra = node.table.sql, node.field.column, node.field.extra
    assert column
    assert extra
    filled = rows.c[column].is_not(None) | rows.c[extra].is_not(None)
    return connection.execute(update(rows).where(filled).values({column: None, extra: None})).rowcount


def recompute(connection: Connection, graph: Graph, zone: str) -> None:
    """Compute every field of every live row in the caller's unit of work."""
    for nodes in stages_of(graph, {node.field.id for node in graph.nodes}):
        for node in nodes:
            if node.error is not None:
                empty(connection, node)
        whole = [node for node in nodes if node.error is None]
        for calculation, _ in batches(connection, graph, zone, whole) if whole else ():
            for node in whole:
                calculation.compute(node)
            calculation.write()
