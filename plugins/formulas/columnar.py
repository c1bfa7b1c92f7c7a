"""A plan over columns: batches of rows through one kernel. All of NumPy comes in through here."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from crm_core.contracts import FormulaContext, FormulaError, FormulaType, FormulaValue
from plugins.formulas.evaluation.coercion import leaving
from plugins.formulas.evaluation.column_inputs import column_of, context_column
from plugins.formulas.evaluation.columns import Batch, Column, Errors
from plugins.formulas.evaluation.kernels import kernel
from plugins.formulas.faults import error_of
from plugins.formulas.language.typed import Typed
from plugins.formulas.limits import COLUMN_LEAST, COLUMN_SECONDS, BatchTooLarge, Fuel

CHUNK = 65_536
_NO_CONTEXT = FormulaContext()


class Columnar:
    """Evaluates one typed tree over columns; `inputs`, `types` and `names` are those of its plan."""

    def __init__(
        self, tree: Typed, inputs: Sequence[tuple[str, str]], types: Sequence[tuple[FormulaType, bool]], names: int
    ) -> None:
        self.inputs, self.types, self.names = inputs, types, names
        self.kernel = kernel(tree)

    def columns(
        self,
        given: Sequence[Any],
        count: int,
        context: FormulaContext | Sequence[FormulaContext] = _NO_CONTEXT,
        errors: Errors | None = None,
    ) -> list[Column]:
        """The inputs as columns."""
        errors = errors or Errors()
        waiting = iter(zip(given, self.types, strict=True))
        found = []
        for kind, key in self.inputs:
            if kind == "context":
                found.append(context_column(key, context, count))
            else:
                column, (type_, computed) = next(waiting)
                found.append(column_of(column, type_, computed=computed, count=count, errors=errors))
        return found

    def batches(self, columns: Sequence[Column], count: int, errors: Errors) -> list[Column]:
        """The results of all rows, some 65,536 at a time; less when their texts would fill the memory."""
        seconds = max(COLUMN_LEAST, COLUMN_SECONDS * count / 1_000_000)
        fuel = Fuel(seconds)
        made: list[Column] = []
        start, size = 0, CHUNK
        while start < count:
            stop = min(count, start + size)
            part = columns if start == 0 and stop == count else [_part(column, start, stop) for column in columns]
            fuel.texts = 0
            fuel.look()
            batch = Batch(stop - start, part, errors, fuel, {}, 1 + len(self.inputs) + self.names)
            try:
                made.append(self.kernel(batch))
            except BatchTooLarge:
                size = max(1, (stop - start) // 8)
                continue
            start = stop
        return made

    def column(
        self,
        columns: Sequence[Any],
        count: int,
        context: FormulaContext | Sequence[FormulaContext] = _NO_CONTEXT,
    ) -> list[FormulaValue | FormulaError]:
        """The results for many records; what ends all of them alike (RunError, RecursionError) is raised."""
        errors = Errors()
        made = self.batches(self.columns(columns, count, context, errors), count, errors)
        return [value for column in made for value in leaving_column(column, errors)]


def _part(column: Column, start: int, stop: int) -> Column:
    """The rows of a column from start to stop, without copying arrays."""
    if not column.varies and column.null is None and column.err is None:
        return Column(column.store, None, day=column.day, value=column.value, count=stop - start)
    null = None if column.null is None else column.null[start:stop]
    err = None if column.err is None else column.err[start:stop]
    return Column(
        column.store, column.data[start:stop], null if null is not None and null.any() else None, err,
        day=column.day, value=column.value, count=stop - start,
    )  # fmt: skip


def leaving_column(column: Column, errors: Errors) -> list[FormulaValue | FormulaError]:
    """A column's values as they leave, with the errors in their rows."""
    values: list[Any] = column.values()
    if column.store in ("date", "obj"):
        values = list(map(leaving, values))
    if column.err is not None:
        for at in np.flatnonzero(column.err).tolist():
            problem = errors.table[column.err[at]]
            assert problem is not None
            values[at] = error_of(problem)
    return values
