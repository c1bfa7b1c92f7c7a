"""Secrets at rest: sealed with keys derived from CRM_SECRET_KEY, so that the database and its backups alone open none.

Without CRM_SECRET_KEY (development only) the key is made once in `secret.key` of the data folder, mode 0600, which no
backup contains. Losing the key loses the sealed secrets and nothing else.

    vault = Vault(config.secret_key, "plugin settings")     one purpose, one derived key
    text = vault.seal(secret, "mailer/password")            only this vault opens it, and only at this place
    secret = vault.open(text, "mailer/password")            Sealed when the key or the place is another
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class Sealed(Exception):
    """A stored secret cannot be opened with this CRM_SECRET_KEY, or not at this place; the text names the place."""


class Vault:
    """Seals texts by AES-256-GCM under a key of its own for each purpose (HKDF-SHA256), each bound to its place."""

    def __init__(self, secret_key: str, purpose: str) -> None:
        self._cipher = AESGCM(derive(secret_key, purpose))

    def seal(self, secret: str, place: str) -> str:
        """The secret as text that only this key opens, and only at this place."""
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, secret.encode(), place.encode())).decode()

    def open(self, sealed: str, place: str) -> str:
        """The secret; Sealed when the key or the place is another, or the text was changed."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Sealed(f"The stored secret {place} cannot be read with this CRM_SECRET_KEY") from error


def derive(secret_key: str, purpose: str) -> bytes:
    """32 bytes for one purpose; who knows one purpose's key learns nothing of the others'."""
    return HKDF(SHA256(), 32, salt=None, info=f"venture-crm {purpose}".encode()).derive(secret_key.encode())
