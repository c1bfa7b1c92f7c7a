"""Both evaluators give the same bits and the same errors for every formula on every record; printing keeps meaning."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from crm_core.contracts import FormulaError
from plugins.formulas.language.parser import parse
from plugins.formulas.language.printer import print_tree
from tests.plugins.formulas.formulary import ENGINE, FIELDS, NOW, TYPES, bits
from tests.plugins.formulas.growing import formulas, records

# The nightly run asks for 10,000 (FORMULAS_EXAMPLES=10000); here as many as a minute allows.
EXAMPLES = int(os.environ.get("FORMULAS_EXAMPLES", "400"))
SLOWLY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@SLOWLY
@given(formulas(), st.lists(records, min_size=1, max_size=6))
def test_rows_and_columns_agree(text: str, rows: list[dict[str, Any]]) -> None:
    plan = ENGINE.compile(text, FIELDS)
    if plan.errors:
        event(f"refused: {plan.errors[0].kind}")
        assert all(error.span is not None and error.message for error in plan.errors)
        return
    wanted = [plan.row([row[name] for name in plan.reads], NOW) for row in rows]
    found = plan.column([[row[name] for row in rows] for name in plan.reads], len(rows), NOW)
    event("error" if isinstance(wanted[0], FormulaError) else "value")
    for row, one, other in zip(rows, wanted, found, strict=True):
        assert bits(one) == bits(other), f"{text} of {row}: rows {one!r}, columns {other!r}"


@SLOWLY
@given(formulas())
def test_results_are_of_the_type_that_was_promised(text: str) -> None:
    plan = ENGINE.compile(text, FIELDS)
    if plan.errors:
        return
    result = plan.row([None] * len(plan.reads), NOW)
    kinds = {"number": float, "text": str, "boolean": bool, "array": tuple}
    if result is not None and not isinstance(result, FormulaError) and plan.type.kind.value in kinds:
        assert type(result) is kinds[plan.type.kind.value]


@SLOWLY
@given(formulas(depth=4))
def test_printing_and_parsing_again_gives_the_same_tree(text: str) -> None:
    parsed = parse(text)
    assert not parsed.errors
    printed = print_tree(parsed.tree)
    assert parse(printed).tree == parsed.tree
    assert print_tree(parse(printed).tree) == printed


def test_a_long_column_is_computed_in_chunks_with_the_same_results() -> None:
    """More rows than one chunk holds, with blanks, as NumPy arrays and as lists."""
    count = 70_000
    numbers = np.arange(count, dtype=np.float64) / 4
    numbers[::7] = np.nan
    days = np.datetime64("2020-01-01") + np.arange(count) % 3000
    days[::11] = np.datetime64("NaT")
    texts = [None if at % 5 == 0 else f"t{at % 13}" for at in range(count)]
    text = 'IF(AND({N}, {D}), UPPER({T}) & "-" & DATETIME_FORMAT({D}, "D MMM YY") & ROUND({N} / {M}, 1), {T})'
    plan = ENGINE.compile(text, FIELDS)
    columns: dict[str, Any] = {"N": numbers, "D": days, "T": texts, "M": np.where(np.arange(count) % 17 == 0, 0.0, 3.0)}
    found = plan.column([columns[name] for name in plan.reads], count)
    lists: dict[str, list[Any]] = {
        "N": [None if np.isnan(number) else float(number) for number in numbers],
        "D": [None if np.isnat(day) else day.item() for day in days],
        "T": texts,
        "M": columns["M"].tolist(),
    }
    for at in [*range(300), *range(65_500, 65_600), count - 1]:
        assert bits(found[at]) == bits(plan.row([lists[name][at] for name in plan.reads]))


@pytest.mark.parametrize("name", TYPES)
def test_every_field_alone(name: str) -> None:
    plan = ENGINE.compile(f"{{{name}}}", FIELDS)
    assert plan.row([None]) is None
    assert plan.column([[None, None]], 2) == [None, None]
    assert plan.reads == (name,)
