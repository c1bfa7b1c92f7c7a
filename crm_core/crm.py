"""Crm: the frozen bundle of services that plugins and handlers are given."""

from dataclasses import dataclass

from crm_core.config import Config
from crm_core.contracts import Storage
from crm_core.host import Host
from crm_core.services.access import Access
from crm_core.services.builtin import ensure_builtin
from crm_core.services.fundraising import Fundraising
from crm_core.services.imports import Imports
from crm_core.services.past import Past
from crm_core.services.plugins import Plugins
from crm_core.services.records import Records
from crm_core.services.settings import Settings
from crm_core.services.tables import Tables
from crm_core.services.users import Users
from crm_core.services.windows import Windows
from crm_core.storage.migrate import prepare
from crm_core.storage.schema import SchemaCache
from crm_core.storage.unit import Units


@dataclass(frozen=True)
class Crm:
    """Everything the CRM does, by subject.

    `units` units of work · `schemas` tables and fields · `records` every write of the team's data, its history and
    undo · `windows` every read of it, `past` the same of earlier states · `tables` what the grid needs to start
    · `fundraising` the state as one document · `imports` files in · `users`, `access` who may come in · `settings` · `plugins`.
    """

    config: Config
    units: Units
    schemas: SchemaCache
    settings: Settings
    users: Users
    access: Access
    tables: Tables
    windows: Windows
    past: Past
    records: Records
    fundraising: Fundraising
    imports: Imports
    plugins: Plugins

    def close(self) -> None:
        """Stop imports and plugins, then let go of the database; acknowledged work is on disk already."""
        self.imports.close()
        self.plugins.close()
        self.past.close()
        self.windows.close()
        self.units.storage.close()


def open_crm(config: Config, host: Host) -> Crm:
    """Open the database, bring it up to date, and switch on the plugins that should be on."""
    storage: Storage = host.storage(config.database_url)
    try:
        prepare(storage, config.data_dir)
        units = Units(storage)
        ensure_builtin(units)
        schemas = SchemaCache()
        settings = Settings(units, config)
        users = Users(units)
        windows = Windows(units, schemas, settings)
        records = Records(units, schemas, settings)
        tables = Tables(units, schemas)
        crm = Crm(
            config=config,
            units=units,
            schemas=schemas,
            settings=settings,
            users=users,
            access=Access(units, users, settings, config),
            tables=tables,
            windows=windows,
            past=Past(units, settings, (windows, tables), config.data_dir, host.copy),
            records=records,
            fundraising=Fundraising(units, schemas, tables, windows, records),
            imports=Imports(units, schemas, settings, records, windows, host, config),
            plugins=Plugins(units, settings, host, config),
        )
        crm.plugins.start(crm)
    except BaseException:
        storage.close()
        raise
    return crm
