"""Tables out as files."""

from litestar import get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from crm_core.contracts.actor import Actor
from crm_core.crm import Crm

_FILE = {200: ResponseSpec(bytes, media_type="text/csv", generate_examples=False, description="The file.")}


@get("/api/tables/{table:str}/export", tags=["Reading"], responses=_FILE, sync_to_thread=True)
def export_table(
    table: FromPath[str],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    format: FromQuery[str] = "csv",
    view: FromQuery[str | None] = None,
    escape: FromQuery[bool] = True,
) -> Stream:
    """A whole table, or what a view shows of it. `escape` keeps spreadsheets from running text cells of CSV."""
    export = crm.imports.export(table, format, actor, view, {"escape": str(escape).lower()})
    disposition = {"Content-Disposition": f'attachment; filename="{export.filename}"'}
    return Stream(export.blocks, media_type=export.media_type, headers=disposition)


ROUTES: list[ControllerRouterHandler] = [export_table]
