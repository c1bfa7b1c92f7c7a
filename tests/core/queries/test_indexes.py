"""Large tables get the indexes that their reads ask for, off the request, and never too many."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from crm_core.storage.queries import indexes
from tests.core.queries.asking import ask, sum_up
from tests.core.queries.world import World, make_world

VIEW: dict[str, Any] = {
    "filter": {"and": [{"field": "stage", "op": "is", "value": "alpha"}, {"field": "money", "op": ">", "value": 1}]},
    "sorts": [{"field": "day", "desc": True}, {"field": "name"}],
}


@pytest.fixture
def large(tmp_path: Path) -> Iterator[World]:
    world = make_world(tmp_path)
    world.fill(
        {
            "name": f"N{n % 700}",
            "stage": (1, 2, 3)[n % 3],
            "money": n,
            "day": f"2026-0{n % 9 + 1}-01" if n % 5 else None,
        }
        for n in range(indexes.MIN_ROWS)
    )
    yield world
    world.close()


def made(world: World) -> list[str]:
    with world.units.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT g.name FROM grid_indexes g JOIN sqlite_master m ON m.name = g.name AND m.type = 'index'"
        )
        return [row[0] for row in rows]


def settle(world: World) -> None:
    world.windows.settle()


def plans(world: World, *fields: str) -> list[str]:
    """How SQLite runs the statements of the view's next read of these fields."""
    statements: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, sql: str, values: Any, *___: Any) -> None:
        statements.append((sql, values))

    engine = world.units.storage._reading  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", note)
    world.run("SELECT 1")
    ask(world, **VIEW, fields=["name", *fields])
    event.remove(engine, "before_cursor_execute", note)
    found = []
    with world.units.read() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM t_main")  # EXPLAIN alone would not see new indexes
        for sql, values in statements:
            if "t_main" in sql or "t_other" in sql:
                rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
                found += [row[3] for row in rows]
    return found


def test_a_read_of_a_large_table_earns_its_index(large: World) -> None:
    before = ask(large, **VIEW)
    settle(large)
    assert len(made(large)) == 1
    used = plans(large)
    assert used
    assert all(f"USING INDEX {made(large)[0]}" in plan for plan in used), used
    after = ask(large, **VIEW)
    assert (before.ids, before.total) == (after.ids, after.total)


def test_every_order_is_served_without_sorting(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for sorts in ([{"field": "name"}], [{"field": "stage", "desc": True}, {"field": "tags"}], [{"field": "done"}]):
        monkeypatch.setitem(VIEW, "sorts", sorts)
        ask(large, **VIEW)
        settle(large)
        shown = plans(large)
        assert not [plan for plan in shown if "TEMP B-TREE" in plan], (sorts, shown, made(large))


def test_small_tables_the_trash_and_plain_reads_earn_none(large: World) -> None:
    ask(large)
    ask(large, **VIEW, deleted=True)
    ask(large, sorts=[{"field": "who"}])
    ask(large, filter={"or": [VIEW["filter"]]})
    ask(large, filter={"field": "name", "op": "contains", "value": "x"})
    sum_up(large, filter=VIEW["filter"])
    large.run("DELETE FROM t_main WHERE id = 7")
    ask(large, **VIEW)
    settle(large)
    assert made(large) == []


def test_the_indexes_least_used_make_room(large: World) -> None:
    keys = ["name", "mail", "number", "money", "yen", "share", "stars", "span", "stage", "day"]
    for key in keys:
        ask(large, sorts=[{"field": key}])
        settle(large)
    assert len(made(large)) == indexes.MAX_INDEXES
    with large.units.read() as session:
        terms = session.connection().exec_driver_sql("SELECT columns FROM grid_indexes").scalars().all()
        assert [key for key in keys if not any(f"({key}" in term for term in terms)][:2] == ["name", "mail"]


def test_links_and_names_of_a_window_are_looked_up_and_not_searched_for(large: World) -> None:
    large.run("INSERT INTO t_other (id, position, title) VALUES (1, 1, 'One')", "UPDATE t_main SET one = 1")
    found = plans(large, "many", "one")
    assert any(plan.startswith("SEARCH links_") and "from_id=?" in plan for plan in found), found
    assert not [plan for plan in found if plan.startswith(("SCAN links_", "SCAN linked_", "SCAN t_other"))], found
