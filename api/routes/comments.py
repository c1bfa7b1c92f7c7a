"""What is said and done around a record: comments, logged activities, the timeline, and a person's notifications."""

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.guards import OWN
from api.shapes.comments import ChangeActivity, ChangeComment, MarkRead, NewActivity, NewComment
from crm_core.contracts.actor import Actor
from crm_core.contracts.comments import Comment, Comments, Notifications
from crm_core.contracts.timeline import LoggedActivity, Timeline
from crm_core.crm import Crm
from crm_core.services.timeline import MAX_PAGE

TAGS = ["Around a record"]
Offset = Annotated[int, QueryParameter(ge=0, le=2**53)]
Limit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE)]


@get("/api/tables/{table:str}/records/{record:str}/comments", tags=TAGS, sync_to_thread=True)
def list_comments(
    table: FromPath[str],
    record: FromPath[str],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    offset: Offset = 0,
    limit: Limit = 100,
) -> Comments:
    """What the team said about a record, newest first."""
    return crm.comments.list(table, record, actor, offset, limit)


@post("/api/tables/{table:str}/records/{record:str}/comments", status_code=201, tags=TAGS, sync_to_thread=True)
def add_comment(
    table: FromPath[str],
    record: FromPath[str],
    data: JSONBody[NewComment],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
) -> Comment:
    """Comment on a record; who is named or answered is notified."""
    return crm.comments.add(table, record, data.body, actor, data.reply_to)


@patch("/api/comments/{comment:str}", tags=TAGS, sync_to_thread=True)
def change_comment(
    comment: FromPath[str], data: JSONBody[ChangeComment], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> Comment:
    """Edit an own comment."""
    return crm.comments.change(comment, data.body, actor)


@delete("/api/comments/{comment:str}", tags=TAGS, sync_to_thread=True)
def delete_comment(comment: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> None:
    """Take a comment away: an own one, or as an admin any."""
    crm.comments.delete(comment, actor)


@get("/api/tables/{table:str}/records/{record:str}/timeline", tags=TAGS, sync_to_thread=True)
def read_timeline(
    table: FromPath[str],
    record: FromPath[str],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    kind: Annotated[str, QueryParameter(max_length=200, description="Kinds, separated by commas; all if empty.")] = "",
    before: Annotated[str | None, QueryParameter(max_length=200, description="The `next` of the last page.")] = None,
    limit: Limit = 50,
) -> Timeline:
    """Mail, calls, notes, meetings, comments, tasks and changes of a record in one line, newest first."""
    kinds = [name.strip() for name in kind.split(",") if name.strip()]
    return crm.timeline.read(table, record, actor, kinds=kinds, before=before, limit=limit)


@post("/api/tables/{table:str}/records/{record:str}/activities", status_code=201, tags=TAGS, sync_to_thread=True)
def log_activity(
    table: FromPath[str],
    record: FromPath[str],
    data: JSONBody[NewActivity],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
) -> LoggedActivity:
    """Write down a call, a meeting, a note or a mail with a record."""
    return crm.activities.log(
        table,
        record,
        data.kind,
        actor,
        subject=data.subject,
        body=data.body,
        at=data.at,
        participants=data.participants,
    )


@patch("/api/activities/{activity:str}", tags=TAGS, sync_to_thread=True)
def change_activity(
    activity: FromPath[str], data: JSONBody[ChangeActivity], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> LoggedActivity:
    """Edit what was written down: an own entry, or as an admin any."""
    return crm.activities.change(
        activity,
        actor,
        kind=data.kind,
        subject=data.subject,
        body=data.body,
        at=data.at,
        participants=data.participants,
    )


@delete("/api/activities/{activity:str}", tags=TAGS, sync_to_thread=True)
def delete_activity(activity: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> None:
    """Take away what was written down: an own entry, or as an admin any."""
    crm.activities.delete(activity, actor)


@get("/api/notifications", tags=TAGS, opt=OWN, sync_to_thread=True)
def list_notifications(
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    unread: FromQuery[bool] = False,
    offset: Offset = 0,
    limit: Limit = 50,
) -> Notifications:
    """The caller's own: mentions, replies, tasks given to him; newest first."""
    return crm.notifications.list(actor, unread=unread, offset=offset, limit=limit)


@post("/api/notifications/read", status_code=200, tags=TAGS, opt=OWN, sync_to_thread=True)
def mark_notifications(
    data: JSONBody[MarkRead], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> Notifications:
    """Mark own notifications as read or unread; answers the first page of them."""
    return crm.notifications.mark(actor, data.ids, data.read)


ROUTES: list[ControllerRouterHandler] = [
    list_comments,
    add_comment,
    change_comment,
    delete_comment,
    read_timeline,
    log_activity,
    change_activity,
    delete_activity,
    list_notifications,
    mark_notifications,
]
