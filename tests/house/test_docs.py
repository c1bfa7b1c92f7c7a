"""The documentation holds: links lead somewhere, every page can be reached, commands exist, Python examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from tests.house.source import ROOT, files

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.M | re.S)
ENTRANCES = {"README.md", "CONTRIBUTING.md"}


def pages() -> list[str]:
    """Every page a person reads; change fragments and the texts of issues are none."""
    return [name for name in files() if name.endswith(".md") and not name.startswith(("changes/", "tests/", "web/"))]


def prose(name: str) -> str:
    """A page without its code, so that brackets in code are no links."""
    text = FENCE.sub("", (ROOT / name).read_text("utf-8"))
    return re.sub(r"`[^`\n]*`", "", text)


def slugs(name: str) -> set[str]:
    """The anchors of a page's headings, as repositories' viewers make them."""
    headings = re.findall(r"(?m)^#{1,6} +(.+?)\s*$", FENCE.sub("", (ROOT / name).read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets(name: str) -> list[tuple[str, str, str]]:
    """The links of a page inside the project: the link as written, the path from the root it means, its anchor."""
    found = []
    for link in LINK.findall(prose(name)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        whole = (ROOT / name).parent / path if path else ROOT / name
        found.append((link, whole.resolve().relative_to(ROOT).as_posix(), anchor))
    return found


def test_links_lead_somewhere() -> None:
    assert len(pages()) > 8
    dead = []
    for name in pages():
        for link, path, anchor in targets(name):
            if not (ROOT / path).exists() or (anchor and path.endswith(".md") and anchor not in slugs(path)):
                dead.append(f"{name}: {link}")
    assert not dead


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[str](), ["README.md"]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        if name.endswith(".md"):
            waiting += [path for _, path, _ in targets(name) if (ROOT / path).is_file()]
    lost = [
        name
        for name in pages()
        if name not in reached and PurePosixPath(name).parts[0] == "docs" and not name.startswith("docs/decisions/")
    ]
    assert not lost, f"link these from the README.md of their folder: {lost}"


def test_every_make_target_named_in_the_docs_exists() -> None:
    known = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text("utf-8")))
    assert {"setup", "run", "test", "check"} <= known
    said = {
        (name, target)
        for name in pages()
        for target in re.findall(r"(?m)(?:`|^ {4})make ([a-z]+)", (ROOT / name).read_text("utf-8"))
    }
    assert len(said) > 4
    assert not {(name, target) for name, target in said if target not in known}


def examples() -> list[str]:
    """The pages that hold Python examples."""
    return [name for name in pages() if any(lang == "python" for lang, _ in FENCE.findall((ROOT / name).read_text()))]


@pytest.mark.parametrize("name", examples())
def test_python_examples_run(name: str, tmp_path: Path) -> None:
    """The examples of one page run one after the other as one program, in an empty folder."""
    blocks = [code for lang, code in FENCE.findall((ROOT / name).read_text("utf-8")) if lang == "python"]
    program = tmp_path / "example.py"
    program.write_text("\n\n".join(blocks), "utf-8")
    run = subprocess.run([sys.executable, program], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, f"{name}:\n{run.stderr}"
