"""The formula language: its functions, and what a formula that is being written is asked with."""

from typing import Any

from msgspec import Struct

from crm_core.contracts import FormulaFunction, FormulaType, Kind


class ParameterView(Struct):
    """A parameter of a function; a `variadic` one comes last and repeats."""

    name: str
    type: str
    optional: bool
    variadic: bool


class ExampleView(Struct):
    """A formula, the values of the fields it names, and its result or the kind of error it ends in."""

    formula: str
    result: Any
    fields: dict[str, Any]
    error: str


class FunctionView(Struct):
    """A function of the formula language, with the plugin it comes from."""

    name: str
    category: str
    summary: str
    signature: str
    takes: list[ParameterView]
    gives: str
    examples: list[ExampleView]
    plugin: str
    volatile: str


class Functions(Struct):
    """Everything a formula can call, by name, and the operators from tight to loose."""

    functions: list[FunctionView]
    operators: list[str]


def function_view(function: FormulaFunction, plugin: str) -> FunctionView:
    """A function as clients see it."""
    takes = [ParameterView(one.name, one.type.kind.value, one.optional, one.variadic) for one in function.takes or ()]
    examples = [ExampleView(one.formula, one.result, dict(one.fields), one.error) for one in function.examples]
    gives = (function.gives or _ANY).kind.value
    return FunctionView(
        function.name, function.category, function.summary, _signature(function.name, takes), takes, gives, examples,
        plugin, function.volatile,
    )  # fmt: skip


_ANY = FormulaType(Kind.ANY)


def _signature(name: str, takes: list[ParameterView]) -> str:
    """NAME(a, b, [c, ...])."""
    words = [f"{one.name}, ..." if one.variadic else one.name for one in takes]
    return f"{name}({', '.join(f'[{word}]' if one.optional else word for one, word in zip(takes, words, strict=True))})"
