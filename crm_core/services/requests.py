"""Feature requests: what the team wishes the CRM could do, voted on, moved along by admins."""

from collections.abc import Sequence
from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import Who
from crm_core.contracts.requests import FeatureRequest, FeatureRequests, Status
from crm_core.errors import Invalid, NotFound, Refused
from crm_core.kinds import CellError
from crm_core.kinds.text import clean
from crm_core.models.tables import FEATURE_REQUESTS, FEATURE_VOTES, USERS
from crm_core.names import tidy_name
from crm_core.services import events
from crm_core.storage.unit import Units

STATUSES: Sequence[Status] = get_args(Status)
MAX_TITLE = 200
MAX_DESCRIPTION = 10_000
MAX_PAGE = 500
_request, _vote = FEATURE_REQUESTS.c, FEATURE_VOTES.c


class Requests:
    """Reads and writes feature requests. Deleted ones stay in the database and are never read."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def list(self, actor: Actor, status: str | None = None, offset: int = 0, limit: int = 100) -> FeatureRequests:
        """Wishes of one status (or all), the most wanted first, then the newest."""
        if status is not None:
            _check_status(status)
        if not (0 <= offset < 2**53 and 1 <= limit <= MAX_PAGE):
            raise Invalid("bad_limit", f"offset must be 0 or more and limit from 1 to {MAX_PAGE}.")
        with self._units.read() as session:
            connection = session.connection()
            live = _request.deleted_at.is_(None)
            rows = connection.execute(sa.select(_request.status, sa.func.count()).where(live).group_by(_request.status))
            found: dict[str, int] = {row[0]: row[1] for row in rows}
            counts: dict[str, int] = {name: found.get(name, 0) for name in STATUSES}
            query = _described(actor).order_by(sa.text("votes DESC"), _request.id.desc())
            if status is not None:
                query = query.where(_request.status == status)
            shown = [_view(row) for row in connection.execute(query.offset(offset).limit(limit))]
        return FeatureRequests(shown, sum(counts.values()) if status is None else counts[status], counts)

    def create(self, title: str, description: str, actor: Actor) -> FeatureRequest:
        """Ask for something; the one who asks votes for it."""
        _check_writes(actor)
        title, description = _title(title), _description(description)
        with self._units.write() as session:
            connection, now = session.connection(), clock.now_text()
            values = {
                "title": title, "description": description, "status": "open", "created_at": now, "updated_at": now,
                "created_by": actor.user_id, "updated_by": actor.user_id,
            }  # fmt: skip
            made = connection.execute(sa.insert(FEATURE_REQUESTS).values(**values)).inserted_primary_key
            assert made is not None
            key = int(made[0])
            if actor.user_id is not None:
                connection.execute(sa.insert(FEATURE_VOTES).values(request_id=key, user_id=actor.user_id, at=now))
            _tell(connection, "request.created", actor, key, {"title": title})
            return _read(connection, key, actor)

    def change(
        self,
        public_id: str,
        actor: Actor,
        *,
        title: str | None = None,
        description: str | None = None,
        status: str | None = None,
        voted: bool | None = None,
        deleted: bool | None = None,
    ) -> FeatureRequest:
        """Change what is given. Everybody votes; who asked and admins edit and delete; only admins move the status.

        Raises NotFound (`unknown_request`), Refused (`admins_only`, `not_yours`) and Invalid.
        """
        _check_writes(actor)
        with self._units.write() as session:
            connection, key = session.connection(), ids.decode("req", public_id)
            before = _row(connection, key)
            edited = {
                **({"title": _title(title)} if title is not None else {}),
                **({"description": _description(description)} if description is not None else {}),
            }
            if (edited or deleted) and not (actor.is_admin or before["created_by"] == actor.user_id):
                raise Refused("not_yours", "Only who asked for it and admins may change a feature request.")
            if status is not None and status != before["status"]:
                if not actor.is_admin:
                    raise Refused("admins_only", "Only admins move a feature request along.", "Ask an admin.")
                _check_status(status)
                edited["status"] = status
            if voted is not None:
                _set_vote(connection, key, actor, voted)
            changes = {name: value for name, value in edited.items() if value != before[name]}
            if changes:
                _change(connection, key, changes, before, actor)
            view = _read(connection, key, actor)
            if deleted:
                values = {"deleted_at": clock.now_text(), "updated_by": actor.user_id}
                connection.execute(sa.update(FEATURE_REQUESTS).where(_request.id == key).values(**values))
                _tell(connection, "request.deleted", actor, key, {"title": view.title})
            return view


def _change(connection: Connection, key: int, changes: dict[str, Any], before: Any, actor: Actor) -> None:
    values = {**changes, "updated_at": clock.now_text(), "updated_by": actor.user_id}
    connection.execute(sa.update(FEATURE_REQUESTS).where(_request.id == key).values(**values))
    title = changes.get("title", before["title"])
    if "status" in changes:
        _tell(connection, "request.status_changed", actor, key, {"title": title, "status": changes["status"]})
    else:
        _tell(connection, "request.changed", actor, key, {"title": title})


def _described(actor: Actor) -> sa.Select[Any]:
    """Live wishes with their votes and who asked."""
    votes = sa.select(sa.func.count()).where(_vote.request_id == _request.id).scalar_subquery().label("votes")
    own = sa.exists(sa.select(_vote.at).where(_vote.request_id == _request.id, _vote.user_id == (actor.user_id or 0)))
    author = sa.select(USERS.c.name).where(USERS.c.id == _request.created_by).scalar_subquery().label("author")
    return sa.select(FEATURE_REQUESTS, votes, own.label("voted"), author).where(_request.deleted_at.is_(None))


def _view(row: sa.Row[Any]) -> FeatureRequest:
    author = None if row.created_by is None else Who(ids.encode("usr", row.created_by), row.author or "")
    return FeatureRequest(
        ids.encode("req", row.id), row.title, row.description, row.status, row.votes, bool(row.voted),
        row.created_at, author, row.updated_at,
    )  # fmt: skip


def _row(connection: Connection, key: int) -> Any:
    query = sa.select(FEATURE_REQUESTS).where(_request.id == key, _request.deleted_at.is_(None))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("unknown_request", "There is no such feature request.", "It may have been deleted; reload.")
    return row


def _read(connection: Connection, key: int, actor: Actor) -> FeatureRequest:
    return _view(connection.execute(_described(actor).where(_request.id == key)).one())


def _set_vote(connection: Connection, key: int, actor: Actor, voted: bool) -> None:
    if actor.user_id is None:
        raise Invalid("no_owner", "Only a person can vote.")
    mine = _vote.request_id == key, _vote.user_id == actor.user_id
    connection.execute(sa.delete(FEATURE_VOTES).where(*mine))
    if voted:
        values = {"request_id": key, "user_id": actor.user_id, "at": clock.now_text()}
        connection.execute(sa.insert(FEATURE_VOTES).values(**values))


def _tell(connection: Connection, kind: str, actor: Actor, key: int, data: dict[str, Any]) -> None:
    events.record(connection, kind, actor, subject=ids.encode("req", key), data=data)


def _check_writes(actor: Actor) -> None:
    if actor.scope != "write":
        raise Refused("read_only_token", "This token may only read.", "Use a token with the scope write.")


def _check_status(status: str) -> None:
    if status not in STATUSES:
        raise Invalid("bad_status", f"There is no status {status[:40]!r}.", f"Use: {', '.join(STATUSES)}.", "/status")


def _title(text: str) -> str:
    hint = "Say in a few words what is wanted."
    return tidy_name(text, "A title", MAX_TITLE, code="bad_title", hint=hint, pointer="/title")


def _description(text: str) -> str:
    try:
        tidy = clean(text.strip()) or ""
    except CellError as error:
        raise Invalid("bad_description", f"The description cannot be taken: {error.detail}", error.hint) from None
    if len(tidy) > MAX_DESCRIPTION:
        raise Invalid(
            "bad_description", f"A description has at most {MAX_DESCRIPTION:,} characters.", "", "/description"
        )
    return tidy
