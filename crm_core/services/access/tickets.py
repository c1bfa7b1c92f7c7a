"""Tickets: what a browser holds between two steps of one act, such as the password and the code after it.

A ticket is sealed, so it says nothing and cannot be made up; it is for one purpose, lives for minutes, is taken once.
Nothing of it is stored, so any process of the CRM takes it; that it was taken is remembered in this process only.
"""

import json
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from crm_core import clock
from crm_core.errors import Refused
from crm_core.services.access import secrets
from crm_core.services.secrets import Sealed, Vault

LASTS = timedelta(minutes=5)
_PURPOSE = "tickets"


class Tickets:
    """Issue and take tickets."""

    def __init__(self, secret_key: str) -> None:
        self._vault = Vault(secret_key, _PURPOSE)
        self._lock = threading.Lock()
        self._taken: dict[str, str] = {}

    def issue(self, purpose: str, data: Mapping[str, Any]) -> str:
        """A ticket for one purpose that carries JSON values."""
        until = clock.to_text(clock.now() + LASTS)
        return self._vault.seal(json.dumps({"id": secrets.make(), "until": until, "data": data}), purpose)

    def read(self, purpose: str, ticket: str) -> dict[str, Any]:
        """What a ticket carries, which can be taken still; Refused (`ticket_gone`)."""
        return self._open(purpose, ticket)[2]

    def take(self, purpose: str, ticket: str) -> dict[str, Any]:
        """What a ticket carries; from now on it is worth nothing. Refused (`ticket_gone`)."""
        number, until, data = self._open(purpose, ticket)
        now = clock.now_text()
        with self._lock:
            if number in self._taken:
                raise _gone()
            self._taken = {key: end for key, end in self._taken.items() if end > now} | {number: until}
        return data

    def _open(self, purpose: str, ticket: str) -> tuple[str, str, dict[str, Any]]:
        try:
            found = json.loads(self._vault.open(ticket, purpose))
        except Sealed:
            raise _gone() from None
        if found["until"] <= clock.now_text() or found["id"] in self._taken:
            raise _gone()
        return found["id"], found["until"], found["data"]


def _gone() -> Refused:
    return Refused("ticket_gone", "This step took too long, or was done already.", "Begin again.")
