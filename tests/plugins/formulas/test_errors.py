"""What is wrong with a formula: the kind, the place, and what was probably meant."""

from __future__ import annotations

from typing import Any

import pytest

from crm_core.contracts import FormulaError
from plugins.formulas.language.names import distance, nearest
from tests.plugins.formulas.formulary import ENGINE, FIELDS, compute

# formula with the place marked «…», kind, what the message says, suggestions
CASES: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("«»", "syntax", "empty", ()),
    ("«=»{N} + 1", "syntax", "without =", ("",)),
    ("{N} «==» 1", "syntax", "Equality is one =", ("=",)),
    ("{N} «&&» {M}", "syntax", "AND(a, b)", ("AND",)),
    ("{N} «||» {M}", "syntax", "OR(a, b)", ("OR",)),
    ("{N} «<>» 1", "syntax", "!=", ("!=",)),
    ("2«^»3", "syntax", "POWER", ("POWER",)),
    ("IF({N}«;» 1)", "syntax", "commas", (",",)),
    ("«“hi”» & 1", "syntax", "straight quotation marks", ('"hi"',)),
    ('1 & «"abc»', "syntax", "never closed", ('"',)),
    ("1 + «{abc»", "syntax", "never closed", ("}",)),
    ("ROUND«(1, 2»", "syntax", "never closed", (")",)),
    ("1 + «{}»", "syntax", "name of a field is missing", ()),
    ("1 + (2)«)»", "syntax", "closes nothing", ("",)),
    ("1 «2»", "syntax", "operator is missing", ("&",)),
    ("{N} «and» {M}", "syntax", "Write AND(a, b)", ("AND",)),
    ("IF({N} > 1 «OR» {M}, 1, 2)", "syntax", "Write OR(a, b)", ("OR",)),
    ('IF({N} > 1 «"a"», 2)', "syntax", "A comma or an operator is missing", (",", "&")),
    ("1 «+»", "syntax", "missing after +", ()),
    ("SUM(1, «)»", "syntax", "argument is missing", ("BLANK()",)),
    ("«@»", "syntax", "means nothing", ("",)),
    ("«RUOND»({N}, 1)", "unknown_function", "Did you mean ROUND", ("ROUND",)),
    ("1 + «VLOOKUP»({N})", "unknown_function", "A lookup field does its work", ("lookup field",)),
    ("«DATE_DIFF»({D}, {E})", "unknown_function", "DATETIME_DIFF", ("DATETIME_DIFF",)),
    ("«DATEDIF»({D}, {E})", "unknown_function", "DATETIME_DIFF", ("DATETIME_DIFF",)),
    ("«IFNULL»({D}, {E})", "unknown_function", "COALESCE", ("COALESCE", "IF")),
    ("«xyzzy»()", "unknown_function", "no function XYZZY", ()),
    ("«{Prise}» * 2", "unknown_field", "Did you mean Price", ("Price",)),
    ("«price» * 2", "unknown_field", "Did you mean Price", ("Price",)),
    ("«TODAY» & 1", "unknown_field", "TODAY()", ("TODAY()",)),
    ("«LEN()»", "arity", "LEN takes 1 argument, 0 are given", ("LEN(text)",)),
    ("«LEN(1, 2)»", "arity", "LEN takes 1 argument, 2 are given", ("LEN(text)",)),
    ("1 + «IF(1)»", "arity", "2 to 3 arguments, 1 is given", ("IF(expression, if_true, [if_false])",)),
    ("ROUND(«{T}», 1)", "type", "argument 1 should be a number, {T} is text. VALUE({T})", ("VALUE({T})",)),
    ("{N} * «{T}»", "type", "*: the right side should be a number", ("VALUE({T})",)),
    ("«{D}» - {E}", "type", "{D} is a date", ('DATETIME_DIFF({D}, TODAY(), "days")',)),
    ("YEAR(«{N}»)", "type", "should be a date, {N} is a number", ("DATETIME_PARSE({N})",)),
    ("LAST_MODIFIED_TIME(«1»)", "type", "should be a field", ()),
    ("DATEADD({D}, 1, «\"dayz\"»)", "bad_unit", "Did you mean days", ("days",)),
    ("DATETIME_DIFF({D}, {E}, «\"mins\"»)", "bad_unit", "not a unit", ()),
    ("SET_TIMEZONE({D}, «\"Europe/Berln\"»)", "bad_timezone", "Europe/Berlin", ("Europe/Berlin",)),
    ("SET_LOCALE({D}, «\"xx\"»)", "bad_locale", "not a known locale", ()),
    ("REGEX_MATCH({T}, «\"(?=a)\"»)", "bad_regex", "look-ahead", ()),
    ("REGEX_MATCH({T}, «\"(a\"»)", "bad_regex", "no regular expression", ()),
    ("REGEX_MATCH({T}, «\"(a)\\\\1\"»)", "bad_regex", "back-references", ()),
    ("WEEKDAY({D}, «\"Tuesday\"»)", "bad_argument", "Sunday or Monday", ()),
    ("LET(«\"x\"», 1, 2)", "bad_argument", "a new name", ()),
    ("«LET(x, 1)»", "arity", "", ()),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "kind", "message", "suggestions"), CASES, ids=[case[0] for case in CASES])
def test_an_error_found_before_the_formula_runs(
    marked: str, kind: str, message: str, suggestions: tuple[str, ...]
) -> None:
    start, end = marked.index("«"), marked.index("»") - 1
    text = marked.replace("«", "").replace("»", "")
    plan = ENGINE.compile(text, (*FIELDS, *price()))
    assert plan.errors, "the formula is taken"
    error = plan.errors[0]
    assert (error.kind, error.span) == (kind, (start, end))
    assert message in error.message
    assert error.suggestions[: len(suggestions)] == suggestions


def price() -> Any:
    """One more field, with a name that can be misspelt."""
    from tests.plugins.formulas.formulary import fields_for

    return fields_for({"Price": 1.0})


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("{X} + {Y} + FOO(1)", ["unknown_field", "unknown_field", "unknown_function"]),
        ("IF(1 2, (3, 4)", ["syntax", "syntax", "syntax"]),
        ("{A1} + {A2} + {A3} + {A4} + {A5} + {A6}", ["unknown_field"] * 5),
        ("ROUND({T}, {U})", ["type", "type"]),
        ("{T} * {U}", ["type", "type"]),
    ],
)
def test_the_parser_goes_on_and_reports_up_to_five(text: str, kinds: list[str]) -> None:
    errors = ENGINE.compile(text, FIELDS).errors
    assert [error.kind for error in errors] == kinds
    assert [error.span for error in errors] == sorted(error.span or (0, 0) for error in errors)


@pytest.mark.parametrize(
    ("text", "values", "kind", "shown", "place"),
    [
        ("1 + {N} / 0", {"N": 5.0}, "divide_by_zero", "Infinity", "{N} / 0"),
        ("-1 / {N}", {"N": None}, "divide_by_zero", "-Infinity", "-1 / {N}"),
        ("0 / 0", {}, "not_a_number", "NaN", "0 / 0"),
        ("1 + SQRT(-4)", {}, "not_a_number", "NaN", "SQRT(-4)"),
        ("LOG(0)", {}, "not_a_number", "-Infinity", "LOG(0)"),
        ('"a" & REGEX_EXTRACT({T}, "x")', {"T": "abc"}, "no_match", "#ERROR!", 'REGEX_EXTRACT({T}, "x")'),
        ("YEAR({T})", {"T": "soon"}, "bad_date", "#ERROR!", "{T}"),
        ("YEAR(BLANK())", {}, "bad_date", "#ERROR!", "BLANK()"),
        ('VALUE({T}) + 1', {"T": "none"}, "bad_number", "#ERROR!", "VALUE({T})"),
        ("{L} + 1", {"L": (1.0, 2.0)}, "bad_number", "#ERROR!", "{L}"),
        ("SUM({L})", {"L": (1.0, "two")}, "bad_number", "#ERROR!", "SUM({L})"),
        ("DATEADD({D}, 1, {T})", {"D": "2020-01-01", "T": "dayz"}, "bad_unit", "#ERROR!", "{T}"),
        ('REGEX_MATCH("a", {T} & "(")', {"T": "b"}, "bad_regex", "#ERROR!", '{T} & "("'),
        ("SET_TIMEZONE({D}, {T})", {"D": "2020-01-01", "T": "Mars"}, "bad_timezone", "#ERROR!", "{T}"),
        ("1 + ERROR()", {}, "error", "#ERROR!", "ERROR()"),
    ],
)  # fmt: skip
def test_an_error_of_a_cell_has_its_place(text: str, values: dict[str, Any], kind: str, shown: str, place: str) -> None:
    error = compute(text, values)
    assert isinstance(error, FormulaError)
    assert (error.kind, error.shown) == (kind, shown)
    assert error.span is not None
    assert text[error.span[0] : error.span[1]] == place


def test_a_division_by_zero_names_the_divisor() -> None:
    error = compute("{Price} / ({Units} - 2)", {"Price": 1.0, "Units": 2.0})
    assert isinstance(error, FormulaError)
    assert error.message == "Division by {Units} - 2, which is 0 or empty."
    assert compute("1 / 0").message == "A number is divided by 0."


@pytest.mark.parametrize(
    ("text", "words", "suggestions"),
    [
        ("{N} = BLANK()", "also true when {N} is 0", ('{N} & "" = ""',)),
        ("IF({N}, 1, {T})", "number and text", ()),
        ("IF(1, 2, 3)", "always true", ()),
        ("{N} = {T}", "compared with text", ()),
    ],
)
def test_what_is_probably_not_meant_is_a_warning(text: str, words: str, suggestions: tuple[str, ...]) -> None:
    plan = ENGINE.compile(text, FIELDS)
    assert not plan.errors
    assert words in plan.warnings[0].message
    assert plan.warnings[0].suggestions == suggestions


@pytest.mark.parametrize("text", ['IF({N}, 1, "")', "IF({N}, {T}, BLANK())", '{N} = ""', "{N} = {M}", "IF({B}, 1)"])
def test_what_is_common_and_right_gets_no_warning(text: str) -> None:
    assert not ENGINE.compile(text, FIELDS).warnings


def test_names_are_replaced_and_all_else_stays_as_it_was() -> None:
    text = '  IF( {Old Name}>1 , Old&"{Old Name}" , OLD( {a\\}b} ) ) // Old'
    found = ENGINE.renamed(text, {"Old Name": "New", "Old": "x y", "a}b": "c{d"})
    assert found == '  IF( {New}>1 , {x y}&"{Old Name}" , OLD( {c\\{d} ) ) // Old'


@pytest.mark.parametrize(
    ("a", "b", "apart"), [("ROUND", "RUOND", 1), ("ROUND", "ROND", 1), ("ab", "ba", 1), ("abc", "xyz", 3), ("", "a", 1)]
)
def test_the_distance_between_names(a: str, b: str, apart: int) -> None:
    assert min(distance(a, b, 2), 3) == apart


def test_the_nearest_names_come_first() -> None:
    assert nearest("amuont", ["Amount", "Amounts", "Account", "Name"]) == ("Amount", "Amounts")
    assert nearest("zz", ["Amount"]) == ()
