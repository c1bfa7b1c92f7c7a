"""Links between records in SQL: conditions on linked records, and the links and display names of a window's rows.

A link to a record in the trash is not shown anywhere; it is back when the record is restored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core.kinds import FieldDef
from crm_core.models.tables import RECORD_LINKS, USERS
from crm_core.storage.queries.dialects import contains, one_of
from crm_core.storage.schema import Schema, TableDef, is_inverse


@dataclass(frozen=True)
class Reach:
    """How a link field's rows meet the live records they link to: select from `source` where `where`, by `order`."""

    target: TableDef
    rows: sa.FromClause
    source: sa.FromClause
    here: sa.ColumnElement[int]
    order: tuple[sa.ColumnElement[Any], ...]

    def where(self, key: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """The linked records of the one row whose `anchor` is `key`."""
        return sa.and_(self.here == key, self.rows.c.deleted_at.is_(None))


def reach(schema: Schema, field: FieldDef) -> Reach:
    """The way a link field goes: through a column of either table or through `record_links`, forwards or backwards."""
    target = schema.by_id[field.options["table"]]
    rows = target.sql.alias(f"linked_{field.id}")
    forward = schema.fields[field.options["inverse_of"]] if is_inverse(field) else field
    if forward is field and field.column:
        return Reach(target, rows, rows, rows.c.id, (rows.c.id,))
    if forward.column:
        return Reach(target, rows, rows, rows.c[forward.column], (rows.c.position, rows.c.id))
    links = RECORD_LINKS.alias(f"links_{field.id}")
    here, there = (links.c.from_id, links.c.to_id) if forward is field else (links.c.to_id, links.c.from_id)
    source = links.join(rows, sa.and_(rows.c.id == there, links.c.field_id == sa.literal_column(str(forward.id))))
    order = (links.c.position, links.c.to_id) if forward is field else (rows.c.position, rows.c.id)
    return Reach(target, rows, source, here, order)


def anchor(field: FieldDef, rows: sa.FromClause) -> sa.ColumnElement[Any]:
    """What of a row its link field starts from: the column of a link to one, else the row's own key."""
    return rows.c[field.column] if field.column and not is_inverse(field) else rows.c.id


def linked(
    schema: Schema,
    field: FieldDef,
    rows: sa.FromClause,
    narrow: Callable[[Reach], sa.ColumnElement[bool]] | None = None,
) -> sa.ColumnElement[bool]:
    """Whether a row links to any live record (that `narrow` lets through)."""
    way = reach(schema, field)
    query: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).select_from(way.source).where(way.where(anchor(field, rows)))
    )
    return sa.exists(query if narrow is None else query.where(narrow(way)))


def linked_count(
    schema: Schema, field: FieldDef, rows: sa.FromClause, keys: Sequence[int] | None = None
) -> sa.ScalarSelect[int]:
    """How many live records (of `keys`) a row links to."""
    way = reach(schema, field)
    query = sa.select(sa.func.count()).select_from(way.source).where(way.where(anchor(field, rows)))
    return (query if keys is None else query.where(one_of(way.rows.c.id, keys))).scalar_subquery()


def linked_keys(schema: Schema, field: FieldDef, rows: sa.FromClause) -> sa.ScalarSelect[str | None]:
    """The keys of a row's linked records in their order, joined by commas; NULL when there are none."""
    way = reach(schema, field)
    ordered = (
        sa.select(sa.cast(way.rows.c.id, sa.Text).label("key"))
        .select_from(way.source)
        .where(way.where(anchor(field, rows)))
        .order_by(*way.order)
        .correlate(rows)
        .subquery()
    )
    return sa.select(sa.func.aggregate_strings(ordered.c.key, ",")).scalar_subquery()


def first_linked(
    schema: Schema, field: FieldDef, rows: sa.FromClause, what: Callable[[Reach], sa.ColumnElement[Any]]
) -> sa.ScalarSelect[Any]:
    """Something of a row's first linked record."""
    way = reach(schema, field)
    return (
        sa.select(what(way))
        .select_from(way.source)
        .where(way.where(anchor(field, rows)))
        .order_by(*way.order)
        .limit(1)
        .correlate(rows)
        .scalar_subquery()
    )


def fetch_links(
    connection: Connection, schema: Schema, field: FieldDef, keys: Sequence[int], column: Sequence[Any]
) -> list[tuple[int, ...] | None]:
    """The linked record keys of each row of a window, in one query; None for a row without any.

    `column` is the window's column of a link to one (ignored for other links), aligned with `keys`.
    """
    way = reach(schema, field)
    stored = bool(field.column) and not is_inverse(field)
    starts: Sequence[Any] = column if stored else keys
    wanted = {start for start in starts if start is not None}
    if not wanted:
        return [None] * len(keys)
    query = (
        sa.select(way.here, way.rows.c.id)
        .select_from(way.source)
        .where(one_of(way.here, wanted), way.rows.c.deleted_at.is_(None))
        .order_by(*(() if stored else way.order))
    )
    found: dict[int, list[int]] = {}
    for start, target in connection.execute(query):
        found.setdefault(start, []).append(target)
    lists = {start: tuple(targets) for start, targets in found.items()}
    return [lists.get(start) for start in starts]


def display_names(connection: Connection, table: TableDef, keys: Iterable[int], zone: str) -> Mapping[int, str]:
    """What the records' primary fields show, by key; an unnamed record has an empty name."""
    rows, primary = table.sql, table.primary
    name = rows.c[primary.column] if primary.column else sa.null()
    query = sa.select(rows.c.id, name).where(one_of(rows.c.id, keys))
    text = primary.kind.text
    plain = primary.kind.family == "text"
    return {
        key: "" if value is None else value if plain else text(value, primary, zone)
        for key, value in connection.execute(query)
    }


def people(connection: Connection) -> Mapping[int, str]:
    """Everyone's name by key."""
    return {row[0]: row[1] for row in connection.execute(sa.select(USERS.c.id, USERS.c.name))}


def named(text_of: Callable[[FieldDef, sa.FromClause], sa.ColumnElement[Any]], needle: str) -> Callable[[Reach], Any]:
    """A narrowing by display name: the linked record's name contains the needle."""
    return lambda way: contains(text_of(way.target.primary, way.rows), needle)
