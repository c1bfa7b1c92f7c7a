"""Duplicates: suggestions, what a merge would give, what was merged, and un-merging. Merging is a change set."""

from typing import Annotated

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.guards import READS
from api.shapes.merging import Dismissal, Merges, WantedMerge
from crm_core.contracts.actor import Actor
from crm_core.contracts.merging import MergePreview, Suggestions, Unmerged
from crm_core.crm import Crm
from crm_core.services.merging.suggestions import MAX_PAGE

TAGS = ["Duplicates"]
Offset = Annotated[int, QueryParameter(ge=0, le=2**53)]
Limit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE)]


@get("/api/tables/{table:str}/duplicates", tags=TAGS, sync_to_thread=True)
def list_duplicates(
    table: FromPath[str], crm: NamedDependency[Crm], offset: Offset = 0, limit: Limit = 50
) -> Suggestions:
    """Records that may be the same, with reasons, the surest first; the first call after a change compares anew."""
    return crm.duplicates.suggestions(table, offset, limit)


@put("/api/tables/{table:str}/duplicates/dismissed", status_code=204, tags=TAGS, sync_to_thread=True)
def dismiss_duplicates(
    table: FromPath[str], data: JSONBody[Dismissal], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> None:
    """Say for everybody that records are no duplicates, or take that back."""
    crm.duplicates.dismiss(table, data.records, actor, dismissed=data.dismissed)


@post("/api/tables/{table:str}/merge-preview", status_code=200, opt=READS, tags=TAGS, sync_to_thread=True)
def preview_merge(table: FromPath[str], data: JSONBody[WantedMerge], crm: NamedDependency[Crm]) -> MergePreview:
    """Records side by side, what the one record would hold, and what would move to it; nothing is written."""
    return crm.merging.preview(table, data.into, data.records, data.take)


@get("/api/tables/{table:str}/records/{record:str}/merges", tags=TAGS, sync_to_thread=True)
def list_merges(table: FromPath[str], record: FromPath[str], crm: NamedDependency[Crm]) -> Merges:
    """The merges into a record that stand, and what un-merging each would leave as it is."""
    return Merges(crm.merging.of_record(table, record))


@post("/api/merges/{version:int}/undo", status_code=200, tags=TAGS, sync_to_thread=True)
def undo_merge(version: FromPath[int], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> Unmerged:
    """Un-merge: what the merge of this version moved goes back; what was changed since stays and is told."""
    return crm.merging.unmerge(version, actor)


ROUTES: list[ControllerRouterHandler] = [
    list_duplicates,
    dismiss_duplicates,
    preview_merge,
    list_merges,
    undo_merge,
]
