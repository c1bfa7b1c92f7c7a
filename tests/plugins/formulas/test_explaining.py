"""Explaining a value: every part that was evaluated, where it stands, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings

from crm_core.contracts import FormulaError, FormulaPlan
from plugins.formulas.explaining import MAX_LEVELS, MAX_PARTS
from tests.plugins.formulas.formulary import ENGINE, FIELDS, NOW, bits, plan
from tests.plugins.formulas.growing import formulas, records


def parts(text: str, values: Mapping[str, Any] | None = None) -> list[tuple[str, Any, int]]:
    """Each part as it is written, what it came to (an error by its kind), and its depth."""
    made = plan(text, values)
    assert isinstance(made, FormulaPlan)
    told = made.explain([(values or {})[key] for key in made.reads], NOW)
    return [
        (text[slice(*part.span)], part.value.kind if isinstance(part.value, FormulaError) else part.value, part.depth)
        for part in told
    ]


def test_every_part_stands_before_the_whole_it_belongs_to() -> None:
    assert parts("ROUND({A} * {B} + 1, 2)", {"A": 2.5, "B": 4.0}) == [
        ("{A}", 2.5, 3),
        ("{B}", 4.0, 3),
        ("{A} * {B}", 10.0, 2),
        ("{A} * {B} + 1", 11.0, 1),
        ("ROUND({A} * {B} + 1, 2)", 11.0, 0),
    ]


def test_a_branch_that_was_not_taken_is_left_out() -> None:
    told = parts('IF({A} > 1, {A} & "!", {A} / 0)', {"A": 2.0})
    assert [text for text, _, _ in told] == ["{A}", "{A} > 1", "{A}", '{A} & "!"', 'IF({A} > 1, {A} & "!", {A} / 0)']
    assert parts("SWITCH({A}, 1, {B}, 2, -{B})", {"A": 1.0, "B": 5.0})[-2:] == [
        ("{B}", 5.0, 1),
        ("SWITCH({A}, 1, {B}, 2, -{B})", 5.0, 0),
    ]
    assert parts("IF({A}, {B})", {"A": None, "B": 5.0}) == [("{A}", None, 1), ("IF({A}, {B})", None, 0)]


def test_an_error_is_told_where_it_arises_and_wherever_it_spreads() -> None:
    told = parts("IFERROR(1 + {A} / {B}, 7)", {"A": 3.0, "B": 0.0})
    assert ("{A} / {B}", "divide_by_zero", 2) in told
    assert ("1 + {A} / {B}", "divide_by_zero", 1) in told
    assert told[-1] == ("IFERROR(1 + {A} / {B}, 7)", 7.0, 0)


def test_of_what_is_repeated_the_first_item_or_the_failing_one_is_told() -> None:
    text = "MAP({L}, x, 10 / x)"
    assert ("10 / x", 10.0, 1) in parts(text, {"L": (1.0, 2.0)})
    assert ("10 / x", "divide_by_zero", 1) in parts(text, {"L": (1.0, 0.0)})


def test_a_name_is_told_with_its_value() -> None:
    told = parts("LET(twice, {A} * 2, twice + twice)", {"A": 4.0})
    assert told == [
        ("{A}", 4.0, 2),
        ("{A} * 2", 8.0, 1),
        ("twice", 8.0, 2),
        ("twice", 8.0, 2),
        ("twice + twice", 16.0, 1),
        ("LET(twice, {A} * 2, twice + twice)", 16.0, 0),
    ]


def test_a_formula_of_constants_is_one_part() -> None:
    assert parts("1 + 2") == [("1 + 2", 3.0, 0)]
    assert parts('"a"') == [('"a"', "a", 0)]
    assert parts("-3") == [("-3", -3.0, 0)]


def test_numbers_and_texts_that_stand_there_are_left_out() -> None:
    assert [text for text, _, _ in parts("ROUND({A}, -2) & 'x'", {"A": 120.0})] == [
        "{A}",
        "ROUND({A}, -2)",
        "ROUND({A}, -2) & 'x'",
    ]


def test_a_very_long_formula_tells_a_bounded_number_of_parts() -> None:
    inner = " + ".join("ABS({A})" for _ in range(900))
    told = parts(f"ROUND({inner}, 1)", {"A": 1.0})
    assert len(told) == MAX_PARTS
    assert told[-1][1:] == (900.0, 0)


def test_the_deepest_formula_there_may_be_tells_its_outer_levels() -> None:
    text = "ABS(" * 140 + "{A}" + ")" * 140
    assert [depth for _, _, depth in parts(text, {"A": -1.0})] == list(range(MAX_LEVELS - 1, -1, -1))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(formulas(), records)
def test_the_whole_is_what_the_formula_gives(text: str, record: dict[str, Any]) -> None:
    made = ENGINE.compile(text, FIELDS)
    if made.errors:
        return
    values = [record[name] for name in made.reads]
    told = made.explain(values, NOW)
    assert bits(told[-1].value) == bits(made.row(values, NOW))
    assert told[-1].depth == 0
    assert all(0 <= part.span[0] < part.span[1] <= len(text) for part in told)
