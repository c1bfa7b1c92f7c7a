"""Functions of lists: lookups, multiple selects, linked records."""

import math
from typing import Any

from plugins.formulas.comparing import at_most, equal, less
from plugins.formulas.functions.declare import function
from plugins.formulas.functions.text import whole
from plugins.formulas.limits import check_items, check_length
from plugins.formulas.values import Value, decimal_number, flat, to_list, to_number, to_text


def compact(values: Value) -> Value:
    """Without blanks and empty texts."""
    return tuple(value for value in values if value is not None and value != "")


def flattened(values: Value) -> Value:
    """Lists in lists made one list, without what is empty."""
    return tuple(value for value in flat(values) if value is not None and value != "")


def joined(values: Value, separator: str = ", ") -> str:
    """The items as one text."""
    texts = [to_text(value) for value in flat(values)]
    check_length(sum(map(len, texts)) + len(separator) * max(0, len(texts) - 1))
    return separator.join(texts)


def part(values: Value, start: float, end: float | None = None) -> Value:
    """The items from a position to another, both included, from 1; negative ones count from the end."""
    count = len(values)
    first = whole(start)
    first = max(1, count + 1 + first if first < 0 else first)
    last = count if end is None else whole(end)
    last = count + 1 + last if last < 0 else last
    return values[first - 1 : max(first - 1, last)]


def unique(values: Value) -> Value:
    """Each item once, in the order of its first appearance."""
    seen: dict[Any, Value] = {}
    for value in values:
        seen.setdefault((type(value), value), value)
    return tuple(seen.values())


_OPERATORS = (">=", "<=", "<>", "!=", ">", "<", "=")


def meets(value: Value, criterion: Value) -> bool:
    """Whether an item meets a criterion: a value it equals, or a text such as ">5"."""
    if type(criterion) is str:
        operator = next((mark for mark in _OPERATORS if criterion.startswith(mark)), "")
        if operator:
            rest = criterion[len(operator) :].strip()
            number = decimal_number(rest)
            wanted: Value = rest if number is None else number
            if operator in ("<>", "!="):
                return not equal(value, wanted)
            if operator == "=":
                return equal(value, wanted)
            if value is None or value == "":
                return False
            return {">": less(wanted, value), "<": less(value, wanted), ">=": at_most(wanted, value)}.get(
                operator, at_most(value, wanted)
            )
    return equal(value, criterion)


def count_if(values: Value, criterion: Value) -> float:
    """COUNTIF."""
    return float(sum(1 for value in flat(values) if meets(value, criterion)))


def sum_if(values: Value, criterion: Value, added: Value = None) -> float:
    """SUMIF."""
    items = list(flat(values))
    amounts = items if added is None else list(flat(to_list(added)))
    return math.fsum(to_number(amount) for item, amount in zip(items, amounts, strict=False) if meets(item, criterion))


def mapped(values: Value, *_: Value) -> Value:
    """MAP and FILTER as the catalogue holds them; the evaluators run their expression for each item."""
    check_items(len(values))
    return values


A: Any = {"category": "array"}
_L = {"L": (1.0, 2.0, 3.0)}
FUNCTIONS = (
    function(
        "ARRAYCOMPACT",
        "values: list",
        "list",
        compact,
        "The list without empty items.",
        ("ARRAYCOMPACT({L})", (1.0, False, " "), {"L": (1.0, False, None, "", " ")}),
        **A,
    ),
    function(
        "ARRAYFLATTEN",
        "values: list",
        "list",
        flattened,
        "Lists in a list made one list.",
        ("ARRAYFLATTEN({L})", (1.0, 2.0, 3.0, False), {"L": ((1.0, 2.0, "", 3.0), (False,))}),
        **A,
    ),
    function(
        "ARRAYJOIN",
        "values: list, [separator: text]",
        "text",
        joined,
        "The items as one text, with a comma and a space between them if nothing else is given.",
        ('ARRAYJOIN({L}, "; ")', "1; 2; 3", _L),
        ("ARRAYJOIN({L})", "1, 2, 3", _L),
        **A,
    ),
    function(
        "ARRAYSLICE",
        "values: list, start: number, [end: number?]",
        "list",
        part,
        "The items from one position to another (from 1, both included; negative ones count from the end).",
        ("ARRAYSLICE({L}, 2, 3)", ("B", "C"), {"L": ("A", "B", "C", "D")}),
        ("ARRAYSLICE({L}, -2)", (2.0, 3.0), _L),
        **A,
    ),
    function(
        "ARRAYUNIQUE",
        "values: list",
        "list",
        unique,
        "Each item once.",
        ("ARRAYUNIQUE({L})", (1.0, 2.0, 3.0), {"L": (1.0, 2.0, 3.0, 3.0, 2.0, 1.0)}),
        **A,
    ),
    function(
        "COUNTIF",
        "values: list, criterion: any",
        "number",
        count_if,
        'How many items equal a value or meet a criterion such as ">5".',
        ('COUNTIF({L}, ">1")', 2, _L),
        ("COUNTIF({L}, 3)", 1, _L),
        **A,
    ),
    function(
        "FILTER",
        "values: list, name: any, condition: any",
        "list",
        mapped,
        "The items for which a condition holds; `name` stands for the item.",
        ("FILTER({L}, x, x > 1)", (2.0, 3.0), _L),
        **A,
    ),
    function(
        "MAP",
        "values: list, name: any, expression: any",
        "list",
        mapped,
        "The expression computed for every item; `name` stands for the item.",
        ("MAP({L}, x, x * 10)", (10.0, 20.0, 30.0), _L),
        **A,
    ),
    function(
        "SUMIF",
        "values: list, criterion: any, [amounts: any]",
        "number",
        sum_if,
        "The sum of the items that meet a criterion, or of the amounts beside them.",
        ('SUMIF({L}, ">1")', 5, _L),
        ('SUMIF({T}, "a", {L})', 4, {"T": ("a", "b", "a"), **_L}),
        **A,
    ),
)
