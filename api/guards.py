"""Who may call a handler. A handler says it in its `opt`; one guard over the whole application keeps it.

@get("/api/session", opt=PUBLIC)                  everybody
@get("/api/tables")                               signed in, or a token (GET: any scope)
@post("/api/changes")                             signed in, or a token with the scope write
@post("/api/tables/{t:str}/query", opt=READS)     a POST that only reads: a token of any scope will do
@get("/api/tokens", opt=OWN)                      signed in in a browser: no token
@get("/api/plugins", opt=ADMIN)                   admins
@delete("/api/me/app", opt=OWN | PROOF)           as OWN, and only minutes after proving once more who it is
"""

from typing import Any, Literal
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler

from api.auth import SESSION_HEADER
from crm_core.config import Config
from crm_core.errors import Invalid, Refused, TooMany, Unauthenticated
from crm_core.services.access import Access, Meter, SignedIn, Token
from crm_core.services.access.secrets import same

Level = Literal["public", "read", "write", "own", "admin", "metrics"]
Connection = ASGIConnection[Any, Any, Any, Any]

PUBLIC = {"access": "public"}
READS = {"access": "read"}
OWN = {"access": "own"}
ADMIN = {"access": "admin"}
METRICS = {"access": "metrics"}
"""For programs on the machine itself, and for an admin's token with the scope metrics, which opens nothing else."""
PROOF = {"proof": True}
"""For grave acts: the session must have shown a password or passkey in the last minutes. Joined to the others with `|`.
A plugin writes `opt={"access": "admin", "proof": True}`."""
WITHOUT_FACTOR = {"without_factor": True}
"""For what somebody may do who lacks the second factor that the policy demands: set one up."""
UPLOAD = {"upload": True}
"""For a handler that reads a raw body which is not JSON; joined to the others with `|`."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


def level_of(handler: BaseRouteHandler, method: str) -> Level:
    """What a handler asks for: what its `opt` says, else reading for safe methods and writing for the others."""
    if method == "OPTIONS":
        return "public"
    level: Level = handler.opt.get("access") or ("read" if method in SAFE_METHODS else "write")
    return level


async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let the request pass, or raise the reason why not (Unauthenticated, Refused, TooMany, Invalid)."""
    method = str(connection.scope.get("method", "GET"))
    level = level_of(handler, method)
    writes = method not in SAFE_METHODS
    if writes or connection.scope["type"] == ScopeType.WEBSOCKET:
        _check_origin(connection)
    if writes:
        _check_rate(connection)
        if not handler.opt.get("upload"):
            _check_content_type(connection)
    if level == "public":
        return
    actor = connection.scope.get("user")
    if level == "metrics" and _is_beside(connection):
        return
    if actor is None:
        raise _nobody(connection)
    if (actor.scope == "metrics") is not (level == "metrics") or (level == "metrics" and not actor.is_admin):
        raise Refused(
            "metrics_only",
            "The metrics are for programs on this machine and for admins' tokens with the scope metrics, and those"
            " tokens are for nothing else.",
            "Make a token with the scope that fits.",
        )
    signed_in = connection.scope.get("auth")
    _check_factor(signed_in, handler)
    if writes and isinstance(signed_in, SignedIn) and not _has_csrf(connection, signed_in):
        raise Refused("csrf", "The request does not carry this session's CSRF token.", "Load the page again.")
    if actor.scope == "read" and (level == "write" or (level == "admin" and writes)):
        raise Refused("read_only_token", "This API token may only read.", "Use a token with the scope write.")
    if level == "own" and not isinstance(signed_in, SignedIn):
        raise Refused("needs_session", "An API token cannot do this.", "Sign in in a browser.")
    if level == "admin" and not actor.is_admin:
        raise Refused("admins_only", "Only admins may do this.", "Ask an admin of your team.")
    if handler.opt.get("proof"):
        check_proof(signed_in)


def _is_beside(connection: Connection) -> bool:
    """Whether a program on this machine asks for itself, not a proxy for somebody else."""
    forwarded = any(name in connection.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    return connection.client is not None and connection.client.host in _LOCAL and not forwarded


def check_proof(signed_in: object) -> None:
    """Refused (`proof_needed`) unless the session proved minutes ago who it is; tokens cannot (`needs_session`)."""
    if not isinstance(signed_in, SignedIn):
        raise Refused("needs_session", "An API token cannot do this.", "Sign in in a browser.")
    if not signed_in.proved:
        raise Refused("proof_needed", "This takes a fresh proof that it is you.", "Confirm with POST /api/me/proof.")


def _check_factor(signed_in: object, handler: BaseRouteHandler) -> None:
    lacks = isinstance(signed_in, SignedIn | Token) and signed_in.lacks_factor
    if lacks and not handler.opt.get("without_factor"):
        raise Refused(
            "second_factor_required",
            "Your team asks for a second factor, and this account has none yet.",
            "Set one up under Settings, Security.",
        )


def _nobody(connection: Connection) -> Unauthenticated:
    if connection.headers.get("authorization", "").lower().startswith("bearer "):
        return Unauthenticated("bad_token", "The API token is unknown, revoked or expired.", "Make a new one.")
    return Unauthenticated("not_signed_in", "Nobody is signed in.", "Sign in, or send an API token.")


def _has_csrf(connection: Connection, signed_in: SignedIn) -> bool:
    return same(connection.headers.get(SESSION_HEADER, ""), signed_in.csrf)


def _check_origin(connection: Connection) -> None:
    """A browser says which page sends a request; only our own pages and configured origins may."""
    origin = connection.headers.get("origin")
    if origin is None:
        return
    access: Access = connection.app.state.crm.access
    own = {connection.headers.get("host", ""), urlsplit(access.config.public_url).netloc} - {""}
    if origin not in access.config.cors_origins and urlsplit(origin).netloc not in own:
        raise Refused(
            "foreign_origin",
            f"Pages of {origin[:200]} may not use this CRM.",
            "Name the origin in CRM_CORS_ORIGIN if it should.",
        )


def _check_rate(connection: Connection) -> None:
    """Slow down an address that floods the CRM with writes; programs on the machine itself are not counted."""
    address = connection.client.host if connection.client else ""
    if address in _LOCAL:
        return
    meter: Meter = connection.app.state.writes
    wait = meter.take(address)
    if wait:
        raise TooMany(
            "too_many_requests",
            f"There were more than {meter.most} writes in a minute from {address}.",
            f"Wait {wait} seconds. Put many edits into one change set.",
            extra={"retry_after": wait},
        )


def writes_meter(config: Config) -> Meter:
    """A new counter of writes by address."""
    return Meter(config.writes_per_minute, 60)


def _check_content_type(connection: Connection) -> None:
    """Refuse bodies that are not JSON: a form of a foreign page can send those without asking the browser first."""
    headers = connection.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Invalid(
            "wrong_content_type",
            f"The body is sent as {kind[:100] or 'nothing in particular'}, not as JSON.",
            "Send it with Content-Type: application/json.",
        )
