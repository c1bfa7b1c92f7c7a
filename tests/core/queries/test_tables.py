"""The catalogue: what the grid gets to start with."""

import msgspec
import pytest

from crm_core import ids
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.errors import NotFound
from tests.core.queries.asking import ask
from tests.core.queries.test_windows import add_view
from tests.core.queries.world import CHOICES, FIELDS, World, key_of


def test_the_catalogue_has_tables_fields_and_views_in_order(world: World) -> None:
    found = world.tables.catalogue(SYSTEM)
    builtin = ["investors", "contacts", "funds", "commitments", "tasks"]
    assert [table.key for table in found.tables] == [*builtin, "main", "other"]
    main = found.tables[5]
    assert [field.key for field in main.fields] == list(FIELDS)
    assert (main.primary_field, main.fields[0].primary) == (main.fields[0].id, True)
    assert all(table.views for table in found.tables[:5])
    assert found.schema_version == world.schema.version
    assert msgspec.json.decode(msgspec.json.encode(found))["tables"][0]["name_one"] == "Investor"


def test_options_name_everything_by_public_ids(world: World) -> None:
    fields = {field.key: field for field in world.tables.fields("main")}
    choices = fields["stage"].options["choices"]
    assert [(ids.decode("opt", c["id"]), c["name"]) for c in choices] == [
        (c["number"], c["name"]) for c in CHOICES["choices"]
    ]
    main, other = world.table().public_id, world.table("other").public_id
    assert fields["one"].options == {"table": other, "many": False, "inverse": None, "backwards": False}
    inverse = ids.encode("fld", key_of("to_many"))
    shown_back = {"table": other, "many": True, "inverse": inverse, "backwards": True}
    assert fields["back_many"].options == shown_back
    assert fields["own"].options["table"] == main
    assert (fields["running"].read_only, fields["name"].read_only) == (True, False)
    assert fields["abroad"].options["zone"] == "America/New_York"


def test_archived_fields_come_only_when_asked_for(world: World) -> None:
    world.run(
        "INSERT INTO fields (id, table_id, name, kind, description, options, column_name, position, is_primary,"
        " created_at, archived_at) VALUES (190, 10, 'Old', 'text', '', '{}', 'mail', 99, 0, 'x', '2026-01-01')",
        "UPDATE fundraising_state SET schema_version = schema_version + 1",
    )
    assert "Old" not in [field.name for field in world.tables.fields("main")]
    (old,) = world.tables.fields("main", archived=True)
    assert (old.name, old.archived_at) == ("Old", "2026-01-01")
    assert len(ask(world, limit=0).fields) == len(FIELDS)


def test_views_are_the_shared_ones_and_the_own_ones(world: World) -> None:
    shared, mine = add_view(world, 80, {"frozen": 2}), add_view(world, 81, {}, owner=1)
    add_view(world, 82, {}, owner=2)
    views = {view.id: view for view in world.tables.views("main", Actor(1, "Ada"))}
    assert {shared, mine} <= set(views)
    assert ids.encode("viw", 82) not in views
    assert (views[shared].owner, views[mine].owner) == (None, ids.encode("usr", 1))
    assert (views[shared].config.frozen, views[shared].config.hidden) == (2, [])
    assert all(view.owner is None for view in world.tables.views("main", SYSTEM))


def test_an_unknown_table_is_told(world: World) -> None:
    for look in (world.tables.fields, lambda table: world.tables.views(table, SYSTEM)):
        with pytest.raises(NotFound) as caught:
            look("nope")
        assert caught.value.code == "unknown_table"


def test_a_star_is_seen_by_its_giver_only(world: World) -> None:
    ada, bruno = Actor(1, "Ada"), Actor(2, "bruno")
    shared, own = add_view(world, 60, {}), add_view(world, 61, {}, owner=1)

    def starred(actor: Actor) -> list[str]:
        return [view.id for view in world.tables.views("main", actor) if view.starred]

    world.tables.star(shared, True, ada)
    world.tables.star(shared, True, ada)
    world.tables.star(own, True, ada)
    assert (starred(ada), starred(bruno)) == ([shared, own], [])
    world.tables.star(shared, False, ada)
    assert starred(ada) == [own]
    with pytest.raises(NotFound, match="unknown_view"):
        world.tables.star(own, True, bruno)
