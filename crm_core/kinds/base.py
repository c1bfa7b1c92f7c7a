"""What a field kind is: how a value is read, stored, sent and shown.

Four forms of one value:
- *input*: what a client, a paste or a file gives (forgiving);
- *stored*: what lies in the database column (exact, sorts right on every engine);
- *wire*: what the API answers (docs/reference/http.md);
- *text*: what a person reads and a CSV file holds.
`None` is the empty cell in every form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from crm_core import ids
from crm_core.errors import Invalid


class CellError(Exception):
    """A value that a field cannot take; the engine adds which cell it was."""

    def __init__(self, code: str, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.code, self.detail, self.hint = code, detail, hint


@dataclass(frozen=True)
class Choice:
    """One option of a select field; `number` is stable for the life of the field, `name` is free to change."""

    number: int
    name: str
    color: str

    @property
    def id(self) -> str:
        return ids.encode("opt", self.number)


@dataclass(frozen=True)
class FieldDef:
    """A field as the engine sees it: an immutable picture of its row in `fields`."""

    id: int
    table_id: int
    key: str | None
    name: str
    kind: "Kind"
    options: Mapping[str, Any]
    column: str | None
    position: float = 0.0
    primary: bool = False
    description: str = ""
    archived_at: str | None = None

    @cached_property
    def public_id(self) -> str:
        return ids.encode("fld", self.id)

    @cached_property
    def cell_key(self) -> str:
        """The key of this field's values in history: its id, and after a change of kind its column's number too.

        Values written under an earlier kind mean something else; their key matches no field any more.
        """
        later = (self.column or "").removeprefix(f"f_{self.id}_")
        return f"{self.id}.{later}" if later.isdigit() else str(self.id)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(c["number"], c["name"], c["color"]) for c in self.options.get("choices", ()))

    @cached_property
    def choice_ids(self) -> dict[int, str]:
        return {choice.number: choice.id for choice in self.choices}

    @cached_property
    def choice_ids_packed(self) -> dict[str, str]:
        """The options' ids by number as the packed form of several holds it."""
        return {str(number): id for number, id in self.choice_ids.items()}

    @cached_property
    def choice_names(self) -> dict[int, str]:
        return {choice.number: choice.name for choice in self.choices}

    @cached_property
    def choice_numbers(self) -> dict[str, int]:
        """Every way to name an option (id, name, case-folded name) to its number; exact names win."""
        found: dict[str, int] = {}
        for choice in self.choices:
            found.setdefault(choice.name.casefold().strip(), choice.number)
        for choice in self.choices:
            found[choice.name] = choice.number
            found[choice.id] = choice.number
        return found

    @property
    def read_only(self) -> bool:
        return self.kind.read_only

    @property
    def extra(self) -> str | None:
        """The column beside a computed field's own: what that cannot hold (see crm_core.kinds.computed)."""
        return f"{self.column}_x" if self.column and self.kind.computed else None


class Kind:
    """Base of all field kinds: subclass, set `name` and `family`, and add the instance to `crm_core/kinds/__init__.py`.

    `family` decides which filter operators and aggregates apply; `sql_type` is the column's type (None: no column
    of its own). `computed` kinds are filled by the CRM from other cells and look like their `shown` kind.
    """

    name: ClassVar[str]
    family: str
    sql_type: TypeEngine[Any] | None = sa.Text()
    read_only: ClassVar[bool] = False
    computed: ClassVar[bool] = False

    @property
    def shown(self) -> "Kind":
        """The kind that the cells look like."""
        return self

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Validate and complete the options a client gave; `before` are the field's old ones. Raises Invalid."""
        refuse_unknown(self.name, given, ())
        return {}

    def read(self, value: object, field: FieldDef, zone: str) -> Any:
        """Input → stored. `zone` is the team's time zone. Raises CellError."""
        raise NotImplementedError

    def wire(self, stored: Any, field: FieldDef) -> Any:
        """Stored → wire, for one value that is not None."""
        return stored

    def wire_column(self, column: Sequence[Any], field: FieldDef) -> Sequence[Any]:
        """Stored → wire for many values at once; kinds that store the wire form return the column itself.

        Values that occur again are converted once: in a column of people or options nearly all do.
        """
        if type(self).wire is Kind.wire:
            return column
        known = {value: None if value is None else self.wire(value, field) for value in set(column)}
        return [known[value] for value in column]

    def wire_cells(self, column: Sequence[Any], extras: Sequence[Any], field: FieldDef) -> Sequence[Any]:
        """Stored → wire for a computed field, whose cells lie in two columns."""
        return self.wire_column(column, field)

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        """Stored → text as a person reads it, for one value that is not None."""
        return str(stored)


def refuse_unknown(kind: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raise Invalid (`bad_field_options`) when an option is not one this kind has."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        has = f"It has: {', '.join(known)}." if known else "It has none."
        raise Invalid("bad_field_options", f"A {kind} field has no option {unknown[0]!r}.", has)


def form_of(options: Mapping[str, Any], usual: str) -> str:
    """How values are written; a computed field says it inside the `format` of its result."""
    form = options.get("format", usual)
    return str(form.get("format", usual) if isinstance(form, Mapping) else form)


def option_of(kind: str, given: Mapping[str, Any], name: str, allowed: Sequence[Any], default: Any) -> Any:
    """The option `name` when it is one of `allowed` (or the default when absent); Invalid otherwise."""
    value = given.get(name, default)
    if value not in allowed or (isinstance(value, bool) and True not in allowed):
        raise Invalid(
            "bad_field_options",
            f"The option {name} of a {kind} field cannot be {value!r}.",
            f"Use one of: {', '.join(map(str, allowed))}.",
        )
    return value
