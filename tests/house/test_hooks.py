"""Every hook is documented, used by a bundled plugin, and tested by name; nothing offers a hook that is not there."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from crm_core import hookspecs
from tests.house.source import ROOT, files, modules

HOOKS = sorted(name for name, value in vars(hookspecs).items() if name.startswith("crm_") and inspect.isfunction(value))
HEADINGS = ("Kind:", "When called:", "Return:", "If it fails:", "Example:", "Since:")
KINDS = {"pick", "offer", "tell"}


def implementations() -> dict[str, set[str]]:
    """Hook names and the bundled plugins whose plugin.py implements them."""
    found: dict[str, set[str]] = {}
    for module in modules("plugins"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("crm_"):
                found.setdefault(node.name, set()).add(module.path.split("/")[1])
    return found


def test_there_are_hooks() -> None:
    assert len(HOOKS) >= 7
    assert "crm_storage" in HOOKS


@pytest.mark.parametrize("hook", HOOKS)
def test_the_docstring_answers_what_a_plugin_author_asks(hook: str) -> None:
    text = inspect.getdoc(getattr(hookspecs, hook)) or ""
    assert not [heading for heading in HEADINGS if heading not in text]
    kind = re.search(r"Kind: (\w+)", text)
    assert kind
    assert kind[1] in KINDS
    assert all(part.endswith(".py") and (ROOT / part).is_file() for part in re.findall(r"Example: `([^`]+)`", text))


@pytest.mark.parametrize("hook", HOOKS)
def test_the_hook_is_typed(hook: str) -> None:
    signature = inspect.signature(getattr(hookspecs, hook))
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in signature.parameters.values())


@pytest.mark.parametrize("hook", HOOKS)
def test_the_hook_has_its_section_in_the_docs(hook: str) -> None:
    page = (ROOT / "docs/extend/hooks.md").read_text("utf-8")
    section = re.search(rf"(?ms)^## `?{hook}`?.*?(?=^## |\Z)", page)
    assert section, f"docs/extend/hooks.md has no section '## {hook}'"
    assert len(section[0]) > 200, "say when it is called, what to return, what happens if it fails, and show an example"
    assert "```" in section[0] or "plugins/" in section[0]


def test_the_docs_name_no_hook_that_is_gone() -> None:
    page = (ROOT / "docs/extend/hooks.md").read_text("utf-8")
    assert not set(re.findall(r"(?m)^## `?(crm_\w+)", page)) - set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_bundled_plugin_uses_the_hook(hook: str) -> None:
    assert implementations().get(hook), "add a hook only together with a bundled plugin that uses it"


def test_no_plugin_implements_a_hook_that_is_not_there() -> None:
    assert not set(implementations()) - set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_test_is_named_after_the_hook(hook: str) -> None:
    named = [
        name
        for name in files()
        if name.startswith("tests/") and name.endswith(".py") and f"def test_{hook}" in (ROOT / name).read_text("utf-8")
    ]
    assert named, f"no test is called test_{hook}…"
