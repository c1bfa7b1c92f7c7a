"""What a comparison found, row by row, in a scratch file beside the upload: nothing of it is the team's data.

The file is written once by a comparison and then read by pages of the preview and by the import itself, so neither
needs the whole in memory. Losing it costs one more comparison.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

CREATE, UPDATE, UNCHANGED, CONFLICT, ERROR = range(5)
OUTCOMES = ("create", "update", "unchanged", "conflict", "error")

_SCHEMA = """
CREATE TABLE rows (n INTEGER PRIMARY KEY, line INTEGER, outcome INTEGER, record INTEGER, data BLOB);
CREATE TABLE related (n INTEGER PRIMARY KEY, table_id INTEGER, record INTEGER, data BLOB);
CREATE TABLE facts (name TEXT PRIMARY KEY, data BLOB);
"""
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode


class Row(msgspec.Struct, array_like=True):
    """One row of the file. `record` is the record's key, or -1, -2, … for the first, second, … new one.

    `name` is what names the record; `values` are a new record's values by slot; `cells` the changed ones of a known
    record as (slot, before, after, conflict); `related` those of related records as (field key, before, after,
    conflict).
    """

    line: int
    outcome: int
    record: int
    name: str = ""
    values: Sequence[Any] = ()
    cells: Sequence[tuple[int, Any, Any, bool]] = ()
    related: Sequence[tuple[int, Any, Any, bool]] = ()
    errors: Sequence[tuple[str | None, str]] = ()


class Store:
    """The scratch file of one comparison."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        if fresh:
            path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._n = 0
        if fresh:
            self._db.execute("PRAGMA journal_mode=OFF")
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def add(self, rows: Sequence[Row]) -> None:
        """Append a batch of rows."""
        packed = [
            (n, row.line, row.outcome, row.record,
             _pack((row.name, row.values, row.cells, row.related, row.errors)))
            for n, row in enumerate(rows, self._n)
        ]  # fmt: skip
        self._n += len(packed)
        with self._db:
            self._db.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", packed)

    def add_related(self, records: Sequence[tuple[int, int, dict[int, Any]]]) -> None:
        """Append related records: (table key, record as in Row, value by field key)."""
        with self._db:
            self._db.executemany(
                "INSERT INTO related (table_id, record, data) VALUES (?, ?, ?)",
                ((table, record, _pack(list(cells.items()))) for table, record, cells in records),
            )

    def finish(self, facts: dict[str, Any]) -> None:
        """Note what holds for the whole comparison, and make pages by outcome quick."""
        with self._db:
            self._db.execute("CREATE INDEX by_outcome ON rows (outcome)")
            self._db.executemany("INSERT INTO facts VALUES (?, ?)", [(key, _pack(v)) for key, v in facts.items()])

    def facts(self) -> dict[str, Any]:
        """What `finish` noted."""
        return {name: _unpack(data) for name, data in self._db.execute("SELECT name, data FROM facts")}

    def page(self, outcome: int | None, offset: int, limit: int) -> tuple[int, list[Row]]:
        """How many rows have an outcome, and some of them in the order of the file."""
        where, given = ("", ()) if outcome is None else ("WHERE outcome = ?", (outcome,))
        total: int = self._db.execute(f"SELECT count(*) FROM rows {where}", given).fetchone()[0]
        query = f"SELECT line, outcome, record, data FROM rows {where} ORDER BY n LIMIT ? OFFSET ?"
        return total, [_row(*found) for found in self._db.execute(query, (*given, limit, offset))]

    def each(self, *outcomes: int) -> Iterator[Row]:
        """All rows with these outcomes in the order of the file."""
        marks = ", ".join("?" * len(outcomes))
        query = f"SELECT line, outcome, record, data FROM rows WHERE outcome IN ({marks}) ORDER BY n"
        return (_row(*found) for found in self._db.execute(query, outcomes))

    def each_related(self, table_id: int, *, new: bool) -> Iterator[tuple[int, dict[int, Any]]]:
        """The new or the known related records of one table: (record, value by field key)."""
        query = f"SELECT record, data FROM related WHERE table_id = ? AND record {'<' if new else '>'} 0 ORDER BY n"
        return ((record, dict(_unpack(data))) for record, data in self._db.execute(query, (table_id,)))

    def new_name(self, table_id: int, record: int, primary: int) -> str:
        """What a new related record will be called."""
        query = "SELECT data FROM related WHERE table_id = ? AND record = ?"
        found = self._db.execute(query, (table_id, record)).fetchone()
        return str(dict(_unpack(found[0])).get(primary) or "") if found else ""

    def related_tables(self) -> list[int]:
        """The tables that related records belong to."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT table_id FROM related")]


def _row(line: int, outcome: int, record: int, data: bytes) -> Row:
    return Row(line, outcome, record, *_unpack(data))
