"""Grouped windows stand in the order of their groups, row by row; finding a text tells where rows stand."""

from itertools import groupby
from typing import Any

import pytest

from crm_core.errors import Invalid
from tests.core.queries.asking import ask, find, names, sum_up
from tests.core.queries.world import World


def in_rows(world: World, groups: list[dict[str, Any]], sorts: list[dict[str, Any]]) -> list[tuple[list[Any], int]]:
    """The runs of equal keys in the order of the rows of a grouped window."""
    fields = [one["field"] for one in groups]
    window = ask(world, fields=fields, groups=groups, sorts=sorts, limit=1000)
    keys = [list(key) for key in zip(*window.columns, strict=True)]
    return [(key, len(list(run))) for key, run in groupby(keys)]


@pytest.mark.parametrize("desc", [False, True])
@pytest.mark.parametrize("field", ["name", "tags", "stage", "number", "done", "day", "who"])
def test_rows_stand_as_the_groups_are_listed(world: World, field: str, desc: bool) -> None:
    values: dict[str, list[Any]] = {
        "name": ["abc", "ABC", None, "b", "Abc", "abc"],
        "tags": ["|1|3|", "|1|", "|1|3|", None, "|3|1|", "|1|"],
        "stage": [1, 3, 1, None, 2, 3],
        "number": [2.0, 1.0, None, 2.0, 1.5, 1.0],
        "done": [1, None, 1, None, None, 1],
        "day": ["2026-01-02", "2026-01-01", None, "2026-01-02", "2026-01-03", "2026-01-01"],
        "who": [1, 2, 1, None, 2, 3],
    }
    stars = [3, 1, 2, 5, 4, 2]
    world.fill([{field: value, "stars": stars[at]} for at, value in enumerate(values[field])])
    groups: list[dict[str, Any]] = [{"field": field, "desc": desc}]
    told = [(group.key, group.count) for group in sum_up(world, groups=groups).groups]
    assert in_rows(world, groups, [{"field": "stars", "desc": False}]) == told


def test_three_levels_and_an_own_order_inside(world: World) -> None:
    world.fill(
        {"name": f"n{at}", "stage": [1, 3, None][at % 3], "done": [1, None][at % 2], "stars": at % 4 + 1}
        for at in range(48)
    )
    groups: list[dict[str, Any]] = [{"field": "stage"}, {"field": "done", "desc": True}, {"field": "stars"}]
    told = [(group.key, group.count) for group in sum_up(world, groups=groups).groups]
    assert in_rows(world, groups, [{"field": "name", "desc": True}]) == told
    assert len(told) > 6


def test_a_request_may_ungroup_a_view(world: World) -> None:
    world.fill([{"name": "b", "stage": 1}, {"name": "c", "stage": 3}, {"name": "a", "stage": 1}])
    assert names(world, groups=[{"field": "stage"}]) == ["c", "b", "a"]
    assert names(world, groups=[]) == ["b", "c", "a"]


def test_finding_tells_where_rows_stand_among_all(world: World) -> None:
    world.fill([{"name": name, "stage": 1} for name in ("Oak", "birch", "OAKLEY", "elm", "soak")])
    assert find(world, search="oak").rows == [0, 2, 4]
    assert find(world, search="oak", sorts=[{"field": "name", "desc": True}]).rows == [0, 1, 2]
    assert find(world, search="oak", fields=["stage"]).rows == []
    kept = {"field": "name", "op": "contains", "value": "a"}
    assert (find(world, search="oak", filter=kept).total, find(world, search=" ").total) == (3, 0)
    with pytest.raises(Invalid):
        find(world, search="x" * 5000)


def test_finding_tells_where_one_record_stands(world: World) -> None:
    world.fill([{"name": name, "stage": 1} for name in ("Oak", "birch", "elm")])
    ids = ask(world, fields=["name"]).ids
    kept = {"field": "name", "op": "is_not", "value": "birch"}
    assert [find(world, record=one).rows for one in ids] == [[0], [1], [2]]
    assert [find(world, record=one, filter=kept).rows for one in ids] == [[0], [], [1]]
    assert find(world, record=ids[0], sorts=[{"field": "name", "desc": True}]).rows == [0]
    assert (find(world, record="rec00000000000000").total, find(world, record="").total) == (0, 0)
