"""Columns of values, and the batch of rows they belong to.

A column keeps its values in one of five ways (`store`): num float64, bool, date int64 milliseconds, text list of str,
obj list of any values. Where `null` is set the value is blank, and the data there is 0, False or "": so a blank counts
as 0 for nothing. Where `err` is not 0 the row is in error; the batch's table has the error by its number.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from plugins.formulas.dates.moments import Moment
from plugins.formulas.limits import Fuel
from plugins.formulas.values import RunError, Value

Mask: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.int32]
Rows: TypeAlias = NDArray[np.intp]

VARIES: Any = object()
"""Stands for the value of a column that has not the same value in every row."""


class Column:
    """The values of one step for every row of a batch. A constant one makes its data when it is asked for."""

    __slots__ = ("_data", "count", "day", "err", "null", "store", "value")

    def __init__(
        self,
        store: str,
        data: Any,
        null: Mask | None = None,
        err: Codes | None = None,
        *,
        day: bool = False,
        value: Value = VARIES,
        count: int = 0,
    ) -> None:
        self.store, self._data, self.null, self.err = store, data, null, err
        self.day, self.value, self.count = day, value, count

    @property
    def data(self) -> Any:
        """An array, or a list for text and obj."""
        if self._data is None:
            self._data = _repeated(self.store, self.value, self.count)
        return self._data

    @property
    def varies(self) -> bool:
        """Whether rows may have different values."""
        return self.value is VARIES

    def take(self, rows: Rows) -> "Column":
        """The column of some of the rows."""
        null = None if self.null is None else self.null[rows]
        err = None if self.err is None else self.err[rows]
        if self._data is None:
            return Column(self.store, None, null, err, day=self.day, value=self.value, count=len(rows))
        data = self._data
        taken = data[rows] if isinstance(data, np.ndarray) else [data[at] for at in rows.tolist()]
        return Column(self.store, taken, null, err, day=self.day, value=self.value, count=len(rows))

    def values(self) -> list[Value]:
        """The values as the rows' evaluator has them, None for blank; rows in error have some value."""
        data = self.data
        if self.store == "obj":
            return list(data)
        if self.store == "date":
            day = self.day
            found: list[Value] = [Moment(ms, day) for ms in data.tolist()]
        else:
            found = data.tolist() if isinstance(data, np.ndarray) else list(data)
        if self.null is not None:
            for at in np.flatnonzero(self.null).tolist():
                found[at] = None
        return found


def _repeated(store: str, value: Value, count: int) -> Any:
    """A constant's data for every row."""
    if store == "num":
        return np.full(count, 0.0 if value is None else value, dtype=np.float64)
    if store == "bool":
        return np.full(count, bool(value), dtype=np.bool_)
    if store == "date":
        return np.full(count, 0 if value is None else value.ms, dtype=np.int64)
    if store == "text":
        return ["" if value is None else value] * count
    return [value] * count


def constant(store: str, value: Value, count: int, *, day: bool = False) -> Column:
    """A column with one value in all rows."""
    null = np.ones(count, dtype=np.bool_) if value is None and store != "obj" else None
    return Column(store, None, null, day=day, value=value, count=count)


def gathered(store: str, values: Sequence[Value], err: Codes | None = None, *, day: bool = False) -> Column:
    """A column of values as the rows' evaluator has them; None is blank."""
    if store == "obj":
        return Column(store, list(values), None, err)
    blank = None in values
    null = np.fromiter((value is None for value in values), np.bool_, len(values)) if blank else None
    data: Any
    if store == "num":
        data = np.array([0.0 if value is None else value for value in values] if blank else values, dtype=np.float64)
    elif store == "bool":
        data = np.array([bool(value) for value in values], dtype=np.bool_)
    elif store == "date":
        data = np.array([0 if value is None else value.ms for value in values], dtype=np.int64)
    else:
        data = ["" if value is None else value for value in values] if blank else list(values)
    return Column(store, data, null, err, day=day)


class Errors:
    """The errors of one evaluation by number; 0 is none. The same error has one number."""

    def __init__(self) -> None:
        self.table: list[RunError | None] = [None]
        self._numbers: dict[Any, int] = {}

    def number(self, error: RunError) -> int:
        """The number of an error."""
        found = self._numbers.get(error.key)
        if found is None:
            found = self._numbers[error.key] = len(self.table)
            self.table.append(error)
        return found


class Later:
    """A column of some rows that is not gathered before somebody wants it."""

    __slots__ = ("_column", "_rows", "_taken")

    def __init__(self, column: "Column | Later", rows: Rows) -> None:
        self._column, self._rows = column, rows
        self._taken: Column | None = None

    def get(self) -> Column:
        """The column, gathered once."""
        if self._taken is None:
            self._taken = at_hand(self._column).take(self._rows)
        return self._taken


def at_hand(column: Column | Later) -> Column:
    """The column itself."""
    return column.get() if isinstance(column, Later) else column


class Batch:
    """Rows that are computed together: their inputs, the names of LET, the errors and the fuel."""

    __slots__ = ("count", "errors", "fuel", "inputs", "names", "slots")

    def __init__(
        self,
        count: int,
        inputs: Sequence[Column | Later],
        errors: Errors,
        fuel: Fuel,
        names: dict[int, Column | Later],
        slots: int,
    ) -> None:
        self.count, self.inputs, self.errors, self.fuel = count, inputs, errors, fuel
        self.names, self.slots = names, slots

    def take(self, rows: Rows) -> "Batch":
        """Some of the rows; a column is gathered when it is first used."""
        inputs = [Later(column, rows) for column in self.inputs]
        names: dict[int, Column | Later] = {slot: Later(column, rows) for slot, column in self.names.items()}
        return Batch(len(rows), inputs, self.errors, self.fuel, names, self.slots)


Kernel: TypeAlias = Callable[[Batch], Column]


def merged(first: Codes | None, second: Codes | None) -> Codes | None:
    """The errors of two steps, row by row; the first one's count."""
    if first is None or second is None:
        return second if first is None else first
    return np.where(first != 0, first, second)


def marked(err: Codes | None, where: Mask, number: int) -> Codes:
    """Errors with one more where a mask is set and no error is yet."""
    made = np.zeros(len(where), dtype=np.int32) if err is None else err.copy()
    made[where & (made == 0)] = number
    return made
