"""Columns as lists of arguments: what a function's parameter takes, row by row."""

from collections.abc import Callable
from typing import Any

import numpy as np

from crm_core.contracts import FormulaType, Kind, Parameter
from plugins.formulas.dates.moments import Moment, iso_text
from plugins.formulas.evaluation.coercion import coercion
from plugins.formulas.evaluation.columns import Batch, Codes, Column, marked, merged
from plugins.formulas.language.tree import Span
from plugins.formulas.types import NUMBERS, ORDERED
from plugins.formulas.values import RunError, Value, number_text, to_moment


def texts(column: Column) -> list[str]:
    """Every row's value as text; rows in error have some text."""
    data, store = column.data, column.store
    if store == "text":
        return data  # type: ignore[no-any-return]
    made: list[str]
    if store == "num":
        whole = np.abs(data) < 1e15
        if whole.all() and (data == np.floor(data)).all():
            made = _whole_texts(data.astype(np.int64))
        else:
            made = list(map(number_text, data.tolist()))
    elif store == "bool":
        made = ["1" if value else "0" for value in data.tolist()]
    else:
        day = column.day
        made = [iso_text(Moment(ms, day)) for ms in data.tolist()]
    if column.null is not None:
        for at in np.flatnonzero(column.null).tolist():
            made[at] = ""
    return made


def _whole_texts(numbers: Any) -> list[str]:
    """Whole numbers as text; when they lie close together, each different one is written once."""
    if len(numbers) > 1000:
        low, high = int(numbers.min()), int(numbers.max())
        if high - low < len(numbers):
            words = [str(number) for number in range(low, high + 1)]
            return [words[at] for at in (numbers - low).tolist()]
    return list(map(str, numbers.tolist()))


def arguments(
    column: Column, parameter: Parameter, given: FormulaType, span: Span, batch: Batch
) -> tuple[list[Value], Codes | None]:
    """The argument for every row, and the errors of those whose value cannot be what the parameter takes."""
    wanted = parameter.type
    change = coercion(parameter, given)
    store = column.store
    if change is None or parameter.blank or wanted in (NUMBERS, ORDERED):
        return _changed(column, change, span, batch)
    if wanted.kind is Kind.TEXT and store != "obj":
        return texts(column), None
    if wanted.kind is Kind.NUMBER and store == "num":
        return column.data.tolist(), None
    if wanted.kind is Kind.BOOL and store == "bool":
        return column.data.tolist(), None
    if wanted.kind in (Kind.DATE, Kind.DATETIME) and store == "date":
        day = column.day
        err = None
        if column.null is not None and column.null.any():
            err = marked(None, column.null, batch.errors.number(empty_date(span)))
        return [Moment(ms, day) for ms in column.data.tolist()], err
    return _changed(column, change, span, batch)


def empty_date(span: Span) -> RunError:
    """The error of a date that is empty, as the rows' evaluator raises it."""
    try:
        to_moment(None)
    except RunError as error:
        return error.at(span)
    raise AssertionError("an empty date is an error")


def _changed(
    column: Column, change: Callable[[Value], Value] | None, span: Span, batch: Batch
) -> tuple[list[Value], Codes | None]:
    values = column.values()
    if change is None:
        return values, None
    found: list[tuple[int, int]] = []
    skip = column.err
    made: list[Value] = []
    for at, value in enumerate(values):
        try:
            made.append(change(value))
        except RunError as error:
            made.append(None)
            if skip is None or skip[at] == 0:
                found.append((at, batch.errors.number(error.at(span))))
    if not found:
        return made, None
    err = np.zeros(len(values), dtype=np.int32)
    for at, number in found:
        err[at] = number
    return made, err


def numeric(column: Column, span: Span, batch: Batch) -> tuple[Any, Codes | None]:
    """The column as float64, blanks as 0, with its errors and those of values that are no numbers."""
    if column.store == "num":
        return column.data, column.err
    if column.store == "bool":
        return column.data.astype(np.float64), column.err
    parameter = Parameter("", FormulaType(Kind.NUMBER))
    values, err = _changed(column, coercion(parameter, FormulaType(Kind.ANY)), span, batch)
    data = np.array([0.0 if value is None else value for value in values], dtype=np.float64)
    return data, merged(column.err, err)
