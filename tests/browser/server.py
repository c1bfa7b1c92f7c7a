"""A real server for the browser tests: `crm serve` on a free port of this machine, over a data folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CRM = Path(sys.executable).with_name("crm")
READY_SECONDS = 60


@dataclass(frozen=True)
class Account:
    """Who signs in."""

    email: str
    name: str
    password: str


ADMIN = Account("ada@example.org", "Ada Admin", "correct horse battery staple")


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, where its data is, who may sign in."""

    url: str
    data_dir: Path
    process: subprocess.Popen[bytes]
    log: Path
    admin: Account = ADMIN


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment(data_dir: Path) -> dict[str, str]:
    """The environment of the commands below: this machine's, without settings meant for another CRM."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    return {**kept, "CRM_DATA_DIR": str(data_dir)}


def run_crm(data_dir: Path, *arguments: str, stdin: str = "") -> str:
    """Run one `crm` command over a data folder and give what it printed; a failure shows both outputs."""
    run = subprocess.run(
        [CRM, *arguments],
        env=environment(data_dir),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, f"crm {' '.join(arguments)}\n{run.stdout}\n{run.stderr}"
    return run.stdout


def make_admin(data_dir: Path) -> None:
    """Make the account of ADMIN by the command line."""
    who = ["--email", ADMIN.email, "--name", ADMIN.name, "--password-stdin"]
    run_crm(data_dir, "admin", "create", *who, stdin=ADMIN.password + "\n")


@contextmanager
def serving(data_dir: Path, *arguments: str, with_admin: bool = True) -> Iterator[Server]:
    """Make the first account, serve until the block ends, then stop by the signal that an operator uses."""
    if with_admin:
        make_admin(data_dir)
    port = free_port()
    log = data_dir.parent / f"{data_dir.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [CRM, "serve", "--host", "127.0.0.1", "--port", str(port), "--data-dir", data_dir, *arguments],
            env=environment(data_dir),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", data_dir, process, log)
    try:
        wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(server: Server) -> None:
    """Return when the server says that it is ready; fail with its log when it ends or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not become ready:\n{server.log.read_text('utf-8', 'replace')[-4000:]}")
