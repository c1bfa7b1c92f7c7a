"""Feature requests: what clients send."""

from typing import Annotated

from msgspec import Meta, Struct

from crm_core.contracts.requests import Status

Title = Annotated[str, Meta(max_length=400, examples=["A map of all investors"])]
Text = Annotated[str, Meta(max_length=20_000)]


class NewRequest(Struct, forbid_unknown_fields=True):
    """A wish."""

    title: Title
    description: Text = ""


class ChangeRequest(Struct, forbid_unknown_fields=True):
    """What of a wish changes. `voted` is the caller's own vote; `status` is for admins; `deleted` takes it away."""

    title: Title | None = None
    description: Text | None = None
    status: Status | None = None
    voted: bool | None = None
    deleted: bool | None = None
