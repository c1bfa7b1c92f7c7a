"""Keep spreadsheets from running cells as formulas, in a way that reading the file again takes back."""

import re
from pathlib import Path

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
NUMERIC = frozenset(("number", "currency", "percent", "rating", "duration", "auto_number"))
"""Kinds whose text is a number and never a formula: `-5` stays as it is."""


def escape(text: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet could run; `unescape` is the inverse."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unescape(text: str) -> str:
    """Take back one apostrophe that stands before `=`, `+`, `-`, `@`, a tab or a carriage return."""
    return text[1:] if text[:1] == "'" and _DANGEROUS.match(text) else text


_MARKS = re.compile(rb"'[=+\-@\t\r]")
_BLOCK = 1 << 20


def may_be_escaped(path: Path, encoding: str) -> bool:
    """Whether any cell of the file can hold such an apostrophe; most files have none and are read faster."""
    if encoding.startswith(("utf-16", "utf-32")):
        return True
    with path.open("rb") as file:
        last = b""
        while block := file.read(_BLOCK):
            if _MARKS.search(last + block):
                return True
            last = block[-1:]
    return False
