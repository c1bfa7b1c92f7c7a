"""Random records, links, comments and activities: merging and un-merging is as if nothing had happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import (
    Applied,
    ChangeSet,
    Create,
    CreateField,
    CreateRecord,
    Delete,
    Merge,
    NewField,
    NewTable,
    Op,
    Update,
    UpdateRecord,
)
from crm_core.contracts.change import CreateTable as MakeTable
from crm_core.crm import Crm, opened
from crm_core.models.tables import ACTIVITY_PARTICIPANTS, COMMENTS, NOTIFICATIONS, RECORD_LINKS, RECORD_MERGES
from crm_core.services.records import journal
from crm_core.storage.schema import load

STAMPS = {"version", "updated_at", "updated_by"}
TABLES = ("investors", "contacts", "tasks", "Deals")
MANY = {"investors": ("Peers", "Friends"), "Deals": ("Backers",)}
ONE = {"investors": ("Parent",), "contacts": ("investor",), "tasks": ("investor", "contact")}
TARGET = {"Peers": "investors", "Friends": "contacts", "Parent": "investors", "investor": "investors",
          "contact": "contacts", "Backers": "investors"}  # fmt: skip


class World:
    """A CRM with links of every sort between built-in tables and one of the team's own."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        make = crm.access.accounts.create
        people = [
            make(SYSTEM, email=f"{name}@example.org", name=name, password="seven quiet geese", role="admin")
            for name in ("Ada", "Bob")
        ]
        self.ada, self.bob = (person.acting() for person in people)
        self.bob_id = people[1].public_id
        self.go(MakeTable(NewTable("Deals")))
        for table, name, target, many in (
            ("investors", "Peers", "investors", True),
            ("investors", "Friends", "contacts", True),
            ("investors", "Parent", "investors", False),
            ("Deals", "Backers", "investors", True),
        ):
            self.go(CreateField(table, NewField(name, "link", {"table": target, "many": many})))
        self.go(CreateField("investors", NewField("Half", "formula", {"formula": "{Score} / 2"})))
        self.go(CreateField("investors", NewField("Size", "count", {"link": "contacts"})))

    def go(self, op: Op, actor: Actor | None = None) -> Applied:
        return self.crm.records.apply(ChangeSet([op], create_options=True), actor or self.ada)

    def everything(self) -> dict[str, Any]:
        """Every row that a merge may touch, without its stamps, ordered."""
        with self.crm.units.read() as session:
            connection = session.connection()
            schema = load(connection, 0)
            found: dict[str, Any] = {}
            for table in schema.tables:
                rows = connection.exec_driver_sql(f'SELECT * FROM "{table.physical}" ORDER BY id').mappings()
                found[table.key] = [{k: v for k, v in row.items() if k not in STAMPS} for row in rows]
            for kept in (COMMENTS, NOTIFICATIONS, ACTIVITY_PARTICIPANTS, RECORD_LINKS):
                order = list(kept.primary_key.columns)
                found[kept.name] = [tuple(row) for row in connection.execute(sa.select(kept).order_by(*order))]
            return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("merges")
    with opened(from_env({}, data_dir=folder)) as crm:
        yield World(crm)
        with crm.units.read() as session:
            assert journal.verify_chain(session.connection()) is None


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "notes": st.sampled_from(("", "a", "b\nc")),
        "email": st.sampled_from(("a@x.org", "b@y.org")),
        "score": st.integers(-3, 3),
        "tags": st.lists(st.sampled_from(("red", "green", "blue")), unique=True),
    },
)


def filled(world: World, data: st.DataObject) -> dict[str, list[str]]:
    """New records with random values, links, comments and activities."""
    ids: dict[str, list[str]] = {}
    for table in TABLES:
        count = data.draw(st.integers(2, 4), label=table)
        cells: list[dict[str, Any]] = [data.draw(VALUES) if table == "investors" else {} for _ in range(count)]
        ids[table] = world.go(Create(table, [CreateRecord(one) for one in cells])).created[0]
    for table, records in ids.items():
        for record in records:
            linked: dict[str, Any] = {
                name: data.draw(st.lists(st.sampled_from(ids[TARGET[name]]), unique=True, max_size=3))
                for name in MANY.get(table, ())
            }
            for name in ONE.get(table, ()):
                one = data.draw(st.sampled_from([None, *ids[TARGET[name]]]))
                linked[name] = [one] if one else []
            if linked:
                world.go(Update(table, [UpdateRecord(record, linked)]))
    for _ in range(data.draw(st.integers(0, 4), label="comments")):
        table = data.draw(st.sampled_from(TABLES))
        record = data.draw(st.sampled_from(ids[table]))
        world.crm.comments.add(table, record, f"@[{world.bob_id}] look", world.ada)
    for _ in range(data.draw(st.integers(0, 4), label="activities")):
        about = data.draw(st.sampled_from(ids["investors"]))
        with_whom = data.draw(st.lists(st.sampled_from(ids["contacts"] + ids["investors"]), unique=True, max_size=3))
        world.crm.activities.log("investors", about, "note", world.ada, body="met", participants=with_whom)
    if data.draw(st.booleans(), label="trash"):
        table = data.draw(st.sampled_from(TABLES))
        world.go(Delete(table, [ids[table].pop()]))
    return ids


def merged(world: World, ids: dict[str, list[str]], data: st.DataObject) -> int | None:
    """Merge some live records of one table; answers the version."""
    tables = [table for table in TABLES if len(ids[table]) > 1]
    if not tables:
        return None
    table = data.draw(st.sampled_from(tables))
    chosen = data.draw(st.lists(st.sampled_from(ids[table]), min_size=2, max_size=3, unique=True), label="merge")
    into, *others = chosen
    take = {}
    if table == "investors":
        choice = st.sampled_from([*chosen, "all"])
        take = data.draw(st.dictionaries(st.sampled_from(("notes", "tags", "Peers", "Friends")), choice), label="take")
    version = world.go(Merge(table, into, others, take)).version
    ids[table] = [record for record in ids[table] if record not in others]
    _check(world, table, into, others)
    return version


def _check(world: World, table: str, into: str, others: list[str]) -> None:
    """Nothing live points at what is gone, none twice, and the old ids lead to the one that stays."""
    for old in others:
        assert world.crm.windows.record(table, old, world.ada).id == into
    found = world.everything()
    with world.crm.units.read() as session:
        schema = load(session.connection(), 0)
    here = schema.table(table)
    gone = {row["id"] for row in found[here.key] if row["deleted_at"]}
    parts = [row for row in found["activity_participants"] if row[3] == here.id]
    with world.crm.units.read() as session:
        rows = session.connection().execute(sa.select(RECORD_MERGES).where(RECORD_MERGES.c.undone_version.is_(None)))
        merged_away = {row.record_id for row in rows if row.table_id == here.id and row.record_id in gone}
    assert not [row for row in parts if row[4] in merged_away]
    assert len({(row[1], row[4]) for row in parts}) == len(parts)
    assert not [row for row in found["comments"] if row[1] == here.id and row[2] in merged_away]
    for other in schema.tables:
        for field in other.fields:
            if field.kind.name == "link" and field.column and field.options["table"] == here.id:
                live = [row[field.column] for row in found[other.key] if not row["deleted_at"]]
                assert not merged_away & set(live), (other.key, field.name)


@settings(
    max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_merging_and_going_back_is_the_identity(world: World, data: st.DataObject) -> None:
    ids = filled(world, data)
    before = world.everything()
    states = [before]
    versions = []
    for _ in range(data.draw(st.integers(1, 3), label="merges")):
        version = merged(world, ids, data)
        if version is not None:
            versions.append(version)
            states.append(world.everything())
    for number in reversed(range(len(versions))):
        way = data.draw(st.sampled_from(("undo", "unmerge", "redo")), label="way")
        if way == "unmerge":
            _, kept = world.crm.records.unmerge(versions[number], world.ada)
            assert kept == []
        else:
            back = world.crm.records.undo(versions[number], world.ada).version
            if way == "redo":
                assert world.everything() == states[number]
                again = world.crm.records.undo(back, world.ada).version
                assert _without_trash_times(world.everything()) == _without_trash_times(states[number + 1])
                world.crm.records.undo(again, world.ada)
        assert world.everything() == states[number]
    assert world.everything() == before


def _without_trash_times(found: dict[str, Any]) -> str:
    plain = {
        name: [({**row, "deleted_at": bool(row["deleted_at"])} if isinstance(row, dict) else row) for row in rows]
        for name, rows in found.items()
    }
    return json.dumps(plain, default=str)
