"""The contracts of importers and exporters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from crm_core.contracts import Exporter, ExportTable, Importer, SheetRow
from crm_core.errors import Invalid
from crm_core.testing.contract import must, must_raise

AWKWARD = (
    ("plain", "Ada"),
    ("", ""),
    ('comma, "quote"', "two\nlines"),
    ("Zoë 🦦 Ünïcode", "=1+1"),
    ("  spaces  ", "tab\there"),
    ("null\u2028separator", "a|b\\c"),
)
_MANY = 50_000


def export_table(
    rows: Iterable[Sequence[str]] = AWKWARD, headers: Sequence[str] = ("Name", "Note"), name: str = "Sample"
) -> ExportTable:
    """A table of texts as an exporter gets it; `rows` is read again at each pass."""

    def values() -> Iterator[Mapping[str, str | None]]:
        return ({header: text or None for header, text in zip(headers, row, strict=True)} for row in rows)

    return ExportTable(name, [{"name": header, "kind": "text"} for header in headers], lambda: rows, values)


def check_exporter(
    exporter: Exporter, table: ExportTable | None = None, options: Mapping[str, str] | None = None
) -> bytes:
    """It says what it writes, writes bytes, the same each time, and a large table piece by piece; gives the bytes."""
    must(exporter.suffix.startswith(".") and len(exporter.suffix) > 1, f"Its suffix {exporter.suffix!r} is no .ending.")
    must(exporter.media_type.count("/") == 1, f"Its media type {exporter.media_type!r} is not kind/format.")
    table, options = table or export_table(), options or {}
    written = b"".join(_pieces(exporter, table, options))
    must(written == b"".join(_pieces(exporter, table, options)), "Written twice, the same table is not the same.")
    b"".join(_pieces(exporter, export_table(()), options))
    read = 0

    def many() -> Iterator[Sequence[str]]:
        nonlocal read
        for number in range(_MANY):
            read += 1
            yield (f"name {number}", "note")

    large = export_table()._replace(texts=many, values=lambda: ({"Name": name, "Note": note} for name, note in many()))
    pieces = _pieces(exporter, large, options)
    size = 0
    while size < 1_000 and (piece := next(pieces, None)) is not None:
        size += len(piece)
    must(read < _MANY, "It reads the whole table before it gives the first kilobyte: a large export fills the memory.")
    return written


def check_importer(importer: Importer, file: Path) -> list[SheetRow]:
    """It opens a good file: a header of texts, rows with growing line numbers, read as it goes, the same each time."""
    must(importer.suffixes, "It names no file ending.")
    for suffix in importer.suffixes:
        must(suffix.startswith(".") and suffix == suffix.lower(), f"The ending {suffix!r} is not a lower-case .ending.")
    sheet = importer.open(file, importer.settings)
    header = list(sheet.header)
    must(header and all(isinstance(name, str) for name in header), "The header is empty or not of texts.")
    must(isinstance(sheet.dialect, Mapping), "The dialect is not a mapping.")
    rows = sheet.rows()
    must(iter(rows) is rows, "rows() gives a list, not an iterator: a large file fills the memory.")
    found = [SheetRow(*row) for row in rows]
    for row in found:
        must(isinstance(row.line, int) and row.line >= 1, f"The line number {row.line!r} is not a number from 1.")
        must(all(isinstance(cell, str) for cell in row.cells), f"Line {row.line} has a cell that is no text.")
        must(row.problem is None or row.problem.strip(), f"Line {row.line} has a problem without a reason.")
    lines = [row.line for row in found]
    must(lines == sorted(set(lines)), "The line numbers do not grow from row to row.")
    again = [SheetRow(*row) for row in sheet.rows()]
    must([tuple(row.cells) for row in again] == [tuple(row.cells) for row in found], "Read twice, the rows differ.")
    return found


def check_refusal(importer: Importer, file: Path) -> Invalid:
    """It refuses a file that cannot be read as a whole with Invalid, a code, and a sentence; gives the error."""
    problem: Invalid | None = None
    with must_raise(Invalid, f"{file.name} should be refused with Invalid."):
        try:
            for _ in importer.open(file, importer.settings).rows():
                pass
        except Invalid as error:
            problem = error
            raise
    assert problem is not None
    must(problem.code and problem.message.strip(), "The refusal has no code or no message.")
    return problem


def _pieces(exporter: Exporter, table: ExportTable, options: Mapping[str, str]) -> Iterator[bytes]:
    for piece in exporter.write(table, options):
        must(isinstance(piece, bytes), f"It yields {type(piece).__name__}, not bytes.")
        yield piece
