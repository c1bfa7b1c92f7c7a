"""What people do with their own account: profile, sessions, API tokens; and who there is."""

from typing import Any

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.types import ControllerRouterHandler

from api.auth import no_cookie
from api.guards import OWN, PROOF, check_proof
from api.shapes import account as shapes
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.services.access import Client, SignedIn, Token
from crm_core.services.users import Person

TAGS = ["Own account"]
AnyRequest = Request[Any, Any, Any]


@get("/api/users", tags=TAGS, sync_to_thread=True)
def list_users(crm: NamedDependency[Crm]) -> shapes.Users:
    """Everyone who can be named in a user field; inactive people too, because old records name them."""
    return shapes.Users([user_shape(person) for person in crm.users.everyone()])


@patch("/api/me", opt=OWN, tags=TAGS, sync_to_thread=True)
def change_me(
    data: JSONBody[shapes.ChangeMe],
    crm: NamedDependency[Crm],
    signed_in: NamedDependency[SignedIn],
    client: NamedDependency[Client],
) -> shapes.Me:
    """Change the own name or password; a new password needs the old one and ends the other sessions.

    A new password takes a fresh proof too, so that a second factor is asked where one is set up.
    """
    if data.password is not None:
        check_proof(signed_in)
    person = crm.access.accounts.change_own(
        signed_in, client, name=data.name, password=data.password, current_password=data.current_password
    )
    return shapes.Me(user_shape(person))


@get("/api/sessions", opt=OWN, tags=TAGS, sync_to_thread=True)
def list_sessions(crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn]) -> shapes.OwnSessions:
    """The own live sessions, the last used first."""
    return shapes.OwnSessions(
        [
            shapes.OwnSession(
                found.public_id,
                found.created_at,
                found.seen_at,
                found.expires_at,
                found.address,
                found.agent,
                found.factors,
                found.id == signed_in.id,
            )
            for found in crm.access.sessions.of(signed_in.person.id)
        ]
    )


@delete("/api/sessions", opt=OWN | PROOF, tags=TAGS, sync_to_thread=True)
def sign_out_everywhere(
    request: AnyRequest,
    crm: NamedDependency[Crm],
    signed_in: NamedDependency[SignedIn],
    keep_this: FromQuery[bool] = False,
) -> Response[None]:
    """End all own sessions, this one too unless it is to be kept."""
    crm.access.sessions.end_all(signed_in.person.acting(), but=signed_in if keep_this else None)
    return Response(None, status_code=204, cookies=[] if keep_this else [no_cookie(request)])


@delete("/api/sessions/{session_id:str}", opt=OWN | PROOF, tags=TAGS, sync_to_thread=True)
def end_session(session_id: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> None:
    """End one of the own sessions."""
    crm.access.sessions.end(actor, session_id)


@get("/api/tokens", opt=OWN, tags=TAGS, sync_to_thread=True)
def list_tokens(crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn]) -> shapes.Tokens:
    """The own API tokens, the newest first."""
    return shapes.Tokens([_token(token) for token in crm.access.tokens.of(signed_in.person.id)])


@post("/api/tokens", opt=OWN | PROOF, tags=TAGS, sync_to_thread=True)
def create_token(
    data: JSONBody[shapes.NewToken], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> shapes.MadeToken:
    """Make an API token; its secret is shown this once."""
    made = crm.access.tokens.create(actor, data.name, data.scope, data.expires_in_days)
    return shapes.MadeToken(_token(made.token), made.secret)


@delete("/api/tokens/{token_id:str}", opt=OWN, tags=TAGS, sync_to_thread=True)
def revoke_token(token_id: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> None:
    """Take back one of the own tokens."""
    crm.access.tokens.revoke(actor, token_id)


def user_shape(person: Person) -> shapes.User:
    """A person as everybody of the team sees them."""
    return shapes.User(person.public_id, person.name, person.email, person.role, person.active)  # type: ignore[arg-type]


def _token(token: Token) -> shapes.Token:
    return shapes.Token(
        token.public_id,
        token.name,
        token.scope,  # type: ignore[arg-type]
        token.created_at,
        token.expires_at,
        token.used_at,
    )


ROUTES: list[ControllerRouterHandler] = [
    list_users,
    change_me,
    list_sessions,
    sign_out_everywhere,
    end_session,
    list_tokens,
    create_token,
    revoke_token,
]
