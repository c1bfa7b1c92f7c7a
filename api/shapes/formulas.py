"""The formula language: its functions, and what a formula that is being written is asked with."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from crm_core.contracts import FormulaFunction, FormulaType, Kind
from crm_core.contracts.query import Filter


class Draft(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A formula that is being written: over the fields of a table, or, for a rollup, over `values` of linked records.

    `editing` is the field it would belong to, `record` the one it is tried on (the table's first when left out).
    """

    formula: Annotated[str, Meta(max_length=60_000)]
    kind: Literal["formula", "rollup"] = "formula"
    link: str | None = None
    field: str | None = None
    filter: Filter | None = None
    format: dict[str, Any] | None = None
    editing: str | None = None
    record: str | None = None


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
