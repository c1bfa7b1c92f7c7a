"""One row at a time: a typed tree becomes a tree of closures over a list of slots.

Slot 0 holds the fuel, then come the inputs, then the names of LET, MAP and FILTER.
"""

from collections.abc import Callable
from math import inf
from typing import Any

from crm_core.contracts import Kind
from plugins.formulas.comparing import COMPARE, equal
from plugins.formulas.evaluation.coercion import coercion, outside
from plugins.formulas.faults import divided
from plugins.formulas.functions.constants import at_fault
from plugins.formulas.language.tree import Span
from plugins.formulas.language.typed import (
    Apply,
    Arithmetic,
    Choice,
    Comparison,
    Const,
    Each,
    Fallback,
    Function,
    Input,
    Let,
    Local,
    Logic,
    Negative,
    Typed,
    Watched,
)  # fmt: skip
from plugins.formulas.limits import MAX_ITEMS, OutOfFuel, check_items, check_length
from plugins.formulas.types import NUMBER
from plugins.formulas.values import HOLDS, RunError, Value, flat, not_finite, to_list, to_number, to_text, truthy

Slots = list[Any]
Row = Callable[[Slots], Value]


def row(node: Typed) -> Row:
    """The closure that computes a node for one row; it raises RunError."""
    if isinstance(node, Const):
        value = node.value
        return lambda slots: value
    if isinstance(node, Input | Local):
        return _load(node)
    if isinstance(node, Arithmetic):
        return _arithmetic(node)
    if isinstance(node, Negative):
        operand = number(node.operand)
        return lambda slots: 0.0 - operand(slots)
    if isinstance(node, Comparison):
        return _comparison(node)
    if isinstance(node, Apply):
        return _apply(node)
    if isinstance(node, Choice):
        return _choice(node)
    if isinstance(node, Logic):
        return _logic(node)
    if isinstance(node, Fallback):
        return _fallback(node)
    if isinstance(node, Let):
        return _let(node)
    if isinstance(node, Each):
        return _each(node)
    if isinstance(node, Watched):
        return _watched(node)
    return _join(node.operands, node.span)


def _load(node: Input | Local) -> Row:
    slot, span = node.slot, node.span

    def load(slots: Slots) -> Value:
        value = slots[slot]
        if isinstance(value, RunError):
            raise value.at(span)
        return value

    def plain(slots: Slots) -> Value:
        return slots[slot]

    return load if isinstance(node, Input) and node.computed else plain


def number(node: Typed) -> Row:
    """The closure that gives a node's value as a number, blank as 0."""
    value = row(node)
    span = node.span
    if isinstance(node, Const) and (node.value is None or isinstance(node.value, float | bool)):
        known = to_number(node.value)
        return lambda slots: known
    if node.type == NUMBER and isinstance(node, Arithmetic | Negative):
        return value
    if isinstance(node, Input) and node.type == NUMBER and not node.computed:
        slot = node.slot

        def load(slots: Slots) -> Value:
            loaded = slots[slot]
            return 0.0 if loaded is None else loaded

        return load
    if node.type == NUMBER:

        def filled(slots: Slots) -> Value:
            computed = value(slots)
            return 0.0 if computed is None else computed

        return filled

    def coerced(slots: Slots) -> Value:
        computed = value(slots)
        try:
            return to_number(computed)
        except RunError as error:
            raise error.at(span) from None

    return coerced


def _arithmetic(node: Arithmetic) -> Row:
    operands = [number(operand) for operand in node.operands]
    first, span = operands[0], node.span
    if len(operands) == 2 and node.operators[0] != "/":
        second = operands[1]

        def add(slots: Slots) -> Value:
            result = first(slots) + second(slots)
            if result - result != 0.0:
                raise not_finite(result).at(span)
            return result

        def subtract(slots: Slots) -> Value:
            result = first(slots) - second(slots)
            if result - result != 0.0:
                raise not_finite(result).at(span)
            return result

        def multiply(slots: Slots) -> Value:
            result = first(slots) * second(slots)
            if result - result != 0.0:
                raise not_finite(result).at(span)
            return result

        return {"+": add, "-": subtract, "*": multiply}[node.operators[0]]
    steps = list(zip(node.operators, operands[1:], node.names[1:], strict=True))

    def chain(slots: Slots) -> Value:
        result = first(slots)
        for operator, operand, name in steps:
            right = operand(slots)
            if operator == "+":
                result += right
            elif operator == "-":
                result -= right
            elif operator == "*":
                result *= right
            else:
                result = divided(result, right, span, name)
            if result - result != 0.0:
                raise not_finite(result).at(span)
        return result

    return chain


def _join(operands: tuple[Typed, ...], span: Span) -> Row:
    parts = [row(operand) for operand in operands]

    def join(slots: Slots) -> Value:
        texts = [to_text(part(slots)) for part in parts]
        joined = "".join(texts)
        if len(joined) > 1024:
            try:
                check_length(len(joined))
            except RunError as error:
                raise error.at(span) from None
            slots[0].spend(len(joined) >> 6)
        return joined

    return join


def _comparison(node: Comparison) -> Row:
    if len(node.operands) == 2 and all(operand.type == NUMBER for operand in node.operands):
        return _numbers_compared(node)
    first, *rest = [row(operand) for operand in node.operands]
    steps = [(COMPARE[operator], operand) for operator, operand in zip(node.operators, rest, strict=True)]

    def compare(slots: Slots) -> Value:
        result = first(slots)
        for test, operand in steps:
            result = test(result, operand(slots))
        return result

    return compare


def _numbers_compared(node: Comparison) -> Row:
    """Two numbers, where blank counts as 0 for equality too."""
    left, right = number(node.operands[0]), number(node.operands[1])

    def same(slots: Slots) -> Value:
        return left(slots) == right(slots)

    def different(slots: Slots) -> Value:
        return left(slots) != right(slots)

    def below(slots: Slots) -> Value:
        return left(slots) < right(slots)

    def above(slots: Slots) -> Value:
        return left(slots) > right(slots)

    def not_above(slots: Slots) -> Value:
        return left(slots) <= right(slots)

    def not_below(slots: Slots) -> Value:
        return left(slots) >= right(slots)

    tests = {"=": same, "!=": different, "<": below, ">": above, "<=": not_above, ">=": not_below}
    return tests[node.operators[0]]


def argument(node: Typed, function: Function, index: int) -> Row:
    """The closure that gives an argument as the function's parameter takes it."""
    parameter = function.parameter(index) if function.takes else None
    if parameter is None:
        return row(node)
    if parameter.type == NUMBER and not parameter.blank:
        return number(node)
    value, change, span = row(node), coercion(parameter, node.type), node.span
    if change is None:
        return value

    def coerced(slots: Slots) -> Value:
        computed = value(slots)
        try:
            return change(computed)
        except RunError as error:
            raise error.at(span) from None

    return coerced


def callable_of(function: Function) -> Callable[..., Value]:
    """The function to call: our own as it is, another plugin's through its guard."""
    return function.call if function.guard is None else outside(function)


def _apply(node: Apply) -> Row:
    function, span = node.function, node.span
    call, name = callable_of(function), function.name
    arguments = [argument(part, function, at) for at, part in enumerate(node.arguments)]
    one = arguments[0] if arguments else None
    two = arguments[1] if len(arguments) > 1 else None

    def located(error: RunError) -> RunError:
        return error if isinstance(error, OutOfFuel) else error.at(at_fault(node, error), name)

    def apply(slots: Slots) -> Value:
        given = [part(slots) for part in arguments]
        try:
            return _seen(call(*given), slots)
        except RunError as error:
            raise located(error) from None
        except ArithmeticError:
            raise not_finite(inf).at(span, name) from None

    def apply_one(slots: Slots) -> Value:
        given = one(slots)  # type: ignore[misc]
        try:
            return _seen(call(given), slots)
        except RunError as error:
            raise located(error) from None
        except ArithmeticError:
            raise not_finite(inf).at(span, name) from None

    def apply_two(slots: Slots) -> Value:
        first = one(slots)  # type: ignore[misc]
        second = two(slots)  # type: ignore[misc]
        try:
            return _seen(call(first, second), slots)
        except RunError as error:
            raise located(error) from None
        except ArithmeticError:
            raise not_finite(inf).at(span, name) from None

    return {1: apply_one, 2: apply_two}.get(len(arguments), apply)


def _seen(result: Value, slots: Slots) -> Value:
    """A function's result, counted when it is long and refused when it is no number."""
    if type(result) is float:
        if result - result != 0.0:
            raise not_finite(result)
    elif type(result) is str:
        if len(result) > 1024:
            slots[0].spend(len(result) >> 6)
    elif type(result) is tuple:
        slots[0].spend(len(result))
    return result


def _choice(node: Choice) -> Row:
    default = row(node.default)
    cases = [(row(condition), row(result)) for condition, result in node.cases]
    if node.subject is not None:
        subject = row(node.subject)

        def switch(slots: Slots) -> Value:
            value = subject(slots)
            for pattern, result in cases:
                if equal(value, pattern(slots)):
                    return result(slots)
            return default(slots)

        return switch
    if len(cases) == 1:
        condition, yes = cases[0]
        if node.cases[0][0].type.kind is Kind.BOOL:
            return lambda slots: yes(slots) if condition(slots) else default(slots)
        return lambda slots: yes(slots) if truthy(condition(slots)) else default(slots)

    def choose(slots: Slots) -> Value:
        for test, result in cases:
            if truthy(test(slots)):
                return result(slots)
        return default(slots)

    return choose


def _logic(node: Logic) -> Row:
    operands, every = [row(operand) for operand in node.operands], node.every
    holds = HOLDS[every]

    def logic(slots: Slots) -> Value:
        for operand in operands:
            if holds(operand(slots)) is not every:
                return not every
        return every

    return logic


def _fallback(node: Fallback) -> Row:
    first, *others = [row(operand) for operand in node.operands]

    def tells(slots: Slots) -> Value:
        try:
            first(slots)
        except OutOfFuel:
            raise
        except RunError:
            return True
        return False

    def instead(slots: Slots) -> Value:
        try:
            return first(slots)
        except OutOfFuel:
            raise
        except RunError:
            return others[0](slots)

    def filled(slots: Slots) -> Value:
        value = first(slots)
        for other in others:
            if value is not None and value != "":
                return value
            value = other(slots)
        return value if value != "" else None

    return {"tells": tells, "error": instead, "blank": filled}[node.tries]


def _let(node: Let) -> Row:
    value, body, slot = row(node.value), row(node.body), node.slot

    def let(slots: Slots) -> Value:
        slots[slot] = value(slots)
        return body(slots)

    return let


def _each(node: Each) -> Row:
    items, body, slot, keeps, span = row(node.items), row(node.body), node.slot, node.keeps, node.span

    def each(slots: Slots) -> Value:
        given = to_list(items(slots))
        try:
            check_items(len(given))
        except RunError as error:
            raise error.at(span) from None
        fuel = slots[0]
        made: list[Value] = []
        held = 0
        for item in given:
            fuel.spend(10)
            slots[slot] = item
            result = body(slots)
            if not keeps:
                if type(result) is tuple:
                    held += _leaves(result, span)
                made.append(result)
            elif truthy(result):
                made.append(item)
            _few(held, span)
        return tuple(made)

    return each


def _watched(node: Watched) -> Row:
    compute, tell = row(node.node), node.tell

    def watch(slots: Slots) -> Value:
        try:
            value = compute(slots)
        except RunError as error:
            tell(error)
            raise
        tell(value)
        return value

    return watch


def _leaves(values: tuple[Value, ...], span: Span) -> int:
    """How many single values a list of lists holds; too many are refused."""
    count = 0
    for _ in flat(values):
        count += 1
        if count > MAX_ITEMS:
            _few(count, span)
    return count


def _few(count: int, span: Span) -> None:
    try:
        check_items(count)
    except RunError as error:
        raise error.at(span) from None
