"""Functions over columns: a kernel of its own where there is one, else the function itself row by row."""

from collections.abc import Callable, Sequence
from itertools import repeat
from math import inf
from typing import Any

import numpy as np

from plugins.formulas.evaluation.coercion import guarded, unguarded
from plugins.formulas.evaluation.columns import Batch, Codes, Column, Kernel, gathered, merged
from plugins.formulas.evaluation.fast import FAST, outside_vectorised
from plugins.formulas.evaluation.listing import arguments
from plugins.formulas.functions.constants import at_fault
from plugins.formulas.language.typed import Apply, store_of
from plugins.formulas.limits import MAX_BATCH, BatchTooLarge, OutOfFuel
from plugins.formulas.types import DATE
from plugins.formulas.values import RunError, Value, not_finite


def apply(node: Apply, kernels: Sequence[Kernel]) -> Kernel:
    """The kernel of a function call."""
    fast = FAST.get(node.function.name) if node.function.guard is None else outside_vectorised
    loop = _Loop(node)

    def run(batch: Batch) -> Column:
        batch.fuel.spend(batch.count * 2)
        columns = [kernel(batch) for kernel in kernels]
        if fast is not None:
            try:
                found = fast(node, columns, batch)
            except OutOfFuel:
                raise
            except RunError:  # the rows say which of them is to blame
                found = None
            if found is not None:
                return found
        return loop.run(columns, batch)

    return run


class _Loop:
    """The function row by row: the very calls that the rows' evaluator makes."""

    def __init__(self, node: Apply) -> None:
        self.node = node
        self.call = node.function.call if node.function.guard is None else unguarded(node.function)
        self.store, self.day = store_of(node), node.type == DATE

    def run(self, columns: list[Column], batch: Batch) -> Column:
        lists, err = self.lists(columns, batch)
        if err is not None and not err.any():
            err = None
        if err is None:
            return self.made(self.results(lists, batch.count, batch), None, batch)
        rows = np.flatnonzero(err == 0).tolist()
        some = [[given[at] for at in rows] if isinstance(given, list) else given for given in lists]
        values, failed = self.results(some, len(rows), batch)
        whole: list[Value] = [None] * batch.count
        for at, value in zip(rows, values, strict=True):
            whole[at] = value
        if failed is not None:
            err = err.copy()
            err[rows] = failed
        return self.made((whole, None), err, batch)

    def lists(self, columns: list[Column], batch: Batch) -> tuple[list[Any], Codes | None]:
        """The arguments: a list each, or one value repeated."""
        err: Codes | None = None
        found: list[Any] = []
        function = self.node.function
        for at, (column, part) in enumerate(zip(columns, self.node.arguments, strict=True)):
            err = merged(err, column.err)
            parameter = function.parameter(at)
            one = column if column.varies else _first(column)
            values, failed = arguments(one, parameter, part.type, part.span, batch)
            if column.varies:
                err = merged(err, failed)
                found.append(values)
            else:
                if failed is not None and failed[0]:
                    err = merged(err, np.full(batch.count, failed[0], dtype=np.int32))
                found.append(repeat(values[0] if values else None))
        return found, err

    def results(self, lists: list[Any], count: int, batch: Batch) -> tuple[list[Value], Codes | None]:
        """What the function gives for every row, and the errors."""
        call = self.call
        if not lists:
            lists = [repeat(None)]
            call = lambda _: self.call()  # noqa: E731
        if all(isinstance(given, repeat) for given in lists):
            lists = [[next(lists[0])] * count, *lists[1:]]
        if self.node.function.guard is not None:
            return self.outside(call, lists, count, batch)
        try:
            return list(map(call, *lists)), None
        except (RunError, ArithmeticError):
            return self.slowly(call, lists, count, batch)

    def outside(
        self, call: Callable[..., Value], lists: list[Any], count: int, batch: Batch
    ) -> tuple[list[Value], Codes | None]:
        """Another plugin's function, all rows in one passage of its gate."""
        seconds = batch.fuel.left()
        try:
            found: tuple[list[Value], Codes | None]
            found = guarded(self.node.function, lambda: self.slowly(call, lists, count, batch), seconds)
        except RunError as error:
            number = batch.errors.number(error.at(self.node.span, self.node.function.name))
            return [None] * count, np.full(count, number, dtype=np.int32)
        return found

    def slowly(
        self, call: Callable[..., Value], lists: list[Any], count: int, batch: Batch
    ) -> tuple[list[Value], Codes | None]:
        """Row by row, each error kept."""
        err = np.zeros(count, dtype=np.int32)
        values: list[Value] = []
        name, span = self.node.function.name, self.node.span
        for at, given in enumerate(zip(*lists, strict=False)):
            try:
                values.append(call(*given))
            except OutOfFuel:
                raise
            except RunError as error:
                values.append(None)
                err[at] = batch.errors.number(error.at(at_fault(self.node, error), name))
            except ArithmeticError:
                values.append(None)
                err[at] = batch.errors.number(not_finite(inf).at(span, name))
        return values, err

    def made(self, results: tuple[list[Value], Codes | None], err: Codes | None, batch: Batch) -> Column:
        """The results as a column; numbers that are none become errors, long texts are counted."""
        values, failed = results
        err = merged(err, failed)
        if self.store == "text":
            self.weigh(sum(len(value) for value in values if value is not None), batch)
        elif self.store == "obj":
            self.weigh(sum(len(value) for value in values if type(value) in (str, tuple)), batch)
        column = gathered(self.store, values, err, day=self.day)
        if self.store == "num" and not np.isfinite(column.data).all():
            codes = np.zeros(batch.count, dtype=np.int32) if err is None else err.copy()
            for at in np.flatnonzero(~np.isfinite(column.data)).tolist():
                error = not_finite(float(column.data[at])).at(self.node.span, self.node.function.name)
                codes[at] = codes[at] or batch.errors.number(error)
                column.data[at] = 0.0
            column.err = codes
        return column

    def weigh(self, total: int, batch: Batch) -> None:
        batch.fuel.spend(total >> 6)
        batch.fuel.texts += total
        if batch.fuel.texts > MAX_BATCH and batch.count > 1:
            raise BatchTooLarge


def _first(column: Column) -> Column:
    """A constant column as one row."""
    null = None if column.null is None else column.null[:1]
    err = None if column.err is None else column.err[:1]
    made = Column(column.store, None, null, err, day=column.day, value=column.value, count=1)
    if null is None and column.value is None and column.store != "obj":
        made.null = np.ones(1, dtype=np.bool_)
    return made
