"""Coming in and going out: session, setup, invitation."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.auth import no_cookie, session_cookie
from api.guards import PUBLIC
from api.routes.account import user_shape
from api.routes.second_factor import question_shape
from api.shapes import account as shapes
from api.shapes import second_factor
from crm_core.crm import Crm
from crm_core.services.access import Client, Opened, Proof, SecondStep, SignedIn, Site

TAGS = ["Signing in"]
AnyRequest = Request[Any, Any, Any]


@get("/api/session", opt=PUBLIC, tags=TAGS, sync_to_thread=True)
def show_session(crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn | None]) -> shapes.Session:
    """Tell who is signed in here, and what a page needs before anybody is. Never an error."""
    return _session(crm, signed_in)


@post("/api/session", opt=PUBLIC, tags=TAGS, status_code=200, sync_to_thread=True)
def sign_in(
    request: AnyRequest,
    data: JSONBody[shapes.SignIn],
    crm: NamedDependency[Crm],
    client: NamedDependency[Client],
    site: NamedDependency[Site],
) -> Response[shapes.Session]:
    """Sign in with a password; sets the session's cookie, or says which second step is needed."""
    found = crm.access.entry.sign_in(data.email, data.password, client, site)
    if isinstance(found, SecondStep):
        return Response(_session(crm, None, shapes.SecondStep(found.ticket, list(found.ways))))
    return _welcome(request, crm, found)


@post("/api/session/code", opt=PUBLIC, tags=TAGS, status_code=200, sync_to_thread=True)
def sign_in_by_code(
    request: AnyRequest,
    data: JSONBody[second_factor.SignInCode],
    crm: NamedDependency[Crm],
    client: NamedDependency[Client],
    site: NamedDependency[Site],
) -> Response[shapes.Session]:
    """The second step: a code of the authenticator app, or a recovery code."""
    return _welcome(request, crm, crm.access.entry.finish(data.ticket, Proof(data.code), client, site))


@post("/api/session/passkey/question", opt=PUBLIC, tags=TAGS, status_code=200, sync_to_thread=True)
def ask_passkey(
    data: JSONBody[second_factor.AskPasskey], crm: NamedDependency[Crm], site: NamedDependency[Site]
) -> second_factor.PasskeyQuestion:
    """What the browser needs to show a passkey: for the second step, or to sign in with it alone."""
    return question_shape(crm.access.entry.ask_passkey(data.ticket, site))


@post("/api/session/passkey", opt=PUBLIC, tags=TAGS, status_code=200, sync_to_thread=True)
def sign_in_by_passkey(
    request: AnyRequest,
    data: JSONBody[second_factor.SignInPasskey],
    crm: NamedDependency[Crm],
    client: NamedDependency[Client],
    site: NamedDependency[Site],
) -> Response[shapes.Session]:
    """Sign in with a passkey alone, or take the second step with one."""
    entry = crm.access.entry
    if data.step is None:
        return _welcome(request, crm, entry.by_passkey(data.ticket, data.credential, client, site))
    proof = Proof(ticket=data.ticket, credential=data.credential)
    return _welcome(request, crm, entry.finish(data.step, proof, client, site))


@delete("/api/session", opt=PUBLIC, tags=TAGS, sync_to_thread=True)
def sign_out(
    request: AnyRequest, crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn | None]
) -> Response[None]:
    """Sign out here. Nothing happens when nobody is signed in."""
    if signed_in is not None:
        crm.access.sessions.end(signed_in.person.acting(), signed_in.public_id)
    return Response(None, status_code=204, cookies=[no_cookie(request)])


@post("/api/setup", opt=PUBLIC, tags=TAGS, status_code=200, sync_to_thread=True)
def set_up(
    request: AnyRequest, data: JSONBody[shapes.SetUp], crm: NamedDependency[Crm], client: NamedDependency[Client]
) -> Response[shapes.Session]:
    """Make the first admin with the one-time link that the server printed, and sign in."""
    opened = crm.access.setup.use(data.token, email=data.email, name=data.name, password=data.password, client=client)
    return _welcome(request, crm, opened)


@post("/api/invites/look", opt=PUBLIC, tags=TAGS, status_code=200, sync_to_thread=True)
def look_at_invite(data: JSONBody[shapes.InviteSecret], crm: NamedDependency[Crm]) -> shapes.Invited:
    """Tell what an invitation's link is for."""
    invite = crm.access.invites.look(data.token)
    return shapes.Invited(invite.email, invite.role)  # type: ignore[arg-type]


@post("/api/invites/accept", opt=PUBLIC, tags=TAGS, status_code=200, sync_to_thread=True)
def accept_invite(
    request: AnyRequest, data: JSONBody[shapes.AcceptInvite], crm: NamedDependency[Crm], client: NamedDependency[Client]
) -> Response[shapes.Session]:
    """Make the account that an invitation is for, and sign in."""
    opened = crm.access.invites.accept(data.token, name=data.name, password=data.password, client=client)
    return _welcome(request, crm, opened)


def _welcome(request: AnyRequest, crm: Crm, opened: Opened) -> Response[shapes.Session]:
    """The new session takes the place of the one that this browser had, if it had one."""
    if isinstance(request.auth, SignedIn):
        crm.access.sessions.end(request.auth.person.acting(), request.auth.public_id)
    return Response(_session(crm, opened.session), cookies=[session_cookie(request, opened)])


def _session(crm: Crm, signed_in: SignedIn | None, step: shapes.SecondStep | None = None) -> shapes.Session:
    team = crm.settings.team()
    return shapes.Session(
        user=user_shape(signed_in.person) if signed_in else None,
        csrf=signed_in.csrf if signed_in else None,
        setup_needed=signed_in is None and crm.access.setup.needed(),
        settings=shapes.TeamSettings(team.time_zone, team.currency, team.name),
        second_step=step,
        lacks_factor=signed_in is not None and signed_in.lacks_factor,
    )


ROUTES: list[ControllerRouterHandler] = [
    show_session,
    sign_in,
    sign_in_by_code,
    ask_passkey,
    sign_in_by_passkey,
    sign_out,
    set_up,
    look_at_invite,
    accept_invite,
]
