"""Duplicates as clients see them: who may be the same and why, what a merge would give, and what was merged."""

from typing import Any, Literal

import msgspec

from crm_core.contracts.change import Applied, Who

ReasonKind = Literal["email", "page", "website", "domain", "name", "words", "form", "core", "similar"]


class Reason(msgspec.Struct):
    """Why records may be the same: what kind of likeness, in words, and the value they share, if any."""

    kind: ReasonKind
    text: str
    value: str | None = None


class Candidate(msgspec.Struct):
    """A record that may be a duplicate; `details` are its e-mail and web addresses."""

    id: str
    name: str
    details: list[str]
    created_at: str
    updated_at: str


class Suggestion(msgspec.Struct):
    """Records that may be the same, from 0.5 to 1 how sure that is (of the least sure of them), and why."""

    records: list[Candidate]
    score: float
    reasons: list[Reason]


class Suggestions(msgspec.Struct):
    """A page of suggestions, the surest first; `compared` counts the records looked at."""

    version: int
    total: int
    compared: int
    suggestions: list[Suggestion]


class MergedRecord(msgspec.Struct):
    """One of the records of a merge with its cells in wire form, by field id."""

    id: str
    name: str
    created_at: str
    updated_at: str
    cells: dict[str, Any]


class LinkMove(msgspec.Struct):
    """How many records of a table link to the merged ones by a field; these links will lead to the one that stays."""

    table: str
    field: str
    count: int


class MergePreview(msgspec.Struct):
    """What a merge would give: `cells` of the one record, where each comes from (`take`), and what moves along.

    `differing` are the fields in which the records do not agree, `unitable` those of which `all` may be taken.
    """

    version: int
    into: str
    records: list[MergedRecord]
    cells: dict[str, Any]
    take: dict[str, str]
    differing: list[str]
    unitable: list[str]
    links: list[LinkMove]
    comments: int
    activities: int
    names: dict[str, str]


class KeptCell(msgspec.Struct):
    """A cell that was changed after a merge and stays as it is: `before` the merge it was another."""

    table: str
    record: str
    field: str
    before: Any
    now: Any
    updated_at: str
    updated_by: Who | None


class MergeSource(msgspec.Struct):
    """A record that was merged away."""

    id: str
    name: str


class PastMerge(msgspec.Struct):
    """A merge that stands; `kept` are cells that un-merging would leave as they are, `blocked` why it cannot be now."""

    version: int
    at: str
    by: Who | None
    records: list[MergeSource]
    kept: list[KeptCell]
    blocked: str | None
    names: dict[str, str]


class Unmerged(msgspec.Struct):
    """What taking a merge back did, and which cells stay as they are because they were changed since."""

    applied: Applied
    kept: list[KeptCell]
