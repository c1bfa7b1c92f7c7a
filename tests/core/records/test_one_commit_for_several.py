"""Several people's change sets in one transaction: each passes or fails alone, all stand or fall with the commit."""

import pytest

from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import ChangeSet, CreateField, NewField, Op, Update, UpdateRecord
from crm_core.errors import Conflict, Invalid, Refused
from crm_core.services.records import journal
from tests.core.records.conftest import House


def edit(record: str, **cells: object) -> Op:
    return Update("investors", [UpdateRecord(record, cells)])


def shown(house: House) -> dict[str, dict[str, object]]:
    """What people wrote, by record."""
    own = {"Name", "City", "Score"}
    return {key: {name: value for name, value in cells.items() if name in own} for key, cells in house.rows().items()}


def test_each_change_set_has_its_own_answer(house: House) -> None:
    first, second = house.add("investors", name="A"), house.add("investors", name="B")
    base = house.version
    reader = Actor(None, "R", scope="read")
    answers = house.records.apply_each(
        [
            (ChangeSet([edit(first, name="A1")]), SYSTEM),
            (ChangeSet([edit(first, city="Rome"), edit(second, score="many")]), SYSTEM),
            (ChangeSet([edit(second, name="B1")]), reader),
            (ChangeSet([edit(first, name="A2")], base_version=base), SYSTEM),
            (ChangeSet([edit(second, name="B2")], base_version=base), SYSTEM),
        ]
    )
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds == ["Applied", Invalid.__name__, Refused.__name__, Conflict.__name__, "Applied"]
    assert [answer.version for answer in answers if not isinstance(answer, Exception)] == [base + 1, base + 2]
    assert shown(house) == {first: {"Name": "A1"}, second: {"Name": "B2"}}
    with house.units.read() as session:
        assert journal.verify_chain(session.connection()) is None


def test_a_request_repeated_in_the_same_commit_is_done_once(house: House) -> None:
    record = house.add("investors", name="A")
    change = ChangeSet([edit(record, name="B")], idempotency_key="k")
    one, again = house.records.apply_each([(change, SYSTEM), (change, SYSTEM)])
    assert one == again
    assert house.version == one.version  # type: ignore[union-attr]


def test_when_the_database_gives_up_the_transaction_nothing_of_any_stands(house: House) -> None:
    record = house.add("investors", name="A")
    before = house.version
    with house.units.write() as session:  # what a full disk does to a transaction
        session.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON changes WHEN NEW.reason = 'full'"
            " BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END"
        )
    with pytest.raises(Exception, match="the disk is full"):
        house.records.apply_each(
            [
                (ChangeSet([CreateField("investors", NewField("Lost", "text"))]), SYSTEM),
                (ChangeSet([edit(record, name="B")], reason="full"), SYSTEM),
                (ChangeSet([edit(record, name="C")]), SYSTEM),
            ]
        )
    assert house.version == before
    assert shown(house) == {record: {"Name": "A"}}
    house.go(CreateField("investors", NewField("Kept", "text")))
    assert house.set("investors", record, Kept="yes").version == before + 2
    assert "Lost" not in {field.name for field in house.table().fields}
