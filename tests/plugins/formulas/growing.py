"""Formulas and records grown at random: mostly of fitting types, so that they run, and now and then not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from crm_core.contracts import FormulaError, FormulaFunction, Kind
from plugins.formulas.functions.catalogue import bundled
from tests.plugins.formulas.formulary import TYPES

WORDS = (
    "", "a", "b", "A", " x ", "0", "12", "-3.5", "1e3", "$1,000.50", "50%", "2024-02-29", "07/10/19", "4 Mar 2017 7:00",
    "days", "month", "H", "m", "Monday", "Europe/Berlin", "de", "es", "YYYY-MM-DD", "dddd D MMMM", "h:mm a Z", "L",
    "LLLL",    "ß", "İstanbul", "naïve e\u0301", "😀x", "\u00a0nb\u00a0", "a,b, c", "(\\d+)", "^a*$", "[a-z]",
    "x\0y", "ΑΣ ΟΔΟΣ Σ", '{"a": [1, 2]}',
)  # fmt: skip
NUMBERS = (
    0.0, 1.0, -1.0, 2.0, 0.5, -2.5, 1.005, 65.115, 100.0, 3.0, 1e15, 1e16, 2.0**52 + 1, 1e21, 1e-7, 1e300, -7.25, 0.1,
)  # fmt: skip
KINDS = ("number", "text", "bool", "date", "list", "any")
_FIELDS = {"number": "NMQ", "text": "TU", "bool": "B", "date": "DES", "list": "LG", "any": "A"}
_PARAMETER = {Kind.NUMBER: "number", Kind.TEXT: "text", Kind.BOOL: "bool", Kind.DATE: "date", Kind.DATETIME: "date"}
_SKIP = frozenset({"MAP", "FILTER", "LET", "LAST_MODIFIED_TIME"})
FUNCTIONS = {one.name: one for one in bundled() if one.name not in _SKIP}
_GIVES: dict[str, list[str]] = {kind: [] for kind in KINDS}
for _one in FUNCTIONS.values():
    assert _one.gives is not None
    _GIVES[
        {Kind.LIST: "list", Kind.ANY: "any", Kind.BLANK: "any"}.get(_one.gives.kind) or _PARAMETER[_one.gives.kind]
    ].append(_one.name)


def quoted(text: str) -> str:
    """A text as a formula writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def leaf(kind: str) -> st.SearchStrategy[str]:
    """A field or a literal of a kind."""
    fields = st.sampled_from([f"{{{name}}}" for name in _FIELDS[kind]])
    if kind == "number":
        return fields | st.sampled_from(NUMBERS).map(lambda number: repr(number).lstrip("-"))
    if kind in ("text", "date"):
        return fields | st.sampled_from(WORDS).map(quoted)
    return fields | st.sampled_from(["BLANK()", "TRUE()"]) if kind in ("any", "bool") else fields


@st.composite
def formulas(draw: st.DrawFn, kind: str = "", depth: int = 3) -> str:
    """A formula whose result is probably of a kind."""
    kind = kind or draw(st.sampled_from(KINDS))
    if draw(st.integers(0, 24)) == 0:
        kind = draw(st.sampled_from(KINDS))
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return draw(leaf(kind))

    def inner(wanted: str) -> str:
        return draw(formulas(wanted, depth - 1))

    shape = draw(st.integers(0, 9))
    if shape == 0:
        return f"IF({inner('any')}, {inner(kind)}, {inner(kind)})"
    if shape == 1 and kind in ("number", "any"):
        signs = draw(st.lists(st.sampled_from([" + ", " - ", " * ", " / "]), min_size=1, max_size=3))
        return "(" + inner("number") + "".join(sign + inner("number") for sign in signs) + ")"
    if shape == 1 and kind == "text":
        return "(" + " & ".join(inner(draw(st.sampled_from(KINDS))) for _ in range(draw(st.integers(2, 4)))) + ")"
    if shape <= 2 and kind == "bool":
        same = draw(st.sampled_from(KINDS))
        other = same if draw(st.integers(0, 3)) else draw(st.sampled_from(KINDS))
        return f"({inner(same)} {draw(st.sampled_from(['=', '!=', '<', '<=', '>', '>=']))} {inner(other)})"
    if shape == 2:
        return f"{draw(st.sampled_from(['IFERROR', 'COALESCE']))}({inner(kind)}, {inner(kind)})"
    if shape == 3:
        return f"LET(v, {inner(draw(st.sampled_from(KINDS)))}, IF(v, {inner(kind)}, {inner(kind)}))"
    if shape == 4 and kind == "list":
        body = draw(st.sampled_from(["v & {T}", "v = {N}", "v", "LEN(v)", "v * {M}"]))
        return f"{draw(st.sampled_from(['MAP', 'FILTER']))}({inner('list')}, v, {body})"
    if shape == 5 and kind == "number":
        return f"-{inner('number')}"
    return _called(draw, FUNCTIONS[draw(st.sampled_from(_GIVES[kind] or _GIVES["any"]))], inner)


def _called(draw: st.DrawFn, function: FormulaFunction, inner: Any) -> str:
    arguments = []
    for parameter in function.takes or ():
        if parameter.optional and draw(st.booleans()):
            break
        for _ in range(draw(st.integers(1, 2)) if parameter.variadic else 1):
            item = parameter.type.item.kind if parameter.type.item else None
            wanted = {Kind.LIST: "list", Kind.ANY: "any"}.get(parameter.type.kind) or _PARAMETER[parameter.type.kind]
            if item is not None:
                wanted = draw(st.sampled_from(["number", "number", "list", "date" if item is Kind.DATE else "number"]))
            if wanted == "any":
                wanted = draw(st.sampled_from(KINDS))
            arguments.append(inner(wanted))
    if function.name in ("DATEADD", "DATETIME_DIFF", "IS_SAME") and len(arguments) == 3 and draw(st.integers(0, 4)):
        arguments[2] = quoted(draw(st.sampled_from(["days", "month", "years", "hours", "weeks", "Q", "minutes"])))
    if function.name in ("IFS", "SWITCH") and len(arguments) < 3:
        arguments.append("1")
    return f"{function.name}({', '.join(arguments)})"


numbers = st.sampled_from([*NUMBERS, None]) | st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
texts = st.sampled_from([*WORDS, None]) | st.text(max_size=6)
days = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.dates(date(2020, 1, 1), date(2025, 12, 31))
moments = st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(  # noqa: DTZ001 - made aware next
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
)
items = numbers | texts | st.booleans()
lists = st.none() | st.lists(items | st.lists(items, max_size=2).map(tuple), max_size=4).map(tuple)
errors = st.sampled_from([FormulaError("divide_by_zero", "bad", shown="Infinity"), FormulaError("error", "worse")])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "N": numbers, "M": numbers, "T": texts, "U": texts, "B": st.sampled_from([True, None]), "D": days, "E": days,
    "S": moments, "L": lists, "G": st.lists(texts.filter(bool), max_size=3).map(tuple) | st.none(),
    "A": items | lists | days | moments | errors, "Q": numbers | errors,
}  # fmt: skip
records = st.fixed_dictionaries(VALUES)
assert set(VALUES) == set(TYPES)
