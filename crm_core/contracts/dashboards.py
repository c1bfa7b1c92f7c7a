"""What the dashboards show: sums over live records, in major units of the currency of the field that they come from."""

from typing import Literal

import msgspec


class Stage(msgspec.Struct):
    """Investors at one stage; `stage` is the option's id, None for those without any.

    `weighted` adds up check size times probability; `without_probability` counts investors whose check size is left
    out of it because nobody said how likely it is.
    """

    stage: str | None
    count: int
    check_size: float
    weighted: float
    without_probability: int


class Pipeline(msgspec.Struct):
    """Investors by stage, in the order of the stages, those without any last; empty stages are left out.

    `passed` are the options of the stage, and `graveyard` those of the list, of investors that nobody pursues any more.
    """

    version: int
    stages: list[Stage]
    passed: list[str]
    graveyard: list[str]


class FundTarget(msgspec.Struct):
    id: str
    name: str
    target: float | None


class Promised(msgspec.Struct):
    """Commitments to one fund (None: to none) that are all soft or all hard, from one month and closing.

    `month` (2026-11) is that of Soft circled on for soft ones and of Signed on for hard ones; `closing` is the
    option's id. Soft is soft circled; hard is committed, signed or funded.
    """

    fund: str | None
    state: Literal["soft", "hard"]
    month: str | None
    closing: str | None
    count: int
    amount: float


class Commitments(msgspec.Struct):
    """What is promised to each fund, and when; `of_deleted_investors` counts commitments that are left out for that.

    `soft` and `hard` are the options of the status that are meant by these words.
    """

    version: int
    soft: list[str]
    hard: list[str]
    funds: list[FundTarget]
    promised: list[Promised]
    of_deleted_investors: int
