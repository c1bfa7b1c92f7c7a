"""Plugins: which are wanted, which are on and why not, their settings; switching without a restart."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from crm_core.config import Config
from crm_core.contracts import PluginInfo, Verdict
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.errors import Conflict, CrmError, NotFound, PluginProblem, Refused, Unavailable
from crm_core.host import Found, Halt, Host, Registry, State, Status, in_order_of_need
from crm_core.services.plugins.book import Book, Memory
from crm_core.services.plugins.form import Form, Vault, scrubbed
from crm_core.services.plugins.steps import DatabaseSteps
from crm_core.services.plugins.view import Checked, PluginView, view
from crm_core.services.settings import Settings
from crm_core.storage.unit import Units

if TYPE_CHECKING:
    from crm_core.crm import Crm

__all__ = ["Checked", "PluginView", "Plugins"]

FOLLOW_SECONDS = 2.0
_SAFE_MODE = "The CRM runs in safe mode (CRM_SAFE_MODE), which leaves everything but storage off."
_DIED = "The CRM ended while this plugin was being switched on, so it stays off."
_log = logging.getLogger("crm.plugins")


class Plugins:
    """Switches and configures plugins; one switch at a time, followed by every process on the same database."""

    def __init__(self, units: Units, settings: Settings, host: Host, config: Config) -> None:
        self._host = host
        self._config = config
        self._book = Book(units, settings)
        self._vault = Vault(config.secret_key)
        self._crm: Crm | None = None
        self._status: dict[str, Status] = {}
        self._wanted: dict[str, bool] = {}
        self._lock = threading.Lock()
        self._switcher: int | None = None
        self._listeners: list[Callable[[], None]] = []
        self._ended = threading.Event()
        self._follower: threading.Thread | None = None

    @property
    def registry(self) -> Registry:
        """What the plugins that are on offer, at this moment; immutable."""
        return self._host.registry

    def on_switch(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called after any plugin changed its state or settings; returns what takes it back."""
        self._listeners.append(tell)
        return lambda: self._listeners.remove(tell)

    # --- start and end ---------------------------------------------------------------------------------------------

    def start(self, crm: "Crm") -> None:
        """Switch on every plugin that should be on. No plugin stops the start: each gets a state and a reason."""
        self._crm = crm
        try:
            with self._switching():
                memories = self._book.read()
                self._book.seen = {name: memory.instructions for name, memory in memories.items()}
                for name in in_order_of_need(self._host.infos):
                    self._boot(name, memories.get(name, Memory()))
                for name in self._host.plugins.keys() | memories.keys():
                    if name not in self._status:
                        self._wanted[name] = bool(memories.get(name, Memory()).wanted)
                        self._status[name] = self._absent(name)
                self._settle()
        except BaseException:
            self.close()
            raise
        self._follower = threading.Thread(target=self._follow_on, name="crm-plugins", daemon=True)
        self._follower.start()

    def _boot(self, name: str, memory: Memory) -> None:
        info, is_storage = self._host.infos[name], name == self._host.storage_owner
        wanted = info.on_by_default or self._host.pinned(name) if memory.wanted is None else memory.wanted
        self._wanted[name] = wanted = wanted or is_storage
        halted = None
        if memory.starting:
            halted = Status(State.FAILED, _DIED)
        elif self._config.safe_mode and not is_storage:
            halted = Status(State.BLOCKED, _SAFE_MODE)
        elif not wanted:
            halted = Status(State.OFF)
        try:
            if halted is None:
                self._switch_on(name)
            else:
                self._status[name] = halted
                if memory.wanted is None or memory.status != halted:
                    self._book.save(name, halted, wanted=wanted, keep_mark=True)
        except Unavailable as error:  # a full disk stops the writing, not the start
            _log.error("The state of the plugin %s could not be saved: %s", name, error)
            self._status.setdefault(name, Status(State.FAILED, error.message))

    def close(self) -> None:
        """Switch everything off for this process, without changing what is wanted."""
        self._ended.set()
        if self._follower is not None and self._follower is not threading.current_thread():
            self._follower.join()
        with self._switching():
            for name in reversed(in_order_of_need(self._host.infos)):
                if name in self._host.on:
                    self._host.switch_off(name)
                    self._status[name] = Status(State.OFF)

    # --- what admins do --------------------------------------------------------------------------------------------

    def list(self, actor: Actor) -> list[PluginView]:
        """Every plugin that is installed or has left data; the bundled ones first. Refused unless actor is admin."""
        self._check_admin(actor)
        memories = self._book.read()
        names = self._host.plugins.keys() | memories.keys() | self._status.keys()
        bundled = {name for name, found in self._host.plugins.items() if found.bundled}
        return [
            self._view(name, memories.get(name, Memory()))
            for name in sorted(names, key=lambda name: (name not in bundled, name))
        ]

    def show(self, name: str, actor: Actor) -> PluginView:
        """One plugin; NotFound (`unknown_plugin`) if there is none of this name."""
        self._check_admin(actor)
        memory = self._book.recall(name)
        if name not in self._host.plugins and memory == Memory():
            raise NotFound("unknown_plugin", f"There is no plugin called {name[:40]!r}.", "See `crm plugins list`.")
        return self._view(name, memory)

    def enable(self, name: str, actor: Actor) -> PluginView:
        """Switch a plugin on; where that fails, the answer's state and reason say why and it stays wanted."""
        self._check_admin(actor, writes=True)
        with self._switching():
            self._loadable(name)
            gate = self._host.gate(name)
            if gate is None or gate.resting:
                if gate is not None:
                    self._host.switch_off(name)
                self._wanted[name] = True
                self._book.want(name, True, actor, starting=self._crm is not None)
                self._switch_on(name, actor)
                self._settle()
        self._tell()
        return self.show(name, actor)

    def disable(self, name: str, actor: Actor) -> PluginView:
        """Switch a plugin off; its data stays. Conflict when it is pinned or another that is on needs it."""
        self._check_admin(actor, writes=True)
        self.show(name, actor)
        with self._switching():
            self._check_dispensable(name)
            if name in self._host.on:
                self._host.switch_off(name)
            self._wanted[name] = False
            status = self._status[name] = self._absent(name)
            self._book.want(name, False, actor, status=status)
            self._settle()
        self._tell()
        return self.show(name, actor)

    def configure(self, name: str, values: Mapping[str, Any], actor: Actor) -> PluginView:
        """Replace the settings named in `values`; a plugin that is on takes them at once or keeps the old ones.

        Invalid (`bad_settings`) with a fault per setting; PluginProblem (`settings_refused`) when the plugin does not
        start with them.
        """
        self._check_admin(actor, writes=True)
        with self._switching():
            form = self._form(self._loadable(name))
            settings = form.changed(self._book.recall(name).settings, values)

            def save() -> None:
                self._book.put_settings(name, form.dump(settings), actor, tuple(values))

            if name in self._host.on:
                self._host.switch_off(name)
                self._switch_on(name, given=settings, save=save)
                refused = self._status[name]
                if refused.state is not State.ON:
                    self._switch_on(name)
                    self._settle()
                    raise PluginProblem(
                        "settings_refused",
                        f"The plugin {name} does not start with these settings: {refused.reason}",
                        "The old settings stay.",
                    )
            else:
                save()
                if self._crm is not None and self._wanted[name] and self._status[name].state is State.NEEDS_SETUP:
                    self._switch_on(name, actor)
            self._settle()
        self._tell()
        return self.show(name, actor)

    def health(self) -> Sequence[Checked]:
        """Run every health check, and name each plugin that should be on but is not."""
        checked = [
            Checked(f"{name}: on", False, f"{status.state}: {status.reason}", False)
            for name, status in sorted(self._status.items())
            if self._wanted.get(name) and self._now(name).state not in (State.ON, State.RESTING)
        ]
        for item in self.registry.health_checks.values():
            try:
                verdict: Any = item.call(item.offer.check)
            except CrmError as error:
                verdict = Verdict(False, error.message)
            if not isinstance(verdict, Verdict):
                verdict = Verdict(False, f"The check gave a {type(verdict).__name__}, not a Verdict.")
            checked.append(Checked(f"{item.owner}: {item.name}", verdict.ok, verdict.detail, item.offer.critical))
        return checked

    # --- switching, under the lock ---------------------------------------------------------------------------------

    @contextmanager
    def _switching(self) -> Iterator[None]:
        """One switch at a time; a hook that switches plugins while it is called would wait for itself."""
        if self._switcher == threading.get_ident():
            raise PluginProblem("plugins_busy", "A plugin cannot switch plugins from within its hooks.")
        with self._lock:
            self._switcher = threading.get_ident()
            try:
                yield
            finally:
                self._switcher = None

    def _switch_on(
        self,
        name: str,
        actor: Actor | None = None,
        *,
        given: BaseModel | None = None,
        save: Callable[[], None] | None = None,
    ) -> None:
        """Try to switch a plugin on and keep what became of it; `given` settings are saved only if it comes up."""
        if self._crm is None:
            return
        info, wanted = self._host.infos[name], self._wanted[name]
        form, stored = self._form(info), self._book.recall(name).settings

        def save_on(settings: BaseModel) -> None:
            if save is not None:
                save()
            elif stored is not None and stored["version"] != info.settings_version:
                self._book.put_settings(name, form.dump(settings), SYSTEM)
            self._book.save(name, Status(State.ON), actor, wanted=wanted)

        steps = DatabaseSteps(self._crm, form, lambda: given or form.load(stored), save_on, self._config)
        self._book.mark(name, wanted=wanted)
        try:
            if self._config.safe_mode and name != self._host.storage_owner:
                raise Halt(State.BLOCKED, _SAFE_MODE)
            self._host.switch_on(name, steps)
            self._status[name] = Status(State.ON)
        except Halt as halt:
            status = Status(halt.status.state, scrubbed(halt.status.reason, steps.loaded))
            self._status[name] = status
            _log.warning("The plugin %s is not on (%s). %s", name, status.state, status.reason)
            self._book.save(name, status, actor, wanted=wanted)

    def _switch_off(self, name: str, status: Status) -> None:
        self._host.switch_off(name)
        self._status[name] = status
        self._book.save(name, status, wanted=self._wanted[name])

    def _settle(self) -> None:
        """Follow the needs: what lost something it requires goes off, what waited for it comes on."""
        moved = True
        while moved and self._crm is not None:
            moved = False
            for name, info in self._host.infos.items():
                lacking = [needed for needed in info.requires if needed not in self._host.on]
                if name in self._host.on and lacking:
                    self._switch_off(name, Status(State.BLOCKED, f"It needs {', '.join(lacking)}, which is not on."))
                    moved = True
                elif (
                    info.requires
                    and not lacking
                    and self._wanted[name]
                    and self._status[name].state is State.BLOCKED
                    and not self._config.safe_mode
                ):
                    self._switch_on(name)
                    moved = True

    # --- other processes and resting plugins -----------------------------------------------------------------------

    def _follow_on(self) -> None:
        while not self._ended.wait(FOLLOW_SECONDS):
            try:
                self.follow()
            except Exception:
                _log.exception("Looking for instructions from other processes failed; it is tried again.")

    def follow(self) -> bool:
        """Do what another process was told, and note which plugins rest; True if anything changed."""
        with self._switching():
            changed = [self._note_rest(name) for name in self._host.on]
            for name, memory in self._book.read().items():
                seen = self._book.seen.get(name, (0, 0))
                if memory.instructions != seen:
                    reconfigured = memory.instructions[1] != seen[1]
                    self._book.seen[name] = memory.instructions
                    changed.append(self._obey(name, memory, reconfigured))
            if any(changed):
                self._settle()
        if any(changed):
            self._tell()
        return any(changed)

    def _obey(self, name: str, memory: Memory, reconfigured: bool) -> bool:
        self._wanted[name] = wanted = bool(memory.wanted) or name == self._host.storage_owner
        on = name in self._host.on
        if name not in self._host.infos:
            self._status[name] = self._absent(name)
        elif on and not wanted:
            self._switch_off(name, Status(State.OFF))
        elif wanted and (not on or reconfigured):
            if on:
                self._host.switch_off(name)
            self._switch_on(name)
        elif not on:
            self._status[name] = Status(State.OFF)
        return True

    def _note_rest(self, name: str) -> bool:
        now = self._now(name)
        if now.state is self._status[name].state:
            return False
        self._status[name] = now
        self._book.save(name, now, wanted=self._wanted[name])
        return True

    def _tell(self) -> None:
        for tell in tuple(self._listeners):
            try:
                tell()
            except Exception:
                _log.exception("A listener failed after a plugin was switched.")

    # --- looking ---------------------------------------------------------------------------------------------------

    def _now(self, name: str) -> Status:
        """The state at this moment: a plugin that is on may rest."""
        gate = self._host.gate(name)
        if gate is None:
            return self._status[name]
        if not gate.resting:
            return Status(State.ON)
        return Status(State.RESTING, f"Too many errors; the last was: {gate.last_error}")

    def _view(self, name: str, memory: Memory) -> PluginView:
        found = self._host.plugins.get(name)
        form = self._form(found.info) if found and found.info else None
        if name in self._status:
            status = self._now(name)
        elif form is None:
            status = self._absent(name)
        elif name == self._host.storage_owner:
            status = Status(State.ON)
        elif memory.wanted is None and found and found.info and found.info.on_by_default:
            status = Status(State.OFF, "It is switched on at the next start.")
        else:  # nothing was started here: what the last process that did has left
            status = memory.status
        return view(self._host, name, status, form, memory.settings)

    def _absent(self, name: str) -> Status:
        """The state of a plugin that is not on because it was switched off, cannot be loaded, or is gone."""
        found: Found | None = self._host.plugins.get(name)
        if found is None:
            return Status(State.MISSING, "Its package is not installed; its settings and data are still here.")
        if not found.loaded:
            return Status(State.BLOCKED, _SAFE_MODE)
        return Status(State.OFF) if found.info is not None else Status(State.BROKEN, found.problem)

    def _form(self, info: PluginInfo) -> Form:
        return Form(info, self._vault)

    def _loadable(self, name: str) -> PluginInfo:
        found = self._host.plugins.get(name)
        if found is None or found.info is None:
            status = self._absent(name)
            if status.state is State.MISSING and self._book.recall(name) == Memory():
                raise NotFound("unknown_plugin", f"There is no plugin called {name[:40]!r}.", "See `crm plugins list`.")
            what = f"The plugin {name} is {status.state}. {status.reason}"
            raise PluginProblem("plugin_unusable", what, status.next_step)
        return found.info

    def _check_dispensable(self, name: str) -> None:
        if self._host.pinned(name):
            raise Conflict("plugin_pinned", f"The plugin {name} cannot be switched off: the CRM stands on it.")
        users = sorted(other for other in self._host.on if name in self._host.infos[other].requires)
        if users:
            what = f"{', '.join(users)} needs the plugin {name}."
            raise Conflict("plugin_needed", what, f"Switch {users[0]} off first.")

    def _check_admin(self, actor: Actor, *, writes: bool = False) -> None:
        if not actor.is_admin:
            raise Refused("admins_only", "Only admins may see and switch plugins.", "Ask an admin of your team.")
        if writes and actor.scope == "read":
            raise Refused("read_only_token", "This token may only read.", "Use a token with the scope write.")
