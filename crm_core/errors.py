"""The CrmError tree: every problem a caller can act on, with a stable code.

The core knows nothing of HTTP; `api/problems.py` holds the one table from these classes to status codes.
Each code is documented in `docs/reference/errors.md` (a house test compares the two).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong inside a request: where (JSON pointer into the request) and why."""

    code: str
    detail: str
    pointer: str = ""


@dataclass(eq=False)
class CrmError(Exception):
    """A problem with a stable `code`, a `message` (what and where) and a `hint` (what to do).

    `faults` lists the parts of a bad request one by one; `extra` carries facts a program needs to go on
    (for example the current version after a conflict). Both reach the client as they are: no secrets.
    """

    code: str
    message: str
    hint: str = ""
    pointer: str = ""
    faults: Sequence[Fault] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]" + (f" {self.hint}" if self.hint else "")


class NotFound(CrmError):
    """The thing named does not exist, or not for this actor."""


class Conflict(CrmError):
    """Somebody else was faster, or the state does not allow this now."""


class Refused(CrmError):
    """The actor may not do this."""


class Unauthenticated(Refused):
    """Nobody is signed in, or the credentials are wrong."""


class Invalid(CrmError):
    """The request is malformed or a value cannot be taken."""


class TooLarge(Invalid):
    """The request is bigger than a documented limit."""


class TooMany(Refused):
    """A rate limit was passed; `extra["retry_after"]` says when to try again, in seconds."""


class Unavailable(CrmError):
    """Something the CRM needs does not work now (disk full, read-only data folder, maintenance)."""


class PluginProblem(CrmError):
    """A plugin is missing, off, broken or clashed; the message names it."""
