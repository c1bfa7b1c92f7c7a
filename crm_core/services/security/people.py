"""The checklist's points about accounts: second factors, passwords, tokens, invitations."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from crm_core import clock
from crm_core.models import ApiToken, Invite, User
from crm_core.services.access.policy import Policy
from crm_core.services.security.finding import Finding

OLD = timedelta(days=730)
_SHOWN = 5
_ACTIVE = (col(User.active).is_(True), col(User.deleted_at).is_(None))


def findings(session: Session, policy: Policy) -> Iterator[Finding]:
    """Every point about accounts."""
    yield _factors(session, policy)
    yield _admins(session)
    yield _passwords(session)
    yield _tokens(session)
    yield _invites(session)


def _factors(session: Session, policy: Policy) -> Finding:
    key, title = "second_factor", "Second factor of admins"
    without = _names(session, col(User.role) == "admin", col(User.second_factor).is_(False))
    if without:
        advice = "Each sets one up under Settings, Security. Then demand it of every admin, below."
        return Finding(key, title, "problem", f"A stolen password is enough to become {_said(without)}.", advice)
    if not policy.admins_need_second_factor:
        text = "Every admin has one, but a new admin would not need it."
        return Finding(key, title, "attention", text, "Demand it of every admin, below.")
    return Finding(key, title, "ok", "Every admin has one, and the policy demands it.")


def _admins(session: Session) -> Finding:
    key, title = "admins", "Number of admins"
    admins = _names(session, col(User.role) == "admin")
    if len(admins) == 1:
        text = f"{admins[0]} is the only one: without {admins[0]} nobody can help."
        return Finding(key, title, "attention", text, "Make a second person an admin.")
    if len(admins) > 5:
        text = f"There are {len(admins)}: each can read, change and restore everything."
        return Finding(key, title, "attention", text, "Make those members who do not look after the CRM.")
    return Finding(key, title, "ok", f"{_said(admins)}.")


def _passwords(session: Session) -> Finding:
    key, title = "passwords", "Passwords"
    weak = _names(session, col(User.password_weak).is_(True))
    if weak:
        text = f"Easy to guess at their last sign-in: {_said(weak)}."
        return Finding(key, title, "problem", text, "Ask them to change it under Settings, Security.")
    since = func.coalesce(User.password_set_at, User.created_at)
    old = _names(session, since < clock.to_text(clock.now() - OLD))
    if old:
        text = f"Not changed for more than two years: {_said(old)}."
        advice = "A good password may be old. Ask whether it is used elsewhere too."
        return Finding(key, title, "attention", text, advice)
    return Finding(key, title, "ok", "Each is long and hard to guess, and is stored as an argon2id hash.")


def _tokens(session: Session) -> Finding:
    key, title = "tokens", "API tokens"
    live = select(func.count(col(ApiToken.id))).where(col(ApiToken.revoked_at).is_(None))
    now = clock.now_text()
    usable = session.exec(live.where(col(ApiToken.expires_at).is_(None) | (col(ApiToken.expires_at) > now))).one()
    endless = session.exec(live.where(col(ApiToken.expires_at).is_(None), col(ApiToken.scope) == "write")).one()
    if endless:
        text = f"{endless} of {usable} can write and never expire."
        return Finding(key, title, "attention", text, "Their owners replace them by ones that expire, or only read.")
    return Finding(key, title, "ok", f"{usable} in use; none that writes lives for ever.")


def _invites(session: Session) -> Finding:
    key, title = "invites", "Open invitations"
    waiting = (
        col(Invite.used_at).is_(None),
        col(Invite.revoked_at).is_(None),
        col(Invite.expires_at) > clock.now_text(),
        col(Invite.role) == "admin",
    )
    admins = session.exec(select(func.count(col(Invite.id))).where(*waiting)).one()
    if admins:
        text = f"{admins} of them would make an admin of whoever holds the link."
        return Finding(key, title, "attention", text, "Withdraw those that are not needed, under Settings, People.")
    return Finding(key, title, "ok", "None that would make an admin.")


def _names(session: Session, *conditions: ColumnElement[bool]) -> Sequence[str]:
    return session.exec(select(User.name).where(*_ACTIVE, *conditions).order_by(User.name)).all()


def _said(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
