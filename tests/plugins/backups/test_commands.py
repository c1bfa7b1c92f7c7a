"""`crm backup` as an operator uses it: real processes over a data folder."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.server import CRM, environment
from tests.plugins.backups.conftest import World


def crm(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(CRM), "backup", *map(str, arguments)]
    return subprocess.run(command, env=environment(folder), capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    world = World(folder)
    world.add("Ada", "Grace")
    world.close()
    return folder


def names(folder: Path) -> list[str]:
    world = World(folder)
    try:
        return sorted(world.names.values())
    finally:
        world.close()


def made(folder: Path) -> str:
    run = crm(folder, "create", "--json")
    assert run.returncode == 0, run.stderr
    (backup,) = json.loads(run.stdout)["backups"]
    assert backup["state"] == "verified"
    return str(backup["id"])


def test_create_list_verify_and_restore(filled: Path) -> None:
    name = made(filled)
    listed = crm(filled, "list")
    assert name in listed.stdout
    assert "verified" in listed.stdout
    assert crm(filled, "verify", name).returncode == 0
    world = World(filled)
    world.add("Later")
    world.close()
    looked = crm(filled, "restore", name)
    assert looked.returncode == 1
    assert "1 go" in looked.stdout
    assert "Later" in looked.stdout
    assert "--yes" in looked.stderr
    assert names(filled) == ["Ada", "Grace", "Later"]
    run = crm(filled, "restore", name, "--yes")
    assert run.returncode == 0, run.stderr
    assert names(filled) == ["Ada", "Grace"]
    assert run.stdout.count("backup") >= 2


def test_a_fresh_machine_is_restored_from_a_file(filled: Path, tmp_path: Path) -> None:
    name = made(filled)
    home = tmp_path / "stick"
    home.mkdir()
    for ending in ("sqlite3", "json"):
        shutil.copy(filled / "backups" / f"venture-crm-{name}.{ending}", home)
    fresh = tmp_path / "fresh"
    run = crm(fresh, "restore", home / f"venture-crm-{name}.sqlite3", "--yes")
    assert run.returncode == 0, run.stderr
    assert names(fresh) == ["Ada", "Grace"]
    assert (home / f"venture-crm-{name}.sqlite3").exists(), "the file it came from was taken away"


def test_a_file_that_is_not_what_its_manifest_says_is_refused(filled: Path, tmp_path: Path) -> None:
    name = made(filled)
    file = filled / "backups" / f"venture-crm-{name}.sqlite3"
    content = bytearray(file.read_bytes())
    content[5_000] ^= 4
    file.write_bytes(content)
    verified = crm(filled, "verify", name)
    assert verified.returncode == 1
    assert "SHA-256" in verified.stdout
    run = crm(tmp_path / "fresh", "restore", file, "--yes")
    assert run.returncode == 2
    assert "changed or damaged" in run.stderr


def test_a_damaged_database_is_put_aside_and_replaced(filled: Path) -> None:
    name = made(filled)
    file = filled / "backups" / f"venture-crm-{name}.sqlite3"
    database = filled / "crm.sqlite3"
    damaged = b"not a database" * 1_000
    database.write_bytes(damaged)
    run = crm(filled, "restore", file, "--yes")
    assert run.returncode == 0, run.stderr
    assert names(filled) == ["Ada", "Grace"]
    (aside,) = filled.glob("crm.sqlite3.before-restore-*")
    assert aside.read_bytes() == damaged


def test_not_below_a_running_server(filled: Path) -> None:
    name = made(filled)
    held = os.open(filled / "server.lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = crm(filled, "restore", name, "--yes")
    finally:
        os.close(held)
    assert run.returncode == 2
    assert "A server runs" in run.stderr


def test_a_name_there_is_not(filled: Path) -> None:
    run = crm(filled, "verify", "20200101-000000-abcdef")
    assert run.returncode == 2
    assert "no backup" in run.stderr
