"""Does a backup hold what it should? A real restore of it into a scratch folder, looked at from all sides."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from crm_core import clock
from crm_core.config import Config
from crm_core.contracts import Storage
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.query import Query
from crm_core.contracts.snapshot import Backup, Proof, ProofStep
from crm_core.errors import CrmError, Invalid
from crm_core.host import Host, Registry
from crm_core.services import verification
from crm_core.services.computed import Graphs
from crm_core.services.computed.proving import differing
from crm_core.services.computed.state import stale
from crm_core.services.snapshots import contents
from crm_core.services.snapshots.attachments import Attachments
from crm_core.services.snapshots.program import VERSION
from crm_core.storage import schema, state
from crm_core.storage.migrate import CORE, CORE_MIGRATIONS, known_versions
from crm_core.storage.scratch import scratch
from crm_core.storage.unit import Units

if TYPE_CHECKING:
    from crm_core.crm import Crm

Boot = Callable[[Config, Host], "Crm"]
Tell = Callable[[str, float], None]
ROOM = 2.3
"""How many times its size a backup needs on the disk while it is restored: the file, and the log it is written by."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a proof needs of the running CRM; `boot` starts another one on a scratch folder."""

    config: Config
    boot: Boot
    attachments: Attachments
    registry: Callable[[], Registry]
    zone: Callable[[], str]


class Failed(Exception):
    """A check that did not hold; the text says what was found instead."""


class Proving:
    """One proof under way: runs its steps in order and stops at the first that fails."""

    def __init__(self, backup: Backup, tools: Tools, tell: Tell) -> None:
        self._file, self._manifest, self._tools, self._tell = backup.file, backup.manifest, tools, tell
        self._steps: list[ProofStep] = []

    def run(self) -> Proof:
        """The certificate; a problem of the disk the proof needs (full, read-only) is raised, as it says nothing."""
        at, start = clock.now_text(), clock.monotonic()
        room = int(ROOM * self._manifest.database.size)
        with scratch(self._tools.config.data_dir, room=room) as folder:
            self._all(folder)
        ok = all(step.ok for step in self._steps)
        return Proof(at, ok, VERSION, round(clock.monotonic() - start, 3), self._steps)

    def _all(self, folder: Path) -> None:
        if not self._step("file", self._is_the_file):
            return
        if self._manifest.files and not self._step("files", self._has_the_files):
            return
        database = folder / "crm.sqlite3"
        storage = Host.discover(safe_mode=True).copy(database)
        try:
            if not (
                self._step("restore", lambda: self._restore(storage))
                and self._step("soundness", lambda: self._is_sound(storage, database))
                and self._step("contents", lambda: self._holds_the_same(database))
                and self._step("history", lambda: self._history_follows(storage))
                and self._step("formulas", lambda: self._formulas_agree(storage))
            ):
                return
        finally:
            storage.close()
        self._step("start", lambda: self._starts(folder, database))

    def _step(self, name: str, check: Callable[[], str]) -> bool:
        self._tell(name, 0.0)
        start = clock.monotonic()
        try:
            ok, detail = True, check()
        except Failed as failed:
            ok, detail = False, str(failed)
        except CrmError as error:
            if error.code in ("disk_full", "read_only"):
                raise
            ok, detail = False, error.message
        except Exception as error:  # whatever damage makes the driver or a decoder say is what was found
            ok, detail = False, f"{type(error).__name__}: {error}"[:500]
        self._steps.append(ProofStep(name, ok, detail, round(clock.monotonic() - start, 3)))
        return ok

    def _is_the_file(self) -> str:
        wanted, found = self._manifest.database, contents.hash_file(self._file)
        if found.size != wanted.size:
            raise Failed(f"The file has {found.size:,} bytes, the manifest says {wanted.size:,}.")
        if found.sha256 != wanted.sha256:
            raise Failed("The file's SHA-256 is not the one in the manifest: it was changed or damaged.")
        return f"{found.size:,} bytes, SHA-256 as in the manifest"

    def _has_the_files(self) -> str:
        return self._tools.attachments.check(self._manifest, self._file.parent)

    def _restore(self, storage: Storage) -> str:
        try:
            storage.restore(self._file)
        except Invalid as error:
            raise Failed(error.message) from error
        return "restored into an empty database"

    def _is_sound(self, storage: Storage, database: Path) -> str:
        problems = storage.verify(database)
        if problems:
            raise Failed("; ".join(problems[:5]))
        return "every page is sound, no row points to a missing one"

    def _holds_the_same(self, database: Path) -> str:
        wanted = self._manifest
        found = contents.read(database, still=False, tell=lambda share: self._tell("contents", share))
        for table, content in wanted.tables.items():
            there = found.tables.get(table)
            if there is None:
                raise Failed(f"The table {table} is missing.")
            if there != content:
                raise Failed(f"The table {table} differs: {there.rows:,} rows, {content.rows:,} in the manifest.")
        more = found.tables.keys() - wanted.tables.keys()
        if more:
            raise Failed(f"There are tables that the manifest does not know: {', '.join(sorted(more))}.")
        said = (wanted.revisions, wanted.version, wanted.schema_version, wanted.history)
        if said != (found.revisions, found.version, found.schema_version, found.history):
            raise Failed("Versions or the end of the history differ from the manifest.")
        rows = sum(content.rows for content in found.tables.values())
        return f"{len(found.tables)} tables, {rows:,} rows, each with the hash of the manifest"

    def _history_follows(self, storage: Storage) -> str:
        found = verification.history(storage)
        if found.problems:
            raise Failed("; ".join(found.problems))
        return f"{found.entries:,} entries follow from each other, up to version {found.version:,}"

    def _formulas_agree(self, storage: Storage) -> str:
        """Compute everything anew, with the functions there are now; that takes the schema of now."""
        if self._manifest.revisions.get(CORE) != known_versions(CORE_MIGRATIONS)[-1]:
            return "not computed again: the backup is of an older version"
        with Units(storage).read() as session:
            connection = session.connection()
            graph = Graphs(self._tools.registry).of(schema.load(connection, state.current(connection).schema_version))
            zone = self._tools.zone()
            waiting = stale(connection, graph, zone)
            wrong = {key: cells for key, cells in differing(connection, graph, zone).items() if key not in waiting}
        if wrong:
            names = ", ".join(graph.by_field[key].field.name for key in wrong)
            raise Failed(f"{sum(wrong.values()):,} cells hold something else than their formulas give: {names}")
        later = f"; {len(waiting)} wait to be computed" if waiting else ""
        return f"{len(graph.nodes) - len(waiting)} computed fields give the same values for every record{later}"

    def _starts(self, folder: Path, database: Path) -> str:
        config = replace(
            self._tools.config, data_dir=folder, database_url=f"sqlite:///{database.resolve()}", safe_mode=True
        )
        crm = self._tools.boot(config, Host.discover(safe_mode=True))
        try:
            tables = crm.tables.catalogue(SYSTEM).tables
            rows = sum(crm.windows.query(table.key, Query(limit=10), SYSTEM).total for table in tables)
        finally:
            crm.close()
        return f"the CRM starts on it and reads {rows:,} records of {len(tables)} tables"
