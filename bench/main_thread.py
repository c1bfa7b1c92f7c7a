"""What a page's main thread does, in CPU time of that thread: what else the machine does hardly moves it.

with recorded(cdp) as trace:
    page.keyboard.press("Control+v")
trace.cpu_ms, trace.longest_ms, trace.frames
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page

TASK, FRAME = "ThreadControllerImpl::RunTask", "Layerize"
CATEGORIES = ["toplevel", "devtools.timeline", "blink.user_timing"]


@dataclass
class Trace:
    """The tasks of the main thread of a recording (start in µs, CPU in ms) and the frames it handed on."""

    tasks: list[tuple[int, float]] = field(default_factory=list)
    frames: int = 0
    marks: dict[str, int] = field(default_factory=dict)

    @property
    def cpu_ms(self) -> float:
        """All the CPU time that the main thread spent."""
        return sum(cpu for _, cpu in self.tasks)

    @property
    def longest_ms(self) -> float:
        """The CPU time of the longest task."""
        return max((cpu for _, cpu in self.tasks), default=0.0)

    def cpu_until(self, mark: str) -> float:
        """What it spent in tasks that began before a mark of `performance.mark`."""
        return sum(cpu for start, cpu in self.tasks if start <= self.marks[mark])


@contextmanager
def recorded(page: Page, cdp: CDPSession) -> Iterator[Trace]:
    """Record what the page's main thread does until the block ends; the trace is filled after it."""
    events: list[dict[str, Any]] = []
    trace, done = Trace(), []

    def take(some: dict[str, Any]) -> None:
        events.extend(some["value"])

    def ended(_: object) -> None:
        done.append(True)

    cdp.on("Tracing.dataCollected", take)
    cdp.on("Tracing.tracingComplete", ended)
    wanted = {"includedCategories": CATEGORIES, "excludedCategories": ["*"]}
    cdp.send("Tracing.start", {"traceConfig": wanted, "transferMode": "ReportEvents"})
    try:
        yield trace
    finally:
        cdp.send("Tracing.end")
        deadline = time.monotonic() + 60
        while not done and time.monotonic() < deadline:
            page.wait_for_timeout(20)
        cdp.remove_listener("Tracing.dataCollected", take)
        cdp.remove_listener("Tracing.tracingComplete", ended)
    assert done, "Chromium gave no trace"
    _fill(trace, events)


def _fill(trace: Trace, events: list[dict[str, Any]]) -> None:
    """Keep what the busiest page's main thread did: the browser has spare processes that do nothing."""
    mains = {
        (one["pid"], one["tid"])
        for one in events
        if one["ph"] == "M" and one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    for one in events:
        if (one.get("pid"), one.get("tid")) not in mains:
            continue
        if one["name"] == TASK and one["ph"] == "X":
            trace.tasks.append((one["ts"], one.get("tdur", 0) / 1000))
        elif one["name"] == FRAME and one["ph"] == "X":
            trace.frames += 1
        elif "blink.user_timing" in one["cat"]:
            trace.marks.setdefault(one["name"], one["ts"])
    assert any(cpu for _, cpu in trace.tasks), "Chromium measured no CPU time of threads"
