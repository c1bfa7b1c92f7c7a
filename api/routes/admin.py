"""What admins do with everybody's accounts: invite, make, change."""

from typing import Any

from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from api.guards import ADMIN, PROOF, check_proof
from api.shapes import account as shapes
from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.services.access import OpenInvite, SignedIn
from crm_core.services.users import Person

TAGS = ["Accounts (admin)"]
AnyRequest = Request[Any, Any, Any]


@get("/api/admin/invites", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def list_invites(crm: NamedDependency[Crm]) -> shapes.Invites:
    """The invitations that can still be accepted, the newest first."""
    return shapes.Invites([_invite(invite) for invite in crm.access.invites.all()])


@post("/api/admin/invites", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def create_invite(
    request: AnyRequest,
    data: JSONBody[shapes.NewInvite],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    signed_in: NamedDependency[SignedIn | None],
) -> shapes.MadeInvite:
    """Invite somebody; the link is shown this once and works once, for 7 days.

    Inviting an admin takes a fresh proof of who does it.
    """
    _guard_admins(data.role, signed_in)
    made = crm.access.invites.create(actor, data.email, data.role)
    base = crm.config.public_url or str(request.base_url).rstrip("/")
    return shapes.MadeInvite(_invite(made.invite), f"{base}/invite#token={made.secret}")


@delete("/api/admin/invites/{invite_id:str}", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def revoke_invite(invite_id: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> None:
    """Take back an invitation that was not accepted yet."""
    crm.access.invites.revoke(actor, invite_id)


@get("/api/admin/users", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def list_accounts(crm: NamedDependency[Crm]) -> shapes.Accounts:
    """Every account, with when it was made and last used."""
    live = crm.access.sessions.counts()
    return shapes.Accounts([_account(person, live.get(person.id, 0)) for person in crm.users.everyone()])


@post("/api/admin/users", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def create_account(
    data: JSONBody[shapes.NewUser],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    signed_in: NamedDependency[SignedIn | None],
) -> shapes.OneAccount:
    """Make an account with a first password. An admin's account takes a fresh proof of who makes it."""
    _guard_admins(data.role, signed_in)
    made = crm.access.accounts.create(actor, email=data.email, name=data.name, password=data.password, role=data.role)
    return shapes.OneAccount(_account(made, 0))


@patch("/api/admin/users/{user_id:str}", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def change_account(
    user_id: FromPath[str],
    data: JSONBody[shapes.ChangeUser],
    crm: NamedDependency[Crm],
    actor: NamedDependency[Actor],
    signed_in: NamedDependency[SignedIn | None],
) -> shapes.OneAccount:
    """Change a name or role, or switch an account off (which signs it out everywhere) and on.

    Making somebody an admin takes a fresh proof of who does it.
    """
    _guard_admins(data.role, signed_in)
    changed = crm.access.accounts.change(actor, user_id, name=data.name, role=data.role, active=data.active)
    return shapes.OneAccount(_account(changed, crm.access.sessions.counts().get(changed.id, 0)))


@delete("/api/admin/users/{user_id:str}/sessions", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def sign_out_account(user_id: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> None:
    """Sign somebody out everywhere."""
    crm.access.sessions.end_for(actor, user_id)


@delete("/api/admin/users/{user_id:str}/second-factor", opt=ADMIN | PROOF, tags=TAGS, sync_to_thread=True)
def reset_second_factor(user_id: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> None:
    """Take away the second factors of somebody who lost them, and sign them out everywhere."""
    crm.access.factors.reset(actor, user_id)


def _guard_admins(role: str | None, signed_in: SignedIn | None) -> None:
    if role == "admin":
        check_proof(signed_in)


def _invite(invite: OpenInvite) -> shapes.Invite:
    return shapes.Invite(
        invite.public_id,
        invite.email,
        invite.role,  # type: ignore[arg-type]
        invite.created_at,
        invite.expires_at,
        ids.encode("usr", invite.created_by) if invite.created_by else None,
    )


def _account(person: Person, sessions: int) -> shapes.Account:
    return shapes.Account(
        person.public_id,
        person.name,
        person.email,
        person.role,  # type: ignore[arg-type]
        person.active,
        person.created_at,
        person.last_seen_at,
        person.second_factor,
        sessions,
    )


ROUTES: list[ControllerRouterHandler] = [
    list_invites,
    create_invite,
    revoke_invite,
    list_accounts,
    create_account,
    change_account,
    sign_out_account,
    reset_second_factor,
]
