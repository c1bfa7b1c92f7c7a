"""Names and sizes: no room without a subject, no file that has outgrown its own."""

from __future__ import annotations

from pathlib import PurePosixPath

from tests.house.source import ROOT, files

NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "manager2", "base2", "stuff", "tools"}
SOURCE = {".py", ".ts", ".tsx", ".css"}
LINES = 450

# A file over the limit stands here with the reason why it is one subject all the same. Shorter is better than listed.
LONGER: dict[str, str] = {
    "web/src/api/schema.d.ts": "generated from the OpenAPI description",
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


def test_no_file_has_outgrown_its_subject() -> None:
    lengths = {name: (ROOT / name).read_text("utf-8").count("\n") for name in sources()}
    assert len(lengths) > 50
    long = {name: lines for name, lines in lengths.items() if lines > LINES and name not in LONGER}
    assert not long, f"over {LINES} lines; split by subject, or list in LONGER with the reason: {long}"


def test_the_list_of_longer_files_holds_no_file_that_is_short_again() -> None:
    stale = [
        name for name in LONGER if (ROOT / name).is_file() and (ROOT / name).read_text("utf-8").count("\n") <= LINES
    ]
    assert not [name for name in stale if "generated" not in LONGER[name]]
