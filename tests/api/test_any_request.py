"""Schemathesis over the whole description, against a real server: whatever is sent, no 5xx and nothing undescribed.

As admin, as member, by a token that may only read, and as nobody: a success where docs/reference/permissions.md shows
no open door fails. Who is refused at the door gets fewer requests, because nothing behind it is reached.
What ends the session that tests is left to tests of its own, so is what takes the server's data away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from api.permissions import MAY
from tests.api.test_who_may import MATRIX
from tests.browser.server import ADMIN, Account, Server, serving
from tests.house.source import ROOT


@schemathesis.check
def strictness(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> bool | None:
    """negative_data_rejection, but for what Litestar reads leniently: 0, 1 and "true" where a yes or no is meant."""
    body = case.body if isinstance(case.body, dict) else {}
    lenient = any(isinstance(value, int | float | str) and str(value).lower() in _YES_OR_NO for value in body.values())
    return None if lenient else negative_data_rejection(ctx, response, case)


_YES_OR_NO = {"0", "1", "0.0", "1.0", "true", "false"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    missing_required_header,
    strictness,
]
"""All that judge one answer but positive_data_acceptance, because no schema can say which ids and values there are,
and ignored_auth, which the shut doors below do more strictly."""
MEMBER = Account("bob@example.org", "Bob Member", "seven geese over the lake")
ENDS_THE_SESSION = [
    "sign_out",
    "sign_out_everywhere",
    "end_session",
    "change_me",
    "confirm_myself",
    "change_account",
    "sign_out_account",
    "reset_second_factor",
    "restore_backup",
]


def bounded(examples: int) -> settings:
    """How much is tried: the examples of the description, and so many generated ones."""
    return settings(
        max_examples=examples,
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
def admin(server: Server) -> dict[str, str]:
    return browser(server, ADMIN)


@pytest.fixture(scope="module")
def member(server: Server, admin: dict[str, str]) -> dict[str, str]:
    body = {"email": MEMBER.email, "name": MEMBER.name, "password": MEMBER.password}
    assert httpx.post(f"{server.url}/api/admin/users", json=body, headers=admin).status_code == 201
    return browser(server, MEMBER)


@pytest.fixture(scope="module")
def reader(server: Server) -> dict[str, str]:
    headers = browser(server, ADMIN)
    made = httpx.post(f"{server.url}/api/tokens", json={"name": "any", "scope": "read"}, headers=headers)
    return {"Authorization": f"Bearer {made.json()['secret']}"}


def browser(server: Server, who: Account) -> dict[str, str]:
    """The headers of a browser that signed in."""
    answer = httpx.post(f"{server.url}/api/session", json={"email": who.email, "password": who.password})
    return {"Cookie": f"crm_session={answer.cookies['crm_session']}", "X-CSRF-Token": answer.json()["csrf"]}


def description() -> dict[str, Any]:
    """The committed description (a house test holds it equal to the code) without its credentials: we send our own."""
    found: dict[str, Any] = json.loads((ROOT / "docs/reference/openapi.json").read_text("utf-8"))
    del found["components"]["securitySchemes"]
    for operations in found["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
    return found


every = from_dict(description())
lasting = every.exclude(operation_id=ENDS_THE_SESSION)


def doors(caller: str, *, opened: bool) -> Any:
    """The operations whose door is open for this caller, or shut."""

    def wanted(context: Any) -> bool:
        row = MATRIX.get(context.operation.label)
        return row is not None and (row[caller] == MAY) == opened

    return lasting.include(func=wanted)


def call(case: schemathesis.Case, server: Server, headers: dict[str, str]) -> Any:
    return case.call_and_validate(base_url=server.url, checks=CHECKS, headers=headers)


def refused(case: schemathesis.Case, server: Server, headers: dict[str, str]) -> None:
    """Behind a shut door nothing succeeds, whatever is sent."""
    answer = case.call_and_validate(base_url=server.url, checks=CHECKS, headers=headers)
    same = answer.request.method == case.operation.method.upper()  # other methods are tried too, OPTIONS among them
    assert answer.status_code >= 400 or not same, f"{case.operation.label}: {answer.status_code} {answer.text[:300]}"


@doors("admin", opened=True).parametrize()
@bounded(10)
def test_anything_from_an_admin_in_a_browser(case: schemathesis.Case, server: Server, admin: dict[str, str]) -> None:
    assert b"not_signed_in" not in call(case, server, admin).content


@doors("member", opened=True).parametrize()
@bounded(4)
def test_anything_from_a_member(case: schemathesis.Case, server: Server, member: dict[str, str]) -> None:
    assert b"not_signed_in" not in call(case, server, member).content


@doors("member", opened=False).parametrize()
@bounded(3)
def test_nothing_of_the_admins_opens_for_a_member(
    case: schemathesis.Case, server: Server, member: dict[str, str]
) -> None:
    refused(case, server, member)


@doors("admin_reader", opened=True).parametrize()
@bounded(3)
def test_anything_from_a_program_that_reads(case: schemathesis.Case, server: Server, reader: dict[str, str]) -> None:
    answer = call(case, server, reader)
    assert b"not_signed_in" not in answer.content
    assert b"bad_token" not in answer.content


@doors("admin_reader", opened=False).parametrize()
@bounded(3)
def test_nothing_is_written_by_a_program_that_reads(
    case: schemathesis.Case, server: Server, reader: dict[str, str]
) -> None:
    refused(case, server, reader)


@doors("nobody", opened=True).parametrize()
@bounded(10)
def test_anything_from_nobody(case: schemathesis.Case, server: Server) -> None:
    call(case, server, {"Cookie": "", "Authorization": ""})


@doors("nobody", opened=False).parametrize()
@bounded(3)
def test_nothing_opens_for_nobody(case: schemathesis.Case, server: Server) -> None:
    refused(case, server, {"Cookie": "", "Authorization": ""})


def test_no_operation_is_left_out() -> None:
    """Every described operation is in the matrix that the filters above go by."""
    found = description()["paths"]
    described = {f"{method.upper()} {path}" for path, operations in found.items() for method in operations}
    assert described <= set(MATRIX)
    assert len(described) > 60
