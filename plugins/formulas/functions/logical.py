"""Functions of truth. Those that take one branch only (IF, SWITCH, AND, OR …) are bound in language/special.py;
what stands here as their call says what they give when every argument is known."""

from typing import Any

from plugins.formulas.comparing import equal
from plugins.formulas.functions.declare import Fails, function
from plugins.formulas.values import RunError, Value, all_true, any_true, flat, truthy


def choose(condition: Value, yes: Value, no: Value = None) -> Value:
    """IF."""
    return yes if truthy(condition) else no


def first_true(*arguments: Value) -> Value:
    """IFS."""
    for at in range(0, len(arguments) - 1, 2):
        if truthy(arguments[at]):
            return arguments[at + 1]
    return arguments[-1] if len(arguments) % 2 else None


def switch(subject: Value, *rest: Value) -> Value:
    """SWITCH."""
    for at in range(0, len(rest) - 1, 2):
        if equal(subject, rest[at]):
            return rest[at + 1]
    return rest[-1] if len(rest) % 2 else None


def first_filled(*values: Value) -> Value:
    """COALESCE."""
    return next((value for value in values if value is not None and value != ""), None)


def fail() -> Value:
    """ERROR."""
    raise RunError("error", "ERROR() was called.")


def is_blank(value: Value) -> bool:
    """ISBLANK."""
    return value is None or value == "" or value == ()


def let(*arguments: Value) -> Value:
    """LET."""
    return arguments[-1]


L: Any = {"category": "logical"}
FUNCTIONS = (
    function(
        "AND",
        "expression: any, more: any*",
        "bool",
        lambda *values: all(map(all_true, values)),
        'Whether all are true, of a list all of its values; blank, 0, "" and the empty list are false.',
        ('AND(1 < 2, "0")', True),
        ("AND({N}, 1)", False, {"N": None}),
        ("AND({L})", False, {"L": (1.0, 0.0)}),
        **L,
    ),
    function(
        "BLANK",
        "",
        "blank",
        lambda: None,
        'The blank value. It equals 0 and "".',
        ("BLANK()", None),
        ("BLANK() = 0", True),
        **L,
    ),
    function(
        "COALESCE",
        "value: any, values: any*",
        "any",
        first_filled,
        "The first value that is not empty.",
        ('COALESCE({A}, "", "none")', "none", {"A": None}),
        ("COALESCE({A}, 0)", 5, {"A": 5.0}),
        **L,
    ),
    function("ERROR", "", "any", fail, "An error.", ("ERROR()", Fails("error")), ("ISERROR(ERROR())", True), **L),
    function("FALSE", "", "bool", lambda: False, "False, which shows as 0.", ("FALSE()", False), **L),
    function(
        "IF",
        "expression: any, if_true: any, [if_false: any]",
        "any",
        choose,
        "One value if the expression is true, else the other (blank if none is given). Only the one taken is computed.",
        ('IF({Price} > 100, "large", "small")', "large", {"Price": 101.0}),
        ("IF(0, 1)", None),
        ("IF(1, 2, 1/0)", 2),
        **L,
    ),
    function(
        "IFERROR",
        "value: any, otherwise: any",
        "any",
        let,
        "The value, or another one if it is an error.",
        ("IFERROR(1/0, 0)", 0),
        ("IFERROR(2, 0)", 2),
        **L,
    ),
    function(
        "IFS",
        "condition: any, result: any, more: any*",
        "any",
        first_true,
        "The result of the first condition that is true; a last one without a condition is the default.",
        ('IFS({N} > 9, "A", {N} > 5, "B", "C")', "B", {"N": 6.0}),
        **L,
    ),
    function(
        "ISBLANK",
        "value: any",
        "bool",
        is_blank,
        "Whether a value is empty; unlike = BLANK(), 0 is not.",
        ("ISBLANK({A})", True, {"A": None}),
        ("ISBLANK(0)", False),
        **L,
    ),
    function(
        "ISERROR",
        "expression: any",
        "bool",
        lambda value: False,
        "Whether the expression ends in an error: #ERROR!, NaN or Infinity.",
        ("ISERROR(2/0)", True),
        ("ISERROR(2)", False),
        **L,
    ),
    function(
        "LET",
        "name: any, value: any, expression: any, more: any*",
        "any",
        let,
        "Gives a value a name that the rest of the expression can use; several pairs are possible.",
        ("LET(x, 2 + 3, x * x)", 25),
        ("LET(a, 1, b, a + 1, a + b)", 3),
        **L,
    ),
    function(
        "NOT",
        "expression: any",
        "bool",
        lambda value: not truthy(value),
        "True for false, and the other way round.",
        ("NOT(1 = 2)", True),
        ('NOT("0")', False),
        **L,
    ),
    function(
        "OR",
        "expression: any, more: any*",
        "bool",
        lambda *values: any(map(any_true, values)),
        "Whether one of them is true, of a list one of its values.",
        ("OR(1 > 2, 2 > 1)", True),
        ('OR(0, "")', False),
        ("OR({L})", True, {"L": (0.0, 1.0)}),
        **L,
    ),
    function(
        "SWITCH",
        "expression: any, pattern: any, result: any, more: any*",
        "any",
        switch,
        "The result behind the first pattern that equals the expression; a last one without a pattern is the default.",
        ('SWITCH("b", "a", 1, "b", 2, 3)', 2),
        ('SWITCH("x", "a", 1)', None),
        **L,
    ),
    function("TRUE", "", "bool", lambda: True, "True, which shows as 1.", ("TRUE() + TRUE()", 2), **L),
    function(
        "XOR",
        "expression: any, more: any*",
        "bool",
        lambda *values: sum(map(truthy, flat(values))) % 2 == 1,
        "Whether an odd number of them is true; of a list its values count.",
        ("XOR(TRUE(), FALSE(), TRUE())", False),
        ("XOR(1, 0)", True),
        ("XOR({L})", False, {"L": (1.0, 1.0)}),
        **L,
    ),
)
