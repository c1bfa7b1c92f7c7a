"""Windows of rows: views, tokens, the trash, display names, one record, and what a wrong request is told."""

import json
from typing import Any

import pytest

from crm_core import ids
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.query import Query
from crm_core.errors import Invalid, NotFound
from tests.core.queries.asking import ask, names, sum_up
from tests.core.queries.world import AT, World, record

ADA, BRUNO = Actor(1, "Ada"), Actor(2, "bruno")


def add_view(world: World, number: int, config: dict[str, Any], owner: int | None = None, table: int = 10) -> str:
    sql = (
        "INSERT OR REPLACE INTO fundraising_views"
        " (id, table_id, name, kind, owner_id, locked, position, config, created_at)"
        " VALUES (?, ?, ?, 'grid', ?, 0, ?, ?, ?)"
    )
    world.run((sql, (number, table, f"View {number}", owner, number, json.dumps(config), AT)))
    return ids.encode("viw", number)


def ref(world: World, key: str) -> str:
    return world.field(key).public_id


def test_a_view_supplies_what_the_request_leaves_out(world: World) -> None:
    world.fill([{"name": "b", "number": 1.0}, {"name": "a", "number": 2.0}, {"name": "c"}])
    config = {
        "filter": {"field": ref(world, "number"), "op": "is_not_empty"},
        "sorts": [{"field": ref(world, "name")}],
        "hidden": [ref(world, "mail")],
        "order": [ref(world, "number"), ref(world, "name")],
    }
    view = add_view(world, 50, config)
    found = ask(world, view=view)
    assert found.fields[:2] == [ref(world, "number"), ref(world, "name")]
    assert ref(world, "mail") not in found.fields
    assert list(found.columns[1]) == ["a", "b"]
    assert names(world, view=view, sorts=[]) == ["b", "a"]
    assert names(world, view=view, filter={"and": []}) == ["a", "b", "c"]
    assert sum_up(world, view=view, aggregates={"number": "sum"}).totals == {ref(world, "number"): 3.0}


def test_groups_of_a_view_keep_their_rows_together(world: World) -> None:
    world.fill([{"name": "b", "stage": 1}, {"name": "c", "stage": 3}, {"name": "a", "stage": 1}])
    groups = [{"field": ref(world, "stage")}]
    assert names(world, view=add_view(world, 51, {"groups": groups})) == ["c", "b", "a"]
    sorts = [{"field": ref(world, "name")}]
    view = add_view(world, 52, {"groups": groups, "sorts": sorts})
    assert names(world, view=view) == ["c", "a", "b"]
    assert [group.count for group in sum_up(world, view=view).groups] == [1, 2]


def test_a_view_whose_fields_are_gone_still_opens(world: World) -> None:
    world.fill([{"name": "a"}, {"name": "b"}])
    gone = ids.encode("fld", 99_999)
    parts = [{"field": gone, "op": "is", "value": 1}, {"field": ref(world, "name"), "op": "is", "value": "b"}]
    sorts = [{"field": gone}]
    view = add_view(world, 53, {"filter": {"and": parts}, "sorts": sorts, "groups": sorts, "hidden": [gone]})
    assert names(world, view=view) == ["b"]
    assert names(world, view=add_view(world, 54, {"filter": "nonsense", "sorts": 5})) == ["a", "b"]


def test_a_personal_view_is_there_for_its_owner_alone(world: World) -> None:
    view = add_view(world, 55, {}, owner=1)
    assert ask(world, ADA, view=view).total == ask(world, ADA).total
    for actor in (BRUNO, SYSTEM):
        with pytest.raises(NotFound) as caught:
            ask(world, actor, view=view)
        assert caught.value.code == "unknown_view"
        with pytest.raises(NotFound):
            world.windows.export("main", actor, view)
    with pytest.raises(NotFound):
        ask(world, ADA, table="other", view=view)


def test_the_trash_and_the_table_never_mix(world: World) -> None:
    world.fill([{"name": "kept"}, {"name": "early", "deleted_at": AT}, {"name": "late", "deleted_at": "2026-02-01"}])
    assert names(world) == ["kept"]
    assert names(world, deleted=True) == ["late", "early"]
    assert sum_up(world).total == 1
    assert names(world, search="l", deleted=True) == ["late", "early"]
    found = world.windows.record("main", record(2), SYSTEM)
    assert (found.deleted_at, found.cells[ref(world, "name")]) == (AT, "early")


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ({"fields": ["name", "nope"]}, "unknown_field", "/fields/1"),
        ({"sorts": [{"field": "nope"}]}, "unknown_field", "/sorts/0/field"),
        ({"sorts": [{"field": "name"}] * 11}, "too_many_sorts", "/sorts"),
        ({"search": "\x00"}, "bad_text", "/search"),
        ({"search": "x" * 1001}, "too_long", "/search"),
        ({"after": "nonsense"}, "bad_page_token", "/after"),
        ({"after": "\ud800"}, "bad_page_token", "/after"),
    ],
)
def test_a_wrong_request_says_where(world: World, query: dict[str, Any], code: str, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        ask(world, **query)
    assert (caught.value.code, caught.value.pointer) == (code, pointer)


def test_limits_of_a_window(world: World) -> None:
    wrong = {"bad_limit": (Query(limit=5001), Query(limit=-1)), "bad_offset": (Query(offset=-1), Query(offset=2**60))}
    for code, queries in wrong.items():
        for query in queries:
            with pytest.raises(Invalid) as caught:
                world.windows.query("main", query, SYSTEM)
            assert caught.value.code == code


def test_a_token_belongs_to_its_question(world: World) -> None:
    world.fill([{"name": name} for name in "abcd"])
    token = ask(world, sorts=[{"field": "name"}], limit=2).next
    assert names(world, sorts=[{"field": "name"}], limit=2, after=token) == ["c", "d"]
    for other in ({}, {"sorts": [{"field": "name", "desc": True}]}, {"sorts": [{"field": "name"}], "search": "a"}):
        with pytest.raises(Invalid) as caught:
            ask(world, after=token, **other)
        assert caught.value.code == "bad_page_token"


def test_a_page_goes_on_after_its_last_row_whatever_was_added_or_removed(world: World) -> None:
    world.fill([{"name": name} for name in "bdf"])
    query: dict[str, Any] = {"sorts": [{"field": "name"}]}
    first = ask(world, limit=2, **query)
    world.run("UPDATE t_main SET deleted_at = 'x' WHERE name = 'd'")
    world.run("INSERT INTO t_main (id, position, version, name, created_at, updated_at) VALUES (9, 0, 1, 'a', '', '')")
    assert names(world, after=first.next, **query) == ["f"]


def test_a_total_is_counted_again_when_the_data_changed(world: World) -> None:
    world.fill([{"name": "a"}])
    before = ask(world)
    world.run("INSERT INTO t_main (id, position, version, name, created_at, updated_at) VALUES (2, 2, 1, 'b', '', '')")
    after = ask(world)
    assert (before.total, after.total, after.version) == (1, 2, before.version + 1)


def test_links_come_with_the_names_of_records_that_live(world: World) -> None:
    other: list[dict[str, Any]] = [{"title": "One"}, {"title": None}, {"title": "Gone", "deleted_at": AT}]
    world.fill([{"one": number} for number in (1, 2, 3)], other)
    found = ask(world, fields=["one"])
    assert list(found.columns[0]) == [[record(1, 11)], [record(2, 11)], None]
    assert found.names == {record(1, 11): "One", record(2, 11): ""}


def test_one_record_with_all_its_cells(world: World) -> None:
    world.fill([{"name": "a", "money": 150, "created_by": 2, "one": 1}], [{"title": "One", "to_one": 1}])
    found = world.windows.record("main", record(1), SYSTEM)
    assert found.cells[ref(world, "money")] == 1.5
    assert found.cells[ref(world, "back_one")] == [record(1, 11)]
    assert (found.created_by, found.updated_by) == (ids.encode("usr", 2), None)
    for wrong in ("rec", record(99), record(1, 11)):
        with pytest.raises(NotFound) as caught:
            world.windows.record("main", wrong, SYSTEM)
        assert caught.value.code == "unknown_record"


def test_digits_find_numbers_and_dates_find_days(world: World) -> None:
    world.fill(
        [
            {"name": "money", "money": 123_450},
            {"name": "number", "number": 42.0},
            {"name": "share", "share": 0.07},
            {"name": "day", "day": "2026-05-04"},
            {"name": "moment", "moment": "2026-05-03T22:30:00.000Z"},
        ]
    )
    every = {"1,234.5": ["money"], "42": ["number"], "7 %": ["share"], "2026-05-04": ["day", "moment"], "  ": None}
    for needle, expected in every.items():
        found = list(ask(world, search=needle).columns[0])
        assert found == (expected or ["money", "number", "share", "day", "moment"])


def test_an_export_reads_as_people_do_and_as_programs_do(world: World) -> None:
    rows: list[dict[str, Any]] = [
        {"name": "a", "money": 123_450, "who": 2, "one": 1, "done": 1, "tags": "|1|3|", "share": 0.5},
        {"name": "b"},
    ]
    world.fill(rows, [{"title": "One, two", "to_one": 1}])
    shown = ["name", "money", "who", "one", "done", "tags", "share", "back_one"]
    hidden = [field.public_id for field in world.table().fields if field.key not in shown]
    view = add_view(world, 56, {"hidden": hidden, "order": [ref(world, key) for key in shown]})
    table = world.windows.export("main", SYSTEM, view)
    assert [field["name"] for field in table.fields] == [key.title() for key in shown]
    expected = ["a", "1,234.50", "bruno", '"One, two"', "checked", "alpha, Gamma", "50%", '"One, two"']
    assert [list(row) for row in table.texts()] == [expected, ["b", *[""] * 7]]
    first, second = table.values()
    assert (first["Money"], first["One"], second["Money"]) == (1234.5, [record(1, 11)], None)
    assert list(table.texts()), "an export can be read again"


def test_an_export_is_one_state_of_the_table(world: World) -> None:
    world.fill([{"name": f"{number}"} for number in range(2_500)])
    rows = iter(world.windows.export("main", SYSTEM).texts())
    assert next(iter(rows))[0] == "0"
    world.run("UPDATE t_main SET deleted_at = 'x'")
    assert sum(1 for _ in rows) == 2_499
