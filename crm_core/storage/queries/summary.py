"""Counts and sums over the built-in fundraising tables; deleted investors, funds and commitments count nowhere."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core.storage.schema import Schema, TableDef

SOFT = (5,)
HARD = (6, 7, 8)
"""Options of a commitment's status whose amounts are promised softly (soft circled), and those that are firm
(committed, signed, funded); the two are never added up. By number, because the team may rename options."""


def count_rows(connection: Connection, table: TableDef) -> int:
    """How many live records a table has."""
    sql = table.sql
    query = sa.select(sa.func.count()).select_from(sql).where(sql.c.deleted_at.is_(None))
    return connection.execute(query).scalar() or 0


def by_choice(connection: Connection, table: TableDef, key: str, sums: Sequence[str]) -> list[Mapping[str, Any]]:
    """Live records by an option of the select field `key`: count and sums of money fields, in minor units."""
    sql, field = table.sql, table.field(key)
    column = table.column(field)
    totals = [sa.func.sum(sql.c[name]).label(name) for name in sums]
    query = sa.select(column.label("number"), sa.func.count().label("count"), *totals)
    query = query.where(sql.c.deleted_at.is_(None)).group_by(column)
    found = {row["number"]: row for row in connection.execute(query).mappings()}
    order = [*(choice.number for choice in field.choices), None]
    names = field.choice_names
    return [
        {**found[number], "name": None if number is None else names.get(number)} for number in order if number in found
    ]


def by_fund(connection: Connection, schema: Schema) -> list[Mapping[str, Any]]:
    """Each live fund with its target and what is promised to it, soft and hard apart, in minor units."""
    fund, given, investor = (schema.table(key).sql for key in ("funds", "commitments", "investors"))
    live = sa.and_(
        given.c.fund == fund.c.id,
        given.c.deleted_at.is_(None),
        sa.or_(given.c.investor.is_(None), investor.c.deleted_at.is_(None)),
    )
    joined = fund.outerjoin(given.outerjoin(investor, investor.c.id == given.c.investor), live)
    amounts = {"soft": SOFT, "hard": HARD}
    sums = [
        sa.func.coalesce(sa.func.sum(sa.case((given.c.status.in_(wanted), given.c.amount), else_=0)), 0).label(name)
        for name, wanted in amounts.items()
    ]
    query = (
        sa.select(fund.c.id, fund.c.name, fund.c.target, sa.func.count(given.c.id).label("commitments"), *sums)
        .select_from(joined)
        .where(fund.c.deleted_at.is_(None))
        .group_by(fund.c.id)
        .order_by(fund.c.position, fund.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
