"""Requests and answers about how safe the running system is, and what the team demands."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.shapes.account import Request

Host = Annotated[str, Meta(max_length=300, examples=["spark.local"])]


class SecurityFinding(Struct):
    """One point of the go-live checklist; `advice` says what to do when it is not ok."""

    key: Annotated[str, Meta(examples=["secret_key"])]
    title: str
    state: Literal["ok", "attention", "problem"]
    detail: str
    advice: str


class SecurityStatus(Struct):
    """The checklist; `ready` when no point is a problem."""

    ready: bool
    findings: list[SecurityFinding]


class SecurityPolicy(Struct):
    """What the team demands, and which hosts of the own network plugins may reach."""

    admins_need_second_factor: bool
    members_need_second_factor: bool
    allowed_hosts: list[Host]


class ChangePolicy(Request):
    admins_need_second_factor: bool | None = None
    members_need_second_factor: bool | None = None
    allowed_hosts: Annotated[list[Host], Meta(max_length=200)] | None = None
