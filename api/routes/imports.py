"""Files in: upload, preview, apply, cancel, undo."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.guards import UPLOAD
from api.shapes.imports import Imports, Preview
from crm_core.contracts.actor import Actor
from crm_core.contracts.imports import ImportView, RowsView
from crm_core.crm import Crm
from crm_core.services.imports import MAX_PAGE

TAGS = ["Imports"]


@dataclass
class _Upload(Operation):
    """Says in the description that the body is the file."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(content={"text/csv": file}, required=True)


@post("/api/imports", opt=UPLOAD, tags=TAGS, status_code=201, request_max_body_size=None, operation_class=_Upload)
async def start_import(
    request: Request[Any, Any, Any],
    table: FromQuery[str],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    filename: FromQuery[str] = "file.csv",
) -> ImportView:
    """Upload a file (the body as it is), have it read, and get a mapping: the last for this header, or a suggestion."""
    with await sync_to_thread(crm.imports.upload) as upload:
        async for block in request.stream():
            upload.write(block)
        return await sync_to_thread(crm.imports.start, table, filename, upload, actor)


@get("/api/imports", tags=TAGS, sync_to_thread=True)
def list_imports(crm: NamedDependency[Crm]) -> Imports:
    """The newest imports, newest first."""
    return Imports(crm.imports.list())


@get("/api/imports/{import_id:str}", tags=TAGS, sync_to_thread=True)
def read_import(import_id: FromPath[str], crm: NamedDependency[Crm]) -> ImportView:
    """One import: its columns, mapping, state, progress and counts."""
    return crm.imports.get(import_id)


@get("/api/imports/{import_id:str}/rows", tags=TAGS, sync_to_thread=True)
def read_import_rows(
    import_id: FromPath[str],
    crm: NamedDependency[Crm],
    outcome: FromQuery[str | None] = None,
    offset: FromQuery[int] = 0,
    limit: Annotated[int, QueryParameter(ge=0, le=MAX_PAGE)] = 100,
) -> RowsView:
    """What each row would do, cell by cell, once the comparison is done."""
    return crm.imports.rows(import_id, outcome, offset, limit)


@post("/api/imports/{import_id:str}/preview", tags=TAGS, status_code=200, sync_to_thread=True)
def preview_import(
    import_id: FromPath[str], data: JSONBody[Preview], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> ImportView:
    """Start comparing the file with the table; ask for the import until it is `compared`."""
    return crm.imports.preview(import_id, data.mapping, data.key or None, actor, keyless=data.key is None)


@post("/api/imports/{import_id:str}/apply", tags=TAGS, status_code=200, sync_to_thread=True)
def apply_import(import_id: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> ImportView:
    """Start writing what was found as one change set; ask for the import until it is `applied`."""
    return crm.imports.apply(import_id, actor)


@post("/api/imports/{import_id:str}/cancel", tags=TAGS, status_code=200, sync_to_thread=True)
def cancel_import(import_id: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> ImportView:
    """Stop what runs; it is taken back whole."""
    return crm.imports.cancel(import_id, actor)


@post("/api/imports/{import_id:str}/undo", tags=TAGS, status_code=200, sync_to_thread=True)
def undo_import(
    import_id: FromPath[str],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    force: FromQuery[bool] = False,
) -> ImportView:
    """Take an applied import back in one step; 409 when its cells were edited since, unless `force`."""
    return crm.imports.undo(import_id, actor, force=force)


ROUTES: list[ControllerRouterHandler] = [
    start_import, list_imports, read_import, read_import_rows, preview_import, apply_import, cancel_import, undo_import,
]  # fmt: skip
