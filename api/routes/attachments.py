"""Attached files in and out. What comes in is told by its content; what goes out can never run in our pages."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat
from litestar.params import FromPath, FromQuery
from litestar.response import Response, Stream
from litestar.types import ControllerRouterHandler

from api.guards import UPLOAD
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.kinds.attachments import File, tidy_file_name
from crm_core.services.files.sniffing import SHOWN

TAGS = ["Attachments"]
_FILE = {
    200: ResponseSpec(bytes, media_type="application/octet-stream", generate_examples=False, description="The file.")
}
_POLICY = "sandbox; default-src 'none'"


@dataclass
class _Upload(Operation):
    """Says in the description that the body is the file."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(content={"application/octet-stream": file})  # an empty file has no body


@post("/api/attachments", opt=UPLOAD, tags=TAGS, status_code=201, request_max_body_size=None, operation_class=_Upload)
async def upload_attachment(
    request: Request[Any, Any, Any],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    name: FromQuery[str] = "file",
) -> File:
    """Upload a file (the body as it is); the answer is what a cell of an attachment field then takes."""
    with await sync_to_thread(crm.files.upload) as upload:
        async for block in request.stream():
            upload.write(block)
        return await sync_to_thread(crm.files.keep, upload, name, actor)


@get("/api/attachments/{hash:str}/{name:str}", tags=TAGS, responses=_FILE, sync_to_thread=True)
def read_attachment(
    hash: FromPath[str],
    name: FromPath[str],
    request: Request[Any, Any, Any],
    crm: NamedDependency[Crm],
    download: FromQuery[bool] = False,
) -> Response[Any]:
    """A file, under any name. Pictures and PDF may be shown by the browser, all else is only downloaded."""
    found = crm.files.find(hash)
    headers = {
        "Content-Disposition": _disposition(tidy_file_name(name), found.type in SHOWN and not download),
        "Content-Security-Policy": _POLICY,
        "ETag": f'"{hash}"',
        "Cache-Control": "private, no-cache",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(None, status_code=304, headers=headers)
    headers["Content-Length"] = str(found.size)
    return Stream(crm.files.blocks(found), media_type=found.type, headers=headers)


def _disposition(name: str, shown: bool) -> str:
    """The header with the name twice: in ASCII for old programs, and as it is (RFC 6266)."""
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in name)
    kind = "inline" if shown else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


ROUTES: list[ControllerRouterHandler] = [upload_attachment, read_attachment]
