"""What no tracked file may hold: addresses of package registries, unhashed requirements, traces of a merge."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source import ROOT, files

# Taken apart, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com",
    "deb." + "debian.org", "proxy.golang" + ".org", "crates" + ".io",
]  # fmt: skip
BINARY = {"png", "jpg", "jpeg", "gif", "ico", "woff", "woff2", "sqlite3", "zip", "gz", "xlsx"}
INDEX_OPTION = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host|\bresolved\"?\s*:")


def texts() -> list[tuple[str, str]]:
    """Every tracked text file with its content; one that is not UTF-8 must be test data and say so by its folder."""
    found = []
    for name in files():
        if name.rpartition(".")[2].lower() in BINARY:
            continue
        content = (ROOT / name).read_bytes()
        if "/data/" in name or "/samples/" in name:
            found.append((name, content.decode("utf-8", "replace")))
        else:
            found.append((name, content.decode("utf-8")))
    return found


def test_no_file_names_a_package_registry() -> None:
    hits = [(name, host) for name, text in texts() for host in REGISTRIES if host in text]
    assert not hits, f"the machine's own configuration says where packages come from: {hits}"


@pytest.mark.parametrize("name", ["requirements/run.txt", "requirements/dev.txt"])
def test_requirements_are_pinned_and_hashed_and_name_no_index(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not INDEX_OPTION.search(text)
    assert "://" not in text
    entries = [entry for entry in re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", text)) if entry.strip()]
    assert len(entries) > 20
    loose = [
        entry.splitlines()[0] for entry in entries if "==" not in entry.splitlines()[0] or "--hash=sha256:" not in entry
    ]
    assert not loose


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def names(entries: list[str]) -> set[str]:
        return {canonicalize_name(Requirement(entry).name) for entry in entries}

    def locked(name: str) -> set[str]:
        return {canonicalize_name(found) for found in re.findall(r"(?m)^([\w.-]+)==", (ROOT / name).read_text("utf-8"))}

    assert names(project["dependencies"]) - locked("requirements/run.txt") == set(), "make lock, and commit it"
    assert names(project["optional-dependencies"]["dev"]) - locked("requirements/dev.txt") == set(), "make lock"
    assert locked("requirements/run.txt") <= locked("requirements/dev.txt")


def test_every_npm_lock_file_has_hashes_and_no_addresses() -> None:
    locks = [name for name in files() if name.endswith("package-lock.json")]
    assert "web/package-lock.json" in locks
    for name in locks:
        packages = json.loads((ROOT / name).read_text("utf-8"))["packages"]
        real = {path: package for path, package in packages.items() if path and not package.get("link")}
        assert len(real) > 10
        assert not [path for path, package in real.items() if "resolved" in package], name
        assert not [
            path for path, package in real.items() if "integrity" not in package and not package.get("inBundle")
        ], name


def test_no_trace_of_a_merge_or_a_stray_byte() -> None:
    marks = [name for name, text in texts() if re.search(r"(?m)^(<{7}|>{7}) ", text)]
    assert not marks
    assert not [name for name, text in texts() if "\0" in text]
