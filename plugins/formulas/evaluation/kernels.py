"""Whole columns at a time: a typed tree becomes a tree of kernels, each from a batch of rows to a column."""

import operator
from itertools import repeat
from typing import Any

import numpy as np

from crm_core.contracts import Parameter
from plugins.formulas.comparing import COMPARE
from plugins.formulas.evaluation.applying import apply
from plugins.formulas.evaluation.choosing import choice, fallback, logic
from plugins.formulas.evaluation.columns import (
    Batch,
    Codes,
    Column,
    Kernel,
    at_hand,
    constant,
    gathered,
    marked,
    merged,
)  # fmt: skip
from plugins.formulas.evaluation.listing import arguments, numeric, texts
from plugins.formulas.evaluation.rows import row
from plugins.formulas.faults import divided
from plugins.formulas.language.tree import Span
from plugins.formulas.language.typed import (
    Apply,
    Arithmetic,
    Choice,
    Comparison,
    Const,
    Each,
    Fallback,
    Input,
    Join,
    Let,
    Local,
    Logic,
    Negative,
    Typed,
    Watched,
    children,
    store_of,
)  # fmt: skip
from plugins.formulas.limits import MAX_BATCH, MAX_CELL, BatchTooLarge, OutOfFuel, check_length
from plugins.formulas.types import DATE, NUMBER, TEXT, is_date
from plugins.formulas.values import RunError, Value, not_finite

_AS_TEXT = Parameter("", TEXT)


def kernel(node: Typed) -> Kernel:
    """The kernel of a node."""
    if isinstance(node, Const):
        store, day, value = store_of(node), node.type == DATE, node.value
        return lambda batch: constant(store, value, batch.count, day=day)
    if isinstance(node, Input):
        return _input(node)
    if isinstance(node, Local):
        slot = node.slot
        return lambda batch: at_hand(batch.names[slot])
    if isinstance(node, Arithmetic):
        return _arithmetic(node)
    if isinstance(node, Negative):
        return _negative(node)
    if isinstance(node, Join):
        return _join(node)
    if isinstance(node, Comparison):
        return _comparison(node)
    if isinstance(node, Apply):
        return apply(node, [kernel(argument) for argument in node.arguments])
    if isinstance(node, Choice):
        return choice(node, kernel, _eager(node))
    if isinstance(node, Logic):
        return logic(node, kernel)
    if isinstance(node, Fallback):
        return fallback(node, kernel)
    if isinstance(node, Let):
        return _let(node)
    return _by_row(node)


def _eager(node: Choice) -> bool:
    """Whether both branches are so cheap that computing them for all rows beats gathering the rows of each."""
    results = [result for _, result in node.cases] + [node.default]
    if all(isinstance(result, Const) for result in results):
        return True
    return store_of(node) in _ARRAYS and all(
        (isinstance(result, Const) and result.value is None) or (store_of(result) in _ARRAYS and _cheap(result))
        for result in results
    )


_ARRAYS = ("num", "bool", "date")


_CHEAP = frozenset({"ROUND", "ABS", "INT"})


def _cheap(node: Typed) -> bool:
    if isinstance(node, Const):
        return True
    if isinstance(node, Input):
        return store_of(node) in _ARRAYS and not node.computed
    if isinstance(node, Apply):
        return node.function.name in _CHEAP and all(map(_cheap, node.arguments))
    return isinstance(node, Arithmetic | Negative) and all(map(_cheap, children(node)))


def _input(node: Input) -> Kernel:
    at, span, computed = node.slot - 1, node.span, node.computed

    def load(batch: Batch) -> Column:
        column = at_hand(batch.inputs[at])
        if not computed or column.err is None or not column.err.any():
            return column
        err = column.err.copy()  # the same errors, with the place where this formula reads them
        for number in np.unique(err[err != 0]).tolist():
            error = batch.errors.table[number]
            assert error is not None
            err[column.err == number] = batch.errors.number(error.at(span))
        return Column(column.store, column.data, column.null, err, day=column.day)

    return load


def checked(data: Any, err: Codes | None, span: Span, batch: Batch) -> Codes | None:
    """The errors, with one for every row whose number is none any more; the data there becomes 0."""
    if np.isfinite(data).all():
        return err
    bad = ~np.isfinite(data)
    if err is not None:
        bad &= err == 0
    made = np.zeros(len(data), dtype=np.int32) if err is None else err.copy()
    for at in np.flatnonzero(bad).tolist():
        made[at] = batch.errors.number(not_finite(float(data[at])).at(span))
    data[~np.isfinite(data)] = 0.0
    return made


_UFUNC = {"+": np.add, "-": np.subtract, "*": np.multiply}


def _operand(node: Typed, batch: Batch, run: Kernel) -> tuple[Any, Codes | None]:
    """A number for every row, or one for all of them."""
    if isinstance(node, Const) and type(node.value) is float:
        return node.value, None
    return numeric(run(batch), node.span, batch)


def _arithmetic(node: Arithmetic) -> Kernel:
    runs = [kernel(operand) for operand in node.operands]
    pairs = list(zip(node.operands[1:], runs[1:], node.operators, node.names[1:], strict=True))
    first, run_first, span = node.operands[0], runs[0], node.span

    def arithmetic(batch: Batch) -> Column:
        batch.fuel.spend(batch.count * len(pairs))
        result, err = _operand(first, batch, run_first)
        if not isinstance(result, np.ndarray):
            result = np.full(batch.count, result)
        for part, run, sign, name in pairs:
            right, failed = _operand(part, batch, run)
            err = merged(err, failed)
            with np.errstate(all="ignore"):
                if sign == "/":
                    result, err = _divided(result, right, err, span, name, batch)
                else:
                    result = _UFUNC[sign](result, right)
            err = checked(result, err, span, batch)
        return Column("num", result, None, err)

    return arithmetic


def _divided(left: Any, right: Any, err: Codes | None, span: Span, name: str, batch: Batch) -> tuple[Any, Codes | None]:
    zero = right == 0.0
    if not np.any(zero):
        return left / right, err
    whole = np.broadcast_to(zero, left.shape)
    made = np.zeros(len(left), dtype=np.int32) if err is None else err.copy()
    for part in (left > 0.0, left < 0.0, left == 0.0):
        rows = whole & part & (made == 0)
        if rows.any():
            sample = float(left[int(np.argmax(rows))])
            try:
                divided(sample, 0.0, span, name)
            except RunError as error:
                made[rows] = batch.errors.number(error)
    return left / np.where(zero, 1.0, right), made


def _negative(node: Negative) -> Kernel:
    run, operand = kernel(node.operand), node.operand

    def negative(batch: Batch) -> Column:
        data, err = numeric(run(batch), operand.span, batch)
        return Column("num", 0.0 - data, None, err)

    return negative


def _join(node: Join) -> Kernel:
    runs, span = [kernel(operand) for operand in node.operands], node.span

    def join(batch: Batch) -> Column:
        parts: list[Any] = []
        err: Codes | None = None
        for operand, run in zip(node.operands, runs, strict=True):
            column = run(batch)
            err = merged(err, column.err)
            if column.store == "obj":
                listed, failed = arguments(column, _AS_TEXT, operand.type, operand.span, batch)
                err = merged(err, failed)
                parts.append(listed)
            elif not column.varies and column.err is None:
                only = texts(Column(column.store, None, None, day=column.day, value=column.value, count=1))[:1]
                parts.append(repeat("" if column.value is None else (only or [""])[0], batch.count))
            else:
                parts.append(texts(column))
        made = list(map("".join, zip(*parts, strict=True)))
        return Column("text", made, None, long_texts(made, err, span, batch))

    return join


def long_texts(made: list[str], err: Codes | None, span: Span, batch: Batch) -> Codes | None:
    """Refuse texts that are longer than a cell may hold, and too much text in one batch."""
    total = sum(map(len, made))
    batch.fuel.spend(len(made) + (total >> 6))
    batch.fuel.texts += total
    if batch.fuel.texts > MAX_BATCH and batch.count > 1:
        raise BatchTooLarge
    if total <= MAX_CELL:
        return err
    for at, text in enumerate(made):
        if len(text) > MAX_CELL:
            made[at] = ""
            number = batch.errors.number(_too_long(len(text)).at(span))
            err = marked(err, np.arange(len(made)) == at, number)
    return err


def _too_long(length: int) -> RunError:
    try:
        check_length(length)
    except RunError as error:
        return error
    raise AssertionError("the text is too long")


_COMPARE: dict[str, Any] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _comparison(node: Comparison) -> Kernel:
    left, right = node.operands[0], node.operands[1]
    sign = node.operators[0]
    if len(node.operands) == 2 and left.type == NUMBER and right.type == NUMBER:
        run_left, run_right = kernel(left), kernel(right)

        def numbers(batch: Batch) -> Column:
            batch.fuel.spend(batch.count)
            one, err = _operand(left, batch, run_left)
            two, failed = _operand(right, batch, run_right)
            made = _COMPARE[sign](one, two)
            if not isinstance(made, np.ndarray):
                made = np.full(batch.count, made)
            return Column("bool", made, None, merged(err, failed))

        return numbers
    if len(node.operands) == 2 and is_date(left.type) and is_date(right.type):
        return _dates_compared(node)
    return _compared_by_value(node)


def _dates_compared(node: Comparison) -> Kernel:
    runs = [kernel(operand) for operand in node.operands]
    sign, general = node.operators[0], _compared_by_value(node)

    def compare(batch: Batch) -> Column:
        one, two = runs[0](batch), runs[1](batch)
        if one.store != "date" or two.store != "date" or one.null is not None or two.null is not None:
            return general(batch)
        batch.fuel.spend(batch.count)
        return Column("bool", _COMPARE[sign](one.data, two.data), None, merged(one.err, two.err))

    return compare


def _compared_by_value(node: Comparison) -> Kernel:
    runs = [kernel(operand) for operand in node.operands]

    def compare(batch: Batch) -> Column:
        batch.fuel.spend(batch.count * 4)
        first = runs[0](batch)
        result, err = first.values(), first.err
        for run, sign in zip(runs[1:], node.operators, strict=True):
            column = run(batch)
            err = merged(err, column.err)
            only_text = first.store == "text" and column.store == "text" and len(runs) == 2
            if only_text and first.null is None and column.null is None:
                result = list(map(_COMPARE[sign], first.data, column.data))
            else:
                result = list(map(COMPARE[sign], _sound(result, err), _sound(column.values(), err)))
        return gathered("bool", result, err)

    return compare


def _sound(values: list[Value], err: Codes | None) -> list[Value]:
    """The values, with blanks where the row is in error."""
    if err is None:
        return values
    return [None if failed else value for value, failed in zip(values, err.tolist(), strict=True)]


def _let(node: Let) -> Kernel:
    value, body, slot = kernel(node.value), kernel(node.body), node.slot

    def let(batch: Batch) -> Column:
        named = value(batch)
        batch.names[slot] = named
        result = body(batch)
        err = merged(named.err, result.err)
        return result if err is result.err else Column(result.store, result.data, result.null, err, day=result.day)

    return let


def _by_row(node: Each | Watched) -> Kernel:
    """What runs an expression for each item of a list runs row by row, by the rows' closures."""
    compute, store, day = row(node), store_of(node), node.type == DATE
    needed, named = _slots(node)

    def run(batch: Batch) -> Column:
        inputs = {at: at_hand(batch.inputs[at - 1]) for at in needed}
        names = {slot: at_hand(batch.names[slot]) for slot in named}
        columns = {**inputs, **names}
        lists = {at: column.values() for at, column in columns.items()}
        failed = {at: column.err for at, column in columns.items() if column.err is not None}
        slots: list[Any] = [None] * batch.slots
        slots[0] = batch.fuel
        err = np.zeros(batch.count, dtype=np.int32)
        made: list[Value] = []
        for index in range(batch.count):
            for at, values in lists.items():
                slots[at] = values[index]
            for at, codes in failed.items():
                if codes[index]:
                    slots[at] = batch.errors.table[codes[index]]
            try:
                made.append(compute(slots))
            except OutOfFuel:
                raise
            except RunError as error:
                made.append(None)
                err[index] = batch.errors.number(error)
        return gathered(store, made, err if err.any() else None, day=day)

    return run


def _slots(node: Typed) -> tuple[set[int], set[int]]:
    """The inputs and the outer names that a node reads."""
    inputs: set[int] = set()
    names: set[int] = set()
    own: set[int] = set()
    waiting: list[Typed] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Input):
            inputs.add(part.slot)
        elif isinstance(part, Local):
            names.add(part.slot)
        elif isinstance(part, Let | Each):
            own.add(part.slot)
        waiting += children(part)
    return inputs, names - own
