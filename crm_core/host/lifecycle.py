"""Switch one plugin on and off: the steps in order, each with its undo; switching off runs the undo list."""

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel

from crm_core.contracts import PluginContext, PluginInfo
from crm_core.errors import PluginProblem
from crm_core.host import dispatch
from crm_core.host.gate import Gate
from crm_core.host.manager import Manager
from crm_core.host.registry import Registry

PATIENCE_SECONDS = 10.0
_log = logging.getLogger("crm.plugins")


class State(StrEnum):
    """What an admin sees of a plugin."""

    MISSING = "missing"
    BROKEN = "broken"
    BLOCKED = "blocked"
    OFF = "off"
    NEEDS_SETUP = "needs_setup"
    MIGRATION_FAILED = "migration_failed"
    ON = "on"
    RESTING = "resting"
    FAILED = "failed"


NEXT_STEPS: Mapping[State, str] = {
    State.MISSING: "Install the package again, or leave it: its data stays.",
    State.BROKEN: "Install a version that works with this CRM, or uninstall it; then start the CRM again.",
    State.BLOCKED: "Take away what the reason names, then switch it on.",
    State.OFF: "Switch it on when you want to use it.",
    State.NEEDS_SETUP: "Fill in its settings.",
    State.MIGRATION_FAILED: "Nothing was changed. Install a version whose migrations work, then switch it on again.",
    State.ON: "",
    State.RESTING: "Nothing: it is tried again by itself. If it keeps failing, switch it off.",
    State.FAILED: "Mend what the reason names, then switch it on again.",
}


@dataclass(frozen=True, slots=True)
class Status:
    """A plugin's state and, in words, why."""

    state: State
    reason: str = ""

    @property
    def next_step(self) -> str:
        """What an admin can do now; empty when there is nothing to do."""
        return NEXT_STEPS[self.state]


class Halt(Exception):
    """A step of switching on says no; the status tells which and why."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.status = Status(state, reason)


class Steps(Protocol):
    """The steps that need the database; the plugins service lends them. Each may raise Halt."""

    def settings(self, info: PluginInfo) -> BaseModel:
        """The plugin's stored settings, valid."""

    def migrate(self, info: PluginInfo) -> None:
        """Bring the plugin's own tables up to date, after a snapshot."""

    def context(self, info: PluginInfo, settings: BaseModel, undo: ExitStack) -> PluginContext:
        """What the plugin is handed; `undo` takes what the making of it leaves behind."""

    def save_on(self, info: PluginInfo) -> None:
        """Remember that the plugin is on."""


@dataclass(frozen=True, slots=True)
class Running:
    """A plugin that is on: its gate, what it was handed, and the list that undoes every step of switching it on."""

    gate: Gate
    ctx: PluginContext
    undo: ExitStack


class Lifecycle:
    """The plugins that are on, and the registry of what they offer. One switch at a time: the caller holds a lock."""

    def __init__(self, manager: Manager) -> None:
        self.registry = Registry()
        self.running: dict[str, Running] = {}
        self._manager = manager

    def switch_on(self, info: PluginInfo, steps: Steps, gate: Gate) -> None:
        """Take every step or none: Halt carries the state and the reason after the steps taken were undone."""
        name = info.name
        lacking = [needed for needed in info.requires if needed not in self.running]
        if lacking:
            raise Halt(State.BLOCKED, f"It needs {', '.join(lacking)}, which is not on.")
        with ExitStack() as undo:
            settings = steps.settings(info)
            steps.migrate(info)
            ctx = steps.context(info, settings, undo)
            try:
                offers = dispatch.offers(self._manager, name, ctx)
                registry = dispatch.guarded(
                    "Taking its offers", lambda: self.registry.adding(gate, offers), passing=(PluginProblem,)
                )
                undo.callback(self._stopping, name, ctx)  # before crm_started, which may fail when it is half done
                dispatch.tell(self._manager, name, "crm_started", ctx)
            except dispatch.HookFailed as failure:
                raise Halt(State.FAILED, f"{failure}.") from failure
            except PluginProblem as clash:
                raise Halt(State.FAILED, f"{clash.message} {clash.hint}") from clash
            undo.callback(self._withdraw, name, gate)
            self.registry = registry
            steps.save_on(info)
            self.running[name] = Running(gate, ctx, undo.pop_all())

    def switch_off(self, name: str) -> None:
        """Withdraw the offers, wait for running calls, tell the plugin; it is off whatever it answers."""
        running = self.running.pop(name)
        running.undo.close()

    def _withdraw(self, name: str, gate: Gate) -> None:
        self.registry = self.registry.without(name)
        if not gate.shut(PATIENCE_SECONDS):
            _log.warning("The plugin %s is switched off while %d of its calls still run.", name, gate.running)

    def _stopping(self, name: str, ctx: PluginContext) -> None:
        try:
            dispatch.tell(self._manager, name, "crm_stopping", ctx)
        except dispatch.HookFailed as failure:
            _log.error("The plugin %s did not stop cleanly: %s.", name, failure, exc_info=failure)


def in_order_of_need(infos: Mapping[str, PluginInfo]) -> list[str]:
    """Plugin names so that each comes after those it requires; pinned ones first. Circles come in some order."""
    order: dict[str, None] = {}

    def visit(name: str, above: frozenset[str]) -> None:
        if name in infos and name not in order and name not in above:
            for needed in infos[name].requires:
                visit(needed, above | {name})
            order[name] = None

    for name in sorted(infos, key=lambda name: (not infos[name].pinned, name)):
        visit(name, frozenset())
    return list(order)


def quietly(act: Callable[[], object]) -> None:
    """Do what may fail without harm, such as closing what failed to open."""
    with suppress(Exception):
        act()
