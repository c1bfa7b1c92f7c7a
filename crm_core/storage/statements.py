"""The few statements of every edit, as text for the driver.

They bypass SQLAlchemy's handling of statements and parameters, which costs more than what SQLite does with them; names
come from the schema, never from a request, and values always go as parameters.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection

CHUNK = 2_000
"""Values per statement in a list of parameters; SQLite takes 32,766, PostgreSQL 65,535."""

T = TypeVar("T")


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in pieces of at most `size`."""
    rest = iter(items)
    while piece := tuple(islice(rest, size)):
        yield piece


def run(connection: Connection, statement: str, values: Sequence[Any] = ()) -> Any:
    """Execute one statement in the connection's transaction; answers the driver's cursor (iterate, `fetchone`)."""
    cursor = connection.connection.cursor()
    cursor.execute(statement, values)
    return cursor


def run_many(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Execute one statement for each row of values."""
    connection.connection.cursor().executemany(statement, rows)


def mark(connection: Connection) -> str:
    """The driver's placeholder of a positional parameter."""
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def insert_into(connection: Connection, table: str, columns: tuple[str, ...]) -> str:
    """INSERT of one row by position."""
    return _insert(mark(connection), table, columns)


def update_by_id(connection: Connection, table: str, columns: tuple[str, ...]) -> str:
    """UPDATE of some columns of one row; the last parameter is its id."""
    return _update(mark(connection), table, columns)


def select_by_ids(connection: Connection, table: str, columns: tuple[str, ...], count: int) -> str:
    """SELECT of some columns of as many rows as there are parameters, each the id of one."""
    return _select(mark(connection), table, columns, count)


@lru_cache(maxsize=512)
def _insert(placeholder: str, table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join([placeholder] * len(columns))})'


@lru_cache(maxsize=512)
def _select(placeholder: str, table: str, columns: tuple[str, ...], count: int) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'SELECT {names} FROM "{table}" WHERE "id" IN ({", ".join([placeholder] * count)})'


@lru_cache(maxsize=512)
def _update(placeholder: str, table: str, columns: tuple[str, ...]) -> str:
    pairs = ", ".join(f'"{column}" = {placeholder}' for column in columns)
    return f'UPDATE "{table}" SET {pairs} WHERE "id" = {placeholder}'
