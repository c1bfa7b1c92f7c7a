"""Files in: upload → read → map → compare → apply as one change set → undo in one step; and tables out as files.

The formats are plugins' (Importer); everything after the rows of text is here, and knows tables only as data.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from crm_core import ids
from crm_core.config import Config
from crm_core.contracts import Importer, Sheet, SheetRow
from crm_core.contracts.actor import Actor
from crm_core.contracts.imports import Counts, DecimalSign, ImportView, Order, Progress, RowsView, Target, ToField
from crm_core.errors import Conflict, Invalid, NotFound, Refused
from crm_core.host import Host, Item
from crm_core.kinds import FieldDef
from crm_core.services.imports import exports, runs
from crm_core.services.imports.columns import read_columns
from crm_core.services.imports.existing import Existing
from crm_core.services.imports.folder import Facts, Folder, Upload, prune
from crm_core.services.imports.jobs import Jobs
from crm_core.services.imports.mapping import make_plan
from crm_core.services.imports.pages import Pages
from crm_core.services.imports.readers import ColumnReader, Lookups
from crm_core.services.imports.runs import Run
from crm_core.services.imports.store import OUTCOMES, Store
from crm_core.services.imports.suggest import Suggester
from crm_core.services.imports.work import Work
from crm_core.services.records import Records
from crm_core.services.settings import Settings
from crm_core.services.windows import Windows
from crm_core.storage import state
from crm_core.storage.schema import SchemaCache
from crm_core.storage.unit import Units

MAX_PAGE = 1_000
_LISTED = 50
_MAX_FILENAME = 200
_OPEN = ("read", "compared", "cancelled", "failed")


class Source:
    """An opened file whose rows are read through the gate of the plugin that reads it."""

    def __init__(self, item: Item[Importer], sheet: Sheet) -> None:
        self._item, self._sheet = item, sheet
        self.dialect, self.header = sheet.dialect, sheet.header

    def rows(self) -> Iterator[SheetRow]:
        return self._item.stream(self._sheet.rows)


class Imports:
    """Files into grid tables and out of them; comparing and applying run in the background, one at a time."""

    def __init__(
        self,
        units: Units,
        schemas: SchemaCache,
        settings: Settings,
        records: Records,
        windows: Windows,
        host: Host,
        config: Config,
    ) -> None:
        self._units, self._schemas, self._settings = units, schemas, settings
        self._records, self._windows, self._host, self._config = records, windows, host, config
        self._jobs = Jobs()
        self._work = Work(units, schemas, settings, records)

    def close(self) -> None:
        """Stop what runs; it is taken back whole."""
        self._jobs.close()

    def upload(self) -> Upload:
        """A place for a file on its way in, for `start`."""
        return Upload(self._config.data_dir, self._config.max_upload_mb * 2**20)

    def start(self, table: str, filename: str, upload: Upload, actor: Actor) -> ImportView:
        """Read an uploaded file once, suggest a mapping (or the saved one of the same header), and keep it.

        Raises NotFound (table), Invalid when the file cannot be read as a whole, TooLarge.
        """
        _may_write(actor)
        digest = upload.finish()
        name = PurePath(filename.replace("\\", "/")).name.replace("\0", "")[:_MAX_FILENAME] or "file.csv"
        item = self._importer(name)
        sheet = Source(item, item.call(item.offer.open, upload.path, item.offer.settings))
        columns, count = read_columns(sheet)
        team = self._settings.team()
        with self._units.read() as session:
            now = state.current(session.connection())
            schema = self._schemas.at(session.connection(), now.schema_version)
            target = schema.table(table)
            existing = Existing(session.connection(), schema, team.time_zone)
            lookups = Lookups(existing.people(), existing.find_record)

            def reader(field: FieldDef, order: Order | None, decimal: DecimalSign | None) -> ColumnReader:
                return ColumnReader(field, team.time_zone, lookups, order, decimal)

            suggested = Suggester(schema, target, team.currency, reader).suggest(columns)
            shape = runs.shape_of(item.name, sheet.header)
            saved = runs.saved_mapping(session.connection(), target, shape)
        mapping = saved[0] if saved else [column.suggestion for column in suggested]
        key = saved[1] if saved else target.primary.id if _goes_to(target.primary, mapping) else None
        dialect = {name: value for name, value in sheet.dialect.items() if name != "notices"}
        notices = list(sheet.dialect.get("notices", ()))
        run = runs.started_by(actor, item.name, target, name, shape)
        run = run._replace(dialect=dialect, mapping=mapping, key_field=key, counts=runs.Tally(rows=count))
        with self._units.write() as session:
            run = run._replace(key=runs.add(session.connection(), run, digest))
        suffix = PurePath(name).suffix[:12] or ".csv"
        Folder(self._config.data_dir, run.key).keep(
            upload.path, Facts(suffix, list(sheet.header), suggested, notices, saved is not None)
        )
        prune(self._config.data_dir)
        return self._view(run)

    def _importer(self, filename: str) -> Item[Importer]:
        registry = self._host.registry
        item = registry.importer_for(filename) or next(iter(registry.importers.values()), None)
        if item is None:
            raise Invalid("no_importer", f"Nothing here reads {filename}.", "Switch a plugin on that reads such files.")
        return item

    def _open(self, run: Run, facts: Facts) -> Source:
        item = self._host.registry.importers.get(run.importer)
        if item is None:
            raise Invalid("no_importer", f"The format {run.importer} is not on.", "Switch its plugin on.")
        path = Folder(self._config.data_dir, run.key).file(facts)
        return Source(item, item.call(item.offer.open, path, item.offer.settings))

    def preview(
        self, import_id: str, mapping: list[Target], key: str | None, actor: Actor, *, keyless: bool = False
    ) -> ImportView:
        """Start the comparison of the file with the table; Invalid (`bad_mapping`) names the column that is wrong.

        Rows are matched by the field `key` (None: the primary field, if a column goes there); `keyless`: all are new.
        """
        _may_write(actor)
        run = self._settled(import_id)
        _must_be(run, *_OPEN)
        folder = Folder(self._config.data_dir, run.key)
        facts = folder.facts()
        with self._units.read() as session:
            now = state.current(session.connection())
            schema = self._schemas.at(session.connection(), now.schema_version)
            table = schema.by_id.get(run.table_id)
            if table is None:
                raise NotFound("unknown_table", "The table of this import is gone.", "Start a new import.")
            currency = self._settings.team().currency
            plan = make_plan(schema, table, facts.header, mapping, key, currency, keyless=keyless)
        sheet = self._open(run, facts)
        field = plan.slots[plan.key].field.id if plan.key is not None else runs.NO_KEY if keyless else None
        run = run._replace(status="comparing", mapping=mapping, key_field=field, problem=None)
        run = run._replace(counts=runs.Tally(rows=run.counts.rows))
        self._jobs.start(
            run.key, "comparing", run.counts.rows, lambda job: self._work.compare(run, folder, facts, sheet, job)
        )
        return self._view(run)

    def apply(self, import_id: str, actor: Actor) -> ImportView:
        """Start writing what the comparison found, as one change set; all of it happens, or nothing."""
        _may_write(actor)
        run = self._settled(import_id)
        _must_be(run, "compared")
        folder = Folder(self._config.data_dir, run.key)
        facts = folder.facts()
        sheet = self._open(run, facts)
        total = run.counts.created + run.counts.updated + run.counts.conflicts
        run = run._replace(status="applying", problem=None)
        self._jobs.start(
            run.key, "applying", total, lambda job: self._work.apply(run, folder, facts, sheet, actor, job)
        )
        return self._view(run)

    def cancel(self, import_id: str, actor: Actor) -> ImportView:
        """Stop what runs (it is taken back whole), or put the import aside."""
        _may_write(actor)
        run = self._settled(import_id)
        job = self._jobs.get(run.key)
        if job is not None:
            job.stop()
            self._jobs.wait(run.key)
            return self._view(self._settled(import_id))
        if run.status in ("comparing", "applying"):
            raise Conflict("import_busy", "Another program works on this import.", "Stop it there.")
        _must_be(run, *_OPEN)
        run = run._replace(status="cancelled")
        self._work.note(run, actor)
        return self._view(run)

    def undo(self, import_id: str, actor: Actor, *, force: bool = False) -> ImportView:
        """Take an applied import back in one step; Conflict (`version_conflict`) when cells of it were edited since."""
        _may_write(actor)
        run = self._settled(import_id)
        _must_be(run, "applied")
        if run.version is not None:
            self._records.undo(run.version, actor, force=force)
        run = run._replace(status="undone")
        self._work.note(run, actor)
        return self._view(run)

    def wait(self, import_id: str) -> ImportView:
        """Wait for the end of what runs; for programs, the browser polls `get`."""
        self._jobs.wait(ids.decode("imp", import_id))
        return self.get(import_id)

    def settled(self, import_id: str, timeout: float) -> bool:
        """Wait up to so many seconds; whether nothing runs any more."""
        return self._jobs.wait(ids.decode("imp", import_id), timeout)

    def version(self) -> int:
        """The version of the data now."""
        with self._units.read() as session:
            return state.current(session.connection()).version

    def get(self, import_id: str) -> ImportView:
        """One import; NotFound (`unknown_import`)."""
        return self._view(self._settled(import_id))

    def list(self) -> list[ImportView]:
        """The newest imports."""
        with self._units.read() as session:
            keys = runs.latest(session.connection(), _LISTED)
        return [self._view(self._settled(ids.encode("imp", key))) for key in keys]

    def rows(self, import_id: str, outcome: str | None, offset: int, limit: int) -> RowsView:
        """A page of what the comparison found, row by row."""
        if outcome is not None and outcome not in OUTCOMES:
            raise Invalid("bad_outcome", f"{outcome[:40]!r} is no outcome.", f"Outcomes: {', '.join(OUTCOMES)}.")
        if not (0 <= offset < 2**53 and 0 <= limit <= MAX_PAGE):
            raise Invalid("bad_limit", f"offset must be 0 or more and limit from 0 to {MAX_PAGE}.")
        run = self._settled(import_id)
        folder = Folder(self._config.data_dir, run.key)
        if run.status in ("read", "comparing") or not folder.found.exists():
            return RowsView(0, [], {})
        with self._units.read() as session:
            now = state.current(session.connection())
            schema = self._schemas.at(session.connection(), now.schema_version)
            store = Store(folder.found)
            try:
                zone = self._settings.team().time_zone
                return Pages(session.connection(), schema, run.table_id, store, zone).page(outcome, offset, limit)
            finally:
                store.close()

    def export(
        self, table: str, form: str, actor: Actor, view: str | None = None, options: Mapping[str, str] | None = None
    ) -> exports.Export:
        """A table (or view) as a file; NotFound (table, view), Invalid (`unknown_format`)."""
        item = exports.exporter(self._host, form)
        export = exports.write(item, self._windows.export(table, actor, view), options or {})
        exports.tell(self._units, actor, table, form)
        return export

    def _settled(self, import_id: str) -> Run:
        """A run as it is now: with work under way or queued it says so, also before that has begun.

        One whose program died while it worked is applied if its change set was committed, else failed.
        """
        job = self._jobs.get(
            ids.try_decode("imp", import_id) or 0
        )  # before the row is read: what it ends with is there
        with self._units.read() as session:
            run = runs.load(session.connection(), import_id)
        if job is not None:
            return run._replace(status=job.doing, problem=None)
        if run.status in ("comparing", "applying") and Folder(self._config.data_dir, run.key).idle():
            return self._work.recover(run)
        return run

    def _view(self, run: Run) -> ImportView:
        with self._units.read() as session:
            now = state.current(session.connection())
            schema = self._schemas.at(session.connection(), now.schema_version)
        table, key = schema.by_id.get(run.table_id), schema.fields.get(run.key_field or 0)
        try:
            facts = Folder(self._config.data_dir, run.key).facts()
        except NotFound:
            facts = Facts("", [], [], [])
        job = self._jobs.get(run.key)
        counts = run.counts
        return ImportView(
            id=run.public_id,
            table=table.public_id if table else "",
            filename=run.filename,
            status=run.status,
            progress=job.progress if job else Progress(counts.rows, counts.rows),
            dialect=run.dialect,
            notices=facts.notices,
            rows=counts.rows,
            columns=facts.columns,
            mapping=run.mapping,
            key=key.public_id if key else None,
            saved_mapping=facts.saved,
            counts=Counts(counts.created, counts.updated, counts.unchanged, counts.conflicts, counts.errors),
            version=run.version,
            problem=run.problem,
            created_at=run.created_at,
            created_by=ids.encode("usr", run.created_by) if run.created_by else None,
        )


def _may_write(actor: Actor) -> None:
    if actor.scope != "write":
        raise Refused("read_only_token", "This token may only read.", "Use a token with the scope write.")


def _goes_to(field: FieldDef, mapping: Sequence[Target]) -> bool:
    return any(isinstance(target, ToField) and target.field == field.public_id for target in mapping)


def _must_be(run: Run, *statuses: str) -> None:
    if run.status not in statuses:
        raise Conflict("import_state", f"The import is {run.status}; this cannot be done now.", "Look at it again.")


__all__ = ["MAX_PAGE", "Imports", "Upload"]
