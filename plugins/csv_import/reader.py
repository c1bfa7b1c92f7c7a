"""Read a CSV file row by row: every row has its line, and one that cannot be read has its reason."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from crm_core.contracts import SheetRow
from crm_core.errors import Invalid
from plugins.csv_import.detect import DELIMITERS, find_delimiter, find_encoding, find_newline
from plugins.csv_import.escaping import may_be_escaped, unescape
from plugins.csv_import.settings import CsvSettings

_SAMPLE_CHARACTERS = 200_000
_MAX_HEADER = 500
FIELD_LIMIT = 16 * 2**20


class CsvSheet:
    """An opened CSV file (see crm_core.contracts.Sheet); its dialect is found at opening."""

    def __init__(self, path: Path, settings: CsvSettings) -> None:
        self._path = path
        self._encoding = find_encoding(path, settings.fallback_encoding)
        notices = [self._encoding.notice] if self._encoding.notice else []
        with self._text() as file:
            sample = file.read(_SAMPLE_CHARACTERS)
            complete = len(sample) < _SAMPLE_CHARACTERS
        self._told = _told_delimiter(sample)
        self._delimiter = self._told or find_delimiter(sample, complete)
        self._escaped = may_be_escaped(path, self._encoding.name)
        self.header: Sequence[str] = self._read_header(settings.max_columns, notices)
        self.dialect: Mapping[str, Any] = {
            "encoding": self._encoding.name.removesuffix("-sig"),
            "bom": self._encoding.bom,
            "newline": find_newline(sample),
            "delimiter": self._delimiter,
            "notices": notices,
        }

    def _text(self) -> TextIO:
        return self._path.open(encoding=self._encoding.name, errors=self._encoding.errors, newline="")

    def _reader(self, file: TextIO) -> Any:
        reader = csv.reader(file, delimiter=self._delimiter, strict=True)
        if self._told:
            next(reader)
        return reader

    def _read_header(self, most: int, notices: list[str]) -> list[str]:
        with self._text() as file:
            reader = self._reader(file)
            try:
                cells = next((row for row in reader if any(cell.strip() for cell in row)), None)
            except csv.Error as error:
                raise Invalid(
                    "bad_header",
                    f"The header on line {reader.line_num} cannot be read: {_reason(error)}.",
                    "Mend the first line of the file.",
                ) from error
            self._header_line = reader.line_num
        if cells is None:
            raise Invalid("empty_file", "The file has no header.", "Its first line must name the columns.")
        if len(cells) > most:
            raise Invalid(
                "too_many_columns",
                f"The file has {len(cells):,} columns; at most {most:,} can be imported.",
                "Remove columns, or split the file.",
            )
        return unique_header([_clean(cell) for cell in cells], notices)

    def rows(self) -> Iterator[SheetRow]:
        """All data rows in order; blank lines are passed over."""
        width = len(self.header)
        line = self._header_line
        with self._text() as file:
            reader = self._reader(file)
            while reader.line_num < line:
                with suppress(csv.Error):
                    next(reader)
            while True:
                try:
                    for cells in reader:
                        start, line = line + 1, reader.line_num
                        if self._escaped:
                            cells = [unescape(cell) if cell[:1] == "'" else cell for cell in cells]
                        if len(cells) == width:
                            yield SheetRow(start, cells)
                        elif any(cells):
                            yield self._ragged(start, cells)
                    return
                except csv.Error as error:
                    start, line = line + 1, reader.line_num
                    yield SheetRow(start, (), _broken(error, start, line))

    def _ragged(self, line: int, cells: list[str]) -> SheetRow:
        width = len(self.header)
        if len(cells) > width:
            if not any(cells[width:]):
                return SheetRow(line, cells[:width])
            return SheetRow(line, cells, f"The row has {len(cells)} cells, the header {width}; see its quotes.")
        return SheetRow(
            line, cells, f"The row has {len(cells)} cells, the header {width}.", column=self.header[len(cells)]
        )


def unique_header(names: list[str], notices: list[str]) -> list[str]:
    """Column names that are filled and all different (told apart by a number, whatever their case)."""
    taken: set[str] = set()
    result = []
    for number, name in enumerate(names, 1):
        chosen = name or f"Column {number}"
        count = 2
        while chosen.casefold() in taken:
            chosen, count = f"{name or f'Column {number}'} ({count})", count + 1
        if name and chosen != name:
            notices.append(f"Column {number} has the name of another one, {name!r}; it is called {chosen!r} here.")
        taken.add(chosen.casefold())
        result.append(chosen)
    empty = sum(not name for name in names)
    if empty:
        notices.append(f"{empty} {'column has' if empty == 1 else 'columns have'} no name; named by number.")
    return result


def _clean(name: str) -> str:
    """A header cell as one line of text that every database can store."""
    text = unescape(name).replace("\0", "").encode("utf-8", "replace").decode()
    return " ".join(text.split())[:_MAX_HEADER].strip()


def _told_delimiter(sample: str) -> str | None:
    """The delimiter that Excel names in a first line `sep=;`."""
    first = sample.lstrip("\ufeff")[:8]
    told = first[4:5]
    return told if first[:4].lower() == "sep=" and told in DELIMITERS and first[5:6] in ("", "\r", "\n") else None


def _reason(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return "a quotation mark is opened and never closed"
    if "field larger than field limit" in text:
        return "a cell is larger than 16 MB; probably a quotation mark is opened and never closed"
    if "expected after" in text:
        return "text follows a closing quotation mark"
    return text


def _broken(error: csv.Error, first: int, last: int) -> str:
    reach = f" The cell reaches from line {first} to line {last}." if last > first else ""
    reason = _reason(error)
    return f"{reason[:1].upper()}{reason[1:]}.{reach}"
