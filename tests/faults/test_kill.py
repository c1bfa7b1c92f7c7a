"""kill -9 at random moments under several writers: every acknowledged edit is there after the next start."""

import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.server import CRM, environment, free_port, run_crm

KILLS = int(os.environ.get("CRM_TEST_KILLS", "20"))
"""`make nightly` kills 200 times."""

WRITERS = 8
READY_SECONDS = 60


class Crashing:
    """A server that is killed and started again over one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        run_crm(
            folder, "admin", "create", "--email", "ada@example.org", "--name", "Ada", "--password-stdin",
            stdin="correct horse battery staple\n",
        )  # fmt: skip
        token = run_crm(folder, "token", "create", "--email", "ada@example.org", "--name", "t", "--scope", "write")
        self.headers = {"Authorization": f"Bearer {token.strip().splitlines()[-1]}"}

    def start(self) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [str(CRM), "serve", "--port", str(port)]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment(self.folder), stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError("The server did not become ready.")

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def send(client: httpx.Client, op: dict[str, Any], key: str) -> dict[str, Any] | None:
    """One change; None when the server died before it answered."""
    try:
        answer = client.post("/api/changes", json={"ops": [op]}, headers={"Idempotency-Key": key})
    except httpx.TransportError:
        return None
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def write(url: str, headers: dict[str, str], record: str, start: int, acknowledged: list[int]) -> None:
    """Count one record's score up until the server dies; note what was acknowledged last."""
    with httpx.Client(base_url=url, headers=headers, timeout=20) as client:
        for value in range(start, start + 100_000):
            op = {"op": "update", "table": "investors", "records": [{"id": record, "cells": {"score": value}}]}
            if send(client, op, f"{record}-{value}") is None:
                return
            acknowledged[0] = value


def wait_for_progress(acknowledged: list[list[int]]) -> None:
    """Return when another edit was acknowledged; a busy machine may need its time for the first."""
    before, deadline = sum(last[0] for last in acknowledged), time.monotonic() + READY_SECONDS
    while sum(last[0] for last in acknowledged) == before and time.monotonic() < deadline:
        time.sleep(0.005)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Crashing]:
    crashing = Crashing(tmp_path)
    crashing.start()
    yield crashing
    crashing.kill()


@pytest.mark.timeout(3600)
def test_no_acknowledged_edit_is_lost(server: Crashing) -> None:
    chance = random.Random()
    op = {"op": "create", "table": "investors", "records": [{"cells": {"name": str(n)}} for n in range(WRITERS)]}
    with httpx.Client(base_url=server.url, headers=server.headers) as client:
        created = send(client, op, "create")
    assert created is not None
    records = created["created"][0]
    acknowledged = [[0] for _ in records]
    for number in range(KILLS):
        threads = [
            threading.Thread(target=write, args=(server.url, server.headers, record, last[0] + 1, last))
            for record, last in zip(records, acknowledged, strict=True)
        ]
        for thread in threads:
            thread.start()
        if number % 5:  # else also before anything was acknowledged
            wait_for_progress(acknowledged)
        time.sleep(chance.uniform(0, 0.3))
        server.kill()
        for thread in threads:
            thread.join()
        database = sqlite3.connect(server.folder / "crm.sqlite3")
        found = [row[0] or 0 for row in database.execute("SELECT score FROM fundraising_investors ORDER BY id")]
        rows = database.execute("SELECT count(*), count(DISTINCT version), max(version) FROM changes").fetchone()
        version = database.execute("SELECT version FROM fundraising_state").fetchone()[0]
        if number % 10 == 0:
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        database.close()
        for last, value in zip(acknowledged, found, strict=True):
            assert last[0] <= value <= last[0] + 1, f"acknowledged {acknowledged}, found {found} after kill {number}"
            last[0] = int(value)
        assert rows[1:] == (version, version)
        server.start()
    assert sum(last[0] for last in acknowledged) >= KILLS * 4 // 5
