"""Who a secret belongs to, kept for some seconds, so that not every request asks the database."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from crm_core import clock

T = TypeVar("T")
_SECONDS = 10.0
_MOST = 4_096


class Remembered(Generic[T]):
    """Answers by digest. `forget` takes effect at once, also for answers that are being looked up just then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[bytes, tuple[T, float]] = {}
        self.generation = 0

    def peek(self, key: bytes) -> T | None:
        """What is remembered and still fresh; never waits for the database."""
        found = self._answers.get(key)
        return found[0] if found is not None and found[1] > clock.monotonic() else None

    def get(self, key: bytes, look_up: Callable[[], T | None]) -> T | None:
        """The answer remembered or looked up; only finds are remembered."""
        found = self.peek(key)
        if found is not None:
            return found
        generation = self.generation
        found = look_up()
        if found is not None:
            with self._lock:
                if generation == self.generation:
                    if len(self._answers) >= _MOST:
                        self._answers.clear()
                    self._answers[key] = (found, clock.monotonic() + _SECONDS)
        return found

    def forget(self) -> None:
        """Ask the database again from now on; `generation` tells others that rights may have changed."""
        with self._lock:
            self.generation += 1
            self._answers.clear()
