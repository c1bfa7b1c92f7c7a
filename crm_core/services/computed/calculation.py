"""Computes fields for some rows: reads what they need once, evaluates in order, keeps what changed."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crm_core import clock, ids
from crm_core.contracts.formula import FormulaContext, FormulaError
from crm_core.kinds import FieldDef
from crm_core.kinds.computed import Computed, error_text, held, list_text
from crm_core.models.tables import USERS
from crm_core.services.computed.graph import Graph, Node
from crm_core.services.computed.modified import modified_times
from crm_core.services.computed.results import Columns, Stored, Writer, apart, write_all, writer_of
from crm_core.services.computed.rows import Item, Rows, columns_of, linked_values, names_of
from crm_core.services.computed.types import Reader, as_array, fits_array, is_as_stored, reader_of
from crm_core.storage.statements import run_many, update_by_id

MAX_INLINE = 2_000
"""Up to so many rows are computed one by one, and with the change itself; more by columns, in the background."""

MAX_ITEMS = 10_000
"""Linked records a lookup or rollup may have."""

_log = logging.getLogger("crm.computed")
_TOO_MANY = FormulaError("limit", f"More than {MAX_ITEMS:,} records are linked.")


class Calculation:
    """One round of computing inside one transaction."""

    def __init__(self, connection: Connection, graph: Graph, zone: str, wanted: Iterable[Node]) -> None:
        self._connection, self._graph, self._zone = connection, graph, zone
        self._now = clock.now()
        self._people: Mapping[int, str] | None = None
        self._readers: dict[int, Reader] = {}
        self._writers: dict[int, Writer] = {}
        self._nodes: dict[int, list[Node]] = {}
        for node in wanted:
            self._nodes.setdefault(node.table.id, []).append(node)
        self._rows: dict[int, Rows] = {}
        self._changed: dict[int, tuple[set[int], dict[str, None]]] = {}
        self._whole: dict[tuple[int, int], Any] = {}

    def rows(self, table: int) -> Rows:
        """The rows of a table as far as they were read."""
        if table not in self._rows:
            nodes = self._nodes[table]
            self._rows[table] = Rows(self._connection, nodes[0].table, columns_of(nodes))
        return self._rows[table]

    def compute(self, node: Node, keys: Iterable[int] | None = None) -> list[int]:
        """Compute a field for these rows, or all that were read; answers the keys of those with another value now."""
        rows = self.rows(node.table.id)
        places: Sequence[int] = range(len(rows.keys))
        if keys is not None:
            rows.need(keys)
            places = [rows.at[key] for key in keys if key in rows.at]
        if not places:
            return []
        field = node.field
        assert field.column
        assert field.extra
        values, extras = self.results(node, rows, places)
        column, beside = rows.columns[field.column], rows.columns[field.extra]
        if keys is None and values == column and extras == beside:
            return []
        changed, names = self._changed.setdefault(node.table.id, (set(), {}))
        moved: set[int] = set()
        for name, new, old in ((field.column, values, column), (field.extra, extras, beside)):
            others = [place for place, one in zip(places, new, strict=True) if one != old[place]]
            for place, one in zip(places, new, strict=True) if others else ():
                old[place] = one
            if others:
                moved.update(others)
                names[name] = None
        changed.update(moved)
        return [rows.keys[place] for place in moved]

    def write(self) -> int:
        """Write the rows in which a cell changed, of their cells those of fields that changed; answers how many."""
        count = 0
        for table, (changed, names) in self._changed.items():
            if not changed:
                continue
            rows, places = self._rows[table], sorted(changed)
            given = [[rows.columns[name][place] for place in places] for name in (*names, "id")]
            physical = self._graph.schema.by_id[table].physical
            statement = update_by_id(self._connection, physical, tuple(names))
            run_many(self._connection, statement, list(zip(*given, strict=True)))
            count += len(places)
        self._changed.clear()
        return count

    def _let_see(self, link: FieldDef) -> None:
        """Write what changed in the table a link leads to, before its records are read by a query."""
        if link.options["table"] in self._changed:
            self.write()

    def results(self, node: Node, rows: Rows, places: Sequence[int]) -> Columns:
        """What a field's cells hold in these rows, as it is stored."""
        if node.error is not None:
            return [None] * len(places), [None] * len(places)
        if node.through is None:
            return self._formula(node, rows, places)
        self._let_see(node.through)
        keys = [rows.keys[place] for place in places]
        link = rows.columns.get(node.through.column or "")
        column = [link[place] for place in places] if link is not None else []
        found = linked_values(self._connection, self._graph.schema, node, keys, column, self._zone)
        if node.field.kind.name == "count":
            return [float(len(items)) for items in found], [None] * len(places)
        one = self._lookup if node.field.kind.name == "lookup" else self._rollup
        return apart([one(node, items) for items in found])

    def _formula(self, node: Node, rows: Rows, places: Sequence[int]) -> Columns:
        columns = [self.values(read, rows, places) for read in node.reads]
        context: FormulaContext | Sequence[FormulaContext] = FormulaContext(self._now, self._zone)
        if node.per_record:
            context = self.contexts(node, rows, places)
        try:
            results = _evaluated(node, columns, len(places), context)
        except Exception as error:
            results = [_engine_failed(node, error)] * len(places)
        return write_all(node.field, self._writer(node.field), results)

    def values(self, field: FieldDef, rows: Rows, places: Sequence[int]) -> Any:
        """A field's values in these rows as formulas take them; of all rows they are made once."""
        if not isinstance(places, range):
            return self._values(field, rows, places)
        key = field.id, len(places)
        if key not in self._whole:
            self._whole[key] = self._values(field, rows, places)
        return self._whole[key]

    def _values(self, field: FieldDef, rows: Rows, places: Sequence[int]) -> Any:
        if field.kind.family == "link":
            self._let_see(field)
            keys = [rows.keys[place] for place in places]
            stored = rows.columns.get(field.column or "")
            column = [stored[place] for place in places] if stored is not None else []
            return names_of(self._connection, self._graph.schema, field, keys, column, self._zone)
        column = rows.columns[field.column or ""]
        whole = isinstance(places, range)
        if not whole:
            column = [column[place] for place in places]
        beside = None if field.extra is None else rows.columns[field.extra]
        if beside is not None and not whole:
            beside = [beside[place] for place in places]
        if beside is None or not any(beside):
            if whole and len(column) > MAX_INLINE and fits_array(field):
                return as_array(field, column)
            if is_as_stored(field):
                return column
        read = self._reader(field)
        if beside is None:
            return [read(value, None) for value in column]
        return [read(value, extra) for value, extra in zip(column, beside, strict=True)]

    def contexts(self, node: Node, rows: Rows, places: Sequence[int]) -> list[FormulaContext]:
        """What a formula knows of each record beside its fields."""
        created, updated = rows.columns["created_at"], rows.columns["updated_at"]
        keys = [rows.keys[place] for place in places]
        asks = node.plan is not None and "LAST_MODIFIED_TIME" in node.plan.functions
        times = modified_times(self._connection, node.table, keys) if asks else {}
        return [
            FormulaContext(
                self._now, self._zone, ids.record(node.table.id, key), _moment(created[place]),
                {**times.get(key, {}), "": _moment(updated[place])},
            )
            for key, place in zip(keys, places, strict=True)
        ]  # fmt: skip

    def _lookup(self, node: Node, items: Sequence[Item]) -> Stored:
        target, kind = node.target, node.field.kind
        assert target is not None
        assert isinstance(kind, Computed)
        if kind.item is None:
            return items[0] if items else (None, None)
        values: list[Any] = []
        for value, extra in items:
            if extra is not None:
                beside = held(extra)
                if "error" in beside:
                    return None, error_text(beside["error"])
                values += beside["v"]
            elif isinstance(value, tuple):
                values += value
            elif value is not None:
                values.append(value)
        if len(values) > MAX_ITEMS:
            return self._writer(node.field)(_TOO_MANY)
        if not values:
            return None, None
        if kind.item.kind.family == "user":
            texts = [self.people().get(value, "") for value in values]
        else:
            texts = ["" if one is None else kind.item.kind.text(one, kind.item, self._zone) for one in values]
        return ", ".join(texts)[:100_000] or None, list_text(values)

    def _rollup(self, node: Node, items: Sequence[Item]) -> Stored:
        target, plan, write = node.target, node.plan, self._writer(node.field)
        assert target is not None
        assert plan is not None
        read = self._reader(target)
        values: list[Any] = []
        for stored, extra in items:
            value = stored if target.kind.family == "link" else read(stored, extra)
            if isinstance(value, FormulaError):
                return write(value)
            if isinstance(value, tuple):
                values += value
            else:
                values.append(value)
        if len(values) > MAX_ITEMS:
            return write(_TOO_MANY)
        try:
            return write(plan.row((tuple(values),), FormulaContext(self._now, self._zone)))
        except Exception as error:
            return write(_engine_failed(node, error))

    def people(self) -> Mapping[int, str]:
        """Everyone's name."""
        if self._people is None:
            self._people = {row[0]: row[1] for row in self._connection.execute(select(USERS.c.id, USERS.c.name))}
        return self._people

    def _reader(self, field: FieldDef) -> Reader:
        if field.id not in self._readers:
            self._readers[field.id] = reader_of(field, self.people)
        return self._readers[field.id]

    def _writer(self, field: FieldDef) -> Writer:
        if field.id not in self._writers:
            self._writers[field.id] = writer_of(field)
        return self._writers[field.id]


def _evaluated(
    node: Node, columns: Sequence[Any], count: int, context: FormulaContext | Sequence[FormulaContext]
) -> Sequence[Any]:
    """The results of a formula: row by row for some rows, by columns for many."""
    plan = node.plan
    assert plan is not None
    if not isinstance(context, FormulaContext):
        if count > MAX_INLINE:
            return plan.column(columns, count, context)
        given = zip(*columns, strict=True) if columns else [()] * count
        return [plan.row(values, one) for values, one in zip(given, context, strict=True)]
    if not columns:
        return [plan.row((), context)] * count
    if count > MAX_INLINE:
        return plan.column(columns, count, context)
    return [plan.row(values, context) for values in zip(*columns, strict=True)]


def _engine_failed(node: Node, error: Exception) -> FormulaError:
    """A plan promises to raise nothing; when one does, the cell says so and the edit goes on."""
    _log.error("The formula of field %s failed in its engine.", node.field.id, exc_info=error)
    return FormulaError("plugin_error", f"The formula engine failed: {type(error).__name__}.")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
