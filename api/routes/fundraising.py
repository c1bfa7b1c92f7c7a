"""The roadmap's fundraising paths: the state as one document, its export, and the relational summary."""

from collections.abc import Iterator
from typing import Any

from litestar import get, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from api.shapes.changes import Export, Saved, StateDocument, Summary, WholeState
from crm_core import clock
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm

TAGS = ["Fundraising state"]


def _document(shape: type[Any], description: str) -> dict[int, ResponseSpec]:
    return {200: ResponseSpec(shape, generate_examples=False, description=description)}


@get(
    "/api/fundraising/state",
    tags=TAGS,
    responses=_document(StateDocument, "The whole state, from one snapshot."),
    sync_to_thread=True,
)
def read_state(crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> Stream:
    """Every table with its fields, views and live records."""
    return _stream(crm.fundraising.state(actor), {})


@put("/api/fundraising/state", tags=TAGS, sync_to_thread=True)
def write_state(data: JSONBody[WholeState], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> Saved:
    """Make the tables hold exactly these records, by a change set; 409 unless the state is at `expected_version`."""
    applied = crm.fundraising.replace(data.state, data.expected_version, actor)
    return Saved(applied.version, applied.change.at, applied.change.by)


@get(
    "/api/fundraising/export",
    tags=TAGS,
    responses=_document(Export, "The state with a manifest, as a file."),
    sync_to_thread=True,
)
def export_state(crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> Stream:
    """The whole state as a file to keep."""
    name = f"fundraising-{clock.now():%Y-%m-%d}.json"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return _stream(crm.fundraising.export(actor), disposition)


@get("/api/fundraising/relational-summary", tags=TAGS, sync_to_thread=True)
def summarize(crm: NamedDependency[Crm]) -> Summary:
    """Counts by table, investors by stage and list, and soft and hard commitments by fund."""
    return Summary(**crm.fundraising.summary())


def _stream(pieces: Iterator[bytes], headers: dict[str, str]) -> Stream:
    return Stream(pieces, media_type="application/json", headers=headers)


ROUTES: list[ControllerRouterHandler] = [read_state, write_state, export_state, summarize]
