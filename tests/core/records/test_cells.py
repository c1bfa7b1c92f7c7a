"""Cells: what is accepted, what is refused, and that a refusal changes nothing."""

from typing import Any

import pytest

from crm_core.contracts.change import Create, CreateField, CreateRecord, NewField, Update, UpdateRecord
from crm_core.errors import Conflict, Invalid, NotFound, Refused
from tests.core.records.conftest import House


def test_values_are_read_by_kind_and_stored_exactly(house: House) -> None:
    record = house.add(
        "investors", name="Acme", check_size="€1.234,56", probability="12.5 %", last_contact="November 3, 2026",
        tags=None, priority=3, website="https://acme.example", stage="first CALL",
    )  # fmt: skip
    stored = house.rows()[record]
    assert stored["Check size"] == 123456
    assert stored["Probability"] == 0.125
    assert stored["Last contact"] == "2026-11-03"
    assert house.table().field("stage").choice_names[stored["Stage"]] == "First call"


def test_money_is_exact_up_to_fifteen_digits(house: House) -> None:
    applied = house.go(Create("investors", [CreateRecord({"check_size": "90071992547409.91"})]))
    patch = next(iter(applied.change.tables.values())).records[0]
    field = house.table().field("check_size")
    assert patch.cells[field.public_id] == 90071992547409.91
    assert next(iter(house.rows().values()))["Check size"] == 9007199254740991
    with pytest.raises(Invalid) as caught:
        house.add("investors", check_size=90071992547409.93)
    assert caught.value.faults[0].code == "bad_number"


BAD = [
    ("check_size", "abc", "bad_number"), ("check_size", True, "bad_number"), ("check_size", float("inf"), "bad_number"),
    ("check_size", 10**400, "bad_number"), ("score", [1], "bad_number"), ("priority", 9, "bad_rating"),
    ("last_contact", "3/4/2026", "bad_date"), ("last_contact", "2026-02-30", "bad_date"),
    ("last_contact", 5, "bad_date"),
    ("email", "nobody", "bad_email"), ("phone", "call me", "bad_phone"), ("website", "no spaces here", "bad_url"),
    ("name", "a\x00b", "bad_text"), ("name", "\ud800", "bad_text"), ("name", {"a": 1}, "bad_text"),
    ("name", "x" * 100_001, "too_long"), ("stage", "No such stage", "unknown_option"), ("stage", 5, "bad_option"),
    ("tags", "nope", "unknown_option"), ("owner", "usr00000000000000", "unknown_user"), ("owner", 1, "unknown_user"),
    ("contacts", ["rec00000000000000"], "unknown_record"), ("contacts", 7, "bad_link"), ("nope", 1, "unknown_field"),
    ("created", "2026-01-01", "read_only_field"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "code"), BAD)
def test_a_bad_cell_is_named_and_nothing_is_written(house: House, field: str, value: Any, code: str) -> None:
    good = CreateRecord({"name": "Good"})
    with pytest.raises(Invalid) as caught:
        house.go(Create("investors", [good, CreateRecord({field: value})]))
    fault = caught.value.faults[0]
    assert (caught.value.code, fault.code) == ("invalid_cells", code)
    if code not in ("unknown_user", "unknown_record") or fault.pointer:
        assert fault.pointer.startswith(f"/ops/0/records/1/cells/{field}")
    assert house.rows() == {}
    assert house.version == 0


def test_every_bad_cell_is_listed(house: House) -> None:
    with pytest.raises(Invalid) as caught:
        house.go(Create("investors", [CreateRecord({"score": "x"}) for _ in range(5)]))
    assert [fault.pointer for fault in caught.value.faults] == [f"/ops/0/records/{n}/cells/score" for n in range(5)]


def test_unknown_tables_records_and_deleted_records(house: House) -> None:
    with pytest.raises(NotFound, match="unknown_table"):
        house.go(Create("nope", []))
    with pytest.raises(NotFound, match="unknown_record"):
        house.set("investors", "rec00000000000000", name="x")
    contact = house.add("contacts", name="Ann")
    with pytest.raises(NotFound, match="unknown_record"):
        house.set("investors", contact, name="x")
    from crm_core.contracts.change import Delete

    investor = house.add("investors", name="Acme")
    house.go(Delete("investors", [investor]))
    with pytest.raises(Conflict, match="record_deleted"):
        house.set("investors", investor, name="x")


def test_unknown_options_are_added_only_when_asked(house: House) -> None:
    applied = house.go(
        Create("investors", [CreateRecord({"stage": "Wooing", "tags": 'warm, "A, B"'})]), create_options=True
    )
    assert applied.change.schema
    fields = house.table()
    assert fields.field("stage").choices[-1].name == "Wooing"
    assert [choice.name for choice in fields.field("tags").choices] == ["warm", "A, B"]
    house.records.undo(applied.version, _system())
    assert "Wooing" not in [choice.name for choice in house.table().field("stage").choices]


def _system() -> Any:
    from crm_core.contracts.actor import SYSTEM

    return SYSTEM


def test_a_record_named_twice_in_one_operation_takes_both_changes(house: House) -> None:
    record = house.add("investors", name="A")
    house.go(Update("investors", [UpdateRecord(record, {"name": "B"}), UpdateRecord(record, {"city": "Rome"})]))
    assert house.rows()[record] == {"Name": "B", "City": "Rome", **_computed(house, record)}


def _computed(house: House, record: str) -> dict[str, Any]:
    return {name: value for name, value in house.rows()[record].items() if name in ("Created", "Last modified")}


def test_fields_can_be_named_by_id_key_or_name(house: House) -> None:
    field = house.table().field("check_size")
    for ref in (field.public_id, "check_size", "Check size"):
        record = house.add("investors", **{ref: 5})
        assert house.rows()[record]["Check size"] == 500


def test_writing_what_is_there_already_is_no_change(house: House) -> None:
    record = house.add("investors", name="Acme", check_size=5)
    before = house.version
    assert house.set("investors", record, name="Acme", check_size="5.00").version == before
    assert house.version == before


def test_a_read_token_writes_nothing(house: House) -> None:
    from crm_core.contracts.actor import Actor

    with pytest.raises(Refused, match="read_only_token"):
        house.go(Create("investors", [CreateRecord({})]), actor=Actor(None, "bot", scope="read"))


def test_a_field_added_by_the_team_is_a_real_column(house: House) -> None:
    house.go(CreateField("investors", NewField("Ticket", "number", {"precision": 2})))
    record = house.add("investors", Ticket="1,5")
    assert house.rows()[record]["Ticket"] == 1.5
    with house.units.read() as session:
        columns = [row[1] for row in session.connection().exec_driver_sql("PRAGMA table_info(fundraising_investors)")]
    assert house.table().field("Ticket").column in columns
