"""Whether the process lives and whether it can work, for supervisors and load balancers."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ControllerRouterHandler

from api.auth import OPEN
from api.guards import PUBLIC
from api.readiness import readiness
from api.shapes import health as shapes
from api.version import VERSION
from crm_core.crm import Crm

TAGS = ["Health"]


@get("/healthz", opt=PUBLIC | OPEN, tags=TAGS, sync_to_thread=False)
def show_health() -> shapes.Health:
    """The process lives."""
    return shapes.Health("ok", VERSION)


_UNREADY = {503: ResponseSpec(shapes.Readiness, generate_examples=False, description="Something does not work.")}


@get("/readyz", opt=PUBLIC | OPEN, tags=TAGS, responses=_UNREADY, sync_to_thread=True)
def show_readiness(crm: NamedDependency[Crm]) -> Response[shapes.Readiness]:
    """Whether database, migrations and plugins work; 503 when something that is needed does not."""
    found = readiness(crm)
    return Response(found, status_code=200 if found.status == "ready" else 503)


ROUTES: list[ControllerRouterHandler] = [show_health, show_readiness]
