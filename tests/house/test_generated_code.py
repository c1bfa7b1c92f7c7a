"""No formula becomes code: nothing shipped evaluates, generates or unpickles, and users' patterns never meet `re`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.house.source import Module, Place, calls, imported, modules, report, snippet

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "builtins.eval", "builtins.exec", "builtins.compile"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "code", "codeop", "dill", "cloudpickle", "numexpr"}
NAMED_ACCESS = {"getattr", "setattr", "delattr", "operator.attrgetter", "operator.methodcaller", "globals", "vars"}


def generated_code(found: Iterable[Module]) -> Iterator[Place]:
    """Every place that turns text into code."""
    for module in found:
        for call, name in calls(module):
            if name in FORBIDDEN_CALLS:
                yield Place(module.path, call.lineno, f"{name}() turns text into code")
        for origin in imported(module.tree).values():
            if origin.partition(".")[0] in FORBIDDEN_MODULES:
                yield Place(module.path, 1, f"imports {origin}")


def loose_access(found: Iterable[Module]) -> Iterator[Place]:
    """Every place that reaches an attribute by a name that is not written out."""
    for module in found:
        for call, name in calls(module):
            written_out = len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
            if name in NAMED_ACCESS and not (name == "getattr" and written_out):
                yield Place(module.path, call.lineno, f"{name}() reaches what a name says")


def loose_patterns(found: Iterable[Module]) -> Iterator[Place]:
    """Every use of the stdlib's `re` inside a function, where a pattern could come from a user."""
    for module in found:
        for function in ast.walk(module.tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            inner = Module(module.path, ast.Module([*imports(module.tree), ast.Expr(as_expression(function))], []))
            for call, name in calls(inner):
                if name.startswith("re."):
                    yield Place(module.path, call.lineno, f"{name}() inside a function; its time may explode")


def imports(tree: ast.Module) -> list[ast.stmt]:
    """The import statements of a module."""
    return [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]


def as_expression(function: ast.AST) -> ast.expr:
    """A function's parts in one node that can be walked."""
    return ast.List([node for node in ast.walk(function) if isinstance(node, ast.Call)], ast.Load())


def test_nothing_turns_text_into_code() -> None:
    places = list(generated_code(modules()))
    assert not places, report(places)


def test_formulas_reach_nothing_by_name() -> None:
    places = list(loose_access(modules("plugins/formulas")))
    assert not places, report(places)


def test_formulas_match_users_patterns_with_re2_alone() -> None:
    places = list(loose_patterns(modules("plugins/formulas")))
    assert not places, report(places)


@pytest.mark.parametrize(
    "code", ["eval('1')", "import builtins\nbuiltins.exec(x)", "import pickle", "compile(t, '', 'eval')"]
)
def test_the_scan_sees_generated_code(code: str) -> None:
    assert list(generated_code([snippet(code)]))


@pytest.mark.parametrize("code", ["getattr(x, name)", "import operator\noperator.attrgetter(n)(x)"])
def test_the_scan_sees_loose_access(code: str) -> None:
    assert list(loose_access([snippet(code)]))
    assert not list(loose_access([snippet("getattr(x, 'message', None)")]))


def test_the_scan_sees_loose_patterns() -> None:
    assert list(loose_patterns([snippet("import re\ndef find(p, t):\n    return re.search(p, t)")]))
    assert not list(loose_patterns([snippet("import re\nP = re.compile('a')\ndef find(t):\n    return P.search(t)")]))
