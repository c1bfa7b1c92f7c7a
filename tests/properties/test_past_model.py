"""The state as of a version equals what was there when that version was the newest, whatever happened since."""

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import msgspec
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import (
    ArchiveField,
    Create,
    CreateField,
    CreateRecord,
    CreateView,
    Delete,
    DeleteView,
    FieldSet,
    Merge,
    Move,
    MoveField,
    NewField,
    NewView,
    Op,
    Restore,
    RestoreField,
    UpdateField,
    UpdateView,
    ViewSet,
)
from crm_core.contracts.query import AsOf, Query
from crm_core.errors import CrmError
from crm_core.services.past import Past
from crm_core.services.settings import Settings
from crm_core.services.tables import Tables
from crm_core.services.windows import Windows
from plugins.sqlite.database import SqliteDatabase
from tests.core.records.conftest import House

KINDS = ("text", "number", "currency", "single_select", "multi_select", "date", "checkbox", "rating")
VALUES = st.sampled_from(("a", "b", "a, b", "1", "2.5", "2026-01-02", "", None))
NAMES = st.sampled_from(("A", "B", "C"))
TABLES = ("investors", "contacts")
PLACES = st.integers(0, 5)


class Changes(RuleBasedStateMachine):
    """Two linked tables, fields of many kinds that come, change and go, views, moves, the trash, undo of anything."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        self.house = House(folder)
        own = Settings(self.house.units, from_env({}, data_dir=folder))
        self.windows = Windows(self.house.units, self.house.schemas, own)
        self.tables = Tables(self.house.units, self.house.schemas)
        self.past = Past(self.house.units, own, (self.windows, self.tables), folder, SqliteDatabase)
        self.ids: dict[str, list[str]] = {table: [] for table in TABLES}
        self.known: dict[int, Any] = {}
        self.note()
        for number in range(3):
            for table in TABLES:
                self.create(table, str(number), None)
        self.go(CreateField("investors", NewField("Friends", "link", {"table": "contacts", "many": True})))

    def teardown(self) -> None:
        if hasattr(self, "house"):
            for version in self.known:
                self.compare(version)
            self.past.close()
            self.windows.close()
            self.house.storage.close()
            self.folder.cleanup()

    def go(self, *ops: Op) -> Any:
        with contextlib.suppress(CrmError):
            applied = self.house.go(*ops)
            self.note()
            return applied
        return None

    def note(self) -> None:
        if self.house.version not in self.known:
            self.known[self.house.version] = self.seen(self.windows, self.tables)

    def seen(self, windows: Windows, tables: Tables) -> Any:
        """Everything a person can see: fields, views, records in order, the trash, and who changed what when."""
        catalogue = msgspec.to_builtins(tables.catalogue(SYSTEM))
        del catalogue["schema_version"]
        found: dict[str, Any] = {"catalogue": catalogue}
        for table in TABLES:
            for deleted in (False, True):
                window = windows.query(table, Query(deleted=deleted, limit=1000), SYSTEM)
                found[f"{table} {deleted}"] = msgspec.to_builtins(window)
                found[f"{table} {deleted} records"] = [
                    msgspec.to_builtins(windows.record(table, record, SYSTEM)) for record in window.ids
                ]
        return without_next(found)

    def compare(self, version: int) -> None:
        with self.past.reading(AsOf(version=version)) as then:
            assert self.seen(then.windows, then.tables) == self.known[version], f"version {version}"

    def record(self, table: str, place: int) -> str:
        return self.ids[table][place % len(self.ids[table])]

    def field(self, place: int) -> Any:
        table = self.house.table("contacts")
        own = [field for field in (*table.fields, *table.archived) if field.key is None]
        return own[place % len(own)] if own else None

    @rule(table=st.sampled_from(TABLES), name=NAMES, before=st.one_of(st.none(), PLACES))
    def create(self, table: str, name: str, before: int | None) -> None:
        place = None if before is None or not self.ids[table] else self.record(table, before)
        applied = self.go(Create(table, [CreateRecord({"name": name})], before=place))
        if applied:
            self.ids[table] += applied.created[0]

    @rule(table=st.sampled_from(TABLES), place=PLACES, back=st.booleans())
    def delete(self, table: str, place: int, back: bool) -> None:
        record = [self.record(table, place)]
        self.go(Restore(table, record) if back else Delete(table, record))

    @rule(table=st.sampled_from(TABLES), place=PLACES, before=st.one_of(st.none(), PLACES))
    def move(self, table: str, place: int, before: int | None) -> None:
        target = None if before is None else self.record(table, before)
        self.go(Move(table, [self.record(table, place)], before=target))

    @rule(table=st.sampled_from(TABLES), into=PLACES, others=st.lists(PLACES, min_size=1, max_size=2))
    def merge(self, table: str, into: int, others: list[int]) -> None:
        self.go(Merge(table, self.record(table, into), list({self.record(table, place) for place in others})))

    @rule(back=st.integers(1, 8))
    def unmerge(self, back: int) -> None:
        with contextlib.suppress(CrmError):
            self.house.records.unmerge(self.house.version - back + 1, SYSTEM)
            self.note()

    @rule(contact=PLACES, investor=st.one_of(st.none(), PLACES))
    def link_to_one(self, contact: int, investor: int | None) -> None:
        linked = [] if investor is None else [self.record("investors", investor)]
        self.edit("contacts", contact, investor=linked)

    @rule(investor=PLACES, contacts=st.lists(PLACES, max_size=3))
    def link_to_many(self, investor: int, contacts: list[int]) -> None:
        self.edit("investors", investor, Friends=list({self.record("contacts", place) for place in contacts}))

    @rule(contact=PLACES, investors=st.lists(PLACES, max_size=3))
    def link_backwards(self, contact: int, investors: list[int]) -> None:
        self.edit("contacts", contact, Investors=list({self.record("investors", place) for place in investors}))

    @rule(place=PLACES, own=st.integers(0, 9), value=VALUES)
    def fill(self, place: int, own: int, value: str | None) -> None:
        if field := self.field(own):
            self.edit("contacts", place, **{field.public_id: value})

    def edit(self, table: str, place: int, **cells: Any) -> None:
        with contextlib.suppress(CrmError):
            self.house.set(table, self.record(table, place), None, **cells)
            self.note()

    @rule(name=NAMES, kind=st.sampled_from(KINDS))
    def add_field(self, name: str, kind: str) -> None:
        self.go(CreateField("contacts", NewField(name, kind)))

    @rule(own=st.integers(0, 9), kind=st.sampled_from(KINDS))
    def retype(self, own: int, kind: str) -> None:
        if field := self.field(own):
            self.go(UpdateField(field.public_id, FieldSet(kind=kind)))

    @rule(own=st.integers(0, 9), names=st.lists(st.sampled_from("abxy"), unique=True))
    def options(self, own: int, names: list[str]) -> None:
        if field := self.field(own):
            self.go(UpdateField(field.public_id, FieldSet(options={"choices": [{"name": name} for name in names]})))

    @rule(own=st.integers(0, 9), name=NAMES)
    def rename(self, own: int, name: str) -> None:
        if field := self.field(own):
            self.go(UpdateField(field.public_id, FieldSet(name=name, description=f"was {field.name}")))

    @rule(own=st.integers(0, 9), back=st.booleans())
    def archive(self, own: int, back: bool) -> None:
        if field := self.field(own):
            self.go(RestoreField(field.public_id) if back else ArchiveField(field.public_id))

    @rule(own=st.integers(0, 9))
    def first_field(self, own: int) -> None:
        if field := self.field(own):
            self.go(MoveField(field.public_id, "name"))

    @rule(name=NAMES, width=st.integers(50, 90))
    def add_view(self, name: str, width: int) -> None:
        self.go(CreateView("contacts", NewView(name, config={"row_height": width})))

    @rule(place=PLACES, name=NAMES, locked=st.booleans(), gone=st.booleans())
    def change_view(self, place: int, name: str, locked: bool, gone: bool) -> None:
        views = self.tables.views("contacts", SYSTEM)
        view = views[place % len(views)].id
        self.go(DeleteView(view) if gone else UpdateView(view, ViewSet(name=name, locked=locked)))

    @rule(back=st.integers(0, 8), force=st.booleans())
    def undo(self, back: int, force: bool) -> None:
        with contextlib.suppress(CrmError):
            self.house.records.undo(self.house.version - back, SYSTEM, force=force)
            self.note()

    @rule(back=st.integers(0, 10))
    def look_back(self, back: int) -> None:
        if self.house.version - back in self.known:
            self.compare(self.house.version - back)

    @invariant()
    def numbered(self) -> None:
        if hasattr(self, "house"):
            assert max(self.known) == self.house.version


def without_next(found: Any) -> Any:
    """An answer's page token and the version it says of the present are no part of the state."""
    if isinstance(found, dict):
        return {key: without_next(value) for key, value in found.items() if key != "next"}
    return [without_next(one) for one in found] if isinstance(found, list) else found


TestPast = Changes.TestCase
TestPast.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
