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


class ViewConfig(msgspec.Struct):
    """What a view remembers; fields by public id, widths and row height in pixels."""

    filter: Filter | None = None
    sorts: list[Sort] = []
    groups: list[Sort] = []
    hidden: list[str] = []
    order: list[str] = []
    widths: dict[str, int] = {}
    frozen: int = 1
    row_height: int = 32


class View(msgspec.Struct):
    """A saved way to look at a table; `owner` is None for a view shared with the team."""

    id: str
    table: str
    name: str
    kind: str
    owner: str | None
    locked: bool
    position: float
    config: ViewConfig
    deleted_at: str | None


class TableView(msgspec.Struct):
    id: str
    key: str
    name: str
    name_one: str
    position: float
    primary_field: str
    fields: list[FieldView]
    views: list[View]


class Catalogue(msgspec.Struct):
    """Everything the grid needs to start, as of one version."""

    version: int
    schema_version: int
    tables: list[TableView]
