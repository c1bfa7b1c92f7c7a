"""The dashboards' sums against a plain Python model, on random data with gaps, odd cents and deletions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import Create, CreateRecord, Delete, Op
from crm_core.contracts.query import Filter, Query
from crm_core.services.builtin import STAGES, STATUSES
from crm_core.services.computed import Graphs
from crm_core.services.dashboards import Dashboards
from crm_core.services.fundraising import Fundraising
from crm_core.services.tables import Tables
from crm_core.services.windows import Windows
from tests.core.records.conftest import House

MONEY = st.none() | st.integers(0, 10**9).map(lambda cents: cents / 100)
DAYS = st.none() | st.sampled_from(["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-28", "2026-03-05"])
INVESTOR = st.fixed_dictionaries(
    {
        "stage": st.none() | st.sampled_from(list(STAGES)),
        "check_size": MONEY,
        "probability": st.none() | st.sampled_from([0, 0.1, 0.25, 1]),
        "deleted": st.booleans(),
    }
)
COMMITMENT = st.fixed_dictionaries(
    {
        "investor": st.none() | st.integers(0, 4),
        "fund": st.none() | st.integers(0, 2),
        "status": st.none() | st.sampled_from(list(STATUSES)),
        "amount": MONEY,
        "closing": st.none() | st.sampled_from(["First close", "Final close"]),
        "soft_circled_on": DAYS,
        "signed_on": DAYS,
        "deleted": st.booleans(),
    }
)
FUND = st.fixed_dictionaries({"target": MONEY, "deleted": st.booleans()})
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One database for all examples: what an earlier one left behind lies in the trash and must not count."""
    built = House(tmp_path_factory.mktemp("dashboards"))
    yield built
    built.storage.close()


def emptied(house: House) -> Dashboards:
    for table in ("commitments", "investors", "funds"):
        if left := list(house.rows(table)):
            house.go(Delete(table, left))
    return Dashboards(house.units, house.schemas)


def fill(house: House, table: str, rows: list[dict[str, Any]]) -> list[str]:
    """Make records and return their ids; those marked deleted are put in the trash by the caller."""
    cells = [{name: value for name, value in row.items() if name != "deleted"} for row in rows]
    return house.go(Create(table, [CreateRecord(one) for one in cells])).created[0] if rows else []


def trash(house: House, table: str, made: list[str], rows: list[dict[str, Any]]) -> None:
    gone = [record for record, row in zip(made, rows, strict=True) if row["deleted"]]
    ops: list[Op] = [Delete(table, gone)] if gone else []
    if ops:
        house.go(*ops)


def option(house: House, table: str, key: str, name: str | None) -> str | None:
    field = house.table(table).field(key)
    return None if name is None else field.choice_ids[field.choice_numbers[name]]


@SLOW
@given(st.lists(INVESTOR, max_size=12))
def test_the_pipeline_is_what_the_model_adds_up(house: House, rows: list[dict[str, Any]]) -> None:
    dashboards = emptied(house)
    trash(house, "investors", fill(house, "investors", rows), rows)
    answer = dashboards.pipeline()
    order = [*STAGES, None]
    live = [row for row in rows if not row["deleted"]]
    expected = []
    for stage in order:
        some = [row for row in live if row["stage"] == stage]
        if not some:
            continue
        sizes = [(Decimal(str(row["check_size"])), row["probability"]) for row in some if row["check_size"] is not None]
        weighted = sum((size * Decimal(str(likely)) for size, likely in sizes if likely is not None), Decimal(0))
        expected.append(
            (option(house, "investors", "stage", stage), len(some), sum(size for size, _ in sizes), weighted,
             sum(likely is None for _, likely in sizes))
        )  # fmt: skip
    assert answer.version == house.version
    assert len(answer.stages) == len(expected)
    for told, (named, count, size, weighted, unsaid) in zip(answer.stages, expected, strict=True):
        assert (told.stage, told.count, told.without_probability) == (named, count, unsaid)
        assert Decimal(str(told.check_size)) == size
        assert abs(Decimal(str(told.weighted)) - weighted) <= Decimal("0.01")


@SLOW
@given(
    st.lists(FUND, min_size=3, max_size=3),
    st.lists(INVESTOR, min_size=5, max_size=5),
    st.lists(COMMITMENT, max_size=14),
)
def test_commitments_are_what_the_model_the_summary_and_the_grid_say(
    house: House, funds: list[dict[str, Any]], investors: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    dashboards = emptied(house)
    fund_ids = fill(house, "funds", funds)
    investor_ids = fill(house, "investors", investors)
    linked = [
        {
            **row,
            "investor": None if row["investor"] is None else [investor_ids[row["investor"]]],
            "fund": None if row["fund"] is None else [fund_ids[row["fund"]]],
        }
        for row in rows
    ]
    made = fill(house, "commitments", linked)
    for table, keys, given_rows in (
        ("funds", fund_ids, funds),
        ("investors", investor_ids, investors),
        ("commitments", made, rows),
    ):
        trash(house, table, keys, given_rows)
    answer = dashboards.commitments()

    sums: dict[tuple[Any, ...], list[Decimal]] = defaultdict(list)
    left_out = 0
    for row in rows:
        state = {"soft_circled": "soft", "committed": "hard", "signed": "hard", "funded": "hard"}.get(row["status"])
        if row["deleted"] or state is None:
            continue
        if row["investor"] is not None and investors[row["investor"]]["deleted"]:
            left_out += 1
            continue
        fund = None if row["fund"] is None or funds[row["fund"]]["deleted"] else fund_ids[row["fund"]]
        day = row["soft_circled_on" if state == "soft" else "signed_on"]
        closing = option(house, "commitments", "closing", row["closing"])
        sums[fund, state, day and day[:7], closing].append(Decimal(str(row["amount"] or 0)))
    told = {
        (one.fund, one.state, one.month, one.closing): (one.count, Decimal(str(one.amount))) for one in answer.promised
    }
    assert told == {key: (len(amounts), sum(amounts)) for key, amounts in sums.items()}
    assert answer.of_deleted_investors == left_out
    live = [(record, fund["target"]) for record, fund in zip(fund_ids, funds, strict=True) if not fund["deleted"]]
    assert [(fund.id, fund.target) for fund in answer.funds] == live
    _agrees_with_the_summary(house, answer)
    if not left_out:
        _agrees_with_the_grid(house, answer)


def _agrees_with_the_summary(house: House, answer: Any) -> None:
    windows = Windows(house.units, house.schemas, house.settings)
    tables = Tables(house.units, house.schemas, Graphs(lambda: None))  # type: ignore[arg-type, return-value]
    summary = Fundraising(house.units, house.schemas, tables, windows, house.records).summary()
    for fund in summary["by_fund"]:
        for state in ("soft", "hard"):
            mine = sum(
                Decimal(str(one.amount)) for one in answer.promised if (one.fund, one.state) == (fund["id"], state)
            )
            assert mine == Decimal(str(fund[state]))
    windows.close()


def _agrees_with_the_grid(house: House, answer: Any) -> None:
    """What a press on a number opens holds as many records as the number says."""
    windows = Windows(house.units, house.schemas, house.settings)
    field = house.table("commitments").field("status")
    names = {"soft": ["soft_circled"], "hard": ["committed", "signed", "funded"]}
    for one in answer.promised:
        day = "soft_circled_on" if one.state == "soft" else "signed_on"
        wanted = [field.choice_ids[field.choice_numbers[name]] for name in names[one.state]]
        conditions = [
            Filter(field="status", op="is_any_of", value=wanted),
            Filter(field="fund", op="is_empty")
            if one.fund is None
            else Filter(field="fund", op="has_any_of", value=[one.fund]),
            Filter(field="closing", op="is", value=one.closing),
        ]
        if one.month is None:
            conditions.append(Filter(field=day, op="is_empty"))
        else:
            following = "2026-01" if one.month == "2025-12" else f"2026-{int(one.month[5:]) + 1:02}"
            conditions += [
                Filter(field=day, op="is_on_or_after", value=f"{one.month}-01"),
                Filter(field=day, op="is_before", value=f"{following}-01"),
            ]
        found = windows.query("commitments", Query(filter=Filter(all_of=conditions), fields=["amount"]), SYSTEM)
        assert found.total == one.count
        assert sum(Decimal(str(amount or 0)) for amount in found.columns[0]) == Decimal(str(one.amount))
    windows.close()


def test_the_options_that_are_meant_are_the_built_in_ones(house: House) -> None:
    pipeline, commitments = emptied(house).pipeline(), emptied(house).commitments()
    assert pipeline.passed == [option(house, "investors", "stage", "Passed")]
    assert pipeline.graveyard == [option(house, "investors", "list", "graveyard")]
    assert commitments.soft == [option(house, "commitments", "status", "soft_circled")]
    hard = ("committed", "signed", "funded")
    assert commitments.hard == [option(house, "commitments", "status", name) for name in hard]
