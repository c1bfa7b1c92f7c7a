"""Requests and answers about people: signing in, invitations, tokens, accounts."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Role = Literal["admin", "member"]
Scope = Literal["read", "write", "metrics"]
Email = Annotated[str, Meta(max_length=320, examples=["ada@example.org"], description="An e-mail address.")]
Name = Annotated[str, Meta(max_length=300, examples=["Ada Lovelace"], description="1 to 120 printable characters.")]
Password = Annotated[
    str, Meta(max_length=1024, examples=["quiet otters cross rivers"], description="At least 10 characters.")
]
Secret = Annotated[str, Meta(max_length=200, description="The secret of a link.")]
Moment = Annotated[str, Meta(examples=["2026-11-23T09:30:00.000Z"], description="ISO 8601, UTC.")]
Ticket = Annotated[str, Meta(max_length=4096, description="What the step before answered; it lasts 5 minutes.")]
Way = Literal["app", "passkey", "recovery"]
UserId = Annotated[str, Meta(examples=["usr0000000000000J"])]


class Request(Struct, forbid_unknown_fields=True):
    """What a client sends; a member that is not known is refused."""


class SignIn(Request):
    email: Email
    password: Password


class SetUp(Request):
    token: Secret
    email: Email
    name: Name
    password: Password


class InviteSecret(Request):
    token: Secret


class AcceptInvite(Request):
    token: Secret
    name: Name
    password: Password


class ChangeMe(Request):
    """`password` needs `current_password`; the other sessions end."""

    name: Name | None = None
    password: Password | None = None
    current_password: Password | None = None


class NewToken(Request):
    name: Annotated[str, Meta(max_length=300, examples=["Nightly report"])]
    scope: Scope
    expires_in_days: Annotated[int, Meta(ge=1, le=3650)] | None = None


class NewInvite(Request):
    email: Email
    role: Role = "member"


class NewUser(Request):
    email: Email
    name: Name
    password: Password
    role: Role = "member"


class ChangeUser(Request):
    name: Name | None = None
    role: Role | None = None
    active: bool | None = None


class User(Struct):
    """Somebody who can be named in a user field."""

    id: UserId
    name: Name
    email: Email
    role: Role
    active: bool


class Users(Struct):
    users: list[User]


class TeamSettings(Struct):
    """What the pages need to know to show dates and money."""

    time_zone: Annotated[str, Meta(examples=["Europe/Berlin"])]
    currency: Annotated[str, Meta(examples=["EUR"])]
    name: str


class SecondStep(Struct):
    """The password was right; one of `ways` is needed with the ticket."""

    ticket: Ticket
    ways: list[Way]


class Session(Struct):
    """Who is signed in here. `csrf` goes into the header X-CSRF-Token of every write.

    `lacks_factor`: the team's policy demands a second factor, and until one is set up nothing else is possible.
    """

    user: User | None
    csrf: str | None
    setup_needed: bool
    settings: TeamSettings
    second_step: SecondStep | None = None
    lacks_factor: bool = False


class OwnSession(Struct):
    id: str
    created_at: Moment
    seen_at: Moment
    expires_at: Moment
    address: str
    agent: str
    factors: Annotated[str, Meta(examples=["password+app"], description="How the person came in.")]
    current: bool


class OwnSessions(Struct):
    sessions: list[OwnSession]


class Invited(Struct):
    """What an invitation is for."""

    email: Email
    role: Role


class Token(Struct):
    id: str
    name: str
    scope: Scope
    created_at: Moment
    expires_at: Moment | None
    used_at: Moment | None


class Tokens(Struct):
    tokens: list[Token]


class MadeToken(Struct):
    """`secret` is shown this once."""

    token: Token
    secret: Annotated[str, Meta(examples=["crm_…"])]


class Invite(Struct):
    id: str
    email: Email
    role: Role
    created_at: Moment
    expires_at: Moment
    created_by: UserId | None


class Invites(Struct):
    invites: list[Invite]


class MadeInvite(Struct):
    """`link` is shown this once; send it to the person."""

    invite: Invite
    link: str


class Account(Struct):
    """An account as admins see it; `sessions` is how many browsers are signed in."""

    id: UserId
    name: Name
    email: Email
    role: Role
    active: bool
    created_at: Moment
    last_seen_at: Moment | None
    second_factor: bool
    sessions: int


class Accounts(Struct):
    users: list[Account]


class OneAccount(Struct):
    user: Account


class Me(Struct):
    user: User
