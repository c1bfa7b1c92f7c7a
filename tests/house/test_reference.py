"""The reference pages and the code name the same settings, error codes and event kinds; neither has one more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from crm_core.kinds import KINDS
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
    """Every error code that the modules name: in making an error, or in calling what makes one from its `code`."""
    makers = dict.fromkeys(ERRORS, 0) | {
        node.name: position
        for module in found
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name != "__init__"
        for position, argument in enumerate(a for a in node.args.args if a.arg not in ("self", "cls"))
        if argument.arg == "code"
    }
    return {code for module in found for code in (*codes_in(module, makers), *tabled(module))}


def tabled(module: Module) -> Iterator[str]:
    """The codes of a table of errors: module-level tuples of a code, a message and a hint, made into errors below."""
    takes_from_table = any(
        name.rpartition(".")[2] in ERRORS and call.args and isinstance(call.args[0], ast.Name)
        for call, name in calls(module)
    )
    if not takes_from_table:
        return
    for statement in module.tree.body:
        for node in ast.walk(statement) if isinstance(statement, ast.Assign | ast.AnnAssign) else ():
            if isinstance(node, ast.Tuple) and len(node.elts) == 3:
                texts_of = [part.value for part in node.elts if isinstance(part, ast.Constant)]
                if len(texts_of) == 3 and " " in str(texts_of[1]) and CODE.fullmatch(str(texts_of[0])):
                    yield str(texts_of[0])


def codes_in(module: Module, makers: dict[str, int]) -> Iterator[str]:
    """The codes of one module, ending in `…` where the rest is computed; `makers` says where each takes its code."""
    for call, name in calls(module):
        position = makers.get(name.rpartition(".")[2])
        if position is None:
            continue
        given = call.args[position : position + 1] or [word.value for word in call.keywords if word.arg == "code"]
        for node in (part for argument in given for part in choices(argument)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                yield node.value
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                yield str(node.values[0].value) + "…"


def choices(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions that a conditional or `or` expression may give."""
    if isinstance(node, ast.IfExp):
        yield from choices(node.body)
        yield from choices(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from choices(value)
    else:
        yield node


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
    assert len(used) >= 50
    documented = {name for name in table_of("errors.md") if CODE.fullmatch(name)}
    assert {code for code in used if not code.endswith("…")} - documented == set(), "add to docs/reference/errors.md"
    starts = tuple(code[:-1] for code in used if code.endswith("…"))
    said = {text for module in modules() for _, text in texts(module.tree)}
    assert {code for code in documented - said if not code.startswith(starts)} == set(), "nothing raises these any more"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from crm_core.errors import Invalid\nraise Invalid('bad_thing', 'x')", {"bad_thing"}),
        ("from crm_core import errors\nerrors.NotFound(code='gone', message='x')", {"gone"}),
        ("def fail(what, code): raise Invalid(code, what)\nfail('x', 'too_bad')", {"too_bad"}),
        ("raise Invalid('one' if x else 'other', 'x')", {"one", "other"}),
        (
            "T = {1: ('disk_full', 'The disk is full.', 'Free some.')}\ncode, what, hint = T[1]\nInvalid(code, what)",
            {"disk_full"},
        ),
        ("raise Invalid(f'unknown_{kind}', 'x')", {"unknown_…"}),
    ],
)
def test_the_scan_sees_codes(code: str, found: set[str]) -> None:
    assert error_codes((snippet(code),)) == found


def test_every_event_kind_is_documented_and_real() -> None:
    assert len(EVENT_KINDS) >= 10
    assert table_of("events.md") == set(EVENT_KINDS)


def test_every_event_kind_is_written_by_somebody() -> None:
    """A kind that no code names would be a promise that nobody keeps."""
    said = {
        text for module in modules() if module.path != "crm_core/services/events.py" for _, text in texts(module.tree)
    }
    assert set(EVENT_KINDS) - said == set()


@pytest.mark.parametrize("page", ["docs/reference/http.md", "web/src/api/types.ts"])
def test_every_field_kind_is_named_where_both_sides_look(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert len(KINDS) >= 20
    assert not [name for name in KINDS if f"`{name}`" not in text and f"'{name}'" not in text]
