"""The long steps of an import: compare and apply. Whatever ends them, the run's row says what happened."""

import logging
from collections.abc import Callable, Iterator

from crm_core import ids
from crm_core.contracts import Sheet
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import ChangeSet, InsertStored, Op
from crm_core.contracts.imports import Problem
from crm_core.errors import CrmError, Invalid
from crm_core.services import events
from crm_core.services.imports import runs
from crm_core.services.imports.compare import Comparison
from crm_core.services.imports.existing import Existing
from crm_core.services.imports.folder import Facts, Folder
from crm_core.services.imports.jobs import Cancelled, Job
from crm_core.services.imports.mapping import Plan, make_plan
from crm_core.services.imports.operations import Operations
from crm_core.services.imports.pages import describe
from crm_core.services.imports.runs import Run, Tally
from crm_core.services.imports.store import Store
from crm_core.services.records import Records
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.schema import Schema, SchemaCache
from crm_core.storage.unit import Units

_log = logging.getLogger("crm.imports")
_ENDED = frozenset(("applied", "undone", "cancelled", "failed"))


class Work:
    """Runs in the background thread; never raises."""

    def __init__(self, units: Units, schemas: SchemaCache, settings: Settings, records: Records) -> None:
        self._units, self._schemas, self._settings, self._records = units, schemas, settings, records

    def compare(self, run: Run, folder: Folder, facts: Facts, sheet: Sheet, job: Job) -> None:
        """Compare the file with the table and keep what was found for the preview."""

        def act() -> Run:
            counts = self._compare(run, folder, facts, sheet, job.reach)
            return run._replace(status="compared", counts=counts)

        self._guarded(run, folder, SYSTEM, act)

    def apply(self, run: Run, folder: Folder, facts: Facts, sheet: Sheet, actor: Actor, job: Job) -> None:
        """Write what the comparison found as one change set.

        If anything was changed since the comparison, it is made again first, under the write lock, so that what is
        written always follows from the table as it is.
        """
        with self._units.read() as session:
            stored = runs.load(session.connection(), ids.encode("imp", run.key))
        if stored.status != "compared":  # a second request came in while the first was at work: its answer stands
            return
        tally, start = [run.counts], [0]

        def operations() -> Iterator[Op | InsertStored]:
            with self._units.read() as session:
                connection = session.connection()
                now = state.current(connection)
                start[0] = now.version
                store = Store(folder.found)
                try:
                    if store.facts().get("version") != now.version:
                        store.close()
                        tally[0] = self._compare(run, folder, facts, sheet, lambda _: job.reach(0))
                        store = Store(folder.found)
                    if not (tally[0].created or tally[0].updated or tally[0].conflicts):
                        return
                    schema = self._schemas.at(connection, now.schema_version)
                    plan = self._plan(run, schema, facts)
                    yield from Operations(connection, schema, plan, store, store.facts()["options"], job.advance)
                finally:
                    store.close()

        def act() -> Run:
            change = ChangeSet(operations(), source=run.source, reason=f"Import of {run.filename}", create_options=True)
            applied = self._records.apply(change, actor)
            counts, written = tally[0], applied.version > start[0]
            counts.seen = applied.version
            return run._replace(status="applied", counts=counts, version=applied.version if written else None)

        self._guarded(run, folder, actor, act)

    def _plan(self, run: Run, schema: Schema, facts: Facts) -> Plan:
        table = schema.by_id.get(run.table_id)
        if table is None:
            raise Invalid("unknown_table", "The table of this import is gone.", "Start a new import.")
        key = schema.fields.get(run.key_field or 0)
        currency = self._settings.team().currency
        by, keyless = key.public_id if key else None, run.key_field == runs.NO_KEY
        return make_plan(schema, table, facts.header, run.mapping, by, currency, keyless=keyless)

    def _compare(self, run: Run, folder: Folder, facts: Facts, sheet: Sheet, progress: Callable[[int], None]) -> Tally:
        with self._units.read() as session:
            connection = session.connection()
            now = state.current(connection)
            schema = self._schemas.at(connection, now.schema_version)
            plan = self._plan(run, schema, facts)
            since = runs.since(connection, plan.table, run.header_hash)
            existing = Existing(connection, schema, self._settings.team().time_zone)
            store = Store(folder.found, fresh=True)
            try:
                comparison = Comparison(existing, plan, sheet, store, since, progress)
                comparison.run()
                found = {"version": now.version, "slots": describe(plan), "options": comparison.new_options()}
                store.finish(found)
            finally:
                store.close()
        counts = comparison.counts
        return Tally(
            counts.created, counts.updated, counts.unchanged, counts.conflicts, counts.errors, run.counts.rows, None
        )

    def _guarded(self, run: Run, folder: Folder, actor: Actor, act: Callable[[], Run]) -> None:
        """Do one step under the import's lock and write down how it ended."""
        try:
            with folder.working():
                self.note(run, actor)
                try:
                    ended = act()
                except Cancelled:
                    ended = run._replace(status="cancelled", counts=Tally(rows=run.counts.rows))
                except CrmError as error:
                    ended = run._replace(status="failed", problem=Problem(error.code, error.message, error.hint))
                except Exception as error:
                    explained = self._units.storage.explain(error)
                    if explained is None:
                        _log.exception("The import %s failed.", run.public_id)
                        explained = Invalid(
                            "import_failed",
                            "The import failed because of a defect; nothing was changed.",
                            "See the log.",
                        )
                    problem = Problem(explained.code, explained.message, explained.hint)
                    ended = run._replace(status="failed", problem=problem)
                self.note(ended, actor)
        except Exception:  # not even the run's row could be written (disk full): its state is repaired when it is read
            _log.exception("The state of the import %s could not be written.", run.public_id)

    def note(self, run: Run, actor: Actor) -> None:
        """Write a run's state; its end is told in the log of events."""
        with self._units.write() as session:
            runs.save(session.connection(), run)
            if run.status in _ENDED:
                counts = {name: getattr(run.counts, name) for name in ("created", "updated", "conflicts", "errors")}
                data = {"file": run.filename, "status": run.status, **counts}
                events.record(
                    session.connection(),
                    "import.finished",
                    actor,
                    subject=run.public_id,
                    version=run.version,
                    data=data,
                )

    def recover(self, run: Run) -> Run:
        """Settle a run whose program died: its change set was committed whole, or not at all."""
        with self._units.read() as session:
            version = runs.applied_as(session.connection(), run) if run.status == "applying" else None
        if version is not None:
            run.counts.seen = version
            run = run._replace(status="applied", version=version)
        else:
            problem = Problem(
                "import_interrupted",
                "The CRM stopped while it worked on this import; nothing was changed.",
                "Start it again.",
            )
            run = run._replace(status="failed", problem=problem)
        self.note(run, SYSTEM)
        return run
