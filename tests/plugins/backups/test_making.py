"""Making backups: what is in them, how they prove themselves, what is kept, what a failure says and leaves."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core import clock
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, CreateField, NewField
from crm_core.contracts.snapshot import FileContent, History, Manifest
from crm_core.errors import Conflict, Invalid, NotFound, Unavailable
from plugins.backups.settings import BackupPolicy, BackupPolicyChange, change_policy, read_policy
from plugins.backups.shelf import Entry, outlived
from plugins.backups.views import listing
from tests.plugins.backups.conftest import World

STEPS = ["file", "restore", "soundness", "contents", "history", "formulas", "start"]


def test_a_backup_is_one_sqlite_file_and_says_what_it_holds(world: World) -> None:
    world.add("Ada", "Grace")
    entry = world.backups.create(SYSTEM)
    file = world.backups.shelf.file(entry.id)
    assert entry.state == "verified"
    assert entry.manifest is not None
    assert entry.manifest.database == FileContent(
        file.name, file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest()
    )
    with closing(sqlite3.connect(file)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM fundraising_investors ORDER BY id")]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == ["Ada", "Grace"]
    assert set(entry.manifest.tables) == {name for name in tables if not name.startswith("sqlite_")}
    assert entry.manifest.tables["fundraising_investors"].rows == 2
    assert entry.manifest.version == world.version
    assert entry.manifest.history.entries == world.sql("SELECT count(*) FROM changes")[0][0]
    assert "core" in entry.manifest.revisions
    assert world.events() == ["backup.created", "backup.verified"]


def test_the_certificate_names_every_step_and_its_day(world: World) -> None:
    entry = world.backups.create(SYSTEM)
    assert entry.proof is not None
    assert [step.name for step in entry.proof.steps] == STEPS
    assert all(step.ok and step.detail for step in entry.proof.steps)
    again = world.backups.verify(entry.id, SYSTEM)
    assert again.proof is not None
    assert again.proof.at > entry.proof.at
    assert not list((world.folder / "scratch").iterdir()), "the proof left something behind"


def test_the_hash_of_a_table_is_of_its_rows_and_not_of_where_they_lie(world: World) -> None:
    """The same rows in another order on the pages, by whatever history, have the same hash."""
    world.add("Ada", "Grace", "Edsger")
    first = world.backups.create(SYSTEM).manifest
    with world.crm.units.write() as session:
        session.connection().exec_driver_sql("UPDATE fundraising_investors SET notes = 'x'")
    with world.crm.units.write() as session:
        session.connection().exec_driver_sql("UPDATE fundraising_investors SET notes = NULL")
    second = world.backups.create(SYSTEM).manifest
    assert first is not None
    assert second is not None
    assert first.tables["fundraising_investors"] == second.tables["fundraising_investors"]
    assert first.tables["events"] != second.tables["events"]


@pytest.mark.parametrize(
    ("sql", "step"),
    [
        ("UPDATE fundraising_investors SET name = 'Eve'", "contents"),
        ("DELETE FROM fundraising_investors", "contents"),
        ("UPDATE changes SET reason = 'nobody' WHERE id = 1", "contents"),
        ("CREATE TABLE more (id INTEGER)", "contents"),
        ("DROP TABLE events", "contents"),
    ],
)
def test_a_file_that_was_changed_and_signed_again_does_not_pass(world: World, sql: str, step: str) -> None:
    """Somebody edits the database and puts the new file's hash into the manifest: the contents tell."""
    world.add("Ada")
    entry = world.backups.create(SYSTEM)
    file = world.backups.shelf.file(entry.id)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(sql)
    assert entry.manifest is not None
    _sign(world, file, entry.manifest)
    again = world.backups.verify(entry.id, SYSTEM)
    assert again.state == "failed"
    assert again.proof is not None
    assert (again.proof.steps[-1].name, again.proof.steps[-1].ok) == (step, False)
    assert world.events()[-1] == "backup.failed"


def test_a_history_that_was_rewritten_before_the_backup_is_noticed(world: World) -> None:
    world.add("Ada")
    world.add("Grace")
    with world.crm.units.write() as session:
        session.connection().exec_driver_sql("UPDATE changes SET reason = 'nobody' WHERE id = 1")
    entry = world.backups.create(SYSTEM)
    assert entry.state == "failed"
    assert "does not follow" in entry.problem


def test_formulas_are_computed_again_and_a_wrong_result_is_noticed(world: World) -> None:
    world.add("Ada", "Grace", probability=0.5)
    world.crm.records.apply(ChangeSet([CreateField("investors", NewField("Odds", "formula", FORMULA))]), SYSTEM)
    world.crm.recalculation.settle()
    good = world.backups.create(SYSTEM)
    assert good.proof is not None
    assert next(step.detail for step in good.proof.steps if step.name == "formulas").startswith("1 computed field")
    field = next(field for field in world.crm.tables.fields("investors") if field.name == "Odds")
    column = world.sql(f"SELECT column_name FROM fields WHERE name = '{field.name}'")[0][0]
    with world.crm.units.write() as session:
        session.connection().exec_driver_sql(f"UPDATE fundraising_investors SET \"{column}\" = 7 WHERE name = 'Ada'")
    bad = world.backups.create(SYSTEM)
    assert bad.state == "failed"
    assert "1 cells hold something else than their formulas give: Odds" in bad.problem


FORMULA = {"formula": "{Probability} * 2"}


def _sign(world: World, file: Path, manifest: Manifest) -> None:
    from crm_core.services.snapshots import contents, manifests

    manifests.write(
        manifests.sealed(msgspec.structs.replace(manifest, database=contents.hash_file(file))),
        file.with_suffix(".json"),
    )


def test_one_at_a_time(world: World) -> None:
    entry = world.backups.create(SYSTEM)
    with world.backups.turn.taken("restore", entry.id, "Ada") as work:
        work.tell("copy", 0.5)
        now = world.backups.turn.now()
        assert now is not None
        assert (now.doing, now.backup, now.step, now.share, now.by) == ("restore", entry.id, "copy", 0.5, "Ada")
        with pytest.raises(Conflict) as caught:
            world.backups.create(SYSTEM)
        assert caught.value.code == "backup_busy"
        with pytest.raises(Conflict):
            world.backups.verify(entry.id, SYSTEM)
    assert world.backups.turn.now() is None


@pytest.mark.parametrize("name", ["../../crm", "20261123-020000-3fa9c2", "", "a/b", "20261123-020000-3fa9c2.json"])
def test_a_name_from_outside_reaches_no_other_file(world: World, name: str) -> None:
    with pytest.raises(NotFound) as caught:
        world.backups.shelf.entry(name)
    assert caught.value.code == "unknown_backup"


def test_what_a_crash_left_is_not_listed_and_goes_at_the_next_backup(world: World) -> None:
    entry = world.backups.create(SYSTEM)
    folder = world.backups.shelf.file(entry.id).parent
    (folder / "venture-crm-20260101-000000-aaaaaa.sqlite3").write_bytes(b"half")
    (folder / "venture-crm-20260101-000000-bbbbbb.sqlite3.part").write_bytes(b"half")
    (folder / "notes.txt").write_text("mine")
    assert [one.id for one in world.backups.shelf.entries()] == [entry.id]
    second = world.backups.create(SYSTEM)
    left = {path.name for path in folder.iterdir()}
    assert left == {"notes.txt", *(f"venture-crm-{e.id}{end}" for e in (entry, second) for end in ENDINGS)}


ENDINGS = (".sqlite3", ".json", ".proof.json")


def test_the_nightly_backup_is_a_job_and_a_failure_is_told(world: World, tmp_path: Path) -> None:
    crm = world.crm
    assert crm.jobs.schedule("backups/nightly") == read_policy(crm).schedule()
    run = crm.jobs.run("backups/nightly")
    assert run is not None
    assert run.state == "done", run.detail
    assert world.backups.outcome is not None
    assert world.backups.outcome.ok
    (tmp_path / "disk").mkdir()
    change_policy(crm, BackupPolicyChange(folder=str(tmp_path / "disk")), SYSTEM)
    (tmp_path / "disk").rmdir()
    listed = listing(crm.plugins.context("backups"), 0, 10)
    assert [alert.code for alert in listed.alerts] == ["backup_folder"]
    failed = crm.jobs.run("backups/nightly")
    assert failed is not None
    assert failed.state == "failed"
    assert "is not there" in failed.detail
    assert world.events()[-1] == "backup.failed"
    check = next(check for check in crm.plugins.health() if check.name == "backups: last backup")
    assert not check.ok
    assert not check.critical


def test_older_backups_are_read_again_every_night(world: World) -> None:
    old = world.backups.create(SYSTEM)
    file = world.backups.shelf.file(old.id)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert world.backups.shelf.entry(old.id).state == "verified", "only reading it tells"
    world.backups.nightly()
    assert world.backups.shelf.entry(old.id).state == "failed"
    assert "backup.failed" in world.events()
    listed = listing(world.crm.plugins.context("backups"), 0, 10)
    assert [alert.code for alert in listed.alerts] == ["backup_damaged"]
    assert world.backups.reread() == []


def test_without_the_policy_nothing_is_made_by_itself(world: World) -> None:
    change_policy(world.crm, BackupPolicyChange(enabled=False), SYSTEM)
    assert world.crm.jobs.schedule("backups/nightly") is None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (BackupPolicyChange(zone="Mars/Olympus"), "/zone"),
        (BackupPolicyChange(folder="here"), "/folder"),
        (BackupPolicyChange(folder="/proc/x"), "/folder"),
    ],
)
def test_a_policy_that_cannot_work_is_refused_and_the_old_one_stays(
    world: World, change: BackupPolicyChange, pointer: str
) -> None:
    before = read_policy(world.crm)
    with pytest.raises(Invalid) as caught:
        change_policy(world.crm, change, SYSTEM)
    assert (caught.value.code, caught.value.pointer) == ("bad_policy", pointer)
    assert read_policy(world.crm) == before


def test_old_backups_are_taken_away_and_those_of_people_stay(world: World) -> None:
    start = datetime(2026, 3, 1, 2, tzinfo=UTC)
    manual = ""
    for day in range(6):
        with clock.frozen(start + timedelta(days=day)):
            if day == 0:
                manual = world.backups.create(SYSTEM).id
            world.backups.nightly()
    change_policy(world.crm, BackupPolicyChange(keep_count=2, keep_days=0), SYSTEM)
    with clock.frozen(start + timedelta(days=6)):
        world.backups.nightly()
    entries = world.backups.shelf.entries()
    assert [entry.manifest.created_at[:10] for entry in entries if entry.manifest] == [
        "2026-03-07",
        "2026-03-06",
        "2026-03-01",
    ]
    assert entries[-1].id == manual


def _entry(number: int, days_old: int, state: str, reason: str) -> Entry:
    at = clock.to_text(datetime(2026, 6, 1, tzinfo=UTC) - timedelta(days=days_old))
    manifest = Manifest(
        app="1", created_at=at, created_by="x", reason=reason, database=FileContent("x", 1, ""), revisions={},
        version=1, schema_version=1, changed_at=at, history=History(0, ""), tables={},
    )  # fmt: skip
    return Entry(id=str(number), state=state, size=1, manifest=manifest)


@settings(max_examples=200)
@given(
    made=st.lists(
        st.tuples(
            st.integers(0, 400), st.sampled_from(["verified", "failed", "unverified", "damaged"]),
            st.sampled_from(["nightly", "manual", "before-restore", "uploaded"]),
        ),
        max_size=30,
    ),
    count=st.integers(1, 20), days=st.integers(0, 100),
)  # fmt: skip
def test_retention_keeps_its_promises(made: list[tuple[int, str, str]], count: int, days: int) -> None:
    entries = [_entry(n, age, state, reason) for n, (age, state, reason) in enumerate(sorted(made))]
    oldest = clock.to_text(datetime(2026, 6, 1, tzinfo=UTC) - timedelta(days=days))
    gone = set(outlived(entries, BackupPolicy(keep_count=count, keep_days=days), oldest))
    kept = [entry for entry in entries if entry.id not in gone]
    by_id = {entry.id: entry for entry in entries}
    assert all(by_id[name].manifest.reason in ("nightly", "before-restore") for name in gone)  # type: ignore[union-attr]
    if any(entry.state == "verified" for entry in entries):
        assert any(entry.state == "verified" for entry in kept), "the newest verified one is gone"
    mine = [e for e in kept if e.manifest and e.manifest.reason in ("nightly", "before-restore")]
    assert len(mine) <= count + 1
    newest = [e.id for e in entries if e.manifest and e.manifest.reason in ("nightly", "before-restore")][:count]
    for name in gone & set(newest):
        assert days, f"{name} is among the newest {count} and nothing limits the age"


def test_a_full_disk_is_said_and_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room is looked at before; tests/faults fills a real disk."""
    import shutil

    usage = shutil.disk_usage(world.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    with pytest.raises(Unavailable) as caught:
        world.backups.create(SYSTEM)
    assert caught.value.code == "disk_full"
    assert world.backups.shelf.entries() == []


def test_attached_files_lie_beside_the_backups_once(world: World) -> None:
    content = b"a deck"
    digest = hashlib.sha256(content).hexdigest()
    home = world.folder / "attachments" / digest[:2]
    home.mkdir(parents=True)
    (home / digest).write_bytes(content)
    first, second = world.backups.create(SYSTEM), world.backups.create(SYSTEM)
    assert first.manifest is not None
    assert [file.sha256 for file in first.manifest.files] == [digest]
    kept = world.backups.shelf.file(first.id).parent / "files" / digest[:2] / digest
    assert kept.read_bytes() == content
    (home / digest).unlink()
    world.backups.restore(second.id, SYSTEM)
    assert (home / digest).read_bytes() == content
    kept.write_bytes(b"a duck")
    assert world.backups.verify(first.id, SYSTEM).state == "failed"
    for entry in world.backups.shelf.entries():
        world.backups.remove(entry.id, SYSTEM)
    assert not kept.exists()
