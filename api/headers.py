"""Headers that every answer carries, so that a browser does nothing with our pages that we did not mean."""

from litestar.types import Message, Scope

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_ALWAYS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
_TLS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_NO_STORE = (b"cache-control", b"no-store")


async def add_headers(message: Message, scope: Scope) -> None:
    """Add them to the start of an answer; answers with the team's data are not to be kept by any cache."""
    if message["type"] != "http.response.start":
        return
    headers = [*message["headers"], *_ALWAYS]
    if not any(name == b"cache-control" for name, _ in headers):
        headers.append(_NO_STORE)
    if scope["scheme"] == "https" and scope["litestar_app"].state.production:
        headers.append(_TLS)
    message["headers"] = headers
