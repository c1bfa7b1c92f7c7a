"""The activity feed."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from crm_core.contracts.activity import Feed
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.services.activity import MAX_PAGE, Ask

TAGS = ["Activity"]
Time = Annotated[
    str | None, QueryParameter(max_length=40, description="A date (whole days, both included) or a moment.")
]


@get("/api/activity", tags=TAGS, sync_to_thread=True)
def list_activity(
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    kind: Annotated[str, QueryParameter(max_length=1_000, description="Groups or kinds, separated by commas.")] = "",
    by: Annotated[str | None, QueryParameter(max_length=40, description="A person's id, or `system`.")] = None,
    table: FromQuery[str | None] = None,
    record: FromQuery[str | None] = None,
    start: Time = None,
    end: Time = None,
    text: Annotated[str, QueryParameter(max_length=200, description="Words of the sentence.")] = "",
    before: Annotated[str | None, QueryParameter(max_length=40, description="The `next` of the last page.")] = None,
    after: Annotated[str | None, QueryParameter(max_length=40, description="Only what is newer than this id.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MAX_PAGE)] = 50,
) -> Feed:
    """What happened, newest first. Members see the team's work; admins also sign-ins, plugins, backups and the like."""
    kinds = [name.strip() for name in kind.split(",") if name.strip()]
    return crm.activity.feed(Ask(kinds, by, table, record, start, end, text, before, after, limit), actor)


ROUTES: list[ControllerRouterHandler] = [list_activity]
