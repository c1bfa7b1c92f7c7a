"""From a change to the computed cells that follow from it: which rows of which fields, step by step in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, Protocol

from sqlalchemy import Connection

from crm_core.services.computed.calculation import MAX_INLINE
from crm_core.services.computed.graph import Graph, Node
from crm_core.services.computed.rows import owners
from crm_core.storage.schema import TableDef

_UPDATED = frozenset(("modified_time", "modified_by"))


class Entry(Protocol):
    """One thing that happened, as history keeps it."""

    @property
    def entity(self) -> str: ...
    @property
    def table_id(self) -> int: ...
    @property
    def entity_id(self) -> int: ...
    @property
    def op(self) -> str: ...
    @property
    def before(self) -> dict[str, Any] | None: ...
    @property
    def after(self) -> dict[str, Any] | None: ...


@dataclass
class Spread:
    """Computed fields still to be looked at with their rows, in order; `stale` are those with too many rows."""

    connection: Connection
    graph: Graph
    rows: dict[int, set[int]] = field(default_factory=dict)
    stale: set[int] = field(default_factory=set)
    _heap: list[int] = field(default_factory=list)

    def add(self, node: Node, keys: Iterable[int]) -> None:
        """Have a field looked at in these rows."""
        found = self.rows.get(node.field.id)
        if found is None:
            found = self.rows[node.field.id] = set()
            heappush(self._heap, self.graph.order[node.field.id])
        found.update(keys)

    def cell(self, field_id: int, keys: Iterable[int]) -> None:
        """Cells of a field changed in these rows."""
        for node in self.graph.same.get(field_id, ()):
            self.add(node, keys)
        for node, path in self.graph.across.get(field_id, ()):
            near = owners(self.connection, self.graph.schema, path, keys)
            if near:
                self.add(node, near)

    def entries(self, entries: Sequence[Entry]) -> None:
        """Everything that records' history entries make other."""
        cells: dict[int, set[int]] = {}
        created: dict[int, set[int]] = {}
        whole: dict[int, set[int]] = {}
        for entry in entries:
            table = self.graph.schema.by_id.get(entry.table_id)
            if entry.entity != "record" or table is None or table.id not in self.graph.concerned:
                continue
            if entry.op in ("create", "restore"):
                created.setdefault(table.id, set()).add(entry.entity_id)
            if entry.op in ("delete", "restore"):
                whole.setdefault(table.id, set()).add(entry.entity_id)
            else:
                self._changed(table, entry, cells)
        for table_id, keys in created.items():
            for node in self.graph.of_table.get(table_id, ()):
                self.add(node, keys)
        for table_id, keys in whole.items():
            for node, path in self.graph.linked.get(table_id, ()):
                near = owners(self.connection, self.graph.schema, path, keys)
                if near:
                    self.add(node, near)
        for field_id, keys in cells.items():
            self.cell(field_id, keys)

    def _changed(self, table: TableDef, entry: Entry, cells: dict[int, set[int]]) -> None:
        for name in {**(entry.before or {}), **(entry.after or {})}:
            changed = table.by_cell_key.get(name)
            if changed is None:
                continue
            cells.setdefault(changed.id, set()).add(entry.entity_id)
            back = changed.options.get("inverse") if changed.kind.name == "link" else None
            if back:
                targets = {*_linked(entry.before, name), *_linked(entry.after, name)}
                cells.setdefault(back, set()).update(targets)
        for node in self.graph.touching.get(table.id, ()):
            self.add(node, (entry.entity_id,))
        for one in table.fields:
            if one.kind.name in _UPDATED and one.id in self.graph.same:
                cells.setdefault(one.id, set()).add(entry.entity_id)

    def run(self, look: Callable[[Node, set[int]], Iterable[int]]) -> None:
        """Go through the fields in order; `look` says in which of its rows a field's cell is another now.

        A field with more than MAX_INLINE rows is left, and what depends on it: both are in `stale`. So is one that
        needs a plugin that is off.
        """
        while self._heap:
            node = self.graph.nodes[heappop(self._heap)]
            keys = self.rows[node.field.id]
            if node.field.id in self.stale:
                continue
            if len(keys) > MAX_INLINE or node.is_off:
                self.stale |= {node.field.id, *self.graph.dependents([node.field.id])}
                continue
            moved = set(look(node, keys))
            if moved:
                self.cell(node.field.id, moved)


def _linked(cells: Mapping[str, Any] | None, name: str) -> Iterable[int]:
    return (cells or {}).get(name) or ()


def reaching(graph: Graph, tables: Iterable[int]) -> set[int]:
    """Every computed field that anything in these tables can make other."""
    first = {node.field.id for table in tables for node in graph.of_table.get(table, ())}
    first |= {node.field.id for table in tables for node, _ in graph.linked.get(table, ())}
    return first | graph.dependents(list(first))
