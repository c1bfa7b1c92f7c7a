"""Formulas as JSON lines: what `crm formula eval` reads and writes."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from crm_core import clock
from crm_core.contracts import FormulaContext, FormulaError, FormulaField, FormulaType, Kind
from plugins.formulas.dates.moments import from_datetime, iso_text, read_moment
from plugins.formulas.dates.zones import zone_of
from plugins.formulas.engine import Engine
from plugins.formulas.evaluation.coercion import leaving
from plugins.formulas.types import ANY, BOOL, DATE, DATETIME, NUMBER, TEXT, list_of
from plugins.formulas.values import RunError

_TYPES: dict[str, FormulaType] = (
    dict.fromkeys(("number", "currency", "percent", "rating", "duration", "count", "autoNumber"), NUMBER)
    | dict.fromkeys(("text", "singleSelect", "singleLineText", "multilineText", "richText", "email", "url"), TEXT)
    | dict.fromkeys(("phoneNumber", "barcode", "singleCollaborator", "attachment", "button"), TEXT)
    | dict.fromkeys(("multiSelect", "multipleSelects", "multipleRecordLinks"), list_of(TEXT))
    | dict.fromkeys(("lookup", "multipleLookupValues"), list_of(None))
    | dict.fromkeys(("formula", "rollup"), ANY)
    | dict.fromkeys(("dateTime", "createdTime", "lastModifiedTime"), DATETIME)
    | {"checkbox": BOOL, "date": DATE}
)  # fmt: skip
_SPECIAL = {"NaN": "not_a_number", "Infinity": "divide_by_zero", "-Infinity": "divide_by_zero"}


class _BadLine(Exception):
    """The line is no request."""


class Lines:
    """Answers one line after the other with one engine."""

    def __init__(self) -> None:
        self.engine = Engine()

    def answer(self, line: str) -> str:
        """The answer to one line, as one line."""
        request: Any = None
        try:
            request = json.loads(line)
            answer = self._answer(request)
        except (_BadLine, ValueError, RecursionError) as problem:
            error = FormulaError("bad_argument", f"This line is no request: {str(problem) or 'it is nested too deep'}.")
            answer = _failed("compile", error)
        key = request.get("id") if isinstance(request, dict) else None
        return json.dumps({"id": key, **answer}, ensure_ascii=False, allow_nan=False)

    def _answer(self, request: Any) -> dict[str, Any]:
        if not isinstance(request, dict) or not isinstance(request.get("formula"), str):
            raise _BadLine('it needs an object with "formula"')
        given = request.get("fields") or {}
        if not isinstance(given, dict) or not all(isinstance(value, dict) for value in given.values()):
            raise _BadLine('"fields" should be an object of {"type", "value"}')
        fields = tuple(FormulaField(name, name, _type(field), _type(field) is ANY) for name, field in given.items())
        plan = self.engine.compile(request["formula"], fields)
        if plan.errors:
            return _failed("compile", plan.errors[0])
        context = _context(request.get("context") or {}, list(given))
        try:
            values = [_value(given[name].get("value"), _type(given[name])) for name in plan.reads]
            result = plan.row(values, context)
        except RunError as problem:
            return _failed("run", FormulaError(problem.kind, problem.message, problem.span))
        except (TypeError, ValueError, OverflowError) as problem:
            raise _BadLine(f"a value does not fit its type ({problem})") from None
        if isinstance(result, FormulaError):
            return _failed("run", result)
        return {"ok": True, "type": _type_of(result, plan.type), "value": _shown(result, top=True)}


def _failed(phase: str, error: FormulaError) -> dict[str, Any]:
    return {
        "ok": False,
        "phase": phase,
        "error": {
            "kind": error.kind,
            "message": error.message,
            "span": None if error.span is None else list(error.span),
            "expected": error.expected,
            "actual": error.actual,
            "suggestions": list(error.suggestions),
        },
    }


def _type(field: Mapping[str, Any]) -> FormulaType:
    found = _TYPES.get(str(field.get("type")))
    if found is None:
        raise _BadLine(f"there is no field type {field.get('type')!r}")
    return found


def _value(value: Any, type_: FormulaType) -> Any:
    if isinstance(value, dict):
        shown = str(value.get("error") or value.get("specialValue") or "#ERROR!")
        return FormulaError(_SPECIAL.get(shown, "error"), f"The field is in error: {shown}.", shown=shown)
    if type_ is BOOL:
        return bool(value) or None
    return value


def _context(given: Mapping[str, Any], names: list[str]) -> FormulaContext:
    modified = given.get("last_modified")
    if modified is None:
        times = {}
    elif isinstance(modified, str):
        times = dict.fromkeys(["", *names], _moment(modified))
    else:
        times = {name: _moment(at) for name, at in modified.items() if at}
        if times and "" not in times:
            times[""] = max(times.values())
    try:
        zone = zone_of(given.get("timezone") or "UTC")
    except RunError as problem:
        raise _BadLine(problem.message) from None
    return FormulaContext(
        _moment(given["now"]) if given.get("now") else clock.now(),
        zone,
        given.get("record_id"),
        _moment(given["created_time"]) if given.get("created_time") else None,
        times,
    )


def _moment(text: str) -> datetime:
    found = read_moment(text)
    if found is None:
        raise _BadLine(f"{text!r} is no moment")
    moment = leaving(found, Kind.DATETIME)
    assert isinstance(moment, datetime)
    return moment


def _type_of(result: Any, known: FormulaType) -> str:
    """The type of the formula, or of the value when that alone is known."""
    if known.kind not in (Kind.ANY, Kind.BLANK):
        return known.kind.value
    kinds: dict[type, Kind] = {
        bool: Kind.BOOL, float: Kind.NUMBER, str: Kind.TEXT, tuple: Kind.LIST, datetime: Kind.DATETIME, date: Kind.DATE,
    }  # fmt: skip
    return kinds.get(type(result), Kind.BLANK).value


def _shown(value: Any, *, top: bool = False) -> Any:
    """A value in JSON: whole numbers without a point, truth as 1 and 0, dates in ISO 8601."""
    if isinstance(value, bool):
        return int(value) if top else value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, date):
        return iso_text(from_datetime(value))
    if isinstance(value, tuple):
        return [_shown(item) for item in value]
    return value
