"""The sums behind the dashboards, in stored units; what lies in the trash counts nowhere."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from crm_core.storage.queries.summary import HARD, SOFT
from crm_core.storage.schema import Schema, TableDef

PASSED = (9,)
GRAVEYARD = (3,)
"""Options of an investor's stage and list that say that nobody pursues it any more; by number, as in `summary`."""


def by_stage(connection: Connection, investors: TableDef) -> Sequence[RowMapping]:
    """Live investors by stage: how many, their check sizes, and these times how likely they are."""
    sql = investors.sql
    check, likely = sql.c.check_size, sql.c.probability
    unsaid = sa.case((sa.and_(check.is_not(None), likely.is_(None)), 1), else_=0)
    query = (
        sa.select(
            sql.c.stage.label("number"),
            sa.func.count().label("count"),
            sa.func.coalesce(sa.func.sum(check), 0).label("check_size"),
            sa.func.coalesce(sa.func.sum(check * likely), 0).label("weighted"),
            sa.func.sum(unsaid).label("without_probability"),
        )
        .where(sql.c.deleted_at.is_(None))
        .group_by(sql.c.stage)
    )
    return connection.execute(query).mappings().all()


class Promises:
    """Soft and hard commitments; those whose investor lies in the trash are told apart."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._connection = connection
        self._given, investor, fund = (schema.table(key).sql for key in ("commitments", "investors", "funds"))
        given, self._fund = self._given.c, fund.c
        self._hard = given.status.in_(HARD)
        self._counted = sa.and_(given.deleted_at.is_(None), given.status.in_((*SOFT, *HARD)))
        self._kept = sa.or_(given.investor.is_(None), investor.c.deleted_at.is_(None))
        self._joined = self._given.outerjoin(investor, investor.c.id == given.investor).outerjoin(
            fund, sa.and_(fund.c.id == given.fund, fund.c.deleted_at.is_(None))
        )

    def sums(self) -> Sequence[RowMapping]:
        """Amount and number by fund (None: none that lives), whether hard, month and closing."""
        given = self._given.c
        day = sa.case((self._hard, given.signed_on), else_=given.soft_circled_on)
        facts = (
            sa.select(
                self._fund.id.label("fund"),
                sa.case((self._hard, 1), else_=0).label("hard"),
                sa.func.substr(day, 1, 7).label("month"),
                given.closing.label("closing"),
                given.amount.label("amount"),
            )
            .select_from(self._joined)
            .where(self._counted, self._kept)
            .subquery("facts")
        )
        keys = [facts.c[name] for name in ("fund", "hard", "month", "closing")]
        total = sa.func.coalesce(sa.func.sum(facts.c.amount), 0).label("amount")
        query = sa.select(*keys, sa.func.count().label("count"), total).group_by(*keys).order_by(*keys)
        return self._connection.execute(query).mappings().all()

    def of_deleted_investors(self) -> int:
        """How many are left out because their investor lies in the trash."""
        query = sa.select(sa.func.count()).select_from(self._joined).where(self._counted, sa.not_(self._kept))
        return self._connection.execute(query).scalar() or 0


def targets(connection: Connection, schema: Schema) -> Sequence[RowMapping]:
    """Live funds in their order, with their targets."""
    sql = schema.table("funds").sql
    query = sa.select(sql.c.id, sql.c.name, sql.c.target).where(sql.c.deleted_at.is_(None))
    return connection.execute(query.order_by(sql.c.position, sql.c.id)).mappings().all()
