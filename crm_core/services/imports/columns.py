"""What a column of a file holds: read once over the whole file, in bounded memory."""

from collections.abc import Iterator, Sequence
from itertools import islice

from crm_core.contracts import Sheet, SheetRow

BATCH = 1_000
"""Rows worked on together; a batch of wide rows is a few MB."""

DISTINCT = 5_000
"""Different values of a column that are kept; kinds are judged by them."""

_KEPT_CHARACTERS = 500_000
_SAMPLES = 5
_SAMPLE_LENGTH = 120


class Column:
    """The different values of one column (up to a limit), in the order they appear, and how many cells are empty."""

    def __init__(self, index: int, name: str) -> None:
        self.index, self.name = index, name
        self.rows = 0
        self.empty = 0
        self.values: dict[str, None] = {}
        self.full = False
        self._kept = 0

    def add(self, cells: Sequence[str]) -> None:
        """Take in the column's cells of one batch."""
        self.rows += len(cells)
        self.empty += cells.count("")
        if self.full:
            return
        new = [value for value in dict.fromkeys(cells) if value and value not in self.values]
        self._kept += sum(map(len, new))
        self.values.update(dict.fromkeys(new[: DISTINCT - len(self.values)]))
        self.full = len(self.values) >= DISTINCT or self._kept > _KEPT_CHARACTERS

    @property
    def filled(self) -> int:
        return self.rows - self.empty

    @property
    def samples(self) -> list[str]:
        return [_printable(value[:_SAMPLE_LENGTH]) for value in islice(self.values, _SAMPLES)]


def _printable(text: str) -> str:
    """Text that can be sent: half characters and NULs become replacement characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def batches(rows: Iterator[SheetRow]) -> Iterator[list[SheetRow]]:
    """Rows of a sheet in batches."""
    while batch := list(islice(rows, BATCH)):
        yield batch


def read_columns(sheet: Sheet) -> tuple[list[Column], int]:
    """The columns of a sheet, and how many rows it has (broken ones included)."""
    columns = [Column(index, name) for index, name in enumerate(sheet.header)]
    count = 0
    for batch in batches(sheet.rows()):
        count += len(batch)
        sound = [row.cells for row in batch if row.problem is None]
        for column, cells in zip(columns, zip(*sound, strict=True), strict=bool(sound)):
            column.add(cells)
    return columns, count
