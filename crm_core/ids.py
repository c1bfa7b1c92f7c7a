"""Public ids: a bijection between an integer key and a 17-character id such as `rec4fT0…`.

The integer stays the only key in the database, so no second index is needed; the text form hides counts and order
from a casual look, but it is not a secret.
"""

from crm_core.errors import NotFound

MAX_TABLES = 4096
"""Record ids also say which table they belong to, so that equal keys of two tables never look alike."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 14
_SPACE = 62**_LENGTH
_FACTOR = 7_340_518_862_905_103_174_857_161  # odd and not divisible by 31, so coprime to 62**14
_INVERSE = pow(_FACTOR, -1, _SPACE)
_OFFSET = 3_141_592_653_589_793_238_462_643
_HALF = 62**7
_PAIRS = [a + b for a in _DIGITS for b in _DIGITS]
_PAIR = len(_PAIRS)
_VALUE = {digit: number for number, digit in enumerate(_DIGITS)}
_MAX_KEY = 2**63 - 1

KINDS = {
    "tbl": "table",
    "fld": "field",
    "viw": "view",
    "usr": "user",
    "opt": "option",
    "ses": "session",
    "inv": "invite",
    "tok": "token",
    "pky": "passkey",
    "imp": "import",
    "evt": "event",
    "req": "request",
    "cmt": "comment",
    "ntf": "notification",
    "act": "activity_entry",
}


def encode(prefix: str, key: int) -> str:
    """The public id of a positive integer key."""
    high, low = divmod((key * _FACTOR + _OFFSET) % _SPACE, _HALF)
    a, d = divmod(high, _PAIR)
    a, c = divmod(a, _PAIR)
    a, b = divmod(a, _PAIR)
    e, h = divmod(low, _PAIR)
    e, g = divmod(e, _PAIR)
    e, f = divmod(e, _PAIR)
    return f"{prefix}{_DIGITS[a]}{_PAIRS[b]}{_PAIRS[c]}{_PAIRS[d]}{_DIGITS[e]}{_PAIRS[f]}{_PAIRS[g]}{_PAIRS[h]}"


def decode(prefix: str, text: str) -> int:
    """The integer key of a public id; NotFound (`unknown_<kind>`) when it is no id of this kind."""
    key = try_decode(prefix, text)
    if key is None:
        kind = KINDS[prefix]
        raise NotFound(
            f"unknown_{kind}",
            f"{str(text)[:40]!r} is not the id of a {kind}.",
            f"Ids of this kind start with {prefix}.",
        )
    return key


def try_decode(prefix: str, text: object) -> int | None:
    """As decode, but None when the text is no id of this kind."""
    if not isinstance(text, str) or len(text) != 3 + _LENGTH or not text.startswith(prefix):
        return None
    number = 0
    for character in text[3:]:
        value = _VALUE.get(character)
        if value is None:
            return None
        number = number * 62 + value
    key = (number - _OFFSET) * _INVERSE % _SPACE
    return key if 0 < key <= _MAX_KEY else None


def record(table_id: int, key: int) -> str:
    """The public id of a record: `rec…`, unique over all tables."""
    return encode("rec", key * MAX_TABLES + table_id)


def try_record(table_id: int, text: object) -> int | None:
    """The key of a record of that table, or None when the text is no id of one."""
    both = try_decode("rec", text)
    if both is None:
        return None
    key, table = divmod(both, MAX_TABLES)
    return key if key and table == table_id else None
