"""Filter operators: family of kinds → operator → SQL. A new kind's operators follow from its `family`.

Each function takes (scope, field, value) and answers a condition; CellError for a value it cannot take. An empty cell
is "not" anything: `is_not`, `!=`, `does_not_contain` and `…_none_of` let it through.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from crm_core import ids
from crm_core.kinds import CellError, FieldDef
from crm_core.kinds.attachments import BETWEEN
from crm_core.kinds.choices import pack, unpack
from crm_core.kinds.numbers import decimal_of
from crm_core.kinds.text import clean
from crm_core.storage.queries import dates, links
from crm_core.storage.queries.dialects import contains, equals, like, one_of, place
from crm_core.storage.queries.merges import survivors
from crm_core.storage.queries.scope import Scope, any_of
from crm_core.storage.queries.texts import text_of

Condition = sa.ColumnElement[bool]
Operator = Callable[[Scope, FieldDef, Any], Condition]
MAX_NEEDLE = 1_000
MAX_VALUES = 1_000
_MAX_KEY = 2**63 - 1


# --- empty cells ---------------------------------------------------------------------------------------------------
def _is_empty(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return scope.column(field).is_(None)


def _negated(operator: Operator) -> Operator:
    """The opposite of an operator, which an empty cell passes."""

    def negation(scope: Scope, field: FieldDef, value: Any) -> Condition:
        return sa.or_(scope.column(field).is_(None), sa.not_(operator(scope, field, value)))

    return negation


def _opposite(operator: Operator) -> Operator:
    """The opposite of an operator that is never unknown."""
    return lambda scope, field, value: sa.not_(operator(scope, field, value))


def _or_empty(operator: Operator) -> Operator:
    """An equality whose value may be left empty: then it asks for the empty cell."""
    return lambda scope, field, value: (_is_empty if value is None or value == "" else operator)(scope, field, value)


def _differs(operator: Operator) -> Operator:
    """The opposite of an equality; "is not nothing" asks for a filled cell."""
    negation, filled = _negated(operator), _opposite(_is_empty)
    return lambda scope, field, value: (filled if value is None or value == "" else negation)(scope, field, value)


# --- text ------------------------------------------------------------------------------------------------------------
def needle_of(value: Any, most: int = MAX_NEEDLE) -> str:
    """The text a filter or search looks for; CellError when it is none, empty or longer than `most`."""
    text = clean(value)
    if text is None:
        raise CellError("filter_value_missing", "A text to look for was expected.")
    if len(text) > most:
        raise CellError("too_long", f"The text to look for has {len(text):,} characters.", f"Use at most {most:,}.")
    return text


def _text_is(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return equals(scope.column(field), needle_of(value, 100_000))


def _contains(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return contains(scope.column(field), needle_of(value))


# --- files: their names stand before the rest -----------------------------------------------------------------------
def file_names(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The names in a cell of files, one a line; NULL for the empty cell."""
    one: sa.ColumnElement[int] = sa.literal_column("1")
    return sa.func.substr(column, one, place(column, sa.literal(BETWEEN)) - one, type_=sa.Text())


def _named(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return contains(file_names(scope.column(field)), needle_of(value))


# --- numbers ---------------------------------------------------------------------------------------------------------
def scale_of(field: FieldDef) -> int:
    """How many stored units make one wire unit: money is stored in minor units."""
    return 10 ** int(field.options.get("precision", 0)) if field.kind.shown.name == "currency" else 1


def _around(scope: Scope, field: FieldDef, value: Any) -> tuple[int | float, int | float]:
    """The stored values nearest below and above a number; the same one twice when the column can hold it exactly."""
    if not isinstance(field.kind.sql_type, sa.Integer):
        number: float | None = field.kind.read(value, field, scope.zone)
        if number is None:
            raise CellError("filter_value_missing", "A number was expected.")
        return number, number
    exact = decimal_of(value)
    if exact is None:
        raise CellError("filter_value_missing", "A number was expected.")
    if exact.adjusted() > 20:
        return (_MAX_KEY - 1, _MAX_KEY) if exact > 0 else (-_MAX_KEY, 1 - _MAX_KEY)
    scaled = Fraction(exact) * scale_of(field)
    low, high = math.floor(scaled), math.ceil(scaled)
    return max(min(low, _MAX_KEY), -_MAX_KEY), max(min(high, _MAX_KEY), -_MAX_KEY)


def _number_is(scope: Scope, field: FieldDef, value: Any) -> Condition:
    low, high = _around(scope, field, value)
    return scope.column(field) == low if low == high else sa.false()


def _less(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return scope.column(field) < _around(scope, field, value)[1]


def _at_most(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return scope.column(field) <= _around(scope, field, value)[0]


def _more(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return scope.column(field) > _around(scope, field, value)[0]


def _at_least(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return scope.column(field) >= _around(scope, field, value)[1]


# --- checkbox, options, people ---------------------------------------------------------------------------------------
def _ticked_is(scope: Scope, field: FieldDef, value: Any) -> Condition:
    if value is None:
        raise CellError("filter_value_missing", "true or false was expected.")
    ticked = field.kind.read(value, field, scope.zone)
    return scope.column(field).is_(None) if ticked is None else scope.column(field) == ticked


def _value_is(scope: Scope, field: FieldDef, value: Any) -> Condition:
    wanted: int | None = field.kind.read(value, field, scope.zone)
    return scope.column(field) == wanted


def _list_of(value: Any) -> Sequence[Any]:
    items = value if isinstance(value, list) else [value]
    if value is None or value == "" or any(item is None or item == "" for item in items):
        raise CellError("filter_value_missing", "A list of values was expected.")
    if len(items) > MAX_VALUES:
        raise CellError("too_long", f"The list has {len(items):,} values.", f"Use at most {MAX_VALUES:,}.")
    return items


def _is_any_of(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return scope.column(field).in_([field.kind.read(item, field, scope.zone) for item in _list_of(value)])


def _numbers(scope: Scope, field: FieldDef, value: Any) -> list[int]:
    """Option numbers of a multi select's filter value, each once."""
    return unpack(field.kind.read(list(_list_of(value)), field, scope.zone) or "")


def _holds(scope: Scope, field: FieldDef, numbers: Sequence[int]) -> list[Condition]:
    return [like(scope.column(field), f"%|{number}|%") for number in numbers]


def _has_any_of(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return any_of(_holds(scope, field, _numbers(scope, field, value)))


def _has_all_of(scope: Scope, field: FieldDef, value: Any) -> Condition:
    missing = [sa.not_(held) for held in _holds(scope, field, _numbers(scope, field, value))]
    column = scope.column(field)
    return sa.and_(column.is_not(None), sa.not_(any_of(missing))) if missing else sa.true()


def _is_exactly(scope: Scope, field: FieldDef, value: Any) -> Condition:
    packed = pack(_numbers(scope, field, value))
    if packed is None:
        return _is_empty(scope, field, None)
    return sa.and_(sa.func.length(scope.column(field)) == len(packed), _has_all_of(scope, field, value))


# --- links -----------------------------------------------------------------------------------------------------------
def _keys(scope: Scope, field: FieldDef, value: Any) -> list[int]:
    """Record keys of a link's filter value, each once; of a merged record the key of the one that stays."""
    keys: dict[int, None] = {}
    for item in _list_of(value):
        key = ids.try_record(field.options["table"], item)
        if key is None:
            raise CellError("unknown_record", f"{str(item)[:60]!r} is not the id of a record.", "Pick a record.")
        keys[key] = None
    merged = survivors(scope.connection, scope.schema.by_id[field.options["table"]], keys) if keys else {}
    return list(dict.fromkeys(merged.get(key, key) for key in keys))


def _linked(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return links.linked(scope.schema, field, scope.rows)


def _links_any_of(scope: Scope, field: FieldDef, value: Any) -> Condition:
    keys = _keys(scope, field, value)
    return links.linked(scope.schema, field, scope.rows, lambda way: one_of(way.rows.c.id, keys))


def _links_all_of(scope: Scope, field: FieldDef, value: Any) -> Condition:
    keys = _keys(scope, field, value)
    return links.linked_count(scope.schema, field, scope.rows, keys) == len(keys)


def _links_exactly(scope: Scope, field: FieldDef, value: Any) -> Condition:
    keys = _keys(scope, field, value)
    everything = links.linked_count(scope.schema, field, scope.rows) == len(keys)
    return sa.and_(everything, links.linked_count(scope.schema, field, scope.rows, keys) == len(keys))


def _links_contain(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return links.linked(scope.schema, field, scope.rows, links.named(text_of, needle_of(value)))


# --- dates -----------------------------------------------------------------------------------------------------------
def _between(column: sa.ColumnElement[Any], low: str | None, high: str | None) -> Condition:
    """low ≤ column < high; a bound that lies beyond the calendar holds for every filled cell."""
    parts = [column.is_not(None)] if low is None else [column >= low]
    return sa.and_(*parts, *([] if high is None else [column < high]))


def _within(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return _between(scope.column(field), *dates.bounds_of(scope, field, value))


def _before(scope: Scope, field: FieldDef, value: Any) -> Condition:
    low, column = dates.bounds_of(scope, field, value)[0], scope.column(field)
    return sa.false() if low is None else _between(column, None, low)


def _on_or_before(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return _between(scope.column(field), None, dates.bounds_of(scope, field, value)[1])


def _after(scope: Scope, field: FieldDef, value: Any) -> Condition:
    high, column = dates.bounds_of(scope, field, value)[1], scope.column(field)
    return sa.false() if high is None else _between(column, high, None)


def _on_or_after(scope: Scope, field: FieldDef, value: Any) -> Condition:
    return _between(scope.column(field), dates.bounds_of(scope, field, value)[0], None)


_EMPTY: Mapping[str, Operator] = {"is_empty": _is_empty, "is_not_empty": _opposite(_is_empty)}
_ONE: Mapping[str, Operator] = {
    "is": _or_empty(_value_is),
    "is_not": _differs(_value_is),
    "is_any_of": _is_any_of,
    "is_none_of": _negated(_is_any_of),
    **_EMPTY,
}
_DATES: Mapping[str, Operator] = {
    "is": _or_empty(_within),
    "is_not": _differs(_within),
    "is_before": _before,
    "is_after": _after,
    "is_on_or_before": _on_or_before,
    "is_on_or_after": _on_or_after,
    "is_within": _within,
    **_EMPTY,
}
OPERATORS: Mapping[str, Mapping[str, Operator]] = {
    "text": {
        "is": _or_empty(_text_is),
        "is_not": _differs(_text_is),
        "contains": _contains,
        "does_not_contain": _negated(_contains),
        **_EMPTY,
    },
    "number": {
        "=": _or_empty(_number_is),
        "!=": _differs(_number_is),
        "<": _less,
        "<=": _at_most,
        ">": _more,
        ">=": _at_least,
        **_EMPTY,
    },
    "file": {"contains": _named, "does_not_contain": _negated(_named), **_EMPTY},
    "checkbox": {"is": _ticked_is},
    "choice": _ONE,
    "user": _ONE,
    "choices": {
        "has_any_of": _has_any_of,
        "has_all_of": _has_all_of,
        "is_exactly": _is_exactly,
        "has_none_of": _negated(_has_any_of),
        **_EMPTY,
    },
    "link": {
        "has_any_of": _links_any_of,
        "has_all_of": _links_all_of,
        "is_exactly": _links_exactly,
        "has_none_of": _opposite(_links_any_of),
        "contains": _links_contain,
        "does_not_contain": _opposite(_links_contain),
        "is_empty": _opposite(_linked),
        "is_not_empty": _linked,
    },
    "date": _DATES,
    "moment": _DATES,
}
"""Every operator by the family of its field's kind (docs/reference/http.md, "Reading")."""
