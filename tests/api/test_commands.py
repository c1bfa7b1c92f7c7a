"""The command line: help with examples, clear failures, accounts and tokens without a browser."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import cli
from tests.browser.server import CRM, environment, run_crm


def helps(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    with pytest.raises(SystemExit) as caught:
        cli.main([*words, "--help"])
    assert caught.value.code == 0
    return capsys.readouterr().out


def commands(capsys: pytest.CaptureFixture[str], words: list[str]) -> Iterator[list[str]]:
    """Every command below `words`, as argparse lists them."""
    text = helps(capsys, words)
    listed = text.partition("commands:\n")[2].partition("\n\n")[0]
    for line in listed.splitlines():
        if line.startswith("    ") and not line.startswith("     "):
            yield [*words, line.split()[0]]


def test_every_command_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = list(commands(capsys, []))
    names = {words[0] for words in waiting}
    assert {"serve", "admin", "token", "migrate", "openapi", "healthcheck", "check-file"} <= names
    seen = 0
    while waiting:
        words = waiting.pop()
        text = helps(capsys, words)
        assert "example" in text, words
        assert f"crm {words[0]}" in text.partition("example")[2], words
        waiting += commands(capsys, words)
        seen += 1
    assert seen > 8


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "serve" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["99999", "-1", "eighty", "٣", ""])
def test_a_port_that_cannot_be_is_refused_before_anything_starts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, port: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", f"--port={port}", "--data-dir", str(tmp_path / "data")])
    assert ended.value.code == 2
    assert "whole number from 0 to 65535" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_accounts_and_tokens_without_a_browser(tmp_path: Path) -> None:
    data = tmp_path / "data"
    password = "quiet otters cross rivers\n"
    arguments = ("admin", "create", "--email", "ada@example.org", "--name", "Ada Admin", "--password-stdin")
    assert "usr" in run_crm(data, *arguments, stdin=password)
    token = run_crm(data, "token", "create", "--email", "ADA@example.org", "--name", "Report", "--scope", "read")
    assert token.startswith("crm_")
    again = fails(data, *arguments, stdin=password)
    assert "already an account" in again
    assert "no active account" in fails(data, "token", "create", "--email", "x@example.org", "--name", "x")


def fails(data: Path, *arguments: str, stdin: str = "") -> str:
    """Run a command that must fail with exit code 2, and give what it said."""
    run = subprocess.run(
        [CRM, *arguments], env=environment(data), input=stdin, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 2, run
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert run.stderr.startswith("crm: ")
    return run.stderr


def test_failures_say_what_to_do(tmp_path: Path) -> None:
    data = tmp_path / "data"
    create = ("admin", "create", "--email", "a@example.org", "--name", "A", "--password-stdin")
    said = fails(data, *create, stdin="short\n")
    assert "fewer than 10" in said
    assert "words" in said
    assert "standard input" in fails(data, *create)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert "cannot be" in fails(blocked / "data", "migrate")


def test_migrate_says_what_it_did(tmp_path: Path) -> None:
    assert "0001" in run_crm(tmp_path / "data", "migrate")
    assert "up to date" in run_crm(tmp_path / "data", "migrate")


def test_openapi_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = (run_crm(tmp_path / name, "openapi") for name in ("one", "two"))
    assert first == second
    described = json.loads(first)
    assert "/api/changes" in described["paths"]
    assert not (tmp_path / "one").exists()
