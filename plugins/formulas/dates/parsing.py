"""DATETIME_PARSE: a text read by a format of moment.js's tokens; what is not said is 0 or the first.

As moment.js does it: each token takes the next place that fits and passes over what lies before; a token that finds
nothing is left out. A word that is no month or weekday where one should stand, and a weekday that is not the day's,
make the text no date.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from plugins.formulas.dates.formatting import LONG_TOKEN, TOKEN
from plugins.formulas.dates.locales import Locale, locale
from plugins.formulas.dates.moments import MAX_MS, MIN_MS, Moment, full_year, ms_of

_NUMBER = re.compile(r"\d+")
_SIGNED = re.compile(r"[+-]?\d+(?:\.\d{1,3})?")
_ZONE = re.compile(r"z|[+-]\d\d(?::?\d\d)?", re.IGNORECASE)
_WORD = re.compile(r"\d*[^\W\d_]")
_THREE, _FIVE = re.compile(r"\d{3,4}"), re.compile(r"\d{5,6}")
_HALF = re.compile(r"[ap]\.?m\.?|[ap]\b")
_DIGITS = {width: re.compile(rf"\d{{1,{width}}}", re.ASCII) for width in (1, 2, 3, 4)}
_DIGITS[6] = re.compile(r"[+-]?\d{1,6}", re.ASCII)
_WIDTHS = {
    "YYYY": 4, "YY": 2, "YYYYY": 6, "YYYYYY": 6, "gggg": 4, "gg": 2, "GGGG": 4, "GG": 2, "DDD": 3, "DDDD": 3, "Q": 1,
    "d": 1, "e": 1, "E": 1, "y": 4, "yyyy": 4,
}  # fmt: skip
_ALONE = frozenset(["M", "MM", "D", "DD", "H", "HH", "h", "hh", "k", "kk", "m", "mm", "s", "ss", "w", "ww", "W", "WW"])


class _Reader:
    """One text being read from the left; each token takes what fits and puts it into `found`."""

    def __init__(self, text: str, words: Locale) -> None:
        self.rest, self.words = text, words
        self.found: dict[str, float] = {}

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """The next place that fits; what lies before it is passed over."""
        match = pattern.search(self.rest)
        if match is None:
            return None
        self.rest = self.rest[match.end() :]
        return match[0]

    def number(self, width: int) -> int | None:
        digits = self.take(_DIGITS[width])
        return None if digits is None else int(digits)

    def word(self, *lists: list[str]) -> int | None:
        """The index of the longest word of the lists that the next word begins with; -1 if it is none of them."""
        start = _WORD.search(self.rest)
        if start is None:
            return None
        lowered = self.rest[start.start() :].lower()
        best: tuple[int, int] | None = None
        for names in lists:
            for index, name in enumerate(names):
                for candidate in {name.lower(), name.lower().rstrip(".")}:
                    if candidate and lowered.startswith(candidate) and (best is None or len(candidate) > best[0]):
                        best = (len(candidate), index)
        if best is None:
            return -1
        self.rest = self.rest[start.start() + best[0] :].removeprefix(".")
        return best[1]


def parse_moment(text: str, pattern: str, name: str = "") -> Moment | None:
    """The moment a text spells in the format and locale, read as UTC; None when it does not fit."""
    words = locale(name)
    reader = _Reader(words.plain(text.strip()), words)
    for token in tokens(pattern, words.name):
        if not _step(reader, token):
            return None
    return _moment(reader.found) if reader.found else None


@lru_cache(maxsize=1024)
def tokens(pattern: str, name: str) -> tuple[str, ...]:
    """The tokens of a format; literals stand in brackets."""
    words = locale(name)
    expanded = pattern[:1000]
    for _ in range(5):
        expanded = LONG_TOKEN.sub(lambda m: m[0] if m[1] or m[2] else words.long[m[3]], expanded)
    return tuple(m[1] or (f"[{m[3]}]" if m[2] else m[3]) for m in TOKEN.finditer(expanded))


def _step(reader: _Reader, token: str) -> bool:
    """Take one token off the text; False when what stands there can be no date."""
    words = reader.words
    if token in ("MMM", "MMMM"):
        month = reader.word(words.months, words.months_after_day, words.months_short, words.months_short_after_day)
        return month != -1 and _put(reader, "M", None if month is None else month + 1)
    if token in ("dd", "ddd", "dddd"):
        day = reader.word(words.weekdays, words.weekdays_short, words.weekdays_min)
        return day != -1 and _put(reader, "weekday", day)
    if token in ("a", "A"):
        return _half(reader)
    if token in ("x", "X"):
        found = reader.take(_SIGNED)
        return _put(reader, "ms", None if found is None else float(found) * (1 if token == "x" else 1000))
    if token in ("Z", "ZZ"):
        return _zone(reader)
    if token[0] == "S" and not token.strip("S"):
        digits = reader.take(_NUMBER)
        return _put(reader, "S", None if digits is None else int((digits + "00")[:3]))
    if token[0] in "Hh" and "mm" in token:
        return _packed(reader, token)
    if token.endswith("o") and len(token) > 1:
        number = reader.number(3)
        template = words.ordinal(number or 0, token[:-1]).replace(str(number or 0), "", 1)
        reader.rest = reader.rest.removeprefix(template)
        return _put(reader, token[0] if token != "DDDo" else "DDD", number)
    if token in _WIDTHS or token in _ALONE:
        return _numeric(reader, token)
    _, found_it, rest = reader.rest.partition(token[1:-1] or " " if token[0] == "[" else token)
    if found_it:
        reader.rest = rest
    return True


def _numeric(reader: _Reader, token: str) -> bool:
    digits = reader.take(_DIGITS[_WIDTHS.get(token, 2)])
    number = None if digits is None else int(digits)
    if digits is not None and (token in ("YY", "GG", "gg") or (token == "YYYY" and len(digits) == 2)):
        number = full_year(f"{number:02}")
    key = {"k": "H", "h": "h", "d": "E"}.get(token[0], token[0]) if token not in ("DDD", "DDDD") else "DDD"
    return _put(reader, "Y" if key == "y" else key, number)


def _packed(reader: _Reader, token: str) -> bool:
    digits = reader.take(_FIVE if token.endswith("ss") else _THREE)
    tail = 4 if token.endswith("ss") else 2
    if digits is None:
        return True
    _put(reader, token[0], int(digits[:-tail]))
    _put(reader, "m", int(digits[-tail:][:2]))
    return tail == 2 or _put(reader, "s", int(digits[-2:]))


def _half(reader: _Reader) -> bool:
    halves, lowered = reader.words.half_words(), reader.rest.lower()
    found = [(lowered.find(word), -len(word), word) for word in halves if word and word in lowered]
    if "pm" in halves and (match := _HALF.search(lowered)):
        found.append((match.start(), -len(match[0]), match[0]))
    if not found:
        return True
    at, _, word = min(found)
    reader.rest = reader.rest[at + len(word) :]
    return _put(reader, "pm", int(halves.get(word, word[0] == "p")))


def _zone(reader: _Reader) -> bool:
    found = reader.take(_ZONE)
    if found is None or found in "zZ":
        return _put(reader, "zone", None if found is None else 0)
    minutes = int(found[1:3]) * 60 + (int(found[-2:]) if len(found) > 3 else 0)
    return _put(reader, "zone", minutes if found[0] == "+" else -minutes)


def _put(reader: _Reader, key: str, number: float | None) -> bool:
    """Keep what a token found, if it found something."""
    if number is not None:
        reader.found[key] = number
    return True


def _moment(found: dict[str, float]) -> Moment | None:
    if "ms" in found:
        ms = int(found["ms"])
        return Moment(ms) if MIN_MS <= ms <= MAX_MS else None
    part: Callable[[str, int], int] = lambda key, default: int(found.get(key, default))  # noqa: E731
    hour = _hour(found)
    minute, second = part("m", 0), part("s", 0)
    day = _day(found)
    if day is None or hour is None or minute > 59 or second > 59:
        return None
    if found.get("weekday", day.isoweekday() % 7) != day.isoweekday() % 7:
        return None
    ms = ms_of(day) + ((hour * 60 + minute) * 60 + second) * 1000 + part("S", 0) - part("zone", 0) * 60_000
    return Moment(ms) if MIN_MS <= ms <= MAX_MS else None


def _hour(found: dict[str, float]) -> int | None:
    hour = int(found.get("H", found.get("h", 0)))
    if "pm" in found:
        if hour > 12:
            return hour if hour < 24 else None
        return hour % 12 + (12 if found["pm"] else 0)
    return hour if hour < 24 or (hour == 24 and not found.get("m") and not found.get("s")) else None


def _day(found: dict[str, float]) -> date | None:
    year = int(found.get("Y", found.get("G", found.get("g", 1970))))
    try:
        if ("W" in found and "G" in found) or ("W" in found and "Y" not in found):
            return date.fromisocalendar(year, int(found["W"]), int(found.get("E", 1)) or 7)
        if "DDD" in found:
            day = date(year, 1, 1) + timedelta(days=int(found["DDD"]) - 1)
            return day if day.year == year else None
        month = int(found.get("M", int(found["Q"]) * 3 - 2 if "Q" in found else 1))
        return date(year, month, int(found.get("D", 1)))
    except (ValueError, OverflowError):
        return None
