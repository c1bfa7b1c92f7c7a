"""A mapping made definite: which column feeds which field of which table, and by what rows are matched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member

from crm_core.contracts.imports import DecimalSign, Order, Skip, Target, ToField, ToNew, ToRelated
from crm_core.errors import Invalid, NotFound
from crm_core.kinds import FieldDef, kind_named
from crm_core.names import MAX_NAME, tidy_name
from crm_core.services.imports.aliases import plain_name
from crm_core.services.imports.suggest import reachable
from crm_core.storage.schema import Schema, TableDef, is_inverse

_NO_KEY = frozenset(("checkbox", "long_text", "multi_select", "link", "rating"))


@dataclass(frozen=True)
class Slot:
    """One column that goes somewhere. A field the import will make has a negative id and no column yet."""

    column: int
    name: str
    field: FieldDef
    order: Order | None = None
    decimal: DecimalSign | None = None

    @property
    def new(self) -> bool:
        return self.field.id < 0

    @property
    def linking(self) -> bool:
        """Whether the slot has no column: a link to a related record that the same row feeds."""
        return self.column < 0


@dataclass(frozen=True)
class Plan:
    """Where everything goes: slots of the table itself, slots of related tables, and the slot rows are matched by."""

    table: TableDef
    slots: tuple[Slot, ...]
    related: Mapping[int, tuple[Slot, ...]] = member(default_factory=dict)
    key: int | None = None


def make_plan(
    schema: Schema,
    table: TableDef,
    header: Sequence[str],
    mapping: Sequence[Target],
    key: str | None,
    currency: str,
    *,
    keyless: bool = False,
) -> Plan:
    """Check a mapping against the schema; Invalid (`bad_mapping`) names the column that is wrong.

    `key` None stands for the primary field; with `keyless` rows are matched by nothing: each is a new record.
    """
    if len(mapping) != len(header):
        raise _bad(f"The mapping has {len(mapping)} targets, the file {len(header)} columns.", "/mapping")
    slots: list[Slot] = []
    related: dict[int, list[Slot]] = {}
    taken: dict[object, str] = {}
    near = {other.id: other for other in reachable(schema, table)}
    for index, (name, target) in enumerate(zip(header, mapping, strict=True)):
        pointer = f"/mapping/{index}"
        if isinstance(target, Skip):
            continue
        if isinstance(target, ToRelated):
            other = _table(schema, near, target.table, pointer)
            found = _existing(other, target.field, pointer)
            if found.kind.name == "link":
                raise _bad(f"{found.name} of {other.name} follows from the row and cannot be given.", pointer)
            related.setdefault(other.id, []).append(Slot(index, name, found, target.order, target.decimal))
        elif isinstance(target, ToField):
            found = _existing(table, target.field, pointer)
            slots.append(Slot(index, name, found, target.order, target.decimal))
        else:
            found = _made(table, target, index, currency, pointer)
            slots.append(Slot(index, name, found, target.order, target.decimal))
        goal = found.name.casefold() if found.id < 0 else found.id
        if goal in taken:
            raise _bad(f"The columns {taken[goal]!r} and {name!r} both go to {found.name}.", pointer)
        taken[goal] = name
    if not slots:
        raise _bad(f"No column goes to a field of {table.name}.", "/mapping")
    for slot in slots:
        if is_inverse(slot.field) and slot.field.options["table"] in related:
            other = schema.by_id[slot.field.options["table"]]
            raise _bad(
                f"{slot.field.name} and columns of {other.name} feed the same records.", f"/mapping/{slot.column}"
            )
    place = None if keyless else _key(table, slots, key)
    slots.extend(_linking(table, related, {slot.field.id for slot in slots}))
    return Plan(table, tuple(slots), {key: tuple(found) for key, found in related.items()}, place)


def _linking(table: TableDef, related: Mapping[int, object], given: set[int]) -> Iterator[Slot]:
    """Slots for links of the table itself to the related records that its rows feed."""
    for field in table.fields:
        free = field.kind.name == "link" and not is_inverse(field) and field.id not in given
        if free and field.options["table"] in related:
            yield Slot(-1, field.name, field)


def _table(schema: Schema, near: Mapping[int, TableDef], ref: str, pointer: str) -> TableDef:
    try:
        table = schema.table(ref)
    except NotFound as error:
        raise _bad(error.message, pointer) from error
    if table.id not in near:
        raise _bad(f"{table.name} has no link to this table, so a row cannot feed it.", pointer)
    return table


def _existing(table: TableDef, ref: str, pointer: str) -> FieldDef:
    try:
        found = table.field(ref)
    except NotFound as error:
        raise _bad(error.message, pointer) from error
    if found.read_only or found.kind.family == "file":
        why = "is filled by the CRM" if found.read_only else "holds files"
        raise _bad(f"{found.name} {why} and cannot be imported.", pointer)
    return found


def _made(table: TableDef, target: ToNew, index: int, currency: str, pointer: str) -> FieldDef:
    """The field that the import will make, as far as it is known before."""
    name = tidy_name(target.name, "The new field's name", MAX_NAME, code="bad_mapping", pointer=pointer)
    if any(field.name.casefold() == name.casefold() for field in table.fields):
        raise _bad(f"{table.name} already has a field {name!r}.", pointer)
    try:
        kind = kind_named(target.kind)
        if kind.read_only or kind.name in ("link", "attachment"):
            raise _bad(f"A column cannot go to a new {kind.name} field.", pointer)
        given = dict(target.options)
        if kind.name == "currency":
            given.setdefault("code", currency)
        options = kind.check_options(given, {})
    except Invalid as error:
        error.pointer = error.pointer or pointer
        raise
    return FieldDef(-(index + 1), table.id, None, name, kind, options, None)


def _key(table: TableDef, slots: Sequence[Slot], ref: str | None) -> int | None:
    """The place among the slots of the field rows are matched by: the one named, else the primary field."""
    if ref is None:
        return next((place for place, slot in enumerate(slots) if slot.field.id == table.primary.id), None)
    wanted = _named(table, slots, ref)
    if wanted.kind.name in _NO_KEY or wanted.read_only:
        raise _bad(f"Rows cannot be matched by {wanted.name}: it does not tell records apart.", "/key")
    for place, slot in enumerate(slots):
        if slot.field.id == wanted.id:
            return place
    raise _bad(f"No column goes to {wanted.name}, by which rows are to be matched.", "/key")


def _named(table: TableDef, slots: Sequence[Slot], ref: str) -> FieldDef:
    """The field that `ref` means: exactly, whatever its case and punctuation, or by the column that goes there."""
    try:
        return table.field(ref)
    except NotFound as error:
        name = plain_name(ref)
        for field in table.fields:
            if name and plain_name(field.name) == name:
                return field
        for slot in slots:
            if name and plain_name(slot.name) == name:
                return slot.field
        raise _bad(error.message, "/key") from error


def _bad(what: str, pointer: str) -> Invalid:
    return Invalid("bad_mapping", what, "Choose another target for the column, or skip it.", pointer)
