"""Kernels of single functions that are worth one; each gives the bits of the function called row by row."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm_core.contracts import Kind
from plugins.formulas.dates import formatting
from plugins.formulas.dates.moments import DAY_MS, Moment
from plugins.formulas.dates.units import LENGTHS, unit_of
from plugins.formulas.evaluation.coercion import guarded
from plugins.formulas.evaluation.columns import Batch, Codes, Column, marked, merged
from plugins.formulas.evaluation.listing import empty_date, numeric
from plugins.formulas.functions.rounding import EXACT, scale
from plugins.formulas.functions.text import whole
from plugins.formulas.language.typed import Apply
from plugins.formulas.limits import MAX_CELL

Fast = Callable[[Apply, list[Column], Batch], Column | None]
"""A kernel of one function; None when it does not know what to do with these columns."""

_DATE_CACHE = 20_000


def _known(columns: list[Column], at: int, default: Any) -> Any:
    """The one value of an argument for all rows, or None when it varies or is in error."""
    if at >= len(columns):
        return default
    column = columns[at]
    return None if column.varies or column.err is not None else column.value


def _round(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
    digits = _known(columns, 1, 0.0)
    if type(digits) is not float or columns[0].store != "num" or not -15 <= digits <= 15:
        return None
    values: NDArray[np.float64] = columns[0].data
    power = scale(digits)
    with np.errstate(all="ignore"):
        scaled = values * power if digits >= 0 else values / power
        below = np.floor(scaled)
        tie = below + 0.5
        tie = np.divide(tie, power, out=tie) if digits >= 0 else np.multiply(tie, power, out=tie)
        below += values >= tie
        below = np.divide(below, power, out=below) if digits >= 0 else np.multiply(below, power, out=below)
        below += 0.0
        np.abs(scaled, out=scaled)
        if not scaled.max(initial=0.0) < EXACT:
            below = np.where(scaled < EXACT, below, values)
    return Column("num", below, None, columns[0].err)


def _dates(node: Apply, columns: list[Column], batch: Batch, count: int = 1) -> tuple[list[Any], Codes | None] | None:
    """The milliseconds of date arguments, with errors where they are empty; None when they are no plain dates."""
    err: Codes | None = None
    found = []
    for column, part in zip(columns[:count], node.arguments, strict=False):
        if column.store != "date":
            return None
        err = merged(err, column.err)
        if column.null is not None and column.null.any():
            err = merged(err, marked(None, column.null, batch.errors.number(empty_date(part.span))))
        found.append(column.data)
    return found, err


def _days(ms: Any) -> Any:
    return (ms // DAY_MS).astype("datetime64[D]")


def _part(compute: Callable[[Any], Any]) -> Fast:
    def fast(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
        dates = _dates(node, columns, batch)
        if dates is None or len(columns) > 1:
            return None
        (ms,), err = dates
        return Column("num", compute(ms).astype(np.float64), None, err)

    return fast


def _month(ms: Any) -> Any:
    return _days(ms).astype("datetime64[M]").astype(np.int64) % 12 + 1


def _day(ms: Any) -> Any:
    days = _days(ms)
    return (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1


def _year(ms: Any) -> Any:
    return _days(ms).astype("datetime64[Y]").astype(np.int64) + 1970


def _compared(later: bool) -> Fast:
    def fast(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
        dates = _dates(node, columns, batch, 2)
        if dates is None:
            return None
        (first, second), err = dates
        return Column("bool", first > second if later else first < second, None, err)

    return fast


def _difference(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
    name = _known(columns, 2, "seconds")
    if type(name) is not str:
        return None
    unit = unit_of(name)
    dates = _dates(node, columns, batch, 2)
    if dates is None or unit not in LENGTHS:
        return None
    (first, second), err = dates
    apart = first - second
    quotient = np.sign(apart) * (np.abs(apart) // LENGTHS[unit])
    return Column("num", quotient.astype(np.float64), None, err)


def _format(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
    pattern = _known(columns, 1, "")
    if type(pattern) is not str or not pattern or len(pattern) > 200 or not formatting.by_day(pattern):
        return None
    dates = _dates(node, columns, batch)
    if dates is None:
        return None
    (ms,), err = dates
    days = ms // DAY_MS
    return Column("text", _by_day(days, lambda day: formatting.format_moment(Moment(day * DAY_MS), pattern)), None, err)


def _by_day(days: Any, write: Callable[[int], str]) -> list[str]:
    """A text for every day, each different day written once."""
    if not len(days):
        return []
    low, high = int(days.min()), int(days.max())
    if high - low >= _DATE_CACHE:
        found = {day: write(day) for day in np.unique(days).tolist()}
        return [found[day] for day in days.tolist()]
    shifted = days - low
    present = np.flatnonzero(np.bincount(shifted)).tolist()
    words = [""] * (high - low + 1)
    for day in present:
        words[day] = write(day + low)
    return [words[day] for day in shifted.tolist()]


def _sliced(cut: Callable[[list[Column], list[str]], list[str] | None]) -> Fast:
    def fast(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
        if columns[0].store != "text" or any(column.varies or column.err is not None for column in columns[1:]):
            return None
        made = cut(columns, columns[0].data)
        return None if made is None else Column("text", made, None, columns[0].err)

    return fast


def _left(columns: list[Column], texts: list[str]) -> list[str] | None:
    count = _known(columns, 1, 1.0)
    if type(count) is not float:
        return None
    kept = max(0, whole(count))
    return [text[:kept] for text in texts]


def _right(columns: list[Column], texts: list[str]) -> list[str] | None:
    count = _known(columns, 1, 1.0)
    if type(count) is not float or count < 1:
        return None
    kept = whole(count)
    return [text[-kept:] for text in texts]


def _middle(columns: list[Column], texts: list[str]) -> list[str] | None:
    start, count = _known(columns, 1, None), _known(columns, 2, None)
    if type(start) is not float or type(count) is not float:
        return None
    first = max(1, whole(start)) - 1
    last = first + max(0, whole(count))
    return [text[first:last] for text in texts]


_MARK = "\0"


def _cased(change: Callable[[str], str]) -> Fast:
    def fast(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
        """All texts as one, joined by a character that no case changes; not when one is long or holds it."""
        column = columns[0]
        if column.store != "text" or len(column.data) < 2:
            return None
        joined = _MARK.join(column.data)
        if joined.count(_MARK) != len(column.data) - 1 or len(joined) > MAX_CELL * 40:
            return None
        if len(joined) > MAX_CELL and max(map(len, column.data)) > MAX_CELL:
            return None
        return Column("text", change(joined).split(_MARK), None, column.err)

    return fast


def _length(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
    column = columns[0]
    if column.store != "text":
        return None
    return Column("num", np.fromiter(map(len, column.data), np.float64, len(column.data)), None, column.err)


def _vectorised(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
    """The NumPy version that a function brings; for numbers only."""
    function = node.function
    numbers = all(column.store in ("num", "bool") for column in columns) and node.type.kind is Kind.NUMBER
    if function.vectorised is None or not numbers or any(parameter.blank for parameter in function.takes):
        return None
    arrays, err = [], None
    for column, part in zip(columns, node.arguments, strict=True):
        array, failed = numeric(column, part.span, batch)
        arrays.append(array)
        err = merged(err, failed)
    with np.errstate(all="ignore"):
        made = function.vectorised(*arrays)
    made = np.asarray(made)
    if made.shape != (batch.count,) or made.dtype.kind not in "fiu" or not np.isfinite(made).all():
        return None
    return Column("num", made.astype(np.float64), None, err)


def outside_vectorised(node: Apply, columns: list[Column], batch: Batch) -> Column | None:
    """The same for another plugin's function, through its gate; whatever goes wrong, the rows tell."""
    function = node.function
    if function.vectorised is None:
        return None

    def act() -> Column | None:
        try:
            return _vectorised(node, columns, batch)
        except Exception:
            return None

    found: Column | None = guarded(function, act, batch.fuel.left())
    return found


FAST: dict[str, Fast] = {
    "ROUND": _round,
    "ABS": _vectorised,
    "INT": _vectorised,
    "YEAR": _part(_year),
    "MONTH": _part(_month),
    "DAY": _part(_day),
    "HOUR": _part(lambda ms: ms // 3_600_000 % 24),
    "MINUTE": _part(lambda ms: ms // 60_000 % 60),
    "SECOND": _part(lambda ms: ms // 1000 % 60),
    "WEEKDAY": _part(lambda ms: (ms // DAY_MS + 4) % 7),
    "IS_AFTER": _compared(True),
    "IS_BEFORE": _compared(False),
    "DATETIME_DIFF": _difference,
    "DATETIME_FORMAT": _format,
    "LEFT": _sliced(_left),
    "RIGHT": _sliced(_right),
    "MID": _sliced(_middle),
    "UPPER": _cased(str.upper),
    "LOWER": _cased(str.lower),
    "LEN": _length,
}
"""By name, for the bundled functions."""
