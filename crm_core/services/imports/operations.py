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
    InsertStored,
    NewField,
    Op,
    Update,
    UpdateField,
    UpdateRecord,
)
from crm_core.kinds import FieldDef
from crm_core.kinds.choices import pack, unpack
from crm_core.services.imports.mapping import Plan
from crm_core.services.imports.related import parts_of
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
        self._numbers: dict[int, dict[str, int]] = {}

    def __iter__(self) -> Iterator[Op | InsertStored]:
        yield from self._fields()
        tables = self._in_order()
        for table in tables:
            yield from self._creates(table)
        for table in tables:
            yield from self._updates(table)

    def _fields(self) -> Iterator[Op]:
        """New fields and new select options first: the records need them."""
        for slot in self._plan.slots:
            if slot.new:
                kind, options = slot.field.kind, dict(slot.field.options)
                if kind.family in ("choice", "choices"):
                    options = self._grown(slot.field)
                yield CreateField(self._plan.table.public_id, NewField(slot.field.name, kind.name, options))
        for key in self._options:
            field = self._schema.fields.get(key)
            if field is not None:
                yield UpdateField(field.public_id, FieldSet(options=self._grown(field)))

    def _grown(self, field: FieldDef) -> dict[str, Any]:
        """A select field's options with those that the file brings; notes the numbers these will get."""
        choices: list[dict[str, str]] = [{"id": c.id, "name": c.name, "color": c.color} for c in field.choices]
        choices.extend({"name": name} for name in self._options.get(field.id, ()))
        complete = field.kind.check_options({"choices": choices}, field.options)
        self._numbers[field.id] = {choice["name"]: choice["number"] for choice in complete["choices"]}
        return {"choices": choices}

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
        """The tables whose records a table's records may link to; records that are only named link to none."""
        own = table_id == self._plan.table.id
        slots = self._plan.slots if own else self._plan.related.get(table_id, ())
        needed = {slot.field.options["table"] for slot in slots if slot.field.kind.name == "link"}
        return needed.union(*(part.links for part in parts_of(self._schema, self._plan) if part.table.id == table_id))

    def _creates(self, table_id: int) -> Iterator[Op | InsertStored]:
        public = self._schema.by_id[table_id].public_id
        if table_id == self._plan.table.id:
            yield from self._own_creates(public)
            return
        for batch in _batches(self._store.each_related(table_id, new=True)):
            yield Create(public, [CreateRecord(self._cells(cells)) for _, cells in batch])

    def _own_creates(self, public: str) -> Iterator[Op | InsertStored]:
        """New records of the table itself, in stored form, but where links are written from their other side."""
        fields = [slot.field for slot in self._plan.slots]
        refs = [_ref(field) for field in fields]
        backwards = any(is_inverse(field) for field in fields)
        special = [n for n, field in enumerate(fields) if field.kind.family in ("choice", "choices", "link")]
        for rows in _batches(row for row in self._store.each(CREATE, CONFLICT) if row.values):
            if backwards:
                yield Create(public, [CreateRecord(self._cells_of(row.values)) for row in rows])
            else:
                columns: list[Sequence[Any]] = list(zip(*(row.values for row in rows), strict=True))
                for n in special:
                    columns[n] = [self._stored(fields[n], value) for value in columns[n]]
                yield InsertStored(public, refs, list(zip(*columns, strict=True)))
            self._progress(len(rows))

    def _cells_of(self, values: Sequence[Any]) -> dict[str, Any]:
        pairs = zip((slot.field for slot in self._plan.slots), values, strict=True)
        return {_ref(field): self._input(field, value) for field, value in pairs if value is not None}

    def _stored(self, field: FieldDef, value: Any) -> Any:
        """A value with the numbers of new options and the keys of new records."""
        if value is None:
            return None
        if field.kind.family == "link":
            return [self._key(field.options["table"], key) for key in value]
        if field.kind.family == "choice":
            return value if type(value) is int else self._numbers[field.id][value]
        if type(value) is str:
            return value
        return pack([item if type(item) is int else self._numbers[field.id][item] for item in value])

    def _updates(self, table_id: int) -> Iterator[Op]:
        public = self._schema.by_id[table_id].public_id
        if table_id == self._plan.table.id:
            for rows in _batches(row for row in self._store.each(UPDATE, CONFLICT) if not row.values):
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
        return ids.record(table_id, self._key(table_id, key))

    def _key(self, table_id: int, key: int) -> int:
        """The key of a known record, or the one that a new record will get."""
        if key > 0:
            return key
        if table_id not in self._last:
            rows = self._schema.by_id[table_id].sql
            self._last[table_id] = self._connection.execute(select(func.max(rows.c.id))).scalar() or 0
        return self._last[table_id] - key


def _ref(field: FieldDef) -> str:
    return field.name if field.id < 0 else field.public_id


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
