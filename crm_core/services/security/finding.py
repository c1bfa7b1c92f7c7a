"""One point of the checklist."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "attention", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`key` is stable; `detail` says what was found, `advice` what to do, empty when all is well. No secrets."""

    key: str
    title: str
    state: State
    detail: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the edge knows: whether this request came by TLS, whether headers of a proxy came along, from which
    address, and whether the web framework runs in its debug mode."""

    tls: bool
    forwarded: bool
    address: str
    debug: bool = False
