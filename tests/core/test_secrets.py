"""Secrets at rest open only with their key, for their purpose, at their place, and unchanged."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.services.secrets import Sealed, Vault

KEY = "k" * 40


@given(secret=st.text(max_size=200), place=st.text(min_size=1, max_size=40))
def test_what_is_sealed_opens_at_its_place_only(secret: str, place: str) -> None:
    secret, place = (text.encode("utf-8", "ignore").decode() for text in (secret, place + "/x"))
    vault = Vault(KEY, "a test")
    sealed = vault.seal(secret, place)
    assert vault.open(sealed, place) == secret
    assert len(secret) < 8 or secret not in sealed
    with pytest.raises(Sealed):
        vault.open(sealed, place + "y")


def test_another_key_or_purpose_does_not_open() -> None:
    sealed = Vault(KEY, "a test").seal("hunter22", "here")
    for other in (Vault("o" * 40, "a test"), Vault(KEY, "another")):
        with pytest.raises(Sealed, match="here"):
            other.open(sealed, "here")


def test_the_same_secret_never_looks_the_same() -> None:
    vault = Vault(KEY, "a test")
    assert len({vault.seal("hunter22", "here") for _ in range(50)}) == 50


def test_every_flipped_bit_is_noticed() -> None:
    vault = Vault(KEY, "a test")
    raw = bytearray(base64.b64decode(vault.seal("hunter22", "here")))
    for bit in range(len(raw) * 8):
        raw[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Sealed):
            vault.open(base64.b64encode(bytes(raw)).decode(), "here")
        raw[bit // 8] ^= 1 << bit % 8
    for text in ("", "no base64 at all", "AAAA"):
        with pytest.raises(Sealed):
            vault.open(text, "here")
