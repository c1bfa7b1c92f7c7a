"""Saved views as reads need them: which of them who may see, and what they say about rows and fields."""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.catalogue import ViewConfig
from crm_core.errors import NotFound
from crm_core.kinds import FieldDef
from crm_core.models.tables import VIEW_STARS, VIEWS
from crm_core.storage.schema import TableDef


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Shared views and the actor's own personal ones."""
    own = sa.or_(VIEWS.c.owner_id.is_(None), VIEWS.c.owner_id == actor.user_id)
    return sa.and_(VIEWS.c.deleted_at.is_(None), own)


def list_views(connection: Connection, actor: Actor, table: TableDef | None = None) -> Sequence[sa.Row[Any]]:
    """Rows of all views the actor may see (of one table), in order, each with whether the actor starred it."""
    star = sa.and_(VIEW_STARS.c.view_id == VIEWS.c.id, VIEW_STARS.c.user_id == actor.user_id)
    query = sa.select(VIEWS, VIEW_STARS.c.view_id.is_not(None).label("starred")).outerjoin(VIEW_STARS, star)
    query = query.where(visible(actor)).order_by(VIEWS.c.position, VIEWS.c.id)
    return connection.execute(query if table is None else query.where(VIEWS.c.table_id == table.id)).all()


def read_view(connection: Connection, table: TableDef, public_id: str, actor: Actor) -> ViewConfig:
    """A view's config; NotFound (`unknown_view`) also for somebody else's personal view."""
    key = ids.try_decode("viw", public_id)
    query = sa.select(VIEWS.c.config).where(VIEWS.c.id == key, VIEWS.c.table_id == table.id, visible(actor))
    stored = connection.execute(query).scalar() if key is not None else None
    if stored is None:
        raise NotFound(
            "unknown_view",
            f"{table.name} has no view {public_id[:60]!r}.",
            "It may have been deleted; read /api/tables again.",
            "/view",
        )
    return config_of(stored)


def config_of(stored: str) -> ViewConfig:
    """A view's stored config; an empty one when another program wrote something else there."""
    try:
        return msgspec.json.decode(stored, type=ViewConfig)
    except msgspec.MsgspecError:
        return ViewConfig()


def shown_fields(table: TableDef, config: ViewConfig) -> list[FieldDef]:
    """The table's fields as a view orders and hides them; fields it does not know come last."""
    places = {ref: place for place, ref in enumerate(config.order)}
    shown = [field for field in table.fields if field.public_id not in config.hidden]
    return sorted(shown, key=lambda field: places.get(field.public_id, len(places)))
