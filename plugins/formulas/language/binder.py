"""Tree to typed tree: names become fields and functions, every part gets its type, and all errors are found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from crm_core.contracts import FormulaError, FormulaField, FormulaType, Kind
from plugins.formulas.functions.constants import CHECKS
from plugins.formulas.functions.numeric import DATED, counting_all
from plugins.formulas.functions.results import RESULTS
from plugins.formulas.language import complaints
from plugins.formulas.language.complaints import Complaint
from plugins.formulas.language.names import nearest
from plugins.formulas.language.special import SPECIAL
from plugins.formulas.language.tree import Call, Chain, Minus, Missing, Name, Node, Number, Span, Text
from plugins.formulas.language.typed import (
    Apply,
    Arithmetic,
    Comparison,
    Const,
    Function,
    Input,
    Join,
    Local,
    Negative,
    Typed,
    children,
)  # fmt: skip
from plugins.formulas.limits import MAX_ERRORS
from plugins.formulas.types import BOOL, DATETIME, NUMBER, TEXT, is_date, takes, wanted_kind
from plugins.formulas.values import RunError, Value

_CONTEXT = {"NOW": "now", "TODAY": "today", "RECORD_ID": "record_id", "CREATED_TIME": "created_time"}
_NEEDS_NOW = frozenset({"FROMNOW", "TONOW"})
_AT_COMPILE = frozenset({"bad_unit", "bad_regex", "bad_timezone", "bad_locale", "bad_argument"})

Fold = Callable[[Typed], Typed]


def quoted_part(source: str) -> str:
    """A part of a formula for a message, not too long."""
    return source if len(source) <= 60 else source[:59] + "…"


class Bound:
    """What a binder found out beside the typed tree."""

    def __init__(self) -> None:
        self.errors: list[FormulaError] = []
        self.warnings: list[FormulaError] = []
        self.inputs: list[tuple[str, str]] = []  # ("field", id) or ("context", name), by slot
        self.locals = 0
        self.functions: set[str] = set()
        self.clocks: set[str] = set()


class Binder:
    """Binds one formula. Slots: 0 is the fuel, then the inputs, then (moved there by the plan) the names of LET."""

    def __init__(
        self, text: str, fields: Sequence[FormulaField], functions: Mapping[str, Function], fold: Fold
    ) -> None:
        self.text, self.functions, self.fold = text, functions, fold
        self.bound = Bound()
        self.scope: dict[str, Local] = {}
        self._names = [field.name for field in fields]
        self._fields: dict[str, FormulaField] = {}
        for field in fields:
            self._fields.setdefault(field.name, field)
        self._slots: dict[tuple[str, str], int] = {}

    def root(self, tree: Node) -> Typed | None:
        """The typed tree of the whole formula, or None when there are errors."""
        try:
            return self.bind(tree)
        except Complaint as complaint:
            self.complain(complaint.error)
            return None

    def complain(self, error: FormulaError) -> None:
        """Keep an error, up to five."""
        if len(self.bound.errors) < MAX_ERRORS:
            self.bound.errors.append(error)

    def warn(self, message: str, span: Span, *suggestions: str) -> None:
        """Keep a warning."""
        if len(self.bound.warnings) < MAX_ERRORS:
            self.bound.warnings.append(FormulaError("warning", message, span, suggestions=suggestions))

    def source(self, span: Span) -> str:
        """What stands in the formula there."""
        return self.text[span[0] : span[1]]

    def all(self, nodes: Sequence[Node]) -> list[Typed]:
        """Bind each, so that every one's errors are found, and only then fail."""
        found: list[Typed] = []
        failed: Complaint | None = None
        for node in nodes:
            try:
                found.append(self.bind(node))
            except Complaint as complaint:
                if failed is not None:
                    self.complain(failed.error)
                failed = complaint
        if failed is not None:
            raise failed
        return found

    def bind(self, node: Node) -> Typed:
        """One node with its type, computed already when nothing in it varies."""
        if isinstance(node, Number):
            return Const(node.value, NUMBER, node.span)
        if isinstance(node, Text):
            return Const(node.value, TEXT, node.span)
        if isinstance(node, Name):
            return self.name(node)
        if isinstance(node, Minus):
            operand = self.number(self.bind(node.operand), "-", 2)
            return self.folded(Negative(operand, NUMBER, node.span))
        if isinstance(node, Chain):
            return self.folded(self.chain(node))
        if isinstance(node, Missing):
            raise Complaint(FormulaError("syntax", "A value is missing here.", node.span))
        return self.folded(self.call(node))

    def folded(self, node: Typed) -> Typed:
        """The node's value, when everything in it is known."""
        parts = children(node)
        if (parts or isinstance(node, Apply)) and all(isinstance(part, Const) for part in parts):
            return self.fold(node)
        return node

    # --- names -----------------------------------------------------------------------------------------------------

    def name(self, node: Name) -> Typed:
        """A name of LET, or a field."""
        if not node.braced and node.name in self.scope:
            return replace(self.scope[node.name], span=node.span)
        field = self._fields.get(node.name)
        if field is None:
            raise Complaint(
                complaints.unknown_field(
                    node.name, node.span, [*self.scope, *self._names], list(self.functions), node.braced
                )
            )
        return Input(self.slot("field", field.id), field.type, node.span, field.computed)

    def slot(self, kind: str, key: str) -> int:
        """The slot of an input; asked twice, it is the same."""
        at = self._slots.get((kind, key))
        if at is None:
            at = self._slots[kind, key] = len(self.bound.inputs) + 1
            self.bound.inputs.append((kind, key))
        return at

    def context(self, key: str, type_: FormulaType, span: Span) -> Input:
        """Something of the context as an input."""
        return Input(self.slot("context", key), type_, span)

    def local(self, name: str, type_: FormulaType, span: Span) -> Local:
        """A new name; its slot is negative until the plan knows how many inputs there are."""
        self.bound.locals += 1
        return Local(-self.bound.locals, type_, span)

    # --- operators -------------------------------------------------------------------------------------------------

    def number(self, operand: Typed, operator: str, side: int) -> Typed:
        """An operand of arithmetic."""
        if not takes(NUMBER, operand.type.kind):
            source = self.source(operand.span)
            raise Complaint(complaints.wrong_type(operator, side, Kind.NUMBER, operand.type, source, operand.span))
        return operand

    def chain(self, node: Chain) -> Typed:
        """A chain of operators of one rank."""
        operands = self.all(node.operands)
        if node.operators[0] == "&":
            return Join(tuple(operands), TEXT, node.span)
        if node.operators[0] in "+-*/":
            failed: Complaint | None = None
            for index, operand in enumerate(operands):
                try:
                    self.number(operand, node.operators[max(0, index - 1)], 1 if index == 0 else 2)
                except Complaint as complaint:
                    if failed is not None:
                        self.complain(failed.error)
                    failed = complaint
            if failed is not None:
                raise failed
            names = tuple(quoted_part(self.source(operand.span)) for operand in node.operands)
            return Arithmetic(tuple(operands), node.operators, NUMBER, node.span, names)
        for left, right in pairwise(operands):
            self.compared(left, right, node)
        return Comparison(tuple(operands), node.operators, BOOL, node.span)

    def compared(self, left: Typed, right: Typed, node: Chain) -> None:
        """Warn of comparisons that can hardly be meant."""
        kinds = {left.type.kind, right.type.kind}
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Const) and one.value is None and other.type.kind is Kind.NUMBER:
                shown = self.source(other.span)
                self.warn(f"{shown} = BLANK() is also true when {shown} is 0.", node.span, f'{shown} & "" = ""')
        empty = any(isinstance(side, Const) and side.value == "" for side in (left, right))
        if kinds == {Kind.NUMBER, Kind.TEXT} and not empty:
            self.warn("A number is compared with text.", node.span)

    # --- functions -------------------------------------------------------------------------------------------------

    def call(self, node: Call) -> Typed:
        """A function with its arguments."""
        function = self.functions.get(node.name)
        if function is None:
            error = complaints.unknown_function(node.name, node.name_span, list(self.functions))
            try:
                self.all(node.arguments)
            except Complaint as inner:
                self.complain(error)
                raise inner from None
            raise Complaint(error)
        self.bound.functions.add(node.name)
        if function.volatile:
            self.bound.clocks.add(function.volatile)
        self.counted(function, node)
        special = SPECIAL.get(node.name) if function.owner == "formulas" else None
        if special is not None:
            return special(self, node)
        if node.name == "LAST_MODIFIED_TIME":
            return self.modified(node)
        if node.name in _CONTEXT:
            return self.context(_CONTEXT[node.name], function.gives, node.span)
        arguments = self.all(node.arguments)
        self.checked(function, arguments)
        self.constants(function, arguments)
        if node.name in _NEEDS_NOW:
            arguments.append(self.context("now", DATETIME, node.span))
        gives = RESULTS[node.name](arguments) if node.name in RESULTS else function.gives
        if node.name in DATED and arguments and is_date(gives):
            function = replace(function, call=DATED[node.name])
        lists = frozenset(at for at, argument in enumerate(arguments) if argument.type.kind is Kind.LIST)
        if node.name == "COUNTALL" and lists:
            function = replace(function, call=counting_all(lists))
        return Apply(function, tuple(arguments), gives, node.span)

    def counted(self, function: Function, node: Call) -> None:
        """Refuse a wrong number of arguments."""
        given = len(node.arguments)
        least = sum(1 for parameter in function.takes if not parameter.optional)
        endless = any(parameter.variadic for parameter in function.takes)
        if given < least or (given > len(function.takes) and not endless):
            raise Complaint(complaints.wrong_count(function, given, node.span))

    def checked(self, function: Function, arguments: list[Typed]) -> None:
        """Refuse arguments whose type can never fit."""
        failed: Complaint | None = None
        for index, argument in enumerate(arguments):
            wanted = function.parameter(index).type
            if not takes(wanted, argument.type.kind) and not (isinstance(argument, Const) and argument.value == ""):
                if failed is not None:
                    self.complain(failed.error)
                source = self.source(argument.span)
                failed = Complaint(
                    complaints.wrong_type(
                        function.name, index + 1, wanted_kind(wanted), argument.type, source, argument.span
                    )
                )
        if failed is not None:
            raise failed

    def constants(self, function: Function, arguments: list[Typed]) -> None:
        """Refuse units, patterns, zones and the like that are written out and wrong."""
        for index, check in CHECKS.get(function.name, {}).items():
            argument = arguments[index] if index < len(arguments) else None
            if isinstance(argument, Const):
                self.constant(function, index, check.test, check.known(), argument)

    def constant(
        self, function: Function, index: int, test: Callable[[Value], object], known: Sequence[str], argument: Const
    ) -> None:
        """Run one check and turn its refusal into an error of the formula."""
        try:
            test(argument.value)
        except RunError as problem:
            if problem.kind not in _AT_COMPILE:
                return
            meant = nearest(str(argument.value), known)
            hint = f" Did you mean {' or '.join(meant)}?" if meant else ""
            error = FormulaError(
                problem.kind,
                f"{function.name}: {problem.message}{hint}",
                argument.span,
                ", ".join(known) if len(known) < 12 else "",
                str(argument.value)[:60],
                meant,
                function.name,
                index + 1,
                docs=f"docs/use/formulas.md#{function.name.lower()}",
            )
            raise Complaint(error) from None

    def modified(self, node: Call) -> Typed:
        """LAST_MODIFIED_TIME takes fields, not values."""
        ids: list[str] = []
        for index, argument in enumerate(node.arguments, 1):
            if not isinstance(argument, Name):
                raise Complaint(
                    FormulaError(
                        "type",
                        f"LAST_MODIFIED_TIME: argument {index} should be a field.",
                        argument.span,
                        "a field",
                        self.source(argument.span)[:60],
                        (),
                        "LAST_MODIFIED_TIME",
                        index,
                    )
                )
            field = self._fields.get(argument.name)
            if field is None:
                self.name(argument)  # raises
                continue
            ids.append(field.id)
        return self.context("modified:" + "\n".join(ids), DATETIME, node.span)
