"""Functions that do not simply get their arguments' values: IF takes one branch, LET gives a name, MAP repeats."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from crm_core.contracts import FormulaError, FormulaType, Kind
from plugins.formulas.language.complaints import Complaint
from plugins.formulas.language.tree import Call, Name, Node, Span
from plugins.formulas.language.typed import Choice, Const, Each, Fallback, Let, Local, Logic, Typed
from plugins.formulas.types import ANY, BLANK, BOOL, list_of, united
from plugins.formulas.values import truthy

if TYPE_CHECKING:
    from plugins.formulas.language.binder import Binder


def _blank(span: Span) -> Const:
    return Const(None, BLANK, span)


def _mixed(binder: "Binder", results: list[Typed], node: Call) -> FormulaType:
    """The type of several results, with a warning when they are of different kinds."""
    common = united([result.type for result in results])
    kinds = {result.type.kind for result in results if not (isinstance(result, Const) and result.value in (None, ""))}
    if common is ANY and Kind.ANY not in kinds and len(kinds) > 1 and kinds != {Kind.DATE, Kind.DATETIME}:
        words = " and ".join(sorted(kind.value for kind in kinds))
        binder.warn(f"{node.name} gives {words}; each result keeps its own type.", node.span)
    return common


def _condition(binder: "Binder", condition: Typed, node: Call) -> Typed:
    if isinstance(condition, Const):
        always = "true" if truthy(condition.value) else "false"
        binder.warn(f"The condition of {node.name} is always {always}.", condition.span)
    return condition


def _if(binder: "Binder", node: Call) -> Typed:
    condition, *results = binder.all(node.arguments)
    results = results if len(results) > 1 else [*results, _blank(node.span)]
    case = (_condition(binder, condition, node), results[0])
    return Choice(None, (case,), results[1], _mixed(binder, results, node), node.span)


def _ifs(binder: "Binder", node: Call) -> Typed:
    arguments = binder.all(node.arguments)
    pairs = [(_condition(binder, arguments[at], node), arguments[at + 1]) for at in range(0, len(arguments) - 1, 2)]
    default = arguments[-1] if len(arguments) % 2 else _blank(node.span)
    results = [result for _, result in pairs] + [default]
    return Choice(None, tuple(pairs), default, _mixed(binder, results, node), node.span)


def _switch(binder: "Binder", node: Call) -> Typed:
    subject, *rest = binder.all(node.arguments)
    pairs = tuple((rest[at], rest[at + 1]) for at in range(0, len(rest) - 1, 2))
    default = rest[-1] if len(rest) % 2 else _blank(node.span)
    results = [result for _, result in pairs] + [default]
    return Choice(subject, pairs, default, _mixed(binder, results, node), node.span)


def _logic(every: bool) -> "Special":
    def bind(binder: "Binder", node: Call) -> Typed:
        return Logic(every, tuple(binder.all(node.arguments)), BOOL, node.span)

    return bind


def _fallback(tries: str) -> "Special":
    def bind(binder: "Binder", node: Call) -> Typed:
        operands = binder.all(node.arguments)
        kind = BOOL if tries == "tells" else _mixed(binder, operands, node)
        return Fallback(tries, tuple(operands), kind, node.span)

    return bind


def _new_name(node: Node, call: Call, index: int) -> str:
    if isinstance(node, Name) and not node.braced:
        return node.name
    message = f"{call.name}: argument {index} should be a new name, a word without quotation marks."
    raise Complaint(FormulaError("bad_argument", message, node.span, "a name", function=call.name, argument=index))


@contextmanager
def _named(binder: "Binder", name: str, local: Local) -> Iterator[None]:
    before = dict(binder.scope)
    binder.scope[name] = local
    try:
        yield
    finally:
        binder.scope = before


def _let(binder: "Binder", node: Call) -> Typed:
    """LET(a, 1, b, 2, a + b), from the outside in."""
    if len(node.arguments) % 2 == 0:
        message = "LET takes pairs of a name and a value, and then one expression that uses them."
        raise Complaint(FormulaError("arity", message, node.span, "an odd number", str(len(node.arguments)), (), "LET"))
    return _bindings(binder, node, 0)


def _bindings(binder: "Binder", node: Call, at: int) -> Typed:
    if at == len(node.arguments) - 1:
        return binder.bind(node.arguments[at])
    name = _new_name(node.arguments[at], node, at + 1)
    value = binder.bind(node.arguments[at + 1])
    local = binder.local(name, value.type, node.arguments[at].span)
    with _named(binder, name, local):
        body = _bindings(binder, node, at + 2)
    return Let(local.slot, value, body, body.type, node.span)


def _each(keeps: bool) -> "Special":
    def bind(binder: "Binder", node: Call) -> Typed:
        items = binder.bind(node.arguments[0])
        name = _new_name(node.arguments[1], node, 2)
        item = (items.type.item or ANY) if items.type.kind is Kind.LIST else ANY
        local = binder.local(name, item, node.arguments[1].span)
        with _named(binder, name, local):
            body = binder.bind(node.arguments[2])
        gives = list_of(item if keeps else body.type)
        return Each(keeps, items, local.slot, body, gives, node.span)

    return bind


Special = Callable[["Binder", Call], Typed]
SPECIAL: Mapping[str, Special] = MappingProxyType(
    {
        "IF": _if,
        "IFS": _ifs,
        "SWITCH": _switch,
        "AND": _logic(True),
        "OR": _logic(False),
        "ISERROR": _fallback("tells"),
        "IFERROR": _fallback("error"),
        "COALESCE": _fallback("blank"),
        "LET": _let,
        "MAP": _each(False),
        "FILTER": _each(True),
    }
)
"""How each of them is bound; the evaluators know the nodes they become."""
