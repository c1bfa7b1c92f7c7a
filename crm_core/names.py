"""The one rule for what people name (a field, a view, a person, a token): one line of text without invisible signs."""

import re
import unicodedata

from crm_core.errors import Invalid

_CONTROL = re.compile(r"[\x01-\x1f\x7f-\x9f]")
MAX_NAME = 200
"""Characters of the name of a field, a view or an option."""
_JOINERS = "\u200c\u200d"
"""Invisible, but part of words in some scripts and of many emoji."""


def is_text(text: str) -> bool:
    """Whether a database can store it and JSON can carry it: no NUL, no half of a character (a lone surrogate)."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return False
    return "\x00" not in text


def tidy_name(
    text: str,
    what: str,
    most: int,
    *,
    code: str = "bad_name",
    hint: str = "Choose another name.",
    pointer: str = "",
) -> str:
    """The name on one line, with single spaces and without signs that nobody sees; Invalid (`code`) unless it then has
    1 to `most` characters. `what` names it in the message, for example `A view's name`."""
    tidy = " ".join(_CONTROL.sub(" ", text).split())
    if not tidy.isprintable():
        tidy = "".join(sign for sign in tidy if sign in _JOINERS or unicodedata.category(sign) != "Cf" or _is_tag(sign))
        tidy = " ".join(tidy.split())
    if not tidy.strip(_JOINERS) or len(tidy) > most or not is_text(tidy):
        raise Invalid(code, f"{what} has 1 to {most} visible characters.", hint, pointer)
    return tidy


def _is_tag(sign: str) -> bool:
    """What the flags of England, Scotland and Wales are spelled with."""
    return "\U000e0020" <= sign <= "\U000e007f"
