"""Tables, fields and views as clients see them (docs/reference/http.md, "Reading")."""

from typing import Any

import msgspec

from crm_core.contracts.query import Filter, Sort


class FieldView(msgspec.Struct):
    """A field; `options` are its kind's, with public ids."""

    id: str
    table: str
    key: str | None
    name: str
    kind: str
    description: str
    options: dict[str, Any]
    position: float
    primary: bool
    builtin: bool
    read_only: bool
    archived_at: str | None


class ColorRule(msgspec.Struct):
    """Records that pass the filter get the colour; the first rule that fits wins."""

    filter: Filter
    color: str


class RowColor(msgspec.Struct, omit_defaults=True):
    """How records are coloured: by the option of a single select, or by conditions."""

    field: str | None = None
    rules: list[ColorRule] = []


class ViewConfig(msgspec.Struct):
    """What a view remembers; fields by public id, widths and row height in pixels.

    `totals` are the footer's aggregates. `stack` and `hide_empty` (kanban), `date`, `end` and `scale` (calendar),
    `cover` and `cover_fit` (what a card shows on top: kanban and gallery) belong to their kinds of view; a kind ignores
    what is not its own.
    """

    filter: Filter | None = None
    sorts: list[Sort] = []
    groups: list[Sort] = []
    hidden: list[str] = []
    order: list[str] = []
    widths: dict[str, int] = {}
    frozen: int = 1
    row_height: int = 32
    color: RowColor | None = None
    totals: dict[str, str] = {}
    stack: str | None = None
    hide_empty: bool = False
    date: str | None = None
    end: str | None = None
    scale: str = "month"
    cover: str | None = None
    cover_fit: str = "crop"


class View(msgspec.Struct):
    """A saved way to look at a table; `owner` is None for a view shared with the team, `created_by` is who made it.

    `starred` is the reader's own mark; `section` the named group of the list it stands in, "" for none.
    """

    id: str
    table: str
    name: str
    description: str
    section: str
    kind: str
    owner: str | None
    created_by: str | None
    locked: bool
    starred: bool
    position: float
    config: ViewConfig
    deleted_at: str | None


class TableView(msgspec.Struct):
    """A table; one that is not `builtin` was made by the team, who may delete it."""

    id: str
    key: str
    name: str
    name_one: str
    builtin: bool
    position: float
    primary_field: str
    fields: list[FieldView]
    views: list[View]


class DeletedTable(msgspec.Struct):
    """A table in the trash; `restore_table` brings it back with its records."""

    id: str
    name: str
    deleted_at: str


class Catalogue(msgspec.Struct):
    """Everything the grid needs to start, as of one version."""

    version: int
    schema_version: int
    tables: list[TableView]
    deleted: list[DeletedTable]
