"""The limits that keep a formula from hanging or filling the server, and the fuel that is spent while it runs."""

from crm_core import clock
from plugins.formulas.faults import RunError

MAX_CHARACTERS = 50_000
MAX_TOKENS = 20_000
MAX_DEPTH = 150
MAX_ARGUMENTS = 1_000
MAX_ERRORS = 5
MAX_CELL = 100_000
"""Characters in one result, as Airtable's long text."""
MAX_ITEMS = 10_000
MAX_PATTERN = 1_000
MAX_PATTERN_BYTES = 8 * 2**20
MAX_BATCH = 256 * 2**20
"""Bytes that the texts of one chunk may take before it is cut into smaller ones."""

ROW_SECONDS = 2.0
COLUMN_SECONDS = 30.0
"""For a million rows; fewer rows have a proportional share, with ten seconds at the least."""
COLUMN_LEAST = 10.0
_LOOK = 50_000


class Fuel:
    """What an evaluation may still spend: the clock is looked at once in a while, so that counting costs little."""

    __slots__ = ("_deadline", "_left", "seconds", "texts")

    def __init__(self, seconds: float = ROW_SECONDS) -> None:
        self.seconds = seconds
        self.texts = 0
        self._left = _LOOK
        self._deadline = clock.monotonic() + seconds

    def spend(self, units: int) -> None:
        """Count work: one unit a row and step, characters / 64 for text. OutOfFuel when the time is over."""
        self._left -= units
        if self._left < 0:
            self._left = _LOOK
            self.look()

    def left(self) -> float:
        """The seconds that are left; OutOfFuel when none are."""
        self.look()
        return self._deadline - clock.monotonic()

    def look(self) -> None:
        """Stop when the time is over."""
        if clock.monotonic() > self._deadline:
            raise OutOfFuel(self.seconds)


class OutOfFuel(RunError):
    """The evaluation as a whole took too long; no ISERROR catches it."""

    def __init__(self, seconds: float) -> None:
        super().__init__("limit", f"The formula took more than {seconds:g} seconds and was stopped.")


class BatchTooLarge(Exception):
    """The texts of a chunk of rows need too much memory at once; fewer rows at a time will do."""


def check_length(length: float) -> None:
    """Refuse a text before it is made when it would be longer than a cell may hold."""
    if length > MAX_CELL:
        raise RunError("limit", f"The text would have {length:,.0f} characters; a cell holds at most {MAX_CELL:,}.")


def check_items(count: int) -> None:
    """Refuse a list that is longer than a cell may hold."""
    if count > MAX_ITEMS:
        raise RunError("limit", f"The list would have {count:,} items; a cell holds at most {MAX_ITEMS:,}.")
