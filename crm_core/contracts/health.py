"""How a plugin says whether what it needs works."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Verdict(NamedTuple):
    """`ok`, and in words what was found; the words hold no secrets."""

    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A quick check (well under a second). `critical` ones make `/readyz` answer 503."""

    name: str
    check: Callable[[], Verdict]
    critical: bool = False
