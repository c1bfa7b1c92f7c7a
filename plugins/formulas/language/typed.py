"""The typed tree: names are bound, types known, constants computed. Both evaluators are made from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from crm_core.contracts import FormulaFunction, FormulaType, Kind, Parameter
from crm_core.contracts.formula import Clock
from plugins.formulas.language.tree import Span
from plugins.formulas.values import Value


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language as the evaluators call it; `guard` runs calls of other plugins' functions."""

    name: str
    call: Callable[..., Any]
    takes: tuple[Parameter, ...]
    gives: FormulaType
    volatile: Clock
    owner: str
    offer: FormulaFunction
    guard: Callable[..., Any] | None = None
    vectorised: Callable[..., Any] | None = None

    def parameter(self, index: int) -> Parameter:
        """The parameter that takes an argument (from 0); the last one repeats when it is variadic."""
        return self.takes[min(index, len(self.takes) - 1)]


@dataclass(frozen=True, slots=True)
class Const:
    """A value known beforehand."""

    value: Value
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Input:
    """A field or something of the context, by its slot; a `computed` one may hold an error."""

    slot: int
    type: FormulaType
    span: Span
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Local:
    """A name given by LET, MAP or FILTER, by its slot."""

    slot: int
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Numbers joined by + - or by * /, from the left; `names` are the operands as the formula writes them."""

    operands: "tuple[Typed, ...]"
    operators: tuple[str, ...]
    type: FormulaType
    span: Span
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Negative:
    """The negative of a number."""

    operand: "Typed"
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Join:
    """Texts joined by &."""

    operands: "tuple[Typed, ...]"
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """Values compared from the left: a = b, and that with c …"""

    operands: "tuple[Typed, ...]"
    operators: tuple[str, ...]
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Apply:
    """A function that gets the values of its arguments."""

    function: Function
    arguments: "tuple[Typed, ...]"
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """IF, IFS and SWITCH: the first case whose condition holds gives the result, else `default`.

    With a `subject` the conditions are patterns that should equal it.
    """

    subject: "Typed | None"
    cases: "tuple[tuple[Typed, Typed], ...]"
    default: "Typed"
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Logic:
    """AND and OR: from the left, until one decides."""

    every: bool
    operands: "tuple[Typed, ...]"
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Fallback:
    """IFERROR (instead of an error), COALESCE (instead of blank), and ISERROR (`tells`: whether it is an error)."""

    tries: str
    operands: "tuple[Typed, ...]"
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Let:
    """A value given a name inside an expression."""

    slot: int
    value: "Typed"
    body: "Typed"
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Each:
    """MAP and FILTER: an expression computed for every item of a list."""

    keeps: bool
    items: "Typed"
    slot: int
    body: "Typed"
    type: FormulaType
    span: Span


@dataclass(frozen=True, slots=True)
class Watched:
    """A node whose values and errors are told as they come up; only in trees that are explained."""

    node: "Typed"
    tell: Callable[[Value], None]
    type: FormulaType
    span: Span


Typed: TypeAlias = (
    Const
    | Input
    | Local
    | Arithmetic
    | Negative
    | Join
    | Comparison
    | Apply
    | Choice
    | Logic
    | Fallback
    | Let
    | Each
    | Watched
)


def children(node: Typed) -> "tuple[Typed, ...]":
    """The nodes right below one."""
    if isinstance(node, Arithmetic | Join | Comparison | Logic | Fallback):
        return node.operands
    if isinstance(node, Apply):
        return node.arguments
    if isinstance(node, Negative):
        return (node.operand,)
    if isinstance(node, Choice):
        subject = (node.subject,) if node.subject is not None else ()
        return (*subject, *(part for case in node.cases for part in case), node.default)
    if isinstance(node, Let):
        return (node.value, node.body)
    if isinstance(node, Each):
        return (node.items, node.body)
    return ()


def with_children(node: Typed, parts: "Sequence[Typed]") -> Typed:
    """The same node over other nodes, in the order in which `children` gives them."""
    if isinstance(node, Arithmetic | Join | Comparison | Logic | Fallback):
        return replace(node, operands=tuple(parts))
    if isinstance(node, Apply):
        return replace(node, arguments=tuple(parts))
    if isinstance(node, Negative):
        return replace(node, operand=parts[0])
    if isinstance(node, Choice):
        subject, rest = (parts[0], parts[1:]) if node.subject is not None else (None, parts)
        cases = tuple(zip(rest[:-1:2], rest[1:-1:2], strict=True))
        return replace(node, subject=subject, cases=cases, default=rest[-1])
    if isinstance(node, Let):
        return replace(node, value=parts[0], body=parts[1])
    if isinstance(node, Each):
        return replace(node, items=parts[0], body=parts[1])
    return node


def store_of(node: Typed) -> str:
    """How the values of a node are kept in a column: num, bool, text, date (all of one kind), or obj (each its own)."""
    kind = node.type.kind
    if kind is Kind.NUMBER:
        return "num"
    if kind is Kind.BOOL:
        return "bool"
    if kind is Kind.TEXT:
        return "text"
    if kind in (Kind.DATE, Kind.DATETIME):
        return "obj" if _styled(node) else "date"
    return "obj"


def _styled(node: Typed) -> bool:
    """Whether moments may carry a zone or locale, which a plain column of moments has no room for."""
    if isinstance(node, Local):
        return True
    if isinstance(node, Const):
        return bool(node.value is not None and (node.value.zone or node.value.locale))
    if isinstance(node, Apply) and node.function.name in ("SET_TIMEZONE", "SET_LOCALE"):
        return True
    if isinstance(node, Input):
        return False
    if isinstance(node, Choice):
        return any(store_of(result) == "obj" and _is_moment(result) for _, result in node.cases) or (
            store_of(node.default) == "obj" and _is_moment(node.default)
        )
    return any(_is_moment(child) and store_of(child) == "obj" for child in children(node))


def _is_moment(node: Typed) -> bool:
    return node.type.kind in (Kind.DATE, Kind.DATETIME, Kind.ANY, Kind.LIST)
