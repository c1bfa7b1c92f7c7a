"""Names and sizes: no room without a subject, no file that has outgrown its own."""

from __future__ import annotations

from pathlib import PurePosixPath

from tests.house.source import ROOT, files

NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "manager2", "base2", "stuff", "tools"}
SOURCE = {".py", ".ts", ".tsx", ".css"}
LINES = 450
# Cases of one subject, and rules of one page, may be more: nobody has to hold them in the head at once.
LINES_OF_LISTS = 600

# A file over the limit stands here with the reason why it is one subject all the same. Shorter is better than listed.
LONGER: dict[str, str] = {
    "web/src/api/schema.d.ts": "generated from the OpenAPI description",
    "web/src/api/types.ts": "every shape on the wire in one place",
    "tests/browser/test_grid_keys.py": "one step for each row of the table of keys, in its order",
}


def sources() -> list[str]:
    """The project's own source files."""
    return [name for name in files() if PurePosixPath(name).suffix in SOURCE]


def test_no_file_or_folder_has_a_name_without_a_subject() -> None:
    found = [
        name
        for name in sources()
        if {part.lower() for part in (*PurePosixPath(name).parent.parts, PurePosixPath(name).stem)} & NAMELESS
    ]
    assert not found, f"name these after what they hold: {found}"


def limit(name: str) -> int:
    """How many lines a file may have."""
    return LINES_OF_LISTS if name.startswith("tests/") or ".test." in name or name.endswith(".css") else LINES


def lengths() -> dict[str, int]:
    """The lines of every source file."""
    return {name: (ROOT / name).read_text("utf-8").count("\n") for name in sources()}


def test_no_file_has_outgrown_its_subject() -> None:
    found = lengths()
    assert len(found) > 50
    long = {name: lines for name, lines in found.items() if lines > limit(name) and name not in LONGER}
    assert not long, f"split by subject, or list in LONGER with the reason: {long}"


def test_the_list_of_longer_files_holds_none_that_is_short_again_or_gone() -> None:
    found = lengths()
    assert not [name for name in LONGER if found.get(name, 0) <= limit(name)]
