"""A folder that cannot be written, a disk that is full, a database of the future: clear words, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.browser.server import ADMIN, CRM, Server, environment, free_port, run_crm, serving, wait_until_ready

needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("mount"), reason="mounting a small disk needs root"
)


def refused(data_dir: Path, *arguments: str) -> str:
    """Run a command that must fail with exit code 2 and no trace; what it said."""
    run = subprocess.run(
        [CRM, *arguments], env=environment(data_dir), capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 2, run
    assert "Traceback" not in run.stderr + run.stdout
    return run.stderr


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount here: {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_database_of_the_future_is_left_alone(tmp_path: Path) -> None:
    run_crm(tmp_path, "migrate")
    database = tmp_path / "crm.sqlite3"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version_core SET version_num = '9999'")
    before = database.read_bytes()
    said = refused(tmp_path, "serve", "--port", "0")
    assert "newer version" in said
    assert "9999" in said
    assert database.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "crm.sqlite3"
    database.write_bytes(b"this is a letter, not a database\n" * 100)
    before = database.read_bytes()
    assert "not a SQLite database" in refused(tmp_path, "serve", "--port", "0")
    assert database.read_bytes() == before


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("a file")
    assert str(place) in refused(place, "serve", "--port", "0")


@needs_root
def test_a_read_only_data_folder(disk: Path) -> None:
    run_crm(disk, "migrate")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    for arguments in (("serve", "--port", "0"), ("migrate",)):
        assert "cannot be written" in refused(disk, *arguments)
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    assert "up to date" in run_crm(disk, "migrate")


def create(client: httpx.Client, name: str, notes: str = "") -> httpx.Response:
    cells = {"name": name, "notes": notes}
    ops = [{"op": "create", "table": "investors", "records": [{"cells": cells}]}]
    return client.post("/api/changes", content=json.dumps({"ops": ops}), headers={"Content-Type": "application/json"})


def names(client: httpx.Client) -> list[str]:
    asked = {"fields": ["name"], "limit": 5000, "sorts": [{"field": "name"}]}
    answer = client.post("/api/tables/investors/query", json=asked)
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.json()["columns"][0]
    return found


@contextmanager
def signed_in(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        answer = client.post("/api/session", json={"email": ADMIN.email, "password": ADMIN.password})
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield client


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with suppress(OSError), file.open("wb", buffering=0) as ballast:
        while ballast.write(b"\0" * 4096):
            pass
    assert shutil.disk_usage(file).free < 4096


@needs_root
def test_a_full_disk_refuses_writes_keeps_what_it_has_and_goes_on_when_there_is_room(disk: Path) -> None:
    with serving(disk / "data") as server, signed_in(server) as client:
        kept = [name for name in (f"Investor {number:03}" for number in range(3)) if create(client, name).is_success]
        assert len(kept) == 3
        ballast = disk / "ballast"
        fill(ballast)
        problems = set()
        for number in range(100):
            name = f"Late {number:03}"
            answer = create(client, name, "x" * 20_000)
            if answer.is_success:
                kept.append(name)
            else:
                problems.add((answer.status_code, answer.json()["code"]))
        assert problems == {(507, "disk_full")}
        assert names(client) == sorted(kept)
        assert client.get("/healthz").status_code == 200
        ballast.unlink()
        assert create(client, "With room again").is_success
        assert names(client) == sorted([*kept, "With room again"])
    with serving_again(disk / "data") as server, signed_in(server) as client:
        assert names(client) == sorted([*kept, "With room again"])


@contextmanager
def serving_again(data_dir: Path) -> Iterator[Server]:
    """Serve a folder that has its account already."""
    port = free_port()
    log = data_dir.parent / "again.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [CRM, "serve", "--port", str(port), "--data-dir", data_dir],
            env=environment(data_dir), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    server = Server(f"http://127.0.0.1:{port}", data_dir, process, log)
    try:
        wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        process.wait(20)
