"""An import as clients see it: where each column goes, how far it is, what each row would do."""

from typing import Any, Literal

import msgspec

Order = Literal["mdy", "dmy"]
DecimalSign = Literal[".", ","]
Outcome = Literal["create", "update", "unchanged", "conflict", "error"]
Status = Literal["read", "comparing", "compared", "applying", "applied", "undone", "cancelled", "failed"]


class _Target(msgspec.Struct, tag_field="to", forbid_unknown_fields=True, omit_defaults=True):
    pass


class _Reading(_Target):
    """How ambiguous cells are read: `order` of 3/4/2026, and the sign before decimals in 1.234."""

    order: Order | None = None
    decimal: DecimalSign | None = None


class ToField(_Reading, tag="field", kw_only=True):
    """Into a field of the table."""

    field: str


class ToNew(_Reading, tag="new", kw_only=True):
    """Into a field that the import makes."""

    name: str
    kind: str
    options: dict[str, Any] = {}


class ToRelated(_Reading, tag="related", kw_only=True):
    """Into a field of a record of another table that each row feeds and that is linked to the row's record."""

    table: str
    field: str


class Skip(_Target, tag="skip"):
    """Nowhere."""


Target = ToField | ToNew | ToRelated | Skip


class ImportColumn(msgspec.Struct):
    """A column of the file: its first different values, how many rows have nothing here, and where it may go."""

    index: int
    name: str
    samples: list[str]
    empty: int
    suggestion: Target
    notice: str = ""


class Progress(msgspec.Struct):
    """Rows worked on, of how many."""

    done: int = 0
    total: int = 0


class Counts(msgspec.Struct):
    """Rows of the file by outcome; a row counts as a conflict when any of its cells is one."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: int = 0
    errors: int = 0


class Problem(msgspec.Struct):
    """Why an import as a whole did not go on."""

    code: str
    detail: str
    hint: str = ""


class ImportView(msgspec.Struct):
    """One import: its file, mapping, state and counts."""

    id: str
    table: str
    filename: str
    status: Status
    progress: Progress
    dialect: dict[str, Any]
    notices: list[str]
    rows: int
    columns: list[ImportColumn]
    mapping: list[Target]
    key: str | None
    saved_mapping: bool
    counts: Counts
    version: int | None
    problem: Problem | None
    created_at: str
    created_by: str | None


class CellDiff(msgspec.Struct):
    """One cell before and after, in wire form; a select option or record that the import will make stands by name.

    Where `conflict` is true the import leaves `before` as it is, and `after` is only what the file says.
    """

    field: str
    before: Any
    after: Any
    conflict: bool


class RowProblem(msgspec.Struct):
    """What is wrong with a row: where and why."""

    line: int
    column: str | None
    reason: str


class RowView(msgspec.Struct):
    """What one row of the file would do."""

    line: int
    outcome: Outcome
    record: str | None
    name: str
    cells: list[CellDiff]
    errors: list[RowProblem]


class RowsView(msgspec.Struct):
    """A page of rows; `names` are the display names of records and people in their cells."""

    total: int
    rows: list[RowView]
    names: dict[str, str]
