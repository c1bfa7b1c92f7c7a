"""Backups and restores under faults: killed at every step, on a full disk, with every kind of damage."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.contracts.actor import SYSTEM
from crm_core.errors import CrmError, Invalid, Unavailable
from crm_core.services import verification
from tests.plugins.backups.conftest import World

KILLS = int(os.environ.get("CRM_TEST_KILLS", "20"))

PROGRAM = """
import os, random, sys, threading, time
from pathlib import Path
from crm_core.contracts.actor import SYSTEM
from crm_core.services.snapshots import Snapshots, carrying, contents, manifests
from crm_core.services.snapshots.restoring import Restoring
from crm_core.storage.unit import Units
from plugins.backups.shelf import Shelf
from plugins.sqlite.database import SqliteDatabase
from tests.plugins.backups.conftest import World

place, after, what, name = sys.argv[2], float(sys.argv[3]), sys.argv[4], sys.argv[5]
seen = {}

def dying(owner, part):
    original = getattr(owner, part)
    def act(*arguments, **more):
        seen[part] = seen.get(part, 0) + 1
        if place == f"{part} {seen[part]}":
            os.kill(os.getpid(), 9)
        answer = original(*arguments, **more)
        if place == f"{part} {seen[part]} done":
            os.kill(os.getpid(), 9)
        return answer
    setattr(owner, part, act)

for part in ("snapshot", "restore"):
    dying(SqliteDatabase, part)
for owner, part in (
    (Snapshots, "describe"), (Snapshots, "prove"), (manifests, "write"), (manifests, "write_whole"),
    (carrying, "carry_over"), (carrying, "number"), (Restoring, "prepare"), (Restoring, "_look"), (Shelf, "put_proof"),
):
    dying(owner, part)
world = World(Path(sys.argv[1]))
if after:
    threading.Thread(target=lambda: (time.sleep(after), os.kill(os.getpid(), 9)), daemon=True).start()
print("go", flush=True)
if what == "create":
    world.backups.create(SYSTEM)
else:
    world.backups.restore(name, SYSTEM)
print("done", flush=True)
os.kill(os.getpid(), 9)
"""

BACKING_UP = [
    f"{part}{end}"
    for part in ("snapshot 1", "describe 1", "write 1", "prove 1", "restore 1", "put_proof 1", "write_whole 1")
    for end in ("", " done")
]
RESTORING = [
    f"{part}{end}"
    for part in (
        "prepare 1", "restore 1", "snapshot 1", "write 1", "carry_over 1", "number 1", "restore 2", "_look 1",
        "prove 1",
    )
    for end in ("", " done")
]  # fmt: skip


def run(folder: Path, place: str, what: str, name: str = "", after: float = 0) -> subprocess.CompletedProcess[str]:
    """Do it in a process that kills itself there."""
    command = [sys.executable, "-c", PROGRAM, str(folder), place or "-", str(after), what, name]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == -9, found.stderr
    return found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder at `later`, with a backup of what was there before: `Ada` and 300 others."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    world = World(folder)
    ids = world.add("Ada", *(f"Investor {number}" for number in range(300)), notes="x" * 300)
    name = world.backups.create(SYSTEM).id
    world.rename(ids[0], "Later")
    world.delete(*ids[1:50])
    world.close()
    return folder, name


@pytest.fixture
def data(filled: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    folder = tmp_path / "data"
    shutil.copytree(filled[0], folder)
    return folder, filled[1]


def is_whole(folder: Path) -> str:
    """The data is sound and either all old or all restored; says which."""
    world = World(folder)
    try:
        assert verification.verify(world.crm.units.storage, folder / "crm.sqlite3").problems == ()
        names = list(world.names.values())
        state = "old" if "Later" in names else "restored"
        assert len(names) == (252 if state == "old" else 301)
        assert ("Ada" in names) == (state == "restored")
        for entry in world.backups.shelf.entries():
            assert entry.state in ("verified", "unverified"), entry.problem
            assert world.backups.verify(entry.id, SYSTEM).state == "verified"
        assert world.backups.create(SYSTEM).state == "verified"
        assert not list((folder / "scratch").glob("*"))
        shelf = {path.name for path in (folder / "backups").iterdir()}
        listed = {entry.id for entry in world.backups.shelf.entries()}
        assert all(any(name in path for name in listed) for path in shelf), f"left behind: {shelf}"
        return state
    finally:
        world.close()


@pytest.mark.parametrize("place", BACKING_UP)
def test_killed_at_any_step_of_a_backup(data: tuple[Path, str], place: str) -> None:
    folder, _ = data
    run(folder, place, "create")
    assert is_whole(folder) == "old"


@pytest.mark.parametrize("place", RESTORING)
def test_killed_at_any_step_of_a_restore(data: tuple[Path, str], place: str) -> None:
    folder, name = data
    found = run(folder, place, "restore", name)
    assert "done" not in found.stdout.split(), f"it never came to {place}"
    swapped = place.startswith(("_look", "prove")) or place == "restore 2 done"
    assert is_whole(folder) == ("restored" if swapped else "old")


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("what", ["create", "restore"])
def test_killed_at_any_moment(filled: tuple[Path, str], tmp_path: Path, what: str) -> None:
    """Not only between steps: the moments are drawn over the whole time that it takes."""
    chance, longest, states = random.Random(), 0.6, set()
    for number in range(max(3, KILLS // 4)):
        folder = tmp_path / str(number)
        shutil.copytree(filled[0], folder)
        run(folder, "", what, filled[1], after=chance.uniform(0.001, longest))
        with closing(sqlite3.connect(folder / "crm.sqlite3")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        states.add(is_whole(folder))
        shutil.rmtree(folder)
    assert states <= {"old", "restored"}


# --- damage -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    world = World(tmp_path_factory.mktemp("shelf") / "data")
    world.add("Ada", "Grace", "Edsger", notes="Likes tennis. " * 400)
    name = world.backups.create(SYSTEM).id
    yield world, name
    world.close()


def refused(world: World, name: str) -> None:
    """The backup is neither verified nor restored, and the data stays."""
    names = world.names
    try:
        found = world.backups.verify(name, SYSTEM).state
    except Invalid as error:
        found = error.code
    assert found in ("failed", "damaged", "manifest_damaged", "newer_backup"), "the damage was not noticed"
    with pytest.raises(CrmError) as caught:
        world.backups.restore(name, SYSTEM)
    assert caught.value.code in ("backup_damaged", "manifest_damaged", "newer_backup")
    assert world.names == names


HEADER, PAGE = 100, 4096


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_anywhere_in_the_file_is_noticed(shelf: tuple[World, str], data: st.DataObject) -> None:
    world, name = shelf
    file = world.backups.shelf.file(name)
    content = file.read_bytes()
    places = (
        st.integers(0, HEADER - 1)
        | st.integers(HEADER, PAGE - 1)
        | st.integers(0, len(content) // PAGE - 1).map(lambda page: page * PAGE)
        | st.integers(len(content) - PAGE, len(content) - 1)
        | st.integers(0, len(content) - 1)
    )
    place, bit = data.draw(places), data.draw(st.integers(0, 7))
    damaged = bytearray(content)
    damaged[place] ^= 1 << bit
    try:
        file.write_bytes(damaged)
        refused(world, name)
    finally:
        file.write_bytes(content)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_anywhere_in_the_manifest_is_noticed(shelf: tuple[World, str], data: st.DataObject) -> None:
    world, name = shelf
    path = world.backups.shelf.file(name).with_suffix(".json")
    content = path.read_bytes()
    place, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
    damaged = bytearray(content)
    damaged[place] ^= 1 << bit
    try:
        path.write_bytes(damaged)
        refused(world, name)
    finally:
        path.write_bytes(content)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.9999), which=st.sampled_from([".sqlite3", ".json"]), fill=st.sampled_from([b"", b"\0"]))
def test_a_file_that_was_cut_is_noticed(shelf: tuple[World, str], share: float, which: str, fill: bytes) -> None:
    world, name = shelf
    path = world.backups.shelf.file(name).with_suffix(which)
    content = path.read_bytes()
    cut = int(len(content) * share)
    try:
        path.write_bytes(content[:cut] + fill * (len(content) - cut))
        refused(world, name)
    finally:
        path.write_bytes(content)


def test_a_file_that_grew_or_is_gone_is_noticed(shelf: tuple[World, str]) -> None:
    world, name = shelf
    file = world.backups.shelf.file(name)
    content = file.read_bytes()
    try:
        file.write_bytes(content + b"\0")
        refused(world, name)
        file.unlink()
        entry = world.backups.shelf.entry(name)
        assert entry.state == "damaged"
    finally:
        file.write_bytes(content)
    assert world.backups.verify(name, SYSTEM).state == "verified"


# --- a full disk --------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MiB; only root can mount one."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk takes root")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Take all but `leave` bytes of the disk."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    ballast.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - leave))
    return ballast


@pytest.mark.parametrize("checked", [True, False], ids=["looked at first", "found out while writing"])
def test_a_full_disk_during_backup_and_restore(
    small_disk: Path, checked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every amount of room that is left: it works, or it is refused, and the data is whole either way."""
    world = World(small_disk / "data")
    try:
        ids = world.add("Ada", *(f"Investor {number}" for number in range(40)), notes="x" * 3_000)
        name = world.backups.create(SYSTEM).id
        world.rename(ids[0], "Later")
        if not checked:
            monkeypatch.setattr("crm_core.storage.scratch.check_room", lambda *_: None)
            monkeypatch.setattr("crm_core.services.snapshots.check_room", lambda *_: None)
        results = set()
        for leave in (0, 50_000, 200_000, 400_000, 700_000, 1_100_000, 1_600_000, 2_200_000):
            for act in (lambda: world.backups.create(SYSTEM), lambda: world.backups.restore(name, SYSTEM)):
                ballast = fill(small_disk, leave)
                before, version, listed = world.names, world.version, {e.id for e in world.backups.shelf.entries()}
                try:
                    act()
                except Unavailable as error:
                    results.add(error.code)
                    assert (world.names, world.version) == (before, version)
                    new = [e for e in world.backups.shelf.entries() if e.id not in listed]
                    assert all(e.state in ("verified", "unverified") for e in new), "a half backup is listed"
                else:
                    results.add("done")
                ballast.unlink()
                assert verification.verify(world.crm.units.storage, small_disk / "data/crm.sqlite3").problems == ()
                for entry in world.backups.shelf.entries():
                    if entry.id != name:
                        world.backups.remove(entry.id, SYSTEM)
        assert "disk_full" in results
        assert world.backups.create(SYSTEM).state == "verified"
        world.backups.restore(name, SYSTEM)
        assert "Ada" in world.names.values()
    finally:
        world.close()


def test_a_full_disk_during_an_upgrade(small_disk: Path) -> None:
    """The older version's data stays whole and is taken over once there is room."""
    from tests.migrations.test_released import load

    for leave in (0, 30_000, 100_000, 250_000, 400_000):
        folder = small_disk / f"data-{leave}"
        load("0001", folder)
        (folder / "secret.key").write_text("k" * 40)
        with closing(sqlite3.connect(folder / "crm.sqlite3")) as connection:
            before = list(connection.iterdump())
        ballast = fill(small_disk, leave)
        refusal = None
        try:
            World(folder).close()
        except CrmError as error:
            refusal = error.code
        ballast.unlink()
        assert refusal in (None, "disk_full")
        if refusal:
            with closing(sqlite3.connect(folder / "crm.sqlite3")) as connection:
                assert list(connection.iterdump()) == before
        world = World(folder)
        assert "Aurora Pension" in world.names.values()
        world.close()
        shutil.rmtree(folder)


def _copied_at_one_moment(folder: Path, copy: Path) -> bool:
    """Copy the database's files; False when they changed meanwhile, so that the copy is of no moment that ever was."""

    def looks() -> list[tuple[int, int]]:
        found = [folder / name for name in ("crm.sqlite3", "crm.sqlite3-wal") if (folder / name).exists()]
        return [(path.stat().st_mtime_ns, path.stat().st_size) for path in found]

    before = looks()
    copy.mkdir()
    for path in folder.glob("crm.sqlite3*"):
        if not path.name.endswith("-shm"):
            shutil.copy(path, copy)
    if looks() == before:
        return True
    shutil.rmtree(copy)
    return False


def test_the_files_of_a_power_cut_in_the_middle_of_a_restore(filled: tuple[Path, str], tmp_path: Path) -> None:
    """The folder as it lies on the disk at many moments of a restore, copied file by file: each one starts whole."""
    folder = tmp_path / "data"
    copies: list[Path] = []
    shutil.copytree(filled[0], folder)
    command = [sys.executable, "-c", PROGRAM, str(folder), "-", "0", "restore", filled[1]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "go\n"
        while running.poll() is None and len(copies) < 60:
            copy = tmp_path / f"cut-{len(copies)}"
            if _copied_at_one_moment(folder, copy):
                copies.append(copy)
        running.stdout.read()
    states = set()
    for copy in copies:
        with closing(sqlite3.connect(copy / "crm.sqlite3")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            names = {row[0] for row in connection.execute("SELECT name FROM fundraising_investors")}
            version = connection.execute("SELECT version FROM fundraising_state").fetchone()[0]
            newest = connection.execute("SELECT max(version) FROM changes").fetchone()[0]
        assert version == newest
        states.add("old" if "Later" in names else "restored")
    assert states <= {"old", "restored"}
    assert "old" in states
