"""The steps of switching a plugin on that need the database: its settings, its tables, its context, its state."""

import logging
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from pydantic import BaseModel

from crm_core.config import Config
from crm_core.contracts import PluginContext, PluginInfo
from crm_core.errors import CrmError
from crm_core.host import Halt, State
from crm_core.host.discovery import explain
from crm_core.services.plugins.form import Form, Unfit
from crm_core.storage.migrate import pending
from crm_core.storage.unit import Units
from crm_core.storage.upgrade import run_checked

if TYPE_CHECKING:
    from crm_core.crm import Crm


class DatabaseSteps:
    """The steps for one switch of one plugin (see crm_core.host.Steps); `loaded` are the settings it got."""

    def __init__(
        self, crm: "Crm", form: Form, load: Callable[[], BaseModel], save: Callable[[BaseModel], None], config: Config
    ) -> None:
        self.loaded: BaseModel | None = None
        self._crm = crm
        self._form = form
        self._load = load
        self._save = save
        self._config = config

    def settings(self, info: PluginInfo) -> BaseModel:
        try:
            self.loaded = self._load()
        except Unfit as unfit:
            raise Halt(State.NEEDS_SETUP, f"{unfit}.") from unfit
        return self.loaded

    def migrate(self, info: PluginInfo) -> None:
        if info.migrations is None:
            return
        units: Units = self._crm.units
        try:
            with units.read() as session:
                todo = pending(session.connection(), info.name, info.migrations)
            if not todo:
                return
            folder = self._config.data_dir / "snapshots"
            folder.mkdir(parents=True, exist_ok=True)
            units.storage.snapshot(folder / f"before-{info.name}-{todo[-1]}.sqlite3")
            with units.write() as session:
                run_checked(session.connection(), info.name, info.migrations)
        except KeyboardInterrupt:
            raise
        except CrmError as error:
            raise Halt(State.MIGRATION_FAILED, error.message) from error
        except BaseException as error:
            raise Halt(State.MIGRATION_FAILED, f"Its migrations failed with {explain(error)}.") from error

    def context(self, info: PluginInfo, settings: BaseModel, undo: ExitStack) -> PluginContext:
        folder = self._config.data_dir / "plugins" / info.name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Halt(State.FAILED, f"Its folder {folder} cannot be made ({error.strerror}).") from error

        def forget_empty_folder() -> None:
            with suppress(OSError):
                folder.rmdir()

        undo.callback(forget_empty_folder)
        return PluginContext(info.name, settings, self._crm, folder, logging.getLogger(f"crm.plugins.{info.name}"))

    def save_on(self, info: PluginInfo) -> None:
        assert self.loaded is not None
        self._save(self.loaded)
