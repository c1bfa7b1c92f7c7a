"""What kind a column is taken for, from its values; and in which order its dates and decimals are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.kinds.dates import parse_date
from crm_core.services.imports.columns import Column
from crm_core.services.imports.guess import Guess, decimal_sign, find_order, guess


def guessed(values: Sequence[str], name: str = "Column") -> Guess:
    column = Column(0, name)
    column.add(values)
    return guess(column, "EUR")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["$1,234.50", "$2", "-$3.00"], "currency"),
        (["1.234,50 €", "12,00 €"], "currency"),
        (["USD 1,000", "USD 2,500"], "currency"),
        (["50%", "12.5 %", "0%"], "percent"),
        (["11/23/2026", "1/2/2026"], "date"),
        (["2026-11-23", "2026-01-02"], "date"),
        (["November 23, 2026", "Jan 2, 2026"], "date"),
        (["11/23/2026 2:30pm", "1/2/2026 9:05am"], "date_time"),
        (["2026-11-23T14:30:00.000Z"], "date_time"),
        (["2026-11-23 14:30", "2026-11-24 15:00"], "date_time"),
        (["checked", "", "checked"], "checkbox"),
        (["TRUE", "FALSE", "FALSE"], "checkbox"),
        (["ai, climate", "climate", "ai, climate", "warm, ai"], "multi_select"),
        (["Climate,Health", "Climate,Health", "Climate,Health"], "multi_select"),
        (["Climate,Health", "Health", "Energy,Climate"], "multi_select"),
        (["Lee, Ann", "Lee, Ann", "Poe, Bo", "Lee, Ann", "Poe, Bo"], "single_select"),
        (["a,b", "c,d", "e,f"], "text"),
        (["Europe", "US", "Europe", "US", "US"], "single_select"),
        (["a@b.example", "c@d.example"], "email"),
        (["+49 30 1234567", "(415) 555-0142"], "phone"),
        (["https://a.example", "www.b.example/x"], "url"),
        (["deck.pdf (https://a.example/x.pdf)", "b.pdf (https://a.example/y.pdf)"], "url"),
        (["a.pdf (https://a.example/x.pdf), b.pdf (https://a.example/y.pdf)"], "long_text"),
        (["1:30", "0:45"], "duration"),
        (["1:30:00", "0:45:10"], "duration"),
        (["1,234", "5", "6.5"], "number"),
        (["-5", "(3)", "4"], "number"),
        (["00123", "04567"], "text"),
        (["12345678901234567890"], "text"),
        (["one\ntwo", "three"], "long_text"),
        (["x" * 200], "long_text"),
        (["Ada", "Bo", "Cy"], "text"),
        (["", ""], "text"),
        (["12", "n/a", "tbd", "later"], "text"),
    ],
)
def test_kinds(values: list[str], kind: str) -> None:
    assert guessed(values).kind == kind


def test_a_header_may_decide() -> None:
    assert guessed(["1", "5", "3"], "Rating").kind == "rating"
    assert guessed(["1", "5", "3"]).kind == "number"
    assert guessed(["High", "Low", "High"], "Priority").kind == "single_select"
    assert guessed(["High", "Low", "High"], "Remark").kind == "text"


def test_options_of_kinds() -> None:
    assert guessed(["$1.50", "$2.00"]).options == {"code": "USD", "precision": 2}
    assert guessed(["£1,000", "£2,000"]).options == {"code": "GBP", "precision": 0}
    assert guessed(["50.25%", "1%"]).options == {"precision": 2}
    assert guessed(["1,234.5", "2"]).options == {"precision": 1, "thousands": True}
    assert guessed(["1:30:10"]).options == {"format": "h:mm:ss"}
    mixed = guessed(["$5", "€7"])
    assert mixed.options["code"] == "EUR"
    assert "More than one currency" in mixed.notice


def test_a_few_strange_values_of_many_do_not_change_the_kind() -> None:
    assert guessed([f"${n}" for n in range(60)] + ["tbd"]).kind == "currency"
    assert guessed(["$1", "$2", "tbd"]).kind == "text"


@pytest.mark.parametrize(
    ("values", "order", "told"),
    [
        (["3/4/2026", "23/4/2026"], "dmy", False),
        (["3/4/2026", "4/23/2026"], "mdy", False),
        (["3/4/2026", "5/6/2026"], "mdy", True),
        (["23/4/2026", "4/23/2026"], "mdy", True),
        (["2026-04-03"], None, False),
        (["23.4.2026", "1.2.2026"], "dmy", False),
        (["23/4/2026 10:00", "1/2/2026 11:00"], "dmy", False),
    ],
)
def test_the_order_of_day_and_month_is_decided_over_the_whole_column(
    values: list[str], order: str | None, told: bool
) -> None:
    found, notice = find_order(values)
    assert found == order
    assert bool(notice) is told


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2039, 12, 31)), min_size=1, max_size=20), st.sampled_from(["mdy", "dmy"])
)
def test_dates_are_read_as_written_unless_it_is_told_to_be_open(days: list[date], order: str) -> None:
    def write(day: date) -> str:
        return f"{day.day}/{day.month}/{day.year}" if order == "dmy" else f"{day.month}/{day.day}/{day.year}"

    found, notice = find_order(map(write, days))
    if not notice:
        assert [parse_date(write(day), found) for day in days] == days


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        (["1,234.50"], None),
        (["1.234,50"], ","),
        (["12,5", "3"], ","),
        (["1,234"], None),
        (["1.234"], None),
        (["1,5", "1.5"], None),
        (["€ 1.234.567,00", "€ 1.000"], ","),
    ],
)
def test_the_decimal_sign_is_decided_over_the_whole_column(values: list[str], sign: str | None) -> None:
    assert decimal_sign(values) == sign


def test_a_column_keeps_a_bounded_number_of_values() -> None:
    column = Column(0, "Name")
    for start in range(0, 40_000, 2_000):
        column.add([f"value {n}" for n in range(start, start + 2_000)] + ["", "value 1"])
    assert column.full
    assert len(column.values) == 5_000
    assert column.empty == 20
    assert column.rows == 40_040
    assert column.samples == ["value 0", "value 1", "value 2", "value 3", "value 4"]
