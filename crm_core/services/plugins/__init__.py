"""Plugins: which are wanted, which are on and why not, their settings and data; switching without a restart."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_core import clock
from crm_core.config import Config
from crm_core.contracts import HealthCheck, PluginContext, PluginInfo, RouteLike, Verdict
from crm_core.contracts.actor import Actor
from crm_core.errors import Conflict, CrmError, Invalid, NotFound, PluginProblem, Refused, Unavailable
from crm_core.host import Gate, Host, Item, Registry, State, Status
from crm_core.services.plugins.book import Book, Memory
from crm_core.services.plugins.leftovers import Leftovers, Removed
from crm_core.services.plugins.switchboard import Switchboard
from crm_core.services.plugins.view import Checked, PluginView, view
from crm_core.services.settings import Settings
from crm_core.storage.unit import Units

if TYPE_CHECKING:
    from crm_core.crm import Crm

__all__ = ["Checked", "PluginView", "Plugins", "Removed"]

FOLLOW_SECONDS = 2.0
_log = logging.getLogger("crm.plugins")


class Plugins:
    """Switches and configures plugins for admins; every process on the same data folder follows within seconds."""

    def __init__(self, units: Units, settings: Settings, host: Host, config: Config) -> None:
        self._host = host
        self._book = Book(units, settings)
        self._board = Switchboard(host, self._book, config)
        self._leftovers = Leftovers(units, self._book, config)
        self._listeners: list[Callable[[], None]] = []
        self._ended = threading.Event()
        self._follower: threading.Thread | None = None

    @property
    def registry(self) -> Registry:
        """What the plugins that are on offer, at this moment; immutable."""
        return self._host.registry

    def routes(self) -> Mapping[str, Sequence[RouteLike]]:
        """The HTTP handlers that plugins offer, by plugin, whether it is on or off."""
        return self._host.routes()

    def gate(self, name: str) -> Gate:
        """The gate of a plugin that is on; PluginProblem (`plugin_off`)."""
        gate = self._host.gate(name)
        if gate is None:
            raise PluginProblem(
                "plugin_off", f"The plugin {name} is off.", "An admin can switch it on under Settings, Plugins."
            )
        return gate

    def context(self, name: str) -> PluginContext:
        """What a plugin that is on was handed; PluginProblem (`plugin_off`)."""
        self.gate(name)
        found = self._host.context(name)
        assert found is not None
        return found

    def on_switch(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called after any plugin changed its state or settings; returns what takes it back."""
        self._listeners.append(tell)
        return lambda: self._listeners.remove(tell)

    # --- start and end ---------------------------------------------------------------------------------------------

    def start(self, crm: "Crm") -> None:
        """Switch on every plugin that should be on. No plugin stops the start: each gets a state and a reason."""
        try:
            with self._board.switching():
                self._board.start(crm)
        except BaseException:
            self.close()
            raise
        self._follower = threading.Thread(target=self._follow_on, name="crm-plugins", daemon=True)
        self._follower.start()

    def close(self) -> None:
        """Switch everything off for this process, without changing what is wanted."""
        self._ended.set()
        if self._follower is not None:
            self._follower.join()
        with self._board.switching():
            self._board.stop()

    def follow(self) -> bool:
        """Do what another process was told, and note which plugins rest; True if anything changed."""
        with self._board.switching():
            changed = self._board.follow()
        if changed:
            self._tell()
        return changed

    def _follow_on(self) -> None:
        while not self._ended.wait(FOLLOW_SECONDS):
            try:
                self.follow()
            except Unavailable as error:  # a backup is being restored, or the disk is full
                _log.info("Instructions from other processes are looked for later: %s", error.message)
            except Exception:
                _log.exception("Looking for instructions from other processes failed; it is tried again.")

    def _tell(self) -> None:
        for tell in tuple(self._listeners):
            try:
                tell()
            except Exception:
                _log.exception("A listener failed after a plugin was switched.")

    # --- what admins do --------------------------------------------------------------------------------------------

    def list(self, actor: Actor) -> list[PluginView]:
        """Every plugin that is installed or has left data; the bundled ones first. Refused unless actor is admin."""
        _check_admin(actor)
        memories = self._book.read()
        tables = self._leftovers.tables(self._host.plugins.keys() | memories.keys())
        bundled = {name for name, found in self._host.plugins.items() if found.bundled}
        return [
            self._view(name, memories.get(name, Memory()), tables[name])
            for name in sorted(
                self._host.plugins.keys() | memories.keys(), key=lambda name: (name not in bundled, name)
            )
        ]

    def show(self, name: str, actor: Actor) -> PluginView:
        """One plugin; NotFound (`unknown_plugin`) if there is none of this name."""
        _check_admin(actor)
        memory = self._known(name)
        return self._view(name, memory, self._leftovers.tables({name} | self._names())[name])

    def enable(self, name: str, actor: Actor) -> PluginView:
        """Switch a plugin on; where that fails, the answer's state and reason say why and it stays wanted."""
        _check_admin(actor, writes=True)
        with self._board.switching():
            self._loadable(name)
            gate = self._host.gate(name)
            if gate is None or gate.resting:
                if gate is not None:
                    self._host.switch_off(name)
                self._board.wanted[name] = True
                self._book.want(name, True, actor, starting=self._board.crm is not None)
                self._board.on(name, actor)
                self._board.settle()
        self._tell()
        return self.show(name, actor)

    def disable(self, name: str, actor: Actor) -> PluginView:
        """Switch a plugin off; its data stays. Conflict when it is pinned or another that is on needs it."""
        _check_admin(actor, writes=True)
        with self._board.switching():
            self._known(name)
            self._check_dispensable(name)
            if name in self._host.on:
                self._host.switch_off(name)
            self._board.wanted[name] = False
            status = self._board.status[name] = self._board.absent(name)
            self._book.want(name, False, actor, status=status)
            self._board.settle()
        self._tell()
        return self.show(name, actor)

    def configure(self, name: str, values: Mapping[str, Any], actor: Actor) -> PluginView:
        """Replace the settings named in `values`; a plugin that is on takes them at once or keeps the old ones.

        Invalid (`bad_settings`) with a fault per setting; PluginProblem (`settings_refused`) when the plugin does not
        start with them.
        """
        _check_admin(actor, writes=True)
        board = self._board
        with board.switching():
            form = board.form(self._loadable(name))
            settings = form.changed(self._book.recall(name).settings, values)

            def save() -> None:
                self._book.put_settings(name, form.dump(settings), actor, tuple(values))

            if name in self._host.on:
                self._host.switch_off(name)
                board.on(name, given=settings, save=save)
                refused = board.status[name]
                if refused.state is not State.ON:
                    board.on(name)
                    board.settle()
                    raise PluginProblem(
                        "settings_refused",
                        f"The plugin {name} does not start with these settings: {refused.reason}",
                        "The old settings stay.",
                    )
            else:
                save()
                if board.crm is not None and board.wanted[name] and board.status[name].state is State.NEEDS_SETUP:
                    board.on(name, actor)
            board.settle()
        self._tell()
        return self.show(name, actor)

    def remove_data(self, name: str, confirmation: str, actor: Actor) -> Removed:
        """Remove all that a plugin has stored: its tables, settings and files. A snapshot is made before.

        Only of one that is switched off or gone, else Conflict (`plugin_not_off`, `plugin_pinned`); Invalid
        (`not_confirmed`) unless `confirmation` is the plugin's name.
        """
        _check_admin(actor, writes=True)
        if confirmation != name:
            what = f"Removing the data of {name[:40]} needs its name once more."
            raise Invalid("not_confirmed", what, "Nothing was removed.", pointer="/name")
        self._let_others_follow(name)
        board = self._board
        with board.switching():
            self._check_given_up(name, self._known(name))
            installed = name in self._host.plugins
            status = board.absent(name)
            removed = self._leftovers.remove(name, {name} | self._names(), status if installed else None, actor)
            if installed:
                board.wanted[name], board.status[name] = False, status
            else:
                board.wanted.pop(name, None), board.status.pop(name, None)
        self._tell()
        return removed

    def check(self, name: str, actor: Actor) -> Sequence[Checked]:
        """Run the health checks of one plugin now; PluginProblem (`plugin_off`) when it is not on."""
        _check_admin(actor)
        self._known(name)
        if name not in self._host.on:
            what = f"The plugin {name} is not on, so there is nothing to check."
            raise PluginProblem("plugin_off", what, "Switch it on first.")
        return [_checked(item, item.name) for item in self.registry.health_checks.values() if item.owner == name]

    def health(self) -> Sequence[Checked]:
        """Run every health check, and name each plugin that should be on but is not.

        A check that raises counts as failed; it does not send its plugin to rest.
        """
        board = self._board
        checked = [
            Checked(f"{name}: on", False, f"It is {status.state}; the page of plugins says why.", False)
            for name, status in sorted(board.status.items())
            if board.wanted.get(name) and name not in self._host.on
        ]
        everything = self.registry.health_checks.values()
        return checked + [_checked(item, f"{item.owner}: {item.name}") for item in everything]

    def states(self) -> Mapping[str, str]:
        """The state of every plugin that was started or put aside here, by name."""
        return {name: str(status.state) for name, status in sorted(self._board.status.items())}

    # --- looking ---------------------------------------------------------------------------------------------------

    def _view(self, name: str, memory: Memory, tables: Sequence[str]) -> PluginView:
        found = self._host.plugins.get(name)
        info = found.info if found else None
        form = self._board.form(info) if info else None
        if name in self._board.status:
            status = self._board.now(name)
        elif info is None:
            status = self._board.absent(name)
        elif name == self._host.storage_owner:
            status = Status(State.ON)
        elif memory.wanted is None and info.on_by_default:
            status = Status(State.OFF, "It is switched on at the next start.")
        else:  # nothing was started here: what the last process that did has left
            status = memory.status
        stored = bool(tables) or memory.settings is not None or self._leftovers.has_files(name) or found is None
        removable = stored and self._why_kept(name, memory) is None
        return view(self._host, name, status, form, memory.settings, removable=removable)

    def _names(self) -> set[str]:
        return {*self._host.plugins, *self._book.read()}

    def _known(self, name: str) -> Memory:
        memory = self._book.recall(name)
        if name not in self._host.plugins and memory == Memory():
            raise NotFound("unknown_plugin", f"There is no plugin called {name[:40]!r}.", "See `crm plugins list`.")
        return memory

    def _loadable(self, name: str) -> PluginInfo:
        self._known(name)
        found = self._host.plugins.get(name)
        if found is None or found.info is None:
            status = self._board.absent(name)
            what = f"The plugin {name} is {status.state}. {status.reason}"
            raise PluginProblem("plugin_unusable", what, status.next_step)
        return found.info

    def _why_kept(self, name: str, memory: Memory) -> Conflict | None:
        """Why the data of a plugin cannot be removed now."""
        found = self._host.plugins.get(name)
        if self._host.pinned(name):
            return Conflict("plugin_pinned", f"The CRM stands on the plugin {name}; its data is the CRM's own.")
        default = found is not None and found.info is not None and found.info.on_by_default
        if name in self._host.on or (found is not None and (default if memory.wanted is None else memory.wanted)):
            what = f"The plugin {name} is not switched off."
            return Conflict("plugin_not_off", what, "Switch it off first; that keeps its data.")
        return None

    def _check_given_up(self, name: str, memory: Memory) -> None:
        why = self._why_kept(name, memory)
        if why is not None:
            raise why

    def _let_others_follow(self, name: str) -> None:
        """Beside a server that may still run the plugin, wait until that has followed a switch of a moment ago."""
        since = self._book.recall(name).since
        if self._board.crm is None and since:
            age = (clock.now() - datetime.fromisoformat(since)).total_seconds()
            self._ended.wait(min(max(0.0, 2 * FOLLOW_SECONDS - age), 2 * FOLLOW_SECONDS))

    def _check_dispensable(self, name: str) -> None:
        if self._host.pinned(name):
            raise Conflict("plugin_pinned", f"The plugin {name} cannot be switched off: the CRM stands on it.")
        users = sorted(other for other in self._host.on if name in self._host.infos[other].requires)
        if users:
            what = f"{', '.join(users)} needs the plugin {name}."
            raise Conflict("plugin_needed", what, f"Switch {users[0]} off first.")


def _checked(item: Item[HealthCheck], name: str) -> Checked:
    try:
        with item.gate.passing(f"its health check “{item.name}”", counts=False):
            verdict: Any = item.offer.check()
    except CrmError as error:
        verdict = Verdict(False, error.message)
    if not isinstance(verdict, Verdict):
        verdict = Verdict(False, f"The check gave a {type(verdict).__name__}, not a Verdict.")
    return Checked(name, verdict.ok, verdict.detail, item.offer.critical)


def _check_admin(actor: Actor, *, writes: bool = False) -> None:
    if not actor.is_admin:
        raise Refused("admins_only", "Only admins may see and switch plugins.", "Ask an admin of your team.")
    if writes and actor.scope == "read":
        raise Refused("read_only_token", "This token may only read.", "Use a token with the scope write.")
