"""The reference pages and the code name the same settings, error codes and event kinds; neither has one more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from crm_core.services.events import EVENT_KINDS
from tests.house.source import ROOT, Module, calls, modules, snippet, texts

ENV_NAME = re.compile(r"CRM_[A-Z][A-Z_]*[A-Z]")
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
ERRORS = {
    "CrmError", "NotFound", "Conflict", "Refused", "Unauthenticated", "Invalid", "TooLarge", "TooMany", "Unavailable",
    "PluginProblem", "Fault", "CellError",
}  # fmt: skip


def env_names() -> set[str]:
    """Every environment variable that shipped code knows."""
    return {text for module in modules() for _, text in texts(module.tree) if ENV_NAME.fullmatch(text)}


def error_codes(found: tuple[Module, ...]) -> set[str]:
    """The literal first argument (or `code=`) of every error that shipped code makes."""
    return {code for module in found for code in codes_in(module)}


def codes_in(module: Module) -> Iterator[str]:
    """The codes of one module; a constant of the module is followed to its value."""
    for call, name in calls(module):
        if name.rpartition(".")[2] in ERRORS:
            first = (
                call.args[0] if call.args else next((word.value for word in call.keywords if word.arg == "code"), None)
            )
            for node in ast.walk(first) if first is not None else ():
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                    yield node.value


def table_of(page: str) -> set[str]:
    """The first cell, in backquotes, of every row of the tables of a reference page."""
    text = (ROOT / "docs/reference" / page).read_text("utf-8")
    return {name for cell in re.findall(r"(?m)^\| (`[^|]+?) *\|", text) for name in re.findall(r"`([^`]+)`", cell)}


def test_every_environment_variable_is_documented_and_real() -> None:
    assert len(env_names()) >= 10
    documented = {name for name in table_of("config.md") if ENV_NAME.fullmatch(name)}
    assert documented == env_names()


def test_every_error_code_is_documented_and_real() -> None:
    used = error_codes(modules())
    assert len(used) >= 10
    documented = {name for name in table_of("errors.md") if CODE.fullmatch(name)}
    assert used - documented == set(), "add these to docs/reference/errors.md"
    assert documented - used == set(), "nothing raises these any more"


def test_the_scan_sees_codes() -> None:
    assert error_codes((snippet("from crm_core.errors import Invalid\nraise Invalid('bad_thing', 'x')"),)) == {
        "bad_thing"
    }
    assert error_codes((snippet("from crm_core import errors\nerrors.NotFound(code='gone', message='x')"),)) == {"gone"}


def test_every_event_kind_is_documented_and_real() -> None:
    assert len(EVENT_KINDS) >= 10
    assert table_of("events.md") == set(EVENT_KINDS)


def test_every_event_kind_is_written_by_somebody() -> None:
    """A kind that no code names would be a promise that nobody keeps."""
    said = {
        text for module in modules() if module.path != "crm_core/services/events.py" for _, text in texts(module.tree)
    }
    assert set(EVENT_KINDS) - said == set()
