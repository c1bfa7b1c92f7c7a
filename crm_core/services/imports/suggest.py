"""Suggest where each column of a file goes: a field of that name, a related record's field, or a new field."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from crm_core.contracts.imports import DecimalSign, ImportColumn, Order, Skip, Target, ToField, ToNew, ToRelated
from crm_core.errors import Invalid
from crm_core.kinds import FieldDef
from crm_core.names import MAX_NAME, tidy_name
from crm_core.services.imports.aliases import ALIASES, plain_name
from crm_core.services.imports.columns import Column
from crm_core.services.imports.guess import Guess, currencies, decimal_sign, find_order, guess
from crm_core.services.imports.readers import Bad, ColumnReader
from crm_core.storage.schema import Schema, TableDef, is_inverse

_TRIED = 500

MakeReader = Callable[[FieldDef, Order | None, DecimalSign | None], ColumnReader]


class Suggester:
    """Suggests targets for the columns of one file; each field is given away once."""

    def __init__(self, schema: Schema, table: TableDef, currency: str, reader: MakeReader) -> None:
        self._schema, self._table, self._currency, self._reader = schema, table, currency, reader
        self._taken: set[int] = set()
        self._names = {field.name.casefold() for field in table.fields}

    def suggest(self, columns: Sequence[Column]) -> list[ImportColumn]:
        """One suggestion per column; exact names go before other words for a field."""
        found: dict[int, tuple[Target, str]] = {}
        for match in (self._named, self._alias, self._related, self._new):
            for column in columns:
                if column.index not in found and (suggested := match(column)):
                    found[column.index] = suggested
        fed = {target.table for target, _ in found.values() if isinstance(target, ToRelated)}
        for index, (target, _) in found.items():
            field = self._table.field(target.field) if isinstance(target, ToField) else None
            other = self._schema.by_id[field.options["table"]] if field and is_inverse(field) else None
            if other and other.public_id in fed:
                found[index] = (Skip(), f"{other.name} are fed by other columns of the file.")
        return [
            ImportColumn(column.index, column.name, column.samples, column.empty, *found[column.index])
            for column in columns
        ]

    def _named(self, column: Column) -> tuple[Target, str] | None:
        name = plain_name(column.name)
        for field in self._table.fields:
            if name and name in (plain_name(field.name), plain_name(field.key or "")):
                if field.kind.family == "file":
                    return Skip(), f"{field.name} holds files; choose a new field to keep what the file says."
                if field.read_only:
                    return Skip(), f"{field.name} is filled by the CRM; choose a new field to keep what the file says."
                return self._by_name(column, field) if is_inverse(field) else self._field(column, field)
        return None

    def _by_name(self, column: Column, field: FieldDef) -> tuple[Target, str] | None:
        """A column such as `Contacts`: one name a cell makes or finds that record of the row; lists are only linked."""
        other = self._schema.by_id[field.options["table"]]
        if any("," in value for value in column.values):
            return self._field(column, field)
        found = self._field(column, other.primary)
        return found and (ToRelated(table=other.public_id, field=other.primary.public_id), found[1])

    def _alias(self, column: Column) -> tuple[Target, str] | None:
        name = plain_name(column.name)
        for field in self._table.fields:
            if (
                not field.read_only
                and field.kind.family != "file"
                and name in ALIASES.get(field.key or "", ())
                and (found := self._field(column, field))
            ):
                return found
        return None

    def _field(self, column: Column, field: FieldDef) -> tuple[Target, str] | None:
        """Into this field, unless it is taken or most values do not fit it: but the name stays the name."""
        if field.id in self._taken:
            return None
        order, decimal, notice = reading(column, field)
        values = list(islice(column.values, _TRIED))
        bad = [value for value in self._reader(field, order, decimal).read_all(values) if type(value) is Bad]
        if 2 * len(bad) > len(values) and not field.primary:
            return None
        self._taken.add(field.id)
        if bad:
            notice = f"{notice} Some cells do not fit {field.name}: {bad[0]}".strip()
        return ToField(field=field.public_id, order=order, decimal=decimal), notice

    def _related(self, column: Column) -> tuple[Target, str] | None:
        """`Contact email` or `Fund` go to a record of another table that is linked to the row's record."""
        name = plain_name(column.name)
        for table in reachable(self._schema, self._table):
            for word in {plain_name(table.name_one), plain_name(table.name)}:
                if name != word and not name.startswith(f"{word} "):
                    continue
                rest = name.removeprefix(word).strip()
                for field in table.fields:
                    words = (plain_name(field.name), plain_name(field.key or ""), *ALIASES.get(field.key or "", ()))
                    fits = field.primary if not rest else rest in words
                    if (
                        fits
                        and not field.read_only
                        and field.kind.name not in ("link", "attachment")
                        and self._field(column, field)
                    ):
                        order, decimal, notice = reading(column, field)
                        target = ToRelated(table=table.public_id, field=field.public_id, order=order, decimal=decimal)
                        return target, notice
        return None

    def _new(self, column: Column) -> tuple[Target, str]:
        if not column.values:
            return Skip(), "The column is empty."
        found: Guess = guess(column, self._currency)
        try:
            called = tidy_name(column.name[:MAX_NAME], "A field's name", MAX_NAME)
        except Invalid:  # a header that nobody can see
            called = f"Column {column.index + 1}"
        name = called
        number = 2
        while name.casefold() in self._names:
            suffix = " (file)" if number == 2 else f" (file {number})"
            name, number = f"{called[: MAX_NAME - len(suffix)]}{suffix}", number + 1
        self._names.add(name.casefold())
        target = ToNew(name=name, kind=found.kind, options=found.options, order=found.order, decimal=found.decimal)
        return target, found.notice


def reading(column: Column, field: FieldDef) -> tuple[Order | None, DecimalSign | None, str]:
    """How ambiguous cells of a column are read into a field: (order of day and month, decimal sign, notice)."""
    if field.kind.family in ("date", "moment"):
        order, notice = find_order(column.values)
        return order, None, notice
    if field.kind.family == "number":
        return None, decimal_sign(column.values), _foreign(column, field)
    return None, None, ""


def _foreign(column: Column, field: FieldDef) -> str:
    """Tell of amounts in another currency than the field's: they are taken as they stand, nothing is converted."""
    code = field.options.get("code") if field.kind.name == "currency" else None
    others = sorted(named - {code}) if code and (named := currencies(column.values)) else []
    return (
        f"The amounts say {', '.join(others)}, the field is in {code}; the numbers are taken as they are."
        if others
        else ""
    )


def reachable(schema: Schema, table: TableDef) -> Iterator[TableDef]:
    """Tables whose records a row can feed: those linked with the table, then those linked with these."""
    near = _linked(schema, table)
    far = [other for one in near for other in _linked(schema, one)]
    seen = {table.id}
    for other in (*near, *far):
        if other.id not in seen:
            seen.add(other.id)
            yield other


def _linked(schema: Schema, table: TableDef) -> list[TableDef]:
    """Tables that a table links to, or that link to it."""
    forward = [f for f in table.fields if f.kind.name == "link" and not is_inverse(f)]
    found = [schema.by_id[field.options["table"]] for field in forward if field.options["table"] in schema.by_id]
    for other in schema.tables:
        if any(f.kind.name == "link" and not is_inverse(f) and f.options["table"] == table.id for f in other.fields):
            found.append(other)
    return found
