"""A hostile formula never crashes, hangs or fills the memory; what passes a limit is refused with the limit's name."""

from __future__ import annotations

import os
import tracemalloc
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core import clock
from crm_core.contracts import FormulaError
from plugins.formulas.language.parser import parse
from plugins.formulas.language.printer import print_tree
from plugins.formulas.lines import Lines
from tests.plugins.formulas.formulary import ENGINE, FIELDS, NOW, compute, kind

EXAMPLES = int(os.environ.get("FORMULAS_EXAMPLES", "300"))
BIG = "x" * 51_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * 151 + "1" + ")" * 151,
        "-" * 151 + "1",
        "ABS(" * 151 + "1" + ")" * 151,
        "+" .join(["1"] * 30_000),
        '"' + "x" * 50_001 + '"',
        f"SUM({','.join(['1'] * 1001)})",
        "(" * 20_000,
        "{" * 20_000,
    ],
    ids=["brackets", "minuses", "calls", "tokens", "characters", "arguments", "open brackets", "open braces"],
)  # fmt: skip
def test_too_much_formula_is_refused(text: str) -> None:
    plan = ENGINE.compile(text, FIELDS)
    assert plan.errors
    assert plan.errors[0].kind in ("limit", "syntax")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(" * 150 + "1" + ")" * 150, 1.0),
        ("+".join(["1"] * 5_000), 5000.0),
        ("&".join(['"a"'] * 5_000), "a" * 5000),
        ("1=1" + "=1" * 3_000, True),
        ("".join(f"IF({{N}}={at}, {at}, " for at in range(140)) + "0" + ")" * 140, 7.0),
        ("ABS(" * 140 + "{N}" + ")" * 140, 7.0),
        ("{N}" + "+(1" * 120 + ")" * 120, 127.0),
    ],
    ids=["brackets", "sum", "join", "comparison", "nested IF", "nested calls", "mixed"],
)
def test_as_much_as_is_allowed_works(text: str, wanted: Any) -> None:
    assert compute(text, {"N": 7.0}) == wanted


def test_nesting_that_brackets_hide_is_refused_and_no_crash() -> None:
    text = "{N}" + "+1*(1=1&1+1*(1" * 74 + "))" * 74
    plan = ENGINE.compile(text, FIELDS)
    if plan.errors:
        assert plan.errors[0].kind == "limit"
    else:
        assert not isinstance(plan.row([1.0]), FormulaError) or plan.row([1.0]).kind == "limit"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        'REPT("x", 1000000000)',
        "REPT({T}, 2)",
        '{T} & {T}',
        "CONCATENATE({T}, {T})",
        'SUBSTITUTE({T}, "x", "xx")',
        'REGEX_REPLACE({T}, "x", "xx")',
        'REGEX_REPLACE({T}, "", "xx")',
        'PADLEFT("a", 1000000)',
        'REPLACE({T}, 1, 0, {T})',
        "ENCODE_URL_COMPONENT({T})",
        "ARRAYJOIN(MAP(SPLIT({T}, \"\"), v, v))",
        'SPLIT({T}, "")',
    ],
)  # fmt: skip
def test_results_that_are_too_large_are_refused_before_they_are_made(text: str) -> None:
    tracemalloc.start()
    try:
        assert kind(text, {"T": BIG}) == "limit"
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("POWER(POWER(9, 99), 99)", {}),
        ("POWER({N}, POWER({N}, {N}))", {"N": 1e300}),
        ('WORKDAY("2020-01-01", 1000000000)', {}),
        ('WORKDAY("2020-01-01", 1e308)', {}),
        ('DATEADD("2020-01-01", 1000000000, "years")', {}),
        ('DATEADD("2020-01-01", 1e308, "ms")', {}),
        ('DATEADD("2020-01-01", {N}, "months")', {"N": -1e12}),
        ("EXP(1000)", {}),
        ("STDEV(1e300, {N})", {"N": -1e300}),
        ("AVERAGE({L})", {"L": (1.7e308, 1.7e308)}),
        ("1e308 * 10", {}),
        ("REPT(\"x\", 1e300)", {}),
        ('EOMONTH("9999-12-31", 1)', {}),
        ("DATE(10000, 1, 1)", {}),
        ('REGEX_MATCH("a", "((a{100}){100}){100}")', {}),
        ('REGEX_MATCH({T}, {U})', {"T": "a", "U": "(" * 500}),
        ('JSON_GET({T}, "a")', {"T": "[" * 90_000}),
    ],
)  # fmt: skip
def test_numbers_and_dates_beyond_all_bounds_are_errors(text: str, values: dict[str, Any]) -> None:
    before = clock.monotonic()
    assert isinstance(compute(text, values), FormulaError)
    assert clock.monotonic() - before < 2


def test_a_catastrophic_pattern_is_harmless() -> None:
    before = clock.monotonic()
    assert compute('REGEX_MATCH({T}, "^(a+)+$")', {"T": "a" * 90_000 + "b"}) is False
    assert clock.monotonic() - before < 2


def test_lists_in_lists_do_not_multiply() -> None:
    values = {"L": tuple(float(at) for at in range(3000))}
    assert kind("MAP({L}, a, MAP({L}, b, a))", values) == "limit"
    assert kind("ARRAYJOIN(MAP({L}, a, {L}))", values) == "limit"


def test_time_runs_out_and_nothing_catches_it() -> None:
    """Filters in filters repeat a billion times; the fuel ends it."""
    values = {"L": tuple(float(at) for at in range(9_000))}
    text = "IFERROR(COUNTA(FILTER({L}, a, COUNTA(FILTER({L}, b, b < a)) = 1)), 0)"
    before = clock.monotonic()
    result = ENGINE.compile(text, FIELDS).row([values["L"]], NOW)
    assert isinstance(result, FormulaError)
    assert (result.kind, "seconds" in result.message) == ("limit", True)
    assert clock.monotonic() - before < 10


def test_a_column_of_long_texts_is_computed_in_smaller_chunks() -> None:
    """300 MB of text in one chunk would be too much; the rows are all there all the same."""
    plan = ENGINE.compile("LEN({T} & {U})", FIELDS)
    count = 5_000
    assert plan.column([["x" * 40_000] * count, ["y" * 20_000] * count], count) == [60_000.0] * count


@settings(max_examples=EXAMPLES, deadline=2000, suppress_health_check=list(HealthCheck))
@given(st.text(st.sampled_from("ABN{}()[]\"'\\,;+-*/&=<>!^% \n\t.0123456789eE“”_/ifIFand,")) | st.text())
def test_random_text_is_refused_or_computed(text: str) -> None:
    plan = ENGINE.compile(text, FIELDS)
    for error in plan.errors:
        assert error.message
        assert error.span is None or 0 <= error.span[0] <= error.span[1] <= len(text)
    assert len(plan.errors) <= 5
    if plan.errors:
        return
    plan.row([None] * len(plan.reads), NOW)
    plan.column([[None]] * len(plan.reads), 1, NOW)
    tree = parse(text).tree
    assert parse(print_tree(tree)).tree == tree


@settings(max_examples=EXAMPLES, deadline=2000, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_random_bytes_on_the_command_line_are_answered(line: bytes) -> None:
    answer = Lines().answer(line.decode("utf-8", "replace"))
    assert '"ok": ' in answer
