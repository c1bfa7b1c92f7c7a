"""Compare a file with a table, batch by batch: what each row would create or change, and why it cannot be taken."""

from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from typing import Any

from crm_core.contracts import Sheet, SheetRow
from crm_core.contracts.imports import Counts
from crm_core.services.imports.columns import batches
from crm_core.services.imports.existing import AMBIGUOUS, Existing, Index, matching
from crm_core.services.imports.likeness import Likeness
from crm_core.services.imports.linking import Linking
from crm_core.services.imports.mapping import Plan, Slot
from crm_core.services.imports.namesakes import Namesakes
from crm_core.services.imports.new_options import NewOptions
from crm_core.services.imports.readers import Bad, ColumnReader, Lookups
from crm_core.services.imports.related import Feeding, Related, RowError
from crm_core.services.imports.store import CONFLICT, CREATE, ERROR, UNCHANGED, UPDATE, Row, Store

_MAX_ERROR = 400


class Since:
    """The last import of the same shape: cells that others than imports changed after it are conflicts."""

    def __init__(self, version: int, sources: frozenset[str]) -> None:
        self.version, self.sources = version, sources


class Comparison:
    """One run over the file. `progress` is told the rows done and may raise to stop."""

    def __init__(
        self,
        existing: Existing,
        plan: Plan,
        sheet: Sheet,
        store: Store,
        since: Since | None,
        progress: Callable[[int], None],
    ) -> None:
        self._existing, self._plan, self._sheet, self._store = existing, plan, sheet, store
        self._since, self._progress = since, progress
        self._related = Related(existing, plan)
        lookups = Lookups(existing.people(), existing.find_record)
        self._readers = [self._reader(slot, lookups) for slot in plan.slots]
        self._parts = [[self._reader(slot, lookups) for slot in part.slots] for part in self._related.parts]
        index = Index({}, {}) if plan.key is None else existing.by_value(plan.table, plan.slots[plan.key].field)
        self._index = index.one
        self._namesakes = Namesakes(index.several, plan)
        self._fields = [slot.field for slot in plan.slots]
        self._columns = [slot.column for slot in plan.slots if not slot.linking]
        self._primary = next((n for n, field in enumerate(self._fields) if field.id == plan.table.primary.id), None)
        self._likeness = Likeness(existing, plan)
        self._linking = Linking(existing, plan, self._related, self._likeness)
        self._options = NewOptions(self._readers, [reader for part in self._parts for reader in part])
        self._seen: dict[str, int] = {}
        """The line of each key's first row."""
        self._first: dict[str, tuple[int, int]] = {}
        """What that row said and the record it stands for; only where later rows may add related records to it."""
        self._created = 0
        self.counts = Counts()

    def _reader(self, slot: Slot, lookups: Lookups) -> ColumnReader:
        return ColumnReader(slot.field, self._existing.zone, lookups, slot.order, slot.decimal)

    def run(self) -> None:
        """Read the whole file and fill the store."""
        done = 0
        for batch in batches(self._sheet.rows()):
            rows = self._batch(batch)
            self._store.add(rows)
            self._count(rows)
            self._options.note(rows)
            done += len(batch)
            self._progress(done)
        self._store.add_related([(table, record, cells) for (table, record), cells in self._related.records.items()])

    def new_options(self) -> dict[int, list[str]]:
        """Select options that the rows which are taken bring, by field key, in the order they appear."""
        return self._options.by_field(self._related.records.values())

    def _count(self, rows: Sequence[Row]) -> None:
        outcomes = [row.outcome for row in rows]
        self.counts.created += outcomes.count(CREATE)
        self.counts.updated += outcomes.count(UPDATE)
        self.counts.unchanged += outcomes.count(UNCHANGED)
        self.counts.conflicts += outcomes.count(CONFLICT)
        self.counts.errors += outcomes.count(ERROR)

    def _batch(self, batch: Sequence[SheetRow]) -> list[Row]:
        broken = [Row(r.line, ERROR, 0, errors=((r.column, r.problem),)) for r in batch if r.problem is not None]
        sound = [row for row in batch if row.problem is None and any(row.cells)]
        if not sound:
            return broken
        cells = list(zip(*(row.cells for row in sound), strict=True))
        empty = [None] * len(sound)
        columns = [
            empty if slot.linking else reader.read_all(cells[slot.column])
            for slot, reader in zip(self._plan.slots, self._readers, strict=True)
        ]
        bad = _bad_rows(columns, self._readers)
        parts = self._read_parts(cells, bad, len(sound))
        values: list[Any] = list(zip(*columns, strict=True))
        keyed = columns[self._plan.key] if self._plan.key is not None else None
        keys = None if keyed is None else [None if value is None else matching(value) for value in keyed]
        known = self._known(keys)
        if parts:
            self._related.prepare(parts, [self._index.get(key or "", AMBIGUOUS) or None for key in keys or empty])
        rows: list[Row] = list(broken)
        moved: list[tuple[int, list[int]]] = []
        simple = not bad and not parts and not self._linking.places
        for n, row in enumerate(sound):
            key = keys[n] if keys is not None else None
            found = self._index.get(key) if key else AMBIGUOUS
            if simple and key and key not in self._seen and found != AMBIGUOUS:
                if found is None:
                    self._created += 1
                    self._seen[key] = row.line
                    rows.append(Row(row.line, CREATE, -self._created, self._name(values[n]), values[n]))
                    continue
                if known[found][1] == values[n]:
                    self._seen[key] = row.line
                    rows.append(Row(row.line, UNCHANGED, found, self._name(values[n])))
                    continue
            try:
                made = self._row(row, values[n], key, known, parts[n] if parts else (), n in bad)
            except RowError as error:
                fault = (error.column, error.reason[:_MAX_ERROR])
                rows.append(Row(row.line, ERROR, 0, self._name(values[n]), errors=(fault,)))
                continue
            if made.cells and self._since and known[made.record][0] > self._since.version:
                moved.append((len(rows), [cell[0] for cell in made.cells]))
            rows.append(made)
        if moved:
            self._settle(rows, moved)
        if broken:
            rows.sort(key=lambda row: row.line)
        self._related.forget_untouched()
        return rows

    def _read_parts(self, cells: Sequence[Sequence[str]], bad: set[int], count: int) -> list[list[tuple[Any, ...]]]:
        """Values of related slots by row and part; rows with bad cells are added to `bad`."""
        if not self._parts:
            return []
        by_part = []
        for part, readers in zip(self._related.parts, self._parts, strict=True):
            columns = [reader.read_all(cells[slot.column]) for slot, reader in zip(part.slots, readers, strict=True)]
            bad |= _bad_rows(columns, readers)
            by_part.append(list(zip(*columns, strict=True)))
        return [[rows[n] for rows in by_part] for n in range(count)]

    def _known(self, keys: Sequence[str | None] | None) -> Mapping[int, tuple[int, tuple[Any, ...]]]:
        """The records of the table that the rows of a batch match."""
        if keys is None:
            return {}
        wanted = {found for key in keys if key and (found := self._index.get(key))}
        wanted.update(self._namesakes.wanted(keys))
        known = self._existing.fetch(self._plan.table, sorted(wanted), self._fields) if wanted else {}
        linked: dict[int, set[int]] = {}
        for n in self._linking.places:
            keys_of = linked.setdefault(self._fields[n].options["table"], set())
            keys_of.update(target for _, values in known.values() for target in values[n] or ())
        for table, targets in linked.items():
            self._existing.learn_names(table, targets)
        return known

    def _row(
        self,
        row: SheetRow,
        values: Sequence[Any],
        key: str | None,
        known: Mapping[int, tuple[int, tuple[Any, ...]]],
        parts: Sequence[tuple[Any, ...]],
        bad: bool,
    ) -> Row:
        """One row with whatever it needs: matching, unreadable cells, links, related records."""
        record = None
        if self._plan.key is not None:
            record, key = self._match(row, values, key, known)
        now = known[record][1] if record is not None and record > 0 else None
        if bad:
            values = self._readable(row, values, now, parts)
        repeated = bool(key) and key in self._seen
        ref = record if record is not None else -(self._created + 1)
        feeding = Feeding(self._plan.table.id, ref, self._name(values, now), row.line)
        try:
            if parts:
                self._related.feed(parts, feeding, above=True)
            values = self._linking.linked(row, values, now, feeding)
            made = self._own(row, values, ref, now, repeated=repeated)
            if parts:
                self._related.feed(parts, feeding, above=False)
        except RowError:
            for undo in reversed(feeding.undo):
                undo()
            raise
        if record is None:
            self._created += 1
        if key and not repeated:
            self._seen[key] = row.line
            if self._parts:
                self._first[key] = (hash(self._raw(row)), ref)
        made.related = (
            *((*cell, False) for cell in feeding.changes),
            *((*cell, True) for cell in feeding.conflicts),
        )
        made.errors = tuple(feeding.disagreements)
        if feeding.conflicts:
            made.outcome = CONFLICT
        elif made.outcome == UNCHANGED and made.related:
            made.outcome = UPDATE
        return made

    def _match(
        self,
        row: SheetRow,
        values: Sequence[Any],
        key: str | None,
        known: Mapping[int, tuple[int, tuple[Any, ...]]],
    ) -> tuple[int | None, str]:
        """The record a row stands for (known, made by a row before, None: a new one), and the key it is noted under."""
        column = self._plan.slots[self._plan.key or 0].name
        found = self._index.get(key) if key else AMBIGUOUS
        if found == AMBIGUOUS:
            found = self._namesakes.find(key or "", values, known, lambda now: self._likeness.agrees(row, values, now))
            if found is None and key:
                raise RowError(f"The table has more than one record with this {column}.", column)
            if found is None:
                raise RowError("The cell that rows are matched by is empty.", column)
            key = f"{key or ''}\0{found}"
        assert key
        if key in self._seen:
            raw, ref = self._first.get(key, (0, 0))
            if not ref or raw != hash(self._raw(row)):
                raise RowError(f"Line {self._seen[key]} has the same {column}; rows are matched by it.", column)
            return ref, key
        return found, key

    def _raw(self, row: SheetRow) -> tuple[str, ...]:
        return tuple(row.cells[column] for column in self._columns)

    def _readable(
        self, row: SheetRow, values: Sequence[Any], now: Sequence[Any] | None, parts: Sequence[tuple[Any, ...]]
    ) -> Sequence[Any]:
        """Values where an unreadable cell that says just what the CRM shows stands for what the CRM has."""
        result = list(values)
        for n, value in enumerate(values):
            if type(value) is Bad:
                slot = self._plan.slots[n]
                if now is None or self._existing.shown(slot.field, now[n]) != row.cells[slot.column]:
                    raise RowError(value, slot.name)
                result[n] = now[n]
        for part, cells in zip(self._related.parts, parts or (), strict=bool(parts)):
            for slot, value in zip(part.slots, cells, strict=True):
                if type(value) is Bad:
                    raise RowError(value, slot.name)
        return result

    def _own(self, row: SheetRow, values: Sequence[Any], ref: int, now: Sequence[Any] | None, *, repeated: bool) -> Row:
        """What the row does to its own record."""
        name = self._name(values, now)
        if repeated:
            return Row(row.line, UNCHANGED, ref, name)
        if now is None:
            return Row(row.line, CREATE, ref, name, values)
        differing = [n for n, value in enumerate(values) if value != now[n]] if tuple(values) != now else []
        cells = [(n, now[n], values[n], False) for n in differing if not self._likeness.same(n, row, values[n], now[n])]
        return Row(row.line, UPDATE if cells else UNCHANGED, ref, name, cells=cells)

    def _settle(self, rows: list[Row], moved: Sequence[tuple[int, list[int]]]) -> None:
        """Mark the cells that others changed since the last import: they stay as they are."""
        assert self._since is not None
        keys = [rows[place].record for place, _ in moved]
        edited = self._existing.edited(self._plan.table, keys, self._since.version, self._since.sources)
        for place, _ in moved:
            row = rows[place]
            row.cells = [(n, b, a, (row.record, self._fields[n].id) in edited) for n, b, a, _ in row.cells]
            if any(cell[3] for cell in row.cells):
                row.outcome = CONFLICT

    def _name(self, values: Sequence[Any], now: Sequence[Any] | None = None) -> str:
        """What names a row in the preview."""
        if self._primary is None:
            return ""
        value = values[self._primary] if now is None else now[self._primary]
        return "" if value is None else str(value)[:200]


def _bad_rows(columns: Sequence[Sequence[Any]], readers: Sequence[ColumnReader]) -> set[int]:
    """The places of rows that have a cell which cannot be read."""
    found: set[int] = set()
    for column, reader in zip(columns, readers, strict=True):
        if reader.met_bad:
            found.update(compress(range(len(column)), [type(value) is Bad for value in column]))
    return found
