"""What every part of a formula came to for one record: the tree is evaluated as ever, and its nodes are watched."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from crm_core.contracts import FormulaError, FormulaPart, FormulaValue
from plugins.formulas.evaluation.coercion import leaving
from plugins.formulas.evaluation.rows import Slots, row
from plugins.formulas.faults import RunError, error_of
from plugins.formulas.language.tokens import tokenize
from plugins.formulas.language.tree import Span
from plugins.formulas.language.typed import Const, Typed, Watched, children, with_children
from plugins.formulas.values import Value

MAX_PARTS = 500
"""Parts that are told at most; those nearest to the whole come first."""
MAX_LEVELS = 60
"""Levels that are told at most: each takes room on Python's stack beside the evaluation itself."""


@dataclass
class _Seen:
    """What was told of the parts so far, by their node; a repeated part keeps its first value, or its error."""

    values: dict[int, Value]

    def teller(self, number: int) -> Callable[[Value], None]:
        def tell(value: Value) -> None:
            if number in self.values and not isinstance(value, RunError):
                return
            self.values.pop(number, None)
            self.values[number] = value

        return tell


def explain(text: str, tree: Typed, slots: Slots) -> list[FormulaPart]:
    """The parts of a formula with their values, in the order of evaluation; the last one is the whole."""
    chosen = _chosen(text, tree)
    seen = _Seen({})
    compute = row(_watched(tree, chosen, seen))
    with suppress(RunError):  # told like any value
        compute(slots)
    spans = {number: (span, depth) for number, span, depth in chosen.values()}
    return [FormulaPart(spans[number][0], _left(value), spans[number][1]) for number, value in seen.values.items()]


def _chosen(text: str, tree: Typed) -> dict[int, tuple[int, Span, int]]:
    """The nodes worth telling, by identity: a number, the place and the depth of each; outer ones first."""
    plain = {token.span for token in tokenize(text) if token.kind in ("number", "text")}
    found: dict[int, tuple[int, Span, int]] = {}
    waiting = deque([(tree, (-1, -1), 0)])
    while waiting and len(found) < MAX_PARTS:
        node, outer, depth = waiting.popleft()
        # Parts that stand nowhere of their own: the missing branch of IF, the moment that FROMNOW reads.
        known = isinstance(node, Const) and _unsigned(text, node.span) in plain and node is not tree
        tells = node.span != outer and not known
        if tells and depth < MAX_LEVELS and id(node) not in found:
            found[id(node)] = (len(found), node.span, depth)
        waiting.extend((child, node.span, depth + tells) for child in children(node))
    return found


def _unsigned(text: str, span: Span) -> Span:
    """The place of a number without the minus before it."""
    part = text[slice(*span)]
    return (span[1] - len(part.lstrip("- ")), span[1])


def _watched(node: Typed, chosen: dict[int, tuple[int, Span, int]], seen: _Seen) -> Typed:
    parts = children(node)
    inner = with_children(node, [_watched(part, chosen, seen) for part in parts]) if parts else node
    if id(node) not in chosen:
        return inner
    return Watched(inner, seen.teller(chosen[id(node)][0]), node.type, node.span)


def _left(value: Value) -> FormulaValue | FormulaError:
    return error_of(value) if isinstance(value, RunError) else leaving(value)
