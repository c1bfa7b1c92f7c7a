"""Requests and answers about second factors: codes of an app, passkeys, recovery codes, and confirming once more."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from api.shapes.account import Moment, Password, Request, Ticket, Way

Code = Annotated[
    str, Meta(max_length=64, examples=["492039"], description="Six digits of the app, or a recovery code.")
]
Credential = Annotated[
    dict[str, Any], Meta(description="A PublicKeyCredential as JSON, as `toJSON()` of a browser gives it.")
]
PasskeyName = Annotated[str, Meta(max_length=200, examples=["Ada's phone"])]


class SignInCode(Request):
    ticket: Ticket
    code: Code


class AskPasskey(Request):
    """`ticket` of the second step; without one a passkey signs in alone."""

    ticket: Ticket | None = None


class SignInPasskey(Request):
    """`step` is the ticket of the second step, `ticket` the one that came with the question for a passkey."""

    ticket: Ticket
    credential: Credential
    step: Ticket | None = None


class PasskeyQuestion(Struct):
    """`options` go to `navigator.credentials`, once their base64url members are turned into bytes."""

    ticket: Ticket
    options: dict[str, Any]


class Passkey(Struct):
    """A passkey; it works at the address `host` only."""

    id: str
    name: PasskeyName
    host: str
    created_at: Moment
    used_at: Moment | None


class SecondFactor(Struct):
    """What is set up. `required`: the team's policy demands one of this account."""

    app_since: Moment | None
    passkeys: list[Passkey]
    recovery_codes_left: int
    required: bool


class NewApp(Struct):
    """For an authenticator app: the secret in base32, the same as an `otpauth://` address and as a picture (SVG)."""

    ticket: Ticket
    secret: str
    address: str
    qr: str


class ConfirmApp(Request):
    ticket: Ticket
    code: Code


class RecoveryCodes(Struct):
    """Codes shown this once; empty when those made before still hold."""

    recovery_codes: list[str]


class AddPasskey(Request):
    ticket: Ticket
    credential: Credential
    name: PasskeyName


class MadePasskey(Struct):
    passkey: Passkey
    recovery_codes: list[str]


class RenamePasskey(Request):
    name: PasskeyName


class ProofWays(Struct):
    """How one can confirm: `password` always; `also` says what must come with it, when that is not empty."""

    also: list[Way]


class Confirm(Request):
    """A password (with a code or passkey where a second factor is set up), or a passkey that verifies the person."""

    password: Password | None = None
    code: Code | None = None
    ticket: Ticket = ""
    credential: Credential | None = None
