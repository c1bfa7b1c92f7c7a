"""What a SQLite file holds, table by table, as counts and hashes that can be compared with another file."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from crm_core.contracts.snapshot import FileContent, History, TableContent
from crm_core.errors import Invalid

_BATCH = 1_000
_BLOCK = 1 << 20
_VERSIONS = "alembic_version_"
_encode = msgspec.msgpack.Encoder().encode
Tell = Callable[[float], None]


class Contents(msgspec.Struct, frozen=True):
    """Everything a manifest says about the inside of a file."""

    revisions: dict[str, str]
    version: int
    schema_version: int
    changed_at: str
    history: History
    tables: dict[str, TableContent]


def opened(path: Path, *, still: bool = True) -> sqlite3.Connection:
    """A file opened for reading alone; `still` says that nobody writes to it, so nothing is put beside it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if still else ''}", uri=True)


def hash_file(path: Path, name: str | None = None) -> FileContent:
    """A file's size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileContent(name or path.name, size, digest.hexdigest())


def read(path: Path, *, still: bool = True, tell: Tell = lambda _: None) -> Contents:
    """Everything in the file; Invalid (`backup_damaged`, `not_a_backup`) when it cannot be read or is none of ours."""
    try:
        with closing(opened(path, still=still)) as connection:
            connection.execute("BEGIN")
            names = tables_of(connection)
            if "fundraising_state" not in names or "changes" not in names:
                raise Invalid("not_a_backup", f"{path.name} is not a database of Venture CRM.", "Choose another file.")
            tables = {}
            for number, name in enumerate(names):
                tables[name] = table_content(connection, name)
                tell((number + 1) / len(names))
            return Contents(_revisions(connection, names), *_state(connection), _history(connection), tables)
    except sqlite3.DatabaseError as error:
        raise Invalid("backup_damaged", f"{path.name} cannot be read: {error}.", "Take another backup.") from error


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """The names of the file's tables; not SQLite's own, and not virtual ones, which hold nothing themselves."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [row[0] for row in found]


def table_content(connection: sqlite3.Connection, table: str) -> TableContent:
    """Count and hash: SHA-256 over the names of the columns, then each row in the order of the key, as MessagePack."""
    name = table.replace('"', '""')
    columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = [row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]]
    order = ", ".join('"' + key.replace('"', '""') + '"' for key in keys) or "rowid"
    digest, count = hashlib.sha256(_encode([row[1] for row in columns])), 0
    cursor = connection.execute(f'SELECT * FROM "{name}" ORDER BY {order}')
    while rows := cursor.fetchmany(_BATCH):
        digest.update(b"".join(map(_encode, rows)))
        count += len(rows)
    return TableContent(count, digest.hexdigest())


def _revisions(connection: sqlite3.Connection, names: list[str]) -> dict[str, str]:
    """The migration each owner's tables are at."""
    found = {}
    for name in names:
        if name.startswith(_VERSIONS):
            row = connection.execute(f'SELECT version_num FROM "{name}"').fetchone()
            if row is not None:
                found[name.removeprefix(_VERSIONS)] = str(row[0])
    return found


def _state(connection: sqlite3.Connection) -> tuple[int, int, str]:
    row = connection.execute("SELECT version, schema_version, updated_at FROM fundraising_state").fetchone()
    return (0, 0, "") if row is None else (int(row[0]), int(row[1]), str(row[2]))


def _history(connection: sqlite3.Connection) -> History:
    entries = connection.execute("SELECT count(*) FROM changes").fetchone()[0]
    last = connection.execute("SELECT hash FROM changes ORDER BY id DESC LIMIT 1").fetchone()
    return History(entries, bytes(last[0]).hex() if last else "")
