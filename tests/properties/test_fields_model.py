"""Any sequence of field and option changes, edits and undos leaves history readable and every cell meaningful."""

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crm_core import ids
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ArchiveField, CreateField, FieldSet, NewField, RestoreField, UpdateField
from crm_core.errors import CrmError
from crm_core.kinds.choices import unpack
from crm_core.services.records import journal
from tests.core.records.conftest import House

KINDS = ("text", "number", "currency", "single_select", "multi_select", "date", "checkbox", "rating", "long_text")
VALUES = st.sampled_from(("a", "b", "a, b", "1", "2.5", "2026-01-02", "", None))
NAMES = st.sampled_from(("A", "B", "C"))
RECORDS = 3


class Fields(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.house = House(Path(self.folder.name))
        self.ids = [self.house.add("contacts", name=str(number)) for number in range(RECORDS)]
        self.meaning: dict[tuple[str, int], Any] = {}

    def teardown(self) -> None:
        if hasattr(self, "house"):
            with self.house.units.read() as session:
                assert journal.verify_chain(session.connection()) is None
            self.house.storage.close()
            self.folder.cleanup()

    def _own(self, number: int) -> Any:
        """One of the fields added here, archived ones included; None when there is none yet."""
        table = self.house.table("contacts")
        own = [field for field in (*table.fields, *table.archived) if field.key is None]
        return own[number % len(own)] if own else None

    @rule(name=NAMES, kind=st.sampled_from(KINDS))
    def create(self, name: str, kind: str) -> None:
        with contextlib.suppress(CrmError):
            self.house.go(CreateField("contacts", NewField(name, kind)))

    @rule(number=st.integers(0, 9), kind=st.sampled_from(KINDS))
    def retype(self, number: int, kind: str) -> None:
        self._update(number, FieldSet(kind=kind))

    @rule(number=st.integers(0, 9), name=NAMES)
    def rename(self, number: int, name: str) -> None:
        self._update(number, FieldSet(name=name))

    @rule(number=st.integers(0, 9), names=st.lists(st.sampled_from("abxy"), unique=True))
    def options(self, number: int, names: list[str]) -> None:
        self._update(number, FieldSet(options={"choices": [{"name": name} for name in names]}))

    def _update(self, number: int, changes: FieldSet) -> None:
        if field := self._own(number):
            with contextlib.suppress(CrmError):
                self.house.go(UpdateField(field.public_id, changes))

    @rule(number=st.integers(0, 9), back=st.booleans())
    def archive(self, number: int, back: bool) -> None:
        if field := self._own(number):
            self.house.go(RestoreField(field.public_id) if back else ArchiveField(field.public_id))

    @rule(number=st.integers(0, 9), record=st.integers(0, RECORDS - 1), value=VALUES)
    def edit(self, number: int, record: int, value: str | None) -> None:
        field = self._own(number)
        if field and field.archived_at is None:
            with contextlib.suppress(CrmError):
                self.house.set("contacts", self.ids[record], None, **{field.public_id: value})

    @rule(back=st.integers(0, 6), force=st.booleans())
    def undo(self, back: int, force: bool) -> None:
        version = self.house.version - back
        if version > RECORDS:
            with contextlib.suppress(CrmError):
                self.house.records.undo(version, SYSTEM, force=force)

    @invariant()
    def readable(self) -> None:
        if not hasattr(self, "house"):
            return
        changes, version, reset = self.house.records.since(0)
        assert (len(changes), reset) == (version, False)
        for record in self.ids:
            self.house.records.history("contacts", record)

    @invariant()
    def meaningful(self) -> None:
        """Names are unique; every value is one its field's kind can show; options held are options there."""
        if not hasattr(self, "house"):
            return
        table = self.house.table("contacts")
        names = [field.name.casefold() for field in table.fields]
        assert len(set(names)) == len(names)
        for cells in self.house.rows("contacts").values():
            for field in table.fields:
                value = cells.get(field.name)
                if value is None or field.kind.family == "link":
                    continue
                field.kind.text(value, field, "UTC")
                field.kind.wire(value, field)
                if field.kind.family in ("choice", "choices"):
                    held = [value] if field.kind.family == "choice" else unpack(value)
                    assert set(held) <= set(field.choice_names), f"{field.name} holds {held}"

    @invariant()
    def options_keep_their_meaning(self) -> None:
        """An option's number never comes to stand for another name (nothing here renames options)."""
        if not hasattr(self, "house"):
            return
        for field in self.house.schema.fields.values():
            for choice in field.choices:
                key = (f"{ids.encode('fld', field.id)}{field.column}", choice.number)
                assert self.meaning.setdefault(key, choice.name) == choice.name


TestFields = Fields.TestCase
TestFields.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
