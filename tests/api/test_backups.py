"""Backups over HTTP: the roadmap's paths, who may, downloads and uploads, and what everybody gets during a restore."""

from __future__ import annotations

import io
import json
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from crm_core.contracts import Cron
from plugins.sqlite.database import SqliteDatabase
from tests.api.conftest import Site, code_of

ROUTES = [
    ("GET", "/api/fundraising/backup-policy", None),
    ("PATCH", "/api/fundraising/backup-policy", {"hour": 4}),
    ("GET", "/api/fundraising/backups", None),
    ("POST", "/api/fundraising/backup", None),
    ("GET", "/api/fundraising/backups/20261123-020000-3fa9c2", None),
    ("DELETE", "/api/fundraising/backups/20261123-020000-3fa9c2", None),
    ("POST", "/api/fundraising/backups/20261123-020000-3fa9c2/verify", None),
    ("GET", "/api/fundraising/backups/20261123-020000-3fa9c2/download", None),
    ("GET", "/api/fundraising/backups/20261123-020000-3fa9c2/manifest", None),
    ("POST", "/api/fundraising/restore-preview", {"backup": "20261123-020000-3fa9c2"}),
    ("POST", "/api/fundraising/restore", {"backup": "20261123-020000-3fa9c2", "confirm": "20261123-020000-3fa9c2"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_backups_are_for_admins(site: Site, method: str, path: str, body: Any) -> None:
    rest = {"json": body} if body is not None else {}
    for who in ("member", "reader", "writer"):
        assert site.call(who, method, path, **rest).status_code == 403
    assert site.call("nobody", method, path, **rest).status_code == 401


def made(site: Site) -> dict[str, Any]:
    answer = site.call("admin", "POST", "/api/fundraising/backup")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_backup_is_made_proven_listed_and_taken_away(site: Site) -> None:
    backup = made(site)
    assert backup["state"] == "verified"
    assert [step["ok"] for step in backup["proof"]["steps"]] == [True] * len(backup["proof"]["steps"])
    listed = site.call("admin", "GET", "/api/fundraising/backups").json()
    assert backup in listed["backups"]
    assert listed["total"] == len(listed["backups"])
    assert listed["running"] is None
    assert listed["alerts"] == []
    one = f"/api/fundraising/backups/{backup['id']}"
    assert site.call("admin", "GET", one).json() == backup
    again = site.call("admin", "POST", f"{one}/verify").json()
    assert again["proof"]["at"] > backup["proof"]["at"]
    assert site.call("admin", "DELETE", one).status_code == 204
    assert code_of(site.call("admin", "GET", one)) == "unknown_backup"


def test_the_policy_is_read_and_changed(site: Site) -> None:
    path = "/api/fundraising/backup-policy"
    before = site.call("admin", "GET", path).json()
    assert set(before) == {"enabled", "hour", "zone", "keep_count", "keep_days", "folder"}
    changed = site.call("admin", "PATCH", path, json={"hour": 5, "zone": "Europe/Berlin", "keep_count": 30})
    assert changed.json() == {**before, "hour": 5, "zone": "Europe/Berlin", "keep_count": 30}
    for bad in ({"hour": 24}, {"keep_count": 0}, {"nothing": 1}, {"zone": "Nowhere/None"}):
        assert site.call("admin", "PATCH", path, json=bad).status_code == 400
    assert site.call("admin", "GET", path).json() == changed.json()
    assert site.crm.jobs.schedule("backups/nightly") == Cron(5, 0, "Europe/Berlin")


def test_a_download_is_what_was_made_and_can_be_brought_back(site: Site) -> None:
    site.call(
        "admin",
        "POST",
        "/api/changes",
        json={"ops": [{"op": "create", "table": "funds", "records": [{"cells": {"name": "I"}}]}]},
    )
    backup = made(site)
    one = f"/api/fundraising/backups/{backup['id']}"
    file = site.call("admin", "GET", f"{one}/download")
    assert file.headers["content-disposition"].startswith("attachment")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(file.content)
        assert connection.execute("SELECT 1 FROM fundraising_funds WHERE name = 'I'").fetchall() == [(1,)]
    manifest = site.call("admin", "GET", f"{one}/manifest").json()
    assert manifest["database"]["sha256"] == backup["sha256"]
    archive = site.call("admin", "GET", f"{one}/download?form=zip")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as zipped:
        names = sorted(zipped.namelist())
        assert [name.rpartition(".")[2] for name in names] == ["json", "sqlite3"]
        assert zipped.read(names[1]) == file.content
        assert json.loads(zipped.read(names[0])) == manifest
    for content in (file.content, archive.content):
        brought = upload(site, content)
        assert brought.status_code == 201, brought.text
        assert (brought.json()["state"], brought.json()["reason"]) == ("verified", "uploaded")
        assert brought.json()["sha256"] == backup["sha256"]
    assert code_of(site.call("admin", "GET", f"{one}/download?form=tar")) == "bad_form"


def upload(site: Site, content: bytes) -> httpx.Response:
    headers = {"Content-Type": "application/octet-stream"}
    return site.call("admin", "POST", "/api/fundraising/backups/upload", content=content, headers=headers)


def test_what_is_no_backup_is_refused_and_leaves_nothing(site: Site, tmp_path: Path) -> None:
    before = site.call("admin", "GET", "/api/fundraising/backups").json()["total"]
    backup = made(site)
    file = bytearray(site.call("admin", "GET", f"/api/fundraising/backups/{backup['id']}/download").content)
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER)")
    wrong = zipped({"a.sqlite3": bytes(file[:-4096]), "a.json": manifest_of(site, backup)})
    cases = {
        b"hello": "not_a_backup",
        b"": "not_a_backup",
        b"PK\x03\x04 not really": "not_a_backup",
        zipped({"a.txt": b"x"}): "not_a_backup",
        other.read_bytes(): "not_a_backup",
        bytes(file[: len(file) // 2]): "backup_damaged",
        wrong: "backup_damaged",
        zipped(
            {"a.sqlite3": bytes(file), "a.json": manifest_of(site, backup).replace(b"manual", b"nightl")}
        ): "manifest_damaged",
    }
    for content, code in cases.items():
        assert code_of(upload(site, content)) == code
    site.call("admin", "DELETE", f"/api/fundraising/backups/{backup['id']}")
    assert site.call("admin", "GET", "/api/fundraising/backups").json()["total"] == before
    assert not [path for path in (site.crm.config.data_dir / "plugins" / "backups").iterdir() if "part" in path.name]


def manifest_of(site: Site, backup: dict[str, Any]) -> bytes:
    return site.call("admin", "GET", f"/api/fundraising/backups/{backup['id']}/manifest").content


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def test_a_restore_wants_its_confirmation_and_says_what_it_did(site: Site) -> None:
    backup = made(site)
    site.call(
        "admin",
        "POST",
        "/api/changes",
        json={"ops": [{"op": "create", "table": "funds", "records": [{"cells": {"name": "Later"}}]}]},
    )
    preview = site.call("admin", "POST", "/api/fundraising/restore-preview", json={"backup": backup["id"]}).json()
    funds = next(table for table in preview["tables"] if table["key"] == "funds")
    assert funds["removed"] == 1
    assert funds["samples_removed"][0]["name"] == "Later"
    for confirm in ({}, {"confirm": "yes"}):
        refused = site.call("admin", "POST", "/api/fundraising/restore", json={"backup": backup["id"], **confirm})
        assert code_of(refused) == "not_confirmed"
    body = {"backup": backup["id"], "confirm": backup["id"]}
    answer = site.call("admin", "POST", "/api/fundraising/restore", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"] > preview["version_now"]
    names = site.call("admin", "GET", "/api/fundraising/export").json()["state"]["tables"]["funds"]["records"]
    assert "Later" not in json.dumps(names)
    listed = site.call("admin", "GET", "/api/fundraising/backups").json()["backups"]
    safety = next(one for one in listed if one["id"] == answer.json()["safety"])
    assert (safety["state"], safety["reason"]) == ("verified", "before-restore")


def test_open_pages_are_told_to_start_over(site: Site) -> None:
    backup = made(site)
    site.call(
        "admin",
        "POST",
        "/api/changes",
        json={"ops": [{"op": "create", "table": "funds", "records": [{"cells": {"name": "Seen"}}]}]},
    )
    with site.client.websocket_connect("/api/live", headers=site.credentials("member")) as socket:
        before = socket.receive_json(timeout=10)
        body = {"backup": backup["id"], "confirm": backup["id"]}
        restored = site.call("admin", "POST", "/api/fundraising/restore", json=body).json()
        told: dict[str, Any] = {}
        while told.get("type") != "hello":
            told = socket.receive_json(timeout=15)
    assert before["version"] < restored["version"]
    assert (told["version"], told["reset"], told["changes"]) == (restored["version"], True, [])


@pytest.fixture
def slow_swap(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Holds a restore where the doors are shut: (it is there, it may go on)."""
    there, on = threading.Event(), threading.Event()
    original = SqliteDatabase.restore
    live = site.crm.config.data_dir / "crm.sqlite3"

    def swap(storage: SqliteDatabase, path: Path) -> None:
        if storage.path == live:
            there.set()
            on.wait(30)
        original(storage, path)

    monkeypatch.setattr(SqliteDatabase, "restore", swap)
    yield there, on
    on.set()


def test_during_a_restore_everything_answers_503_and_when_to_try_again(
    site: Site, slow_swap: tuple[threading.Event, threading.Event]
) -> None:
    there, on = slow_swap
    backup = made(site)
    headers = {who: site.credentials(who) for who in ("admin", "writer")}
    for who in headers:  # signed in already, as a browser is
        assert site.client.get("/api/tables", headers=headers[who]).status_code == 200
    body = {"backup": backup["id"], "confirm": backup["id"]}
    answers: list[httpx.Response] = []
    restoring = threading.Thread(
        target=lambda: answers.append(site.client.post("/api/fundraising/restore", json=body, headers=headers["admin"]))
    )
    restoring.start()
    try:
        assert there.wait(30)
        change = {"ops": [{"op": "create", "table": "funds", "records": [{"cells": {"name": "Late"}}]}]}
        for who in headers:
            for answer in (
                site.client.get("/api/tables", headers=headers[who]),
                site.client.post("/api/changes", json=change, headers=headers[who]),
            ):
                assert (answer.status_code, code_of(answer)) == (503, "maintenance")
                assert int(answer.headers["retry-after"]) > 0
        assert site.client.get("/healthz").status_code == 200
        assert site.client.get("/readyz").status_code == 503
    finally:
        on.set()
        restoring.join(60)
    assert answers[0].status_code == 200, answers[0].text
    assert site.client.post("/api/changes", json=change, headers=headers["writer"]).status_code == 200
    assert site.client.get("/readyz").status_code == 200
    with suppress(AttributeError):
        site.client.cookies.clear()
