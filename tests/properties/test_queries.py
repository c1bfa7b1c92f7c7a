"""Whatever is asked of whatever table, SQL answers what plain Python answers."""

import math
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core import clock, ids
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.query import AggregateQuery, FindQuery, Query
from crm_core.storage.queries.aggregates import AGGREGATES
from tests.core.queries.asking import find
from tests.core.queries.world import FIELDS, World, make_world, record
from tests.properties import query_model as model
from tests.properties.query_strategies import (
    NOWS,
    OPERATORS,
    TEXT,
    ZONES,
    condition,
    conditions,
    focuses,
    sorts,
    tables,
    trees,
)

COUNTS = ("count", "filled", "empty", "unique", "percent_filled", "percent_empty")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = make_world(Path(tmp_path_factory.mktemp("reading")))
    yield made
    made.close()


def ask(world: World, **query: Any) -> Any:
    return world.windows.query("main", msgspec.convert(query, Query), SYSTEM)


def fill(world: World, table: model.Data) -> None:
    """Put a random table into the database, of a team in its time zone."""
    world.live_in(table.zone)
    world.fill(table.main, table.other, table.links)


def walk(world: World, size: int, **query: Any) -> list[str]:
    """All rows of a query, page by page."""
    walked: list[str] = []
    after = None
    while True:
        page = ask(world, **query, limit=size, after=after)
        assert page.offset == len(walked)
        walked += page.ids
        after = page.next
        if after is None:
            return walked
        assert len(page.ids) == size


def wire_sorts(chosen: list[tuple[str, bool]]) -> list[dict[str, Any]]:
    return [{"field": key, "desc": desc} for key, desc in chosen]


def public(keys: list[int]) -> list[str]:
    return [record(key) for key in keys]


short = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("key", FIELDS)
@given(st.data())
@short
def test_every_operator_of_a_field_finds_what_python_finds(world: World, key: str, data: st.DataObject) -> None:
    now = data.draw(st.sampled_from(NOWS))
    table = data.draw(tables(now, [key], zone=data.draw(st.sampled_from(ZONES))))
    fill(world, table)
    with clock.frozen(now):
        for op in OPERATORS[FIELDS[key][0]]:
            for _ in range(3):
                plain, sent = data.draw(condition(now, key, op))
                rows = [row for row in table.rows() if model.matches(table, row, plain, now)]
                assert ask(world, filter=sent, fields=["name"]).ids == public(model.ordered(table, rows, []))


@pytest.mark.parametrize("key", FIELDS)
@given(st.data())
@short
def test_every_field_orders_and_sums_up_as_python_does(world: World, key: str, data: st.DataObject) -> None:
    table = data.draw(tables(NOWS[0], [key], most=14))
    fill(world, table)
    rows = table.rows()
    for desc in (False, True):
        expected = public(model.ordered(table, rows, [(key, desc)]))
        sort = {"sorts": wire_sorts([(key, desc)]), "fields": ["name"]}
        assert ask(world, **sort).ids == expected
        assert walk(world, 3, **sort) == expected
        assert [find(world, record=one, **sort).rows for one in expected] == [[row] for row in range(len(expected))]
    for function in AGGREGATES.get(world.field(key).kind.family, COUNTS):
        query = {"groups": wire_sorts([(key, True)]), "aggregates": {key: function}}
        answer = world.windows.aggregate("main", msgspec.convert(query, AggregateQuery), SYSTEM)
        check_totals(world, table, rows, {key: function}, answer.totals)
        groups = model.grouped(table, rows, [(key, True)])
        assert [group.count for group in answer.groups] == [len(members) for _, members in groups]


@given(st.data())
@quick
def test_a_filter_finds_what_python_finds(world: World, data: st.DataObject) -> None:
    now, focus = data.draw(st.sampled_from(NOWS)), data.draw(focuses())
    table = data.draw(tables(now, focus, zone=data.draw(st.sampled_from(ZONES))))
    fill(world, table)
    with clock.frozen(now):
        for _ in range(6):
            plain, sent = data.draw(trees(now, focus) | conditions(now, focus))
            rows = [row for row in table.rows() if model.matches(table, row, plain, now)]
            answer = ask(world, filter=sent, fields=["name"])
            assert answer.ids == public(model.ordered(table, rows, []))
            assert answer.total == len(rows)


@given(st.data())
@quick
def test_windows_cut_the_sorted_rows_anywhere(world: World, data: st.DataObject) -> None:
    now, focus = data.draw(st.sampled_from(NOWS)), data.draw(focuses())
    table, chosen = data.draw(tables(now, focus, most=14)), data.draw(sorts(focus))
    deleted = data.draw(st.booleans())
    fill(world, table)
    expected = public(model.ordered(table, table.rows(deleted=deleted), chosen, deleted=deleted))
    query = {"sorts": wire_sorts(chosen), "deleted": deleted, "fields": ["name"]}
    assert ask(world, **query).ids == expected
    for _ in range(data.draw(st.integers(1, 3))):  # a later window may start where an earlier one ended
        offset, limit = data.draw(st.integers(0, 16)), data.draw(st.integers(0, 16))
        answer = ask(world, **query, offset=offset, limit=limit)
        assert (answer.ids, answer.total, answer.offset) == (expected[offset : offset + limit], len(expected), offset)
        assert (answer.next is None) == (limit == 0 or offset + limit >= len(expected))
    assert walk(world, data.draw(st.integers(1, 4)), **query) == expected


@given(st.data())
@quick
def test_search_finds_what_python_finds(world: World, data: st.DataObject) -> None:
    now, focus = data.draw(st.sampled_from(NOWS)), data.draw(focuses())
    table = data.draw(tables(now, focus))
    fill(world, table)
    needle = data.draw(TEXT | st.sampled_from(["da", "ÄL", "ALPHA", "apf", "äpf", "ett"]))
    keys = focus
    rows = [row for row in table.rows() if not needle.strip() or model.found(table, row, needle.strip(), keys)]
    assert ask(world, search=needle, fields=keys).ids == public(model.ordered(table, rows, []))


@given(st.data())
@quick
def test_cells_arrive_as_they_are_stored(world: World, data: st.DataObject) -> None:
    now, focus = data.draw(st.sampled_from(NOWS)), data.draw(focuses())
    table = data.draw(tables(now, focus))
    fill(world, table)
    keys = list(FIELDS)
    answer = ask(world, fields=keys)
    rows = {record(row["id"]): row for row in table.main}
    for place, key in enumerate(keys):
        for public_id, cell in zip(answer.ids, answer.columns[place], strict=True):
            assert as_value(key, cell) == table.value(rows[public_id], key)
    shown = {record(t, 10 if key == "own" else 11) for row in table.rows() for key in keys if FIELDS[key][0] == "link"
             for t in table.links_of(row, key)}  # fmt: skip
    assert set(answer.names) == shown


@given(st.data())
@quick
def test_aggregates_and_groups_are_what_python_computes(world: World, data: st.DataObject) -> None:
    now, focus = data.draw(st.sampled_from(NOWS)), data.draw(focuses())
    table = data.draw(tables(now, focus))
    fill(world, table)
    levels = data.draw(sorts(focus))
    wanted = {}
    for key in data.draw(st.lists(st.sampled_from(focus), unique=True)):
        family = world.field(key).kind.family
        wanted[key] = data.draw(st.sampled_from(AGGREGATES.get(family, COUNTS)))
    with clock.frozen(now):
        plain, sent = data.draw(trees(now, focus, depth=1))
        query = {"filter": sent, "groups": wire_sorts(levels), "aggregates": wanted}
        answer = world.windows.aggregate("main", msgspec.convert(query, AggregateQuery), SYSTEM)
        rows = [row for row in table.rows() if model.matches(table, row, plain, now)]
    assert answer.total == len(rows)
    check_totals(world, table, rows, wanted, answer.totals)
    expected = model.grouped(table, rows, levels) if levels else []
    assert [group.count for group in answer.groups] == [len(members) for _, members in expected]
    names = list(dict(levels))
    for group, (parts, members) in zip(answer.groups, expected, strict=True):
        assert [as_value(name, part) or None for name, part in zip(names, group.key, strict=True)] == [
            part or None for part in parts
        ]
        check_totals(world, table, members, wanted, group.totals)


@given(st.data())
@quick
def test_filter_search_groups_and_sorts_together_are_what_python_makes_of_them(
    world: World, data: st.DataObject
) -> None:
    now, focus, deleted = data.draw(st.sampled_from(NOWS)), data.draw(focuses()), data.draw(st.booleans())
    table = data.draw(tables(now, focus, most=14, zone=data.draw(st.sampled_from(ZONES))))
    levels, chosen, needle = data.draw(sorts(focus)), data.draw(sorts(focus)), data.draw(st.just("") | TEXT).strip()
    fill(world, table)
    with clock.frozen(now):
        plain, sent = data.draw(trees(now, focus))
        passed = [row for row in table.rows(deleted=deleted) if model.matches(table, row, plain, now)]
        found = {row["id"] for row in passed if needle and model.found(table, row, needle, focus)}
        shape = {"filter": sent, "groups": wire_sorts(levels), "sorts": wire_sorts(chosen), "fields": focus}
        query = {**shape, "deleted": deleted, "search": needle}
        rows = [row for row in passed if row["id"] in found] if needle else passed
        expected = public(model.arranged(table, rows, levels, chosen, deleted=deleted))
        answer = ask(world, **query)
        assert (answer.ids, answer.total) == (expected, len(expected))
        offset, limit = data.draw(st.integers(0, 14)), data.draw(st.integers(1, 5))
        assert ask(world, **query, offset=offset, limit=limit).ids == expected[offset : offset + limit]
        assert walk(world, limit, **query) == expected
        if deleted:
            return
        places = [n for n, key in enumerate(model.arranged(table, passed, levels, chosen)) if key in found]
        matches = world.windows.find("main", msgspec.convert({**shape, "search": needle}, FindQuery), SYSTEM)
        assert (list(matches.rows), matches.total) == (places, len(places))
        summed = {"filter": sent, "groups": wire_sorts(levels), "search": needle, "aggregates": {focus[0]: "filled"}}
        if levels and not needle:  # heads of groups fold and unfold by these counts
            counts = world.windows.aggregate("main", msgspec.convert(summed, AggregateQuery), SYSTEM).groups
            assert [one.count for one in counts] == [len(some) for _, some in model.grouped(table, rows, levels)]


def check_totals(
    world: World, table: model.Data, rows: list[model.Row], wanted: dict[str, str], totals: dict[str, Any]
) -> None:
    assert set(totals) == {world.field(key).public_id for key in wanted}
    for key, function in wanted.items():
        got, expected = totals[world.field(key).public_id], model.aggregate(table, rows, key, function)
        if isinstance(expected, (date, datetime)):
            got = as_value(key, got)
        if expected is None or isinstance(expected, (date, int)) or isinstance(got, (str, date)):
            assert got == expected, (key, function)
        elif FIELDS[key][0] == "currency" and function in ("sum", "min", "max", "range"):
            assert got == (float(expected) if FIELDS[key][1]["precision"] else expected), (key, function)
        else:
            scale = max([1.0, *(abs(float(v)) for r in rows if (v := table.value(r, key)) is not None and numeric(v))])
            assert math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9 * scale), (key, function)


def numeric(value: Any) -> bool:
    return isinstance(value, (int, float, Fraction))


def as_value(key: str, cell: Any) -> Any:
    """A wire value as the model's value."""
    kind = FIELDS[key][0]
    if cell is None:
        return None
    if kind == "currency":
        return Fraction(round(cell * 10 ** FIELDS[key][1]["precision"]), 10 ** FIELDS[key][1]["precision"])
    if kind in model.NUMBERS:
        return Fraction(cell)
    if kind == "single_select":
        return ids.decode("opt", cell)
    if kind == "multi_select":
        return [ids.decode("opt", one) for one in cell]
    if kind in model.USERS:
        return ids.decode("usr", cell)
    if kind == "link":
        return [ids.try_record(FIELDS[key][1]["table"], one) for one in cell]
    if kind == "date":
        return date.fromisoformat(cell)
    return datetime.fromisoformat(cell) if kind in model.DATES else cell
