"""Footer and group values: exact money, refusals, limits."""

from typing import Any

import pytest

from crm_core.errors import Invalid
from tests.core.queries.asking import sum_up
from tests.core.queries.world import World, record

TOP = 2**53 - 1


def test_no_sum_of_money_overflows_or_loses_a_cent(world: World) -> None:
    world.fill([{"yen": TOP} for _ in range(3_000)] + [{"yen": -1}])
    for function, value in (("sum", 3_000 * TOP - 1), ("range", TOP + 1), ("min", -1)):
        assert sum_up(world, aggregates={"yen": function}).totals[world.field("yen").public_id] == value


def test_a_sum_of_nothing_is_nothing_and_a_count_of_nothing_is_zero(world: World) -> None:
    world.fill([])
    totals = sum_up(
        world, aggregates={"money": "sum", "name": "unique", "day": "range", "share": "percent_filled"}
    ).totals
    assert list(totals.values()) == [None, 0, None, None]


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ({"aggregates": {"name": "sum"}}, "unknown_aggregate", "/aggregates/name"),
        ({"aggregates": {"stage": "min"}}, "unknown_aggregate", "/aggregates/stage"),
        ({"aggregates": {"a/b~c": "sum"}}, "unknown_field", "/aggregates/a~1b~0c"),
        ({"groups": [{"field": "nope"}]}, "unknown_field", "/groups/0/field"),
        ({"groups": [{"field": "name"}] * 4}, "too_many_sorts", "/groups"),
    ],
)
def test_a_wrong_question_says_where(world: World, query: dict[str, Any], code: str, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        sum_up(world, **query)
    assert (caught.value.code, caught.value.pointer) == (code, pointer)


def test_a_field_named_twice_is_answered_once(world: World) -> None:
    world.fill([{"name": "a"}])
    public = world.field("name").public_id
    assert sum_up(world, aggregates={"name": "count", public: "filled"}).totals == {public: 1}


def test_groups_beyond_reason_are_refused(world: World) -> None:
    world.fill([{"number": float(number)} for number in range(10_001)])
    with pytest.raises(Invalid) as caught:
        sum_up(world, groups=[{"field": "number"}])
    assert caught.value.code == "too_many_groups"


def test_groups_by_link_carry_names(world: World) -> None:
    world.fill([{"one": 2}, {"one": 1}, {}, {"one": 2}], [{"title": "b"}, {"title": "a"}])
    found = sum_up(world, groups=[{"field": "one"}], aggregates={"name": "count"})
    assert [group.key for group in found.groups] == [[[record(2, 11)]], [[record(1, 11)]], [None]]
    assert [group.count for group in found.groups] == [2, 1, 1]
    assert found.names == {record(1, 11): "b", record(2, 11): "a"}
