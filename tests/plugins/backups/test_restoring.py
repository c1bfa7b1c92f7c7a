"""Putting a backup back: the preview, the swap, what stays, the way back, and single records."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest

from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import ChangeSet, CreateField, NewField, Update, UpdateRecord
from crm_core.errors import Conflict, CrmError, Invalid, NotFound, Refused, Unavailable
from crm_core.services import verification
from plugins.backups.adopting import zipped
from plugins.backups.settings import BackupPolicyChange, change_policy, read_policy
from plugins.sqlite.database import SqliteDatabase
from tests.plugins.backups.conftest import World

PASSWORD = "quiet otters cross rivers"


def test_the_preview_names_what_would_change(world: World) -> None:
    ada, grace = world.add("Ada", "Grace", city="London")
    entry = world.backups.create(SYSTEM)
    world.rename(ada, "Ada Lovelace")
    world.delete(grace)
    world.add("Edsger")
    preview = world.backups.preview(entry.id)
    table = next(table for table in preview.tables if table.key == "investors")
    assert (table.now, table.then, table.added, table.changed, table.removed) == (2, 2, 1, 1, 1)
    assert [sample.name for sample in table.samples_added] == ["Grace"]
    assert [sample.name for sample in table.samples_removed] == ["Edsger"]
    (changed,) = table.samples_changed
    assert changed.id == ada
    assert [(cell.name, cell.now, cell.then) for cell in changed.fields] == [("Name", "Ada Lovelace", "Ada")]
    assert (preview.version_then, preview.version_now, preview.versions_lost) == (1, 4, 3)
    assert world.names == {ada: "Ada Lovelace", **{k: v for k, v in world.names.items() if v == "Edsger"}}


def test_the_preview_speaks_of_fields_links_and_choices_as_people_do(world: World) -> None:
    (fund,) = world.crm.records.apply(
        ChangeSet([_create("funds", {"name": "Fund I"})], create_options=True), SYSTEM
    ).created[0]
    (investor,) = world.add("Ada", stage="Committed")
    (commitment,) = world.crm.records.apply(
        ChangeSet([_create("commitments", {"name": "x", "investor": [investor], "fund": [fund]})]), SYSTEM
    ).created[0]
    entry = world.backups.create(SYSTEM)
    world.crm.records.apply(
        ChangeSet(
            [
                Update("commitments", [UpdateRecord(commitment, {"fund": None})]),
                Update("investors", [UpdateRecord(investor, {"stage": "Passed"})]),
                CreateField("investors", NewField("Region", "text")),
            ]
        ),
        SYSTEM,
    )
    tables = {table.key: table for table in world.backups.preview(entry.id).tables}
    assert [(c.name, c.now, c.then) for c in tables["commitments"].samples_changed[0].fields] == [
        ("Fund", "", "Fund I")
    ]
    assert [(c.name, c.now, c.then) for c in tables["investors"].samples_changed[0].fields] == [
        ("Stage", "Passed", "Committed")
    ]
    assert tables["investors"].fields_removed == ["Region"]


def _create(table: str, cells: dict[str, Any]) -> Any:
    from crm_core.contracts.change import Create, CreateRecord

    return Create(table, [CreateRecord(cells)])


def test_a_restore_brings_back_what_was_there_and_can_be_taken_back(world: World) -> None:
    ada, grace = world.add("Ada", "Grace")
    entry = world.backups.create(SYSTEM)
    world.delete(ada)
    world.rename(grace, "Grace Hopper")
    before = world.names
    restored = world.backups.restore(entry.id, SYSTEM)
    assert world.names == {ada: "Ada", grace: "Grace"}
    assert restored.accounts == "kept"
    found = verification.verify(world.crm.units.storage, world.folder / "crm.sqlite3")
    assert found.problems == ()
    assert found.version == restored.version == world.version
    again = world.backups.restore(restored.safety, SYSTEM)
    assert world.names == before
    assert again.version == restored.version + 1
    assert world.events().count("backup.restored") == 2


def test_versions_never_mean_two_things(world: World) -> None:
    """Neither an edit nor a reader that comes from the other past is taken for one of this."""
    (ada,) = world.add("Ada")
    entry = world.backups.create(SYSTEM)
    for number in range(5):
        world.rename(ada, f"Ada {number}")
    old = world.version
    restored = world.backups.restore(entry.id, SYSTEM)
    assert restored.version > old
    changes, version, reset = world.crm.records.since(old)
    assert (changes, version, reset) == ([], restored.version, True)
    with pytest.raises(Conflict) as caught:
        world.crm.records.apply(
            ChangeSet([Update("investors", [UpdateRecord(ada, {"name": "late"})])], base_version=old), SYSTEM
        )
    assert caught.value.code == "version_ahead"
    with pytest.raises(Conflict) as undone:
        world.crm.records.undo(restored.version, SYSTEM)
    assert undone.value.code == "restore_not_undone"
    world.rename(ada, "Ada again")
    changes, _, reset = world.crm.records.since(restored.version)
    assert (len(changes), reset) == (1, False)
    world.crm.records.undo(world.version, SYSTEM)
    assert world.names == {ada: "Ada"}


def test_fields_made_since_are_gone_and_those_deleted_since_are_back(world: World) -> None:
    (ada,) = world.add("Ada")
    entry = world.backups.create(SYSTEM)
    world.crm.records.apply(ChangeSet([CreateField("investors", NewField("Region", "text"))]), SYSTEM)
    world.crm.records.apply(ChangeSet([Update("investors", [UpdateRecord(ada, {"Region": "north"})])]), SYSTEM)
    world.backups.restore(entry.id, SYSTEM)
    assert "Region" not in [field.name for field in world.crm.tables.fields("investors")]
    world.crm.records.apply(ChangeSet([CreateField("investors", NewField("Region", "number"))]), SYSTEM)
    world.crm.records.apply(ChangeSet([Update("investors", [UpdateRecord(ada, {"Region": 3})])]), SYSTEM)
    assert world.crm.windows.record("investors", ada, SYSTEM).cells


def test_a_restore_lets_nobody_in_who_was_put_out_and_keeps_the_trail(world: World) -> None:
    accounts = world.crm.access.accounts
    accounts.create(SYSTEM, email="ada@b.vc", name="Ada", password=PASSWORD, role="admin")
    eve = accounts.create(SYSTEM, email="eve@b.vc", name="Eve", password=PASSWORD)
    token = world.crm.access.tokens.create(eve.acting(), "hers", "write")
    entry = world.backups.create(SYSTEM)
    accounts.change(SYSTEM, eve.public_id, active=False)
    bob = accounts.create(SYSTEM, email="bob@b.vc", name="Bob", password=PASSWORD)
    change_policy(world.crm, BackupPolicyChange(hour=7), SYSTEM)
    trail = world.sql("SELECT id, kind, subject FROM events ORDER BY id")
    world.backups.restore(entry.id, SYSTEM)
    people = {person.email: person.active for person in world.crm.users.everyone()}
    assert people == {"ada@b.vc": True, "eve@b.vc": False, bob.email: True}
    assert world.crm.access.tokens.find(token.secret) is None
    assert world.sql("SELECT id, kind, subject FROM events ORDER BY id")[: len(trail)] == trail
    assert read_policy(world.crm).hour == 7, "where and when backups are made does not go back"


def test_a_backup_of_another_crm_brings_its_own_people(world: World, tmp_path: Path) -> None:
    other = World(tmp_path / "other")
    try:
        other.crm.access.accounts.create(SYSTEM, email="ada@b.vc", name="Ada", password=PASSWORD, role="admin")
        other.add("From elsewhere")
        file = other.backups.shelf.file(other.backups.create(SYSTEM).id)
    finally:
        other.close()
    world.crm.access.accounts.create(SYSTEM, email="new@b.vc", name="New", password=PASSWORD, role="admin")
    copy = tmp_path / "brought.sqlite3"
    copy.write_bytes(file.read_bytes())
    entry = world.backups.adopt(copy, SYSTEM, file.with_suffix(".json"))
    assert entry.manifest is not None
    assert entry.manifest.reason == "uploaded"
    assert world.backups.preview(entry.id).accounts == "replaced"
    assert world.backups.restore(entry.id, SYSTEM).accounts == "replaced"
    assert [person.email for person in world.crm.users.everyone()] == ["ada@b.vc"]
    assert list(world.names.values()) == ["From elsewhere"]
    assert world.sql("SELECT count(*) FROM sessions") == [(0,)]


@pytest.mark.parametrize("how", ["folder", "archive"])
def test_attached_files_come_along_to_another_machine(world: World, tmp_path: Path, how: str) -> None:
    content = b"a deck" * 1_000
    digest = hashlib.sha256(content).hexdigest()
    other = World(tmp_path / "other")
    try:
        home = other.folder / "attachments" / digest[:2]
        home.mkdir(parents=True)
        (home / digest).write_bytes(content)
        entry = other.backups.create(SYSTEM)
        backup = other.backups.shelf.backup(entry.id)
        manifest = backup.file.with_suffix(".json")
        copy = tmp_path / "brought"
        if how == "archive":
            copy.write_bytes(b"".join(zipped(backup, manifest.read_bytes())))
        else:
            copy.write_bytes(backup.file.read_bytes())
    finally:
        other.close()
    brought = world.backups.adopt(copy, SYSTEM, None if how == "archive" else manifest)
    assert brought.state == "verified"
    assert brought.manifest is not None
    assert len(brought.manifest.files) == 1
    world.backups.restore(brought.id, SYSTEM)
    assert (world.folder / "attachments" / digest[:2] / digest).read_bytes() == content


def test_nobody_works_while_the_data_is_swapped_and_everybody_afterwards(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ada,) = world.add("Ada")
    entry = world.backups.create(SYSTEM)
    refused: list[CrmError] = []
    original = SqliteDatabase.restore

    def swap(storage: SqliteDatabase, path: Path) -> None:
        if storage.path == world.folder / "crm.sqlite3":
            for act in (lambda: world.names, lambda: world.rename(ada, "late")):
                refused.append(_raised_elsewhere(act))
        original(storage, path)

    monkeypatch.setattr(SqliteDatabase, "restore", swap)
    world.backups.restore(entry.id, SYSTEM)
    assert [error.code for error in refused] == ["maintenance", "maintenance"]
    assert all(error.extra["retry_after"] > 0 for error in refused)
    world.rename(ada, "Ada again")
    assert world.names == {ada: "Ada again"}


def _raised_elsewhere(act: Any) -> CrmError:
    """What another thread gets."""
    found: list[CrmError] = []

    def run() -> None:
        try:
            act()
        except CrmError as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return found[0]


def test_writes_under_way_are_all_there_or_refused(world: World) -> None:
    """Eight writers during a restore: what was acknowledged after it is there, what before is in the safety backup."""
    records = world.add(*(f"R{n}" for n in range(8)))
    entry = world.backups.create(SYSTEM)
    stop = threading.Event()
    refused: set[str] = set()
    versions: list[list[int]] = [[] for _ in records]

    def write(number: int) -> None:
        count = 0
        while not stop.is_set():
            count += 1
            op = Update("investors", [UpdateRecord(records[number], {"score": count})])
            try:
                versions[number].append(world.crm.records.apply(ChangeSet([op]), SYSTEM).version)
            except Unavailable as error:
                refused.add(error.code)
                stop.wait(0.01)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    try:
        restored = world.backups.restore(entry.id, SYSTEM)
        stop.wait(0.2)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert refused <= {"maintenance"}
    acknowledged = sorted(version for some in versions for version in some)
    assert len(set(acknowledged)) == len(acknowledged)
    assert restored.version not in acknowledged
    before = [version for version in acknowledged if version < restored.version]
    after = [version for version in acknowledged if version > restored.version]
    assert after
    here = {row[0] for row in world.sql("SELECT DISTINCT version FROM changes")}
    assert set(after) <= here
    safety = world.backups.shelf.backup(restored.safety)
    assert safety.manifest.version == max(before, default=entry.manifest.version if entry.manifest else 0)
    assert verification.verify(world.crm.units.storage, world.folder / "crm.sqlite3").problems == ()


@pytest.mark.parametrize("place", ["look", "forget", "swap", "carry"])
def test_whatever_fails_the_data_is_as_it_was(world: World, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_core.services.snapshots import carrying
    from crm_core.services.snapshots.restoring import Restoring

    (ada,) = world.add("Ada")
    entry = world.backups.create(SYSTEM)
    world.rename(ada, "Ada Lovelace")
    before, version = world.names, world.version

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    original = SqliteDatabase.restore

    def fail_live(storage: SqliteDatabase, path: Path) -> None:
        if storage.path == world.folder / "crm.sqlite3":
            fail()
        original(storage, path)

    if place == "look":
        monkeypatch.setattr(Restoring, "_look", fail)
    elif place == "forget":
        monkeypatch.setattr(world.crm.snapshots, "_forget", (_once(fail, world.crm.schemas.forget),))
    elif place == "swap":
        monkeypatch.setattr(SqliteDatabase, "restore", fail_live)
    else:
        monkeypatch.setattr(carrying, "carry_over", fail)
    with pytest.raises((CrmError, OSError)):
        world.backups.restore(entry.id, SYSTEM)
    monkeypatch.undo()
    world.crm.schemas.forget()
    assert (world.names, world.version) == (before, version)
    world.rename(ada, "Ada once more")
    assert world.names == {ada: "Ada once more"}
    assert verification.verify(world.crm.units.storage, world.folder / "crm.sqlite3").problems == ()
    assert not list((world.folder / "scratch").iterdir())
    world.backups.restore(entry.id, SYSTEM)
    assert world.names == {ada: "Ada"}


def _once(fail: Any, then: Any) -> Any:
    done: list[bool] = []

    def act(*arguments: object) -> None:
        if not done:
            done.append(True)
            fail()
        then(*arguments)

    return act


def test_a_damaged_backup_is_not_restored(world: World) -> None:
    world.add("Ada")
    entry = world.backups.create(SYSTEM)
    file = world.backups.shelf.file(entry.id)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    for act in (lambda: world.backups.restore(entry.id, SYSTEM), lambda: world.backups.preview(entry.id)):
        with pytest.raises(Invalid) as caught:
            act()
        assert caught.value.code == "backup_damaged"
    assert list(world.names.values()) == ["Ada"]


def test_only_admins_restore(world: World) -> None:
    entry = world.backups.create(SYSTEM)
    with pytest.raises(Refused):
        world.backups.restore(entry.id, Actor(7, "Bob", "member"))


def test_single_records_come_back_as_an_edit_that_can_be_undone(world: World) -> None:
    ada, grace, kept = world.add("Ada", "Grace", "Kept", city="London")
    entry = world.backups.create(SYSTEM)
    world.rename(ada, "Somebody")
    world.crm.records.apply(ChangeSet([Update("investors", [UpdateRecord(ada, {"city": "Rome"})])]), SYSTEM)
    world.delete(grace)
    world.rename(kept, "Changed since")
    applied = world.backups.restore_records(entry.id, "investors", [ada, grace], None, SYSTEM)
    assert world.names == {ada: "Ada", grace: "Grace", kept: "Changed since"}
    history = world.crm.records.history("investors", ada)["items"][0]
    assert (history["source"], history["version"]) == ("restore", applied.version)
    world.crm.records.undo(applied.version, SYSTEM)
    assert world.names == {ada: "Somebody", kept: "Changed since"}
    only_city = world.backups.restore_records(entry.id, "investors", [ada], ["city"], SYSTEM)
    assert world.names[ada] == "Somebody"
    assert only_city.version == world.version


def test_records_the_backup_does_not_hold_are_refused_whole(world: World) -> None:
    (ada,) = world.add("Ada")
    entry = world.backups.create(SYSTEM)
    world.rename(ada, "Later")
    (grace,) = world.add("Grace")
    with pytest.raises(NotFound):
        world.backups.restore_records(entry.id, "investors", [ada, grace], None, SYSTEM)
    assert world.names[ada] == "Later"
