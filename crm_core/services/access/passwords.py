"""Passwords: which are good enough (NIST SP 800-63B: length and guessability, no composition rules), and argon2id."""

import re
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm_core.errors import Invalid

LEAST = 10
MOST = 1024
_GUESSED = 72  # characters that zxcvbn looks at
_GOOD = 3  # zxcvbn's scale of 0–4: from here on more than 10^8 guesses
_AT_ONCE = 2  # a hash takes 64 MiB, so a flood of sign-ins must queue


class Passwords:
    """Judge, hash and compare passwords; safe to use from many threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._decoy = ""

    def hash(self, password: str, *, email: str, name: str, pointer: str = "/password") -> str:
        """The argon2id hash of a new password; Invalid with the reason when it is too easy to guess."""
        check(password, email=email, name=name, pointer=pointer)
        with self._room:
            return self._hasher.hash(_bytes(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the stored one; without a stored one this takes as long and says no."""
        with self._room:
            if not self._decoy:
                self._decoy = self._hasher.hash("nobody has this password")
            try:
                self._hasher.verify(stored or self._decoy, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        return bool(stored)

    def outdated(self, stored: str) -> bool:
        """Whether a stored hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def again(self, password: str) -> str:
        """Hash a password that was accepted before, with today's parameters."""
        with self._room:
            return self._hasher.hash(_bytes(password))


def check(password: str, *, email: str, name: str, pointer: str = "/password") -> None:
    """Raise Invalid when a password is too short, too long, or easy to guess for somebody who knows the person."""
    if len(password) < LEAST:
        raise Invalid(
            "password_too_short",
            f"The password has fewer than {LEAST} characters.",
            "A few words in a row are long and easy to remember.",
            pointer=pointer,
        )
    if len(password) > MOST:
        raise Invalid(
            "password_too_long",
            f"The password has more than {MOST} characters.",
            "Use a shorter one.",
            pointer=pointer,
        )
    known = _known(email, name)
    squeezed = re.sub(r"\s", "", password.casefold())
    if any(part in squeezed for part in known if len(part) >= 4):
        raise Invalid(
            "password_has_name",
            "The password contains the name or the e-mail address of its account.",
            "Use words that have nothing to do with you.",
            pointer=pointer,
        )
    from zxcvbn import zxcvbn  # its word lists are only needed here

    verdict = zxcvbn(password[:_GUESSED], user_inputs=[*known, *name.split(), "venture", "crm"])
    if verdict["score"] < _GOOD:
        advice = verdict["feedback"]
        raise Invalid(
            "password_guessable",
            advice["warning"] or "The password is easy to guess.",
            " ".join(advice["suggestions"]) or "Add another word or two. Uncommon words are better.",
            pointer=pointer,
        )


def too_easy(password: str, *, email: str, name: str) -> bool:
    """Whether a password that was taken before would be refused today (it is old, or the person's name has changed)."""
    try:
        check(password, email=email, name=name)
    except Invalid:
        return True
    return False


def _known(email: str, name: str) -> list[str]:
    """The address, its first part and the name, as they could stand in a password."""
    parts = (email, email.partition("@")[0], name)
    return [re.sub(r"\s", "", part.casefold()) for part in parts if part.strip()]


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
