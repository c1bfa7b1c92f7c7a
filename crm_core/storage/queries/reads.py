"""What a request asks for, resolved against the schema and a view: rows, order, fields; ready to be read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_core.contracts.actor import Actor
from crm_core.contracts.catalogue import ViewConfig
from crm_core.contracts.query import AggregateQuery, Filter, Query
from crm_core.kinds import FieldDef
from crm_core.storage.queries.filters import compile_filter, field_at
from crm_core.storage.queries.groups import MAX_LEVELS, Level
from crm_core.storage.queries.scope import Scope
from crm_core.storage.queries.search import compile_search
from crm_core.storage.queries.sorts import MAX_SORTS, chosen, order_of
from crm_core.storage.queries.views import read_view, shown_fields
from crm_core.storage.queries.windows import Selection
from crm_core.storage.schema import Schema, TableDef


@dataclass(frozen=True)
class Read:
    """One resolved request. `asked` differs between requests that select or order rows differently."""

    selection: Selection
    filter: Filter | None
    sorts: Sequence[Level]
    groups: Sequence[Level]
    fields: Sequence[FieldDef]
    asked: str

    @property
    def scope(self) -> Scope:
        return self.selection.scope


def resolve(
    connection: Connection, schema: Schema, table: TableDef, query: Query | AggregateQuery, actor: Actor, zone: str
) -> Read:
    """Join a request with its view, which supplies what the request leaves out, and compile it.

    Raises Invalid with pointers, and NotFound for a view that is not there for this actor.
    """
    view = read_view(connection, table, query.view, actor) if query.view is not None else None
    deleted = isinstance(query, Query) and query.deleted
    scope = Scope(connection, schema, table, zone, deleted)
    fields = _fields(table, query, view)
    own = query.filter is not None or view is None
    tree = query.filter if own or view is None else view.filter
    where = compile_filter(scope, tree, lenient=not own)
    found = compile_search(scope, query.search, fields)
    groups, sorts = _levels(table, query, view)
    selection = Selection(scope, (scope.live, where, found), order_of(scope, groups, sorts))
    search = query.search.strip()
    shape = [len(groups), *((field.id, field.kind.name, desc) for field, desc in (*groups, *sorts))]
    parts = (table.id, deleted, tree, search, shape, [field.id for field in fields] if search else None)
    asked = hashlib.blake2b(repr(parts).encode(errors="backslashreplace"), digest_size=12).hexdigest()
    return Read(selection, tree, sorts, groups, fields, asked)


def _fields(table: TableDef, query: Query | AggregateQuery, view: ViewConfig | None) -> Sequence[FieldDef]:
    """The fields to answer (and to search in): those asked for, else those the view shows, else all."""
    if isinstance(query, Query) and query.fields is not None:
        return [field_at(table, ref, f"/fields/{number}") for number, ref in enumerate(query.fields)]
    return shown_fields(table, view) if view else table.fields


def _levels(
    table: TableDef, query: Query | AggregateQuery, view: ViewConfig | None
) -> tuple[Sequence[Level], Sequence[Level]]:
    """Groups and sorts: the request's where it has any, else the view's. An aggregate's [] asks for none of its own."""
    given = query.groups if isinstance(query, Query) else query.groups or None
    sorts = query.sorts if isinstance(query, Query) else []
    lenient = given is None and view is not None
    groups = given if given is not None else view.groups if view else ()
    by_group = chosen(table, groups, "/groups", MAX_LEVELS, lenient=lenient)
    own = sorts is not None
    wanted = sorts if sorts is not None else view.sorts if view else ()
    return by_group, chosen(table, wanted, "/sorts", MAX_SORTS, lenient=not own)
