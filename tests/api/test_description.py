"""The OpenAPI description: complete, unambiguous, and its examples are what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from api.examples import ANSWERS, PROBLEMS, REQUESTS
from api.openapi import describe
from tests.api.conftest import Site, code_of

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    return describe(site.app)


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [op for path in document["paths"].values() for method, op in path.items() if method in METHODS]


def faults(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What a schema of the description has against a value."""
    whole = {**schema, "components": document["components"]}
    return [str(fault) for fault in Draft202012Validator(whole).iter_errors(value)]


def test_it_is_served_without_signing_in(site: Site, document: dict[str, Any]) -> None:
    answer = site.call("nobody", "GET", "/api/schema", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(document))


def test_every_operation_has_a_name_a_group_a_sentence_and_says_who_may(document: dict[str, Any]) -> None:
    found = operations(document)
    assert len(found) > 40
    assert len({op["operationId"] for op in found}) == len(found)
    groups = {tag["name"] for tag in document["tags"]}
    for op in found:
        assert set(op["tags"]) <= groups, op["operationId"]
        assert op["summary"], op["operationId"]
        assert "security" in op, op["operationId"]
        assert "500" in op["responses"], op["operationId"]


def test_every_json_body_has_an_example_and_takes_it(document: dict[str, Any]) -> None:
    seen = set()
    for op in operations(document):
        content = op.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            seen.add(op["operationId"])
            assert "example" in content, op["operationId"]
            assert not faults(document, content["schema"], content["example"]), op["operationId"]
    assert seen == set(REQUESTS)


def test_examples_of_answers_and_problems_fit(document: dict[str, Any]) -> None:
    by_id = {op["operationId"]: op for op in operations(document)}
    for name, example in ANSWERS.items():
        content = by_id[name]["responses"]["200"]["content"]["application/json"]
        assert not faults(document, content["schema"], example), name
    for status, example in PROBLEMS.items():
        assert not faults(document, document["components"]["schemas"]["Problem"], example), status


def test_a_check_of_the_checks(document: dict[str, Any]) -> None:
    content = {"$ref": "#/components/schemas/SignIn"}
    assert faults(document, content, {"email": 5, "password": "x"})
    assert faults(document, content, {**REQUESTS["sign_in"], "surprise": 1})


def test_real_problems_fit_the_shape(site: Site, document: dict[str, Any]) -> None:
    shape = document["components"]["schemas"]["Problem"]
    for answer in (
        site.call("nobody", "GET", "/api/users"),
        site.call("admin", "POST", "/api/tokens", json={"name": 5}),
        site.call("member", "GET", "/api/admin/users"),
        site.call("member", "GET", "/api/tables/nothing/fields"),
    ):
        assert code_of(answer)
        assert not faults(document, shape, answer.json())
