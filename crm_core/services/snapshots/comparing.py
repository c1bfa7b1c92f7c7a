"""What restoring a backup would change: its rows against the rows of now, side by side in the order of their keys."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.snapshot import FieldDifference, RecordDifference, TableDifference
from crm_core.kinds import FieldDef
from crm_core.models.tables import RECORD_LINKS
from crm_core.storage.queries import links
from crm_core.storage.schema import Schema, TableDef, is_inverse

SAMPLES = 5
_BATCH = 1_000


class Side:
    """One of the two: its connection and its schema."""

    def __init__(self, connection: Connection, schema: Schema, zone: str) -> None:
        self.connection, self.schema, self.zone = connection, schema, zone

    def table(self, table_id: int) -> TableDef | None:
        return self.schema.by_id.get(table_id)

    def rows(self, table: TableDef, fields: Sequence[FieldDef]) -> Iterator[tuple[int, Sequence[Any]]]:
        """The live rows in the order of their key, with the stored values of these fields (None where it has none)."""
        columns = [table.column(mine) if (mine := table.by_id.get(f.id)) and mine.column else sa.null() for f in fields]
        query = sa.select(table.sql.c.id, *columns).where(table.sql.c.deleted_at.is_(None)).order_by(table.sql.c.id)
        for row in self.connection.execution_options(yield_per=_BATCH).execute(query):
            yield row[0], tuple(row[1:])

    def many(self, field: FieldDef) -> Mapping[int, tuple[int, ...]]:
        """What each record links to by a field that holds many."""
        c = RECORD_LINKS.c
        query = sa.select(c.from_id, c.to_id).where(c.field_id == field.id).order_by(c.from_id, c.position, c.to_id)
        found: dict[int, list[int]] = {}
        for source, target in self.connection.execute(query):
            found.setdefault(source, []).append(target)
        return {source: tuple(targets) for source, targets in found.items()}

    def shown(self, field: FieldDef, value: Any) -> str:
        """A stored value as people read it."""
        if value is None or value == ():
            return ""
        mine = self.schema.fields.get(field.id, field)
        if mine.kind.family == "link":
            table = self.schema.by_id.get(mine.options["table"])
            keys = value if isinstance(value, tuple) else (value,)
            names = links.display_names(self.connection, table, keys, self.zone) if table else {}
            return ", ".join(names.get(key, "") for key in keys)
        if mine.kind.family == "user":
            return links.people(self.connection).get(value, "")
        return mine.kind.text(value, mine, self.zone)

    def name(self, table: TableDef, key: int) -> str:
        """What a record is called."""
        return links.display_names(self.connection, table, [key], self.zone).get(key, "")


def compare(now: Side, then: Side) -> list[TableDifference]:
    """Every grid table of either side."""
    known = {table.id: table for table in (*then.schema.tables, *now.schema.tables)}
    return [_table(now, then, table_id) for table_id in known]


def _table(now: Side, then: Side, table_id: int) -> TableDifference:
    here, there = now.table(table_id), then.table(table_id)
    table = here or there
    assert table is not None
    fields = [field for field in (there.fields if there else ()) if _stored(field)]
    fields += [
        field for field in (here.fields if here else ()) if _stored(field) and field.id not in {f.id for f in fields}
    ]
    pairs = _Pairs(
        now, then, here, there, [field for field in fields if field.column], [f for f in fields if not f.column]
    )
    pairs.run()
    here_names = {field.id: field.name for field in (here.fields if here else ())}
    there_names = {field.id: field.name for field in (there.fields if there else ())}
    return TableDifference(
        table=table.public_id,
        key=table.key,
        name=table.name,
        now=pairs.now_count,
        then=pairs.then_count,
        added=pairs.counts["added"],
        changed=pairs.counts["changed"],
        removed=pairs.counts["removed"],
        fields_added=[name for key, name in there_names.items() if key not in here_names],
        fields_removed=[name for key, name in here_names.items() if key not in there_names],
        samples_added=[_named(then, there or table, key) for key in pairs.kept["added"]],
        samples_removed=[_named(now, here or table, key) for key in pairs.kept["removed"]],
        samples_changed=pairs.changes(table_id),
    )


def _named(side: Side, table: TableDef, key: int) -> RecordDifference:
    return RecordDifference(ids.record(table.id, key), side.name(table, key), [])


def _stored(field: FieldDef) -> bool:
    """Whether a field's values are kept, not computed or seen backwards."""
    if field.read_only:
        return False
    return field.column is not None or (field.kind.name == "link" and not is_inverse(field))


class _Pairs:
    """The rows of one table on both sides, walked through together."""

    def __init__(
        self, now: Side, then: Side, here: TableDef | None, there: TableDef | None,
        fields: Sequence[FieldDef], many: Sequence[FieldDef],
    ) -> None:  # fmt: skip
        self._now, self._then, self._here, self._there = now, then, here, there
        self._fields, self._many = fields, many
        self._links = [(field, now.many(field), then.many(field)) for field in many]
        self.now_count = self.then_count = 0
        self.counts = {"added": 0, "changed": 0, "removed": 0}
        self.kept: dict[str, list[int]] = {"added": [], "removed": []}
        self._changed: list[tuple[int, list[tuple[FieldDef, Any, Any]]]] = []

    def run(self) -> None:
        old = self._now.rows(self._here, self._fields) if self._here else iter(())
        new = self._then.rows(self._there, self._fields) if self._there else iter(())
        left, right = next(old, None), next(new, None)
        while left is not None or right is not None:
            if right is None or (left is not None and left[0] < right[0]):
                self._note("removed", left[0])  # type: ignore[index]
                self.now_count += 1
                left = next(old, None)
            elif left is None or right[0] < left[0]:
                self._note("added", right[0])
                self.then_count += 1
                right = next(new, None)
            else:
                self._compare(left[0], left[1], right[1])
                self.now_count += 1
                self.then_count += 1
                left, right = next(old, None), next(new, None)

    def _note(self, what: str, key: int) -> None:
        self.counts[what] += 1
        if len(self.kept[what]) < SAMPLES:
            self.kept[what].append(key)

    def _compare(self, key: int, old: Sequence[Any], new: Sequence[Any]) -> None:
        linked = [(field, a.get(key, ()), b.get(key, ())) for field, a, b in self._links]
        if old == new and all(a == b for _, a, b in linked):
            return
        self.counts["changed"] += 1
        if len(self._changed) < SAMPLES:
            cells = [*zip(self._fields, old, new, strict=True), *linked]
            self._changed.append((key, [cell for cell in cells if cell[1] != cell[2]]))

    def changes(self, table_id: int) -> list[RecordDifference]:
        """The kept samples of changed records, in words."""
        assert self._there is not None or not self._changed
        return [
            RecordDifference(
                ids.record(table_id, key),
                self._then.name(self._there, key) if self._there else "",
                [
                    FieldDifference(field.public_id, field.name, self._now.shown(field, a), self._then.shown(field, b))
                    for field, a, b in cells
                ],
            )
            for key, cells in self._changed
        ]
