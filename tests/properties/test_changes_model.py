"""Any sequence of changes, undos and conflicts leaves the database equal to a plain model kept beside it."""

import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import Create, CreateRecord, Delete, Move, Restore, Update, UpdateRecord
from crm_core.errors import Conflict
from crm_core.services.records import journal
from tests.core.records.conftest import House

FIELDS = ("Name", "City", "Score", "Contacts")
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)
SCORE = st.one_of(st.none(), st.integers(-5, 5).map(float))

Cells = dict[str, Any]


class Model:
    """What the house must look like: investors in order, contacts linked to one investor, versions and effects."""

    def __init__(self) -> None:
        self.version = 0
        self.investors: dict[str, Cells] = {}
        self.deleted: set[str] = set()
        self.order: list[str] = []
        self.changed: dict[tuple[str, str], int] = {}
        self.effects: dict[int, list[tuple[str, str, Any, Any]]] = {}

    def commit(self, effects: list[tuple[str, str, Any, Any]]) -> None:
        """Number a change set that did something; `effects`: (what, record, before, after)."""
        if effects:
            self.version += 1
            self.effects[self.version] = effects
            for what, record, _, _ in effects:
                if what in FIELDS:
                    self.changed[record, what] = self.version


def stored(field: str, value: Any) -> Any:
    if field == "Contacts":
        return value or None
    return None if value == "" else value


class Changes(RuleBasedStateMachine):
    records = Bundle("records")
    versions = Bundle("versions")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.house = House(Path(self.folder.name))
        self.model = Model()

    def teardown(self) -> None:
        if hasattr(self, "house"):
            with self.house.units.read() as session:
                assert journal.verify_chain(session.connection()) is None
            self.house.storage.close()
            self.folder.cleanup()

    @rule(
        target=records,
        cells=st.lists(
            st.fixed_dictionaries({}, optional={"Name": TEXT, "City": TEXT, "Score": SCORE}), min_size=1, max_size=3
        ),
    )
    def create(self, cells: list[Cells]) -> Any:
        applied = self.house.go(Create("investors", [CreateRecord(one) for one in cells]))
        model, effects = self.model, []
        for record, one in zip(applied.created[0], cells, strict=True):
            model.investors[record] = {f: v for f, x in one.items() if (v := stored(f, x)) is not None}
            model.order.append(record)
            effects.append(("create", record, None, dict(model.investors[record])))
        model.commit(effects)
        for record, one in zip(applied.created[0], cells, strict=True):
            for field, value in one.items():
                if stored(field, value) is not None:
                    model.changed[record, field] = model.version
        assert applied.version == model.version
        return multiple(*applied.created[0])

    @rule(record=records, field=st.sampled_from(("Name", "City")), value=TEXT, behind=st.integers(0, 3))
    def edit_text(self, record: str, field: str, value: str, behind: int) -> None:
        self._edit(record, {field: value}, behind)

    @rule(one=records, two=records, score=SCORE, name=TEXT, behind=st.integers(0, 3))
    def edit_two(self, one: str, two: str, score: float | None, name: str, behind: int) -> None:
        self._edit(one, {"Score": score}, behind, (two, {"Name": name}))

    def _edit(self, record: str, cells: Cells, behind: int, *more: tuple[str, Cells]) -> None:
        model, base = self.model, max(0, self.model.version - behind)
        wanted: dict[str, Cells] = {}
        for key, given in ((record, cells), *more):
            wanted.setdefault(key, {}).update({f: stored(f, v) for f, v in given.items()})
        op = Update("investors", [UpdateRecord(key, given) for key, given in ((record, cells), *more)])
        gone = wanted.keys() & model.deleted
        clash = any(
            model.changed.get((key, field), 0) > base and model.investors[key].get(field) != value
            for key, given in wanted.items()
            for field, value in given.items()
        )
        if gone or clash:
            with pytest.raises(Conflict) as caught:
                self.house.go(op, base_version=base)
            assert caught.value.code == ("record_deleted" if gone else "version_conflict")
            return
        effects = []
        for key, given in wanted.items():
            for field, value in given.items():
                before = model.investors[key].get(field)
                if before != value:
                    effects.append((field, key, before, value))
                    self._put(key, field, value)
        model.commit(effects)
        assert self.house.go(op, base_version=base).version == model.version

    def _put(self, record: str, field: str, value: Any) -> None:
        self.model.investors[record].pop(field, None)
        if value is not None:
            self.model.investors[record][field] = value

    @rule(record=records)
    def delete(self, record: str) -> None:
        if record not in self.model.deleted:
            self.model.deleted.add(record)
            self.model.commit([("delete", record, None, None)])
        assert self.house.go(Delete("investors", [record])).version == self.model.version

    @rule(record=records)
    def restore(self, record: str) -> None:
        if record in self.model.deleted:
            self.model.deleted.discard(record)
            self.model.commit([("restore", record, None, None)])
        assert self.house.go(Restore("investors", [record])).version == self.model.version

    @rule(record=records, before=records)
    def move(self, record: str, before: str) -> None:
        if record == before or {record, before} & self.model.deleted:
            return
        previous = list(self.model.order)
        self.model.order.remove(record)
        self.model.order.insert(self.model.order.index(before), record)
        live = [key for key in previous if key not in self.model.deleted]
        place = live.index(record)
        already = place + 1 < len(live) and live[place + 1] == before
        applied = self.house.go(Move("investors", [record], before=before))
        if applied.version > self.model.version:
            self.model.commit([("move", record, None, None)])
        else:
            assert already
        assert applied.version == self.model.version

    @rule(choice=st.integers(1, 6), force=st.booleans())
    def undo(self, choice: int, force: bool) -> None:
        model, version = self.model, self.model.version - choice + 1
        effects = model.effects.get(version)
        if not effects or any(effect[0] == "move" for effect in effects):
            return
        clash = not force and any(self._differs(effect) for effect in effects)
        if clash:
            with pytest.raises(Conflict):
                self.house.records.undo(version, SYSTEM)
            return
        back = []
        for what, record, before, _ in reversed(deepcopy(effects)):
            if what in ("create", "restore") and record not in model.deleted:
                model.deleted.add(record)
                back.append(("delete", record, None, None))
            elif what == "delete" and record in model.deleted:
                model.deleted.discard(record)
                back.append(("restore", record, None, None))
            elif what in FIELDS and model.investors[record].get(what) != before:
                back.append((what, record, model.investors[record].get(what), before))
                self._put(record, what, before)
        model.commit(back)
        assert self.house.records.undo(version, SYSTEM, force=force).version == model.version

    def _differs(self, effect: tuple[str, str, Any, Any]) -> bool:
        what, record, _, after = effect
        if record in self.model.deleted:
            return False
        now = self.model.investors[record]
        if what == "create":
            return any(now.get(field) != value for field, value in after.items())
        return what in FIELDS and now.get(what) != after

    @invariant()
    def equal(self) -> None:
        if not hasattr(self, "house"):
            return
        found = {key: {f: v for f, v in row.items() if f in FIELDS} for key, row in self.house.rows().items()}
        live = [key for key in self.model.order if key not in self.model.deleted]
        assert list(found) == live
        assert found == {key: self.model.investors[key] for key in live}
        assert set(self.house.rows(deleted=True)) == self.model.deleted
        assert self.house.version == self.model.version


TestChanges = Changes.TestCase
TestChanges.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
