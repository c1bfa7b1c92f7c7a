"""What the house tests read: the project's files as git sees them, and Python modules as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("crm_core", "plugins", "api")


class Place(NamedTuple):
    """Where something was found; prints as an editor understands it."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


class Module(NamedTuple):
    """One Python file: its path from the root and its syntax tree."""

    path: str
    tree: ast.Module


@cache
def files() -> tuple[str, ...]:
    """Every file that is tracked, or would be if it were added now: what git ignores is none of the project's."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = tuple(name for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file())
    assert len(found) > 50, "git lists hardly any file: the house tests would check nothing"
    return found


@cache
def modules(*rooms: str) -> tuple[Module, ...]:
    """The parsed Python files below the named folders (default: everything that is shipped)."""
    wanted = tuple(f"{room}/" for room in (rooms or SHIPPED))
    names = [name for name in files() if name.endswith(".py") and name.startswith(wanted)]
    assert names, f"no Python file below {wanted}"
    return tuple(Module(name, ast.parse((ROOT / name).read_text("utf-8"), name)) for name in names)


def dotted(node: ast.expr) -> str:
    """The dotted name of an expression such as `datetime.datetime.now`; `?` stands for what is no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called, imported names traced back to their modules."""
    origins = imported(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            first, _, rest = dotted(node.func).partition(".")
            yield node, f"{origins.get(first, first)}.{rest}".rstrip(".")


def imported(tree: ast.AST) -> dict[str, str]:
    """Local names of imports and the dotted names they stand for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string of a module with its line, but for docstrings."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def snippet(code: str, path: str = "crm_core/services/example.py") -> Module:
    """A module made up for a test of the tests."""
    return Module(path, ast.parse(code))


def report(places: Iterable[Place]) -> str:
    """Findings, one a line, for an assertion's message."""
    return "\n" + "\n".join(str(place) for place in places)
