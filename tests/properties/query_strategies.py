"""Random tables and random questions for the property tests of reading."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crm_core import clock, ids
from crm_core.kinds import KINDS
from tests.core.queries.world import FIELDS, NAMES, PEOPLE, ZONE, column_of, key_of, record
from tests.properties.query_model import DATES, NUMBERS, TEXTS, USERS, Data

NOWS = (
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # the night the clocks go forward in Berlin
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # and back
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # back in New York
    datetime(2024, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
)
_WORDS = st.text("aAbBzZäÄßéÉ%_\\ '\"", min_size=1, max_size=4)
TEXT = st.one_of(
    _WORDS, st.sampled_from(["abc", "ABC", "e\u0301", "É", "%", "_", "\\", "a%b", "ſ", "K", "日本", "a\nb"])
)
_ZONES = (ZoneInfo(ZONE), ZoneInfo("America/New_York"))
_AROUND = tuple(timedelta(milliseconds=n) for n in (-1, 0, 1, -3_600_000, 3_600_000, 7_200_000))
_UNITS = ("today", "tomorrow", "yesterday", "past_week", "next_week", "past_month", "next_month", "past_year",
          "next_year", "this_week", "this_month", "this_year")  # fmt: skip
_COUNTED = ("past_days", "next_days", "days_ago", "days_from_now")


def moments(now: datetime) -> st.SearchStrategy[str]:
    """Stored moments: around the midnights of near days in two zones, in the hours around now, and far away."""
    return st.one_of(
        st.builds(_midnight, st.just(now), st.integers(-9, 9), st.sampled_from(_ZONES), st.sampled_from(_AROUND)),
        st.integers(-80, 80).map(lambda hours: clock.to_text(now + timedelta(hours=hours))),
        st.integers(-500, 500).map(lambda day: clock.to_text(now + timedelta(days=day))),
    )


def _midnight(now: datetime, days: int, zone: ZoneInfo, around: timedelta) -> str:
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
def tables(draw: st.DrawFn, now: datetime, focus: Sequence[str], most: int = 9) -> Data:
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
    return Data(rows, others, links)


@st.composite
def conditions(draw: st.DrawFn, now: datetime, focus: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A condition as the model reads it, and the same as a client sends it."""
    key = draw(st.sampled_from(focus))
    kind = FIELDS[key][0]
    if kind == "checkbox":
        return _both(key, "is", draw(st.booleans()))
    if draw(st.integers(0, 5)) == 0:
        return _both(key, draw(st.sampled_from(["is_empty", "is_not_empty"])))
    if kind in TEXTS:
        op = draw(st.sampled_from(["is", "is_not", "contains", "does_not_contain"]))
        return _both(key, op, draw(TEXT))
    if kind in NUMBERS:
        some = ["0.1", "0.005", "1e9", -0.5, "2.995", *(() if kind == "duration" else ("1e15", 10**25))]
        wanted = draw(st.one_of(st.integers(-4, 9), st.sampled_from(some)))
        return _both(key, draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="])), wanted)
    if kind in DATES:
        ops = ["is", "is_not", "is_before", "is_after", "is_on_or_before", "is_on_or_after", "is_within"]
        units = st.sampled_from(_UNITS).map(lambda unit: {"unit": unit})
        counted = st.tuples(st.sampled_from(_COUNTED), st.integers(0, 40)).map(lambda p: {"unit": p[0], "days": p[1]})
        return _both(key, draw(st.sampled_from(ops)), draw(st.one_of(dates(now), units, counted)))
    if kind in ("single_select", *USERS):
        return draw(_one_of(key, list(NAMES) if kind == "single_select" else list(PEOPLE)))
    if kind == "link" and draw(st.booleans()):
        return _both(key, draw(st.sampled_from(["contains", "does_not_contain"])), draw(TEXT))
    op = draw(st.sampled_from(["has_any_of", "has_all_of", "is_exactly", "has_none_of"]))
    table = FIELDS[key][1].get("table", 0)
    some = list(NAMES) if kind == "multi_select" else [n * (3 if table == 10 else 1) for n in range(1, 5)]
    wanted = draw(st.lists(st.sampled_from(some), max_size=3))
    public = [ids.encode("opt", n) if kind == "multi_select" else record(n, table) for n in wanted]
    return _both(key, op, wanted, public)


@st.composite
def _one_of(draw: st.DrawFn, key: str, some: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    prefix = "opt" if FIELDS[key][0] == "single_select" else "usr"
    if draw(st.booleans()):
        wanted = draw(st.lists(st.sampled_from(some), max_size=3))
        op = draw(st.sampled_from(["is_any_of", "is_none_of"]))
        return _both(key, op, wanted, [ids.encode(prefix, n) for n in wanted])
    one = draw(st.none() | st.sampled_from(some))
    op = draw(st.sampled_from(["is", "is_not"]))
    return _both(key, op, one, None if one is None else ids.encode(prefix, one))


def _both(key: str, op: str, *values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    plain, sent = {"field": key, "op": op}, {"field": key, "op": op}
    if values:
        plain["value"], sent["value"] = values[0], values[-1]
    return plain, sent


@st.composite
def trees(
    draw: st.DrawFn, now: datetime, focus: Sequence[str], depth: int = 3
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A filter tree of up to `depth` groups within each other, for the model and for a client."""
    if not depth or draw(st.integers(0, 2)) == 0:
        return draw(conditions(now, focus))
    name = draw(st.sampled_from(["and", "or"]))
    parts = draw(st.lists(trees(now, focus, depth - 1), max_size=3))
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
