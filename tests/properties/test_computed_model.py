"""Whatever is changed, undone, linked, deleted or made: every computed cell is what computing it anew gives."""

import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import (
    ArchiveField,
    Create,
    CreateRecord,
    Delete,
    FieldSet,
    Merge,
    Restore,
    RestoreField,
    Update,
    UpdateField,
    UpdateRecord,
)
from crm_core.errors import Conflict, Invalid, NotFound
from tests.core.computed.conftest import Works

NUMBERS = st.one_of(st.none(), st.integers(-3, 3).map(float))
NAMES = st.sampled_from(("", "Ann", "Bo", "7"))
INVESTOR_FORMULAS = (
    "{Score} * 2",
    "{Total} / {Score}",
    'IF({Score} > 0, Name & "!", {Half})',
    "{Half} + {Total}",
    'Stage & " " & {Half}',
    "SUM({Amounts})",
    'ARRAYJOIN({Amounts}, "/") & Commitments',
    "DATEADD({Last contact}, {Score}, 'days')",
)
COMMITMENT_FORMULAS = ("{Amount} * 2", '"to " & Investor', "{Theirs} & Name", "ROUND({Amount} / {Shares}, 2)")


class Computing(RuleBasedStateMachine):
    investors = Bundle("investors")
    commitments = Bundle("commitments")
    versions = Bundle("versions")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.works = Works(Path(self.folder.name))
        works = self.works
        works.field("investors", "Total", "rollup", link="Commitments", field="Amount", formula="SUM(values)")
        works.field("investors", "Amounts", "lookup", link="Commitments", field="Amount")
        works.field("investors", "Half", "formula", formula="{Total} / 2")
        works.field("investors", "Free", "formula", formula="{Score} * 2")
        works.field("investors", "Big", "count", link="Commitments", filter={"field": "Amount", "op": ">", "value": 1})
        works.field("commitments", "Theirs", "lookup", link="Investor", field="Half")
        works.field("commitments", "Shares", "count", link="Investor")
        works.field("commitments", "Own", "formula", formula="{Amount} * 2")

    def teardown(self) -> None:
        if hasattr(self, "works"):
            self.works.close()
            self.folder.cleanup()

    @rule(target=investors, name=NAMES, score=NUMBERS, day=st.sampled_from((None, "2026-01-31", "2024-02-29")))
    def invest(self, name: str, score: float | None, day: str | None) -> Any:
        cells = {"Name": name, "Score": score, "Last contact": day}
        return self.works.go(Create("investors", [CreateRecord(cells)])).created[0][0]

    @rule(target=commitments, name=NAMES, amount=NUMBERS, investor=st.one_of(st.none(), investors))
    def commit(self, name: str, amount: float | None, investor: str | None) -> Any:
        cells: dict[str, Any] = {"Name": name, "Amount": amount}
        try:
            applied = self.works.go(
                Create("commitments", [CreateRecord({**cells, **({"Investor": [investor]} if investor else {})})])
            )
        except Invalid:
            return multiple()
        return applied.created[0][0]

    @rule(target=versions, record=investors, score=NUMBERS, name=NAMES)
    def score(self, record: str, score: float | None, name: str) -> Any:
        return self.try_go(Update("investors", [UpdateRecord(record, {"Score": score, "Name": name})]))

    @rule(target=versions, record=commitments, amount=NUMBERS)
    def amount(self, record: str, amount: float | None) -> Any:
        return self.try_go(Update("commitments", [UpdateRecord(record, {"Amount": amount})]))

    @rule(target=versions, record=commitments, investor=st.one_of(st.none(), investors))
    def link(self, record: str, investor: str | None) -> Any:
        cells = {"Investor": [investor] if investor else None}
        return self.try_go(Update("commitments", [UpdateRecord(record, cells)]))

    @rule(target=versions, record=investors, some=st.lists(commitments, max_size=3, unique=True))
    def link_back(self, record: str, some: list[str]) -> Any:
        return self.try_go(Update("investors", [UpdateRecord(record, {"Commitments": some})]))

    @rule(target=versions, record=investors, back=st.booleans())
    def trash_investor(self, record: str, back: bool) -> Any:
        return self.try_go(Restore("investors", [record]) if back else Delete("investors", [record]))

    @rule(target=versions, record=commitments, back=st.booleans())
    def trash_commitment(self, record: str, back: bool) -> Any:
        return self.try_go(Restore("commitments", [record]) if back else Delete("commitments", [record]))

    @rule(target=versions, into=investors, other=investors)
    def merge_investors(self, into: str, other: str) -> Any:
        return self.try_go(Merge("investors", into, [other]))

    @rule(target=versions, into=commitments, other=commitments)
    def merge_commitments(self, into: str, other: str) -> Any:
        return self.try_go(Merge("commitments", into, [other]))

    @rule(target=versions, formula=st.sampled_from(INVESTOR_FORMULAS), name=st.sampled_from(("Half", "Free")))
    def rewrite(self, formula: str, name: str) -> Any:
        return self.reformulate("investors", name, formula)

    @rule(target=versions, formula=st.sampled_from(COMMITMENT_FORMULAS))
    def rewrite_commitment(self, formula: str) -> Any:
        return self.reformulate("commitments", "Own", formula)

    @rule(target=versions, field=st.sampled_from(("Half", "Amounts", "Total", "Amount")))
    def look_elsewhere(self, field: str) -> Any:
        table = "commitments" if field == "Amount" else "investors"
        if table != "investors" or not self.has(table, field) or not self.has("commitments", "Theirs"):
            return multiple()
        change = FieldSet(options={"field": self.works.schema.table(table).field(field).public_id})
        return self.try_go(UpdateField(self.works.named("commitments", "Theirs").id, change))

    @rule(target=versions, name=st.sampled_from(("Total", "Amounts", "Free")), back=st.booleans())
    def archive(self, name: str, back: bool) -> Any:
        table = self.works.schema.table("investors")
        found = next((f for f in (table.archived if back else table.fields) if f.name == name), None)
        if found is None:
            return multiple()
        return self.try_go(RestoreField(found.public_id) if back else ArchiveField(found.public_id))

    @rule(target=versions, version=versions, force=st.booleans())
    def undo(self, version: int, force: bool) -> Any:
        try:
            return self.works.records.undo(version, SYSTEM, force=force).version
        except (Conflict, Invalid, NotFound):
            return multiple()

    @invariant()
    def every_cell_is_right(self) -> None:
        if hasattr(self, "works"):
            assert self.works.wrong() == {}

    def has(self, table: str, name: str) -> bool:
        return any(field.name == name for field in self.works.schema.table(table).fields)

    def reformulate(self, table: str, name: str, formula: str) -> Any:
        if not self.has(table, name):
            return multiple()
        change = FieldSet(options={"formula": formula})
        return self.try_go(UpdateField(self.works.schema.table(table).field(name).public_id, change))

    def try_go(self, op: Any) -> Any:
        try:
            return self.works.go(op).version
        except (Conflict, Invalid, NotFound):
            return multiple()


TestComputing = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")(Computing.TestCase)
TestComputing.settings = settings(
    max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
