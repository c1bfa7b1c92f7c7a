"""Requests and answers of imports; the import itself is `crm_core.contracts.imports`."""

from msgspec import UNSET, Struct, UnsetType

from crm_core.contracts.imports import ImportView, Target


class Preview(Struct, forbid_unknown_fields=True):
    """One target per column, and the field rows are matched by.

    Without `key` that is the primary field, if a column goes there; with `key` null every row is a new record.
    """

    mapping: list[Target]
    key: str | UnsetType | None = UNSET


class Imports(Struct):
    """The newest imports."""

    imports: list[ImportView]
