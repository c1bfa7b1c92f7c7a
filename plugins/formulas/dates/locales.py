"""The words of each locale for dates, taken from moment.js by tests/plugins/formulas/oracle/moment.cjs."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from plugins.formulas.values import RunError, quoted

_FALLBACK = "en"


@cache
def _facts() -> dict[str, dict[str, Any]]:
    text = files("plugins.formulas.dates").joinpath("locales.json").read_text("utf-8")
    loaded: dict[str, dict[str, Any]] = json.loads(text)
    return loaded


def names() -> tuple[str, ...]:
    """Every locale there is, English first."""
    return (_FALLBACK, *sorted(name for name in _facts() if name != _FALLBACK))


def locale_of(name: str) -> str:
    """The locale a text names, case-blind, `_` or `-`."""
    found = name.strip().lower().replace("_", "-")
    if found in _facts():
        return found
    language = found.partition("-")[0]
    if found in ("en-us", "zh", "de-de", "fr-fr", "es-es", "pt-pt", "it-it") and (
        language in _facts() or found == "zh"
    ):
        return "zh-cn" if found == "zh" else language
    raise RunError("bad_locale", f"{quoted(name)} is not a known locale, such as en-gb, de or zh-cn.")


class Locale:
    """One locale's words."""

    def __init__(self, name: str) -> None:
        facts = _facts()[name]
        self.name = name
        self.months: list[str] = facts["months"]
        self.months_short: list[str] = facts["months_short"]
        self.months_after_day: list[str] = facts.get("months_after_day", self.months)
        self.months_short_after_day: list[str] = facts.get("months_short_after_day", self.months_short)
        self.months_change_before_day: bool = facts.get("months_change_before_day", False)
        self.weekdays: list[str] = facts["weekdays"]
        self.weekdays_short: list[str] = facts["weekdays_short"]
        self.weekdays_min: list[str] = facts["weekdays_min"]
        self.first_day: int = facts["first_day"]
        self.first_week: int = facts["first_week"]
        self.long: dict[str, str] = facts["long"]
        self._ordinal: str = facts["ordinal"]
        self._ordinals: dict[str, dict[str, str]] = facts.get("ordinals", {})
        self._halves: dict[str, list[tuple[int, str]]] = {"a": facts["am_pm"], "A": facts["AM_PM"]}
        shown = dict(zip("0123456789", facts.get("digits", "0123456789"), strict=True))
        shown[","] = facts.get("comma", ",")
        self._shown = {ord(a): b for a, b in shown.items() if a != b}
        self._read = {ord(b): a for a, b in shown.items() if a != b}

    def ordinal(self, number: int, token: str) -> str:
        """A number as an ordinal: 1st, 1., 第1."""
        template = self._ordinals.get(token, {}).get(str(number), self._ordinal)
        return template.replace("%d", str(number))

    def half_day(self, hour: int, minute: int, token: str) -> str:
        """AM or PM (`A`), am or pm (`a`), or what the locale has for it."""
        at = hour * 2 + minute // 30
        return next(word for start, word in reversed(self._halves[token]) if start <= at)

    def half_words(self) -> dict[str, bool]:
        """The words for the halves of the day in lower case, and whether each means the afternoon."""
        return {word.lower(): start >= 24 for runs in self._halves.values() for start, word in runs}

    def shown(self, text: str) -> str:
        """Text with the locale's own digits."""
        return text.translate(self._shown) if self._shown else text

    def plain(self, text: str) -> str:
        """Text with its digits turned into 0 to 9."""
        return text.translate(self._read) if self._read else text


@cache
def locale(name: str) -> Locale:
    """The words of a locale by its exact name; the empty name is English."""
    return Locale(name or _FALLBACK)
