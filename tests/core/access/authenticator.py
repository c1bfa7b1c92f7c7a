"""A passkey device in software: makes and shows ES256 passkeys as a browser would send them (WebAuthn level 2)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


class Device:
    """One device with one passkey. `verifies`: it asks for a finger; `counts`: it counts its uses."""

    def __init__(self, host: str, origin: str, *, verifies: bool = True, counts: bool = False) -> None:
        self.host = host
        self.origin = origin
        self.verifies = verifies
        self.count = 1 if counts else 0
        self.id = secrets.token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer `navigator.credentials.create`."""
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._data(_ATTESTED) + attested
        told = self._client("webauthn.create", options["challenge"])
        response = {
            "clientDataJSON": _text(told),
            "attestationObject": _text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response}

    def show(self, options: dict[str, Any], user: str = "") -> dict[str, Any]:
        """Answer `navigator.credentials.get`."""
        if self.count:
            self.count += 1
        data, told = self._data(0), self._client("webauthn.get", options["challenge"])
        signature = self._key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": _text(told),
            "authenticatorData": _text(data),
            "signature": _text(signature),
            "userHandle": _text(user.encode()) if user else None,
        }
        return {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response}

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
