"""Where a query is compiled: which rows, under which schema and clock, and what was looked up on the way."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core.kinds import FieldDef
from crm_core.storage.schema import Schema, TableDef


@dataclass
class Scope:
    """One table's rows as one read sees them.

    `zone` is the team's time zone. `notes` collects every value the compilation took from outside the request (the
    day of a relative date, the people a search found), so that answers may be remembered under the right key.
    """

    connection: Connection
    schema: Schema
    table: TableDef
    zone: str
    deleted: bool = False
    notes: list[Hashable] = field(default_factory=list)

    @property
    def rows(self) -> sa.TableClause:
        return self.table.sql

    def column(self, fld: FieldDef) -> sa.ColumnElement[Any]:
        """The column that holds a field's stored value."""
        return self.table.column(fld)

    @property
    def live(self) -> sa.ColumnElement[bool]:
        """Soft delete: a read sees either the records or the trash, never both."""
        mark = self.table.sql.c.deleted_at
        return mark.is_not(None) if self.deleted else mark.is_(None)


def any_of(parts: list[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """OR of any number of parts; long lists are nested so that no database's limit on depth is met."""
    while len(parts) > 100:
        parts = [
            sa.type_coerce(sa.or_(*parts[i : i + 100]).self_group(), sa.Boolean()) for i in range(0, len(parts), 100)
        ]
    return sa.or_(sa.false(), *parts)
