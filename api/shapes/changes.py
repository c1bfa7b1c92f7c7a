"""Writing: what a change set, an undo and a whole state look like in a request, and what they answer."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from crm_core.contracts.catalogue import FieldView, View
from crm_core.contracts.change import ChangeView, Op, Who
from crm_core.services.fundraising import GivenState

NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""Text without control characters; tabs and new lines may stay."""

Version = Annotated[int, Meta(ge=0, le=2**53, description="A version of the state.")]


class Changes(Struct, forbid_unknown_fields=True):
    """Operations that apply together or not at all (docs/reference/http.md)."""

    ops: Annotated[list[Op], Meta(max_length=10_000)]
    base_version: Version | None = None
    reason: Annotated[str, Meta(max_length=1_000, pattern=NO_CONTROLS)] = ""
    create_options: bool = False


class Missed(Struct):
    """The change sets after a version; `reset` says to read everything again."""

    version: int
    changes: list[ChangeView]
    reset: bool


class HistoryItem(Struct):
    """One change of one record: its values before and after, by field id."""

    version: int
    at: str
    actor: Who | None
    source: str
    reason: str
    kind: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class History(Struct):
    """A record's changes, newest first."""

    items: list[HistoryItem]
    total: int
    names: dict[str, str]


class StateRecord(Struct):
    id: str
    cells: dict[str, Any]


class StateTable(Struct):
    fields: list[FieldView]
    views: list[View]
    records: list[StateRecord]


class StateBody(Struct):
    tables: dict[str, StateTable]
    extra: dict[str, Any]


class StateDocument(Struct):
    """The whole state at one version; empty cells are left out."""

    version: int
    updated_at: str
    updated_by: Who | None
    state: StateBody


class Manifest(Struct):
    """What a file holds: its format, when and by whom it was made, and how many records of each table."""

    format: str
    exported_at: str
    exported_by: str
    counts: dict[str, int]


class Export(StateDocument):
    """A state with its manifest."""

    manifest: Manifest


class ChoiceSum(Struct):
    """Investors with one option of a select (None: without any), and their money in major units."""

    name: str | None
    count: int
    check_size: float
    committed: float


class FundSum(Struct):
    """A fund's commitments: `soft` is soft circled, `hard` is committed, signed or funded; never added together."""

    id: str
    name: str
    commitments: int
    target: float | None
    soft: float
    hard: float


class Summary(Struct):
    """Counts and sums over live records."""

    version: int
    counts: dict[str, int]
    by_stage: list[ChoiceSum]
    by_list: list[ChoiceSum]
    by_fund: list[FundSum]


class WholeState(Struct):
    """A state to put in place of the current one, if that is still at `expected_version`."""

    expected_version: Version
    state: GivenState


class Saved(Struct):
    """Where the state is now."""

    version: int
    updated_at: str
    updated_by: Who | None
