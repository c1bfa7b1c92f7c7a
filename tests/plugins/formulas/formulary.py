"""What the tests of formulas share: one engine, fields made from values, and both evaluators at once."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from crm_core.contracts import FormulaContext, FormulaError, FormulaField, FormulaType, Kind
from plugins.formulas.engine import Engine
from plugins.formulas.plan import Plan
from plugins.formulas.types import ANY, BOOL, DATE, DATETIME, NUMBER, TEXT, list_of

ENGINE = Engine()
NOW = FormulaContext(
    now=datetime(2026, 3, 2, 12, 30, tzinfo=UTC),
    record_id="rec1",
    created_time=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
    last_modified={"": datetime(2026, 1, 1, tzinfo=UTC), "N": datetime(2025, 6, 1, tzinfo=UTC)},
)
TYPES: dict[str, FormulaType] = {
    "N": NUMBER, "M": NUMBER, "T": TEXT, "U": TEXT, "B": BOOL, "D": DATE, "E": DATE, "S": DATETIME, "L": list_of(None),
    "G": list_of(TEXT), "A": ANY, "Q": NUMBER,
}  # fmt: skip
FIELDS = tuple(FormulaField(name, name, type_, name in ("A", "Q")) for name, type_ in TYPES.items())


def fields_for(values: Mapping[str, Any]) -> tuple[FormulaField, ...]:
    """Fields that fit some values: None is an empty number."""
    return tuple(FormulaField(name, name, type_of(value)) for name, value in values.items())


def type_of(value: Any) -> FormulaType:
    """The type of a field that holds a value."""
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int | float) or value is None:
        return NUMBER
    if isinstance(value, str):
        return TEXT
    if isinstance(value, datetime):
        return DATETIME
    return DATE if isinstance(value, date) else list_of(None)


def plan(text: str, values: Mapping[str, Any] | None = None) -> Plan:
    """The plan of a formula over fields that fit the values."""
    return ENGINE.compile(text, fields_for(values or {}))


def compute(text: str, values: Mapping[str, Any] | None = None, context: FormulaContext = NOW) -> Any:
    """What a formula gives, by both evaluators, which must agree; an error is given as FormulaError."""
    made = plan(text, values)
    if made.errors:
        return made.errors[0]
    return both(made, [(values or {})[key] for key in made.reads], context)


def both(made: Plan, values: Sequence[Any], context: FormulaContext = NOW) -> Any:
    """One row by the closures and three by the kernels; the same bits, or the same error."""
    result = made.row(values, context)
    for other in made.column([[value] * 3 for value in values], 3, context):
        assert bits(other) == bits(result), f"{made.text}: rows give {result!r}, columns {other!r}"
    return result


def bits(value: Any) -> Any:
    """A value with its type and, for numbers, its bits; errors by everything they say."""
    if isinstance(value, float):
        return struct.pack("<d", value)
    if isinstance(value, tuple):
        return tuple(bits(item) for item in value)
    return (type(value), value)


def kind(text: str, values: Mapping[str, Any] | None = None) -> str:
    """The kind of the error a formula ends in."""
    result = compute(text, values)
    assert isinstance(result, FormulaError), f"{text} gives {result!r}"
    return result.kind


__all__ = ["ANY", "ENGINE", "FIELDS", "NOW", "TYPES", "Kind", "bits", "both", "compute", "fields_for", "kind", "plan"]
