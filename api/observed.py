"""Every request gets an id, is counted and timed by its route, and can be found in the log."""

import logging
import re
import secrets
from typing import Any

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import LifeSpanReceive, LifeSpanScope, LifeSpanSend, Message, Receive, Scope, Send

from api.logs import ACCESS, REQUEST
from api.metrics import Metrics
from crm_core import clock

HEADER = b"x-request-id"
_GOOD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
NOWHERE = "(no route)"


class Observed(Litestar):
    """The application, with a look at what goes through it."""

    metrics: Metrics

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        """Answer one connection; a request's id is the caller's, if it is well formed, else a new one."""
        if scope["type"] != ScopeType.HTTP:
            await super().__call__(scope, receive, send)
            return
        name = _name_of(scope["headers"])  # type: ignore[typeddict-item]
        token = REQUEST.set(name)
        started, status = clock.monotonic(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, name.encode())]
            await send(message)  # type: ignore[arg-type]

        try:
            await super().__call__(scope, receive, answer)
        finally:
            self._note(scope, status, clock.monotonic() - started)
            REQUEST.reset(token)

    def _note(self, scope: Any, status: int, seconds: float) -> None:
        """Count a request under its route's template: what was filled in may be private, and has no end."""
        route = scope.get("path_template") or NOWHERE
        method = scope["method"] if route != NOWHERE else "-"
        self.metrics.answered(method, route, status, seconds)
        if ACCESS.isEnabledFor(logging.INFO):
            facts = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            ACCESS.info("%s %s %s in %s ms", *facts.values(), extra={"facts": facts})


def _name_of(headers: Any) -> str:
    for key, value in headers:
        if key == HEADER and _GOOD.fullmatch(value):
            return str(value.decode())
    return secrets.token_hex(8)
