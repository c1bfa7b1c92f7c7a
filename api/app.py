"""The composition root: configuration → plugins → database → routes → pages."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from litestar import Litestar, Request, Router
from litestar.config.compression import CompressionConfig
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.middleware import DefineMiddleware

from api import live, openapi, web
from api.auth import OPEN, Authentication, client_of, site_of
from api.encoding import plain_here
from api.guards import admit, writes_meter
from api.headers import add_headers
from api.lane import Lane
from api.metrics import Metrics
from api.mount import plugin_routes
from api.observed import Observed
from api.problems import HANDLERS, tell_denied
from api.routes import ROUTES
from crm_core.config import Config
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm, open_crm
from crm_core.host import Host
from crm_core.services.access import SignedIn

THREADS = 40


def create_app(config: Config) -> Litestar:
    """Open the CRM of this configuration and put HTTP around it; `app.state.crm` is the core."""
    crm = open_crm(config, Host.discover(safe_mode=config.safe_mode))
    return compose(crm)


def compose(crm: Crm) -> Litestar:
    """The web application around an open CRM, which it closes when it stops."""
    config = crm.config
    metrics = Metrics(crm)
    app = Observed(
        # One router around all, because Litestar 2.25 wraps a threaded handler once more for each further registration.
        route_handlers=[
            Router("/", route_handlers=[*ROUTES, *live.ROUTES, *web.ROUTES]),
            *plugin_routes(crm.plugins, ROUTES),
        ],
        # Each depends on the one before: Litestar starts independent ones as tasks, which costs more than an edit.
        dependencies={
            "crm": Provide(lambda: crm, sync_to_thread=False),
            "actor": Provide(_actor, sync_to_thread=False),
            "signed_in": Provide(_signed_in, sync_to_thread=False),
            "client": Provide(client_of, sync_to_thread=False),
            "site": Provide(site_of, sync_to_thread=False),
            "hub": Provide(_hub, sync_to_thread=False),
            "metrics": Provide(lambda: metrics, sync_to_thread=False),
        },
        middleware=[plain_here, DefineMiddleware(Authentication, exclude_from_auth_key=next(iter(OPEN)))],
        guards=[admit],
        exception_handlers=HANDLERS,
        after_exception=[tell_denied],
        before_send=[add_headers],
        request_max_body_size=config.max_body_mb * 2**20,
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=1, minimum_size=2_000, exclude_opt_key=web.COMPRESSED
        ),
        cors_config=_cors(config),
        openapi_config=openapi.config(),
        logging_config=None,
        state=State({"crm": crm, "writes": writes_meter(config), "production": config.production}),
        on_startup=[_start],
        on_shutdown=[_stop],
    )
    app.metrics = metrics
    return app


def _hub(state: State) -> live.Hub:
    hub: live.Hub = state.live
    return hub


def _actor(request: Request[Actor | None, object, State], crm: NamedDependency[Crm]) -> Actor | None:
    user: Actor = request.scope.get("user")
    return user


def _signed_in(request: Request[object, object, State], actor: NamedDependency[Actor | None]) -> SignedIn | None:
    return request.auth if isinstance(request.auth, SignedIn) else None


def _cors(config: Config) -> CORSConfig | None:
    if not config.cors_origins:
        return None
    return CORSConfig(
        allow_origins=list(config.cors_origins),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-CSRF-Token"],
        allow_credentials=True,
        max_age=600,
    )


async def _start(app: Litestar) -> None:
    """Writers wait in their thread for a shared commit, so there must be more threads than processors."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "crm"))
    app.state.lane = Lane(app.state.crm.records)
    app.state.lane.start()
    app.state.live = live.Hub(app.state.crm)
    app.state.live.start()
    assert isinstance(app, Observed)
    app.metrics.core.hub = app.state.live
    from api.scheduler import Scheduler  # not needed to build the application, nor by who describes it

    app.state.scheduler = Scheduler(app.state.crm.jobs)
    app.state.scheduler.start()


async def _stop(app: Litestar) -> None:
    app.state.scheduler.stop()
    await app.state.live.stop()
    await asyncio.to_thread(app.state.lane.stop)
    app.state.crm.close()
