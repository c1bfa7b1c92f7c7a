"""What the CRM holds already: records by key, their values in batches, people, and what cells show as text."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from crm_core.kinds import FieldDef
from crm_core.models.tables import CHANGES, USERS
from crm_core.storage.queries import merges
from crm_core.storage.queries.dialects import one_of
from crm_core.storage.queries.links import display_names, fetch_links
from crm_core.storage.schema import Schema, TableDef
from crm_core.storage.statements import chunks, run, select_by_ids

AMBIGUOUS = 0
"""Stands for the key of a record where several have the same name."""


class Several(str):
    """A name that several records have; which of them is meant depends on the row it stands in."""

    __slots__ = ()


class Index(NamedTuple):
    """Record keys by the matching form of a value: the one that has it (AMBIGUOUS where `several` do)."""

    one: dict[str, int]
    several: dict[str, list[int]]


def matching(value: Any) -> str:
    """A value as rows are matched by it: without case, and with spaces counted once."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split()) if isinstance(value, str) else str(value)


class Existing:
    """One consistent view of the database (the connection's snapshot) for one comparison."""

    def __init__(self, connection: Connection, schema: Schema, zone: str) -> None:
        self.connection, self.schema, self.zone = connection, schema, zone
        self._by_name: dict[int, Index] = {}
        self._names: dict[int, dict[int, str]] = {}
        self._people: dict[int, str] | None = None
        self._merged: dict[int, dict[int, int]] = {}
        self._formers: dict[int, dict[str, tuple[int, str]]] = {}

    def columns(self, table: TableDef, fields: Sequence[FieldDef]) -> Iterator[tuple[int, Sequence[Any]]]:
        """(key, stored values of `fields`, which have columns) of all live records of a table."""
        rows = table.sql
        query = select(rows.c.id, *(rows.c[field.column or ""] for field in fields)).where(rows.c.deleted_at.is_(None))
        for row in self.connection.execute(query):
            yield row[0], row[1:]

    def by_value(self, table: TableDef, field: FieldDef) -> Index:
        """Record keys by the matching form of a field's value; those without one stand under the empty text."""
        one: dict[str, int] = {}
        several: dict[str, list[int]] = {}
        for key, (value,) in self.columns(table, [field]) if field.column else ():
            name = "" if value is None else matching(value)
            if name and name not in one:
                one[name] = key
                continue
            if name and name not in several:
                several[name], one[name] = [one[name]], AMBIGUOUS
            several.setdefault(name, []).append(key)
        for former, (record, _) in self._former(field).items():
            one.setdefault(former, record)
        return Index(one, several)

    def merged(self, table: TableDef) -> dict[int, int]:
        """The live record that each merged one stands for by now: a file must not bring back what was merged."""
        if table.id not in self._merged:
            found = merges.survivors(self.connection, table, merges.merged_records(self.connection, table))
            here = select(table.sql.c.id).where(
                one_of(table.sql.c.id, found.values()), table.sql.c.deleted_at.is_(None)
            )
            live = {row[0] for row in self.connection.execute(here)} if found else set()
            self._merged[table.id] = {key: record for key, record in found.items() if record in live}
        return self._merged[table.id]

    def formerly(self, field: FieldDef, value: Any, now: Any) -> bool:
        """Whether a name or an address is one that a record had which was merged into the record that shows `now`."""
        if not (isinstance(value, str) and isinstance(now, str)) or field.id < 0 or not field.column:
            return False
        return self._former(field).get(matching(value), (0, ""))[1] == matching(now)

    def _former(self, field: FieldDef) -> dict[str, tuple[int, str]]:
        """What merged records hold in a field, as rows are matched: the record each stands for, and what that holds."""
        if field.id not in self._formers:
            table = self.schema.by_id[field.table_id]
            merged = self.merged(table) if field.column else {}
            held = {key: cells[0] for key, cells in self.raw(table, {*merged, *merged.values()}, [field])}
            self._formers[field.id] = {
                matching(held[key]): (record, matching(held[record] or ""))
                for key, record in merged.items()
                if held[key] is not None
            }
        return self._formers[field.id]

    def raw(
        self, table: TableDef, keys: Iterable[int], fields: Sequence[FieldDef]
    ) -> Iterator[tuple[int, Sequence[Any]]]:
        """(key, what lies in the columns of `fields`) of some records, in the trash or not."""
        wanted, rows = list(keys), table.sql
        if wanted:
            query = select(rows.c.id, *(rows.c[field.column or ""] for field in fields))
            for row in self.connection.execute(query.where(one_of(rows.c.id, wanted))):
                yield row[0], row[1:]

    def by_name(self, table_id: int) -> Index:
        """Record keys of a table by display name."""
        if table_id not in self._by_name:
            table = self.schema.by_id[table_id]
            self._by_name[table_id] = self.by_value(table, table.primary)
        return self._by_name[table_id]

    def find_record(self, table_id: int, name: str) -> int | str:
        """The record a name stands for, or the name itself when there is none or (Several) more than one."""
        key = self.by_name(table_id).one.get(matching(name))
        return Several(name) if key == AMBIGUOUS else name if key is None else key

    def people(self) -> dict[str, int | None]:
        """Active people by name and by address, without case; None where several have the same name."""
        found: dict[str, int | None] = {}
        query = select(USERS.c.id, USERS.c.name, USERS.c.email).where(
            USERS.c.deleted_at.is_(None), USERS.c.active.is_(True)
        )
        for key, name, email in self.connection.execute(query):
            folded = name.casefold()
            found[folded] = None if folded in found else key
            found[email.casefold()] = key
        return found

    def fetch(
        self, table: TableDef, keys: Sequence[int], fields: Sequence[FieldDef]
    ) -> dict[int, tuple[int, tuple[Any, ...]]]:
        """(version, stored values of `fields`) of records by key; links are lists, fields to be made are empty."""
        own = [field.column for field in fields if field.column]
        columns = ("id", "version", *own)
        found: list[tuple[Any, ...]] = []
        for piece in chunks(keys):
            query = select_by_ids(self.connection, table.physical, columns, len(piece))
            found.extend(run(self.connection, query, piece))
        if len(own) == len(fields) and not any(field.kind.family == "link" for field in fields):
            return {row[0]: (row[1], row[2:]) for row in found}
        stored = dict(zip(columns, zip(*found, strict=True), strict=True)) if found else {}
        values = [self._column(field, stored, len(found)) for field in fields]
        cells = zip(*values, strict=True) if values else [()] * len(found)
        return {row[0]: (row[1], of_row) for row, of_row in zip(found, cells, strict=True)}

    def _column(self, field: FieldDef, stored: Mapping[str, Sequence[Any]], count: int) -> Sequence[Any]:
        """One field's values for some rows: of a link lists of record keys, of a field to be made nothing."""
        column = stored.get(field.column or "", [None] * count)
        if field.id < 0 or field.kind.family != "link" or not stored:
            return column
        linked = fetch_links(self.connection, self.schema, field, stored["id"], column)
        return [None if targets is None else list(targets) for targets in linked]

    def learn_names(self, table_id: int, keys: Iterable[int]) -> None:
        """Read the display names of a batch's linked records at once, for `shown`; those of the batch before go."""
        self._names[table_id] = dict(
            display_names(self.connection, self.schema.by_id[table_id], sorted(keys), self.zone)
        )

    def _names_of(self, table_id: int, keys: Sequence[int]) -> Mapping[int, str]:
        learned = self._names.get(table_id, {})
        if all(key in learned for key in keys):
            return learned
        return display_names(self.connection, self.schema.by_id[table_id], keys, self.zone)

    def shown(self, field: FieldDef, value: Any) -> str:
        """A stored value as an export shows it."""
        if value is None:
            return ""
        if field.kind.family == "user":
            return self._person(value)
        if field.kind.family == "link":
            names = self._names_of(field.options["table"], value)
            return ", ".join(quoted(names[key]) for key in value if key in names)
        return field.kind.text(value, field, self.zone)

    def _person(self, key: int) -> str:
        if self._people is None:
            self._people = {row[0]: row[1] for row in self.connection.execute(select(USERS.c.id, USERS.c.name))}
        return self._people.get(key, "")

    def edited(self, table: TableDef, keys: Iterable[int], since: int, ours: frozenset[str]) -> set[tuple[int, int]]:
        """Cells, as (record key, field key), whose last change after a version came from elsewhere than `ours`."""
        query = (
            select(CHANGES.c.entity_id, CHANGES.c.after, CHANGES.c.source)
            .where(
                CHANGES.c.entity == "record",
                CHANGES.c.table_id == table.id,
                one_of(CHANGES.c.entity_id, keys),
                CHANGES.c.version > since,
            )
            .order_by(CHANGES.c.id)
        )
        last: dict[tuple[int, int], bool] = {}
        for key, after, source in self.connection.execute(query):
            for name in json.loads(after) if after else ():
                field = table.by_cell_key.get(name)
                if field is not None:
                    last[key, field.id] = source not in ours and not source.startswith("import:")
        return {cell for cell, foreign in last.items() if foreign}


def quoted(name: str) -> str:
    """A name in a list of names: with a comma it stands in double quotes (see kinds.choices.split_names)."""
    return f'"{name}"' if "," in name else name
