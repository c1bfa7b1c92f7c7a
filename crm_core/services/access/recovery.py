"""Recovery codes: ten that each stand in once for the app or passkey, to be kept on paper."""

from secrets import choice

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from crm_core import clock
from crm_core.models import RecoveryCode
from crm_core.services.access import secrets

COUNT = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which are easily taken for one another."""
_GROUPS, _GROUP = 4, 6  # 24 letters of 5 bits


def renew(session: Session, user_id: int) -> list[str]:
    """Ten new codes, shown once; those before stop working. Within the caller's unit of work."""
    forget(session, user_id)
    codes = ["-".join(_letters(_GROUP) for _ in range(_GROUPS)) for _ in range(COUNT)]
    now = clock.now_text()
    session.add_all(RecoveryCode(user_id=user_id, digest=_digest(code), created_at=now) for code in codes)
    return codes


def use(session: Session, user_id: int, code: str) -> bool:
    """Whether it is one of the person's unused codes, which uses it."""
    used = session.connection().execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.user_id) == user_id,
            col(RecoveryCode.digest) == _digest(code),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=clock.now_text())
    )
    return bool(used.rowcount)


def left(session: Session, user_id: int) -> int:
    """How many codes still work."""
    unused = (col(RecoveryCode.user_id) == user_id, col(RecoveryCode.used_at).is_(None))
    return session.exec(select(func.count(col(RecoveryCode.id))).where(*unused)).one()


def forget(session: Session, user_id: int) -> None:
    """Take back all codes of a person."""
    session.connection().execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))


def _letters(count: int) -> str:
    return "".join(choice(_LETTERS) for _ in range(count))


def _digest(code: str) -> bytes:
    """Of the letters alone: how a person groups and writes them does not matter."""
    return secrets.digest("".join(letter for letter in code.upper() if letter.isalnum()))
