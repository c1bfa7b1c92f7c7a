"""Schemathesis over the whole description, against a real server: whatever is sent, no 5xx and nothing undescribed.

Signing out and changing the own password are left to tests of their own: they would end the session that tests.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_path
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.browser.server import ADMIN, Server, run_crm, serving
from tests.house.source import ROOT

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDS_THE_SESSION = ["sign_out", "sign_out_everywhere", "end_session", "change_me", "change_account"]
BOUNDED = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("any") / "data", "--demo") as running:
        yield running


@pytest.fixture(scope="module")
def cookie(server: Server) -> dict[str, str]:
    body = {"email": ADMIN.email, "password": ADMIN.password}
    answer = httpx.post(f"{server.url}/api/session", json=body)
    return {"Cookie": f"crm_session={answer.cookies['crm_session']}", "X-CSRF-Token": answer.json()["csrf"]}


@pytest.fixture(scope="module")
def bearer(server: Server) -> dict[str, str]:
    secret = run_crm(
        server.data_dir, "token", "create", "--email", ADMIN.email, "--name", "any", "--scope", "write"
    ).strip()
    return {"Authorization": f"Bearer {secret}"}


every = from_path(ROOT / "docs/reference/openapi.json")  # a house test holds it equal to the code
lasting = every.exclude(operation_id=ENDS_THE_SESSION)


@every.parametrize()
@BOUNDED
def test_anything_from_nobody(case: schemathesis.Case, server: Server) -> None:
    case.call_and_validate(base_url=server.url, checks=CHECKS, headers={"Cookie": "", "Authorization": ""})


@lasting.parametrize()
@BOUNDED
def test_anything_from_an_admin_in_a_browser(case: schemathesis.Case, server: Server, cookie: dict[str, str]) -> None:
    answer = case.call_and_validate(base_url=server.url, checks=CHECKS, headers=cookie)
    assert b"not_signed_in" not in answer.content


@lasting.parametrize()
@BOUNDED
def test_anything_from_a_program(case: schemathesis.Case, server: Server, bearer: dict[str, str]) -> None:
    answer = case.call_and_validate(base_url=server.url, checks=CHECKS, headers=bearer)
    assert b"not_signed_in" not in answer.content
    assert b"bad_token" not in answer.content
