"""`crm formula eval`: JSON lines in and out, every type of field in the same formulas, and errors with their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plugins.formulas.lines import Lines

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "lines.json").read_text("utf-8"))
LINES = Lines()


def answer(formula: str, fields: dict[str, Any], context: dict[str, Any] | None = None) -> dict[str, Any]:
    """What one line is answered."""
    line = json.dumps({"id": 7, "formula": formula, "fields": fields, "context": context or CASES["context"]})
    found: dict[str, Any] = json.loads(LINES.answer(line))
    assert found.pop("id") == 7
    return found


@pytest.mark.parametrize("formula", CASES["results"])
def test_every_type_of_field_in(formula: str) -> None:
    """The results stand in the order of the fields; an error as its phase and kind."""
    found = {}
    for name, field in CASES["fields"].items():
        given = answer(formula, {"X": field})
        found[name] = given["value"] if given["ok"] else f"{given['phase']} {given['error']['kind']}"
    assert found == dict(zip(CASES["fields"], CASES["results"][formula], strict=True))


@pytest.mark.parametrize(
    ("marked", "phase", "kind", "suggestions"),
    [
        ("«VLOOKUP»({Num}, 1)", "compile", "unknown_function", ["lookup field"]),
        ('"😀" & «{Nmu}»', "compile", "unknown_field", ["Num"]),
        ("IF({Num} «&&» 1, 2)", "compile", "syntax", ["AND"]),
        ('1 + «{Num} / 0» & "x"', "run", "divide_by_zero", []),
        ('DATEADD("2024-01-31", 1, «{Unit}»)', "run", "bad_unit", []),
        ('DATEADD("2024-01-31", 1, «"dayz"»)', "compile", "bad_unit", ["days"]),
        ("«ERROR()»", "run", "error", []),
    ],
)
def test_an_error_tells_its_phase_and_place(marked: str, phase: str, kind: str, suggestions: list[str]) -> None:
    start, end = marked.index("«"), marked.index("»") - 1
    fields = {"Num": {"type": "number", "value": 1}, "Unit": {"type": "text", "value": "dayz"}}
    found = answer(marked.replace("«", "").replace("»", ""), fields)
    assert (found["ok"], found["phase"], found["error"]["kind"]) == (False, phase, kind)
    assert (found["error"]["span"], found["error"]["suggestions"]) == ([start, end], suggestions)
    assert set(found["error"]) == {"kind", "message", "span", "expected", "actual", "suggestions"}


def test_the_context_says_what_time_it_is_and_which_record() -> None:
    context = {
        "now": "2024-12-31T23:30:00Z",
        "timezone": "UTC",
        "record_id": "rec1",
        "created_time": "2020-01-02T03:04:05Z",
        "last_modified": "2024-02-03T04:05:06Z",
    }
    given = 'TODAY() & " " & NOW() & " " & RECORD_ID() & " " & YEAR(CREATED_TIME()) & " " & MONTH(LAST_MODIFIED_TIME())'
    found = answer(given, {}, context)
    assert found == {"ok": True, "type": "text", "value": "2024-12-31 2024-12-31T23:30:00.000Z rec1 2020 2"}
    assert answer("TODAY()", {}, context) == {"ok": True, "type": "date", "value": "2024-12-31"}
    assert answer("1 = 1", {}, context) == {"ok": True, "type": "boolean", "value": 1}
    assert answer("BLANK()", {}, context) == {"ok": True, "type": "blank", "value": None}
