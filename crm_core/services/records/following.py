"""The computed cells that follow from a change, for those who are told of it: read as they are now."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.change import RecordPatch, TablePatch
from crm_core.services.computed.graph import Graph, Node
from crm_core.services.computed.rows import Rows
from crm_core.services.computed.spreading import Spread
from crm_core.services.computed.types import wire_error
from crm_core.services.records.work import LISTED, Entry


def add(
    connection: Connection, graph: Graph, entries: Sequence[Entry], tables: dict[int, TablePatch], zone: str
) -> None:
    """Put the cells that may have followed into the patches; a table with too many of them says `reload`."""
    spread = Spread(connection, graph)
    spread.entries([entry for entry in entries if not _reloads(tables, entry.table_id)])
    if not spread.rows:
        return
    concerned: dict[int, list[tuple[Node, set[int]]]] = {}

    def look(node: Node, keys: set[int]) -> set[int]:
        concerned.setdefault(node.table.id, []).append((node, set(keys)))
        return keys

    spread.run(look)
    for key in spread.stale:
        tables.setdefault(graph.by_field[key].table.id, TablePatch()).reload = True
    for table, nodes in concerned.items():
        keys = set().union(*(rows for _, rows in nodes))
        patch = tables.setdefault(table, TablePatch())
        if len(keys) > LISTED:
            patch.reload = True
        elif not patch.reload:
            _merge(table, patch, _cells(connection, nodes, keys))


def _reloads(tables: Mapping[int, TablePatch], table: int) -> bool:
    return table in tables and tables[table].reload


def _cells(connection: Connection, nodes: Sequence[tuple[Node, set[int]]], keys: set[int]) -> dict[int, dict[str, Any]]:
    """Wire values by record and field."""
    names = [name for node, _ in nodes for name in (node.field.column, node.field.extra) if name]
    rows = Rows(connection, nodes[0][0].table, names)
    rows.need(keys)
    found: dict[int, dict[str, Any]] = {}
    for node, wanted in nodes:
        field = node.field
        if node.error is not None:
            cells: Sequence[Any] = [wire_error(node.error)] * len(rows.keys)
        else:
            cells = field.kind.wire_cells(rows.columns[field.column or ""], rows.columns[field.extra or ""], field)
        for key, cell in zip(rows.keys, cells, strict=True):
            if key in wanted:
                found.setdefault(key, {})[field.public_id] = cell
    return found


def _merge(table: int, patch: TablePatch, found: Mapping[int, dict[str, Any]]) -> None:
    known = {record.id: record for record in patch.records}
    gone = set(patch.deleted)
    for key, cells in found.items():
        public = ids.record(table, key)
        if public in known:
            known[public].cells.update(cells)
        elif public not in gone:
            patch.records.append(RecordPatch(public, cells))
