"""Who acts: a signed-in person, a program with a token, the command line, or the CRM itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is None only for the system and the command line; `scope` read refuses every write."""

    user_id: int | None
    name: str
    role: str = "member"
    scope: str = "write"

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


SYSTEM = Actor(None, "Venture CRM", "admin")
"""The CRM itself, and the person at the server's command line."""
