"""What can be asked of a table: filter tree, sorts, search, window, groups, aggregates (docs/reference/http.md)."""

from typing import Annotated, Any

import msgspec

MAX_LIMIT = 5_000
MAX_DEPTH = 3


class Filter(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, rename={"all_of": "and", "any_of": "or"}):
    """A group (`and` or `or`) or a condition (`field`, `op`, `value`)."""

    all_of: list["Filter"] | None = None
    any_of: list["Filter"] | None = None
    field: str | None = None
    op: str | None = None
    value: Any = None


class Sort(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Order by a field; empty cells come last either way."""

    field: str
    desc: bool = False


class AsOf(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An earlier state, by one of the two: a version, or a moment (a date means the end of that day)."""

    version: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None
    moment: Annotated[str, msgspec.Meta(max_length=40, examples=["2026-11-01"])] | None = None


class Query(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A window of a table's records. `after` continues a page by its `next` token and wins over `offset`.

    Records of one group stand together, before all `sorts`; [] means none where the view has groups.
    """

    view: str | None = None
    filter: Filter | None = None
    groups: list[Sort] | None = None
    sorts: list[Sort] | None = None
    search: str = ""
    fields: list[str] | None = None
    deleted: bool = False
    offset: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    limit: Annotated[int, msgspec.Meta(ge=0, le=MAX_LIMIT)] = 100
    after: str | None = None
    as_of: AsOf | None = None


class FindQuery(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Which rows of a window hold a text, without leaving out the others; the text is looked for in `fields`.

    With `record` the row of that record, if it is among them, whatever it holds.
    """

    search: str = ""
    record: str | None = None
    view: str | None = None
    filter: Filter | None = None
    groups: list[Sort] | None = None
    sorts: list[Sort] | None = None
    fields: list[str] | None = None
    as_of: AsOf | None = None


class Matches(msgspec.Struct):
    """Where the rows that hold the text (or the record) stand, ascending from 0, and how many there are in all."""

    version: int
    total: int
    rows: list[int]


class Window(msgspec.Struct):
    """The answer to a Query: one list of wire values per field, all as long as `ids`."""

    version: int
    total: int
    offset: int
    fields: list[str]
    ids: list[str]
    columns: list[Any]
    names: dict[str, str]
    next: str | None


class AggregateQuery(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Footer and group values: `aggregates` maps a field to a function."""

    view: str | None = None
    filter: Filter | None = None
    search: str = ""
    groups: list[Sort] = []
    aggregates: dict[str, str] = {}
    as_of: AsOf | None = None


class Record(msgspec.Struct):
    """One record with all its cells in wire form, by field id."""

    version: int
    id: str
    table: str
    cells: dict[str, Any]
    names: dict[str, str]
    created_at: str
    created_by: str | None
    updated_at: str
    updated_by: str | None
    deleted_at: str | None


class Group(msgspec.Struct):
    """One group: its key (one wire value per group level), how many records, and their aggregates."""

    key: list[Any]
    count: int
    totals: dict[str, Any]


class Aggregates(msgspec.Struct):
    version: int
    total: int
    totals: dict[str, Any]
    groups: list[Group]
    names: dict[str, str]
