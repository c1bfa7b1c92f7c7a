"""Filters that make no sense are refused with a pointer to what is wrong; nothing a client sends breaks a read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core import clock
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.query import Filter, Query
from crm_core.errors import Invalid
from crm_core.storage.queries.operators import OPERATORS
from tests.core.queries.asking import ask, names
from tests.core.queries.world import FIELDS, World

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"field": "nope", "op": "is", "value": 1}, "unknown_field", "/filter/field"),
    ({"and": [{"field": "name", "op": "<", "value": 1}]}, "unknown_operator", "/filter/and/0/op"),
    ({"or": [{"and": []}, {"field": "money", "op": "<", "value": "x"}]}, "bad_number", "/filter/or/1/value"),
    ({"and": [], "or": []}, "bad_filter", "/filter"),
    ({"and": [], "field": "name"}, "bad_filter", "/filter"),
    ({}, "bad_filter", "/filter"),
    ({"and": [{"or": [{"and": [{"or": []}]}]}]}, "filter_too_deep", "/filter/and/0/or/0/and/0"),
    ({"and": [{"field": "name", "op": "is"}] * 201}, "filter_too_large", "/filter"),
    ({"field": "name", "op": "contains", "value": ""}, "filter_value_missing", "/filter/value"),
    ({"field": "name", "op": "contains", "value": "x" * 1001}, "too_long", "/filter/value"),
    ({"field": "name", "op": "contains", "value": "\x00"}, "bad_text", "/filter/value"),
    ({"field": "name", "op": "is", "value": "\ud800"}, "bad_text", "/filter/value"),
    ({"field": "number", "op": ">", "value": None}, "filter_value_missing", "/filter/value"),
    ({"field": "number", "op": ">", "value": True}, "bad_number", "/filter/value"),
    ({"field": "money", "op": ">", "value": float("nan")}, "bad_number", "/filter/value"),
    ({"field": "done", "op": "is"}, "filter_value_missing", "/filter/value"),
    ({"field": "stage", "op": "is", "value": "nope"}, "unknown_option", "/filter/value"),
    ({"field": "stage", "op": "is_any_of", "value": [None]}, "filter_value_missing", "/filter/value"),
    ({"field": "tags", "op": "has_any_of", "value": ["beta"] * 1001}, "too_long", "/filter/value"),
    ({"field": "who", "op": "is", "value": "Ada"}, "unknown_user", "/filter/value"),
    ({"field": "one", "op": "has_any_of", "value": ["rec1"]}, "unknown_record", "/filter/value"),
    ({"field": "day", "op": "is_before", "value": "soon"}, "bad_date", "/filter/value"),
    ({"field": "day", "op": "is_within", "value": {"unit": "fortnight"}}, "bad_date", "/filter/value"),
    ({"field": "day", "op": "is_within", "value": {"unit": "past_days"}}, "bad_date", "/filter/value"),
    ({"field": "day", "op": "is_within", "value": {"unit": "past_days", "days": 10**9}}, "bad_date", "/filter/value"),
    ({"field": "day", "op": "is_within", "value": {"unit": "today", "days": 1}}, "bad_date", "/filter/value"),
    ({"field": "day", "op": "is_within", "value": {"unit": ["today"]}}, "bad_date", "/filter/value"),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "code", "pointer"), BAD)
def test_a_bad_filter_says_where_and_why(world: World, tree: dict[str, Any], code: str, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        ask(world, filter=tree)
    assert (caught.value.code, caught.value.pointer) == (code, pointer)


def test_signs_of_patterns_stand_for_themselves(world: World) -> None:
    world.fill([{"name": name} for name in ("100%", "1000", "a_b", "axb", "back\\slash")])
    assert names(world, filter={"field": "name", "op": "contains", "value": "0%"}) == ["100%"]
    assert names(world, filter={"field": "name", "op": "contains", "value": "A_B"}) == ["a_b"]
    assert names(world, filter={"field": "name", "op": "contains", "value": "\\"}) == ["back\\slash"]


def test_amounts_compare_exactly_beyond_their_decimals(world: World) -> None:
    world.fill([{"name": "a", "money": 10_001}, {"name": "b", "money": 10_002}, {"name": "c"}])
    assert names(world, filter={"field": "money", "op": ">", "value": "100.0149"}) == ["b"]
    assert names(world, filter={"field": "money", "op": "<=", "value": "100.0149"}) == ["a"]
    assert names(world, filter={"field": "money", "op": "=", "value": "100.0149"}) == []
    assert names(world, filter={"field": "money", "op": "!=", "value": "100.0149"}) == ["a", "b", "c"]
    assert names(world, filter={"field": "money", "op": "<", "value": 10**40}) == ["a", "b"]
    assert names(world, filter={"field": "money", "op": ">", "value": "-1e200"}) == ["a", "b"]


def test_hundreds_of_values_and_conditions_stay_within_the_depth_of_databases(world: World) -> None:
    world.fill([{"name": "a", "tags": "|1|"}])
    choices = ["alpha"] * 1000
    each = {"field": "tags", "op": "has_all_of", "value": choices}
    tree = {"and": [{"or": [each] * 60}, {"or": [{"and": [each] * 60}]}, {"or": [each] * 60}]}
    assert names(world, filter=tree) == ["a"]


def test_the_calendar_ends_without_breaking(world: World) -> None:
    world.fill([{"name": "first", "day": "0001-01-01", "moment": "0001-01-01T00:00:00.000Z"},
                {"name": "last", "day": "9999-12-31", "moment": "9999-12-31T23:59:59.999Z"}])  # fmt: skip
    for key in ("day", "moment"):
        assert names(world, filter={"field": key, "op": "is_on_or_before", "value": "0001-01-01"}) == ["first"]
        assert names(world, filter={"field": key, "op": "is_before", "value": "0001-01-01"}) == []
        assert names(world, filter={"field": key, "op": "is_after", "value": "9999-12-31"}) == []
        assert names(world, filter={"field": key, "op": "is_on_or_after", "value": "9999-12-30"}) == ["last"]
    with clock.frozen(datetime(9999, 12, 30, 12, tzinfo=UTC)), pytest.raises(Invalid, match="calendar"):
        ask(world, filter={"field": "day", "op": "is_within", "value": {"unit": "next_week"}})


def test_a_moment_can_be_compared_to_the_millisecond(world: World) -> None:
    world.fill(
        [{"name": "a", "moment": "2026-05-01T10:00:00.000Z"}, {"name": "b", "moment": "2026-05-01T10:00:00.001Z"}]
    )
    assert names(world, filter={"field": "moment", "op": "is", "value": "2026-05-01T12:00:00+02:00"}) == ["a"]
    assert names(world, filter={"field": "moment", "op": "is_after", "value": "2026-05-01T10:00:00Z"}) == ["b"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["\x00", "\ud800", "2026-02-30", "1e999", 10**400, -(2**63), "rec" + "z" * 14, "today"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["unit", "days", "id", "x"]), inner),
    max_leaves=5,
)  # fmt: skip


@given(key=st.sampled_from(list(FIELDS)), value=JUNK, data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_value_breaks_a_read(world: World, key: str, value: Any, data: st.DataObject) -> None:
    op = data.draw(st.sampled_from(list(OPERATORS[world.field(key).kind.family])))
    query = Query(filter=Filter(field=key, op=op, value=value), limit=1)
    refused: Invalid | None = None
    try:
        world.windows.query("main", query, SYSTEM)
    except Invalid as error:
        refused = error
    assert refused is None or (refused.pointer == "/filter/value" and refused.code)
