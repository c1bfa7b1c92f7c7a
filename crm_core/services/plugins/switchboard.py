"""What each plugin's state is in this process, and every way it changes. One switch at a time, over all processes."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import BaseModel

from crm_core.config import Config
from crm_core.contracts import PluginInfo
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.errors import PluginProblem, Unavailable
from crm_core.host import Halt, Host, State, Status, in_order_of_need
from crm_core.services.plugins.book import Book, Memory
from crm_core.services.plugins.form import PURPOSE, Form, scrubbed
from crm_core.services.plugins.steps import DatabaseSteps
from crm_core.services.secrets import Vault

if TYPE_CHECKING:
    from crm_core.crm import Crm

_SAFE_MODE = "The CRM runs in safe mode (CRM_SAFE_MODE), which leaves everything but storage off."
_DIED = "The CRM ended while this plugin was being switched on, so it stays off."
_log = logging.getLogger("crm.plugins")


class Switchboard:
    """The states of all plugins. `crm` is None in a process that only looks and leaves instructions."""

    def __init__(self, host: Host, book: Book, config: Config) -> None:
        self.crm: Crm | None = None
        self.status: dict[str, Status] = {}
        self.wanted: dict[str, bool] = {}
        self._host = host
        self._book = book
        self._config = config
        self._vault = Vault(config.secret_key, PURPOSE)
        self._lock = threading.Lock()
        self._switcher: int | None = None
        self._starting = False

    @contextmanager
    def switching(self) -> Iterator[None]:
        """Let nobody else switch, in this process or another on the same data folder.

        So a mark that a plugin is starting, seen from in here, was left by a process that died. A hook that switches
        plugins while it is called would wait for itself, and is refused.
        """
        if self._switcher == threading.get_ident():
            raise PluginProblem("plugins_busy", "A plugin cannot switch plugins from within its hooks.")
        folder = self._config.data_dir / "plugins"
        folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            self._switcher = threading.get_ident()
            held = os.open(folder, os.O_RDONLY)  # the system lets go of it when the process ends in any way
            try:
                fcntl.flock(held, fcntl.LOCK_EX)
                yield
            finally:
                os.close(held)
                self._switcher = None

    def form(self, info: PluginInfo) -> Form:
        """How a plugin's settings are read and written."""
        return Form(info, self._vault)

    def now(self, name: str) -> Status:
        """The state at this moment: a plugin that is on may rest."""
        gate = self._host.gate(name)
        if gate is None:
            return self.status[name]
        if not gate.resting:
            return Status(State.ON)
        return Status(State.RESTING, f"Too many errors; the last was: {gate.last_error}")

    def absent(self, name: str) -> Status:
        """The state of a plugin that is not on because it was switched off, cannot be loaded, or is gone."""
        found = self._host.plugins.get(name)
        if found is None:
            return Status(State.MISSING, "Its package is not installed; its settings and data are still here.")
        if not found.loaded:
            return Status(State.BLOCKED, _SAFE_MODE)
        return Status(State.OFF) if found.info is not None else Status(State.BROKEN, found.problem)

    # --- all of this only within `switching` -----------------------------------------------------------------------

    def start(self, crm: "Crm") -> None:
        """Switch on every plugin that should be on; each of the others gets a state and a reason."""
        self.crm, self._starting = crm, True
        memories = self._book.read()
        self._book.seen = {name: memory.instructions for name, memory in memories.items()}
        for name in in_order_of_need(self._host.infos):
            self._boot(name, memories.get(name, Memory()))
        for name in self._host.plugins.keys() | memories.keys():
            if name not in self.status:
                self.wanted[name] = bool(memories.get(name, Memory()).wanted)
                self.status[name] = self.absent(name)
        self.settle()
        self._starting = False

    def _boot(self, name: str, memory: Memory) -> None:
        info, is_storage = self._host.infos[name], name == self._host.storage_owner
        wanted = info.on_by_default or self._host.pinned(name) if memory.wanted is None else memory.wanted
        self.wanted[name] = wanted = wanted or is_storage
        halted = None
        if memory.starting:
            halted = Status(State.FAILED, _DIED)
        elif self._config.safe_mode and not is_storage:
            halted = Status(State.BLOCKED, _SAFE_MODE)
        elif not wanted:
            halted = Status(State.OFF)
        if halted is None:
            self.on(name)
            return
        self.status[name] = halted
        if memory.wanted is None or memory.status != halted:
            self._keep(lambda: self._book.save(name, halted, wanted=wanted, keep_mark=True))

    def _keep(self, write: Callable[[], None]) -> None:
        """Write to the database; at the start, a full or read-only disk stops the writing and not the start."""
        try:
            write()
        except Unavailable as error:
            if not self._starting:
                raise
            _log.error("The states of plugins cannot be saved: %s", error)

    def stop(self) -> None:
        """Switch everything off for this process, without changing what is wanted."""
        for name in reversed(in_order_of_need(self._host.infos)):
            if name in self._host.on:
                self._host.switch_off(name)
                self.status[name] = Status(State.OFF)

    def on(
        self,
        name: str,
        actor: Actor | None = None,
        *,
        given: BaseModel | None = None,
        save: Callable[[], None] | None = None,
    ) -> None:
        """Try to switch a plugin on and keep what became of it; `given` settings are saved only if it comes up."""
        if self.crm is None:
            return
        info, wanted = self._host.infos[name], self.wanted[name]
        form, stored = self.form(info), self._book.recall(name).settings

        def save_on(settings: BaseModel) -> None:
            if save is not None:
                save()
            elif stored is not None and stored["version"] != info.settings_version:
                self._book.put_settings(name, form.dump(settings), SYSTEM)
            self._keep(lambda: self._book.save(name, Status(State.ON), actor, wanted=wanted))

        steps = DatabaseSteps(self.crm, form, lambda: given or form.load(stored), save_on, self._config)
        self._keep(lambda: self._book.mark(name, wanted=wanted))
        try:
            if self._config.safe_mode and name != self._host.storage_owner:
                raise Halt(State.BLOCKED, _SAFE_MODE)
            self._host.switch_on(name, steps)
            self.status[name] = Status(State.ON)
        except Halt as halt:
            status = Status(halt.status.state, scrubbed(halt.status.reason, steps.loaded))
            self.status[name] = status
            _log.warning("The plugin %s is not on (%s). %s", name, status.state, status.reason)
            self._keep(lambda: self._book.save(name, status, actor, wanted=wanted))

    def off(self, name: str, status: Status) -> None:
        """Switch a plugin off that nobody asked for by name, and keep why."""
        self._host.switch_off(name)
        self.status[name] = status
        self._book.save(name, status, wanted=self.wanted[name])

    def settle(self) -> None:
        """Follow the needs: what lost something it requires goes off, what waited for it comes on."""
        moved = self.crm is not None
        while moved:
            moved = any(self._settle(name, info) for name, info in self._host.infos.items())

    def _settle(self, name: str, info: PluginInfo) -> bool:
        lacking = [needed for needed in info.requires if needed not in self._host.on]
        if name in self._host.on and lacking:
            self.off(name, Status(State.BLOCKED, f"It needs {', '.join(lacking)}, which is not on."))
            return True
        waits = info.requires and self.wanted[name] and self.status[name].state is State.BLOCKED
        if waits and not lacking and not self._config.safe_mode:
            self.on(name)
            return True
        return False

    def follow(self) -> bool:
        """Do what another process was told, and note which plugins rest; True if anything changed."""
        changed = [self._note_rest(name) for name in self._host.on]
        for name, memory in self._book.read().items():
            seen = self._book.seen.get(name, (0, 0))
            if memory.instructions != seen:
                self._book.seen[name] = memory.instructions
                self._obey(name, memory, reconfigured=memory.instructions[1] != seen[1])
                changed.append(True)
        if any(changed):
            self.settle()
        return any(changed)

    def _obey(self, name: str, memory: Memory, *, reconfigured: bool) -> None:
        self.wanted[name] = wanted = bool(memory.wanted) or name == self._host.storage_owner
        on = name in self._host.on
        if name not in self._host.infos:
            self.status[name] = self.absent(name)
        elif on and not wanted:
            self.off(name, Status(State.OFF))
        elif wanted and (not on or reconfigured):
            if on:
                self._host.switch_off(name)
            self.on(name)
        elif not on:
            self.status[name] = Status(State.OFF)

    def _note_rest(self, name: str) -> bool:
        now = self.now(name)
        if now.state is self.status[name].state:
            return False
        self.status[name] = now
        self._book.save(name, now, wanted=self.wanted[name])
        return True
