"""`crm serve` as a process of its own: greeting, one server a data folder, the live channel, an orderly end."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.line import MOST_WAITING
from crm_core.config import from_env
from crm_core.crm import Crm, open_crm
from crm_core.host import Host
from crm_core.services.records import MAX_MISSED
from tests.browser.server import ADMIN, CRM, Server, environment, run_crm, serving

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/setup#token=(\S+)")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("serve") / "data") as running:
        yield running


@contextmanager
def started(data_dir: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """A server on a free port, ended at the end of the block."""
    process = subprocess.Popen(
        [CRM, "serve", "--port", "0", "--data-dir", data_dir],
        env={**environment(data_dir), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=20)


def lines_until(process: subprocess.Popen[str], pattern: re.Pattern[str]) -> re.Match[str]:
    """Read what the server prints until a line matches."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if match := pattern.search(line):
            return match
    raise AssertionError("".join(seen))


def test_the_first_start_prints_a_link_that_makes_the_admin(tmp_path: Path) -> None:
    with started(tmp_path / "data") as process:
        port, token = lines_until(process, LINK).groups()
        body = {"token": token, "email": ADMIN.email, "name": ADMIN.name, "password": ADMIN.password}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            assert client.get("/readyz").json()["status"] == "ready"
            assert client.post("/api/setup", json=body).status_code == 200
            assert client.get("/api/users").json()["users"][0]["role"] == "admin"
            cookie = {"Cookie": f"crm_session={client.cookies['crm_session']}"}
        with connect(f"ws://127.0.0.1:{port}/api/live", additional_headers=cookie) as socket_:
            socket_.recv(timeout=10)
            process.send_signal(signal.SIGTERM)
            rest, _ = process.communicate(timeout=6)  # an open page does not hold the end up
            with pytest.raises(ConnectionClosed):
                socket_.recv(timeout=10)
        assert process.returncode == 0, rest
        assert "Traceback" not in rest
    with started(tmp_path / "data") as process:
        lines_until(process, re.compile("is ready: http://127.0.0.1:"))
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0, rest
        assert "setup" not in rest


def test_the_data_folder_is_for_one_user_and_an_open_one_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ready = re.compile("There is no account yet")
    with started(data) as process:
        assert "Warning" not in lines_until(process, ready).string
        assert {path.name for path in data.iterdir()} >= {"crm.sqlite3", "crm.sqlite3-wal", "secret.key", "server.lock"}
        open_ones = [path for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077]
        assert open_ones == []
    data.chmod(0o755)
    with started(data) as process:
        said = lines_until(process, re.compile("Warning: other users .*")).string
        assert f"chmod 700 {data}" in said
    assert data.stat().st_mode & 0o777 == 0o755


def test_each_start_prints_another_link(tmp_path: Path) -> None:
    links = set()
    for _ in range(2):
        with started(tmp_path / "data") as process:
            links.add(lines_until(process, LINK)[2])
    assert len(links) == 2


def test_a_second_server_on_the_same_folder_is_refused(server: Server) -> None:
    run = subprocess.run(
        [CRM, "serve", "--port", "0", "--data-dir", server.data_dir],
        env=environment(server.data_dir), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert f"process {server.process.pid}" in run.stderr
    assert "Traceback" not in run.stderr
    assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [CRM, "serve", "--port", port, "--data-dir", tmp_path / "data"],
            env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert run.returncode == 2
    assert f"port {port}" in run.stderr
    assert "Traceback" not in run.stderr


def test_production_needs_a_strong_key(tmp_path: Path) -> None:
    with started(tmp_path / "data", CRM_ENV="production", CRM_SECRET_KEY="secret") as process:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "CRM_SECRET_KEY" in output


def test_healthcheck_asks_the_server(server: Server, tmp_path: Path) -> None:
    assert run_crm(server.data_dir, "healthcheck", "--url", server.url).endswith("ready\n")
    run = subprocess.run(
        [CRM, "healthcheck", "--url", "http://127.0.0.1:9"],
        env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "does not answer" in run.stderr


@contextmanager
def signed_in(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        answer = client.post("/api/session", json={"email": ADMIN.email, "password": ADMIN.password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield client


def live(server: Server, client: httpx.Client | None, since: object = "", origin: str | None = None):
    address = server.url.replace("http", "ws", 1) + f"/api/live?since={since}"
    headers = {} if client is None else {"Cookie": f"crm_session={client.cookies['crm_session']}"}
    return connect(address, additional_headers=headers, origin=origin)  # type: ignore[arg-type]


def test_live_is_closed_to_strangers_and_foreign_pages(server: Server) -> None:
    with signed_in(server) as client:
        for caller, origin in ((None, None), (client, "https://evil.example")):
            with pytest.raises(InvalidStatus) as caught:
                live(server, caller, origin=origin)
            assert caught.value.response.status_code == 403


def test_live_tells_what_was_missed_and_what_comes(server: Server) -> None:
    import json

    change = {"ops": [{"op": "create", "table": "investors", "records": [{"cells": {"name": "North Pole Capital"}}]}]}
    with signed_in(server) as client:
        before = client.get("/api/tables").json()["version"]
        first = client.post("/api/changes", json=change)
        assert first.status_code == 200, first.text
        with live(server, client, before, origin=server.url) as one, live(server, client) as two:
            hello = json.loads(one.recv(timeout=10))
            assert (hello["type"], hello["reset"], hello["version"]) == ("hello", False, before + 1)
            assert [change["version"] for change in hello["changes"]] == [before + 1]
            assert json.loads(two.recv(timeout=10))["reset"] is True
            second = client.post("/api/changes", json=change).json()
            for socket_ in (one, two):
                told = json.loads(socket_.recv(timeout=10))
                assert told == {"type": "change", "change": second["change"]}
        with live(server, client, 10**9) as ahead:
            assert json.loads(ahead.recv(timeout=10))["reset"] is True


def test_live_says_that_something_other_than_records_happened(server: Server) -> None:
    import json

    with signed_in(server) as client, live(server, client, origin=server.url) as listening:
        assert json.loads(listening.recv(timeout=10))["type"] == "hello"
        client.post("/api/changes", json={"ops": [{"op": "create", "table": "funds", "records": [{"cells": {}}]}]})
        assert json.loads(listening.recv(timeout=10))["type"] == "change"
        assert client.post("/api/tokens", json={"name": "any", "scope": "read"}).status_code == 201
        assert json.loads(listening.recv(timeout=10)) == {"type": "activity"}


def test_live_closes_when_the_session_ends(server: Server) -> None:
    with signed_in(server) as client, live(server, client) as socket_:
        socket_.recv(timeout=10)
        assert client.delete("/api/session").status_code == 204
        with pytest.raises(ConnectionClosed) as caught:
            socket_.recv(timeout=10)
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 4401


@contextmanager
def beside(server: Server) -> Iterator[Crm]:
    """The CRM in this process, on the data folder of a running server."""
    crm = open_crm(from_env({}, data_dir=server.data_dir), Host.discover())
    try:
        yield crm
    finally:
        crm.close()


def test_live_sees_what_another_process_writes(server: Server) -> None:
    """No nudge comes from another process, such as an import on the command line; the hub looks by itself."""
    import json

    from crm_core.contracts.actor import SYSTEM
    from crm_core.contracts.change import ChangeSet, Create, CreateRecord

    with signed_in(server) as client, live(server, client) as socket_:
        socket_.recv(timeout=10)
        with beside(server) as crm:
            done = crm.records.apply(ChangeSet([Create("funds", [CreateRecord({"name": "Fund X"})])]), SYSTEM)
        assert json.loads(socket_.recv(timeout=20))["change"]["version"] == done.version


def messages_until_closed(connection: ClientConnection) -> tuple[int, int]:
    """How many messages still come before the server closes, and the code that it closes with."""
    count = 0
    try:
        while True:
            connection.recv(timeout=10)
            count += 1
    except ConnectionClosed as closed:
        return count, closed.rcvd.code if closed.rcvd else 1006


def test_a_burst_as_large_as_one_reading_of_the_log_drops_nobody(server: Server) -> None:
    """Without nudges the hub finds it all at once: more than a few, and no more than `since` lists."""
    import json

    from crm_core.contracts.actor import SYSTEM
    from crm_core.contracts.change import ChangeSet, Create, CreateRecord

    def change(number: int) -> ChangeSet:
        return ChangeSet([Create("funds", [CreateRecord({"name": f"Burst {number}"})])])

    with signed_in(server) as client, live(server, client) as socket_:
        socket_.recv(timeout=10)
        with beside(server) as crm:
            versions = [crm.records.apply(change(number), SYSTEM).version for number in range(MAX_MISSED - 10)]
        heard: list[int] = []
        while len(heard) < len(versions):
            told = json.loads(socket_.recv(timeout=20))
            assert told["type"] != "hello", "the burst took so long that more than it was read at once"
            heard += [told["change"]["version"]] if told["type"] == "change" else []
        assert heard == versions


LOUD = 80
"""Large messages: more of them than all buffers between the server and a page that does not read hold."""


def test_live_drops_who_does_not_listen_and_goes_on_for_the_others(server: Server) -> None:
    """One socket reads nothing until more waits for it than the server keeps; read then, it ends with the code 1013."""
    import json

    def change(number: int) -> dict[str, object]:
        cells = {"name": f"Loud {number}", "notes": "🦊" * (90_000 if number < LOUD else 1)}
        return {"ops": [{"op": "create", "table": "investors", "records": [{"cells": cells}]}]}

    with signed_in(server) as client, live(server, client) as deaf, live(server, client) as listener:
        listener.recv(timeout=10)
        versions = []
        for number in range(MOST_WAITING + LOUD):
            answer = client.post("/api/changes", json=change(number))
            assert answer.status_code == 200, answer.text
            versions.append(answer.json()["version"])
            heard = json.loads(listener.recv(timeout=10))
            while heard["type"] == "ping":
                heard = json.loads(listener.recv(timeout=10))
            assert heard["change"]["version"] == versions[-1]
        told, code = messages_until_closed(deaf)
        assert (told < len(versions), code) == (True, 1013)
        with live(server, client, versions[-3]) as again:
            hello = json.loads(again.recv(timeout=10))
            assert [change["version"] for change in hello["changes"]] == versions[-2:]
