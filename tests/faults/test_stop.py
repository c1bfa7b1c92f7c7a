"""SIGTERM in the middle of work: what runs is finished, sockets are closed with a code, all within ten seconds."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.browser.server import ADMIN, Server, run_crm, serving

LIMIT = 10.0
WRITERS = 6
ROWS = 20_000
RESTARTS = 1012


def _token(server: Server) -> dict[str, str]:
    text = run_crm(server.data_dir, "token", "create", "--email", ADMIN.email, "--name", "t", "--scope", "write")
    return {"Authorization": f"Bearer {text.strip().splitlines()[-1]}"}


def _fill(server: Server, headers: dict[str, str]) -> None:
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        for start in range(0, ROWS, 5_000):
            records = [{"cells": {"name": f"Investor {start + n}", "notes": "x" * 200}} for n in range(5_000)]
            body = {"ops": [{"op": "create", "table": "investors", "records": records}]}
            assert client.post("/api/changes", json=body).status_code == 200


def _write(server: Server, headers: dict[str, str], name: str, acknowledged: list[str]) -> None:
    """Add records until the server is gone; note those whose change was acknowledged."""
    with httpx.Client(base_url=server.url, headers=headers, timeout=20) as client:
        for number in range(100_000):
            record = {"cells": {"name": f"{name} {number}"}}
            body = {"ops": [{"op": "create", "table": "funds", "records": [record]}]}
            try:
                answer = client.post("/api/changes", json=body)
            except httpx.TransportError:
                return
            assert answer.status_code in (200, 503), answer.text
            if answer.status_code == 200:
                acknowledged.append(record["cells"]["name"])


def _read_slowly(server: Server, headers: dict[str, str], started: threading.Event, found: list[Any]) -> None:
    """Download a whole table with pauses, so that it is under way when the signal comes."""
    lines = 0
    with httpx.stream(
        "GET", f"{server.url}/api/tables/investors/export?format=csv", headers=headers, timeout=20
    ) as answer:
        for number, block in enumerate(answer.iter_raw(64 * 1024)):
            lines += block.count(b"\n")
            if number == 1:
                started.set()
            if number < 30:
                time.sleep(0.05)
    found.append(lines)


def _last_word(live: ClientConnection) -> int | None:
    """The code with which the server closed the channel, after everything it still had to say."""
    while True:
        try:
            live.recv(timeout=5)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


@pytest.mark.timeout(120)
def test_a_busy_server_stops_in_order(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        headers = _token(server)
        _fill(server, headers)
        with httpx.Client(base_url=server.url) as client:
            client.post("/api/session", json={"email": ADMIN.email, "password": ADMIN.password})
            cookie = {"Cookie": f"crm_session={client.cookies['crm_session']}"}
        acknowledged: list[list[str]] = [[] for _ in range(WRITERS)]
        threads = [
            threading.Thread(target=_write, args=(server, headers, f"Writer {n}", done))
            for n, done in enumerate(acknowledged)
        ]
        reading, found = threading.Event(), []  # type: ignore[var-annotated]
        threads.append(threading.Thread(target=_read_slowly, args=(server, headers, reading, found)))
        with connect(server.url.replace("http", "ws") + "/api/live", additional_headers=cookie) as live:
            for thread in threads:
                thread.start()
            assert reading.wait(20)
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            code = server.process.wait(LIMIT)
            assert time.monotonic() - began < LIMIT
            closing = _last_word(live)
            for thread in threads:
                thread.join(20)
        assert code == 0, server.log.read_text()
        assert "Traceback" not in server.log.read_text()
        assert closing == RESTARTS
        assert found == [ROWS + 1], "the download under way was finished"
        assert not server.data_dir.joinpath("crm.sqlite3-wal").exists(), "the log was written into the database"
        with sqlite3.connect(server.data_dir / "crm.sqlite3") as database:
            names = {row[0] for row in database.execute("SELECT name FROM fundraising_funds")}
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        database.close()
        done = {name for each in acknowledged for name in each}
        assert len(done) > WRITERS
        assert done <= names
