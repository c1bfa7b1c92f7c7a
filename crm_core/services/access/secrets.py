"""Random secrets that are handed out once and stored only as SHA-256, which is enough for 256 random bits."""

import hashlib
import secrets

TOKEN_PREFIX = "crm_"


def make(prefix: str = "") -> str:
    """A new secret of 256 random bits, safe in links, cookies and headers."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored in place of a secret; text that cannot be encoded gives a digest that nothing has."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return secrets.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
