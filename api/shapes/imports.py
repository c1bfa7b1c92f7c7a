"""Requests and answers of imports; the import itself is `crm_core.contracts.imports`."""

from msgspec import Struct

from crm_core.contracts.imports import ImportView, Target


class Preview(Struct, forbid_unknown_fields=True):
    """One target per column, and the field rows are matched by (default: the primary field, if a column goes there)."""

    mapping: list[Target]
    key: str | None = None


class Imports(Struct):
    """The newest imports."""

    imports: list[ImportView]
