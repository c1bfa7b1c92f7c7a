"""Two servers on one data folder: the second refuses, whatever the first is doing; a dead one holds nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx

from tests.browser.server import CRM, environment
from tests.faults.test_kill import Crashing


def second(folder: Path) -> subprocess.CompletedProcess[str]:
    """Try to start another server over the folder."""
    return subprocess.run(
        [str(CRM), "serve", "--port", "0"],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_second_refuses_and_the_first_does_not_notice(tmp_path: Path) -> None:
    server = Crashing(tmp_path)
    server.start()
    try:
        for _ in range(3):
            refused = second(tmp_path)
            assert refused.returncode == 2
            assert f"process {server.process.pid}" in refused.stderr
            assert httpx.get(f"{server.url}/readyz").status_code == 200
    finally:
        server.kill()
    server.start()  # a lock dies with its owner
    server.kill()


def test_of_many_that_start_at_once_one_serves(tmp_path: Path) -> None:
    Crashing(tmp_path)  # makes the account, so that all find a database
    command = [str(CRM), "serve", "--port", "0"]
    started = [
        subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    try:
        refused = []
        for process in started:
            try:
                refused.append(process.wait(20))
            except subprocess.TimeoutExpired:
                assert len(refused) in (0, 1, 2, 3)
        assert sorted(refused) == [2, 2, 2]
    finally:
        for process in started:
            process.kill()
            process.communicate(timeout=20)
