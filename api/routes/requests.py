"""Feature requests of the team."""

from typing import Annotated

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.shapes.requests import ChangeRequest, NewRequest
from crm_core.contracts.actor import Actor
from crm_core.contracts.requests import FeatureRequest, FeatureRequests, Status
from crm_core.crm import Crm
from crm_core.services.requests import MAX_PAGE

TAGS = ["Feature requests"]


@get("/api/feature-requests", tags=TAGS, sync_to_thread=True)
def list_requests(
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    status: FromQuery[Status | None] = None,
    offset: Annotated[int, QueryParameter(ge=0, le=2**53)] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=MAX_PAGE)] = 100,
) -> FeatureRequests:
    """What the team asks for, the most wanted first."""
    return crm.requests.list(actor, status, offset, limit)


@post("/api/feature-requests", status_code=201, tags=TAGS, sync_to_thread=True)
def create_request(
    data: JSONBody[NewRequest], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> FeatureRequest:
    """Ask for something; the caller votes for it."""
    return crm.requests.create(data.title, data.description, actor)


@patch("/api/feature-requests/{request_id:str}", tags=TAGS, sync_to_thread=True)
def change_request(
    request_id: FromPath[str],
    data: JSONBody[ChangeRequest],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
) -> FeatureRequest:
    """Vote (everybody), edit or delete (who asked, and admins), move the status (admins)."""
    return crm.requests.change(
        request_id,
        actor,
        title=data.title,
        description=data.description,
        status=data.status,
        voted=data.voted,
        deleted=data.deleted,
    )


ROUTES: list[ControllerRouterHandler] = [list_requests, create_request, change_request]
