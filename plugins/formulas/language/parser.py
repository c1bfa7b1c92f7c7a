"""Tokens to tree: a Pratt parser written by hand, which goes on after an error and reports up to five."""

from typing import NamedTuple

from crm_core.contracts import FormulaError
from plugins.formulas.language.tokens import Token, field_name, text_value, tokenize
from plugins.formulas.language.tree import RANKS, Call, Chain, Minus, Missing, Name, Node, Number, Text
from plugins.formulas.limits import MAX_ARGUMENTS, MAX_CHARACTERS, MAX_DEPTH, MAX_ERRORS, MAX_TOKENS

_FOREIGN = {
    "==": ("=", "Equality is one ="), "===": ("=", "Equality is one ="), "!==": ("!=", "Inequality is !="),
    "<>": ("!=", "Inequality is !="), "≠": ("!=", "Inequality is !="), "=>": (">=", "Greater or equal is >="),
    "=<": ("<=", "Less or equal is <="), "≤": ("<=", "Less or equal is <="), "≥": (">=", "Greater or equal is >="),
    "×": ("*", "Multiplication is *"), "÷": ("/", "Division is /"), "−": ("-", "Minus is the hyphen -"),
    "&&": ("AND", "Write AND(a, b)"), "||": ("OR", "Write OR(a, b)"), "|": ("OR", "Write OR(a, b)"),
    "^": ("POWER", "Write POWER(base, power)"), "**": ("POWER", "Write POWER(base, power)"),
    "%": ("MOD", "Write MOD(value, divisor), or divide by 100 for a percentage"),
    "!": ("NOT", "Write NOT(expression)"), ";": (",", "Arguments are separated by commas"),
}  # fmt: skip
_WORDS = frozenset({"AND", "OR", "XOR", "NOT"})
_RANK_OF_FOREIGN = {"&&": 1, "||": 1, "|": 1, "^": 4, "**": 4, "%": 4}


class Parsed(NamedTuple):
    """The tree, and what is wrong with the text."""

    tree: Node
    errors: tuple[FormulaError, ...]


class _GivenUp(Exception):
    """Enough errors, or too deep to go on."""


def parse(text: str) -> Parsed:
    """The tree of a formula; with errors the tree has gaps and is good for nothing but completion."""
    if len(text) > MAX_CHARACTERS:
        return _too_much(
            f"The formula has {len(text):,} characters; at most {MAX_CHARACTERS:,} are allowed.", len(text)
        )
    tokens = tokenize(text)
    if len(tokens) > MAX_TOKENS:
        return _too_much(f"The formula has {len(tokens):,} parts; at most {MAX_TOKENS:,} are allowed.", len(text))
    parser = _Parser(tokens)
    try:
        tree = parser.whole()
    except _GivenUp:
        tree = Missing((0, len(text)))
    return Parsed(tree, tuple(sorted(parser.errors, key=lambda error: error.span or (0, 0))))


def _too_much(message: str, length: int) -> Parsed:
    return Parsed(Missing((0, length)), (FormulaError("limit", message, (0, length)),))


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0
        self.errors: list[FormulaError] = []

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def error(self, span: tuple[int, int], message: str, expected: str = "", found: str = "", *fix: str) -> None:
        if not any(error.span == span for error in self.errors):
            self.errors.append(FormulaError("syntax", message, span, expected, found, fix))
        if len(self.errors) >= MAX_ERRORS:
            raise _GivenUp

    def whole(self) -> Node:
        if self.token.kind == "end":
            self.error(self.token.span, "The formula is empty.", "a value")
            return Missing(self.token.span)
        if self.token.text in ("=", "=="):
            token = self.take()
            self.error(token.span, "A formula begins without =.", "a value", token.text, "")
        tree = self.expression(0)
        while self.token.kind != "end":
            token = self.token
            if token.text == ")":
                self.error(token.span, "This ) closes nothing.", "an operator or the end", ")", "")
                self.take()
            elif token.text == ",":
                self.error(token.span, "A comma stands only between the arguments of a function.", "an operator", ",")
                self.take()
            else:
                self.unjoined(token)
            if self.token.kind != "end":
                self.expression(0)
        return tree

    def unjoined(self, token: Token, *, listed: bool = False) -> None:
        """Two values side by side; among the arguments of a function a comma may be missing as well."""
        if token.kind in ("foreign", "curly", "open", "bad"):
            self.strange(token)
            self.take()
            return
        shown, word = token.text[:40], token.text.upper()
        if token.kind == "name" and word in _WORDS:
            message = f"{shown} is a function and does not stand between two values. Write {word}(a, b)."
            self.error(token.span, message, "an operator", shown, word)
        elif listed:
            self.error(token.span, f"A comma or an operator is missing before {shown}.", "an operator", shown, ",", "&")
        else:
            self.error(token.span, f"An operator is missing before {shown}.", "an operator", shown, "&")

    def expression(self, rank: int) -> Node:
        """An expression whose operators bind at least as tightly as `rank`."""
        start = self.token.start
        left = self.operand()
        while True:
            token = self.token
            operator = token.text
            if token.kind == "foreign" and operator != ";":
                found = self.foreign_rank(token)
                if found == 0 or found < rank:
                    return left
                self.strange(token)
                self.take()
                self.expression(found + 1)
                continue
            if token.kind != "op" or RANKS[operator] < rank:
                return left
            left = self.chain(left, RANKS[operator], start)

    @staticmethod
    def foreign_rank(token: Token) -> int:
        meant = _FOREIGN[token.text][0] if token.text in _FOREIGN else "="
        return _RANK_OF_FOREIGN.get(token.text, RANKS.get(meant, 0))

    def chain(self, first: Node, rank: int, start: int) -> Node:
        """All operators of one rank that follow, from the left; the span holds the brackets around operands."""
        operands, operators = [first], list[str]()
        while self.token.kind == "op" and RANKS[self.token.text] == rank:
            operators.append(self.take().text)
            operands.append(self.expression(rank + 1))
        return Chain(tuple(operands), tuple(operators), (start, self.tokens[self.at - 1].end))

    def operand(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.take()
            return self.number(token)
        if token.kind == "text":
            self.take()
            return Text(text_value(token.text), token.span)
        if token.kind == "field":
            self.take()
            if not token.text[1:-1].strip():
                self.error(token.span, "The name of a field is missing between { and }.", "a field", token.text[:40])
            return Name(field_name(token.text), True, token.span)
        if token.kind == "name":
            self.take()
            return self.call(token) if self.token.text == "(" else Name(token.text, False, token.span)
        if token.text in ("-", "−"):
            return self.minus(token)
        if token.text == "(":
            return self.group(token)
        return self.no_operand(token)

    def number(self, token: Token) -> Node:
        value = float(token.text)
        if value - value != 0.0:
            self.error(token.span, "This number is too large.", "a number below 1.8e308", token.text[:40])
        return Number(value, token.span)

    def minus(self, token: Token) -> Node:
        if token.kind == "foreign":
            self.strange(token)
        self.take()
        self.enter(token)
        operand = self.operand()
        self.depth -= 1
        return Minus(operand, (token.start, operand.span[1]))

    def group(self, token: Token) -> Node:
        self.take()
        self.enter(token)
        inner = self.expression(0)
        self.depth -= 1
        if self.token.text == ",":
            self.error(self.token.span, "A comma stands only between the arguments of a function.", ")", ",")
            self.skip()
        self.close(token)
        return inner

    def call(self, name: Token) -> Node:
        opener = self.take()
        self.enter(name)
        arguments: list[Node] = []
        if self.token.text != ")":
            while True:
                arguments.append(self.argument())
                if len(arguments) > MAX_ARGUMENTS:
                    self.errors.insert(
                        0, FormulaError("limit", f"{name.text} has over {MAX_ARGUMENTS:,} arguments.", name.span)
                    )
                    raise _GivenUp
                if self.token.text == ";":
                    self.strange(self.token)
                elif self.token.text != ",":
                    break
                self.take()
        self.depth -= 1
        end = self.close(opener)
        return Call(name.text.upper(), tuple(arguments), (name.start, end), name.span)

    def argument(self) -> Node:
        if self.token.text in (",", ")") and self.token.kind == "mark":
            self.error(self.token.span, "An argument is missing here.", "a value", self.token.text, "BLANK()")
            return Missing(self.token.span)
        found = self.expression(0)
        while self.token.kind != "end" and self.token.text not in (",", ")", ";"):
            self.unjoined(self.token, listed=True)
            if self.token.kind not in ("end", "mark"):
                self.expression(0)
            elif self.token.text == "(":
                self.operand()
        return found

    def enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = f"The formula is nested more than {MAX_DEPTH} levels deep here."
            self.errors.insert(0, FormulaError("limit", message, token.span))
            raise _GivenUp

    def close(self, opener: Token) -> int:
        """Take the closing bracket; where it is missing, the error spans from the opening one to the end."""
        token = self.token
        if token.kind == "mark" and token.text == ")":
            return self.take().end
        if token.kind == "end":
            self.error(
                (opener.start, token.end), "This ( is never closed; a ) is missing at the end.", ")", "the end", ")"
            )
            return token.end
        self.unjoined(token)
        self.skip()
        return self.close(opener)

    def skip(self) -> None:
        """Go on to the next bracket that closes, past what lies between."""
        level = 0
        while self.token.kind != "end":
            if self.token.text == "(":
                level += 1
            elif self.token.text == ")":
                if level == 0:
                    return
                level -= 1
            self.take()

    def no_operand(self, token: Token) -> Node:
        """Something that is no value stands where one should."""
        if token.kind == "end":
            last = self.tokens[self.at - 1] if self.at else token
            self.error(
                (last.start, token.end) if last.kind == "op" else token.span,
                f"A value is missing after {last.text}." if last.kind == "op" else "A value is missing at the end.",
                "a value",
                "the end",
            )
            return Missing(token.span)
        if token.kind in ("foreign", "curly", "open", "bad"):
            self.strange(token)
            self.take()
            if token.kind == "foreign" and self.token.kind not in ("end", "mark", "op"):
                return self.operand()
            return Missing(token.span)
        self.error(token.span, f"A value is missing before {token.text}.", "a value", token.text)
        if token.kind == "op":
            self.take()
            return self.operand() if self.token.kind != "end" else Missing(token.span)
        return Missing(token.span)

    def strange(self, token: Token) -> None:
        """What other languages write and this one does not."""
        if token.kind == "foreign":
            meant, why = _FOREIGN.get(token.text, ("=", "Equality is one ="))
            self.error(token.span, f"{token.text} is no operator here. {why}.", meant, token.text, meant)
        elif token.kind == "curly":
            plain = f'"{token.text[1:-1]}"'
            self.error(token.span, "Texts stand in straight quotation marks, \" or '.", plain, token.text[:40], plain)
        elif token.kind == "open":
            what = "field name is" if token.text[0] == "{" else "text is"
            close = "}" if token.text[0] == "{" else token.text[0]
            self.error(token.span, f"This {what} never closed; a {close} is missing.", close, "the end", close)
        else:
            self.error(token.span, f"{token.text} means nothing here.", "a value or an operator", token.text, "")
