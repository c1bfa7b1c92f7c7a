"""The dashboards' own sums; what a table's aggregate answers already comes from there."""

from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from crm_core.contracts.dashboards import Commitments, Pipeline
from crm_core.crm import Crm

TAGS = ["Dashboards"]


@get("/api/dashboards/pipeline", tags=TAGS, sync_to_thread=True)
def show_pipeline(crm: NamedDependency[Crm]) -> Pipeline:
    """Investors by stage: how many, their check sizes, and these weighted by probability."""
    return crm.dashboards.pipeline()


@get("/api/dashboards/commitments", tags=TAGS, sync_to_thread=True)
def show_commitments(crm: NamedDependency[Crm]) -> Commitments:
    """Soft and hard commitments by fund, month and closing, with the funds' targets."""
    return crm.dashboards.commitments()


ROUTES: list[ControllerRouterHandler] = [show_pipeline, show_commitments]
