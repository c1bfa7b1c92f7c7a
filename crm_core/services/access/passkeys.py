"""Passkeys (WebAuthn): a key pair of which the person's device keeps the secret half and we the public one.

A passkey belongs to one host name, because browsers bind it to that; a CRM with two addresses takes one for each.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from crm_core import clock, ids
from crm_core.errors import Conflict, Invalid, NotFound, Refused
from crm_core.models import Passkey
from crm_core.names import tidy_name
from crm_core.services.access.tickets import Tickets
from crm_core.services.users import Person

_MOST = 20
_MAX_NAME = 60
_NEW, _USE = "new passkey", "passkey"


class Site(NamedTuple):
    """Where the browser is: the host name without a port, and the origin as the browser writes it."""

    host: str
    origin: str


class Challenge(NamedTuple):
    """What goes to `navigator.credentials`, as JSON values, and the ticket to come back with."""

    ticket: str
    options: dict[str, Any]


class Shown(NamedTuple):
    """Who a passkey belongs to, and whether the device asked for a finger, face or PIN."""

    user_id: int
    verified: bool


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    host: str
    created_at: str
    used_at: str | None

    @property
    def public_id(self) -> str:
        return ids.encode("pky", self.id)


class Passkeys:
    """Register passkeys and check them. All within the caller's unit of work."""

    def __init__(self, tickets: Tickets) -> None:
        self._tickets = tickets

    def invite(self, session: Session, person: Person, site: Site, issuer: str) -> Challenge:
        """Begin a registration; Refused (`too_many_passkeys`)."""
        import webauthn  # takes a quarter of a second, which a start need not
        from webauthn.helpers import structs

        known = _of(session, person.id)
        if len(known) >= _MOST:
            raise Refused("too_many_passkeys", f"A person has at most {_MOST} passkeys.", "Remove one first.")
        options = webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=issuer,
            user_id=person.public_id.encode(),
            user_name=person.email,
            user_display_name=person.name,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.PREFERRED,
                user_verification=structs.UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=[_descriptor(row) for row in known],
        )
        ticket = self._tickets.issue(_NEW, {"user": person.id, "challenge": options.challenge.hex()})
        return Challenge(ticket, _json(webauthn.options_to_json(options)))

    def add(
        self, session: Session, person: Person, ticket: str, credential: dict[str, Any], name: str, site: Site
    ) -> OwnPasskey:
        """Keep a new passkey; Refused (`ticket_gone`), Invalid (`bad_passkey`), Conflict (`passkey_known`)."""
        import webauthn

        name, held = checked_name(name), self._tickets.take(_NEW, ticket)
        if held["user"] != person.id:
            raise _bad()
        try:
            found = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=bytes.fromhex(held["challenge"]),
                expected_rp_id=site.host,
                expected_origin=site.origin,
            )
        except Exception as error:  # the library lets through whatever its parsers raise
            raise _bad() from error
        if session.exec(select(Passkey.id).where(col(Passkey.credential) == found.credential_id)).first() is not None:
            raise Conflict("passkey_known", "This passkey is registered already.", "Use another device or key.")
        row = Passkey(
            user_id=person.id,
            credential=found.credential_id,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            host=site.host,
            name=name,
            created_at=clock.now_text(),
        )
        session.add(row)
        session.flush()
        return _own(row)

    def ask(self, session: Session, user_id: int | None, site: Site) -> Challenge:
        """Ask for a passkey: one of this person's, or of anybody's (then the device must verify the person)."""
        import webauthn
        from webauthn.helpers import structs

        known = _of(session, user_id, site.host) if user_id is not None else []
        options = webauthn.generate_authentication_options(
            rp_id=site.host,
            allow_credentials=[_descriptor(row) for row in known],
            user_verification=structs.UserVerificationRequirement(
                "required" if user_id is None else "preferred",
            ),
        )
        ticket = self._tickets.issue(_USE, {"user": user_id, "challenge": options.challenge.hex()})
        return Challenge(ticket, _json(webauthn.options_to_json(options)))

    def check(self, session: Session, ticket: str, credential: dict[str, Any], site: Site) -> Shown | None:
        """Who showed a passkey, None when it does not hold; Refused (`ticket_gone`)."""
        import webauthn

        held = self._tickets.take(_USE, ticket)
        try:
            key = webauthn.base64url_to_bytes(str(credential.get("rawId", credential.get("id", ""))))
        except ValueError:
            return None
        row = session.exec(select(Passkey).where(col(Passkey.credential) == key)).one_or_none()
        if row is None or held["user"] not in (None, row.user_id):
            return None
        try:
            found = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=bytes.fromhex(held["challenge"]),
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=row.public_key,
                credential_current_sign_count=row.sign_count,
                require_user_verification=held["user"] is None,
            )
        except Exception:  # as in `add`: any fault means that it does not hold
            return None
        row.sign_count, row.used_at = found.new_sign_count, clock.now_text()
        session.add(row)
        return Shown(row.user_id, found.user_verified)

    def of(self, session: Session, user_id: int) -> Sequence[OwnPasskey]:
        """A person's passkeys, the oldest first."""
        return [_own(row) for row in _of(session, user_id)]

    def usable(self, session: Session, user_id: int, site: Site) -> bool:
        """Whether the person has one for this address of the CRM."""
        return bool(_of(session, user_id, site.host))

    def rename(self, session: Session, user_id: int, public_id: str, name: str) -> OwnPasskey:
        """Give one of the person's passkeys another name; NotFound (`unknown_passkey`)."""
        row = _load(session, user_id, public_id)
        row.name = checked_name(name)
        session.add(row)
        return _own(row)

    def remove(self, session: Session, user_id: int, public_id: str) -> OwnPasskey:
        """Forget one of the person's passkeys; NotFound (`unknown_passkey`)."""
        row = _load(session, user_id, public_id)
        gone = _own(row)
        session.delete(row)
        session.flush()
        return gone

    def remove_all(self, session: Session, user_id: int) -> int:
        """Forget all of a person's passkeys; answers how many there were."""
        rows = _of(session, user_id)
        for row in rows:
            session.delete(row)
        session.flush()
        return len(rows)


def checked_name(name: str) -> str:
    """A passkey's name without outer spaces; Invalid (`bad_name`)."""
    hint = "Name the device, for example: Ada's phone."
    return tidy_name(name, "A passkey's name", _MAX_NAME, hint=hint, pointer="/name")


def _bad() -> Invalid:
    return Invalid(
        "bad_passkey",
        "What the browser sent is not a passkey for this address.",
        "Try again. Use the address that people type, with TLS.",
        pointer="/credential",
    )


def _of(session: Session, user_id: int, host: str | None = None) -> Sequence[Passkey]:
    wanted = select(Passkey).where(col(Passkey.user_id) == user_id).order_by(col(Passkey.id))
    return session.exec(wanted if host is None else wanted.where(col(Passkey.host) == host)).all()


def _load(session: Session, user_id: int, public_id: str) -> Passkey:
    row = session.get(Passkey, ids.decode("pky", public_id))
    if row is None or row.user_id != user_id:
        raise NotFound("unknown_passkey", "There is no such passkey.", "Read /api/me/second-factor again.")
    return row


def _descriptor(row: Passkey) -> Any:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return PublicKeyCredentialDescriptor(id=row.credential)


def _own(row: Passkey) -> OwnPasskey:
    return OwnPasskey(row.id or 0, row.name, row.host, row.created_at, row.used_at)


def _json(text: str) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(text)
    return options
