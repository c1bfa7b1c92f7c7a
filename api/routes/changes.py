"""Writing: change sets, undo, what was missed, and the history of a record."""

from typing import Annotated

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.lane import Lane
from api.shapes.changes import Changes, History, Missed
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import Applied, ChangeSet
from crm_core.crm import Crm
from crm_core.services.access import SignedIn

TAGS = ["Writing"]
Key = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", max_length=200, description="Repeat safely: one key a change.")
]
Since = Annotated[int, QueryParameter(ge=0, le=2**53, description="The last version the caller knows.")]


@post("/api/changes", status_code=200, tags=TAGS)
async def apply_changes(data: JSONBody[Changes], request: Request[Actor, object, State], key: Key = None) -> Applied:
    """Apply a change set whole or not at all; the answer is sent when it is on disk."""
    # All else comes with the request: each dependency that is injected costs a tenth of what an edit may take.
    lane: Lane = request.app.state.lane
    change = ChangeSet(
        data.ops,
        base_version=data.base_version,
        source="grid" if isinstance(request.auth, SignedIn) else "api",
        reason=data.reason,
        create_options=data.create_options,
        idempotency_key=key or None,
    )
    return await lane.apply(change, request.user)


@post("/api/changes/{version:int}/undo", status_code=200, tags=TAGS, sync_to_thread=True)
def undo_change(
    version: FromPath[int],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    force: FromQuery[bool] = False,
    key: Key = None,
) -> Applied:
    """Take a version back by a new change set; `force` also overwrites cells that were changed since."""
    return crm.records.undo(version, actor, force=force, idempotency_key=key or None)


@get("/api/changes", tags=TAGS, sync_to_thread=True)
def list_changes(crm: NamedDependency[Crm], actor: NamedDependency[Actor], since: Since) -> Missed:
    """The change sets after a version, for a client that was away."""
    changes, version, reset = crm.records.since(since, actor)
    return Missed(version, changes, reset)


@get("/api/tables/{table:str}/records/{record:str}/history", tags=TAGS, sync_to_thread=True)
def read_history(
    table: FromPath[str],
    record: FromPath[str],
    crm: NamedDependency[Crm],
    offset: FromQuery[int] = 0,
    limit: FromQuery[int] = 100,
) -> History:
    """What happened to a record, newest first."""
    return History(**crm.records.history(table, record, offset, limit))


ROUTES: list[ControllerRouterHandler] = [apply_changes, undo_change, list_changes, read_history]
