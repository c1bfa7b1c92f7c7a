"""Functions of text. Positions count from 1, and characters are Unicode code points."""

from typing import Any
from urllib.parse import quote

from plugins.formulas.functions.declare import Fails, function
from plugins.formulas.limits import check_items, check_length
from plugins.formulas.values import SPACES, Value

_FAR = 1_000_000.0


def whole(number: float) -> int:
    """A position or length, cut to a whole number within what any text can have."""
    return int(max(-_FAR, min(_FAR, number)))


def joined(*values: str) -> str:
    """The texts one after the other."""
    check_length(sum(map(len, values)))
    return "".join(values)


def find(what: str, text: str, start: float = 0.0) -> float:
    """The position of a text in another, 0 when it is not there."""
    return float(text.find(what, max(0, whole(start) - 1)) + 1)


def search(what: str, text: str, start: float = 0.0) -> float | None:
    """As FIND, but blank when it is not there."""
    return float(text.find(what, max(0, whole(start) - 1)) + 1) or None


def left(text: str, count: float) -> str:
    """The first characters."""
    return text[: max(0, whole(count))]


def right(text: str, count: float) -> str:
    """The last characters."""
    kept = whole(count)
    return text[-kept:] if kept > 0 else ""


def middle(text: str, start: float, count: float) -> str:
    """So many characters from a position."""
    first = max(1, whole(start)) - 1
    return text[first : first + max(0, whole(count))]


def replace(text: str, start: float, count: float, replacement: str) -> str:
    """Part of a text replaced by its position."""
    first = max(1, whole(start)) - 1
    made = text[:first] + replacement + text[first + max(0, whole(count)) :]
    check_length(len(made))
    return made


def repeat(text: str, count: float) -> str:
    """The text so many times."""
    times = max(0, whole(count))
    check_length(len(text) * max(0.0, count) if text else 0)
    return text * times


def substitute(text: str, old: str, new: str, index: float | None = None) -> str:
    """Every occurrence replaced, or only the one with the index."""
    if not old:
        return text
    if index is None or index < 1:
        times = text.count(old)
        check_length(len(text) + times * (len(new) - len(old)))
        return text.replace(old, new) if times else text
    wanted, at = whole(index), -1
    for _ in range(wanted):
        at = text.find(old, at + 1 if at < 0 else at + len(old))
        if at < 0:
            return text
    made = text[:at] + new + text[at + len(old) :]
    check_length(len(made))
    return made


def only_text(value: Value) -> str | None:
    """The value when it is text."""
    return value if type(value) is str else None


def trim(text: str) -> str:
    """Without white space at both ends."""
    return text.strip(SPACES)


def encode_component(text: str) -> str:
    """Percent-encoded, for a part of a web address."""
    check_length(len(text) * 3)
    return quote(text.encode("utf-8", "replace"), safe="-_.~")


def proper(text: str) -> str:
    """Each word with a capital, the rest small."""
    made, inside = [], False
    for letter in text:
        made.append(letter.lower() if inside else letter.title())
        inside = letter.isalnum() or (inside and letter in "'’")
    return "".join(made)


def _pad(text: str, length: float, filler: str) -> str:
    missing = whole(length) - len(text)
    if missing <= 0 or not filler:
        return ""
    check_length(len(text) + missing)
    return (filler * (missing // len(filler) + 1))[:missing]


def pad_left(text: str, length: float, filler: str = " ") -> str:
    """Filled up at the left to a length."""
    return _pad(text, length, filler) + text


def pad_right(text: str, length: float, filler: str = " ") -> str:
    """Filled up at the right to a length."""
    return text + _pad(text, length, filler)


def split(text: str, separator: str = ",") -> tuple[str, ...]:
    """The parts of a text between separators, trimmed; an empty separator gives its characters."""
    if not text:
        return ()
    check_items(text.count(separator) + 1 if separator else len(text))
    return tuple(part.strip(SPACES) for part in text.split(separator)) if separator else tuple(text)


def upper(text: str) -> str:
    """In capitals."""
    check_length(len(text))
    return text.upper()


def lower(text: str) -> str:
    """In small letters."""
    return text.lower()


def length(text: str) -> float:
    """How many characters."""
    return float(len(text))


T: Any = {"category": "text"}
FUNCTIONS = (
    function(
        "CONCAT",
        "text: text, more: text*",
        "text",
        joined,
        "Joins texts; the short name of CONCATENATE.",
        ('CONCAT("a", 1, "b")', "a1b"),
        **T,
    ),
    function(
        "CONCATENATE",
        "text: text, more: text*",
        "text",
        joined,
        "Joins texts, as & does.",
        ('CONCATENATE("Bob", " - ", 43)', "Bob - 43"),
        ('CONCATENATE({N}, "x")', "x", {"N": None}),
        **T,
    ),
    function(
        "ENCODE_URL_COMPONENT",
        "text: text",
        "text",
        encode_component,
        "Encodes text for a part of a web address.",
        ('ENCODE_URL_COMPONENT("chicken & waffles")', "chicken%20%26%20waffles"),
        **T,
    ),
    function(
        "EXACT",
        "first: text, second: text",
        "bool",
        lambda first, second: first == second,
        "Whether two texts are the same, capitals included.",
        ('EXACT("a", "A")', False),
        ('EXACT("a", "a")', True),
        **T,
    ),
    function(
        "FIND",
        "what: text, text: text, [start: number]",
        "number",
        find,
        "The position (from 1) of a text in another, 0 if it is not there.",
        ('FIND("fox", "quick brown fox")', 13),
        ('FIND("Fox", "quick brown fox")', 0),
        ('FIND("o", "foo", 3)', 3),
        **T,
    ),
    function(
        "LEFT",
        "text: text, count: number",
        "text",
        left,
        "The first characters.",
        ('LEFT("quick brown fox", 5)', "quick"),
        **T,
    ),
    function(
        "LEN",
        "text: text",
        "number",
        length,
        "How many characters a text has.",
        ('LEN("quick brown fox")', 15),
        ("LEN({N})", 0, {"N": None}),
        **T,
    ),
    function("LOWER", "text: text", "text", lower, "In small letters.", ('LOWER("Hello!")', "hello!"), **T),
    function(
        "MID",
        "text: text, start: number, count: number",
        "text",
        middle,
        "So many characters from a position (from 1).",
        ('MID("quick brown fox", 7, 5)', "brown"),
        **T,
    ),
    function(
        "PADLEFT",
        "text: text, length: number, [filler: text]",
        "text",
        pad_left,
        "Fills text up at its left to a length.",
        ('PADLEFT(7, 3, "0")', "007"),
        **T,
    ),
    function(
        "PADRIGHT",
        "text: text, length: number, [filler: text]",
        "text",
        pad_right,
        "Fills text up at its right to a length.",
        ('PADRIGHT("ab", 4, ".")', "ab.."),
        **T,
    ),
    function(
        "PROPER",
        "text: text",
        "text",
        proper,
        "A capital at the beginning of each word.",
        ('PROPER("ADA lovelace")', "Ada Lovelace"),
        **T,
    ),
    function(
        "REPLACE",
        "text: text, start: number, count: number, replacement: text",
        "text",
        replace,
        "Replaces so many characters from a position (from 1).",
        ('REPLACE("database", 2, 5, "o")', "dose"),
        ('REPLACE("ab", 9, 1, "c")', "abc"),
        **T,
    ),
    function(
        "REPT",
        "text: text, count: number",
        "text",
        repeat,
        "The text so many times.",
        ('REPT("Hi! ", 3)', "Hi! Hi! Hi! "),
        ('REPT("x", 1000000000)', Fails("limit")),
        **T,
    ),
    function(
        "RIGHT",
        "text: text, count: number",
        "text",
        right,
        "The last characters.",
        ('RIGHT("quick brown fox", 5)', "n fox"),
        **T,
    ),
    function(
        "SEARCH",
        "what: text, text: text, [start: number]",
        "number",
        search,
        "As FIND, but blank if it is not there.",
        ('SEARCH("World", "Hello World")', 7),
        ('SEARCH("x", "Hello")', None),
        **T,
    ),
    function(
        "SPLIT",
        "text: text, [separator: text]",
        "list",
        split,
        "The parts of a text between separators (a comma if none is given), trimmed.",
        ('SPLIT("a, b,c")', ("a", "b", "c")),
        ('ARRAYJOIN(SPLIT("1-2", "-"), "+")', "1+2"),
        **T,
    ),
    function(
        "SUBSTITUTE",
        "text: text, old: text, new: text, [index: number?]",
        "text",
        substitute,
        "Replaces a text wherever it occurs, or only its occurrence number `index`.",
        ('SUBSTITUTE("gold mold", "old", "et")', "get met"),
        ('SUBSTITUTE("gold mold", "old", "et", 1)', "get mold"),
        **T,
    ),
    function(
        "T",
        "value: any",
        "text",
        only_text,
        "The value if it is text, else blank.",
        ('T("text only")', "text only"),
        ("T(42)", None),
        **T,
    ),
    function(
        "TRIM",
        "text: text",
        "text",
        trim,
        "Takes white space off both ends; inside it stays.",
        ('TRIM(" Hello! ")', "Hello!"),
        **T,
    ),
    function("UPPER", "text: text", "text", upper, "In capitals.", ('UPPER("Hello!")', "HELLO!"), **T),
)
