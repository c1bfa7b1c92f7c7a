"""Field kinds: a new kind is one class in a file of this folder and one line here.

Its filter operators follow from its `family` (`crm_core/storage/queries/operators.py`), its cell and editor live in
`web/src/grid/kinds/`.
"""

from crm_core.errors import Invalid
from crm_core.kinds.attachments import Attachment
from crm_core.kinds.base import CellError, Choice, FieldDef, Kind
from crm_core.kinds.choices import MultiSelect, SingleSelect
from crm_core.kinds.computed import Count, Formula, Lookup, Rollup
from crm_core.kinds.dates import CreatedTime, Date, DateTime, ModifiedTime
from crm_core.kinds.numbers import Checkbox, Currency, Duration, Number, Percent, Rating
from crm_core.kinds.relations import AutoNumber, CreatedBy, Link, ModifiedBy, User
from crm_core.kinds.text import Email, LongText, Phone, Text, Url

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Text(), LongText(), Email(), Phone(), Url(),
        Number(), Currency(), Percent(), Rating(), Duration(), Checkbox(),
        SingleSelect(), MultiSelect(),
        Date(), DateTime(), CreatedTime(), ModifiedTime(),
        User(), CreatedBy(), ModifiedBy(), AutoNumber(), Link(), Attachment(),
        Formula(), Lookup(), Rollup(), Count(),
    )
}  # fmt: skip


def kind_named(name: str) -> Kind:
    """The kind of that name; Invalid (`unknown_kind`) when there is none."""
    kind = KINDS.get(name)
    if kind is None:
        raise Invalid("unknown_kind", f"There is no field kind {name!r}.", f"Kinds are: {', '.join(KINDS)}.")
    return kind


__all__ = ["KINDS", "CellError", "Choice", "FieldDef", "Kind", "kind_named"]
