"""Whether the process lives and whether it can work."""

from typing import Literal

from msgspec import Struct


class Health(Struct):
    status: Literal["ok"]
    version: str


class Check(Struct):
    name: str
    ok: bool
    detail: str


class Readiness(Struct):
    """`unready` comes with the status 503."""

    status: Literal["ready", "unready"]
    checks: list[Check]
