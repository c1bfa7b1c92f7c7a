"""Kinds that hold a number: number, currency, percent, rating, duration, checkbox."""

import math
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

import sqlalchemy as sa

from crm_core.errors import Invalid
from crm_core.kinds.base import CellError, FieldDef, Kind, form_of, option_of, refuse_unknown

MAX_MINOR = 2**53 - 1
_SPACES = re.compile(r"[\s  ’']")
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥₹₩₪₫₱₺₽฿₦])|(?:[A-Z]{3}|[$€£¥₹₩₪₫₱₺₽฿₦]|kr|zł|Fr\.?)$")
_PLAIN = re.compile(r"\d*(?:\.\d*)?(?:[eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")


def parse_decimal(text: str) -> Decimal | None:
    """A number as people write it ("1,234.50", "(12)", "€1.234,50", "1e3"), exactly; None when it is none.

    One comma followed by exactly three digits separates thousands; any other single comma is the decimal sign.
    """
    body = _SPACES.sub("", text).replace("−", "-")
    negative = body.startswith("(") and body.endswith(")")
    body = body[1:-1] if negative else body
    sign = ""
    if body[:1] in "+-":
        sign, body = body[:1], body[1:]
    body = _CURRENCY.sub("", body, count=2)
    if body[:1] in ("-", "+") and not sign:
        sign, body = body[:1], body[1:]
    if "," in body:
        comma, dot = body.rfind(","), body.rfind(".")
        if dot > comma or (_GROUPED.fullmatch(body) and dot < 0):
            groups = body[:dot] if dot > comma else body
            if not _GROUPED.fullmatch(groups):
                return None
            body = body.replace(",", "")
        else:
            whole = body[:comma]
            if "," in whole or ("." in whole and not _GROUPED.fullmatch(whole)):
                return None
            body = whole.replace(".", "") + "." + body[comma + 1 :]
    elif body.count(".") > 1 and _GROUPED.fullmatch(body):
        body = body.replace(".", "")
    if not _PLAIN.fullmatch(body) or not any(character.isdigit() for character in body):
        return None
    number = Decimal(body)
    return -number if negative or sign == "-" else number


def decimal_of(value: object) -> Decimal | None:
    """A JSON number or a written number as Decimal; None for empty; CellError otherwise."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise CellError("bad_number", "A number was expected, not true/false.")
    if isinstance(value, int):
        if abs(value) > 10**300:
            raise CellError("bad_number", "The number is too large.")
        return Decimal(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise CellError("bad_number", "The number is not finite.")
        return Decimal(repr(value))
    if isinstance(value, str):
        if not value.strip():
            return None
        number = parse_decimal(value) if len(value) <= 400 else None
        if number is not None:
            return number
        raise CellError("bad_number", f"{value[:60]!r} is not a number.", "Write it like 1234.5.")
    raise CellError("bad_number", "A number was expected.")


def grouped(number: Decimal, precision: int, *, thousands: bool = True) -> str:
    """A number with `precision` decimals, half away from zero, with thousands separated by commas if asked."""
    rounded = number.quantize(Decimal(1).scaleb(-precision), ROUND_HALF_UP)
    return f"{rounded:,f}" if thousands else f"{rounded:f}"


class Number(Kind):
    name: ClassVar[str] = "number"
    family = "number"
    sql_type = sa.Double()

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(self.name, given, ("precision", "thousands"))
        return {
            "precision": option_of(self.name, given, "precision", range(9), before.get("precision", 0)),
            "thousands": option_of(self.name, given, "thousands", (True, False), before.get("thousands", False)),
        }

    def read(self, value: object, field: FieldDef, zone: str) -> float | None:
        if type(value) is float and math.isfinite(value):
            return value
        number = decimal_of(value)
        if number is None:
            return None
        result = float(number)
        if not math.isfinite(result):
            raise CellError("bad_number", "The number is too large.")
        return result

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        return grouped(
            Decimal(repr(stored)), field.options.get("precision", 0), thousands=field.options.get("thousands", False)
        )


class Currency(Kind):
    """Money, exact: stored as an integer of minor units (cents), sent in major units."""

    name: ClassVar[str] = "currency"
    family = "number"
    sql_type = sa.BigInteger()

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(self.name, given, ("code", "precision"))
        code = given.get("code", before.get("code", "EUR"))
        if not isinstance(code, str) or not re.fullmatch(r"[A-Z]{3}", code):
            raise Invalid(
                "bad_field_options",
                f"{code!r} is not a currency code.",
                "Use three capital letters such as EUR or USD.",
            )
        if before and given.get("precision", before["precision"]) != before["precision"]:
            raise Invalid(
                "bad_field_options",
                "The number of decimals of a currency field is fixed: its amounts are stored in minor units.",
                "Add a new currency field with the decimals you want, or change the kind to number first.",
            )
        return {
            "code": code,
            "precision": option_of(self.name, given, "precision", range(5), before.get("precision", 2)),
        }

    def read(self, value: object, field: FieldDef, zone: str) -> int | None:
        number = decimal_of(value)
        if number is None:
            return None
        if abs(number) > MAX_MINOR:
            raise CellError("bad_number", "The amount is too large.", "An amount has at most 15 digits.")
        minor = int(number.scaleb(field.options["precision"]).quantize(Decimal(1), ROUND_HALF_UP))
        if abs(minor) > MAX_MINOR:
            raise CellError("bad_number", "The amount is too large.", "An amount has at most 15 digits.")
        return minor

    def wire(self, stored: Any, field: FieldDef) -> Any:
        precision: int = field.options["precision"]
        return stored / 10**precision if precision else stored

    def wire_column(self, column: Sequence[Any], field: FieldDef) -> Sequence[Any]:
        scale = 10 ** field.options["precision"]
        return column if scale == 1 else [None if value is None else value / scale for value in column]

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        precision: int = field.options["precision"]
        return grouped(Decimal(stored).scaleb(-precision), precision)


class Percent(Kind):
    """A fraction shown as percent: 0.5 is 50 %."""

    name: ClassVar[str] = "percent"
    family = "number"
    sql_type = sa.Double()

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(self.name, given, ("precision",))
        return {"precision": option_of(self.name, given, "precision", range(9), before.get("precision", 0))}

    def read(self, value: object, field: FieldDef, zone: str) -> float | None:
        if isinstance(value, str) and value.strip().endswith("%"):
            number = decimal_of(value.strip()[:-1])
            result = None if number is None else float(number.scaleb(-2))
        else:
            number = decimal_of(value)
            result = None if number is None else float(number)
        if result is not None and not math.isfinite(result):
            raise CellError("bad_number", "The number is too large.")
        return result

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        return grouped(Decimal(repr(stored)).scaleb(2), field.options.get("precision", 0), thousands=False) + "%"


class Rating(Kind):
    name: ClassVar[str] = "rating"
    family = "number"
    sql_type = sa.Integer()

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(self.name, given, ("max",))
        return {"max": option_of(self.name, given, "max", range(1, 11), before.get("max", 5))}

    def read(self, value: object, field: FieldDef, zone: str) -> int | None:
        number = decimal_of(value)
        if number is None or number == 0:
            return None
        most: int = field.options.get("max", 5)
        if number != number.to_integral_value() or not 1 <= number <= most:
            raise CellError("bad_rating", f"{value!r} is not a rating.", f"Use a whole number from 1 to {most}.")
        return int(number)


class Duration(Kind):
    """A length of time, in seconds."""

    name: ClassVar[str] = "duration"
    family = "number"
    sql_type = sa.Double()

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(self.name, given, ("format",))
        return {"format": option_of(self.name, given, "format", ("h:mm", "h:mm:ss"), before.get("format", "h:mm"))}

    def read(self, value: object, field: FieldDef, zone: str) -> float | None:
        if isinstance(value, str) and ":" in value:
            return self._clock(value.strip(), field)
        number = decimal_of(value)
        if number is None:
            return None
        result = float(number)
        if abs(result) > 10**12:
            raise CellError("bad_duration", "The duration is too long.")
        return result

    def _clock(self, text: str, field: FieldDef) -> float:
        match = re.fullmatch(r"(-?)(\d{1,9}):([0-5]?\d)(?::([0-5]?\d(?:\.\d{1,3})?))?", text)
        if not match:
            raise CellError("bad_duration", f"{text[:60]!r} is not a duration.", "Write it like 1:30 or 1:30:00.")
        sign, hours, minutes, seconds = match.groups()
        total = int(hours) * 3600 + int(minutes) * 60 + float(seconds or 0)
        return -total if sign else total

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        sign, total = ("-" if stored < 0 else ""), round(abs(stored))
        hours, rest = divmod(total, 3600)
        if form_of(field.options, "h:mm") == "h:mm:ss" or rest % 60:
            return f"{sign}{hours}:{rest // 60:02}:{rest % 60:02}"
        return f"{sign}{hours}:{rest // 60:02}"


_TRUE = frozenset(("true", "yes", "y", "1", "checked", "x", "✓", "✔", "on"))
_FALSE = frozenset(("false", "no", "n", "0", "unchecked", "", "off"))


class Checkbox(Kind):
    """Ticked or not; an unticked box is an empty cell."""

    name: ClassVar[str] = "checkbox"
    family = "checkbox"
    sql_type = sa.Integer()

    def read(self, value: object, field: FieldDef, zone: str) -> int | None:
        if value is None or value is False or value == 0:
            return None
        if value is True or value == 1:
            return 1
        word = value.strip().lower() if isinstance(value, str) else None
        if word in _TRUE:
            return 1
        if word in _FALSE:
            return None
        raise CellError("bad_checkbox", f"{str(value)[:60]!r} is neither ticked nor unticked.", "Use true or false.")

    def wire(self, stored: Any, field: FieldDef) -> bool:
        return True

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        return "checked"
