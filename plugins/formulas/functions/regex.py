"""Regular expressions by RE2, whose time grows with the text and never explodes."""

from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]

from plugins.formulas.functions.declare import Fails, function
from plugins.formulas.limits import MAX_PATTERN, MAX_PATTERN_BYTES, check_length
from plugins.formulas.values import RunError, quoted

_REASONS = (
    ("(?=", "look-ahead (?=…) does not exist here"),
    ("(?!", "look-ahead (?!…) does not exist here"),
    ("(?<=", "look-behind (?<=…) does not exist here"),
    ("(?<!", "look-behind (?<!…) does not exist here"),
    ("\\1", "back-references such as \\1 do not exist here"),
)


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """The compiled pattern; RunError `bad_regex` says what is wrong with it."""
    if len(pattern) > MAX_PATTERN:
        raise RunError(
            "bad_regex", f"The pattern has {len(pattern):,} characters; at most {MAX_PATTERN:,} are allowed."
        )
    options = re2.Options()
    options.max_mem = MAX_PATTERN_BYTES
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except (re2.error, UnicodeError) as error:
        known = next((reason for mark, reason in _REASONS if mark in pattern), "")
        said = error.args[0] if error.args else ""
        reason = known or (said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said))
        raise RunError("bad_regex", f"{quoted(pattern)} is no regular expression: {reason}.") from None


def matches(text: str, pattern: str) -> bool:
    """REGEX_MATCH."""
    return compiled(pattern).search(text) is not None


def extract(text: str, pattern: str) -> str:
    """REGEX_EXTRACT."""
    found = compiled(pattern).search(text)
    if found is None:
        raise RunError("no_match", f"Nothing in {quoted(text)} matches {quoted(pattern)}.")
    matched: str = found.group(0)
    return matched


def substituted(text: str, pattern: str, replacement: str) -> str:
    """REGEX_REPLACE, each piece counted before it is added."""
    program = compiled(pattern)
    template = _template(replacement, program.groups)
    made: list[str] = []
    total, last = 0, 0
    for match in program.finditer(text):
        pieces = [piece if isinstance(piece, str) else match.group(piece) or "" for piece in template]
        kept = text[last : match.start()]
        total += len(kept) + sum(map(len, pieces))
        check_length(total)
        made += [kept, *pieces]
        last = match.end()
    check_length(total + len(text) - last)
    return "".join([*made, text[last:]])


@lru_cache(maxsize=512)
def _template(replacement: str, groups: int) -> tuple[str | int, ...]:
    """A replacement taken apart: texts, and the numbers of groups ($1, $&); $$ is a dollar sign."""
    found: list[str | int] = []
    at = 0
    while at < len(replacement):
        mark = replacement.find("$", at)
        if mark < 0 or mark + 1 >= len(replacement):
            break
        found.append(replacement[at:mark])
        follow = replacement[mark + 1]
        digits = replacement[mark + 1 : mark + 3]
        if digits.isdecimal() and len(digits) == 2 and 1 <= int(digits) <= groups:
            found.append(int(digits))
            at = mark + 3
        elif follow.isdecimal() and 1 <= int(follow) <= groups:
            found.append(int(follow))
            at = mark + 2
        elif follow == "&":
            found.append(0)
            at = mark + 2
        else:
            found.append("$")
            at = mark + (2 if follow == "$" else 1)
    found.append(replacement[at:])
    return tuple(piece for piece in found if piece != "")


R: Any = {"category": "regex"}
FUNCTIONS = (
    function(
        "REGEX_EXTRACT",
        "text: text, pattern: text",
        "text",
        extract,
        "The first part of the text that matches a regular expression; an error if none does.",
        ('REGEX_EXTRACT("Hello World", "W.*")', "World"),
        ('REGEX_EXTRACT("abc", "\\\\d+")', Fails("no_match")),
        **R,
    ),
    function(
        "REGEX_MATCH",
        "text: text, pattern: text",
        "bool",
        matches,
        "Whether a regular expression matches somewhere in the text.",
        ('REGEX_MATCH("Hello World", "Hello.World")', True),
        ('REGEX_MATCH("abc", "(?i)B")', True),
        **R,
    ),
    function(
        "REGEX_REPLACE",
        "text: text, pattern: text, replacement: text",
        "text",
        substituted,
        "Replaces all that matches a regular expression; $1 stands for its first group.",
        ('REGEX_REPLACE("Hello World", " W.*", "")', "Hello"),
        ('REGEX_REPLACE("2024-05", "(\\\\d+)-(\\\\d+)", "$2/$1")', "05/2024"),
        **R,
    ),
)
