"""Formula, lookup, rollup and count fields as a team uses them."""

from collections.abc import Sequence
from typing import Any

import pytest

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import (
    ArchiveField,
    ChangeSet,
    Create,
    CreateField,
    CreateRecord,
    Delete,
    FieldSet,
    NewField,
    Op,
    Restore,
    RestoreField,
    Update,
    UpdateField,
    UpdateRecord,
)
from crm_core.contracts.formula import FormulaExample, FormulaFunction, Number
from crm_core.contracts.query import AggregateQuery, Filter, Query, Sort
from crm_core.errors import Invalid, Refused, Unavailable
from crm_core.host import Gate, Item, Registry
from crm_core.services.computed.calculation import Calculation
from crm_core.services.computed.graph import Node
from crm_core.services.computed.rows import Rows
from crm_core.services.recalculation import Progress
from tests.core.computed.conftest import Works, engine_on, registry_with

EURO = {"kind": "currency", "code": "EUR", "precision": 2}


def test_a_formula_is_computed_for_all_records_and_again_when_an_input_changes(works: Works) -> None:
    acme = works.add("investors", Name="Acme", Committed=1_000_000, Probability=0.25)
    works.add("investors", Name="Beta")
    field = works.field("investors", "Weighted", "formula", formula="{Committed} * {Probability}", format=EURO)
    assert (field.options["result"], field.options["format"]) == ("currency", {"code": "EUR", "precision": 2})
    assert works.column("investors", "Weighted") == [250_000.0, 0.0]
    applied = works.set("investors", acme, Probability=0.5)
    patch = next(iter(applied.change.tables.values()))
    assert patch.records[0].cells[field.id] == 500_000.0
    assert works.column("investors", "Weighted") == [500_000.0, 0.0]


def test_money_is_rounded_half_up_to_the_fields_precision(works: Works) -> None:
    works.add("investors", Name="Acme", Committed=1.01, Probability=0.5)
    works.field("investors", "Half", "formula", formula="{Committed} * {Probability}", format=EURO)
    assert works.column("investors", "Half") == [0.51]


def test_a_chain_is_followed_and_stops_where_nothing_changed(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    acme = works.add("investors", Name="Acme", Score=3)
    works.field("investors", "Positive", "formula", formula="IF({Score} > 0, 1, 0)")
    last = works.field("investors", "Label", "formula", formula='IF({Positive}, "yes", "no")')
    asked: list[str] = []
    results = Calculation.results

    def noted(self: Calculation, node: Node, rows: Rows, places: Sequence[int]) -> Any:
        asked.append(node.field.name)
        return results(self, node, rows, places)

    monkeypatch.setattr(Calculation, "results", noted)
    works.set("investors", acme, Score=5)
    assert asked == ["Positive"]
    works.set("investors", acme, Score=-1)
    assert asked == ["Positive", "Positive", "Label"]
    assert works.column("investors", "Label") == ["no"]
    assert last.options["result"] == "text"


def test_what_a_formula_reads_can_be_renamed(works: Works) -> None:
    works.add("investors", Name="Acme", Score=3)
    works.field("investors", "Twice", "formula", formula="Score*2")
    works.go(UpdateField(works.named("investors", "Score").id, FieldSet(name="Points {new}")))
    assert works.named("investors", "Twice").options["formula"] == r"{Points \{new\}}*2"
    assert works.named("investors", "Twice").options["error"] is None
    assert works.column("investors", "Twice") == [6.0]
    works.options(works.named("investors", "Twice"), formula=r"{Points \{new\}}*3")
    assert works.column("investors", "Twice") == [9.0]


def test_a_deleted_field_is_named_in_the_error_and_restoring_it_mends_the_formula(works: Works) -> None:
    works.add("investors", Name="Acme")
    extra = works.field("investors", "Extra", "number")
    works.field("investors", "More", "formula", formula="{Extra} + 1")
    works.go(ArchiveField(extra.id))
    error = works.named("investors", "More").options["error"]
    assert error["kind"] == "unknown_field"
    assert "Extra, which was deleted" in error["message"]
    assert error["span"] == (0, 7)
    assert works.named("investors", "More").options["formula"] == "{Extra} + 1"
    assert works.column("investors", "More")[0]["error"]["kind"] == "unknown_field"
    works.go(RestoreField(extra.id))
    assert works.column("investors", "More") == [1.0]


def test_renaming_an_option_changes_the_text_that_formulas_make_of_it(works: Works) -> None:
    works.add("investors", Name="Acme", Stage="Passed")
    works.field("investors", "Said", "formula", formula='"is " & Stage')
    stage = works.named("investors", "Stage")
    choices = [
        {**one, "name": "Declined" if one["name"] == "Passed" else one["name"]} for one in stage.options["choices"]
    ]
    works.options(stage, choices=choices)
    assert works.column("investors", "Said") == ["is Declined"]


def test_links_are_followed_both_ways(works: Works) -> None:
    acme, beta = works.add("investors", Name="Acme", Stage="Passed"), works.add("investors", Name="Beta")
    one = works.add("commitments", Name="C1", Investor=[acme], Amount=100, Status="signed")
    two = works.add("commitments", Name="C2", Investor=[acme], Amount=250.5, Status="passed")
    works.field("investors", "Total", "rollup", link="Commitments", field="Amount", formula="SUM(values)", format=EURO)
    works.field("investors", "Statuses", "lookup", link="Commitments", field="Status")
    works.field(
        "investors", "Signed", "count", link="Commitments", filter={"field": "Status", "op": "is", "value": "signed"}
    )
    works.field("commitments", "Stage", "lookup", link="Investor", field="Stage")
    assert works.column("investors", "Total") == [350.5, 0.0]
    assert works.column("investors", "Signed") == [1.0, 0.0]
    names = {c["id"]: c["name"] for c in works.named("commitments", "Status").options["choices"]}
    statuses = works.column("investors", "Statuses")
    assert [names[option] for option in statuses[0]] == ["signed", "passed"]
    assert statuses[1] is None
    stage = works.named("commitments", "Stage").options
    assert (stage["result"], stage["many"]) == ("single_select", False)
    assert works.column("commitments", "Stage") == [works.column("investors", "Stage")[0]] * 2

    works.set("commitments", one, Status="passed", Amount=1)
    assert works.column("investors", "Total") == [251.5, 0.0]
    assert works.column("investors", "Signed") == [0.0, 0.0]
    works.set("commitments", two, Investor=[beta])
    assert works.column("investors", "Total") == [1.0, 250.5]
    works.set("investors", beta, Commitments=[one, two])
    assert works.column("investors", "Total") == [0.0, 251.5]
    works.go(Delete("commitments", [one]))
    assert works.column("investors", "Total") == [0.0, 250.5]
    works.go(Restore("commitments", [one]))
    assert works.column("investors", "Total") == [0.0, 251.5]
    works.go(Delete("investors", [beta]))
    assert works.column("commitments", "Stage") == [None, None]
    assert works.wrong() == {}


def test_a_name_that_a_formula_shows_follows_the_linked_record(works: Works) -> None:
    acme = works.add("investors", Name="Acme")
    works.add("commitments", Name="C1", Investor=[acme])
    works.field("commitments", "From", "formula", formula='"from " & Investor')
    works.set("investors", acme, Name="Acme Ltd")
    assert works.column("commitments", "From") == ["from Acme Ltd"]
    assert works.wrong() == {}


def test_a_lookup_of_links_follows_names_two_steps_away(works: Works) -> None:
    acme = works.add("investors", Name="Acme")
    contact = works.add("contacts", Name="Ann", Investor=[acme])
    works.add("commitments", Name="C1", Investor=[acme])
    works.field("commitments", "People", "lookup", link="Investor", field="Contacts")
    assert works.column("commitments", "People") == [["Ann"]]
    works.set("contacts", contact, Name="Anne")
    assert works.column("commitments", "People") == [["Anne"]]
    assert works.wrong() == {}


def test_an_error_spreads_and_is_told_by_cell(works: Works) -> None:
    works.add("investors", Name="Acme", Score=0)
    works.field("investors", "Share", "formula", formula="1 / {Score}")
    works.field("investors", "Twice", "formula", formula="{Share} * 2")
    works.field("investors", "Safe", "formula", formula='IF(ISERROR({Share}), "none", "some")')
    assert works.column("investors", "Share")[0]["error"]["shown"] == "Infinity"
    assert works.column("investors", "Twice")[0]["error"]["kind"] == "divide_by_zero"
    assert works.column("investors", "Safe") == ["none"]


def test_mistakes_refuse_the_field_and_say_where(works: Works) -> None:
    with pytest.raises(Invalid) as caught:
        works.field("investors", "Bad", "formula", formula="{Committd} + SUMM(1)")
    assert caught.value.code == "bad_formula"
    assert [(e["kind"], e["suggestions"][0]) for e in caught.value.extra["formula"]] == [
        ("unknown_field", "Committed"),
        ("unknown_function", "SUM"),
    ]
    assert all(field.name != "Bad" for field in works.tables.fields("investors"))


def test_a_circle_is_refused_with_its_whole_path(works: Works) -> None:
    a = works.field("investors", "A", "formula", formula="{Score} + 1")
    works.field("investors", "B", "formula", formula="{A} + 1")
    works.field("investors", "C", "formula", formula="{B} + 1")
    with pytest.raises(Invalid) as caught:
        works.options(a, formula="{C} + 1")
    assert caught.value.code == "formula_cycle"
    assert "A → C → B → A" in caught.value.message
    assert works.named("investors", "A").options["formula"] == "{Score} + 1"
    checked = works.computed.check("investors", {"formula": "1 + {C}"}, SYSTEM, editing=a.id)
    assert [(error.kind, error.span) for error in checked.errors] == [("cycle", (4, 7))]


def test_a_circle_over_links_is_refused(works: Works) -> None:
    total = works.field("investors", "Total", "rollup", link="Commitments", field="Amount", formula="SUM(values)")
    works.field("commitments", "Share", "lookup", link="Investor", field="Total")
    with pytest.raises(Invalid) as caught:
        works.go(UpdateField(total.id, FieldSet(options={"field": "Share"})))
    assert caught.value.code == "formula_cycle"


def test_the_format_follows_the_result_when_a_formula_changes_its_type(works: Works) -> None:
    works.add("investors", Name="Acme", Score=3)
    first = works.field(
        "investors", "First", "formula", formula="{Score} * 2", format={"kind": "number", "precision": 1}
    )
    works.field("investors", "Second", "formula", formula="{First}")
    works.options(first, formula='"n" & {Score}')
    assert [works.named("investors", name).options["result"] for name in ("First", "Second")] == ["text", "text"]
    assert works.column("investors", "Second") == ["n3"]
    version = works.version
    works.records.undo(version, SYSTEM)
    assert works.column("investors", "First") == [6.0]
    assert works.column("investors", "Second") == [6.0]
    assert works.wrong() == {}


def test_a_new_kind_of_what_a_lookup_shows_gives_it_a_new_column(works: Works) -> None:
    acme = works.add("investors", Name="Acme")
    works.add("commitments", Name="C1", Investor=[acme])
    rank = works.field("investors", "Rank", "number")
    works.set("investors", acme, Rank=5)
    works.field("commitments", "Rank there", "lookup", link="Investor", field="Rank")
    assert works.column("commitments", "Rank there") == [5.0]
    works.go(UpdateField(rank.id, FieldSet(kind="text")))
    assert works.named("commitments", "Rank there").options["result"] == "text"
    assert works.column("commitments", "Rank there") == ["5"]
    assert works.wrong() == {}


def test_filters_sorts_groups_and_totals_take_a_computed_field_as_any_other(works: Works) -> None:
    for name, committed in (("A", 3), ("B", 1), ("C", 2)):
        works.add("investors", Name=name, Committed=committed)
    works.field("investors", "Twice", "formula", formula="{Committed} * 2", format=EURO)
    works.field("investors", "Big", "formula", formula='IF({Committed} > 1, "big", "small")')
    window = works.windows.query(
        "investors",
        Query(fields=["Name"], filter=Filter(field="Twice", op=">=", value=4), sorts=[Sort("Twice")]),
        SYSTEM,
    )
    assert list(window.columns[0]) == ["C", "A"]
    asked = AggregateQuery(aggregates={"Twice": "sum"}, groups=[Sort("Big")])
    found = works.windows.aggregate("investors", asked, SYSTEM)
    assert [(group.key, list(group.totals.values())) for group in found.groups] == [(["big"], [10]), (["small"], [2])]


def test_dates_that_are_computed_are_found_by_a_day_and_read_as_their_format_says(works: Works) -> None:
    works.field("investors", "Seen", "date", format="european")
    met = works.add("investors", Name="A", Seen="2026-03-04")
    works.add("investors", Name="B")
    works.add("commitments", Name="1", Investor=met)
    european = {"kind": "date", "format": "european"}
    works.field("investors", "Again", "formula", formula="DATEADD({Seen}, 7, 'days')", format=european)
    link, seen = works.named("commitments", "Investor"), works.named("investors", "Seen")
    works.field("commitments", "Their day", "lookup", link=link.id, field=seen.id)

    def found(table: str, field: str, op: str, value: str) -> list[str]:
        asked = Query(fields=["Name"], filter=Filter(field=field, op=op, value=value))
        window = works.windows.query(table, asked, SYSTEM)
        return list(window.columns[0]) if window.ids else []

    assert found("investors", "Again", "is", "2026-03-11") == ["A"]
    assert found("investors", "Again", "is", "11/03/2026") == ["A"]
    assert found("investors", "Again", "is_before", "2026-03-11") == []
    assert found("investors", "Again", "is_on_or_before", "2026-03-11") == ["A"]
    assert found("commitments", "Their day", "is_on_or_after", "04/03/2026") == ["1"]
    searched = works.windows.query("investors", Query(fields=["Name", "Again"], search="11/03/2026"), SYSTEM)
    assert list(searched.columns[0]) == ["A"]


def test_a_computed_cell_cannot_be_written(works: Works) -> None:
    acme = works.add("investors", Name="Acme")
    works.field("investors", "Twice", "formula", formula="{Committed} * 2")
    with pytest.raises(Invalid) as caught:
        works.set("investors", acme, Twice=3)
    assert caught.value.faults[0].code == "read_only_field"


def test_what_happens_while_formulas_are_off_is_made_up_for(works: Works) -> None:
    acme = works.add("investors", Name="Acme", Score=1)
    field = works.field("investors", "Twice", "formula", formula="{Score} * 2")
    works.registry = Registry()
    assert works.column("investors", "Twice")[0]["error"]["kind"] == "plugin_off"
    assert works.named("investors", "Twice").options["formula"] == "{Score} * 2"
    works.set("investors", acme, Score=4)
    with pytest.raises(Unavailable):
        works.options(field, formula="{Score} * 3")
    works.registry = engine_on()
    works.recalculation.start()
    works.recalculation.settle()
    assert works.column("investors", "Twice") == [8.0]


def test_many_records_are_computed_after_the_change_and_history_says_so(works: Works) -> None:
    field = works.field("investors", "Twice", "formula", formula="{Score} * 2")
    works.field("investors", "Thrice", "formula", formula="{Twice} * 1.5")
    records = [CreateRecord({"Name": f"I{n}", "Score": n}) for n in range(2_500)]
    applied = works.go(Create("investors", records))
    assert works.named("investors", "Twice").options["calculating"]
    assert applied.change.schema
    told: list[Progress] = []
    works.recalculation.on_progress(told.append)
    works.recalculation.start()
    works.recalculation.settle()
    assert told == [Progress(2_500, 2_500), Progress()]
    window = works.windows.query("investors", Query(fields=["Twice", "Thrice"], limit=3_000), SYSTEM)
    assert list(window.columns[0]) == [2.0 * n for n in range(2_500)]
    assert list(window.columns[1]) == [3.0 * n for n in range(2_500)]
    assert not works.named("investors", "Twice").options["calculating"]
    changes, version, _ = works.records.since(applied.version)
    assert version == applied.version + 1
    assert [patch.reload for change in changes for patch in change.tables.values()] == [True]
    assert works.wrong() == {}
    back = works.records.undo(version, SYSTEM)
    assert back.version == version
    works.options(field, formula="{Score} * 4")
    works.recalculation.settle()
    assert works.wrong() == {}


def test_times_and_ids_of_the_record_are_known(works: Works) -> None:
    acme = works.add("investors", Name="Acme")
    works.field("investors", "Id", "formula", formula="RECORD_ID()")
    works.field("investors", "Scored", "formula", formula="LAST_MODIFIED_TIME({Score})")
    works.field("investors", "Touched", "formula", formula="LAST_MODIFIED_TIME()")
    assert works.column("investors", "Id") == [acme]
    assert works.column("investors", "Scored") == [None]
    works.set("investors", acme, Score=2)
    first = works.column("investors", "Scored")[0]
    assert first is not None
    assert works.column("investors", "Touched") == [first]
    works.set("investors", acme, City="Rome")
    assert works.column("investors", "Scored") == [first]
    assert works.wrong() == {}


def test_one_change_set_makes_a_field_and_records_and_undo_takes_both_back(works: Works) -> None:
    ops: list[Op] = [
        CreateField("investors", NewField("Twice", "formula", {"formula": "{Score} * 2"})),
        Create("investors", [CreateRecord({"Name": "Acme", "Score": 2})]),
    ]
    applied = works.records.apply(ChangeSet(ops=ops), SYSTEM)
    assert works.column("investors", "Twice") == [4.0]
    works.records.undo(applied.version, SYSTEM)
    assert all(field.name != "Twice" for field in works.tables.fields("investors"))


def test_history_and_conflicts_know_nothing_of_computed_cells(works: Works) -> None:
    acme = works.add("investors", Name="Acme", Score=1)
    works.field("investors", "Twice", "formula", formula="{Score} * 2")
    base = works.version
    works.go(Update("investors", [UpdateRecord(acme, {"Score": 5})]), base_version=base)
    works.go(Update("investors", [UpdateRecord(acme, {"City": "Rome"})]), base_version=base)
    items = works.records.history("investors", acme)["items"]
    assert all(len(item["after"]) == 1 for item in items[:2])


def test_dependencies_are_told_in_both_directions(works: Works) -> None:
    works.field("investors", "Twice", "formula", formula="{Score} * 2")
    works.field("commitments", "Theirs", "lookup", link="Investor", field="Twice")
    found = works.computed.dependencies("investors", "Twice")
    assert [(step.name, step.distance) for step in found.reads] == [("Score", 1)]
    assert [(step.name, step.through) for step in found.read_by] == [
        ("Theirs", works.named("commitments", "Investor").id)
    ]


def test_a_check_previews_without_writing(works: Works) -> None:
    works.add("investors", Name="Acme", Committed=2)
    before = works.version
    checked = works.computed.check("investors", {"formula": "{Committed} / 3", "format": EURO}, SYSTEM)
    assert (checked.ok, checked.result, checked.preview and checked.preview.text) == (True, "currency", "0.67")
    wrong = works.computed.check("investors", {"formula": "{Comitted} / 3"}, SYSTEM)
    assert (wrong.ok, wrong.errors[0].suggestions) == (False, ("Committed",))
    assert works.version == before


def test_a_function_whose_plugin_is_gone_after_a_restart_is_named_with_its_plugin(works: Works) -> None:
    def triple(value: Number) -> Number:
        return value * 3

    example = FormulaExample("TRIPLE(2)", 6.0)
    offer = FormulaFunction("TRIPLE", triple, "Three times a number.", (example,))
    item = Item("crm_formula_functions", "TRIPLE", "triples", offer, Gate("triples"))
    works.registry = registry_with(item, lambda: works.registry)
    acme = works.add("investors", Name="Acme", Score=2)
    works.field("investors", "Thrice", "formula", formula="TRIPLE({Score})")
    assert works.column("investors", "Thrice") == [6.0]
    works.registry = engine_on()
    error = works.named("investors", "Thrice").options["error"]
    assert (error["kind"], "the plugin triples" in error["message"]) == ("plugin_off", True)
    works.set("investors", acme, Score=5)
    works.registry = registry_with(item, lambda: works.registry)
    works.recalculation.start()
    works.recalculation.settle()
    assert works.column("investors", "Thrice") == [15.0]


def test_a_computed_field_can_become_a_plain_one_and_keeps_its_values(works: Works) -> None:
    acme = works.add("investors", Name="Acme", Committed=10.5)
    field = works.field("investors", "Twice", "formula", formula="{Committed} * 2", format=EURO)
    works.field("investors", "More", "formula", formula="{Twice} + 1")
    works.go(UpdateField(field.id, FieldSet(kind="currency", options={"code": "EUR", "precision": 2})))
    works.set("investors", acme, Committed=1)
    assert works.column("investors", "Twice") == [21.0]
    works.set("investors", acme, Twice=5)
    assert works.column("investors", "More") == [6.0]
    works.records.undo(works.version, SYSTEM)
    works.records.undo(works.version - 2, SYSTEM, force=True)
    assert works.wrong() == {}


def test_a_plain_field_can_become_a_formula_and_undo_brings_its_values_back(works: Works) -> None:
    works.add("investors", Name="Acme", Score=2)
    plain = works.field("investors", "Mine", "number")
    works.go(Update("investors", [UpdateRecord(works.windows.query("investors", Query(), SYSTEM).ids[0], {"Mine": 7})]))
    applied = works.go(UpdateField(plain.id, FieldSet(kind="formula", options={"formula": "{Score} * 3"})))
    assert works.column("investors", "Mine") == [6.0]
    works.records.undo(applied.version, SYSTEM)
    assert works.column("investors", "Mine") == [7.0]
    with pytest.raises(Invalid) as caught:
        works.go(UpdateField(plain.id, FieldSet(kind="formula", options={"formula": "{Mine} * 3"})))
    assert caught.value.code == "formula_cycle"
    stage = works.named("investors", "Stage")
    with pytest.raises(Refused):
        works.go(UpdateField(stage.id, FieldSet(kind="formula", options={"formula": "1"})))
