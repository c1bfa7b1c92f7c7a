"""The command line explains itself: every --help has an example, and the docs name no command that is not there."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from functools import cache

import pytest

from api.cli import main
from tests.house.source import ROOT
from tests.house.test_docs import pages

SAID = re.compile(r"(?m)(?:`|^ {4}|bin/)crm ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")
# What issue 2 promises; more is welcome.
PROMISED = {
    "serve", "admin create", "token create", "import", "export", "migrate", "plugins list", "plugins enable",
    "plugins disable", "openapi", "healthcheck",
}  # fmt: skip


def usage(*words: str) -> str:
    """What `crm … --help` prints; empty when there is no such command."""
    printed, complaints = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(complaints), pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    return printed.getvalue() if ended.value.code == 0 else ""


def listed(text: str) -> list[str]:
    """The commands that a help text lists."""
    _, _, commands = text.partition("\ncommands:")
    return re.findall(r"(?m)^    ([a-z][a-z-]*)(?=\s|$)", commands)


@cache
def commands() -> dict[str, str]:
    """Every command that does something, by its words, with its help."""
    found: dict[str, str] = {}
    for name in listed(usage()):
        text = usage(name)
        inner = listed(text)
        found |= {f"{name} {word}": usage(name, word) for word in inner} or {name: text}
    return found


def test_every_promised_command_is_there() -> None:
    assert PROMISED - set(commands()) == set()


def test_every_command_shows_an_example() -> None:
    assert not [name for name, text in commands().items() if f"example: crm {name}" not in text]


@pytest.mark.parametrize("page", pages())
def test_the_docs_name_no_command_that_is_not_there(page: str) -> None:
    groups = {name.split()[0] for name in commands() if " " in name}
    for words in SAID.findall((ROOT / page).read_text("utf-8")):
        name = words if words.split()[0] in groups else words.split()[0]
        if page != "docs/extend/hooks.md":  # which makes up a plugin with a command of its own
            assert name in commands() or name in groups, f"{page}: crm {words}"
