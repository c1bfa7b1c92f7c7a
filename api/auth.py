"""From a cookie or an Authorization header to who acts."""

from typing import Any, Literal
from urllib.parse import urlsplit

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from crm_core.services.access import Access, Client, Opened, Site
from crm_core.services.access.sessions import LONGEST

SESSION_HEADER = "X-CSRF-Token"
COOKIE = "crm_session"
OPEN = {"no_authentication": True}
"""For handlers that never ask who acts (static files, health): the database is not asked either."""

Connection = ASGIConnection[Any, Any, Any, Any]


class Authentication(AbstractAuthenticationMiddleware):
    """Puts the acting person into `scope["user"]` and the session or token into `scope["auth"]`; None when nobody."""

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        access: Access = connection.app.state.crm.access
        scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            secret = secret.strip()
            token = access.tokens.peek(secret) or await sync_to_thread(access.tokens.find, secret)
            return AuthenticationResult(token.person.acting(token.scope) if token else None, token)
        secret = connection.cookies.get(cookie_name(connection), "")
        if not secret:
            return AuthenticationResult(None, None)
        signed_in = access.sessions.peek(secret) or await sync_to_thread(access.sessions.find, secret)
        return AuthenticationResult(signed_in.person.acting() if signed_in else None, signed_in)


def client_of(request: Connection) -> Client:
    """Where a request comes from; behind a trusted proxy the server has put in the real address."""
    address = request.client.host if request.client else ""
    return Client(address, request.headers.get("user-agent", ""))


def is_tls(connection: Connection) -> bool:
    """Whether the browser came by TLS: a trusted proxy says so, or the public address is known to be https."""
    access: Access = connection.app.state.crm.access
    return connection.scope["scheme"] in ("https", "wss") or access.config.public_url.startswith("https://")


def site_of(request: Connection) -> Site:
    """The address that the browser shows, as passkeys know it."""
    host = request.headers.get("host", "")
    name = urlsplit(f"//{host}").hostname or ""
    return Site(name, f"{'https' if is_tls(request) else 'http'}://{host}")


def cookie_name(connection: Connection) -> str:
    """Over TLS the name that browsers accept from this host alone, so that no neighbour can plant a session."""
    return f"__Host-{COOKIE}" if is_tls(connection) else COOKIE


def session_cookie(request: Connection, opened: Opened) -> Cookie:
    """The cookie that carries a new session."""
    return _cookie(request, opened.secret, int(LONGEST.total_seconds()))


def no_cookie(request: Connection) -> Cookie:
    """The cookie that takes the session out of the browser."""
    return _cookie(request, "", 0)


def _cookie(request: Connection, value: str, seconds: int) -> Cookie:
    same_site: Literal["lax"] = "lax"
    return Cookie(
        key=cookie_name(request),
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        secure=is_tls(request),
        samesite=same_site,
    )
