"""Copies of the whole CRM: take one, prove it by a real restore, see what restoring would change, restore it."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from crm_core import clock
from crm_core.config import Config
from crm_core.contracts import Storage
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import Applied
from crm_core.contracts.snapshot import Backup, Manifest, Proof, ProofStep, Restored, RestorePreview
from crm_core.errors import CrmError, Invalid, Refused
from crm_core.host import Host
from crm_core.services import events
from crm_core.services.access.policy import KEY as SECURITY
from crm_core.services.builtin import ensure_builtin
from crm_core.services.plugins import Plugins
from crm_core.services.records import Records
from crm_core.services.settings import Settings
from crm_core.services.snapshots import carrying, contents, manifests, pieces
from crm_core.services.snapshots.attachments import Attachments
from crm_core.services.snapshots.comparing import Side, compare
from crm_core.services.snapshots.program import VERSION
from crm_core.services.snapshots.proving import ROOM, Boot, Proving, Tell, Tools
from crm_core.services.snapshots.restoring import Restoring
from crm_core.services.windows import Windows
from crm_core.storage import schema, state
from crm_core.storage.migrate import CORE, CORE_MIGRATIONS, migrate, pending
from crm_core.storage.schema import SchemaCache
from crm_core.storage.scratch import check_room, scratch
from crm_core.storage.unit import Units

__all__ = ["Backup", "Snapshots"]

_log = logging.getLogger("crm.backups")


def _quiet(step: str, share: float) -> None:
    pass


class Snapshots:
    """Everything about copies of the whole. Where, when and how long they are kept is a plugin's business.

    `forget` drops what services remember of the data that was there before a restore; `wake` has computed fields looked
    at afterwards.
    """

    def __init__(
        self, units: Units, settings: Settings, records: Records, plugins: Plugins, host: Host, config: Config,
        boot: Boot, forget: Sequence[Callable[[], None]], wake: Callable[[], None],
    ) -> None:  # fmt: skip
        self._units, self._settings, self._records = units, settings, records
        self._plugins, self._host, self._config = plugins, host, config
        self._forget, self._wake = forget, wake
        self.attachments = Attachments(config.data_dir)
        self._tools = Tools(config, boot, self.attachments, lambda: host.registry, lambda: settings.team().time_zone)

    # --- taking ----------------------------------------------------------------------------------------------------

    def take(self, to: Path, actor: Actor, reason: str, tell: Tell = _quiet) -> Manifest:
        """Write a copy of everything to the file `to`, and its manifest beside it.

        The manifest comes last, so a copy without one is half a copy. Unavailable (`disk_full`, …) leaves nothing.
        """
        try:
            tell("copy", 0.0)
            check_room(to.parent, int(1.1 * self._size()))
            self._units.storage.snapshot(to)
            manifest = self.describe(to, actor, reason, tell)
            self.attachments.keep(manifest, to.parent)
            manifests.write(manifest, manifests.path_of(to))
        except BaseException as error:
            to.unlink(missing_ok=True)
            explained = self._units.storage.explain(error) if isinstance(error, Exception) else None
            if explained is None:
                raise
            raise explained from error
        return manifest

    def describe(self, file: Path, actor: Actor, reason: str, tell: Tell = _quiet) -> Manifest:
        """The manifest for a database file; Invalid (`not_a_backup`, `backup_damaged`)."""
        tell("read", 0.0)
        database = contents.hash_file(file)
        found = contents.read(file, tell=lambda share: tell("read", share))
        return manifests.sealed(
            Manifest(
                app=VERSION,
                created_at=clock.now_text(),
                created_by=actor.name,
                reason=reason,
                database=database,
                revisions=found.revisions,
                version=found.version,
                schema_version=found.schema_version,
                changed_at=found.changed_at,
                history=found.history,
                tables=found.tables,
                files=self.attachments.list(),
            )
        )

    def adopt(self, file: Path, given: Manifest | None, actor: Actor, reason: str, tell: Tell = _quiet) -> Manifest:
        """Make a database file from outside a backup: write its manifest beside it.

        `given` came along with it: it says what the file must be (`backup_damaged` otherwise), and when it was made.
        """
        if given is None:
            manifest = manifests.sealed(msgspec.structs.replace(self.describe(file, actor, reason, tell), files=[]))
        else:
            self._check_file(Backup(file.name, file, given))
            manifest = manifests.sealed(
                msgspec.structs.replace(
                    given, reason=reason, database=msgspec.structs.replace(given.database, name=file.name)
                )
            )
        manifests.write(manifest, manifests.path_of(file))
        return manifest

    def read_manifest(self, path: Path) -> Manifest:
        """A manifest that is as it was written; Invalid (`manifest_damaged`, `newer_backup`)."""
        return manifests.read(path)

    def write_whole(self, path: Path, content: bytes) -> None:
        """Put a small file in its place in one step."""
        manifests.write_whole(path, content)

    def _size(self) -> int:
        with self._units.read() as session:
            connection = session.connection()
            if connection.dialect.name != "sqlite":
                return 0
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())

    # --- proving ---------------------------------------------------------------------------------------------------

    def prove(self, backup: Backup, tell: Tell = _quiet) -> Proof:
        """Restore it into a scratch folder and look at it from all sides; what is wrong stands in the answer.

        Unavailable (`disk_full`) when there is no room to try, which says nothing about the backup.
        """
        return Proving(backup, self._tools, tell).run()

    def reread(self, backup: Backup) -> Proof | None:
        """Read a backup's file again; a certificate that says so when it is not what its manifest describes."""
        start = clock.monotonic()
        try:
            self._check_file(backup)
            self.attachments.check(backup.manifest, backup.file.parent)
        except (CrmError, OSError) as error:
            why = error.message if isinstance(error, CrmError) else str(error)
            step = ProofStep("file", False, why, round(clock.monotonic() - start, 3))
            return Proof(clock.now_text(), False, VERSION, step.seconds, [step])
        return None

    # --- looking ---------------------------------------------------------------------------------------------------

    def compare(self, backup: Backup) -> RestorePreview:
        """What restoring would change. Unavailable (`newer_database`) when a newer program made it."""
        zone = self._settings.team().time_zone
        with self._copy(backup) as (storage, run), self._units.read() as session, Units(storage).read() as other:
            live, then = session.connection(), other.connection()
            now, was = state.current(live), state.current(then)
            differences = compare(
                Side(live, schema.load(live, now.schema_version), zone),
                Side(then, schema.load(then, was.schema_version), zone),
            )
            accounts = "kept" if carrying.same_crm(live, then) else "replaced"
            others = {name: content.rows for name, content in backup.manifest.tables.items()}
            return RestorePreview(
                backup=backup.name,
                created_at=backup.manifest.created_at,
                version_now=now.version,
                version_then=was.version,
                changed_now=now.updated_at,
                changed_then=was.updated_at,
                versions_lost=max(0, now.version - was.version),
                accounts=accounts,
                migrations=run,
                tables=differences,
                other=_counts(live, others),
            )

    @contextmanager
    def _copy(self, backup: Backup) -> Iterator[tuple[Storage, dict[str, list[str]]]]:
        """A backup restored into a scratch folder and brought to this program's schema, with what was migrated."""
        self._check_file(backup)
        with scratch(self._config.data_dir, room=int(ROOM * backup.manifest.database.size)) as folder:
            storage = self._host.copy(folder / "crm.sqlite3")
            try:
                storage.restore(backup.file)
                yield storage, self.upgrade(storage)
            finally:
                storage.close()

    def _check_file(self, backup: Backup) -> None:
        if contents.hash_file(backup.file, backup.manifest.database.name) != backup.manifest.database:
            raise Invalid(
                "backup_damaged",
                f"{backup.file.name} is not the file that its manifest describes: it was changed or damaged.",
                "Use another backup.",
            )

    def upgrade(self, storage: Storage) -> dict[str, list[str]]:
        """Bring a copy to the schema of this program and of every plugin that is on; what was run, by owner."""
        owners = {CORE: CORE_MIGRATIONS}
        infos = self._host.infos
        owners |= {name: package for name in sorted(self._host.on) if (package := infos[name].migrations)}
        run: dict[str, list[str]] = {}
        units = Units(storage)
        for owner, package in owners.items():
            with units.read() as session:
                todo = pending(session.connection(), owner, package)
            if todo:
                with units.write() as session:
                    run[owner] = migrate(session.connection(), owner, package)
        ensure_builtin(units)
        return run

    # --- restoring -------------------------------------------------------------------------------------------------

    def restore(
        self,
        backup: Backup,
        actor: Actor,
        safety: Callable[[], Backup],
        *,
        settings: Sequence[str] = (),
        tell: Tell = _quiet,
    ) -> Restored:
        """Put a backup in the place of the data; `safety` makes a backup of what is there just before.

        The `settings` with these keys, and what admins demand for coming in, stay as they are now.

        Everything is prepared on a copy while work goes on; then nobody else is let in for the moments that it takes to
        make the safety backup and swap. Whatever fails, the data is as it was before. Refused unless actor is an admin.
        """
        _check_admin(actor)
        self._check_file(backup)
        with scratch(self._config.data_dir, room=int(2 * ROOM * backup.manifest.database.size)) as folder:
            restoring = Restoring(self._units, self._host, backup.file, backup.manifest, folder, tell)
            try:
                restoring.prepare(self.upgrade)
                self.attachments.bring_back(backup.manifest, backup.file.parent)
                restored = restoring.swap(backup.name, actor, safety, (*settings, SECURITY), self._forget)
            finally:
                restoring.close()
        self._wake()
        try:
            self._plugins.follow()
        except CrmError as error:  # the restore stands; plugins are looked after every few seconds anyway
            _log.warning("The plugins follow the restored data later: %s", error)
        return restored

    def restore_records(
        self, backup: Backup, table: str, records: Sequence[str], fields: Sequence[str] | None, actor: Actor
    ) -> Applied:
        """Give single records, or some fields of them, the values they have in a backup: one change set, undoable."""
        with self._copy(backup) as (storage, _):
            windows = Windows(Units(storage), SchemaCache(), self._settings)
            try:
                found = pieces.read(windows, table, records)
            finally:
                windows.close()
        with self._units.read() as session:
            connection = session.connection()
            here = schema.load(connection, state.current(connection).schema_version)
            ops = pieces.operations(connection, here, table, found, fields)
        return pieces.write(self._records, ops, actor, f"Backup of {backup.manifest.created_at}")

    # --- telling ---------------------------------------------------------------------------------------------------

    def log(self, kind: str, actor: Actor | None, subject: str, data: Mapping[str, Any]) -> None:
        """Write an event about a backup (`backup.…`) to the log of what happened."""
        with self._units.write() as session:
            events.record(session.connection(), kind, actor or SYSTEM, subject=subject, data=data)


def _counts(live: sa.Connection, then: Mapping[str, int]) -> dict[str, list[int]]:
    """Rows now and then of every table that is on both sides and differs."""
    found = {}
    here = set(sa.inspect(live).get_table_names())
    for name, rows in then.items():
        if name in here:
            now = live.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar() or 0
            if now != rows:
                found[name] = [now, rows]
    return found


def _check_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise Refused("admins_only", "Only admins may restore a backup.", "Ask an admin of your team.")
