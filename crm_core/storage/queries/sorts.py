"""The order of rows: sort keys with empty cells last both ways, and where a page goes on after a given row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_core.contracts.query import Sort
from crm_core.errors import CrmError, Invalid
from crm_core.kinds import FieldDef
from crm_core.storage.queries.dialects import nocase
from crm_core.storage.queries.filters import field_at
from crm_core.storage.queries.links import first_linked, linked_keys
from crm_core.storage.queries.scope import Scope
from crm_core.storage.queries.texts import text_of, user_name
from crm_core.storage.schema import TableDef

MAX_SORTS = 10
_NEVER_EMPTY = frozenset(("id", "position", "created_at", "updated_at"))


@dataclass(frozen=True)
class Key:
    """One thing rows are ordered by. `plain` keys are made of the row's own columns, so an index can hold them.

    `source` is what is NULL exactly when the value is; SQLite finds `x IS NULL` in an index, but not with a collation.
    """

    value: sa.ColumnElement[Any]
    desc: bool = False
    nullable: bool = True
    plain: bool = True
    source: sa.ColumnElement[Any] | None = None

    @property
    def empty(self) -> sa.ColumnElement[bool]:
        return (self.value if self.source is None else self.source).is_(None)

    def terms(self, *, backward: bool = False) -> list[sa.ColumnElement[Any]]:
        """ORDER BY terms; `backward` gives the exact reverse. The same expressions stand in automatic indexes."""
        if self.desc:
            term = self.value.asc() if backward else self.value.desc()
            return [(term.nulls_first() if backward else term.nulls_last()) if self.nullable else term]
        terms = [self.empty, self.value] if self.nullable else [self.value]
        return [term.desc() if backward else term.asc() for term in terms]

    def beyond(self, value: Any) -> sa.ColumnElement[bool]:
        """Whether a row comes strictly after one with this key value."""
        if value is None:
            return sa.false()
        after = self.value < value if self.desc else self.value > value
        return sa.or_(after, self.empty) if self.nullable else after

    def same(self, value: Any) -> sa.ColumnElement[bool]:
        return self.empty if value is None else self.value == value


def sort_key(scope: Scope, field: FieldDef, desc: bool, rows: sa.FromClause | None = None) -> Key:
    """How a field orders rows: options by their order, people and links by name, text without case."""
    rows = scope.rows if rows is None else rows
    family = field.kind.family
    if family == "link":
        name = first_linked(scope.schema, field, rows, lambda way: text_of(way.target.primary, way.rows))
        return Key(nocase(name), desc, plain=False, source=name)
    assert field.column is not None
    column = rows.c[field.column]
    if family == "user":
        return Key(nocase(user_name(column)), desc, plain=False)
    if family in ("text", "file"):
        return Key(nocase(column), desc, source=column)
    if family == "choice":
        return Key(_by_option(field, column), desc)
    if family == "choices":
        return Key(_by_first_option(field, column), desc)
    if family == "checkbox":
        return Key(sa.func.coalesce(column, sa.literal_column("0")), desc, nullable=False)
    return Key(column, desc, nullable=field.column not in _NEVER_EMPTY)


def _by_option(field: FieldDef, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The place of an option in its field; the number itself when options were never moved."""
    numbers = [choice.number for choice in field.choices]
    if numbers == sorted(numbers):
        return column
    places: list[tuple[Any, Any]] = [
        (column == sa.literal_column(str(n)), sa.literal_column(str(place))) for place, n in enumerate(numbers)
    ]
    return sa.case(*places)


def _by_first_option(field: FieldDef, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    if not field.choices:
        return column
    places: list[tuple[Any, Any]] = []
    for place, choice in enumerate(field.choices):
        start = f"|{choice.number}|"
        held = sa.func.substr(column, sa.literal_column("1"), sa.literal_column(str(len(start))))
        places.append((held == sa.literal_column(f"'{start}'"), sa.literal_column(str(place))))
    return sa.case(*places)


def _exactly(scope: Scope, field: FieldDef) -> tuple[Key, ...]:
    """What keeps groups apart that sort alike (two spellings, two lists with the same first member), if they can."""
    if field.kind.family == "link":
        return (Key(linked_keys(scope.schema, field, scope.rows), plain=False),)
    if field.kind.family not in ("text", "user", "choices") or field.column is None:
        return ()
    return (Key(scope.rows.c[field.column]),)


def chosen(
    table: TableDef, sorts: Sequence[Sort], pointer: str, most: int, *, lenient: bool = False
) -> list[tuple[FieldDef, bool]]:
    """The fields named to sort or group by, each once, and whether downwards. Raises Invalid with a pointer; `lenient`
    (for what a view stored) leaves out fields that are gone."""
    if len(sorts) > most:
        raise Invalid("too_many_sorts", f"At most {most} fields can be given here.", pointer=pointer)
    found: dict[int, tuple[FieldDef, bool]] = {}
    for number, sort in enumerate(sorts):
        try:
            field = field_at(table, sort.field, f"{pointer}/{number}/field")
        except CrmError:
            if lenient:
                continue
            raise
        found.setdefault(field.id, (field, sort.desc))
    return list(found.values())


def order_of(
    scope: Scope, groups: Sequence[tuple[FieldDef, bool]], sorts: Sequence[tuple[FieldDef, bool]]
) -> tuple[Key, ...]:
    """The keys that order rows completely: groups (so that their rows stand together), sorts, the table's own order.

    Rows without sorts stand in their manual order, the trash by when it was filled, latest first.
    """
    columns = scope.rows.c
    keys: list[Key] = []
    for field, desc in groups:
        keys += [sort_key(scope, field, desc), *_exactly(scope, field)]
    keys += [sort_key(scope, field, desc) for field, desc in sorts]
    if not sorts:
        trash = Key(columns.deleted_at, desc=True, nullable=False)
        keys.append(trash if scope.deleted else Key(columns.position, nullable=False))
    return (*keys, Key(columns.id, nullable=False))


def after(keys: Sequence[Key], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Whether a row comes after the one with these key values, in the order of the keys."""
    if not any(key.nullable or key.desc for key in keys):
        return sa.tuple_(*(key.value for key in keys)) > sa.tuple_(*(sa.literal(value) for value in values))
    condition: sa.ColumnElement[bool] = sa.false()
    for key, value in reversed(list(zip(keys, values, strict=True))):
        condition = sa.or_(key.beyond(value), sa.and_(key.same(value), condition))
    return condition
