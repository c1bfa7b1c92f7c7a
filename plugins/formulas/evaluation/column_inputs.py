"""Columns from outside as the column kernels hold them, by the type of the field."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from crm_core.contracts import FormulaContext, FormulaType, Kind
from plugins.formulas.evaluation.columns import Codes, Column, Errors, constant, gathered
from plugins.formulas.evaluation.inputs import context_value, reader
from plugins.formulas.values import RunError, Value


def column_of(given: Any, wanted: FormulaType, *, computed: bool, count: int, errors: Errors) -> Column:
    """A column from outside: a list, a NumPy array, or a pair of an array and a mask of its blanks."""
    null = None
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], np.ndarray):
        given, null = given
    if isinstance(given, np.ndarray):
        found = _array(given, null, wanted)
        if found is not None:
            return found
        given = given.tolist()
    quick = _quick(given, wanted)
    if quick is not None:
        return quick
    read = reader(wanted, computed=computed)
    values: list[Value] = []
    codes: list[tuple[int, int]] = []
    for at, value in enumerate(given):
        made = read(value)
        if isinstance(made, RunError):
            codes.append((at, errors.number(made)))
            made = None
        values.append(made)
    err: Codes | None = None
    if codes:
        err = np.zeros(count, dtype=np.int32)
        for at, number in codes:
            err[at] = number
    store = {Kind.NUMBER: "num", Kind.TEXT: "text", Kind.BOOL: "bool", Kind.DATE: "date", Kind.DATETIME: "date"}.get(
        wanted.kind, "obj"
    )
    return gathered(store, values, err, day=wanted.kind is Kind.DATE)


def _quick(given: Sequence[Any], wanted: FormulaType) -> Column | None:
    """A list of plain values at once: numbers, texts, days and moments as the core stores them."""
    kinds = set(map(type, given)) - {type(None)}
    if wanted.kind is Kind.NUMBER and kinds and kinds <= {float, int}:
        return _array(np.array(given, dtype=np.float64), None, wanted)
    if wanted.kind is Kind.TEXT and kinds == {str}:
        return gathered("text", list(given), None)
    if wanted.kind in (Kind.DATE, Kind.DATETIME) and kinds == {str}:
        length, unit = (10, "D") if wanted.kind is Kind.DATE else (24, "ms")
        if all(value is None or (len(value) == length and value.isascii()) for value in given):
            try:
                plain = given if length == 10 else [None if value is None else _without_zone(value) for value in given]
                return _array(np.array(plain, dtype=f"datetime64[{unit}]"), None, wanted)
            except ValueError:
                return None
    return None


def _without_zone(moment: str) -> str:
    if moment[-1] != "Z":
        raise ValueError
    return moment[:-1]


def _array(given: Any, null: Any, wanted: FormulaType) -> Column | None:
    """A NumPy array that needs no look at its single values; NaN and NaT count as blank."""
    kind = given.dtype.kind
    if wanted.kind is Kind.NUMBER and kind in "fiu":
        data = given.astype(np.float64, copy=False)
        if null is None and kind == "f" and not np.isfinite(data).all():
            null = ~np.isfinite(data)
        if null is not None and null.any():
            return Column("num", np.where(null, 0.0, data), null)
        return Column("num", data)
    if wanted.kind is Kind.BOOL and kind == "b":
        return Column("bool", given if null is None else given & ~null, null)
    if wanted.kind in (Kind.DATE, Kind.DATETIME) and kind == "M":
        blank = np.isnat(given) if null is None else null
        data = given.astype("datetime64[ms]").astype(np.int64)
        if wanted.kind is Kind.DATE:
            data = data // 86_400_000 * 86_400_000
        any_blank = bool(blank.any())
        data = np.where(blank, 0, data) if any_blank else data
        return Column("date", data, blank if any_blank else None, day=wanted.kind is Kind.DATE)
    return None


_CONTEXT_STORES = {"today": "date", "record_id": "text"}


def context_column(name: str, context: FormulaContext | Sequence[FormulaContext], count: int) -> Column:
    """The same for a column: one value for all rows, or one for each."""
    store = _CONTEXT_STORES.get(name, "date")
    day = name == "today"
    if isinstance(context, FormulaContext):
        return constant(store, context_value(name, context), count, day=day)
    return gathered(store, [context_value(name, one) for one in context], day=day)
