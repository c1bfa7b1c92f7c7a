"""Moves the fragments of changes/ into CHANGELOG.md under a new version, so that no two changes ever meet in one file.

python changes/collect.py 0.2.0
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"\d+\.\d+\.\d+")


def fragments(folder: Path) -> list[Path]:
    """List the fragments by name; README.md explains them and is none."""
    return [path for path in sorted(folder.glob("*.md")) if path.name != "README.md"]


def as_item(text: str) -> str:
    """Turn one fragment into one list item, whatever number of lines it has."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return "- " + "\n  ".join(line.removeprefix("- ") for line in lines)


def collect(root: Path, version: str) -> int:
    """Write the section of one version above the older ones, delete its fragments, and give their number."""
    if not VERSION.fullmatch(version):
        raise SystemExit(f"'{version}' is no version: make changelog VERSION=1.2.3")
    found = fragments(root / "changes")
    if not found:
        raise SystemExit("changes/ has no fragments: nothing to release.")
    log = root / "CHANGELOG.md"
    head, mark, older = log.read_text("utf-8").partition("<!-- versions -->\n")
    if not mark:
        raise SystemExit("CHANGELOG.md lost its line '<!-- versions -->', below which the versions go.")
    items = "\n".join(as_item(path.read_text("utf-8")) for path in found)
    log.write_text(f"{head}{mark}\n## {version}\n\n{items}\n{older}", "utf-8")
    for path in found:
        path.unlink()
    return len(found)


if __name__ == "__main__":
    print(f"CHANGELOG.md: {collect(ROOT, sys.argv[1] if len(sys.argv) > 1 else '')} changes")
