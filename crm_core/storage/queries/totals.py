"""What earlier windows showed of a selection, so that scrolling counts and skips each row at most once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

MAX_KNOWN = 512
MAX_ENDS = 256


@dataclass
class Known:
    """How many rows match, and the key values of the rows that windows ended with, by the offset after them."""

    total: int
    ends: dict[int, Sequence[Any]] = field(default_factory=dict)

    def before(self, offset: int) -> tuple[int, Sequence[Any]]:
        """The last known place at or before an offset, and the key values of the row right before it; 0 has none."""
        places = [place for place in list(self.ends.items()) if place[0] <= offset]
        return max(places, key=itemgetter(0), default=(0, ()))

    def note(self, offset: int, values: Sequence[Any]) -> None:
        """Remember the key values of the row right before `offset`."""
        self.ends[offset] = values
        if len(self.ends) > MAX_ENDS:
            self.ends.pop(next(iter(list(self.ends))), None)


class Totals:
    """The latest selections by what was asked at which version; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Known] = OrderedDict()

    def of(self, key: Hashable, count: Callable[[], int]) -> Known:
        """What is known of a selection; it is counted when nothing is."""
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        known = Known(count())
        with self._lock:
            self._known[key] = known
            if len(self._known) > MAX_KNOWN:
                self._known.popitem(last=False)
        return known
