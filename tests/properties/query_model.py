"""Reading in plain Python, written from docs/reference/http.md alone; test_queries.py compares with it."""

import math
import statistics
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cmp_to_key
from typing import Any
from zoneinfo import ZoneInfo

from tests.core.queries.world import FIELDS, NAMES, PEOPLE, ZONE, key_of

Row = Mapping[str, Any]
Fields = Mapping[str, tuple[str, Mapping[str, Any]]]
TEXTS = ("text", "email")
NUMBERS = ("number", "currency", "percent", "rating", "duration", "auto_number")
DATES = ("date", "date_time", "created_time", "modified_time")
USERS = ("user", "created_by", "modified_by")
_COMPUTED = {
    "created": "created_at",
    "modified": "updated_at",
    "creator": "created_by",
    "modifier": "updated_by",
    "running": "id",
}


@dataclass
class Data:
    """Rows in stored form; links as (field, from, to, position); the kinds of fields; the team's time zone."""

    main: Sequence[Row] = ()
    other: Sequence[Row] = ()
    links: Sequence[tuple[int, int, int, int]] = field(default_factory=list)
    fields: Fields = field(default_factory=lambda: FIELDS)
    zone: str = ZONE

    def rows(self, *, deleted: bool = False) -> list[Row]:
        return [row for row in self.main if (row["deleted_at"] is not None) == deleted]

    def links_of(self, row: Row, key: str) -> list[int]:
        """Keys of the live records a link field shows, in order."""
        other = {r["id"]: r for r in self.other if r["deleted_at"] is None}
        main = {r["id"]: r for r in self.main if r["deleted_at"] is None}
        number, here = key_of(key), row["id"]
        if key == "one":
            return [row["one"]] if row["one"] in other else []
        if key in ("many", "own"):
            targets = other if key == "many" else main
            mine = sorted((place, to) for f, start, to, place in self.links if f == number and start == here)
            return [to for _, to in mine if to in targets]
        if key == "back_one":
            found = [r for r in other.values() if r["to_one"] == here]
        else:
            back = {start for f, start, to, _ in self.links if f == key_of("to_many") and to == here}
            found = [r for r in other.values() if r["id"] in back]
        return [r["id"] for r in sorted(found, key=lambda r: (r["position"], r["id"]))]

    def names_of(self, row: Row, key: str) -> list[str | None]:
        rows, column = (self.main, "name") if key == "own" else (self.other, "title")
        names = {r["id"]: r[column] for r in rows}
        return [names[target] for target in self.links_of(row, key)]

    def value(self, row: Row, key: str) -> Any:
        """A cell as a Python value: text, exact number, bool, option number(s), date or aware moment, record keys."""
        kind, options = self.fields[key]
        if kind == "link":
            return self.links_of(row, key) or None
        stored = row.get(_COMPUTED.get(key, key))
        if stored is None:
            return None
        if kind == "currency":
            return Fraction(stored, 10 ** options["precision"])
        if kind in NUMBERS:
            return Fraction(stored)
        if kind == "multi_select":
            return [int(part) for part in stored.split("|") if part]
        if kind == "date":
            return date.fromisoformat(stored)
        if kind in DATES:
            return datetime.fromisoformat(stored)
        return stored


def lower(text: str) -> str:
    """Without ASCII case."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def holds(text: str, needle: str) -> bool:
    return lower(needle) in lower(text) if needle.isascii() else fold(needle) in fold(text)


def equal(text: str, other: str) -> bool:
    return lower(text) == lower(other) if other.isascii() else fold(text) == fold(other)


# --- filters ---------------------------------------------------------------------------------------------------------
def matches(data: Data, row: Row, tree: Mapping[str, Any], now: datetime) -> bool:
    """Whether a filter tree lets a row through."""
    if "and" in tree:
        return all(matches(data, row, part, now) for part in tree["and"])
    if "or" in tree:
        return not tree["or"] or any(matches(data, row, part, now) for part in tree["or"])
    key, op = tree["field"], tree["op"]
    wanted: Any = tree.get("value")
    value, kind = data.value(row, key), data.fields[key][0]
    if kind == "checkbox":
        return bool(value) == wanted
    if op in ("is_empty", "is_not_empty"):
        return (value is None) == (op == "is_empty")
    if op in ("does_not_contain", "is_not", "!=", "is_none_of", "has_none_of"):
        opposite = {"does_not_contain": "contains", "is_not": "is", "!=": "=", "is_none_of": "is_any_of"}
        return not matches(data, row, {**tree, "op": opposite.get(op, "has_any_of")}, now)
    if op in ("is", "=") and wanted is None:
        return value is None
    if kind == "link" and op == "contains":
        return any(name is not None and holds(name, wanted) for name in data.names_of(row, key))
    if op in ("has_any_of", "has_all_of", "is_exactly"):
        return _sets(op, set(value or ()), set(wanted))
    if value is None:
        return False
    if kind in TEXTS:
        return holds(value, wanted) if op == "contains" else equal(value, wanted)
    if kind in NUMBERS:
        return _compare(op, value, wanted, exact=kind in ("currency", "rating", "auto_number"))
    if kind in DATES:
        return _dates(op, ZoneInfo(data.fields[key][1].get("zone") or data.zone), value, wanted, now)
    return value in wanted if op == "is_any_of" else bool(value == wanted)


def _sets(op: str, value: set[int], wanted: set[int]) -> bool:
    if op == "has_any_of":
        return bool(value & wanted)
    return wanted <= value if op == "has_all_of" else wanted == value


def _compare(op: str, value: Fraction, wanted: Any, *, exact: bool) -> bool:
    other = Fraction(str(wanted)) if exact else Fraction(float(wanted))
    sign = (value > other) - (value < other)
    return {"=": sign == 0, "<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[op]


def _dates(op: str, zone: ZoneInfo, value: Any, wanted: Any, now: datetime) -> bool:
    day = value.astimezone(zone).date() if isinstance(value, datetime) else value
    first, last = days(wanted, now.astimezone(zone).date())
    return {
        "is": first <= day <= last,
        "is_within": first <= day <= last,
        "is_before": day < first,
        "is_after": day > last,
        "is_on_or_before": day <= last,
        "is_on_or_after": day >= first,
    }[op]


def days(wanted: Any, today: date) -> tuple[date, date]:
    """The first and last day a date value means."""
    if isinstance(wanted, str):
        day = date.fromisoformat(wanted)
        return day, day
    unit, n = wanted["unit"], timedelta(days=wanted.get("days", 0))
    one, week = timedelta(days=1), timedelta(days=7)
    monday = today - timedelta(days=today.weekday())
    month_end = monthrange(today.year, today.month)[1]
    return {
        "today": (today, today),
        "tomorrow": (today + one, today + one),
        "yesterday": (today - one, today - one),
        "past_week": (today - week, today),
        "next_week": (today, today + week),
        "past_month": (_months(today, -1), today),
        "next_month": (today, _months(today, 1)),
        "past_year": (_months(today, -12), today),
        "next_year": (today, _months(today, 12)),
        "this_week": (monday, monday + 6 * one),
        "this_month": (today.replace(day=1), today.replace(day=month_end)),
        "this_year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "past_days": (today - n, today),
        "next_days": (today, today + n),
        "days_ago": (today - n, today - n),
        "days_from_now": (today + n, today + n),
    }[unit]


def _months(day: date, count: int) -> date:
    total = day.year * 12 + day.month - 1 + count
    for number in range(day.day, 0, -1):
        try:
            return date(total // 12, total % 12 + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def found(data: Data, row: Row, needle: str, keys: Sequence[str]) -> bool:
    """Whether a search for words (no digits) finds a row."""
    for key in keys:
        kind, value = data.fields[key][0], data.value(row, key)
        if value is None:
            continue
        if kind in TEXTS and holds(value, needle):
            return True
        if kind in ("single_select", "multi_select"):
            numbers = value if isinstance(value, list) else [value]
            if any(needle.casefold() in NAMES[number].casefold() for number in numbers):
                return True
        if kind in USERS and holds(PEOPLE[value], needle):
            return True
        if kind == "link" and any(name is not None and holds(name, needle) for name in data.names_of(row, key)):
            return True
    return False


# --- order -----------------------------------------------------------------------------------------------------------
def sort_value(data: Data, row: Row, key: str) -> Any:
    """What a field orders rows by; None where the cell is empty."""
    kind, value = data.fields[key][0], data.value(row, key)
    if kind == "checkbox":
        return bool(value)
    if value is None:
        return None
    order = list(NAMES)
    if kind in TEXTS:
        return lower(value)
    if kind == "single_select":
        return order.index(value)
    if kind == "multi_select":
        return order.index(value[0])
    if kind in USERS:
        return lower(PEOPLE[value])
    if kind == "link":
        name = data.names_of(row, key)[0]
        return None if name is None else lower(name)
    return value


def ordered(data: Data, rows: Sequence[Row], sorts: Sequence[tuple[str, bool]], *, deleted: bool = False) -> list[int]:
    """Row keys in order: by the sorts with empty cells last, then by key; without sorts by the table's own order."""
    if not sorts and not deleted:
        return [row["id"] for row in sorted(rows, key=lambda row: (row["position"], row["id"]))]
    result = sorted(rows, key=lambda row: row["id"])
    if not sorts:
        return [row["id"] for row in sorted(result, key=lambda row: row["deleted_at"], reverse=True)]
    for key, desc in reversed(_once(sorts)):
        values = {row["id"]: sort_value(data, row, key) for row in result}
        filled = [row for row in result if values[row["id"]] is not None]
        filled.sort(key=lambda row, values=values: values[row["id"]], reverse=desc)  # type: ignore[misc]
        result = filled + [row for row in result if values[row["id"]] is None]
    return [row["id"] for row in result]


def _once(sorts: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """A field sorted by twice counts where it was first."""
    first: dict[str, bool] = {}
    for key, desc in sorts:
        first.setdefault(key, desc)
    return list(first.items())


def arranged(
    data: Data,
    rows: Sequence[Row],
    levels: Sequence[tuple[str, bool]],
    sorts: Sequence[tuple[str, bool]],
    *,
    deleted: bool = False,
) -> list[int]:
    """Row keys group by group, each group's rows in the order of the sorts."""
    if not levels:
        return ordered(data, rows, sorts, deleted=deleted)
    return [key for _, some in grouped(data, rows, levels) for key in ordered(data, some, sorts, deleted=deleted)]


# --- groups and aggregates -------------------------------------------------------------------------------------------
def grouped(data: Data, rows: Sequence[Row], levels: Sequence[tuple[str, bool]]) -> list[tuple[list[Any], list[Row]]]:
    """Groups of rows with the same cells, in the order of their sort values; ties by their stored value."""
    groups: dict[str, tuple[list[Any], list[Row]]] = {}
    levels = _once(levels)
    for row in sorted(rows, key=lambda row: row["id"]):
        key = [data.value(row, name) for name, _ in levels]
        groups.setdefault(repr(key), (key, []))[1].append(row)

    def before(one: tuple[list[Any], list[Row]], two: tuple[list[Any], list[Row]]) -> int:
        for (name, desc), a, b in zip(levels, one[0], two[0], strict=True):
            x, y = sort_value(data, one[1][0], name), sort_value(data, two[1][0], name)
            if (x is None) != (y is None):
                return 1 if x is None else -1
            if x != y:
                return -1 if (x < y) != desc else 1
            if (a is None) != (b is None):
                return 1 if a is None else -1
            if a != b:
                kind = data.fields[name][0]
                return -1 if _tie(kind, a) < _tie(kind, b) else 1
        return 0

    return sorted(groups.values(), key=cmp_to_key(before))


def _tie(kind: str, value: Any) -> Any:
    if kind == "link":
        return ",".join(map(str, value))
    return f"|{'|'.join(map(str, value))}|" if kind == "multi_select" else value


def aggregate(data: Data, rows: Sequence[Row], key: str, function: str) -> Any:
    """One aggregate as an exact number, a date, a moment, or None."""
    kind = data.fields[key][0]
    values = [value for row in rows if (value := data.value(row, key)) is not None and value is not False]
    if function == "count":
        return len(rows)
    if function == "filled":
        return len(values)
    if function == "empty":
        return len(rows) - len(values)
    if function == "unique":
        return (
            len({target for value in values for target in value}) if kind == "link" else len({repr(v) for v in values})
        )
    if function in ("percent_filled", "percent_empty"):
        part = len(values) if function == "percent_filled" else len(rows) - len(values)
        return part / len(rows) if rows else None
    if not values:
        return None
    if function == "range":
        low, high = min(values), max(values)
        if isinstance(low, datetime):
            return (high.astimezone(UTC) - low.astimezone(UTC)) / timedelta(days=1)
        return (high - low).days if isinstance(low, date) else high - low
    functions: Mapping[str, Callable[[Sequence[Any]], Any]] = {
        "sum": sum,
        "average": lambda some: sum(some) / len(some),
        "median": statistics.median,
        "min": min,
        "max": max,
        "stddev": lambda some: math.sqrt(statistics.variance(some)) if len(some) > 1 else None,
    }
    return functions[function](values)
