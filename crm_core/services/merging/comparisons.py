"""What comparing a table's records gave, kept until they change, and for large tables a while longer."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock
from crm_core.kinds import FieldDef
from crm_core.services.merging.likeness import Traits, traits_of
from crm_core.services.merging.pairs import Pair, likely
from crm_core.storage.queries.dialects import one_of
from crm_core.storage.schema import TableDef

_QUICK = 0.5
"""Seconds of work that a comparison may take to be made anew after every change."""

_REST = 20
"""A longer one rests for so many times its length, so that it takes at most a twentieth of the machine."""


class _Stand(NamedTuple):
    """What a comparison saw: while it is the same, so is the result."""

    schema: int
    records: int
    newest: int


@dataclass(frozen=True)
class Compared:
    """The pairs of records that may be the same, the surest first, and how many records were compared."""

    stand: _Stand
    pairs: Sequence[Pair]
    took: float
    at: float

    @property
    def records(self) -> int:
        return self.stand.records

    @property
    def rests(self) -> bool:
        """Whether it is too early to compare again."""
        return self.took > _QUICK and clock.monotonic() < self.at + _REST * self.took


class Comparisons:
    """The last comparison of each table; one is made at a time, and whoever asks meanwhile gets the one before."""

    def __init__(self) -> None:
        self._known: dict[int, Compared] = {}
        self._comparing = threading.Lock()

    def forget(self) -> None:
        """Drop all."""
        self._known = {}

    def of(self, connection: Connection, table: TableDef, schema: int) -> Compared:
        """The pairs of a table as far as both records are still there."""
        stand, known = _stand(connection, table, schema), self._known.get(table.id)
        if known is not None and known.stand == stand:
            return known
        if (known is not None and known.rests) or not self._comparing.acquire(blocking=known is None):
            assert known is not None
            return _living(connection, table, known, stand)
        try:
            known = self._known.get(table.id)
            if known is None or known.stand != stand:
                begun, pairs = clock.worked(), likely(_read(connection, table))
                took = clock.worked() - begun
                known = self._known[table.id] = Compared(stand, pairs, took, clock.monotonic())
            return known
        finally:
            self._comparing.release()


def _stand(connection: Connection, table: TableDef, schema: int) -> _Stand:
    rows = table.sql.c
    live = sa.func.count(sa.case((rows.deleted_at.is_(None), 1)))
    count, newest = connection.execute(sa.select(live, sa.func.max(rows.version)).select_from(table.sql)).one()
    return _Stand(schema, count, newest or 0)


def _living(connection: Connection, table: TableDef, known: Compared, stand: _Stand) -> Compared:
    """An earlier comparison without the records that were merged or deleted since."""
    rows = table.sql.c
    wanted = {key for pair in known.pairs for key in (pair.one, pair.other)}
    query = sa.select(rows.id).where(one_of(rows.id, wanted), rows.deleted_at.is_(None))
    live = {row[0] for row in connection.execute(query)}
    pairs = [pair for pair in known.pairs if pair.one in live and pair.other in live]
    return Compared(stand, pairs, known.took, known.at)


def compared_fields(table: TableDef) -> tuple[FieldDef | None, list[FieldDef], list[FieldDef]]:
    """What of a table tells its records apart: the name, e-mail addresses, web addresses."""
    own = [field for field in table.fields if field.column and not field.kind.computed]
    name = table.primary if table.primary in own and table.primary.kind.family == "text" else None
    return name, [f for f in own if f.kind.name == "email"], [f for f in own if f.kind.name == "url"]


def _read(connection: Connection, table: TableDef) -> dict[int, Traits]:
    """The traits of all live records."""
    name, mails, addresses = compared_fields(table)
    fields = [*([name] if name else []), *mails, *addresses]
    first, second = (1 if name else 0), (1 if name else 0) + len(mails)
    query = sa.select(table.sql.c.id, *(table.column(field) for field in fields))
    result = connection.execution_options(yield_per=5_000).execute(query.where(table.sql.c.deleted_at.is_(None)))
    found = {}
    for key, *cells in result:
        given = [cell for cell in cells[first:second] if cell]
        found[key] = traits_of(cells[0] if name else None, given, [cell for cell in cells[second:] if cell])
    return found
