"""The formula engine: text and fields in, plans out; plans are kept, so that asking again costs next to nothing."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from crm_core.contracts import FormulaError, FormulaField, FormulaFunction
from crm_core.contracts.formula import Clock
from plugins.formulas.evaluation.rows import row
from plugins.formulas.language import complaints
from plugins.formulas.language.binder import Binder
from plugins.formulas.language.parser import parse
from plugins.formulas.language.tokens import field_name, quote_field, tokenize
from plugins.formulas.language.typed import Apply, Const, Function, Typed
from plugins.formulas.limits import MAX_ERRORS, Fuel
from plugins.formulas.plan import Plan
from plugins.formulas.resolving import Offered, resolve
from plugins.formulas.values import RunError

_KEPT = 2_000
_NOTHING: Mapping[str, Offered] = {}


class Engine:
    """See `crm_core.contracts.FormulaEngine`. `offered` gives the functions that plugins offer at the moment."""

    name = "formulas"

    def __init__(self, offered: Callable[[], Mapping[str, Offered]] = lambda: _NOTHING) -> None:
        self._offered = offered
        self._lock = threading.Lock()
        self._resolved: tuple[Mapping[str, Offered], Mapping[str, Function]] | None = None
        self._plans: OrderedDict[tuple[str, tuple[FormulaField, ...]], Plan] = OrderedDict()
        self._last: dict[tuple[str, int], tuple[tuple[FormulaField, ...], Plan]] = {}
        self._gone: dict[str, str] = {}

    @property
    def functions(self) -> Mapping[str, Function]:
        """Every function there is at the moment, by name; when they changed, all plans are forgotten."""
        offered = self._offered()
        resolved = self._resolved
        if resolved is None or resolved[0] is not offered:
            with self._lock:
                functions = resolve(offered)
                before = {} if resolved is None else resolved[1]
                self._gone |= {name: function.owner for name, function in before.items() if name not in functions}
                self._plans.clear()
                self._last.clear()
                resolved = self._resolved = (offered, functions)
        return resolved[1]

    def compile(self, text: str, fields: Sequence[FormulaField]) -> Plan:
        """The plan of a formula over these fields; what is wrong with it is in its `errors`."""
        _ = self.functions  # forgets all plans when the functions have changed
        last = self._last.get((text, id(fields)))
        if last is not None and last[0] is fields:
            return last[1]
        key = (text, tuple(fields))
        with self._lock:
            plan = self._plans.get(key)
            if plan is not None:
                self._plans.move_to_end(key)
        if plan is None:
            plan = self.made(text, key[1])
            with self._lock:
                self._plans[key] = plan
                while len(self._plans) > _KEPT:
                    self._plans.popitem(last=False)
        if isinstance(fields, tuple):  # what cannot change is known again by its identity
            with self._lock:
                if len(self._last) >= _KEPT:
                    self._last.clear()
                self._last[(text, id(fields))] = (fields, plan)
        return plan

    def made(self, text: str, fields: tuple[FormulaField, ...]) -> Plan:
        """A plan made anew, past the cache."""
        try:
            return self._bound(text, fields, self.functions)
        except RecursionError:
            error = FormulaError("limit", "The formula is nested too deep.", (0, len(text)))
            return Plan(text, None, (error,))

    def _bound(self, text: str, fields: tuple[FormulaField, ...], functions: Mapping[str, Function]) -> Plan:
        parsed = parse(text)
        if parsed.errors:
            return Plan(text, None, parsed.errors)
        binder = Binder(text, fields, functions, fold)
        tree = binder.root(parsed.tree)
        bound = binder.bound
        if tree is None or bound.errors:
            errors = sorted(map(self._explained, bound.errors), key=lambda error: error.span or (0, 0))
            return Plan(text, None, tuple(errors[:MAX_ERRORS]), tuple(bound.warnings))
        by_id = {field.id: field for field in fields}
        types = [(by_id[key].type, by_id[key].computed) for kind, key in bound.inputs if kind == "field"]
        clock: Clock = "minute" if "minute" in bound.clocks else "day" if bound.clocks else ""
        return Plan(
            text, tree, (), tuple(bound.warnings), bound.inputs, types, bound.locals, frozenset(bound.functions), clock
        )

    def _explained(self, error: FormulaError) -> FormulaError:
        """An unknown function that was there before belongs to a plugin that is off now."""
        owner = self._gone.get(error.function) if error.kind == "unknown_function" else None
        if owner is None:
            return error
        message = f"{error.function} comes from the plugin {owner}, which is off."
        return replace(error, kind="plugin_off", message=message, suggestions=())

    def references(self, text: str) -> list[str]:
        """Every name in a formula that may be a field's, also in one with mistakes, in order."""
        return [name for name, _ in named(text)]

    def renamed(self, text: str, names: Mapping[str, str]) -> str:
        """The formula with field names replaced, all else as it was written."""
        pieces: list[str] = []
        at = 0
        for old, (start, end) in named(text):
            if old in names:
                pieces += [text[at:start], quote_field(names[old])]
                at = end
        return "".join([*pieces, text[at:]])

    def catalogue(self) -> list[FormulaFunction]:
        """Every function there is, by name, with `takes` and `gives` filled in."""
        return [
            replace(function.offer, name=name, takes=function.takes, gives=function.gives)
            for name, function in self.functions.items()
        ]

    def signature(self, name: str) -> str:
        """How a function is called: NAME(a, b, [c, ...])."""
        return complaints.signature(self.functions[name])


def named(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every name that may be a field's, with its span: what stands in {…}, and bare words that are not called."""
    for token, following in pairwise(tokenize(text)):
        if token.kind == "field":
            yield field_name(token.text), token.span
        elif token.kind == "name" and following.text != "(":
            yield token.text, token.span


def fold(node: Typed) -> Typed:
    """A node of known values computed beforehand; what ends in an error, or is another plugin's, stays to be run."""
    if isinstance(node, Apply) and node.function.guard is not None:
        return node
    try:
        value = row(node)([Fuel()])
    except (RunError, IndexError):
        return node
    return Const(value, node.type, node.span)
