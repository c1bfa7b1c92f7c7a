"""File formats in and out: what crosses the border as rows of text."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel


class SheetRow(NamedTuple):
    """One row of a file: the line it starts on (from 1), its cells as text, and why it cannot be read (or None).

    `column` names the header of the cell that is to blame, if it is one.
    """

    line: int
    cells: Sequence[str]
    problem: str | None = None
    column: str | None = None


class Sheet(Protocol):
    """An opened file with one header row.

    `dialect` says how the file was written (for CSV: encoding, bom, newline, delimiter); its `notices` are sentences
    for the person who imports it. The names in `header` are filled and all different.
    """

    @property
    def dialect(self) -> Mapping[str, Any]:
        """How the file is written (encoding, delimiter, …), shown to people."""

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns."""

    def rows(self) -> Iterator[SheetRow]:
        """All data rows in order, from the start at each call; reads as it goes."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Reads one file format. `open` raises Invalid (with line and reason) when the file as a whole cannot be read."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    open: Callable[[Path, BaseModel], Sheet]
    settings: BaseModel


class ExportTable(NamedTuple):
    """What an exporter writes: the table's name, one header per field, and rows in view order.

    `fields` are shaped as in `GET /api/tables` (at least `name` and `kind`). `texts` yields rows as people read them,
    `values` the same rows in wire form by field name; an exporter uses one of the two.
    """

    name: str
    fields: Sequence[Mapping[str, Any]]
    texts: Callable[[], Iterable[Sequence[str]]]
    values: Callable[[], Iterable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes one file format; `write` yields bytes as it goes and takes the options of the request (`escape`)."""

    name: str
    title: str
    media_type: str
    suffix: str
    write: Callable[[ExportTable, Mapping[str, str]], Iterator[bytes]]
