"""A field's value as text inside SQL: for searching, for display names in conditions, and for ordering by name."""

from typing import Any

import sqlalchemy as sa

from crm_core.kinds import FieldDef
from crm_core.models.tables import USERS


def text_of(field: FieldDef, rows: sa.FromClause) -> sa.ColumnElement[Any]:
    """What names a record, as text: the primary field's value; other kinds than text as near as SQL comes."""
    if not field.column:
        return sa.cast(sa.null(), sa.Text)
    column = rows.c[field.column]
    family = field.kind.family
    if family in ("text", "date", "moment", "choices"):
        return column
    if family == "choice" and field.choices:
        return sa.case(field.choice_names, value=column)
    if family == "user":
        return user_name(column)
    return number_text(field, column)


def user_name(column: sa.ColumnElement[Any]) -> sa.ScalarSelect[str]:
    """The name of the person whose key a column holds."""
    return sa.select(USERS.c.name).where(USERS.c.id == column).scalar_subquery()


def number_text(field: FieldDef, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A number's digits as people read them, without separators of thousands; money without its decimal sign."""
    if isinstance(field.kind.sql_type, sa.Integer):
        return sa.cast(column, sa.Text)
    shown = sa.func.round(column * 100, 6) if field.kind.shown.name == "percent" else column
    whole = sa.cast(shown, sa.BigInteger)
    return sa.case((shown == whole, sa.cast(whole, sa.Text)), else_=sa.cast(shown, sa.Text))
