"""The syntax tree of a formula: frozen nodes, each with its place in the text; two are equal wherever they stand."""

from dataclasses import dataclass, field
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it reads, without quotation marks."""

    value: str
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A field, `{Any Name}` or a bare word; a bare word may also be a name that LET, MAP or FILTER gave."""

    name: str
    braced: bool
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; the name in capitals."""

    name: str
    arguments: "tuple[Node, ...]"
    span: Span = field(default=(0, 0), compare=False)
    name_span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Minus:
    """The negative of an expression."""

    operand: "Node"
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined from the left by operators of one rank: a + b - c. Flat, so that its length costs no depth."""

    operands: "tuple[Node, ...]"
    operators: tuple[str, ...]
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """Where an expression should stand; only in formulas with syntax errors."""

    span: Span = field(default=(0, 0), compare=False)


Node: TypeAlias = Number | Text | Name | Call | Minus | Chain | Missing

RANKS: dict[str, int] = {
    "=": 1, "!=": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4,
}  # fmt: skip
"""How tightly each operator binds; unary minus binds tighter than all."""
UNARY_RANK = 5
