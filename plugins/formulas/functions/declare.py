"""How the bundled functions are written down: one call for each, its parameters in one line."""

from collections.abc import Callable, Mapping
from typing import Any

from crm_core.contracts import FormulaExample, FormulaFunction, FormulaType, Parameter
from crm_core.contracts.formula import Clock
from plugins.formulas.types import ANY, BLANK, BOOL, DATE, DATETIME, LIST, NUMBER, NUMBERS, ORDERED, TEXT

TYPES: Mapping[str, FormulaType] = {
    "number": NUMBER, "text": TEXT, "bool": BOOL, "date": DATE, "dateTime": DATETIME, "list": LIST, "any": ANY,
    "blank": BLANK, "numbers": NUMBERS, "ordered": ORDERED,
}  # fmt: skip


class Fails(str):
    """The kind of error that an example ends in."""

    __slots__ = ()


def parameters(line: str) -> tuple[Parameter, ...]:
    """`value: number, [precision: number], more: any*`: brackets for optional, * for repeated, ? to be given blanks."""
    found = []
    for piece in filter(None, (part.strip() for part in line.split(","))):
        optional = piece.startswith("[")
        name, _, kind = piece.strip("[]").partition(":")
        kind = kind.strip()
        variadic, blank = kind.endswith("*"), kind.endswith("?")
        found.append(Parameter(name.strip(), TYPES[kind.strip("*?")], optional or variadic, variadic, blank))
    return tuple(found)


def function(
    name: str,
    takes: str,
    gives: str,
    call: Callable[..., Any],
    summary: str,
    *examples: tuple[Any, ...],
    category: str,
    volatile: Clock = "",
    vectorised: Callable[..., Any] | None = None,
) -> FormulaFunction:
    """A bundled function. An example is (formula, result) or (formula, result, fields)."""
    return FormulaFunction(
        name,
        call,
        summary,
        tuple(_example(*example) for example in examples),
        parameters(takes),
        TYPES[gives],
        category,
        volatile,
        1,
        vectorised,
    )


def _example(formula: str, result: Any, fields: Mapping[str, Any] | None = None) -> FormulaExample:
    if isinstance(result, Fails):
        return FormulaExample(formula, None, fields or {}, str(result))
    return FormulaExample(formula, result, fields or {})
