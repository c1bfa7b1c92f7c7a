"""The plugin host: pluggy holds what is loaded, the host holds what is on.

`Host.discover()` finds the plugins, `storage(url)` opens the database, `registry` is what the plugins that are on
offer right now. Switching is the business of `crm_core.services.plugins`.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from crm_core.contracts import Command, PluginContext, PluginInfo, RouteLike, Storage
from crm_core.errors import CrmError, PluginProblem, Unavailable
from crm_core.host import discovery, dispatch
from crm_core.host.discovery import Found
from crm_core.host.gate import Gate, Patience
from crm_core.host.lifecycle import Halt, Lifecycle, State, Status, Steps, in_order_of_need, quietly
from crm_core.host.manager import Manager
from crm_core.host.registry import Item, Registry

__all__ = [
    "Found",
    "Gate",
    "Halt",
    "Host",
    "Item",
    "Patience",
    "Registry",
    "State",
    "Status",
    "Steps",
    "in_order_of_need",
]

_log = logging.getLogger("crm.plugins")


class Host:
    """Every installed plugin, and what those that are on offer."""

    def __init__(self, found: Iterable[Found], *, patience: Patience | None = None) -> None:
        self._found = {plugin.name: plugin for plugin in found}
        self._manager = Manager()
        self._life = Lifecycle(self._manager)
        self._patience = patience
        self._put_aside: dict[str, str] = {}
        self.storage_owner = ""

    @classmethod
    def discover(cls, *, safe_mode: bool = False, patience: Patience | None = None) -> "Host":
        """Find and import every installed plugin; in safe mode only those that come with the CRM are imported."""
        host = cls(discovery.find(), patience=patience)
        host._load(plugin for plugin in host._found.values() if plugin.bundled or not safe_mode)
        return host

    def _load(self, plugins: Iterable[Found]) -> None:
        for found in list(plugins):
            plugin = discovery.load(found)
            if plugin.module is not None and plugin.info is not None:
                problem = self._manager.load(plugin.name, plugin.module)
                if problem:
                    plugin = replace(plugin, info=None, problem=f"Its hooks do not fit: {problem}.")
            self._found[plugin.name] = plugin
            if plugin.problem:
                _log.warning("The plugin %s (%s) is broken. %s", plugin.name, plugin.origin, plugin.problem)

    @property
    def plugins(self) -> Mapping[str, Found]:
        """Every installed plugin by name, broken ones too."""
        return MappingProxyType(self._found)

    @property
    def infos(self) -> Mapping[str, PluginInfo]:
        """The manifests of the plugins that could be switched on."""
        return {name: found.info for name, found in self._found.items() if found.info is not None}

    @property
    def registry(self) -> Registry:
        """What the plugins that are on offer, at this moment."""
        return self._life.registry

    def hooks(self, name: str) -> set[str]:
        """The names of the hooks a plugin implements."""
        return self._manager.hooks(name)

    def pinned(self, name: str) -> bool:
        """Whether a plugin cannot be switched off: it holds the database, or says so and is no other database."""
        info = self._found[name].info if name in self._found else None
        return name == self.storage_owner or (
            info is not None and info.pinned and "crm_storage" not in self.hooks(name)
        )

    # --- before any database ---------------------------------------------------------------------------------------

    def storage(self, url: str) -> Storage:
        """Open the database by the one plugin that claims the URL.

        A plugin that fails in its claim is put aside. Unavailable (`no_storage`) when nobody claims it, PluginProblem
        (`storage_clash`) naming both when two do; when the claimant itself says why it cannot, that error.
        """
        name, opened = self._open(url)
        self.storage_owner = name
        return opened

    def copy(self, path: Path) -> Storage:
        """Open a copy of the database or a state of the past: one SQLite file, whichever database runs."""
        return self._open(f"sqlite:///{path.resolve()}")[1]

    def _open(self, url: str) -> tuple[str, Storage]:
        claims, refusals = self._claims(url)
        if not claims and not refusals:  # safe mode, and no bundled plugin knows the URL
            self._load(found for found in self._found.values() if not found.loaded)
            claims, refusals = self._claims(url)
        if len(claims) > 1:
            for opened in claims.values():
                quietly(opened.close)
            raise PluginProblem(
                "storage_clash",
                f"The plugins {' and '.join(claims)} both claim the database {_scheme(url)}.",
                "Uninstall one of them.",
            )
        if claims:
            return claims.popitem()
        if refusals:
            raise refusals[0]
        raise Unavailable(
            "no_storage",
            f"No plugin can open the database {_scheme(url)}."
            + "".join(f" {name}: {reason}." for name, reason in self._put_aside.items()),
            "Check CRM_DATABASE_URL, and that the plugin for this kind of database is installed and not broken.",
        )

    def _claims(self, url: str) -> tuple[dict[str, Storage], list[CrmError]]:
        claims: dict[str, Storage] = {}
        refusals: list[CrmError] = []
        for name in sorted(self.infos):
            if "crm_storage" not in self.hooks(name):
                continue
            try:
                opened = dispatch.storage(self._manager, name, url)
            except CrmError as error:
                refusals.append(error)
            except dispatch.HookFailed as failure:
                self._put_aside[name] = str(failure)
                _log.error("The plugin %s is put aside: %s.", name, failure, exc_info=failure)
            else:
                if opened is not None:
                    claims[name] = opened
        return claims, refusals

    def commands(self, taken: Collection[str] = (), tell: Callable[[str], object] = _log.warning) -> list[Command]:
        """The subcommands plugins offer, whether on or off; `tell` hears of those that are refused and why."""
        owners = dict.fromkeys(taken, "the CRM itself")
        accepted: list[Command] = []
        for name in sorted(self.infos, key=lambda name: (not self._found[name].bundled, name)):
            try:
                offered = dispatch.commands(self._manager, name)
            except dispatch.HookFailed as failure:
                tell(f"The commands of the plugin {name} are not there: {failure}.")
                continue
            for command in offered:
                if command.name in owners:
                    tell(f"The plugin {name} offers the command {command.name}, but {owners[command.name]} has it.")
                    continue
                owners[command.name] = f"the plugin {name}"
                accepted.append(command)
        return accepted

    def routes(self) -> Mapping[str, Sequence[RouteLike]]:
        """The HTTP handlers of every plugin that has some, whether on or off; a plugin that fails has none."""
        found: dict[str, Sequence[RouteLike]] = {}
        for name in sorted(self.infos, key=lambda name: (not self._found[name].bundled, name)):
            if "crm_routes" in self.hooks(name):
                try:
                    found[name] = dispatch.routes(self._manager, name)
                except dispatch.HookFailed as failure:
                    _log.error("The routes of the plugin %s are not there: %s.", name, failure, exc_info=failure)
        return found

    def context(self, name: str) -> PluginContext | None:
        """What a plugin that is on was handed."""
        running = self._life.running.get(name)
        return running.ctx if running else None

    # --- on and off (for services/plugins alone, one at a time) ----------------------------------------------------

    @property
    def on(self) -> frozenset[str]:
        """The names of the plugins that are on, resting ones too."""
        return frozenset(self._life.running)

    def gate(self, name: str) -> Gate | None:
        """The gate of a plugin that is on."""
        running = self._life.running.get(name)
        return running.gate if running else None

    def switch_on(self, name: str, steps: Steps) -> None:
        """Switch a loaded plugin on, or raise Halt with everything undone."""
        info = self.infos[name]
        if name in self._put_aside:
            raise Halt(State.FAILED, f"{self._put_aside[name]}.")
        self._life.switch_on(info, steps, Gate(name, self._patience))

    def switch_off(self, name: str) -> None:
        """Switch a plugin off that is on."""
        self._life.switch_off(name)


def _scheme(url: str) -> str:
    """As much of a database URL as can be shown: it may hold a password."""
    return url.partition(":")[0] + ":…"
