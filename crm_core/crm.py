"""Crm: the frozen bundle of services that plugins and handlers are given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crm_core.config import Config
from crm_core.contracts import Storage
from crm_core.host import Host
from crm_core.services.access import Access
from crm_core.services.activities import Activities
from crm_core.services.activity import Activity
from crm_core.services.builtin import ensure_builtin
from crm_core.services.comments import Discussion
from crm_core.services.computed import Graphs
from crm_core.services.computed.asking import Computed
from crm_core.services.dashboards import Dashboards
from crm_core.services.egress import Egress
from crm_core.services.files import Files
from crm_core.services.fundraising import Fundraising
from crm_core.services.imports import Imports
from crm_core.services.jobs import Jobs
from crm_core.services.merging.comparing import Merging
from crm_core.services.merging.suggestions import Duplicates
from crm_core.services.notifications import Notices, assigned
from crm_core.services.past import Past
from crm_core.services.plugins import Plugins
from crm_core.services.recalculation import Recalculation
from crm_core.services.records import Records
from crm_core.services.requests import Requests
from crm_core.services.security import Security
from crm_core.services.settings import Settings
from crm_core.services.snapshots import Snapshots
from crm_core.services.tables import Tables
from crm_core.services.timeline import Timelines
from crm_core.services.users import Users
from crm_core.services.windows import Windows
from crm_core.storage.schema import SchemaCache
from crm_core.storage.unit import Units
from crm_core.storage.upgrade import prepare, take_back


@dataclass(frozen=True)
class Crm:
    """Everything the CRM does, by subject.

    `units` units of work · `schemas` tables and fields · `records` every write of the team's data, its history and
    undo · `duplicates` records that may be the same, `merging` making one of them · `recalculation` computed fields
    in the background, `computed` answers about them · `windows` every read of it, `past` the same of earlier states
    · `tables` what the grid needs to start · `activity` what happened, in words · `requests` what people wish for ·
    `comments`, `activities`, `timeline` what is said and done around a record, `notifications` who is told of it ·
    `fundraising` the state as one document, `dashboards` sums of it · `imports` files in, `files` what is attached
    · `users`, `access` who may come in · `settings` · `plugins`, `jobs` what they do by themselves · `snapshots`
    copies of the whole, and restoring them.
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
    activity: Activity
    requests: Requests
    comments: Discussion
    notifications: Notices
    activities: Activities
    timeline: Timelines
    records: Records
    merging: Merging
    duplicates: Duplicates
    recalculation: Recalculation
    computed: Computed
    fundraising: Fundraising
    dashboards: Dashboards
    imports: Imports
    files: Files
    plugins: Plugins
    jobs: Jobs
    snapshots: Snapshots
    security: Security
    egress: Egress

    def close(self) -> None:
        """Stop imports and plugins, then let go of the database; acknowledged work is on disk already."""
        self.imports.close()
        self.recalculation.close()
        self.plugins.close()
        self.past.close()
        self.windows.close()
        self.units.storage.close()


def open_crm(config: Config, host: Host) -> Crm:
    """Open the database, bring it up to date, and switch on the plugins that should be on."""
    storage: Storage = host.storage(config.database_url)
    before = None
    try:
        before = prepare(storage, config.data_dir, host.copy)
        units = Units(storage)
        ensure_builtin(units)
        schemas = SchemaCache()
        settings = Settings(units, config)
        users = Users(units)
        graphs = Graphs(lambda: host.registry)
        recalculation = Recalculation(units, schemas, settings, graphs)
        windows = Windows(units, schemas, settings, lambda schema: graphs.of(schema).broken)
        records = Records(units, schemas, settings, graphs, recalculation.wake, assigned)
        tables = Tables(units, schemas, graphs)
        access = Access(units, users, settings, config)
        plugins = Plugins(units, settings, host, config)
        duplicates = Duplicates(units, schemas)
        forget = (schemas.forget, duplicates.forget, windows.forget, settings.forget, users.forget, access.forget)
        crm = Crm(
            config=config,
            units=units,
            schemas=schemas,
            settings=settings,
            users=users,
            access=access,
            tables=tables,
            windows=windows,
            past=Past(units, settings, (windows, tables), config.data_dir, host.copy, graphs),
            activity=Activity(units, schemas, settings),
            requests=Requests(units),
            comments=Discussion(units, schemas),
            notifications=Notices(units, schemas, settings),
            activities=Activities(units, schemas, settings, records),
            timeline=Timelines(units, schemas, settings),
            records=records,
            merging=Merging(units, schemas, settings, records),
            duplicates=duplicates,
            recalculation=recalculation,
            computed=Computed(units, schemas, settings, graphs),
            fundraising=Fundraising(units, schemas, tables, windows, records),
            dashboards=Dashboards(units, schemas),
            files=Files(units, config),
            imports=Imports(units, schemas, settings, records, windows, host, config),
            plugins=plugins,
            jobs=Jobs(units, plugins),
            snapshots=Snapshots(units, settings, records, plugins, host, config, open_crm, forget, recalculation.wake),
            security=Security(units, config, access.policies, plugins),
            egress=Egress(units, access.policies),
        )
        crm.plugins.start(crm)
        crm.plugins.on_switch(recalculation.wake)
        recalculation.start()
    except BaseException:
        if before is not None:
            take_back(storage, before)
        storage.close()
        raise
    return crm


@contextmanager
def opened(config: Config) -> Iterator[Crm]:
    """The CRM of a configuration, with every installed plugin, closed at the end of the block."""
    crm = open_crm(config, Host.discover(safe_mode=config.safe_mode))
    try:
        yield crm
    finally:
        crm.close()
