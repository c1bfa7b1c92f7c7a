"""A plan: one checked formula with its typed tree, from which both evaluators are made when they are first wanted."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from crm_core.contracts import FormulaContext, FormulaError, FormulaPart, FormulaType, FormulaValue
from crm_core.contracts.formula import Clock
from plugins.formulas.evaluation.coercion import leaving
from plugins.formulas.evaluation.columns import Batch, Column, Errors, Kernel
from plugins.formulas.evaluation.inputs import column_of, context_column, context_value, reader
from plugins.formulas.evaluation.kernels import kernel
from plugins.formulas.evaluation.rows import Row, row
from plugins.formulas.explaining import explain
from plugins.formulas.faults import RunError, error_of
from plugins.formulas.language.typed import Typed
from plugins.formulas.limits import COLUMN_LEAST, COLUMN_SECONDS, ROW_SECONDS, BatchTooLarge, Fuel
from plugins.formulas.types import ANY

CHUNK = 65_536
_NO_CONTEXT = FormulaContext()


class Plan:
    """See `crm_core.contracts.FormulaPlan`. Values that need no conversion can go past it by `rows` and `batches`."""

    def __init__(
        self,
        text: str,
        tree: Typed | None,
        errors: tuple[FormulaError, ...],
        warnings: tuple[FormulaError, ...] = (),
        inputs: Sequence[tuple[str, str]] = (),
        types: Sequence[tuple[FormulaType, bool]] = (),
        names: int = 0,
        functions: frozenset[str] = frozenset(),
        clock: Clock = "",
    ) -> None:
        self.text, self.tree, self.errors, self.warnings = text, tree, errors, warnings
        self.type = ANY if tree is None else tree.type
        self.inputs, self.functions, self.clock = tuple(inputs), functions, clock
        self.reads = tuple(key for kind, key in inputs if kind == "field")
        self.types = tuple(types)
        self.names = names
        self._row: Row | None = None
        self._kernel: Kernel | None = None
        self._readers = [reader(type_, computed=computed) for type_, computed in types]

    # --- one row ---------------------------------------------------------------------------------------------------

    @property
    def compute(self) -> Row:
        """The closure over slots: fuel, inputs, names."""
        if self._row is None:
            self._row = row(self._usable())
        return self._row

    def slots(self, values: Sequence[Any], context: FormulaContext = _NO_CONTEXT) -> list[Any]:
        """The slots of one row from values as they come from outside."""
        given = iter(zip(self._readers, values, strict=True))
        slots: list[Any] = [Fuel(ROW_SECONDS)]
        for kind, key in self.inputs:
            if kind == "context":
                slots.append(context_value(key, context))
            else:
                read, value = next(given)
                slots.append(read(value))
        return slots + [None] * self.names

    def row(self, values: Sequence[Any], context: FormulaContext = _NO_CONTEXT) -> FormulaValue | FormulaError:
        """The result for one record, or the error it ends in."""
        try:
            result = self.compute(self.slots(values, context))
        except RunError as problem:
            return error_of(problem)
        except RecursionError:
            return _too_deep()
        return leaving(result)  # type: ignore[no-any-return]

    def explain(self, values: Sequence[Any], context: FormulaContext = _NO_CONTEXT) -> list[FormulaPart]:
        """What every part came to for one record, in the order of evaluation; the last is the whole formula."""
        try:
            return explain(self.text, self._usable(), self.slots(values, context))
        except RecursionError:
            return [FormulaPart(self._usable().span, _too_deep(), 0)]

    # --- columns ---------------------------------------------------------------------------------------------------

    @property
    def kernel(self) -> Kernel:
        """The kernel over batches of rows."""
        if self._kernel is None:
            self._kernel = kernel(self._usable())
        return self._kernel

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
        """The results for many records."""
        errors = Errors()
        try:
            made = self.batches(self.columns(columns, count, context, errors), count, errors)
        except RunError as problem:
            return [error_of(problem)] * count
        except RecursionError:
            return [_too_deep()] * count
        return [value for column in made for value in leaving_column(column, errors)]

    def _usable(self) -> Typed:
        if self.tree is None:
            raise ValueError(f"the formula has errors: {self.errors[0].message}")
        return self.tree


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


def _too_deep() -> FormulaError:
    return FormulaError("limit", "The formula is nested too deep to be computed.")
