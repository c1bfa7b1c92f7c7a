"""Random tables and random questions for the property tests of reading."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crm_core import clock, ids
from crm_core.kinds import KINDS
from tests.core.queries.world import FIELDS, NAMES, PEOPLE, ZONE, column_of, key_of, record
from tests.properties.query_model import DATES, NUMBERS, TEXTS, USERS, Data, Fields

Pair = tuple[dict[str, Any], dict[str, Any]]
NOWS = (
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # the night the clocks go forward in Berlin
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # and back
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # back in New York
    datetime(2024, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    datetime(2026, 9, 6, 4, 0, tzinfo=UTC),  # the first moment of a day without a midnight in Santiago
    datetime(2026, 10, 3, 15, 15, tzinfo=UTC),  # half an hour goes away on Lord Howe Island
)
ZONES = (
    ZONE, "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Australia/Lord_Howe",
    "Asia/Kathmandu", "America/New_York",
)  # fmt: skip
"""Time zones of teams: from 14 hours before UTC to 11 behind, odd minutes, and clocks that change at midnight."""
_WORDS = st.text("aAbBzZäÄßéÉ%_\\ '\"", min_size=1, max_size=4)
TEXT = st.one_of(
    _WORDS, st.sampled_from(["abc", "ABC", "e\u0301", "É", "%", "_", "\\", "a%b", "ſ", "K", "日本", "a\nb"])
)
_AROUND = tuple(timedelta(milliseconds=n) for n in (-1, 0, 1, -3_600_000, 3_600_000, 7_200_000))
_UNITS = ("today", "tomorrow", "yesterday", "past_week", "next_week", "past_month", "next_month", "past_year",
          "next_year", "this_week", "this_month", "this_year")  # fmt: skip
_COUNTED = ("past_days", "next_days", "days_ago", "days_from_now")


def moments(now: datetime) -> st.SearchStrategy[str]:
    """Stored moments: around the midnights of near days in all zones, in the hours around now, and far away."""
    return st.one_of(
        st.builds(_midnight, st.just(now), st.integers(-9, 9), st.sampled_from(ZONES), st.sampled_from(_AROUND)),
        st.integers(-80, 80).map(lambda hours: clock.to_text(now + timedelta(hours=hours))),
        st.integers(-500, 500).map(lambda day: clock.to_text(now + timedelta(days=day))),
    )


def _midnight(now: datetime, days: int, name: str, around: timedelta) -> str:
    zone = ZoneInfo(name)
    day = now.astimezone(zone).date() + timedelta(days=days)
    return clock.to_text(datetime.combine(day, time(), zone).astimezone(UTC) + around)


def dates(now: datetime) -> st.SearchStrategy[str]:
    near, far = st.integers(-2, 2) | st.integers(-9, 9), st.integers(-400, 400)
    return st.one_of(near, near, far).map(lambda day: (now + timedelta(days=day)).date().isoformat())


def packed() -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from(list(NAMES)), unique=True, min_size=1, max_size=3)
    return chosen.map(lambda numbers: f"|{'|'.join(map(str, numbers))}|")


def cells(key: str, now: datetime) -> st.SearchStrategy[Any]:
    """A stored value of one of the columns of the table `main`."""
    kind = FIELDS[key][0]
    if kind in TEXTS:
        return TEXT
    if kind == "currency":
        return st.one_of(st.integers(-300, 300), st.sampled_from([2**53 - 1, 1 - 2**53, 10**12]))
    if kind in ("number", "percent", "duration"):
        return st.one_of(st.integers(-4, 4).map(float), st.floats(-1e6, 1e6), st.sampled_from([0.1, 0.5, 1e15]))
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "rating": st.integers(1, 5),
        "checkbox": st.just(1),
        "single_select": st.sampled_from(list(NAMES)),
        "multi_select": packed(),
        "date": dates(now),
        "date_time": moments(now),
        "user": st.sampled_from(list(PEOPLE)),
        "link": st.integers(1, 4),
    }
    return by_kind[kind]


@st.composite
def tables(draw: st.DrawFn, now: datetime, focus: Sequence[str], most: int = 9, zone: str = ZONE) -> Data:
    """Both tables: empty cells, ties, deleted rows and links to them; only the fields in focus have values."""
    stored = [key for key, (kind, options) in FIELDS.items() if column_of(kind, options, key)]
    trash = st.none() | st.none() | moments(now)
    rows = []
    for number in range(1, draw(st.integers(0, most) | st.just(most)) + 1):
        row: dict[str, Any] = dict.fromkeys(stored)
        row.update((key, draw(st.none() | cells(key, now) | cells(key, now))) for key in focus if key in stored)
        row["name"] = row["name"] or draw(st.none() | TEXT)
        row.update(id=number * 3, position=float(draw(st.integers(0, 5))), deleted_at=draw(trash))
        row.update(created_at=draw(moments(now)), updated_at=draw(moments(now)))
        row.update(created_by=draw(st.none() | st.sampled_from(list(PEOPLE))), updated_by=None)
        rows.append(row)
    others = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        to_one = draw(st.none() | st.integers(1, 4).map(lambda n: n * 3))
        place = float(draw(st.integers(0, 2)))
        title = draw(st.none() | TEXT)
        others.append({"id": number, "position": place, "deleted_at": draw(trash), "title": title, "to_one": to_one})
    links = []
    for key, starts, ends in (("many", 3, 1), ("own", 3, 3), ("to_many", 1, 3)):
        pairs = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), unique=True, max_size=6))
        links += [(key_of(key), a * starts, b * ends, place) for place, (a, b) in enumerate(pairs)]
    return Data(rows, others, links, zone=zone)


_FILLED = ("is_empty", "is_not_empty")
_EQUAL = ("is", "is_not", "is_any_of", "is_none_of", *_FILLED)
_SETS = ("has_any_of", "has_all_of", "is_exactly", "has_none_of", *_FILLED)
_BY_DATE = ("is", "is_not", "is_before", "is_after", "is_on_or_before", "is_on_or_after", "is_within", *_FILLED)
OPERATORS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(TEXTS, ("is", "is_not", "contains", "does_not_contain", *_FILLED)),
    **dict.fromkeys(NUMBERS, ("=", "!=", "<", "<=", ">", ">=", *_FILLED)),
    **dict.fromkeys(DATES, _BY_DATE),
    **dict.fromkeys((*USERS, "single_select"), _EQUAL),
    "checkbox": ("is",),
    "multi_select": _SETS,
    "link": (*_SETS, "contains", "does_not_contain"),
}
"""The operators of docs/reference/http.md by kind."""


def conditions(now: datetime, focus: Sequence[str], fields: Fields = FIELDS) -> st.SearchStrategy[Pair]:
    """A condition on one of the fields in focus, as the model reads it and as a client sends it."""
    return st.sampled_from(focus).flatmap(
        lambda key: st.sampled_from(OPERATORS[fields[key][0]]).flatmap(lambda op: condition(now, key, op, fields))
    )


def condition(now: datetime, key: str, op: str, fields: Fields = FIELDS) -> st.SearchStrategy[Pair]:
    """A condition with this field and operator."""
    kind, options = fields[key]
    if op in _FILLED:
        return st.just(_both(key, op))
    if kind == "checkbox":
        return st.booleans().map(lambda wanted: _both(key, op, wanted))
    if kind in TEXTS or op in ("contains", "does_not_contain"):
        return TEXT.map(lambda wanted: _both(key, op, wanted))
    if kind in NUMBERS:
        some = ["0.1", "0.005", "1e9", -0.5, "2.995", *(() if kind == "duration" else ("1e15", 10**25))]
        return st.one_of(st.integers(-4, 9), st.sampled_from(some)).map(lambda wanted: _both(key, op, wanted))
    if kind in DATES:
        units = st.sampled_from(_UNITS).map(lambda unit: {"unit": unit})
        counted = st.tuples(st.sampled_from(_COUNTED), st.integers(0, 9)).map(lambda p: {"unit": p[0], "days": p[1]})
        return st.one_of(dates(now), dates(now), units, counted).map(lambda wanted: _both(key, op, wanted))
    if kind == "link":
        table: int = options["table"]
        return _chosen(key, op, [n * (3 if table == 10 else 1) for n in range(1, 5)], lambda n: record(n, table))
    if kind in USERS:
        return _chosen(key, op, list(PEOPLE), lambda n: ids.encode("usr", n))
    return _chosen(key, op, list(NAMES), lambda n: ids.encode("opt", n))


def _chosen(key: str, op: str, some: list[int], public: Callable[[int], str]) -> st.SearchStrategy[Pair]:
    """One of some things (or none) for `is` and `is_not`, else a list of them."""
    if op in ("is", "is_not"):
        one = st.none() | st.sampled_from(some)
        return one.map(lambda n: _both(key, op, n, None if n is None else public(n)))
    several = st.lists(st.sampled_from(some), max_size=3)
    return several.map(lambda wanted: _both(key, op, wanted, [public(n) for n in wanted]))


def _both(key: str, op: str, *values: Any) -> Pair:
    plain, sent = {"field": key, "op": op}, {"field": key, "op": op}
    if values:
        plain["value"], sent["value"] = values[0], values[-1]
    return plain, sent


@st.composite
def trees(
    draw: st.DrawFn, now: datetime, focus: Sequence[str], depth: int = 3, fields: Fields = FIELDS
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A filter tree of up to `depth` groups within each other, for the model and for a client."""
    if not depth or draw(st.integers(0, 2)) == 0:
        return draw(conditions(now, focus, fields))
    name = draw(st.sampled_from(["and", "or"]))
    parts = draw(st.lists(trees(now, focus, depth - 1, fields), max_size=3))
    return {name: [plain for plain, _ in parts]}, {name: [sent for _, sent in parts]}


def sorts(focus: Sequence[str]) -> st.SearchStrategy[list[tuple[str, bool]]]:
    return st.lists(st.tuples(st.sampled_from(focus), st.booleans()), max_size=3)


def focuses() -> st.SearchStrategy[list[str]]:
    """The few fields that a test fills and asks about: families of kinds equally often, then fields of a family."""
    families: dict[str, list[str]] = {}
    for key, (kind, _) in FIELDS.items():
        families.setdefault(KINDS[kind].family, []).append(key)
    one = st.sampled_from(list(families)).flatmap(lambda family: st.sampled_from(families[family]))
    return st.lists(one, min_size=1, max_size=3, unique=True)
