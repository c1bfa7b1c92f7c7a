"""The parts of the CRM that plugins stand on, on a real database, composed as crm_core.crm does."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from crm_core.config import Config, from_env
from crm_core.host import Host, Patience
from crm_core.services.plugins import Plugins
from crm_core.services.settings import Settings
from crm_core.storage.unit import Units
from crm_core.storage.upgrade import prepare

if TYPE_CHECKING:
    from crm_core.crm import Crm


class Desk:
    """One process's view of a data folder: what plugins get as `ctx.crm`, as far as they need it here."""

    def __init__(self, data: Path, *, start: bool = True, patience: Patience | None = None, **variables: str) -> None:
        self.config: Config = from_env(variables, data_dir=data)
        self.host = Host.discover(safe_mode=self.config.safe_mode, patience=patience)
        storage = self.host.storage(self.config.database_url)
        prepare(storage, self.config.data_dir)
        self.units = Units(storage)
        self.settings = Settings(self.units, self.config)
        self.plugins = Plugins(self.units, self.settings, self.host, self.config)
        self.told = 0
        self.plugins.on_switch(self._hear)
        if start:
            self.plugins.start(cast("Crm", self))

    def _hear(self) -> None:
        self.told += 1

    def close(self) -> None:
        self.plugins.close()
        self.units.storage.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.units.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql)]

    def events(self, kind: str = "plugin.switched") -> list[tuple[str, dict[str, Any]]]:
        found = self.rows(f"SELECT subject, data FROM events WHERE kind = '{kind}' ORDER BY id")
        return [(subject, json.loads(data)) for subject, data in found]
