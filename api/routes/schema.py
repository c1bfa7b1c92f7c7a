"""The API's own description."""

from typing import Any

from litestar import Request, Response, get
from litestar.types import ControllerRouterHandler

from api.auth import OPEN
from api.guards import PUBLIC
from api.openapi import as_json


@get(
    ["/api/schema", "/api/schema/openapi.json"],
    opt=PUBLIC | OPEN,
    include_in_schema=False,
    sync_to_thread=True,
)
def show_schema(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI description."""
    return Response(as_json(request.app), media_type="application/json")


ROUTES: list[ControllerRouterHandler] = [show_schema]
