"""Arguments that are checked before a formula runs, when they are written out: units, zones, locales, patterns."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from plugins.formulas.dates.locales import locale_of
from plugins.formulas.dates.locales import names as locale_names
from plugins.formulas.dates.units import UNITS, unit_of
from plugins.formulas.dates.zones import zone_names, zone_of
from plugins.formulas.functions.codes import HASHES, hash_name
from plugins.formulas.functions.date import first_day
from plugins.formulas.functions.regex import compiled
from plugins.formulas.language.tree import Span
from plugins.formulas.language.typed import Apply
from plugins.formulas.values import RunError, to_text


class Check(NamedTuple):
    """What raises RunError for a wrong value, and the values that would be right, as far as they can be listed."""

    test: Callable[[Any], object]
    known: Callable[[], Sequence[str]]


def _text(test: Callable[[str], object]) -> Callable[[Any], object]:
    return lambda value: test(to_text(value))


def _optional(test: Callable[[str], object]) -> Callable[[Any], object]:
    return lambda value: None if value is None or value == "" else test(to_text(value))


_UNIT = Check(_text(unit_of), lambda: UNITS)
_PATTERN = Check(_text(compiled), tuple)
_WEEK = Check(_text(first_day), lambda: ("Sunday", "Monday"))

CHECKS: Mapping[str, Mapping[int, Check]] = MappingProxyType(
    {
        "DATEADD": {2: _UNIT},
        "DATETIME_DIFF": {2: _UNIT},
        "IS_SAME": {2: Check(_optional(unit_of), lambda: UNITS)},
        "SET_TIMEZONE": {1: Check(_text(zone_of), zone_names)},
        "SET_LOCALE": {1: Check(_text(locale_of), locale_names)},
        "DATETIME_PARSE": {2: Check(_optional(locale_of), locale_names)},
        "WEEKDAY": {1: _WEEK},
        "WEEKNUM": {1: _WEEK},
        "REGEX_MATCH": {1: _PATTERN},
        "REGEX_EXTRACT": {1: _PATTERN},
        "REGEX_REPLACE": {1: _PATTERN},
        "HASH": {1: Check(_text(hash_name), lambda: HASHES)},
    }
)
"""By function and argument (from 0)."""
_OF_AN_ARGUMENT = frozenset({"bad_unit", "bad_regex", "bad_timezone", "bad_locale"})


def at_fault(node: Apply, error: RunError) -> Span:
    """Where an error of a call belongs: a wrong unit, zone, locale or pattern to its argument, all else to the call."""
    if error.kind in _OF_AN_ARGUMENT and node.function.owner == "formulas":
        for index in CHECKS.get(node.function.name, ()):
            if index < len(node.arguments):
                return node.arguments[index].span
    return node.span
