"""Plugins, for admins: what there is, on, off, settings, check, remove data. Switching needs no restart."""

from typing import Any

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from api.guards import ADMIN, PROOF
from api.shapes.plugins import PluginCheck, PluginChecks, PluginName, Plugins
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.services.plugins import PluginView, Removed

TAGS = ["Plugins (admin)"]


@get("/api/plugins", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def list_plugins(crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> Plugins:
    """Every plugin with its state, the reason for it and the next step, what it provides, and its settings."""
    return Plugins(crm.plugins.list(actor))


@post("/api/plugins/{name:str}/enable", opt=ADMIN, tags=TAGS, status_code=200, sync_to_thread=True)
def enable_plugin(name: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> PluginView:
    """Switch a plugin on. Where it does not come up, its state and reason say why."""
    return crm.plugins.enable(name, actor)


@post("/api/plugins/{name:str}/disable", opt=ADMIN, tags=TAGS, status_code=200, sync_to_thread=True)
def disable_plugin(name: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> PluginView:
    """Switch a plugin off; its data stays. 409 when the CRM or another plugin stands on it."""
    return crm.plugins.disable(name, actor)


@patch("/api/plugins/{name:str}/settings", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def configure_plugin(
    name: FromPath[str],
    data: JSONBody[dict[str, Any]],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
) -> PluginView:
    """Replace the settings that are named; the others stay. A secret is sent to change it and never sent back."""
    return crm.plugins.configure(name, data, actor)


@post("/api/plugins/{name:str}/check", opt=ADMIN, tags=TAGS, status_code=200, sync_to_thread=True)
def check_plugin(name: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> PluginChecks:
    """Run the health checks of a plugin that is on."""
    return PluginChecks([PluginCheck(*found) for found in crm.plugins.check(name, actor)])


@post("/api/plugins/{name:str}/remove-data", opt=ADMIN | PROOF, tags=TAGS, status_code=200, sync_to_thread=True)
def remove_plugin_data(
    name: FromPath[str],
    data: JSONBody[PluginName],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
) -> Removed:
    """Remove all that a plugin has stored, after a snapshot; only of one that is off or gone."""
    return crm.plugins.remove_data(name, data.name, actor)


ROUTES: list[ControllerRouterHandler] = [
    list_plugins,
    enable_plugin,
    disable_plugin,
    configure_plugin,
    check_plugin,
    remove_plugin_data,
]
