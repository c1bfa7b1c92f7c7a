"""The API's own description."""

from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from api.auth import OPEN
from api.guards import PUBLIC
from api.openapi import as_json


@get("/api/schema/openapi.json", opt=PUBLIC | OPEN, include_in_schema=False, sync_to_thread=True)
def show_schema(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI description."""
    return Response(as_json(request.app), media_type="application/json")


@get("/api/schema", opt=PUBLIC | OPEN, include_in_schema=False, sync_to_thread=False)
def find_schema() -> Redirect:
    """Where the description is."""
    return Redirect("/api/schema/openapi.json")


ROUTES: list[ControllerRouterHandler] = [show_schema, find_schema]
