"""Text-like kinds: text, long text, e-mail, phone, web address."""

import re
from typing import ClassVar

from crm_core.kinds.base import CellError, FieldDef, Kind

MAX_CHARACTERS = 100_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def clean(value: object) -> str | None:
    """Any simple value as text that every database can store; CellError for what is no text."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise CellError("bad_text", f"Text was expected, not {_shape(value)}.")
    text = str(value)
    if "\x00" in text:
        raise CellError("bad_text", "The text has a NUL character.", "Remove it; no database can store it.")
    if len(text) > MAX_CHARACTERS:
        raise CellError("too_long", f"The text has {len(text):,} characters.", f"A cell holds {MAX_CHARACTERS:,}.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CellError(
            "bad_text", "The text has half of a character (a lone surrogate).", "Paste it again as plain text."
        ) from None
    return text or None


def _shape(value: object) -> str:
    return {bool: "true/false", list: "a list", dict: "an object"}.get(type(value), type(value).__name__)


class Text(Kind):
    name: ClassVar[str] = "text"
    family = "text"

    def read(self, value: object, field: FieldDef, zone: str) -> str | None:
        text = clean(value)
        return text.replace("\r\n", "\n") if text and "\r" in text else text


class LongText(Text):
    name = "long_text"


class Email(Text):
    name = "email"

    def read(self, value: object, field: FieldDef, zone: str) -> str | None:
        text = (clean(value) or "").strip()
        if text and not _EMAIL.fullmatch(text.removeprefix("mailto:")):
            raise CellError(
                "bad_email", f"{text[:60]!r} is not an e-mail address.", "Write one address such as ada@example.com."
            )
        return text.removeprefix("mailto:") or None


class Phone(Text):
    name = "phone"

    def read(self, value: object, field: FieldDef, zone: str) -> str | None:
        text = (clean(value) or "").strip()
        if text and not any(character.isdigit() for character in text):
            raise CellError("bad_phone", f"{text[:60]!r} has no digit.", "Write a number such as +49 30 1234567.")
        return text or None


class Url(Text):
    name = "url"

    def read(self, value: object, field: FieldDef, zone: str) -> str | None:
        text = (clean(value) or "").strip()
        if text and (len(text.split()) > 1 or ("." not in text and "://" not in text)):
            raise CellError("bad_url", f"{text[:60]!r} is not a web address.", "Write one such as https://example.com.")
        return text or None
