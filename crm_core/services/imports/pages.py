"""Pages of the preview: stored rows in wire form, with the names of records and people in them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_core import ids
from crm_core.contracts.imports import CellDiff, RowProblem, RowsView, RowView
from crm_core.kinds import KINDS, FieldDef
from crm_core.kinds.choices import unpack
from crm_core.models.tables import USERS
from crm_core.services.imports.mapping import Plan
from crm_core.services.imports.store import OUTCOMES, Row, Store
from crm_core.storage.queries.links import display_names
from crm_core.storage.schema import Schema


def describe(plan: Plan) -> list[dict[str, Any]]:
    """The slots of a plan in a form that can be kept with the comparison."""
    return [
        {
            "id": slot.field.id,
            "name": slot.field.name,
            "kind": slot.field.kind.name,
            "options": dict(slot.field.options),
        }
        for slot in plan.slots
    ]


class Pages:
    """Reads pages of one comparison."""

    def __init__(self, connection: Connection, schema: Schema, table_id: int, store: Store, zone: str) -> None:
        self._connection, self._schema, self._store, self._zone = connection, schema, store, zone
        self._table = schema.by_id[table_id]
        self._slots = [self._field(table_id, slot) for slot in store.facts()["slots"]]
        self._records: dict[int, set[int]] = {}
        self._people: set[int] = set()

    def _field(self, table_id: int, slot: dict[str, Any]) -> FieldDef:
        known = self._schema.fields.get(slot["id"])
        if known is not None:
            return known
        return FieldDef(slot["id"], table_id, None, slot["name"], KINDS[slot["kind"]], slot["options"], None)

    def page(self, outcome: str | None, offset: int, limit: int) -> RowsView:
        """Rows with an outcome (None: all) in the order of the file."""
        total, rows = self._store.page(OUTCOMES.index(outcome) if outcome else None, offset, limit)
        views = [self._view(row) for row in rows]
        return RowsView(total, views, self._names())

    def _view(self, row: Row) -> RowView:
        cells: list[CellDiff] = []
        if row.values:
            for field, value in zip(self._slots, row.values, strict=True):
                if value is not None:
                    cells.append(self._cell(field, None, value, row))
        for place, before, after, conflict in row.cells:
            cells.append(self._cell(self._slots[place], before, after, row, conflict=conflict))
        for key, before, after, conflict in row.related:
            known = self._schema.fields.get(key)
            if known is not None:
                cells.append(self._cell(known, before, after, row, conflict=conflict))
        problems = [RowProblem(row.line, column, reason) for column, reason in row.errors]
        record = ids.record(self._table.id, row.record) if row.record > 0 else None
        return RowView(row.line, OUTCOMES[row.outcome], record, _printable(row.name), cells, problems)  # type: ignore[arg-type]

    def _cell(self, field: FieldDef, before: Any, after: Any, row: Row, *, conflict: bool = False) -> CellDiff:
        shown = field.name if field.id < 0 else field.public_id
        return CellDiff(shown, self._wire(field, before, row), self._wire(field, after, row), conflict)

    def _wire(self, field: FieldDef, value: Any, row: Row) -> Any:
        family = field.kind.family
        if value is None or (family == "choice" and type(value) is str):
            return value
        if family == "choices":
            items: Sequence[Any] = unpack(value) if type(value) is str else value
            return [item if type(item) is str else ids.encode("opt", item) for item in items]
        if family == "link":
            return [self._link(field.options["table"], key, row) for key in value]
        if family == "user":
            self._people.add(value)
        return field.kind.wire(value, field)

    def _link(self, table_id: int, key: int, row: Row) -> str:
        """A linked record's id, or the name of one that the import will make."""
        if key > 0:
            self._records.setdefault(table_id, set()).add(key)
            return ids.record(table_id, key)
        if table_id == self._table.id:
            return row.name
        return self._store.new_name(table_id, key, self._schema.by_id[table_id].primary.id)

    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for table_id, keys in self._records.items():
            found = display_names(self._connection, self._schema.by_id[table_id], keys, self._zone)
            names.update((ids.record(table_id, key), name) for key, name in found.items())
        if self._people:
            query = select(USERS.c.id, USERS.c.name).where(USERS.c.id.in_(self._people))
            names.update((ids.encode("usr", key), name) for key, name in self._connection.execute(query))
        return names


def _printable(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
