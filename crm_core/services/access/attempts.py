"""Slows down whoever guesses passwords, without locking the real person out.

Three counters, all short: by address and account, by account over all addresses, and by address. The counter over all
addresses does not apply to an address from which the account has signed in before, so somebody who hammers an account
from elsewhere cannot keep its owner out. Only failures count.
"""

from crm_core.errors import TooMany
from crm_core.services.access.meter import Meter


class Attempts:
    """Counts failed sign-ins of this process."""

    def __init__(self) -> None:
        self._pair = Meter(10, 60)
        self._account = Meter(20, 300)
        self._address = Meter(60, 300)

    def take(self, account: str, address: str, *, known: bool) -> None:
        """Count one try before it is made; TooMany (`too_many_attempts`) with `retry_after` seconds."""
        taken: list[tuple[Meter, object]] = []
        for meter, key in self._counters(account, address, known):
            wait = meter.take(key)
            if wait:
                for other, counted in taken:
                    other.give_back(counted)
                raise TooMany(
                    "too_many_attempts",
                    "There were too many failed sign-ins.",
                    f"Wait {wait} seconds, then try again.",
                    extra={"retry_after": wait},
                )
            taken.append((meter, key))

    def succeeded(self, account: str, address: str, *, known: bool) -> None:
        """Take back what `take` counted: the password was right."""
        for meter, key in self._counters(account, address, known):
            meter.give_back(key)

    def _counters(self, account: str, address: str, known: bool) -> list[tuple[Meter, object]]:
        counters: list[tuple[Meter, object]] = [(self._address, address), (self._pair, (account, address))]
        return counters if known else [*counters, (self._account, account)]
