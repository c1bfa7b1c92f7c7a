"""The catalogue: tables, fields and views, everything the grid needs to start."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.catalogue import Catalogue, DeletedTable, FieldView, TableView, View
from crm_core.errors import Invalid, NotFound
from crm_core.kinds import FieldDef
from crm_core.models.tables import VIEW_STARS, VIEWS
from crm_core.services.computed import Graphs
from crm_core.services.computed.describing import options_of
from crm_core.services.computed.graph import Graph
from crm_core.services.computed.state import stale_fields
from crm_core.storage import state
from crm_core.storage.queries.views import config_of, list_views, visible
from crm_core.storage.schema import Schema, SchemaCache, TableDef
from crm_core.storage.unit import Units

Describe = Callable[[Iterable[FieldDef]], list[FieldView]]


class Tables:
    """Describes tables, fields and views as clients see them."""

    def __init__(self, units: Units, schemas: SchemaCache, graphs: Graphs | None = None) -> None:
        self._units, self._schemas, self._graphs = units, schemas, graphs

    def catalogue(self, actor: Actor) -> Catalogue:
        """All tables in order, each with its fields in order, and the shared views and the actor's own ones."""
        with self._units.read() as session:
            connection = session.connection()
            now = state.current(connection)
            schema = self._schemas.at(connection, now.schema_version)
            rows = list_views(connection, actor)
            describe = self._describing(connection, schema)
        views: dict[int, list[View]] = {}
        for row in rows:
            views.setdefault(row.table_id, []).append(describe_view(row))
        tables = [_table(describe, table, views.get(table.id, [])) for table in schema.tables]
        deleted = [DeletedTable(table.public_id, table.name, table.deleted_at or "") for table in schema.deleted]
        return Catalogue(now.version, now.schema_version, tables, deleted)

    def fields(self, table: str, *, archived: bool = False) -> list[FieldView]:
        """A table's fields in order; the archived ones instead when asked. NotFound (`unknown_table`)."""
        with self._units.read() as session:
            connection = session.connection()
            schema = self._schemas.at(connection, state.current(connection).schema_version)
            found = schema.table(table)
            return self._describing(connection, schema)(found.archived if archived else found.fields)

    def views(self, table: str, actor: Actor) -> list[View]:
        """A table's views that the actor may see, in order. NotFound (`unknown_table`)."""
        with self._units.read() as session:
            connection = session.connection()
            schema = self._schemas.at(connection, state.current(connection).schema_version)
            return [describe_view(row) for row in list_views(connection, actor, schema.table(table))]

    def star(self, view: str, starred: bool, actor: Actor) -> None:
        """Put a view at the top of the actor's own list, or take it back from there; nobody else sees a difference.

        Raises NotFound (`unknown_view`) also for somebody else's personal view, Invalid (`no_owner`) for a program.
        """
        if actor.user_id is None:
            raise Invalid("no_owner", "Only a person can star a view.")
        with self._units.write() as session:
            connection, key = session.connection(), ids.try_decode("viw", view)
            if connection.execute(sa.select(VIEWS.c.id).where(VIEWS.c.id == key, visible(actor))).first() is None:
                raise NotFound("unknown_view", f"There is no view {view[:60]!r}.", "Read /api/tables again.")
            own = VIEW_STARS.c.user_id == actor.user_id, VIEW_STARS.c.view_id == key
            connection.execute(sa.delete(VIEW_STARS).where(*own))
            if starred:
                connection.execute(sa.insert(VIEW_STARS).values(user_id=actor.user_id, view_id=key))

    def _describing(self, connection: Connection, schema: Schema) -> Describe:
        if self._graphs is None:
            return lambda fields: describe_fields(schema, fields)
        graph = self._graphs.of(schema)
        stale = stale_fields(connection) if graph.nodes else set()
        return lambda fields: describe_fields(schema, fields, graph, stale)


def _table(describe: Describe, table: TableDef, views: list[View]) -> TableView:
    return TableView(
        id=table.public_id,
        key=table.key,
        name=table.name,
        name_one=table.name_one,
        builtin=table.builtin,
        position=table.position,
        primary_field=table.primary.public_id,
        fields=describe(table.fields),
        views=views,
    )


def describe_fields(
    schema: Schema, fields: Iterable[FieldDef], graph: Graph | None = None, stale: Collection[int] = ()
) -> list[FieldView]:
    """Fields as clients see them, with public ids in their options."""
    return [
        FieldView(
            id=field.public_id,
            table=schema.by_id[field.table_id].public_id,
            key=field.key,
            name=field.name,
            kind=field.kind.name,
            description=field.description,
            options=_options(schema, field, graph, stale),
            position=field.position,
            primary=field.primary,
            builtin=field.key is not None,
            read_only=field.read_only,
            archived_at=field.archived_at,
        )
        for field in fields
    ]


def _options(schema: Schema, field: FieldDef, graph: Graph | None, stale: Collection[int]) -> dict[str, Any]:
    """A field's options without what only the engine needs."""
    if field.kind.computed:
        return options_of(schema, field, lambda plain: _options(schema, plain, None, ()), graph, stale)
    if field.kind.family in ("choice", "choices"):
        return {"choices": [{"id": c.id, "name": c.name, "color": c.color} for c in field.choices]}
    if field.kind.name == "link":
        other = schema.by_id.get(field.options["table"])
        inverse = field.options.get("inverse_of") or field.options.get("inverse")
        return {
            "table": other.public_id if other else None,
            "many": bool(field.options.get("inverse_of")) or bool(field.options.get("many", True)),
            "inverse": ids.encode("fld", inverse) if inverse else None,
            "backwards": bool(field.options.get("inverse_of")),
        }
    return dict(field.options)


def describe_view(row: sa.Row[Any]) -> View:
    """A row of `fundraising_views` as clients see it."""
    return View(
        id=ids.encode("viw", row.id),
        table=ids.encode("tbl", row.table_id),
        name=row.name,
        description=row.description,
        section=row.section,
        kind=row.kind,
        owner=None if row.owner_id is None else ids.encode("usr", row.owner_id),
        created_by=None if row.created_by is None else ids.encode("usr", row.created_by),
        locked=row.locked,
        starred=bool(row.starred),
        position=row.position,
        config=config_of(row.config),
        deleted_at=row.deleted_at,
    )
