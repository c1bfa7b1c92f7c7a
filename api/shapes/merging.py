"""Requests about duplicates."""

from typing import Annotated

from msgspec import Meta, Struct

from crm_core.contracts.merging import PastMerge
from crm_core.services.merging.suggestions import MAX_DISMISSED
from crm_core.services.records.merges import MAX_MERGED

Ref = Annotated[str, Meta(max_length=200)]


class Dismissal(Struct, forbid_unknown_fields=True):
    """Records of which no two are the same, or (`dismissed` false) of which that was said by mistake."""

    records: Annotated[list[Ref], Meta(min_length=2, max_length=MAX_DISMISSED)]
    dismissed: bool = True


class WantedMerge(Struct, forbid_unknown_fields=True):
    """A merge to look at before it is made; the members are those of the change set's `merge`."""

    into: Ref
    records: Annotated[list[Ref], Meta(min_length=1, max_length=MAX_MERGED)]
    take: dict[str, Ref] = {}


class Merges(Struct):
    """The merges into one record that stand, the newest first."""

    merges: list[PastMerge]
