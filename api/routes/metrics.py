"""`/metrics` for Prometheus: for programs on this machine, and for tokens with the scope metrics."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from api.guards import METRICS
from api.metrics import CONTENT_TYPE, Metrics


@get("/metrics", opt=METRICS, include_in_schema=False, sync_to_thread=True)
def read_metrics(metrics: NamedDependency[Metrics]) -> Response[bytes]:
    """Counts, durations and sizes."""
    return Response(metrics.text(), media_type=CONTENT_TYPE)


ROUTES: list[ControllerRouterHandler] = [read_metrics]
