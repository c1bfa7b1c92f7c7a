"""What the server logs: JSON lines with request ids, and never a word of the team's data, whatever goes wrong."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import logs
from crm_core.errors import Invalid
from tests.api.test_serve import lines_until, started
from tests.browser.server import ADMIN, make_admin

SECRET = "Zanzibar"
"""Stands in names, mails, queries, passwords, files and errors of the session below."""


def busy(client: httpx.Client, csrf: str) -> None:
    """A session in which much succeeds and much fails, with the marker in every place that takes text."""
    send = {"X-CSRF-Token": csrf}

    def change(*ops: dict[str, Any]) -> httpx.Response:
        return client.post("/api/changes", json={"ops": list(ops), "reason": f"{SECRET} asked"}, headers=send)

    made = change({"op": "create", "table": "investors", "records": [{"cells": {"name": f"{SECRET} Capital"}}]})
    record = made.json()["created"][0][0]
    bad = {"stage": SECRET, "email": f"{SECRET}@@example", "check_size": f"{SECRET} million", "owner": SECRET}
    assert change({"op": "update", "table": "investors", "records": [{"id": record, "cells": bad}]}).status_code == 400
    change({"op": "create_field", "table": "investors", "field": {"name": f"{SECRET} field", "kind": "formula"}})
    change({"op": "create_view", "table": "investors", "view": {"name": f"{SECRET} view", "config": {SECRET: 1}}})
    client.post("/api/tables/investors/query", json={"search": SECRET, "filter": {"field": SECRET, "op": "is"}})
    client.post(f"/api/tables/{SECRET}/query", json={})
    client.get(f"/api/tables/investors/records/{SECRET}", params={"q": SECRET, "as_of": SECRET})
    client.get("/api/activity", params={"text": SECRET, "start": SECRET})
    client.get(f"/{SECRET}", params={SECRET: SECRET})
    client.get(f"/api/{SECRET}/{SECRET}")
    client.post(
        "/api/changes", content=f'{{"{SECRET}": '.encode(), headers={**send, "Content-Type": "application/json"}
    )
    client.post("/api/session", json={"email": f"{SECRET}@example.org", "password": SECRET})
    client.post("/api/admin/invites", json={"email": f"{SECRET.lower()}@example.org", "role": "member"}, headers=send)
    client.post("/api/tokens", json={"name": SECRET, "scope": SECRET}, headers=send)
    client.post("/api/feature-requests", json={"title": SECRET, "description": SECRET}, headers=send)
    table = f"Name,{SECRET}\n{SECRET},{SECRET}\n".encode()
    upload = {
        "params": {"table": "investors", "filename": f"{SECRET}.csv"},
        "headers": {**send, "Content-Type": "text/csv"},
    }
    client.post("/api/imports", content=table, **upload)  # type: ignore[arg-type]
    client.post("/api/imports", content=b"\x00\xff" + table, **upload)  # type: ignore[arg-type]
    client.get("/api/tables/investors/export", params={"format": "csv"})
    client.get("/api/fundraising/export", headers={"Authorization": f"Bearer crm_{SECRET}"})


def test_a_busy_session_leaves_no_word_of_the_data_in_the_log(tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_admin(data)
    with started(data, CRM_LOG_FORMAT="json", CRM_LOG_LEVEL="info") as process:
        port = lines_until(process, re.compile(r"is ready: http://127\.0\.0\.1:(\d+)"))[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            answer = client.post("/api/session", json={"email": ADMIN.email, "password": ADMIN.password})
            busy(client, answer.json()["csrf"])
            named = client.get("/api/nowhere", headers={"X-Request-ID": "a-trace-of-mine"})
            assert named.json()["request"] == "a-trace-of-mine"
            _break_the_history(data)
            broken = client.get("/api/activity", headers={"X-Request-ID": "the-broken-one"})
            assert (broken.status_code, broken.json()["request"]) == (500, "the-broken-one")
            assert SECRET not in broken.text
        process.terminate()
        output, _ = process.communicate(timeout=20)
    assert SECRET.lower() not in output.lower()
    assert ADMIN.password not in output
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert len(lines) > 15
    assert {line["level"] for line in lines} >= {"info", "error"}
    assert any(line.get("request") == "a-trace-of-mine" and line["status"] == 404 for line in lines)
    failed = next(line for line in lines if line["level"] == "error")
    assert failed["request"] == "the-broken-one"
    assert failed["error"].startswith("DecodeError") or "Error" in failed["error"]
    assert any("activity" in place for place in failed["trace"])
    assert all("?" not in line.get("route", "") for line in lines)


def _break_the_history(data: Path) -> None:
    """Write what no program of ours would, so that a read fails in the middle."""
    with sqlite3.connect(data / "crm.sqlite3", timeout=10) as database:
        row = ("2026-01-01T00:00:00.000Z", "records.changed", f"{SECRET} not json")
        database.execute("INSERT INTO events (at, kind, subject, data) VALUES (?, ?, 'x', ?)", row)
    database.close()


def formatted(form: str, log: logging.Logger, *message: Any, error: BaseException | None = None) -> str:
    """What one record comes out as."""
    info = (type(error), error, error.__traceback__) if error else None
    record = log.makeRecord(log.name, logging.ERROR, __file__, 1, message[0], message[1:], info)
    shown: str = (logs._Json() if form == "json" else logs._Text()).format(record)
    return shown


@pytest.mark.parametrize("form", logs.FORMATS)
def test_errors_are_shown_by_type_code_and_place(form: str) -> None:
    log = logging.getLogger("crm.test")
    try:
        try:
            raise ValueError(f"{SECRET} is no number")
        except ValueError as inner:
            raise Invalid("bad_thing", f"{SECRET} cannot be taken", SECRET) from inner
    except Invalid as error:
        text = formatted(form, log, "The job %s failed: %s", "nightly", error, error=error)
    assert SECRET not in text
    assert "The job nightly failed: Invalid[bad_thing]" in text
    assert "ValueError" in text
    assert "test_errors_are_shown_by_type_code_and_place" in text


@pytest.mark.parametrize("form", logs.FORMATS)
def test_what_libraries_append_to_a_message_is_cut(form: str) -> None:
    text = formatted(form, logging.getLogger("asyncio"), f"Task exception was never retrieved\nfuture: {SECRET}")
    assert SECRET not in text
    assert "never retrieved" in text
    assert "100 % sure" in formatted(form, logging.getLogger("crm.test"), "100 % sure")


def test_a_log_format_that_is_none_stops_the_start(tmp_path: Path) -> None:
    with started(tmp_path / "data", CRM_LOG_FORMAT="xml") as process:
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "CRM_LOG_FORMAT" in output
