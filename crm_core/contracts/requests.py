"""Feature requests as clients see them."""

from typing import Literal

import msgspec

from crm_core.contracts.change import Who

Status = Literal["open", "planned", "in_progress", "done", "declined"]


class FeatureRequest(msgspec.Struct):
    """One wish: how many people voted for it, and whether the reader is one of them."""

    id: str
    title: str
    description: str
    status: Status
    votes: int
    voted: bool
    created_at: str
    created_by: Who | None
    updated_at: str


class FeatureRequests(msgspec.Struct):
    """A page of wishes, the most wanted first; `counts` are those of every status."""

    requests: list[FeatureRequest]
    total: int
    counts: dict[str, int]
