"""Turn what a comparison found into the operations of one change set, a batch at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from crm_core import ids
from crm_core.contracts.change import (
    Create,
    CreateField,
    CreateRecord,
    FieldSet,
    NewField,
    Op,
    Update,
    UpdateField,
    UpdateRecord,
)
from crm_core.kinds import FieldDef
from crm_core.kinds.choices import unpack
from crm_core.services.imports.mapping import Plan
from crm_core.services.imports.store import CONFLICT, CREATE, UPDATE, Row, Store
from crm_core.storage.schema import Schema, is_inverse

_BATCH = 1_000


class Operations:
    """The operations of one import. New records get consecutive keys in order, so links to them are known before."""

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        plan: Plan,
        store: Store,
        new_options: Mapping[int, Sequence[str]],
        progress: Callable[[int], None],
    ) -> None:
        self._connection, self._schema, self._plan, self._store = connection, schema, plan, store
        self._options, self._progress = new_options, progress
        self._last: dict[int, int] = {}

    def __iter__(self) -> Iterator[Op]:
        yield from self._fields()
        tables = self._in_order()
        for table in tables:
            yield from self._creates(table)
        for table in tables:
            yield from self._updates(table)

    def _fields(self) -> Iterator[Op]:
        """New fields and new select options first: the records need them."""
        for slot in self._plan.slots:
            names = self._options.get(slot.field.id, ())
            if slot.new:
                options = dict(slot.field.options)
                if slot.field.kind.family in ("choice", "choices"):
                    options = {"choices": [{"name": name} for name in names]}
                yield CreateField(self._plan.table.public_id, NewField(slot.field.name, slot.field.kind.name, options))
        for key, names in self._options.items():
            field = self._schema.fields.get(key)
            if field is not None:
                choices: list[dict[str, str]] = [{"id": c.id, "name": c.name, "color": c.color} for c in field.choices]
                choices.extend({"name": name} for name in names)
                yield UpdateField(field.public_id, FieldSet(options={"choices": choices}))

    def _in_order(self) -> list[int]:
        """The tables that get records, each after those its links point to."""
        waiting = dict.fromkeys([self._plan.table.id, *self._store.related_tables()])
        ordered: list[int] = []
        while waiting:
            ready = next((key for key in waiting if not self._needs(key) & waiting.keys() - {key}), next(iter(waiting)))
            del waiting[ready]
            ordered.append(ready)
        return ordered

    def _needs(self, table_id: int) -> set[int]:
        own = table_id == self._plan.table.id
        fields = [slot.field for slot in self._plan.slots] if own else self._schema.by_id[table_id].fields
        links = [field for field in fields if field.kind.name == "link" and (own or not is_inverse(field))]
        return {field.options["table"] for field in links}

    def _creates(self, table_id: int) -> Iterator[Op]:
        public = self._schema.by_id[table_id].public_id
        if table_id == self._plan.table.id:
            for rows in _batches(self._store.each(CREATE)):
                yield Create(public, self._records(rows))
                self._progress(len(rows))
            return
        for batch in _batches(self._store.each_related(table_id, new=True)):
            yield Create(public, [CreateRecord(self._cells(cells)) for _, cells in batch])

    def _records(self, rows: Sequence[Row]) -> list[CreateRecord]:
        """Rows of new records, converted column by column."""
        fields = [slot.field for slot in self._plan.slots]
        refs = [_ref(field) for field in fields]
        columns = [
            self._column(field, column)
            for field, column in zip(fields, zip(*(row.values for row in rows), strict=True), strict=True)
        ]
        return [
            CreateRecord({ref: value for ref, value in zip(refs, values, strict=True) if value is not None})
            for values in zip(*columns, strict=True)
        ]

    def _updates(self, table_id: int) -> Iterator[Op]:
        public = self._schema.by_id[table_id].public_id
        if table_id == self._plan.table.id:
            for rows in _batches(self._store.each(UPDATE, CONFLICT)):
                records = [
                    UpdateRecord(self._id(table_id, row.record), cells) for row in rows if (cells := self._diff(row))
                ]
                if records:
                    yield Update(public, records)
                self._progress(len(rows))
            return
        for batch in _batches(self._store.each_related(table_id, new=False)):
            changed = [UpdateRecord(self._id(table_id, key), self._cells(cells)) for key, cells in batch if cells]
            if changed:
                yield Update(public, changed)

    def _diff(self, row: Row) -> dict[str, Any]:
        """The cells to write of a known record: those that nobody changed meanwhile."""
        found = {}
        for place, _, after, conflict in row.cells:
            if not conflict:
                field = self._plan.slots[place].field
                found[_ref(field)] = self._input(field, after)
        return found

    def _cells(self, cells: Mapping[int, Any]) -> dict[str, Any]:
        by_id = self._schema.fields
        return {by_id[key].public_id: self._input(by_id[key], value) for key, value in cells.items()}

    def _column(self, field: FieldDef, column: Sequence[Any]) -> Sequence[Any]:
        """Values of one field as the change engine takes them."""
        if field.kind.family in ("choice", "choices", "link", "user"):
            return [None if value is None else self._input(field, value) for value in column]
        return field.kind.wire_column(column, field)

    def _input(self, field: FieldDef, value: Any) -> Any:
        family = field.kind.family
        if value is None or (family == "choice" and type(value) is str):
            return value
        if family == "choices":
            items = unpack(value) if type(value) is str else value
            return [item if type(item) is str else ids.encode("opt", item) for item in items]
        if family == "link":
            return [self._id(field.options["table"], key) for key in value]
        return field.kind.wire(value, field)

    def _id(self, table_id: int, key: int) -> str:
        """The public id of a known record, or the one that a new record will get."""
        if key < 0:
            if table_id not in self._last:
                rows = self._schema.by_id[table_id].sql
                self._last[table_id] = self._connection.execute(select(func.max(rows.c.id))).scalar() or 0
            key = self._last[table_id] - key
        return ids.record(table_id, key)


def _ref(field: FieldDef) -> str:
    return field.name if field.id < 0 else field.public_id


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
