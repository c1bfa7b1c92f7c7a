"""Find out how a text file was written: encoding, byte order mark, line ends, delimiter."""

import codecs
import csv
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from crm_core.errors import Invalid

DELIMITERS = (",", ";", "\t", "|")
_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3\x00", "a database"),
)


_CONTROLS = (*range(9), *range(14, 27), *range(28, 32), 127)  # tabs, line and page ends and ESC may stand in text


class Encoding(NamedTuple):
    """How bytes become text: codec, error handler, whether a byte order mark stands first, and what to tell people."""

    name: str
    errors: str
    bom: bool
    notice: str = ""


def find_encoding(path: Path, fallback: str) -> Encoding:
    """The encoding of a whole file; Invalid (`not_text`, `empty_file`) when it is no text."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if not head.strip():
        raise Invalid("empty_file", "The file is empty.", "Choose a file with a header row.")
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise Invalid("not_text", f"The file is {what}, not CSV.", "Open it where it was made and save it as CSV.")
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _with_mark(path, name)
    if head.count(b"\0") * 10 > len(head):
        raise Invalid("not_text", "The file is not text.", "Save it as CSV in UTF-8.")
    if _decodes(path, "utf-8"):
        return Encoding("utf-8", "strict", False)
    controls = sum(head.count(bytes((code,))) for code in _CONTROLS)
    # A stray one is a fault of its row; a program, a picture or an encrypted file of any kind is full of them.
    if controls * 50 > len(head):
        raise Invalid(
            "not_text",
            "The file is not text: it holds bytes that no CSV file has.",
            "Open it where it was made and save it as CSV.",
        )
    return _not_utf8(path, fallback)


def _with_mark(path: Path, name: str) -> Encoding:
    if _decodes(path, name):
        return Encoding(name, "strict", True)
    errors = "surrogateescape" if name == "utf-8-sig" else "surrogatepass"
    if _decodes(path, name, errors):
        return Encoding(name, errors, True, _damaged(name))
    raise Invalid(
        "bad_encoding",
        f"The file begins as {name.upper()}, but is not written in it throughout; it may be cut off.",
        "Save it again as CSV in UTF-8.",
    )


def _decodes(path: Path, name: str, errors: str = "strict") -> bool:
    decoder = codecs.getincrementaldecoder(name)(errors)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def _not_utf8(path: Path, fallback: str) -> Encoding:
    """A UTF-8 file with broken bytes keeps its good characters; any other is read in the fallback encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            for character, count in Counter(decoder.decode(block)).items():
                if "\udc80" <= character <= "\udcff":
                    bad += count
                elif character > "\x7f":
                    good += count
    if good >= bad > 0:
        return Encoding("utf-8", "surrogateescape", False, _damaged("utf-8"))
    notice = f"The file is not UTF-8; it was read as {fallback}. Check that accents and symbols look right."
    return Encoding(fallback, "strict" if _decodes(path, fallback) else "surrogateescape", False, notice)


def _damaged(name: str) -> str:
    return f"Some bytes of the file are no valid {name}; the rows that hold them are listed as errors."


def find_newline(sample: str) -> str:
    """The most frequent line end in a sample: `crlf`, `lf` or `cr`."""
    both = sample.count("\r\n")
    counts = {"crlf": both, "lf": sample.count("\n") - both, "cr": sample.count("\r") - both}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "lf"


def find_delimiter(sample: str, complete: bool) -> str:
    """The delimiter that splits most lines of a sample into as many cells as its header; a comma when none does.

    `complete` says that the sample is the whole file, so its last line is a whole line.
    """
    scores = {}
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(sample.splitlines(keepends=True), delimiter=delimiter) if row]
        except csv.Error:
            continue
        widths = [len(row) for row in (rows if complete or len(rows) < 3 else rows[:-1])]
        if widths and widths[0] > 1:
            alike = sum(width == widths[0] for width in widths) / len(widths)
            scores[delimiter] = (alike > 0.5, alike * widths[0])
    return max(scores, key=lambda delimiter: scores[delimiter]) if scores else ","
