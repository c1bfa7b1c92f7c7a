"""Kinds whose cells the CRM computes: formula, lookup, rollup, count. They look, sort and filter like another kind.

Such a field has two columns: its own holds the value in the stored form of the kind it is shown as, and the one beside
it (`FieldDef.extra`) holds what that cannot: `{"error": …}` for a cell in error, `{"v": …}` for the items of a list
(stored forms of the field looked up), or for a value whose type the field does not fix.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import msgspec

from crm_core.errors import Invalid
from crm_core.kinds.base import FieldDef, Kind, refuse_unknown
from crm_core.kinds.dates import Date, DateTime
from crm_core.kinds.numbers import Checkbox, Currency, Duration, Number, Percent, Rating
from crm_core.kinds.text import Email, LongText, Phone, Text, Url

_NUMBERS = {kind.name: kind for kind in (Number(), Currency(), Percent(), Duration(), Rating(), Checkbox())}
_DATES = {kind.name: kind for kind in (Date(), DateTime())}
_TEXTS = {kind.name: kind for kind in (Text(), LongText(), Email(), Phone(), Url())}
FORMATS: Mapping[str, Mapping[str, Kind]] = {
    "number": _NUMBERS,
    "boolean": _NUMBERS,
    "date": {"date": _DATES["date"], "date_time": _DATES["date_time"]},
    "dateTime": {"date_time": _DATES["date_time"], "date": _DATES["date"]},
}
"""The kinds that can show a result of that type, the usual one first; results of other types are text."""

ANSWERED = ("result", "many", "reads", "clock", "error", "warnings", "calculating")
"""Options that are only answered; sent back they are passed over."""

_BY_NAME: Mapping[str, Kind] = {**_NUMBERS, **_DATES, **_TEXTS}
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def formats_of(type_: str) -> Mapping[str, Kind]:
    """The kinds that can show results of a type of the formula language, the usual one first."""
    return FORMATS.get(type_, _TEXTS)


def check_format(type_: str, given: Any, before: Any) -> dict[str, Any]:
    """The complete `format` option for results of that type; Invalid when it names a kind that cannot show them.

    A format that no longer fits because the formula changed (`given` is `before`) gives way to the usual one.
    """
    fitting = formats_of(type_)
    usual = next(iter(fitting))
    if given is None or (given == before and given.get("kind") not in fitting):
        return {"kind": usual, **fitting[usual].check_options({}, {})}
    if not isinstance(given, Mapping) or given.get("kind") not in fitting:
        raise Invalid(
            "bad_field_options",
            f"The result ({type_}) cannot be shown as {str(given)[:60]}.",
            f"Its format's kind is one of: {', '.join(fitting)}.",
        )
    options = {name: value for name, value in given.items() if name != "kind"}
    old = before if isinstance(before, Mapping) and before.get("kind") == given["kind"] else {}
    kind = fitting[given["kind"]]
    return {"kind": kind.name, **kind.check_options(options, {} if kind.name == "currency" else old)}


class Computed(Kind):
    """A computed field's kind, shown as `shown`; `item` is the field whose values a list holds."""

    read_only = True
    computed: ClassVar[bool] = True
    names: ClassVar[tuple[str, ...]] = ()
    """The options a client may send."""

    def __init__(self, shown: Kind | None = None, item: FieldDef | None = None) -> None:
        self._shown, self.item = shown or _TEXTS["text"], item
        self.family, self.sql_type = self._shown.family, self._shown.sql_type

    @property
    def shown(self) -> Kind:
        return self._shown

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(
            self.name, given, (*self.names, "result", "many", "reads", "clock", "error", "warnings", "calculating")
        )
        return {name: given[name] if name in given else before.get(name) for name in self.names}

    def read(self, value: object, field: FieldDef, zone: str) -> Any:
        """The value of a filter's condition; cells themselves are never given."""
        return self._shown.read(value, field, zone)

    def wire(self, stored: Any, field: FieldDef) -> Any:
        return self._shown.wire(stored, field)

    def wire_column(self, column: Sequence[Any], field: FieldDef) -> Sequence[Any]:
        return self._shown.wire_column(column, field)

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        return self._shown.text(stored, field, zone)

    def wire_cells(self, column: Sequence[Any], extras: Sequence[Any], field: FieldDef) -> Sequence[Any]:
        """Cells in wire form from both columns: lists as lists, errors as `{"error": …}`."""
        cells = self._shown.wire_column(column, field)
        if not any(extras):
            return cells
        result = list(cells)
        for place, extra in enumerate(extras):
            if extra is not None:
                result[place] = self._extra(extra, result[place])
        return result

    def _extra(self, extra: str, shown: Any) -> Any:
        beside, item = held(extra), self.item
        if "error" in beside:
            return beside
        return shown if item is None else [None if one is None else item.kind.wire(one, item) for one in beside["v"]]


class Formula(Computed):
    name = "formula"
    names = ("formula", "format")


class Lookup(Computed):
    name = "lookup"
    names = ("link", "field", "filter")


class Rollup(Computed):
    name = "rollup"
    names = ("link", "field", "formula", "filter", "format")


class Count(Computed):
    name = "count"
    names = ("link", "filter")


def resolved(field: FieldDef, fields: Mapping[int, FieldDef], path: tuple[int, ...] = ()) -> FieldDef:
    """A computed field with the kind it is shown as, and that kind's options beside its own."""
    given = field.options
    shown: Kind
    options: Mapping[str, Any]
    item: FieldDef | None = None
    if field.kind.name == "count":
        shown, options = _NUMBERS["number"], {"precision": 0, "thousands": True}
    elif field.kind.name == "lookup":
        shown, options, item = _looked_up(field, fields, path)
    else:
        format_ = given.get("format") or {"kind": "text"}
        shown = _BY_NAME[format_["kind"]]
        options = {name: value for name, value in format_.items() if name != "kind"}
    return replace(field, kind=type(field.kind)(shown, item), options={**options, **given})  # type: ignore[call-arg]


def _looked_up(
    field: FieldDef, fields: Mapping[int, FieldDef], path: tuple[int, ...]
) -> tuple[Kind, Mapping[str, Any], FieldDef | None]:
    """What a lookup shows: the field at the end of a chain of lookups; of a link to many, a text of all items."""
    text = _TEXTS["text"]
    link, target = fields.get(field.options["link"]), fields.get(field.options["field"])
    if link is None or target is None or field.id in path:
        return text, {}, None
    if target.kind.computed:
        target = resolved(target, fields, (*path, field.id))
    many = is_many(link)
    if isinstance(target.kind, Computed) and target.kind.item is not None:
        many, target = True, target.kind.item
    if target.kind.name == "link":
        many, target = many or is_many(target), replace(target, kind=text, options={})
    if many:
        return text, {"many": True}, target
    shown = target.kind.shown
    return shown, {name: value for name, value in target.options.items() if name not in _OWN}, None


_OWN = frozenset(("formula", "link", "field", "filter", "many"))


def is_many(link: FieldDef) -> bool:
    """Whether a record can be linked to several others by this field."""
    return bool(link.options.get("inverse_of")) or bool(link.options.get("many", True))


def held(extra: str) -> dict[str, Any]:
    """What the column beside a computed field's holds: `error`, or `v`."""
    return _decode(extra)


def error_text(error: Mapping[str, Any]) -> str:
    """What the column beside a computed field's holds for a cell in error."""
    return msgspec.json.encode({"error": error}).decode()


def list_text(items: Any) -> str:
    """What the column beside a computed field's holds for the items of a list, or a value of no fixed type."""
    return msgspec.json.encode({"v": items}).decode()


def error_texts(extras: Sequence[str | None]) -> dict[int, str]:
    """What the cells in error show, by their place in the column."""
    return {
        place: str(held(extra)["error"]["shown"])
        for place, extra in enumerate(extras)
        if extra is not None and extra.startswith('{"error"')
    }
