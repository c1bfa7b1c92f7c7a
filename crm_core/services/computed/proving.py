"""Proof that stored results are what the formulas give: everything computed anew and compared, nothing written."""

from sqlalchemy import Connection

from crm_core.services.computed.graph import Graph
from crm_core.services.computed.whole import batches


def differing(connection: Connection, graph: Graph, zone: str) -> dict[int, int]:
    """How many live cells of each computed field hold something else than what is computed from the stored cells.

    Fields that follow the clock, and those that cannot be computed, are left out.
    """
    found: dict[int, int] = {}
    for nodes in graph.of_table.values():
        steady = [node for node in nodes if not node.clock and node.error is None]
        if not steady:
            continue
        for calculation, rows in batches(connection, graph, zone, steady):
            places = range(len(rows.keys))
            for node in steady:
                assert node.field.column
                assert node.field.extra
                stored = zip(rows.columns[node.field.column], rows.columns[node.field.extra], strict=True)
                results = zip(*calculation.results(node, rows, places), strict=True) if places else ()
                wrong = sum(1 for now, result in zip(stored, results, strict=True) if now != result)
                if wrong:
                    found[node.field.id] = found.get(node.field.id, 0) + wrong
    return found
