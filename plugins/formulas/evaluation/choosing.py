"""IF, SWITCH, AND, OR, IFERROR over columns: a branch is computed for the rows that take it and for no other."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from plugins.formulas.comparing import equal
from plugins.formulas.evaluation.columns import Batch, Codes, Column, Kernel, Mask, Rows, gathered, merged
from plugins.formulas.language.typed import Choice, Fallback, Logic, Typed, store_of
from plugins.formulas.types import DATE
from plugins.formulas.values import HOLDS, Value, truthy

Make = Callable[[Typed], Kernel]


def truth(column: Column, of: Callable[[Value], bool] = truthy) -> Mask:
    """Which rows count as true; rows in error do not. `of` tells it of values that may be lists."""
    data: Mask
    if column.store == "bool":
        data = column.data
    elif column.store == "num":
        data = column.data != 0.0
    elif column.store == "date":
        data = np.ones(len(column.data), dtype=np.bool_) if column.null is None else ~column.null
    elif column.store == "text":
        data = np.fromiter(map(bool, column.data), np.bool_, len(column.data))
    else:
        data = np.fromiter(map(of, column.data), np.bool_, len(column.data))
    return data if column.err is None else data & (column.err == 0)


class Scattered:
    """A result that is put together from the results of some rows at a time."""

    def __init__(self, store: str, count: int, *, day: bool) -> None:
        self.store, self.count, self.day = store, count, day
        self.null: Mask = np.ones(count, dtype=np.bool_)
        self.err: Codes | None = None
        self.array = np.zeros(count, dtype=_DTYPES[store]) if store in _DTYPES else None
        self.list: list[Value] = [] if store in _DTYPES else [None] * count

    def put(self, rows: Rows, column: Column) -> None:
        """The results of some rows."""
        if column.err is not None:
            self.fail(rows, column.err)
        if self.array is not None and column.store == self.store:
            self.array[rows] = column.data if column.varies else _scalar(column)
            self.null[rows] = False if column.null is None else column.null
            return
        values = column.values()
        if self.array is not None:
            values_column = gathered(self.store, values)
            self.array[rows] = values_column.data
            self.null[rows] = False if values_column.null is None else values_column.null
            return
        target = self.list
        for at, value in zip(rows.tolist(), values, strict=True):
            target[at] = value
        if self.store == "text":
            self.null[rows] = [value is None for value in values]

    def fail(self, rows: Rows, err: Codes) -> None:
        """The errors of some rows."""
        if self.err is None:
            self.err = np.zeros(self.count, dtype=np.int32)
        self.err[rows] = err

    def column(self) -> Column:
        """All rows."""
        if self.store == "obj":
            return Column("obj", self.list, None, self.err)
        null = self.null if self.null.any() else None
        if self.array is not None:
            return Column(self.store, self.array, null, self.err, day=self.day)
        data = self.list if null is None else ["" if value is None else value for value in self.list]
        return Column("text", data, null, self.err)


_DTYPES: dict[str, type[np.generic]] = {"num": np.float64, "bool": np.bool_, "date": np.int64}


def _scalar(column: Column) -> Value:
    if column.value is None:
        return 0
    return column.value.ms if column.store == "date" else column.value


def choice(node: Choice, make: Make, eager: bool) -> Kernel:
    """IF, IFS and SWITCH."""
    cases = [(make(condition), make(result)) for condition, result in node.cases]
    default = make(node.default)
    subject = None if node.subject is None else make(node.subject)
    store, day = store_of(node), node.type == DATE

    def choose(batch: Batch) -> Column:
        made = Scattered(store, batch.count, day=day)
        for rows, branch, part in _branches(batch, subject, cases, default, made):
            made.put(rows, branch(batch if len(rows) == batch.count else part))
        return made.column()

    if eager and subject is None and len(cases) == 1:
        return _chosen(cases[0], default, store, day)
    return choose


def _branches(
    batch: Batch, subject: Kernel | None, cases: list[tuple[Kernel, Kernel]], default: Kernel, made: Scattered
) -> Iterator[tuple[Rows, Kernel, Batch]]:
    """Each branch with the rows that take it; conditions are computed for the rows still undecided."""
    rows: Rows = np.arange(batch.count)
    part = batch
    wanted = None if subject is None else subject(batch)
    if wanted is not None and wanted.err is not None:
        made.fail(rows, wanted.err)
        rows = np.flatnonzero(wanted.err == 0)
        part, wanted = batch.take(rows), wanted.take(rows)
    for condition, result in cases:
        if not len(rows):
            return
        found = condition(part)
        holds = truth(found) if wanted is None else _equal(wanted, found)
        if found.err is not None:
            made.fail(rows, found.err)
        if holds.all():
            yield rows, result, part
            return
        if holds.any():
            taken = np.flatnonzero(holds)
            yield rows[taken], result, part.take(taken)
        left = np.flatnonzero(~holds if found.err is None else ~holds & (found.err == 0))
        rows = rows[left]
        part = part.take(left)
        wanted = None if wanted is None else wanted.take(left)
    if len(rows):
        yield rows, default, part


def _equal(subject: Column, pattern: Column) -> Mask:
    """Which rows of two columns are equal; rows in error are not."""
    made: Mask
    if subject.store == "text" == pattern.store and subject.null is None and pattern.null is None:
        if not pattern.varies:
            word = pattern.value
            made = np.fromiter((text == word for text in subject.data), np.bool_, len(subject.data))
        else:
            made = np.fromiter(map(str.__eq__, subject.data, pattern.data), np.bool_, len(subject.data))
    else:
        made = np.fromiter(map(equal, subject.values(), pattern.values()), np.bool_, subject_count(subject))
    return made if pattern.err is None else made & (pattern.err == 0)


def subject_count(column: Column) -> int:
    """How many rows a column has."""
    return len(column.data)


def _chosen(case: tuple[Kernel, Kernel], default: Kernel, store: str, day: bool) -> Kernel:
    """IF whose branches are cheap: both are computed for all rows, and each row takes one with its error."""
    condition, result = case

    def choose(batch: Batch) -> Column:
        asked = condition(batch)
        holds = truth(asked)
        yes, no = result(batch), default(batch)
        if store in ("text", "obj"):
            one, two = yes.value, no.value
            values: list[Value] = [one if hold else two for hold in holds.tolist()]
            return gathered(store, values, asked.err)
        data = np.where(holds, _side(yes, store), _side(no, store))
        err = asked.err
        if yes.err is not None or no.err is not None:
            zero = np.zeros(batch.count, dtype=np.int32)
            err = merged(err, np.where(holds, _or(yes.err, zero), _or(no.err, zero)))
        null = None
        if _may_be_blank(yes) or _may_be_blank(no):
            null = _null(yes, holds, batch.count) | _null(no, ~holds, batch.count)
        return Column(store, data, null, err, day=day)

    return choose


def _side(column: Column, store: str) -> Any:
    """A branch's data, or its one value when it is constant; blank is 0 whatever it is the blank of."""
    if not column.varies:
        return _DTYPES[store](_scalar(column))
    return column.data


def _may_be_blank(column: Column) -> bool:
    return column.null is not None or (not column.varies and column.value is None)


def _null(column: Column, taken: Mask, count: int) -> Mask:
    if not column.varies and column.value is None:
        return taken
    return np.zeros(count, dtype=np.bool_) if column.null is None else column.null & taken


def _or(err: Codes | None, zero: Codes) -> Codes:
    return zero if err is None else err


def logic(node: Logic, make: Make) -> Kernel:
    """AND and OR: each operand is computed for the rows that the ones before left open."""
    operands, every = [make(operand) for operand in node.operands], node.every
    of = HOLDS[every]

    def decide(batch: Batch) -> Column:
        result = np.full(batch.count, every)
        err: Codes | None = None
        rows: Rows = np.arange(batch.count)
        part = batch
        for operand in operands:
            found = operand(part)
            if found.err is not None:
                err = np.zeros(batch.count, dtype=np.int32) if err is None else err
                err[rows] = found.err
            holds = truth(found, of)
            open_ = holds if every else ~holds
            decided = ~open_ if found.err is None else ~open_ & (found.err == 0)
            result[rows[decided]] = not every
            if found.err is not None:
                open_ = open_ & (found.err == 0)
            if open_.all():
                continue
            left = np.flatnonzero(open_)
            if not len(left):
                break
            rows, part = rows[left], part.take(left)
        return Column("bool", result, None, err)

    return decide


def fallback(node: Fallback, make: Make) -> Kernel:
    """ISERROR, IFERROR and COALESCE."""
    operands = [make(operand) for operand in node.operands]
    first, store, day = operands[0], store_of(node), node.type == DATE

    def tells(batch: Batch) -> Column:
        err = first(batch).err
        return Column("bool", np.zeros(batch.count, dtype=np.bool_) if err is None else err != 0)

    def instead(batch: Batch) -> Column:
        tried = first(batch)
        made = Scattered(store, batch.count, day=day)
        failed = np.zeros(batch.count, dtype=np.bool_) if tried.err is None else tried.err != 0
        good, bad = np.flatnonzero(~failed), np.flatnonzero(failed)
        made.put(good, tried.take(good))
        if len(bad):
            made.put(bad, operands[1](batch.take(bad)))
        return made.column()

    def filled(batch: Batch) -> Column:
        made = Scattered(store, batch.count, day=day)
        rows: Rows = np.arange(batch.count)
        part = batch
        for at, operand in enumerate(operands):
            found = operand(part)
            values = found.values()
            empty = np.fromiter((value is None or value == "" for value in values), np.bool_, len(values))
            if found.err is not None:
                empty &= found.err == 0
            kept = np.flatnonzero(~empty)
            made.put(rows[kept], found.take(kept))
            left = np.flatnonzero(empty)
            if not len(left) or at == len(operands) - 1:
                break
            rows, part = rows[left], part.take(left)
        return made.column()

    return {"tells": tells, "error": instead, "blank": filled}[node.tries]
