"""Answers about the parts of a table."""

from msgspec import Struct

from crm_core.contracts.catalogue import FieldView, View


class Fields(Struct):
    """A table's fields, in order."""

    fields: list[FieldView]


class Views(Struct):
    """A table's views that the caller may see, in order."""

    views: list[View]


class Star(Struct, forbid_unknown_fields=True):
    """Whether a view stands at the top of the caller's own list."""

    starred: bool
