"""The rows of the five built-in grid tables.

Values are in the stored form of their field's kind (`crm_core/kinds/`): money in minor units, selects as option
numbers, dates and moments as ISO text. Columns the team adds (`f_…`) are not listed here.
"""

from sqlalchemy import BigInteger
from sqlmodel import Field as Column
from sqlmodel import SQLModel


class Row(SQLModel):
    """What every grid row has. `version` is the change set that touched it last; `position` is the manual order."""

    id: int | None = Column(default=None, primary_key=True)
    position: float
    version: int
    created_at: str
    created_by: int | None = None
    updated_at: str
    updated_by: int | None = None
    deleted_at: str | None = None


class Investor(Row, table=True):
    """An investor or prospective investor (LP): the master table."""

    __tablename__ = "fundraising_investors"

    name: str | None = None
    type: int | None = None
    stage: int | None = None
    list: int | None = None
    owner: int | None = None
    check_size: int | None = Column(default=None, sa_type=BigInteger)
    committed: int | None = Column(default=None, sa_type=BigInteger)
    probability: float | None = None
    last_contact: str | None = None
    next_step: str | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    notes: str | None = None
    tags: str | None = None
    city: str | None = None
    country: str | None = None
    score: float | None = None
    priority: int | None = None


class Contact(Row, table=True):
    """A person, usually at an investor."""

    __tablename__ = "fundraising_contacts"

    name: str | None = None
    investor: int | None = Column(default=None, foreign_key="fundraising_investors.id", index=True)
    title: str | None = None
    email: str | None = None
    phone: str | None = None
    linkedin: str | None = None
    last_contact: str | None = None
    notes: str | None = None


class Fund(Row, table=True):
    """A fund being raised; `target` and `hard_cap` in minor units."""

    __tablename__ = "fundraising_funds"

    name: str | None = None
    status: int | None = None
    vintage: float | None = None
    target: int | None = Column(default=None, sa_type=BigInteger)
    hard_cap: int | None = Column(default=None, sa_type=BigInteger)
    first_close: str | None = None
    final_close: str | None = None
    notes: str | None = None


class Commitment(Row, table=True):
    """What one investor may give or has given to one fund; `amount` in minor units.

    Whether the amount is soft or hard follows from `status`; sums name which of the two they add.
    """

    __tablename__ = "fundraising_commitments"

    name: str | None = None
    investor: int | None = Column(default=None, foreign_key="fundraising_investors.id", index=True)
    fund: int | None = Column(default=None, foreign_key="fundraising_funds.id", index=True)
    status: int | None = None
    amount: int | None = Column(default=None, sa_type=BigInteger)
    probability: float | None = None
    closing: int | None = None
    soft_circled_on: str | None = None
    signed_on: str | None = None
    funded_on: str | None = None
    notes: str | None = None


class Task(Row, table=True):
    """Something a person of the team is to do, for an investor, a contact or nobody in particular."""

    __tablename__ = "tasks"

    title: str | None = None
    done: int | None = None
    assignee: int | None = Column(default=None, index=True)
    due: str | None = None
    investor: int | None = Column(default=None, foreign_key="fundraising_investors.id", index=True)
    contact: int | None = Column(default=None, foreign_key="fundraising_contacts.id", index=True)
    notes: str | None = None
