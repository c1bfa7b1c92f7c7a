"""What a field is to formulas: its type in their language, and its stored values as theirs."""

from collections.abc import Callable, Mapping
from typing import Any

from crm_core.contracts.formula import FormulaError, FormulaType
from crm_core.contracts.formula import Kind as Types
from crm_core.kinds import FieldDef
from crm_core.kinds.choices import unpack
from crm_core.kinds.computed import Computed, held, is_many

NUMBER, TEXT, BOOL = FormulaType(Types.NUMBER), FormulaType(Types.TEXT), FormulaType(Types.BOOL)
DATE, DATETIME, ANY = FormulaType(Types.DATE), FormulaType(Types.DATETIME), FormulaType(Types.ANY)
_FAMILIES = {"number": NUMBER, "checkbox": BOOL, "date": DATE, "moment": DATETIME}

Reader = Callable[[Any, Any], Any]
"""(stored value, what stands in the column beside) → the value as formulas take it."""


def list_of(item: FormulaType) -> FormulaType:
    """A list of such values."""
    return FormulaType(Types.LIST, item)


def type_of(field: FieldDef, free: bool = False) -> FormulaType:
    """The type a field's values have in formulas; `free` when a computed field's result has no one type."""
    kind = field.kind
    if isinstance(kind, Computed):
        if kind.item is not None:
            return list_of(type_of(kind.item))
        if free:
            return ANY
    if kind.family == "link":
        return list_of(TEXT) if is_many(field) else TEXT
    return list_of(TEXT) if kind.family == "choices" else _FAMILIES.get(kind.family, TEXT)


def is_as_stored(field: FieldDef) -> bool:
    """Whether formulas take a field's values as they are stored (a computed one's as far as nothing stands beside)."""
    return fits_array(field) and field.kind.shown.name != "currency"


def fits_array(field: FieldDef) -> bool:
    """Whether `as_array` makes of a field's stored values what formulas take."""
    return field.kind.family in ("text", "date", "moment", "number")


def as_array(field: FieldDef, column: list[Any]) -> Any:
    """A field's values as formulas take them, as a NumPy array where that says the same; many formulas read it then."""
    import numpy as np  # only many rows need it, and it takes a tenth of a second and 20 MB

    if field.kind.family == "number":
        array = np.array(column, dtype=np.float64)
        # Amounts have at most 15 digits, so that the quotient is the one of the whole numbers.
        return array / _minor(field) if field.kind.shown.name == "currency" else array
    if field.kind.family == "date":
        return np.array(column, dtype="datetime64[D]")
    return column


def reader_of(field: FieldDef, people: Callable[[], Mapping[int, str]]) -> Reader:
    """How a field's stored values become values of formulas; links come as names already."""
    plain = _plain(field, people)
    if not field.kind.computed:
        return lambda stored, extra: None if stored is None else plain(stored)
    item = field.kind.item if isinstance(field.kind, Computed) else None
    one = plain if item is None else _plain(item, people)

    def read(stored: Any, extra: Any) -> Any:
        if extra is None:
            return None if stored is None else plain(stored)
        beside = held(extra)
        if "error" in beside:
            return FormulaError(**beside["error"])
        if item is None:
            return beside["v"]
        return tuple(None if value is None else one(value) for value in beside["v"])

    return read


def _plain(field: FieldDef, people: Callable[[], Mapping[int, str]]) -> Callable[[Any], Any]:
    name, family = field.kind.shown.name, field.kind.family
    if name == "currency":
        scale = _minor(field)
        return lambda stored: stored / scale
    if family == "number":
        return float
    if family == "checkbox":
        return bool
    if family == "choice":
        return field.choice_names.get
    if family == "choices":
        names = field.choice_names
        return lambda stored: tuple(names[number] for number in unpack(stored) if number in names)
    if family == "user":
        return lambda stored: people().get(stored, "")
    if family == "file":
        return lambda stored: field.kind.text(stored, field, "UTC")
    return lambda stored: stored


def _minor(field: FieldDef) -> int:
    """How many minor units, as money is stored, make a whole one."""
    return int(10 ** int(field.options["precision"]))


def wire_error(error: FormulaError) -> dict[str, Any]:
    """A cell in error as clients get it."""
    return {"error": {"kind": error.kind, "message": error.message, "shown": error.shown}}
