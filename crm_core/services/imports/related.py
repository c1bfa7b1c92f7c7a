"""Records of other tables that a row feeds: found or made once, linked with the row's record and with each other."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from crm_core.kinds import FieldDef
from crm_core.services.imports.existing import AMBIGUOUS, Existing, matching
from crm_core.services.imports.mapping import Plan, Slot
from crm_core.storage.schema import Schema, TableDef, is_inverse

Identity = tuple[Any, ...]
Cell = tuple[int, Any, Any]
_TITLE = 200


class RowError(Exception):
    """A row cannot be taken; `column` is the header of the cell to blame."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


class Part(NamedTuple):
    """One related table of a mapping: its slots, and its links to the table itself and to other parts, by table key.

    `above` says that the table itself links to this one, so that it is fed before the row's own record.
    """

    table: TableDef
    slots: tuple[Slot, ...]
    links: Mapping[int, FieldDef]
    above: bool

    @property
    def email(self) -> int | None:
        """The place of the slot that knows a record by its address."""
        return next((n for n, slot in enumerate(self.slots) if slot.field.kind.name == "email"), None)

    @property
    def name(self) -> int | None:
        """The place of the slot that names a record."""
        return next((n for n, slot in enumerate(self.slots) if slot.field.primary), None)


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
    """One row on its way: which record stands for each table so far, their names, and what changes."""

    def __init__(self, table_id: int, main: int, name: str) -> None:
        self.refs, self.names = {table_id: main}, {table_id: name}
        self.changes: list[Cell] = []
        self.undo: list[Callable[[], object]] = []


class Related:
    """Feeds related records row by row. A record that does not exist yet is -1, -2, … of its table."""

    def __init__(self, existing: Existing, plan: Plan) -> None:
        self._existing = existing
        self.parts = parts_of(existing.schema, plan)
        self._known: dict[tuple[int, Identity], int] = {}
        self._indexes: dict[tuple[int, str, tuple[int, ...]], dict[Identity, int]] = {}
        self._made: dict[int, int] = {}
        self._cells: dict[tuple[int, int], dict[int, Any]] = {}
        self._said: dict[tuple[int, int], dict[int, Any]] = {}
        """What the rows so far said of a record: the next row may not say otherwise."""
        self.records: dict[tuple[int, int], dict[int, Any]] = {}
        """Cells to write, by (table key, record)."""

    def make_named(self, table_id: int, name: str, feeding: Feeding) -> int:
        """A new record with nothing but a name, once per name; for a link to a record that does not exist yet."""
        identity = (table_id, ("n", matching(name)))
        if identity not in self._known:
            primary = self._existing.schema.by_id[table_id].primary
            self._remember(identity, self._new(table_id, {primary.id: name.strip()}, feeding), feeding)
        return self._known[identity]

    def feed(self, rows: Sequence[Sequence[Any]], feeding: Feeding, *, above: bool) -> None:
        """Find, make or change the related records of one row: those `above` the row's record, or the others."""
        for part, values in zip(self.parts, rows, strict=True):
            if part.above != above or all(value is None for value in values):
                continue
            parents = {field.id: feeding.refs[table] for table, field in part.links.items() if table in feeding.refs}
            identity = self._identity(part, values, parents)
            record = self._find(part, identity, parents)
            cells = {slot.field.id: v for slot, v in zip(part.slots, values, strict=True) if v is not None}
            cells.update({field: [ref] for field, ref in parents.items()})
            if record is None:
                record = self._make(part, identity, cells, feeding)
            else:
                self._change(part, record, cells, feeding)
            feeding.refs[part.table.id] = record
            feeding.names[part.table.id] = str(values[part.name] or "") if part.name is not None else ""

    def _identity(self, part: Part, values: Sequence[Any], parents: Mapping[int, int]) -> Identity:
        """What makes a related record the same one: its e-mail address; else its name and links; else its links."""
        if part.email is not None and values[part.email]:
            return ("e", matching(values[part.email]))
        links = tuple(sorted(item for item in parents.items() if not part.table.by_id[item[0]].options["many"]))
        if part.name is not None and values[part.name]:
            return ("n", matching(values[part.name]), *links)
        if not links:
            raise RowError(f"Nothing says which record of {part.table.name} is meant.", part.slots[0].name)
        return ("p", *links)

    def _find(self, part: Part, identity: Identity, parents: Mapping[int, int]) -> int | None:
        known = self._known.get((part.table.id, identity))
        if known is not None:
            return known
        links = tuple(item[0] for item in identity if isinstance(item, tuple))
        found = self._index(part, str(identity[0]), links).get(identity)
        if found == AMBIGUOUS:
            raise RowError(
                f"More than one record of {part.table.name} fits; a column with its name or e-mail tells them apart.",
                part.slots[0].name,
            )
        return found

    def _index(self, part: Part, how: str, links: tuple[int, ...]) -> dict[Identity, int]:
        """Existing records of a part by identity, read once."""
        place = (part.table.id, how, links)
        if place not in self._indexes:
            fields = [part.table.by_id[link] for link in links]
            if how == "e" and part.email is not None:
                fields = [part.slots[part.email].field]
            elif how == "n":
                fields.insert(0, part.table.primary)
            found: dict[Identity, int] = {}
            for key, values in self._existing.columns(part.table, fields):
                identity: Identity = (how, *(
                    (field.id, value) if field.kind.name == "link" else matching(value)
                    for field, value in zip(fields, values, strict=True)
                ))  # fmt: skip
                found[identity] = AMBIGUOUS if identity in found else key
            self._indexes[place] = found
        return self._indexes[place]

    def _make(self, part: Part, identity: Identity, cells: dict[int, Any], feeding: Feeding) -> int:
        primary = part.table.primary
        if primary.id not in cells and primary.kind.family == "text":
            title = " – ".join(name for table in part.links if (name := feeding.names.get(table)))
            if title:
                cells[primary.id] = title[:_TITLE]
        said = dict(cells)
        record = self._new(part.table.id, cells, feeding)
        self._said[part.table.id, record] = said
        self._remember((part.table.id, identity), record, feeding)
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

    def _remember(self, identity: tuple[int, Identity], record: int, feeding: Feeding) -> None:
        self._known[identity] = record
        feeding.undo.append(lambda: self._known.pop(identity))

    def _change(self, part: Part, record: int, cells: dict[int, Any], feeding: Feeding) -> None:
        """Write what differs; an empty cell of the file says nothing about a related record."""
        place = (part.table.id, record)
        if place not in self._cells:
            fields = list({f.id: f for f in (*(slot.field for slot in part.slots), *part.links.values())}.values())
            stored = self._existing.fetch(part.table, [record], fields)[record][1]
            self._cells[place] = {field.id: value for field, value in zip(fields, stored, strict=True)}
        now, said = self._cells[place], self._said.setdefault(place, {})
        for key, value in cells.items():
            field, before = part.table.by_id[key], now.get(key)
            link, named = field.kind.name == "link", field.primary or field.kind.name == "email"
            if link and field.options["many"] and before:
                value = [*before, *(ref for ref in value if ref not in before)]
            elif key in said and said[key] != value:
                if link or (named and _alike(said[key], value)):
                    continue  # the first row that links the record has it; it can have only one
                raise RowError(f"Another row gives the same record of {part.table.name} another {field.name}.")
            if key not in said:
                said[key] = value
                feeding.undo.append(partial(said.pop, key))
            if before != value and not (named and _alike(before, value)):
                self._set(place, key, before, value, feeding)

    def _set(self, place: tuple[int, int], field: int, before: Any, value: Any, feeding: Feeding) -> None:
        written = self.records.setdefault(place, {})
        was_written, was = field in written, written.get(field)
        self._cells[place][field] = written[field] = value
        feeding.changes.append((field, before, value))

        def undo() -> None:
            self._cells[place][field] = before
            if was_written:
                written[field] = was
            else:
                written.pop(field, None)

        feeding.undo.append(undo)


def _alike(one: Any, other: Any) -> bool:
    """Whether two texts differ in case and spaces only; which spelling stands is not the file's to change."""
    return isinstance(one, str) and isinstance(other, str) and matching(one) == matching(other)
