"""The whole web application over a real database, and its callers: admin, member, tokens of both, nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.crm import Crm
from crm_core.models import User
from crm_core.services.access import Client, Opened
from crm_core.services.users import Person

Who = Literal["nobody", "reader", "writer", "member", "admin_reader", "admin_writer", "admin_metrics", "admin"]
"""In the order of the columns in docs/reference/permissions.md."""
PASSWORD = "quiet otters cross rivers"
HERE = Client("192.0.2.1", "a test")


class Site:
    """A running application. `call` makes one request as one of the callers, with fresh credentials."""

    def __init__(self, app: Litestar, client: TestClient[Litestar]) -> None:
        self.app = app
        self.client = client
        self.crm: Crm = app.state.crm
        accounts = self.crm.access.accounts
        self.admin = accounts.create(SYSTEM, email="ada@example.org", name="Ada Admin", password=PASSWORD, role="admin")
        self.member = accounts.create(SYSTEM, email="bob@example.org", name="Bob Member", password=PASSWORD)
        self._tokens: dict[str, str] = {}

    def person(self, who: Who) -> Person:
        return self.admin if who.startswith("admin") else self.member

    def enter(self, who: Who) -> Opened:
        """A new session, without the cost of a password."""
        with self.crm.units.write() as session:
            user = session.get(User, self.person(who).id)
            assert user is not None
            return self.crm.access.sessions.open(session, user, HERE)

    def credentials(self, who: Who) -> dict[str, str]:
        """The headers that a caller sends."""
        if who == "nobody":
            return {}
        if who.endswith(("reader", "writer", "metrics")):
            scope = {"reader": "read", "writer": "write", "metrics": "metrics"}[who.rpartition("_")[2]]
            if who not in self._tokens:
                self._tokens[who] = self.crm.access.tokens.create(self.person(who).acting(), scope, scope).secret
            return {"Authorization": f"Bearer {self._tokens[who]}"}
        opened = self.enter(who)
        return {"Cookie": f"crm_session={opened.secret}", "X-CSRF-Token": opened.session.csrf}

    def call(self, who: Who, method: str, path: str, **rest: Any) -> httpx.Response:
        self.client.cookies.clear()
        headers = {**self.credentials(who), **rest.pop("headers", {})}
        answer = self.client.request(method, path, headers=headers, **rest)
        self.client.cookies.clear()
        return answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One application for the tests of a module."""
    folder: Path = tmp_path_factory.mktemp("site")
    app = create_app(from_env({}, data_dir=folder))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Site(app, client)


def code_of(answer: httpx.Response) -> str:
    """The code of a problem, after checking that it is one and shows no trace."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert {"type", "title", "status", "code", "detail", "hint"} <= body.keys()
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    code: str = body["code"]
    return code
