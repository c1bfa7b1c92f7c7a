"""Records of other tables that a row feeds: found or made once, linked with the row's record and with each other."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from crm_core.kinds import FieldDef
from crm_core.services.imports.existing import Existing, matching
from crm_core.services.imports.identities import Identities, Parents, Part
from crm_core.services.imports.mapping import Plan
from crm_core.storage.schema import Schema, TableDef, is_inverse

Cell = tuple[int, Any, Any]
_TITLE = 200


class RowError(Exception):
    """A row cannot be taken; `column` is the header of the cell to blame."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


def links_between(table: TableDef, targets: set[int], given: set[int]) -> dict[int, FieldDef]:
    """The first link field of a table to each target table, but for fields that have a column of their own."""
    found: dict[int, FieldDef] = {}
    for field in table.fields:
        free = field.kind.name == "link" and not is_inverse(field) and field.id not in given
        if free and field.options["table"] in targets - {table.id}:
            found.setdefault(field.options["table"], field)
    return found


def parts_of(schema: Schema, plan: Plan) -> list[Part]:
    """The related tables of a plan, each after those it links to."""
    fed = {plan.table.id, *plan.related}
    own = {slot.field.options["table"] for slot in plan.slots if slot.linking}
    parts = []
    for table_id, slots in plan.related.items():
        above = table_id in own
        targets = fed - {plan.table.id} if above else fed
        links = links_between(schema.by_id[table_id], targets, {slot.field.id for slot in slots})
        parts.append(Part(schema.by_id[table_id], slots, links, above))
    ordered: list[Part] = []
    while parts:
        waiting = {part.table.id for part in parts}
        part = next((p for p in parts if not set(p.links) & waiting), parts[0])
        parts.remove(part)
        ordered.append(part)
    return ordered


class Feeding:
    """One row on its way: which record stands for each table so far, their names, what changes and what may not."""

    def __init__(self, table_id: int, main: int, name: str, line: int = 0) -> None:
        self.refs, self.names, self.line = {table_id: main}, {table_id: name}, line
        self.changes: list[Cell] = []
        self.conflicts: list[Cell] = []
        """Cells of which a row before said something else: that stays."""
        self.disagreements: list[tuple[str, str]] = []
        """(column, reason) of each of them."""
        self.undo: list[Callable[[], object]] = []


class Related:
    """Feeds related records row by row. A record that does not exist yet is -1, -2, … of its table."""

    def __init__(self, existing: Existing, plan: Plan) -> None:
        self._existing, self._table = existing, plan.table.id
        self.parts = parts_of(existing.schema, plan)
        self._identities = {part.table.id: Identities(existing, part) for part in self.parts}
        self._named: dict[tuple[int, str], int] = {}
        self._made: dict[int, int] = {}
        self._cells: dict[tuple[int, int], dict[int, Any]] = {}
        self._said: dict[tuple[int, int], dict[int, tuple[Any, int]]] = {}
        """What the rows so far said of a record, and in which line: the next row may not say otherwise."""
        self.records: dict[tuple[int, int], dict[int, Any]] = {}
        """Cells to write, by (table key, record)."""

    def make_named(self, table_id: int, name: str, feeding: Feeding) -> int:
        """A new record with nothing but a name, once per name; for a link to a record that does not exist yet."""
        place = (table_id, matching(name))
        if place not in self._named:
            primary = self._existing.schema.by_id[table_id].primary
            self._named[place] = self._new(table_id, {primary.id: name.strip()}, feeding)
            feeding.undo.append(lambda: self._named.pop(place))
        return self._named[place]

    def prepare(self, rows: Sequence[Sequence[Sequence[Any]]], mains: Sequence[int | None]) -> None:
        """Read the records that the rows of a batch may mean with one query per table; `mains`: their own records."""
        wanted: dict[int, set[int]] = {part.table.id: set() for part in self.parts}
        for of_row, main in zip(rows, mains, strict=True):
            refs = {} if main is None else {self._table: main}
            for part, values in zip(self.parts, of_row, strict=True):
                found = self._identities[part.table.id].candidates(values, _parents(part, refs))
                wanted[part.table.id].update(found)
                if len(found) == 1:
                    refs[part.table.id] = found[0]
        for part in self.parts:
            self._load(part, [r for r in wanted[part.table.id] if r > 0 and (part.table.id, r) not in self._cells])

    def forget_untouched(self) -> None:
        """Drop what was read of records that nothing is written to; the table has it."""
        if len(self._cells) > len(self.records):
            self._cells = {place: cells for place, cells in self._cells.items() if place in self.records}

    def feed(self, rows: Sequence[Sequence[Any]], feeding: Feeding, *, above: bool) -> None:
        """Find, make or change the related records of one row: those `above` the row's record, or the others."""
        for part, values in zip(self.parts, rows, strict=True):
            if part.above != above or all(value is None for value in values):
                continue
            record = self._find(part, values, _parents(part, feeding.refs))
            cells = {slot.field.id: v for slot, v in zip(part.slots, values, strict=True) if v is not None}
            links = {f.id: [feeding.refs[table]] for table, f in part.links.items() if table in feeding.refs}
            if record is None:
                record = self._make(part, {**cells, **links}, feeding)
            else:
                self._change(part, record, {**cells, **links}, feeding)
            feeding.refs[part.table.id] = record
            feeding.names[part.table.id] = str(values[part.name] or "") if part.name is not None else ""

    def _find(self, part: Part, values: Sequence[Any], parents: Parents) -> int | None:
        """The record that a row means, None for a new one; of several the one that says all that the row says."""
        email = None if part.email is None else values[part.email]
        name = None if part.name is None else values[part.name]
        if not (email or name or any(parents)):
            raise RowError(f"Nothing says which record of {part.table.name} is meant.", part.slots[0].name)
        found: Sequence[int] = self._identities[part.table.id].candidates(values, parents)
        if email and found:  # one of this name with another address is somebody else
            field = part.slots[part.email or 0].field
            held = {record: self._now(part, record).get(field.id) for record in found}
            formerly = self._existing.formerly
            found = [r for r, now in held.items() if not now or _alike(now, email) or formerly(field, email, now)]
        if len(found) <= 1:
            return found[0] if found else None
        cells = [(slot.field, v) for slot, v in zip(part.slots, values, strict=True) if v is not None]
        for record in found:
            now = self._now(part, record)
            if all(now.get(field.id) == value or _spelled(field, now.get(field.id), value) for field, value in cells):
                return record
        primary = part.table.primary.id
        named = [r for r in found if name and _alike(self._now(part, r).get(primary), name)]
        if len(named) == 1:
            return named[0]
        raise RowError(
            f"More than one record of {part.table.name} fits; a column with its name or e-mail tells them apart.",
            part.slots[0].name,
        )

    def _now(self, part: Part, record: int) -> dict[int, Any]:
        """The cells of a record as they are with what rows before changed."""
        if (part.table.id, record) not in self._cells:
            self._load(part, [record])
        return self._cells[part.table.id, record]

    def _load(self, part: Part, records: Sequence[int]) -> None:
        if not records:
            return
        fields = list({f.id: f for f in (*(slot.field for slot in part.slots), *part.links.values())}.values())
        for record, (_, stored) in self._existing.fetch(part.table, sorted(records), fields).items():
            self._cells[part.table.id, record] = {f.id: value for f, value in zip(fields, stored, strict=True)}

    def _make(self, part: Part, cells: dict[int, Any], feeding: Feeding) -> int:
        primary, said = part.table.primary, {key: (value, feeding.line) for key, value in cells.items()}
        if primary.id not in cells and primary.kind.family == "text":
            title = " – ".join(name for table in part.links if (name := feeding.names.get(table)))
            if title:
                cells[primary.id] = title[:_TITLE]
        record = self._new(part.table.id, cells, feeding)
        place = (part.table.id, record)
        self._said[place] = said
        feeding.undo.append(lambda: self._said.pop(place))
        feeding.undo.append(self._identities[part.table.id].move(record, None, cells))
        feeding.changes.extend((field, None, value) for field, value in cells.items())
        return record

    def _new(self, table_id: int, cells: dict[int, Any], feeding: Feeding) -> int:
        before = self._made.get(table_id, 0)
        record = -(before + 1)
        self._made[table_id] = before + 1
        place = (table_id, record)
        self.records[place] = self._cells[place] = cells

        def undo() -> None:
            del self.records[place], self._cells[place]
            self._made[table_id] = before

        feeding.undo.append(undo)
        return record

    def _change(self, part: Part, record: int, cells: dict[int, Any], feeding: Feeding) -> None:
        """Write what differs; an empty cell of the file says nothing about a related record."""
        place, now = (part.table.id, record), self._now(part, record)
        before, said = dict(now), self._said.setdefault(place, {})
        for key, value in cells.items():
            field = part.table.by_id[key]
            if field.kind.name == "link" and field.options["many"] and now.get(key):
                value = [*now[key], *(ref for ref in value if ref not in now[key])]
            elif key in said and said[key][0] != value and not _spelled(field, said[key][0], value):
                self._disagree(part, field, now.get(key), value, said[key][1], feeding)
                continue
            if key not in said:
                said[key] = value, feeding.line
                feeding.undo.append(partial(said.pop, key))
            spelled = _spelled(field, now.get(key), value) or self._existing.formerly(field, value, now.get(key))
            if now.get(key) != value and not spelled:
                self._set(place, key, now.get(key), value, feeding)
        if before != now:
            feeding.undo.append(self._identities[part.table.id].move(record, before, now))

    def _disagree(self, part: Part, field: FieldDef, now: Any, value: Any, line: int, feeding: Feeding) -> None:
        """Report a cell that says otherwise than an earlier row of the same related record."""
        column = next((slot.name for slot in part.slots if slot.field.id == field.id), field.name)
        reason = f"Line {line} gives the same record of {part.table.name} another {field.name}; that one stays."
        feeding.conflicts.append((field.id, now, value))
        feeding.disagreements.append((column, reason))

    def _set(self, place: tuple[int, int], field: int, before: Any, value: Any, feeding: Feeding) -> None:
        written, fresh = self.records.get(place), place not in self.records
        if written is None:
            written = self.records[place] = {}
        was_written, was = field in written, written.get(field)
        cells = self._cells[place]
        cells[field] = written[field] = value
        feeding.changes.append((field, before, value))

        def undo() -> None:
            cells[field] = before
            if was_written:
                written[field] = was
            else:
                written.pop(field, None)
            if fresh:
                self.records.pop(place, None)

        feeding.undo.append(undo)


def _parents(part: Part, refs: Mapping[int, int]) -> Parents:
    return tuple(refs.get(table) for table in part.parents)


def _spelled(field: FieldDef, one: Any, other: Any) -> bool:
    """Whether two names or addresses differ in case and spaces only."""
    return (field.primary or field.kind.name == "email") and _alike(one, other)


def _alike(one: Any, other: Any) -> bool:
    """Whether two texts differ in case and spaces only; which spelling stands is not the file's to change."""
    return isinstance(one, str) and isinstance(other, str) and matching(one) == matching(other)
