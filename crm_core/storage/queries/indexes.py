"""Indexes that queries earn: which index would serve a read of a large table, and making and dropping them.

An index holds what a read compares for equality, then what it orders by, then what else it compares, so that rows come
in order and only those that match are looked up. It covers live records only and is remembered in `grid_indexes`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock
from crm_core.contracts.query import Filter
from crm_core.kinds import FieldDef
from crm_core.models.tables import GRID_INDEXES
from crm_core.storage.queries.dialects import nocase
from crm_core.storage.queries.filters import usable
from crm_core.storage.queries.reads import Read
from crm_core.storage.queries.sorts import Key
from crm_core.storage.schema import TableDef

MIN_ROWS = 5_000
MAX_INDEXES = 8
_MAX_OTHERS = 3
_EQUAL = {"choice": ("is",), "user": ("is",), "checkbox": ("is",), "number": ("=",), "text": ("is",)}
_COMPARED = {
    "number": ("<", "<=", ">", ">="),
    "date": ("is", "is_before", "is_after", "is_on_or_before", "is_on_or_after", "is_within"),
    "choice": ("is_any_of", "is_none_of", "is_not"),
    "user": ("is_any_of", "is_none_of", "is_not"),
}


@dataclass(frozen=True)
class Plan:
    """An index to make: its table and its terms in the dialect of the database."""

    table: TableDef
    terms: str

    @property
    def name(self) -> str:
        digest = hashlib.blake2b(f"{self.table.physical} {self.terms}".encode(), digest_size=8).hexdigest()
        return f"gx_{self.table.id}_{digest}"


def fitting(read: Read) -> Plan | None:
    """The index that would serve a read best; None when it reads the trash, or none would help."""
    scope = read.scope
    if scope.deleted:
        return None
    equal: dict[str, sa.ColumnElement[Any]] = {}
    others: dict[str, sa.ColumnElement[Any]] = {}
    for condition in _required(read.filter):
        field = usable(scope.table, condition)
        if field is not None and field.column is not None:
            _sort_in(field, condition, scope.column(field), equal, others)
    ordered = bool(read.sorts or read.groups)
    if not equal and not others and not ordered:
        return None
    terms = [(value, False) for value in equal.values()]
    order = _order(read.selection.keys)
    if order is not None:
        terms += order
    rest = [(column, False) for name, column in others.items() if name not in equal][:_MAX_OTHERS]
    terms += rest
    if order is None and not equal and not rest:
        return None
    return Plan(scope.table, ", ".join(_text(scope.connection, value, desc) for value, desc in terms))


def _required(tree: Filter | None) -> Iterator[Filter]:
    """The conditions that every row of the answer meets."""
    if tree is None or tree.any_of is not None:
        return
    if tree.all_of is None:
        yield tree
    else:
        for part in tree.all_of:
            yield from _required(part)


def _sort_in(
    field: FieldDef,
    condition: Filter,
    column: sa.ColumnElement[Any],
    equal: dict[str, sa.ColumnElement[Any]],
    others: dict[str, sa.ColumnElement[Any]],
) -> None:
    family, name = field.kind.family, str(field.column)
    if condition.op in _EQUAL.get(family, ()):
        if family != "text":
            equal.setdefault(name, column)
        elif isinstance(condition.value, str) and condition.value.isascii():
            equal.setdefault(name, nocase(column))
    elif condition.op in _COMPARED.get("date" if family == "moment" else family, ()):
        others.setdefault(name, column)


def _order(keys: tuple[Key, ...]) -> list[tuple[sa.ColumnElement[Any], bool]] | None:
    """The order as index terms; None when it looks beyond the row, which no index can hold."""
    terms: list[tuple[sa.ColumnElement[Any], bool]] = []
    for key in keys:
        if not key.plain:
            return None
        if key.nullable and not key.desc:
            terms.append((key.empty, False))
        terms.append((key.value, key.desc))
    return terms


def _text(connection: Connection, value: sa.ColumnElement[Any], desc: bool) -> str:
    dialect = connection.dialect
    text = str(value.compile(dialect=dialect, compile_kwargs={"literal_binds": True, "include_table": False}))
    nulls = "" if dialect.name == "sqlite" else " NULLS LAST"
    return f"({text}){f' DESC{nulls}' if desc else ''}"


def is_large(connection: Connection, table: TableDef) -> bool:
    """Whether a table has enough rows for an index to matter."""
    some = sa.select(sa.literal_column("1")).select_from(table.sql).limit(MIN_ROWS).subquery()
    return bool(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar() == MIN_ROWS)


def last_use(connection: Connection, plan: Plan) -> str | None:
    """When an index was last known to be used; None when it does not exist."""
    used = sa.select(GRID_INDEXES.c.used_at).where(GRID_INDEXES.c.name == plan.name)
    found: str | None = connection.execute(used).scalar()
    return found


def mark_used(connection: Connection, plan: Plan) -> None:
    connection.execute(GRID_INDEXES.update().where(GRID_INDEXES.c.name == plan.name).values(used_at=clock.now_text()))


def make(connection: Connection, plan: Plan) -> None:
    """Make an index and drop those of its table that were not used for longest, beyond MAX_INDEXES."""
    connection.exec_driver_sql(
        f'CREATE INDEX IF NOT EXISTS "{plan.name}" ON "{plan.table.physical}" ({plan.terms}) WHERE deleted_at IS NULL'
    )
    now = clock.now_text()
    row = {"name": plan.name, "table_id": plan.table.id, "columns": plan.terms, "created_at": now, "used_at": now}
    connection.execute(GRID_INDEXES.insert().values(**row))
    mine = sa.select(GRID_INDEXES.c.name).where(GRID_INDEXES.c.table_id == plan.table.id)
    names = connection.execute(mine.order_by(GRID_INDEXES.c.used_at.desc(), GRID_INDEXES.c.created_at.desc())).scalars()
    for name in list(names)[MAX_INDEXES:]:
        connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{name}"')
        connection.execute(GRID_INDEXES.delete().where(GRID_INDEXES.c.name == name))
