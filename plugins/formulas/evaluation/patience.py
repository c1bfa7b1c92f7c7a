"""Breaks off calls of other plugins' functions that do not come back.

Python cannot stop a thread from outside, but it can raise an exception in one. A call that waits inside a C function
(a socket without a timeout, one huge product) meets it only when that returns: plugins' functions are to be pure.
"""

import ctypes
import itertools
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from crm_core import clock

T = TypeVar("T")

_TICK = 0.1
"""Seconds between two looks at the clock while calls are under way."""


class Overran(Exception):
    """A call took longer than it may; its gate blames the plugin."""


class _BreakOff(BaseException):
    """Raised inside the call; no `except Exception` of a plugin stops it."""


class _Call:
    """A call under way: its thread, when its time is over, and whether it was broken off."""

    __slots__ = ("broken", "ends", "thread")

    def __init__(self, seconds: float) -> None:
        self.ends = clock.monotonic() + seconds
        self.thread = threading.get_ident()
        self.broken = threading.Event()


_numbers = itertools.count()
_under_way: dict[int, _Call] = {}
"""Whoever takes a call out of here first, its caller or the watch, decides whether it is broken off."""
_lock = threading.Lock()
_watched = False


def within(seconds: float, act: Callable[[], T]) -> T:
    """What `act` gives; Overran when it is not done after `seconds`, give or take a tenth."""
    global _watched
    number, call = next(_numbers), _Call(seconds)
    with _lock:
        _under_way[number] = call
        if not _watched:
            threading.Thread(target=_watch, name="formula-patience", daemon=True).start()
            _watched = True
    try:
        try:
            return act()
        finally:
            if _under_way.pop(number, None) is None:
                call.broken.wait()
                time.sleep(0)  # what was raised for this thread arrives here at the latest, not in somebody else's code
    except _BreakOff:
        raise Overran(f"it took more than {seconds:.1f} seconds and was broken off") from None


def _watch() -> None:
    """Look at the calls until none is left."""
    global _watched
    while True:
        time.sleep(_TICK)
        for number, call in list(_under_way.items()):
            if call.ends <= clock.monotonic() and _under_way.pop(number, None) is not None:
                raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
                raise_in(ctypes.c_ulong(call.thread), ctypes.py_object(_BreakOff))
                call.broken.set()
        with _lock:
            if not _under_way:
                _watched = False
                return
