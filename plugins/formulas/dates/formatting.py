"""DATETIME_FORMAT: moment.js's tokens, one small function each; a format is taken apart once and kept."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from plugins.formulas.dates.locales import Locale, locale
from plugins.formulas.dates.moments import Clock, Moment, date_of, parts
from plugins.formulas.dates.weeks import iso_week, week_of
from plugins.formulas.dates.zones import shift

DEFAULT_FORMAT = "YYYY-MM-DDTHH:mm:ssZ"
DEFAULT_IN_UTC = "YYYY-MM-DDTHH:mm:ss[Z]"
LONG_TOKEN = re.compile(r"(\[[^\[]*\])|(\\)?(LTS|LT|LL?L?L?|l{1,4})")
TOKEN = re.compile(
    r"(\[[^\[]*\])|(\\)?([Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[ow]?|W[oW]?|Qo?|"
    r"YYYYYY|YYYYY|YYYY|YY|y{1,4}|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|.)",
    re.DOTALL,
)
_AFTER_DAY = re.compile(r"D[oD]?\.?(?:\[[^\[\]]*\]|\s)+MMMM?")
_BEFORE_DAY = re.compile(r"MMMM?(?:\[[^\[\]]*\]|\s)+D[oD]?")
_MAX_FORMAT = 1_000


class Shown(NamedTuple):
    """A moment as a zone's calendar and clock show it."""

    ms: int
    clock: Clock
    date: date
    ahead: int
    zone: str
    words: Locale


def shown(moment: Moment) -> Shown:
    """The moment in its zone and locale."""
    ahead, name = shift(moment.ms, moment.zone)
    local = moment.ms + ahead
    return Shown(moment.ms, parts(local), date_of(local), ahead, name, locale(moment.locale))


def format_moment(moment: Moment, pattern: str) -> str:
    """A moment written by a format of moment.js's tokens."""
    at = shown(moment)
    found = pieces(pattern or (DEFAULT_FORMAT if moment.zone else DEFAULT_IN_UTC), at.words.name)
    return at.words.shown("".join([piece if isinstance(piece, str) else piece(at) for piece in found]))


def by_day(pattern: str) -> bool:
    """Whether a format in UTC and English shows nothing of the time of day."""
    return all(isinstance(piece, str) or piece in _DAILY for piece in pieces(pattern, "en"))


Piece = Callable[[Shown], str]


@lru_cache(maxsize=2048)
def pieces(pattern: str, name: str) -> tuple[str | Piece, ...]:
    """A format taken apart for one locale: literal texts, and functions for the tokens."""
    words = locale(name)
    expanded = pattern[:_MAX_FORMAT]
    for _ in range(5):
        longer = LONG_TOKEN.sub(lambda match: match[0] if match[1] or match[2] else words.long[match[3]], expanded)
        if longer == expanded:
            break
        expanded = longer
    after_day = _AFTER_DAY.search(expanded) is not None or (
        words.months_change_before_day and _BEFORE_DAY.search(expanded) is not None
    )
    found: list[str | Piece] = []
    for match in TOKEN.finditer(expanded):
        literal, escaped, token = match[1], match[2], match[3]
        if literal:
            found.append(literal[1:-1])
        elif escaped:
            found.append(token)
        elif after_day and token in ("MMM", "MMMM"):
            found.append(_MONTHS_AFTER_DAY[token])
        else:
            found.append(_TOKENS.get(token, token))
    return tuple(found)


def _zone_text(at: Shown, colon: str) -> str:
    minutes = abs(at.ahead) // 60_000
    return f"{'-' if at.ahead < 0 else '+'}{minutes // 60:02}{colon}{minutes % 60:02}"


def _weekday(at: Shown) -> int:
    return at.date.isoweekday() % 7


def _week(at: Shown) -> tuple[int, int]:
    return week_of(at.date, at.words.first_day, at.words.first_week)


def _day_of_year(at: Shown) -> int:
    return at.date.timetuple().tm_yday


def _hour12(at: Shown) -> int:
    return at.clock.hour % 12 or 12


def _year(digits: int) -> Piece:
    def write(at: Shown) -> str:
        return f"{at.clock.year:0{digits}}"

    return write


_TOKENS: dict[str, Piece] = {
    "M": lambda at: str(at.clock.month),
    "Mo": lambda at: at.words.ordinal(at.clock.month, "M"),
    "MM": lambda at: f"{at.clock.month:02}",
    "MMM": lambda at: at.words.months_short[at.clock.month - 1],
    "MMMM": lambda at: at.words.months[at.clock.month - 1],
    "D": lambda at: str(at.clock.day),
    "Do": lambda at: at.words.ordinal(at.clock.day, "D"),
    "DD": lambda at: f"{at.clock.day:02}",
    "DDD": lambda at: str(_day_of_year(at)),
    "DDDo": lambda at: at.words.ordinal(_day_of_year(at), "DDD"),
    "DDDD": lambda at: f"{_day_of_year(at):03}",
    "d": lambda at: str(_weekday(at)),
    "do": lambda at: at.words.ordinal(_weekday(at), "d"),
    "dd": lambda at: at.words.weekdays_min[_weekday(at)],
    "ddd": lambda at: at.words.weekdays_short[_weekday(at)],
    "dddd": lambda at: at.words.weekdays[_weekday(at)],
    "e": lambda at: str((_weekday(at) - at.words.first_day) % 7),
    "E": lambda at: str(at.date.isoweekday()),
    "w": lambda at: str(_week(at)[1]),
    "wo": lambda at: at.words.ordinal(_week(at)[1], "w"),
    "ww": lambda at: f"{_week(at)[1]:02}",
    "W": lambda at: str(iso_week(at.date)[1]),
    "Wo": lambda at: at.words.ordinal(iso_week(at.date)[1], "W"),
    "WW": lambda at: f"{iso_week(at.date)[1]:02}",
    "YY": lambda at: f"{at.clock.year % 100:02}",
    "YYYY": _year(4),
    "YYYYY": _year(5),
    "YYYYYY": lambda at: f"+{at.clock.year:06}",
    "Y": _year(1),
    "y": _year(1),
    "yy": _year(2),
    "yyy": _year(3),
    "yyyy": _year(4),
    "gg": lambda at: f"{_week(at)[0] % 100:02}",
    "gggg": lambda at: f"{_week(at)[0]:04}",
    "ggggg": lambda at: f"{_week(at)[0]:05}",
    "GG": lambda at: f"{iso_week(at.date)[0] % 100:02}",
    "GGGG": lambda at: f"{iso_week(at.date)[0]:04}",
    "GGGGG": lambda at: f"{iso_week(at.date)[0]:05}",
    "Q": lambda at: str((at.clock.month + 2) // 3),
    "Qo": lambda at: at.words.ordinal((at.clock.month + 2) // 3, "Q"),
    "a": lambda at: at.words.half_day(at.clock.hour, at.clock.minute, "a"),
    "A": lambda at: at.words.half_day(at.clock.hour, at.clock.minute, "A"),
    "H": lambda at: str(at.clock.hour),
    "HH": lambda at: f"{at.clock.hour:02}",
    "h": lambda at: str(_hour12(at)),
    "hh": lambda at: f"{_hour12(at):02}",
    "k": lambda at: str(at.clock.hour or 24),
    "kk": lambda at: f"{at.clock.hour or 24:02}",
    "m": lambda at: str(at.clock.minute),
    "mm": lambda at: f"{at.clock.minute:02}",
    "s": lambda at: str(at.clock.second),
    "ss": lambda at: f"{at.clock.second:02}",
    "hmm": lambda at: f"{_hour12(at)}{at.clock.minute:02}",
    "hmmss": lambda at: f"{_hour12(at)}{at.clock.minute:02}{at.clock.second:02}",
    "Hmm": lambda at: f"{at.clock.hour}{at.clock.minute:02}",
    "Hmmss": lambda at: f"{at.clock.hour}{at.clock.minute:02}{at.clock.second:02}",
    "x": lambda at: str(at.ms),
    "X": lambda at: str(at.ms // 1000),
    "z": lambda at: at.zone,
    "zz": lambda at: at.zone,
    "Z": lambda at: _zone_text(at, ":"),
    "ZZ": lambda at: _zone_text(at, ""),
}


def _fraction(count: int) -> Piece:
    def write(at: Shown) -> str:
        return f"{at.clock.ms:03}000000"[:count]

    return write


_TOKENS |= {"S" * count: _fraction(count) for count in range(1, 10)}
_MONTHS_AFTER_DAY: dict[str, Piece] = {
    "MMM": lambda at: at.words.months_short_after_day[at.clock.month - 1],
    "MMMM": lambda at: at.words.months_after_day[at.clock.month - 1],
}
_DAILY = frozenset(
    _TOKENS[token]
    for token in [
        "M",
        "Mo",
        "MM",
        "MMM",
        "MMMM",
        "D",
        "Do",
        "DD",
        "DDD",
        "DDDo",
        "DDDD",
        "d",
        "do",
        "dd",
        "ddd",
        "dddd",
        "e",
        "E",
        "w",
        "wo",
        "ww",
        "W",
        "Wo",
        "WW",
        "YY",
        "YYYY",
        "gg",
        "gggg",
        "GG",
        "GGGG",
        "Q",
        "Qo",
    ]
) | frozenset(_MONTHS_AFTER_DAY.values())
