"""Guess what kind of field a column holds, from its values alone."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_core.contracts.imports import DecimalSign, Order
from crm_core.kinds.choices import split_names
from crm_core.kinds.dates import parse_date, parse_moment
from crm_core.kinds.numbers import parse_decimal
from crm_core.services.imports.columns import Column

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₪": "ILS", "₱": "PHP",
            "₺": "TRY", "₽": "RUB", "฿": "THB", "₦": "NGN", "zł": "PLN", "kr": "SEK", "Fr": "CHF", "A$": "AUD",
            "C$": "CAD", "R$": "BRL", "HK$": "HKD", "S$": "SGD"}  # fmt: skip
_MONEY = re.compile(
    r"\(?[-+]?\s?([A-Z]{0,2}[$€£¥₹₩₪₱₺₽฿₦]|[A-Z]{3}(?=[\s\d-]))"
    r"|(?<=\d)\s?([$€£¥₹₩₪₱₺₽฿₦]|[A-Z]{3}|zł|kr|Fr)\.?\)?$"
)
_EMAIL = re.compile(r"(?:mailto:)?[^@\s,;]+@[^@\s,;]+\.[^@\s.,;]+")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
NAMED_URL = re.compile(r".*?\s?\((https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)", re.DOTALL)
"""A link or file as Airtable exports it: `Pitch deck (https://…)`."""
_PHONE = re.compile(r"\+?[\d\s().\-/]{6,24}(?:\s?(?:x|ext\.?)\s?\d{1,6})?")
_DURATION = re.compile(r"-?\d{1,5}:[0-5]\d(:[0-5]\d(?:\.\d{1,3})?)?")
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?!\d)")
_NUMERIC_START = re.compile(r"[-+.(−\d]")
_LEADING_ZERO = re.compile(r"0\d")
_COMMA_DECIMAL = re.compile(r"\D*\d{1,3}(?:\.\d{3})*,(?:\d{1,2}|\d{4,})\D*|\D*\d+,(?:\d{1,2}|\d{4,})\D*")
_DOT_DECIMAL = re.compile(r"\D*\d[\d,]*\.(?:\d{1,2}|\d{4,})\D*")
_TICKED = frozenset(("checked", "unchecked", "true", "false", "✓", "✔"))
_CHOICE_WORDS = frozenset(
    (
        "stage",
        "status",
        "type",
        "list",
        "tier",
        "source",
        "region",
        "category",
        "priority",
        "owner",
        "country",
        "currency",
    )
)
_RATING_WORDS = frozenset(("rating", "stars", "priority"))
_SPACED = re.compile(r",\s")
_LONG = 120
_MAX_OPTIONS = 60
_TOLERANCE = 0.05


@dataclass(frozen=True)
class Guess:
    """A kind with its options, how to read ambiguous cells, and a sentence for people where something is doubtful."""

    kind: str
    options: dict[str, Any] = field(default_factory=dict)
    order: Order | None = None
    decimal: DecimalSign | None = None
    notice: str = ""


def mostly(values: Sequence[str], test: Callable[[str], object]) -> bool:
    """Whether all values pass, or all but a few of many (whose rows will be listed as errors)."""
    allowed = int(len(values) * _TOLERANCE)
    for value in values:
        if not test(value):
            allowed -= 1
            if allowed < 0:
                return False
    return bool(values)


def guess(column: Column, currency: str) -> Guess:
    """The kind that fits a column; `currency` is the team's, for amounts that name none."""
    values = [value.strip() for value in column.values if value.strip()]
    if not values:
        return Guess("text")
    words = set(re.findall(r"[a-z]+", column.name.lower()))
    for attempt in (_checkbox, _address, _amount, _duration, _date, _phone):
        found = attempt(values, currency)
        if found:
            return found
    return _number(values, words) or _choice(column, values, words) or _text(values)


def _checkbox(values: Sequence[str], _: str) -> Guess | None:
    return Guess("checkbox") if len(values) <= 4 and all(value.lower() in _TICKED for value in values) else None


def _address(values: Sequence[str], _: str) -> Guess | None:
    if mostly(values, _EMAIL.fullmatch):
        return Guess("email")
    if mostly(values, _URL.fullmatch):
        return Guess("url")
    if mostly(values, lambda value: NAMED_URL.fullmatch(value)):
        one = mostly(values, lambda value: value.count("](") + value.count(" (http") <= 1)
        notice = "Taken as web addresses: the name before each address is left out." if one else ""
        return Guess("url", notice=notice) if one else Guess("long_text")
    return None


def decimal_sign(values: Iterable[str]) -> DecimalSign | None:
    """`,` when some numbers can only be read with a decimal comma and none only with a point."""
    comma = point = False
    for value in values:
        comma = comma or bool(_COMMA_DECIMAL.fullmatch(value))
        point = point or bool(_DOT_DECIMAL.fullmatch(value))
        if comma and point:
            return None
    return "," if comma else None


def plain(text: str, decimal: str | None) -> str:
    """A number with its decimal sign as a point."""
    return text.replace(".", "").replace(",", ".") if decimal == "," else text


def _decimals(values: Iterable[str], decimal: str | None) -> int:
    most = 0
    for value in values:
        number = parse_decimal(plain(value.rstrip("% "), decimal))
        if number is not None and isinstance(exponent := number.as_tuple().exponent, int):
            most = max(most, -exponent)
    return most


def currencies(values: Iterable[str]) -> set[str]:
    """The currencies that amounts name by code or symbol."""
    marks = (match[1] or match[2] for value in values if (match := _MONEY.search(value.strip())))
    return {_SYMBOLS.get(name, name) for name in marks}


def _amount(values: Sequence[str], currency: str) -> Guess | None:
    decimal = decimal_sign(values)
    if mostly(values, lambda value: value.endswith("%") and parse_decimal(plain(value[:-1], decimal)) is not None):
        return Guess("percent", {"precision": min(_decimals(values, decimal), 8)}, decimal=decimal)
    marked = sum(bool(_MONEY.search(value)) for value in values)
    if marked < 0.9 * len(values) or not mostly(values, lambda v: parse_decimal(plain(v, decimal)) is not None):
        return None
    codes = currencies(values)
    code = codes.pop() if len(codes) == 1 else currency
    notice = f"More than one currency is used; all amounts are taken as {code}." if codes else ""
    precision = min(max(_decimals(values, decimal), 0), 4)
    options = {
        "code": code if re.fullmatch("[A-Z]{3}", code) else currency,
        "precision": 2 if precision == 1 else precision,
    }
    return Guess("currency", options, decimal=decimal, notice=notice)


def _duration(values: Sequence[str], _: str) -> Guess | None:
    if not mostly(values, _DURATION.fullmatch):
        return None
    seconds = any((match := _DURATION.fullmatch(value)) and match[1] for value in values)
    return Guess("duration", {"format": "h:mm:ss" if seconds else "h:mm"})


def find_order(values: Iterable[str]) -> tuple[Order | None, str]:
    """The order of day and month in dates such as 3/4/2026 over all values, with a notice where it is not certain."""
    first = second = False
    slashed = ""
    for value in values:
        if match := _SLASHED.match(value):
            slashed = slashed or value
            first = first or int(match[1]) > 12
            second = second or int(match[2]) > 12
    if not slashed:
        return None, ""
    if first and second:
        return "mdy", "Some dates have the day first, some the month; those that cannot be read are listed as errors."
    if first:
        return "dmy", ""
    if second:
        return "mdy", ""
    return (
        "mdy",
        f"{slashed.split()[0]} is read as month/day/year, as Airtable writes it; choose day/month if that is wrong.",
    )


def _date(values: Sequence[str], _: str) -> Guess | None:
    order, notice = find_order(values)
    form = {"mdy": "us", "dmy": "european"}.get(order or "", "iso")
    if mostly(values, lambda value: parse_date(value, order)):
        return Guess("date", {"format": form}, order=order, notice=notice)
    if any(any(c.isdigit() for c in value[:12]) for value in values[:50]) and mostly(
        values, lambda value: parse_moment(value, order, "UTC")
    ):
        half = any(value.lower().endswith(("am", "pm")) for value in values)
        return Guess("date_time", {"format": form, "clock": "12h" if half else "24h"}, order=order, notice=notice)
    return None


def _phone(values: Sequence[str], _: str) -> Guess | None:
    def looks(value: str) -> bool:
        return bool(_PHONE.fullmatch(value)) and 6 <= sum(c.isdigit() for c in value) <= 17

    marked = sum(value[:1] in "+(0" or "-" in value[1:] or " " in value for value in values)
    return Guess("phone") if marked > len(values) / 2 and mostly(values, looks) else None


def _number(values: Sequence[str], words: set[str]) -> Guess | None:
    decimal = decimal_sign(values)
    if not mostly(
        values, lambda v: v[:1].isdecimal() | (v[:1] in "-+.(−") and parse_decimal(plain(v, decimal)) is not None
    ):
        return None
    if any(_LEADING_ZERO.match(value) for value in values) or any(
        len(value) > 15 and value.isdigit() for value in values
    ):
        return None  # postal codes and account numbers: digits that are no quantity
    if words & _RATING_WORDS and mostly(values, lambda value: value in ("1", "2", "3", "4", "5")):
        return Guess("rating", {"max": 5})
    grouped = any("," in value if decimal is None else "." in value for value in values)
    return Guess("number", {"precision": min(_decimals(values, decimal), 8), "thousands": grouped}, decimal=decimal)


def _choice(column: Column, values: Sequence[str], words: set[str]) -> Guess | None:
    if column.full or max(map(len, values)) > _LONG or any("\n" in value for value in values):
        return None
    if any("," in value for value in values):
        parts = [part for value in values for part in split_names(value)]
        different = set(parts)
        short = 0 < len(different) <= _MAX_OPTIONS and max(map(len, different)) <= 40
        count = len(parts)
        if not any(_SPACED.search(value) for value in values):
            count += column.filled - len(values)  # `a,b` is a list also where only whole lists repeat; `Lee, Bo` is not
        if short and 2 * count >= 3 * len(different):
            return Guess("multi_select")
    few = len(values) <= _MAX_OPTIONS and max(map(len, values)) <= 60
    repeated = column.filled >= 2 * len(values) and column.filled >= 4
    if few and (repeated or (words & _CHOICE_WORDS and column.filled > len(values))):
        return Guess("single_select")
    return None


def _text(values: Sequence[str]) -> Guess:
    long = any(len(value) > _LONG or "\n" in value for value in values)
    return Guess("long_text" if long else "text")
