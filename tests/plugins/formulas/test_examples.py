"""Every example of every function, by both evaluators; the manual says the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm_core.contracts import FormulaExample, FormulaFunction
from crm_core.testing import check_formula_function
from plugins.formulas.functions.catalogue import bundled
from plugins.formulas.manual import catalogue, manual
from tests.plugins.formulas.formulary import ENGINE

ROOT = Path(__file__).parents[3]
AIRTABLE = frozenset(
    [
        "CONCATENATE",
        "ENCODE_URL_COMPONENT",
        "FIND",
        "LEFT",
        "LEN",
        "LOWER",
        "MID",
        "REPLACE",
        "REPT",
        "RIGHT",
        "SEARCH",
        "SUBSTITUTE",
        "T",
        "TRIM",
        "UPPER",
        "AND",
        "BLANK",
        "ERROR",
        "FALSE",
        "IF",
        "ISERROR",
        "NOT",
        "OR",
        "SWITCH",
        "TRUE",
        "XOR",
        "ABS",
        "AVERAGE",
        "CEILING",
        "COUNT",
        "COUNTA",
        "COUNTALL",
        "EVEN",
        "EXP",
        "FLOOR",
        "INT",
        "LOG",
        "MAX",
        "MIN",
        "MOD",
        "ODD",
        "POWER",
        "ROUND",
        "ROUNDDOWN",
        "ROUNDUP",
        "SQRT",
        "SUM",
        "VALUE",
        "CREATED_TIME",
        "DATEADD",
        "DATESTR",
        "DATETIME_DIFF",
        "DATETIME_FORMAT",
        "DATETIME_PARSE",
        "DAY",
        "FROMNOW",
        "HOUR",
        "IS_AFTER",
        "IS_BEFORE",
        "IS_SAME",
        "LAST_MODIFIED_TIME",
        "MINUTE",
        "MONTH",
        "NOW",
        "SECOND",
        "SET_LOCALE",
        "SET_TIMEZONE",
        "TIMESTR",
        "TODAY",
        "TONOW",
        "WEEKDAY",
        "WEEKNUM",
        "WORKDAY",
        "WORKDAY_DIFF",
        "YEAR",
        "ARRAYCOMPACT",
        "ARRAYFLATTEN",
        "ARRAYJOIN",
        "ARRAYSLICE",
        "ARRAYUNIQUE",
        "RECORD_ID",
        "REGEX_EXTRACT",
        "REGEX_MATCH",
        "REGEX_REPLACE",
    ]
)
BROUGHT = frozenset(
    [
        "CONCAT",
        "IFERROR",
        "ISBLANK",
        "IFS",
        "COALESCE",
        "EXACT",
        "TRUNC",
        "LN",
        "PI",
        "SIGN",
        "MEDIAN",
        "STDEV",
        "PERCENTILE",
        "PROPER",
        "PADLEFT",
        "PADRIGHT",
        "SPLIT",
        "JSON_GET",
        "HASH",
        "EOMONTH",
        "DATE",
        "COUNTIF",
        "SUMIF",
        "FILTER",
        "MAP",
        "LET",
    ]
)
FUNCTIONS = {function.name: function for function in bundled()}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_examples_of(name: str) -> None:
    check_formula_function(FUNCTIONS[name], ENGINE)


def test_there_is_every_function_of_airtable_and_every_one_people_bring() -> None:
    assert len(AIRTABLE) == 84
    assert set(FUNCTIONS) == AIRTABLE | BROUGHT


def test_the_manual_is_what_the_functions_say() -> None:
    page = (ROOT / "docs/use/formulas.md").read_text("utf-8")
    assert page == manual(), "crm formula manual > docs/use/formulas.md, and commit it"


def test_the_catalogue_is_plain_data() -> None:
    found = json.loads(json.dumps(catalogue()))
    assert [one["name"] for one in found] == sorted(FUNCTIONS)
    assert all(one["summary"] and one["examples"] and one["signature"].startswith(one["name"]) for one in found)


def test_an_example_that_is_wrong_is_noticed() -> None:
    wrong = FormulaFunction("ABS", abs, "The absolute value.", (FormulaExample("ABS(-1)", 2.0),))
    with pytest.raises(AssertionError, match=r"ABS\(-1\) gives 1"):
        check_formula_function(wrong, ENGINE)
