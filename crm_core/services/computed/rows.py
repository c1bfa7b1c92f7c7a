"""Rows as computed fields read them: columns of stored values, links and linked values, each asked for once."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core.kinds import FieldDef
from crm_core.services.computed.graph import Node, Path
from crm_core.storage.queries import links
from crm_core.storage.queries.dialects import one_of
from crm_core.storage.queries.filters import compile_filter
from crm_core.storage.queries.scope import Scope
from crm_core.storage.schema import Schema, TableDef, is_inverse
from crm_core.storage.statements import chunks, run, select_by_ids

Item = tuple[Any, Any]
"""A linked record's stored value and what stands in the column beside it."""


class Rows:
    """Some columns of some rows of one table; `keys` grow, and every column stays aligned with them."""

    def __init__(self, connection: Connection, table: TableDef, columns: Iterable[str]) -> None:
        self._connection, self._table = connection, table
        self.names = ("id", *dict.fromkeys(name for name in columns if name != "id"))
        self.columns: dict[str, list[Any]] = {name: [] for name in self.names}
        self.at: dict[int, int] = {}

    @property
    def keys(self) -> list[int]:
        return self.columns["id"]

    def need(self, keys: Iterable[int]) -> None:
        """Read those of the rows that are not here yet; keys of no row are passed over."""
        missing = [key for key in keys if key not in self.at]
        for piece in chunks(missing):
            query = select_by_ids(self._connection, self._table.physical, self.names, len(piece))
            self.take(run(self._connection, query, piece).fetchall())

    def take(self, rows: Sequence[Sequence[Any]], names: Sequence[str] | None = None) -> None:
        """Add rows as they were read, in the order of `names` (all when None); columns not among them are empty."""
        self.take_columns(list(zip(*rows, strict=True)), names or self.names)

    def take_columns(self, columns: Sequence[Sequence[Any]], names: Sequence[str]) -> None:
        """Add rows that are turned on their side already; columns beyond the `names` are passed over."""
        first = len(self.keys)
        for name, values in zip(names, columns, strict=False):
            self.columns[name].extend(values)
        keys = self.keys
        for column in self.columns.values():
            column.extend([None] * (len(keys) - len(column)))
        self.at.update(zip(keys[first:], range(first, len(keys)), strict=True))


def columns_of(nodes: Iterable[Node]) -> list[str]:
    """The columns that these nodes of one table read and write."""
    names: dict[str, None] = {}
    for node in nodes:
        for read in (node.field, *node.reads, *([node.through] if node.through else [])):
            for name in (read.column, read.extra):
                if name:
                    names[name] = None
        if node.per_record:
            names.update(created_at=None, updated_at=None)
    return list(names)


def owners(connection: Connection, schema: Schema, path: Path, keys: Iterable[int]) -> set[int]:
    """The rows at the near end of a path of links, from the keys at its far end; deleted records' too."""
    found = set(keys)
    for link in path:
        if not found:
            break
        if link.column and not is_inverse(link):
            rows = schema.by_id[link.table_id].sql
            query = sa.select(rows.c.id).where(one_of(rows.c[link.column], found))
        else:
            way = links.reach(schema, link)
            query = sa.select(way.here).select_from(way.source).where(one_of(way.rows.c.id, found))
        found = {row[0] for row in connection.execute(query) if row[0] is not None}
    return found


def names_of(
    connection: Connection, schema: Schema, link: FieldDef, keys: Sequence[int], column: Sequence[Any], zone: str
) -> list[Any]:
    """The names of each row's linked records as formulas take them: a list, or the one name of a link to one."""
    targets = links.fetch_links(connection, schema, link, keys, column)
    table = schema.by_id[link.options["table"]]
    names = links.display_names(connection, table, {key for some in targets if some for key in some}, zone)
    if link.column and not is_inverse(link):
        return [None if not some else names.get(some[0], "") for some in targets]
    return [None if not some else tuple(names.get(key, "") for key in some) for some in targets]


def linked_values(
    connection: Connection, schema: Schema, node: Node, keys: Sequence[int], column: Sequence[Any], zone: str
) -> list[Sequence[Item]]:
    """What a lookup, rollup or count sees of each row: its linked records' values in order.

    `column` holds the stored values of a link to one (aligned with `keys`; ignored for other links).
    """
    link = node.through
    assert link is not None
    way = links.reach(schema, link)
    stored = bool(link.column) and not is_inverse(link)
    starts: Sequence[Any] = column if stored else keys
    wanted = {start for start in starts if start is not None}
    if not wanted:
        return [()] * len(keys)
    target = node.target
    names = [name for name in (target.column, target.extra) if name] if target else []
    if target is not None and target.kind.family == "link" and is_inverse(target):
        names = []
    query = (
        sa.select(way.here, way.rows.c.id, *(way.rows.c[name] for name in names))
        .select_from(way.source)
        .where(one_of(way.here, wanted), way.rows.c.deleted_at.is_(None))
        .order_by(*(() if stored else way.order))
    )
    if node.narrow is not None:
        scope = Scope(connection, schema, way.target, zone)
        passes = compile_filter(scope, node.narrow, lenient=True)
        query = query.where(
            sa.exists(sa.select(sa.literal_column("1")).where(scope.rows.c.id == way.rows.c.id, passes))
        )
    rows = connection.execute(query).fetchall()
    if target is not None and target.kind.family == "link":
        held = [row[2] for row in rows] if names else [None] * len(rows)
        values: list[Any] = names_of(connection, schema, target, [row[1] for row in rows], held, zone)
        items: list[Item] = [(value, None) for value in values]
    else:
        items = [(row[2] if names else row[1], row[3] if len(names) > 1 else None) for row in rows]
    found: dict[int, list[Item]] = {}
    for row, item in zip(rows, items, strict=True):
        found.setdefault(row[0], []).append(item)
    return [found.get(start, ()) for start in starts]
