"""The database tables of tables that the team makes: a row's own columns; fields add theirs one by one.

No migration knows them: one that gives every grid row another column has to walk `grid_tables`.
"""

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlmodel import SQLModel

from crm_core.models import Fund
from crm_core.storage.schema import ROW_COLUMNS


def create_rows(connection: Connection, physical: str) -> None:
    """Make an empty table for a grid table's rows, with the index that their manual order needs."""
    like = SQLModel.metadata.tables[str(Fund.__tablename__)].columns
    columns = [
        sa.Column(name, like[name].type, primary_key=like[name].primary_key, nullable=like[name].nullable)
        for name in ROW_COLUMNS
    ]
    made = sa.Table(physical, sa.MetaData(), *columns)
    there = made.c.deleted_at.is_(None)
    order = (made.c.position, made.c.id)
    sa.Index(f"gx_{physical}_order", *order, sqlite_where=there, postgresql_where=there)
    made.create(connection)
