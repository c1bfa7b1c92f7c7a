"""Reading: tables, fields and views, windows of records, aggregates, one record."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.guards import READS
from api.shapes.tables import Fields, Star, Views
from crm_core.contracts.actor import Actor
from crm_core.contracts.catalogue import Catalogue
from crm_core.contracts.query import AggregateQuery, Aggregates, AsOf, FindQuery, Matches, Query, Record, Window
from crm_core.crm import Crm

TAGS = ["Reading"]
Then = Annotated[
    str | None,
    QueryParameter(max_length=40, description="An earlier state: a version, a date (its end) or a moment."),
]
_encode = msgspec.json.Encoder().encode


def _answers(shape: type[Any]) -> dict[int, ResponseSpec]:
    """What the description says of a handler that encodes its answer itself."""
    return {200: ResponseSpec(shape, generate_examples=False, description="The answer.")}


@get("/api/tables", tags=TAGS, responses=_answers(Catalogue), sync_to_thread=True)
def list_tables(crm: NamedDependency[Crm], actor: NamedDependency[Actor], as_of: Then = None) -> Response[bytes]:
    """Everything the grid needs to start: tables, fields, shared views and own ones."""
    with crm.past.reading(_as_of(as_of)) as then:
        return _json(then.tables.catalogue(actor))


@get("/api/tables/{table:str}/fields", tags=TAGS, sync_to_thread=True)
def list_fields(
    table: FromPath[str], crm: NamedDependency[Crm], archived: FromQuery[bool] = False, as_of: Then = None
) -> Fields:
    """A table's fields, or the archived ones."""
    with crm.past.reading(_as_of(as_of)) as then:
        return Fields(then.tables.fields(table, archived=archived))


@get("/api/tables/{table:str}/views", tags=TAGS, sync_to_thread=True)
def list_views(
    table: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor], as_of: Then = None
) -> Views:
    """A table's views: the shared ones and the caller's own."""
    with crm.past.reading(_as_of(as_of)) as then:
        return Views(then.tables.views(table, actor))


@post(
    "/api/tables/{table:str}/query",
    status_code=200,
    opt=READS,
    tags=TAGS,
    responses=_answers(Window),
    sync_to_thread=True,
)
def query_records(
    table: FromPath[str], data: JSONBody[Query], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """A window of records: filtered, sorted, searched; one list of values per field."""
    with crm.past.reading(data.as_of) as then:
        return _json(then.windows.query(table, data, actor))


@post(
    "/api/tables/{table:str}/aggregate",
    status_code=200,
    opt=READS,
    tags=TAGS,
    responses=_answers(Aggregates),
    sync_to_thread=True,
)
def aggregate_records(
    table: FromPath[str], data: JSONBody[AggregateQuery], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Sums, averages, counts and the like over all matching records, and by group."""
    with crm.past.reading(data.as_of) as then:
        return _json(then.windows.aggregate(table, data, actor))


@post(
    "/api/tables/{table:str}/find",
    status_code=200,
    opt=READS,
    tags=TAGS,
    responses=_answers(Matches),
    sync_to_thread=True,
)
def find_records(
    table: FromPath[str], data: JSONBody[FindQuery], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Where the rows that hold a text stand, without leaving out the others."""
    with crm.past.reading(data.as_of) as then:
        return _json(then.windows.find(table, data, actor))


@get("/api/tables/{table:str}/records/{record:str}", tags=TAGS, responses=_answers(Record), sync_to_thread=True)
def read_record(
    table: FromPath[str],
    record: FromPath[str],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    as_of: Then = None,
) -> Response[bytes]:
    """One record with all its cells, also when it lies in the trash."""
    with crm.past.reading(_as_of(as_of)) as then:
        return _json(then.windows.record(table, record, actor))


@put("/api/views/{view:str}/star", status_code=204, tags=TAGS, sync_to_thread=True)
def star_view(
    view: FromPath[str], data: JSONBody[Star], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> None:
    """Put a view at the top of the caller's own list, or take it back from there."""
    crm.tables.star(view, data.starred, actor)


def _as_of(text: str | None) -> AsOf | None:
    """The earlier state that a query parameter names."""
    if not text:
        return None
    return AsOf(version=int(text)) if text.isascii() and text.isdigit() else AsOf(moment=text)


def _json(answer: msgspec.Struct) -> Response[bytes]:
    """Encoded here, in the handler's own thread, so that a large answer holds up nobody else."""
    return Response(_encode(answer), media_type="application/json")


ROUTES: list[ControllerRouterHandler] = [
    list_tables,
    list_fields,
    list_views,
    query_records,
    aggregate_records,
    find_records,
    read_record,
    star_view,
]
