"""The log of what happened: feed, audit trail, and what the live channel and automations read."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from crm_core import clock
from crm_core.contracts.actor import Actor
from crm_core.storage.statements import insert_into, run

_COLUMNS = ("at", "kind", "actor_id", "version", "subject", "data")

EVENT_KINDS: dict[str, str] = {
    "records.changed": "A change set was applied; `version` names it.",
    "access.denied": "Somebody was refused something.",
    "access.signed_in": "A person signed in.",
    "access.sign_in_failed": "A sign-in with a wrong password or unknown address.",
    "access.signed_out": "A person signed out (here or everywhere).",
    "access.password_changed": "A person changed the password.",
    "access.confirmed": "A person signed in once more, before something grave.",
    "access.second_factor_changed": "A second factor was set up, renamed or taken away.",
    "access.second_factor_failed": "A wrong code or passkey, after the right password.",
    "access.policy_changed": "An admin changed what the team must do to be safe.",
    "user.created": "An account was made.",
    "user.changed": "An admin changed an account.",
    "invite.created": "An admin invited somebody.",
    "invite.revoked": "An admin took an invitation back.",
    "token.created": "A person made an API token.",
    "token.revoked": "An API token was taken back.",
    "plugin.switched": "A plugin changed its state.",
    "plugin.configured": "An admin changed a plugin's settings.",
    "plugin.data_removed": "An admin removed what a plugin had stored, after a snapshot.",
    "import.finished": "An import was applied, cancelled, failed or undone.",
    "request.created": "Somebody asked for a feature.",
    "request.changed": "Somebody edited a feature request.",
    "request.status_changed": "An admin moved a feature request along.",
    "request.deleted": "Somebody took a feature request away.",
    "comment.created": "Somebody commented on a record.",
    "comment.changed": "Somebody edited a comment.",
    "comment.deleted": "A comment was taken away.",
    "activity.logged": "Somebody wrote down a call, meeting or note with a record.",
    "activity.changed": "Somebody edited what was written down.",
    "activity.deleted": "What was written down was taken away.",
    "backup.created": "A backup was made or brought from outside.",
    "backup.verified": "A backup passed its proof, a real restore into a scratch folder.",
    "backup.failed": "A backup could not be made, or did not pass its proof.",
    "backup.deleted": "A backup was taken away, by a person or by the policy.",
    "backup.downloaded": "An admin downloaded a backup.",
    "backup.restored": "A backup took the place of the data; `version` names the change set that says so.",
    "backup.policy_changed": "An admin changed when, where or how long backups are kept.",
    "export.made": "Somebody exported a table or the whole state.",
}
"""Every kind of event the core writes, documented in docs/reference/events.md (a house test compares)."""


def record(
    connection: Connection,
    kind: str,
    actor: Actor | None,
    *,
    subject: str = "",
    version: int | None = None,
    at: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one event within the caller's unit of work. `data` must hold no secret."""
    if kind not in EVENT_KINDS:
        raise ValueError(f"{kind} is not a known kind of event; add it to EVENT_KINDS.")
    text = msgspec.json.encode(data).decode() if data else "{}"
    row = (at or clock.now_text(), kind, actor.user_id if actor else None, version, subject, text)
    run(connection, insert_into(connection, "events", _COLUMNS), row)
