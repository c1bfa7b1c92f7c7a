"""Footer and group values in SQL: counts, sums, averages, medians, extremes, deviations.

Money is added as integers in two halves, so that no sum of amounts loses a cent or overflows.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from crm_core.errors import Invalid
from crm_core.kinds import FieldDef
from crm_core.storage.queries.links import anchor, linked_count, reach
from crm_core.storage.queries.operators import scale_of
from crm_core.storage.queries.scope import Scope

_COUNTS = ("count", "filled", "empty", "unique", "percent_filled", "percent_empty")
_DATES = (*_COUNTS, "min", "max", "range")
_NUMBERS = (*_DATES, "sum", "average", "median", "stddev")
AGGREGATES: Mapping[str, Sequence[str]] = {"number": _NUMBERS, "date": _DATES, "moment": _DATES}
"""What can be computed over a field, by its kind's family; families not listed have the counts."""

_HALF = 2**31
_SECONDS_A_DAY = 86_400

Wanted = Sequence[tuple[FieldDef, str]]
"""Fields with the function to compute over each."""

Found = dict[tuple[Any, ...], tuple[Any, ...]]
"""Group key → values."""


def check_function(field: FieldDef, function: str, pointer: str) -> None:
    """Raise Invalid (`unknown_aggregate`) when a field's kind has no such aggregate."""
    known = AGGREGATES.get(field.kind.family, _COUNTS)
    if function not in known:
        raise Invalid(
            "unknown_aggregate",
            f"{field.name} ({field.kind.name}) has no aggregate {function[:60]!r}.",
            f"Use one of: {', '.join(known)}.",
            pointer,
        )


def fact(scope: Scope, field: FieldDef) -> sa.ColumnElement[Any]:
    """What of a row an aggregate of this field looks at; NULL where the cell is empty."""
    if field.kind.family == "link":
        return sa.func.nullif(linked_count(scope.schema, field, scope.rows), 0)
    return scope.column(field)


@dataclass(frozen=True)
class Grouping:
    """Columns of the facts to group by, the order of the groups, and how many of them are wanted."""

    names: Sequence[str] = ()
    order: Sequence[sa.ColumnElement[Any]] = ()
    most: int | None = None


def compute(
    scope: Scope, facts: sa.Subquery, grouping: Grouping, wanted: Wanted
) -> dict[tuple[Any, ...], tuple[int, dict[str, Any]]]:
    """The number of rows and the wire values by field id, by group key and in the order of the groups.

    `facts` has a column `a<field key>` per field, `id`, the columns of links, and those that `grouping` names; without
    groups the one key is ().
    """
    groups = grouping.names
    shared = _shared(scope, facts, grouping, wanted)
    totals: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {key: (count, {}) for key, (count, _) in shared.items()}
    for field, function in wanted:
        column = facts.c[f"a{field.id}"]
        own: Found = {}
        if function == "median":
            own = _middle(scope, facts, groups, column)
        elif function == "stddev":
            own = _deviation(scope, facts, groups, column)
        elif function == "unique" and field.kind.family == "link":
            own = _unique_links(scope, facts, groups, field)
        for key, (count, values) in shared.items():
            value = _finish(field, function, count, values[field.id], own.get(key))
            totals[key][1][field.public_id] = value
    return totals


def _shared(
    scope: Scope, facts: sa.Subquery, grouping: Grouping, wanted: Wanted
) -> dict[tuple[Any, ...], tuple[int, dict[int, tuple[Any, ...]]]]:
    """What one pass over the rows gives: their number, and per field how many are filled and its function's parts."""
    columns: list[sa.ColumnElement[Any]] = [sa.func.count()]
    slices: dict[int, slice] = {}
    for field, function in wanted:
        column = facts.c[f"a{field.id}"]
        parts = [sa.func.count(column), *_parts(field, function, column)]
        slices[field.id] = slice(len(columns), len(columns) + len(parts))
        columns += parts
    found = _grouped(scope, facts, grouping.names, columns, grouping)
    return {key: (values[0], {field: values[part] for field, part in slices.items()}) for key, values in found.items()}


def _parts(field: FieldDef, function: str, column: sa.ColumnElement[Any]) -> list[sa.ColumnElement[Any]]:
    if function in ("sum", "average"):
        if isinstance(field.kind.sql_type, sa.Integer):
            half = sa.literal_column(str(_HALF), sa.BigInteger)
            return [sa.func.sum(column // half), sa.func.sum(column % half)]
        return [sa.func.sum(column)]
    if function in ("min", "max", "range"):
        return [sa.func.min(column), sa.func.max(column)]
    if function == "unique" and field.kind.family != "link":
        return [sa.func.count(sa.distinct(column))]
    return []


def _grouped(
    scope: Scope,
    source: sa.FromClause,
    groups: Sequence[str],
    columns: Sequence[sa.ColumnElement[Any]],
    grouping: Grouping = Grouping(),
) -> Found:
    keys = [source.c[name] for name in groups]
    query = sa.select(*keys, *columns).select_from(source)
    if keys:
        query = query.group_by(*keys).order_by(*grouping.order).limit(grouping.most)
    return {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in scope.connection.execute(query)}


def _middle(scope: Scope, facts: sa.Subquery, groups: Sequence[str], column: sa.ColumnElement[Any]) -> Found:
    """The one or two middle values of each group."""
    keys = [facts.c[name] for name in groups]
    place = sa.func.row_number().over(partition_by=keys or None, order_by=column)
    number = sa.func.count().over(partition_by=keys or None)
    ranked = (
        sa.select(*keys, column.label("x"), place.label("place"), number.label("number"))
        .where(column.is_not(None))
        .subquery()
    )
    twice = ranked.c.place * 2
    middle = sa.select(ranked).where(twice >= ranked.c.number, twice <= ranked.c.number + 2).subquery()
    return _grouped(scope, middle, groups, [sa.func.min(middle.c.x), sa.func.max(middle.c.x)])


def _deviation(scope: Scope, facts: sa.Subquery, groups: Sequence[str], column: sa.ColumnElement[Any]) -> Found:
    """The sum of squared distances from each group's mean, in two steps, so that nothing cancels out."""
    keys = [facts.c[name] for name in groups]
    mean = sa.func.avg(column).over(partition_by=keys or None)
    centred = sa.select(*keys, (column - mean).label("x")).where(column.is_not(None)).subquery()
    return _grouped(scope, centred, groups, [sa.func.sum(centred.c.x * centred.c.x)])


def _unique_links(scope: Scope, facts: sa.Subquery, groups: Sequence[str], field: FieldDef) -> Found:
    """How many different records a group's rows link to."""
    way = reach(scope.schema, field)
    start = facts.c[anchor(field, scope.rows).name]
    joined = (
        sa.select(*(facts.c[name] for name in groups), way.rows.c.id.label("x"))
        .select_from(facts.join(way.source, way.where(start)))
        .subquery()
    )
    return _grouped(scope, joined, groups, [sa.func.count(sa.distinct(joined.c.x))])


def _finish(field: FieldDef, function: str, count: int, values: tuple[Any, ...], own: tuple[Any, ...] | None) -> Any:
    """One aggregate in wire form; None where there is nothing to compute it from."""
    filled = values[0]
    if function in _COUNTS:
        unique = (own or (0,))[0] if field.kind.family == "link" else values[1] if function == "unique" else 0
        counts = {"count": count, "filled": filled, "empty": count - filled, "unique": unique}
        if function in counts:
            return counts[function]
        return (filled if function == "percent_filled" else count - filled) / count if count else None
    if not filled:
        return None
    if function in ("sum", "average"):
        whole = Fraction(values[1]) * _HALF + values[2] if len(values) > 2 else values[1]
        return _number(field, whole if function == "sum" else whole / filled)
    if function == "median":
        low, high = own or (0, 0)
        return _number(field, Fraction(low) / 2 + Fraction(high) / 2)
    if function == "stddev":
        return _number(field, math.sqrt(own[0] / (filled - 1))) if filled > 1 and own else None
    low, high = values[1], values[2]
    if function == "range":
        return _range(field, low, high)
    return field.kind.wire(low if function == "min" else high, field)


def _number(field: FieldDef, stored: Any) -> int | float | None:
    """A computed number in wire units; whole ones of kinds that store integers stay integers."""
    exact = isinstance(stored, Fraction)
    value = stored / scale_of(field) if scale_of(field) > 1 else stored
    if exact and value.denominator == 1 and isinstance(field.kind.sql_type, sa.Integer):
        return int(value)
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _range(field: FieldDef, low: Any, high: Any) -> Any:
    """How far apart the extremes lie; dates and moments in days."""
    if field.kind.family == "date":
        return (date.fromisoformat(high) - date.fromisoformat(low)).days
    if field.kind.family == "moment":
        return (datetime.fromisoformat(high) - datetime.fromisoformat(low)).total_seconds() / _SECONDS_A_DAY
    return _number(field, Fraction(high) - Fraction(low) if isinstance(high, int) else high - low)
