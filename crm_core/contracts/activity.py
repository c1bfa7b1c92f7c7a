"""The activity feed as clients see it: what happened, newest first, in sentences that people read."""

from typing import Literal

import msgspec

from crm_core.contracts.change import Who

PartKind = Literal["text", "person", "record", "field", "value", "table", "view", "thing", "version"]


class Part(msgspec.Struct, omit_defaults=True):
    """A piece of a sentence. A `record` has its ids, so that it can be opened; a `value` of a select its colour."""

    text: str
    kind: PartKind = "text"
    id: str | None = None
    table: str | None = None
    color: str | None = None


class Happening(msgspec.Struct, omit_defaults=True):
    """One entry of the feed. `parts` joined are the sentence, which begins with who did it.

    `version` is the change set behind it, which can be undone when `undoable`; `cells` are the cells that a change of
    one record altered, each as (field, before, after).
    """

    id: str
    at: str
    kind: str
    group: str
    actor: Who | None
    parts: list[Part]
    source: str = ""
    reason: str = ""
    version: int | None = None
    undoable: bool = False
    cells: list[tuple[Part, Part | None, Part | None]] = []


class Feed(msgspec.Struct):
    """A page of the feed. `next` continues it; `searched_to` says how far back a search looked, when it looks further.

    `newest` is the id to ask for newer entries with; `total` is None where counting would take long.
    """

    items: list[Happening]
    next: str | None
    newest: str | None
    searched_to: str | None
    total: int | None
