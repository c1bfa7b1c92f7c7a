"""The routes of plugins: mounted once at start, each behind the gate of its plugin, so switching needs no restart."""

import functools
import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from crm_core.services.plugins import Plugins

_PLACE = "/api/"
_log = logging.getLogger("crm.plugins")


def plugin_routes(plugins: Plugins, own: Sequence[ControllerRouterHandler]) -> list[Router]:
    """A router for each plugin that has routes. One whose path is taken, or lies elsewhere, is left out and named."""
    taken = dict.fromkeys(_places(own), "the CRM itself")
    routers = []
    for name, routes in plugins.routes().items():
        problem = _problem(routes, taken)
        if problem:
            _log.error("The routes of the plugin %s are not there: %s.", name, problem)
            continue
        taken.update(dict.fromkeys(_places(routes), f"the plugin {name}"))
        routers.append(_router(plugins, name, routes))
    return routers


def _places(routes: Sequence[Any]) -> list[tuple[str, str]]:
    return [
        (method, path)
        for route in routes
        if isinstance(route, HTTPRouteHandler)
        for path in route.paths
        for method in route.http_methods
    ]


def _problem(routes: Sequence[Any], taken: Mapping[tuple[str, str], str]) -> str:
    other = [type(route).__name__ for route in routes if not isinstance(route, HTTPRouteHandler)]
    if other:
        return f"it offers a {other[0]}, where a Litestar HTTP handler is expected"
    for method, path in _places(routes):
        if not path.startswith(_PLACE):
            return f"{path} does not begin with {_PLACE}"
        if (method, path) in taken:
            return f"{taken[method, path]} has {method} {path}"
    return ""


def _router(plugins: Plugins, name: str, routes: Sequence[HTTPRouteHandler]) -> Router:
    def is_on(_: ASGIConnection[Any, Any, Any, Any], __: BaseRouteHandler) -> None:
        plugins.gate(name)

    return Router(
        "/",
        route_handlers=[_through_gate(plugins, name, route) for route in routes],
        guards=[is_on],
        dependencies={"ctx": Provide(lambda: plugins.context(name), sync_to_thread=False)},
        opt={"plugin": name},
    )


def _through_gate(plugins: Plugins, name: str, route: HTTPRouteHandler) -> HTTPRouteHandler:
    """The handler with its function called through the plugin's gate: counted, blamed, and waited for at switch-off."""
    function: Callable[..., Any] = route.fn
    what = f"the route {route.handler_name}"

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def called(*args: Any, **kwargs: Any) -> Any:
            with plugins.gate(name).passing(what):
                try:
                    return await function(*args, **kwargs)
                except HTTPException as error:
                    answer = error
            raise answer
    else:

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with plugins.gate(name).passing(what):
                try:
                    return function(*args, **kwargs)
                except HTTPException as error:  # an answer, as a CrmError is
                    answer = error
            raise answer

    mounted = copy(route)
    mounted(called)
    return mounted
