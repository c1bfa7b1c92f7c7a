"""Text to tokens: one pass of one regular expression of our own; what no formula may hold becomes a token too."""

import re
from typing import NamedTuple

_PATTERN = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*)
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<field>\{(?:[^{}\\]|\\.)*\})
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<curly>[“”„‘’«»](?:[^“”„‘’«»]*)[“”‘’«»])
    | (?P<foreign>==+|!==|<>|&&|\|\||\*\*|=>|=<|!(?!=)|[;^%|≠≤≥×÷−])
    | (?P<op>!=|<=|>=|[-+*/&=<>])
    | (?P<mark>[(),])
    | (?P<open>["'{“”„‘’«»].*)
    | (?P<bad>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """A piece of a formula: number, name, field, text, op, mark, or what is wrong (foreign, curly, open, bad); end."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return (self.start, self.end)


def tokenize(text: str) -> list[Token]:
    """Every token but spaces and comments, and one `end` token at the end."""
    found = [
        Token(match.lastgroup or "bad", match[0], match.start(), match.end())
        for match in _PATTERN.finditer(text)
        if match.lastgroup != "space"
    ]
    found.append(Token("end", "", len(text), len(text)))
    return found


def text_value(token: str) -> str:
    """What a text in quotation marks says; an unknown escape stays as it is written."""
    inner = token[1:-1]
    if "\\" not in inner:
        return inner
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[0]), inner)


def field_name(token: str) -> str:
    """The field that {…} names."""
    inner = token[1:-1]
    return _ESCAPE.sub(lambda match: match[1], inner) if "\\" in inner else inner


def quote_text(text: str) -> str:
    """A text as a formula writes it."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def quote_field(name: str) -> str:
    """A field as a formula names it."""
    for mark in "\\{}":
        name = name.replace(mark, "\\" + mark)
    return f"{{{name}}}"
