"""The grid in a real browser over a real server: 100,000 rows × 30 columns, then 1,000,000 rows.

    python -m bench.grid [--rows 100000,1000000] [--repeat 3] [--check] [--keep FOLDER]

CPU time of the page's main thread from Chromium's own trace (`bench/main_thread.py`), medians; wall time only where
nothing else says it, and beside a bar only as a ratio between the sizes. `--keep` fills tables into a folder once and
finds them there again. `--check` exits with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.main_thread import recorded
from bench.wide_table import fill
from crm_core.config import from_env
from crm_core.crm import open_crm
from crm_core.host import Host
from tests.browser import chromium
from tests.browser.grid import Grid
from tests.browser.server import Server, make_admin, serving

BARS: dict[str, float] = {
    "scroll, main-thread CPU a frame, ms": 8,
    "scroll over pills, links and people, CPU a frame, ms": 8,
    "scroll sideways, CPU a frame, ms": 8,
    "dragged to the end, CPU a frame, ms": 8,
    "paste of 1,000 × 10, longest task, CPU ms": 200,
    "typing, longest task, CPU ms": 50,
    "jump to the last row, longest task, CPU ms": 200,
    "heap added by opening, MB": 10,
    "heap added by reading everything once, MB": 60,
}
"""Frames and the smaller paste: issue 4. Opening adds at most 10 MB: design/grid.md. Others: nothing a hand feels."""
FLAT = ("open, main-thread CPU until the first row is painted, ms", "jump to the last row, CPU until painted, ms")
"""What may grow by a half at most from the smallest table to the largest (performance.md, growth)."""

PAINTED = """
window.__painted = text => new Promise((found, failed) => {
  setTimeout(() => failed(new Error(`${text} was not painted`)), 60000)
  const proto = CanvasRenderingContext2D.prototype, own = window.__fillText ??= proto.fillText
  proto.fillText = function (shown, ...at) {
    if (shown === text) { proto.fillText = own; performance.mark('painted'); found(performance.now()) }
    return own.call(this, shown, ...at)
  }
})
window.__first = window.__painted('Company 0000001')
"""
"""Notices when a text is drawn on the canvas, and marks it in the trace."""

COPIED = """
text => {
  document.addEventListener('copy', event => {
    event.stopImmediatePropagation()
    event.preventDefault()
    event.clipboardData.setData('text/plain', text)
  }, { capture: true, once: true })
  document.execCommand('copy')
}
"""
"""Puts a text on the clipboard as another program does."""


@dataclass
class Bench:
    """One table in one server, and the browser that looks at it."""

    server: Server
    browser: Browser
    rows: int
    repeat: int

    def window(self) -> tuple[Page, CDPSession]:
        """A fresh browser window, signed in, at a page without a table."""
        context = self.browser.new_context(
            base_url=self.server.url, viewport={"width": 1440, "height": 860}, bypass_csp=True
        )
        context.set_default_timeout(60_000)
        admin = self.server.admin
        answer = context.request.post("/api/session", data={"email": admin.email, "password": admin.password})
        assert answer.ok, answer.text()
        page = context.new_page()
        page.add_init_script(PAINTED)
        return page, context.new_cdp_session(page)

    def open(self, page: Page) -> float:
        """Open the table; the wall time from navigation to the first painted row, ms."""
        page.goto("/t/t_6", wait_until="commit")
        return float(page.evaluate("window.__first"))

    def name(self, row: int) -> str:
        return f"Company {row:07}"


# --- what is measured ------------------------------------------------------------------------------------------------
def opening(bench: Bench) -> dict[str, float]:
    """Navigation in a browser without a cache until the first row is on the canvas."""
    cpu, wall = [], []
    for _ in range(bench.repeat):
        page, cdp = bench.window()
        with recorded(page, cdp) as trace:
            wall.append(bench.open(page))
        cpu.append(trace.cpu_until("painted"))
        page.context.close()
    return {FLAT[0]: statistics.median(cpu), "the same, wall time, ms": statistics.median(wall)}


def scrolling(page: Page, cdp: CDPSession, bench: Bench) -> dict[str, float]:
    """Wheels turned over the grid, down and sideways; every frame shows other rows."""
    found = {}
    for title, column, across, down in (
        ("scroll, main-thread CPU a frame, ms", 0, 0, 16_000),
        ("scroll over pills, links and people, CPU a frame, ms", 13, 0, 16_000),
        ("scroll sideways, CPU a frame, ms", 0, 2_000, 0),
    ):
        frames = []
        for _ in range(bench.repeat):
            to(page, column, 0)
            with recorded(page, cdp) as trace:
                wheel(page, cdp, across, down, 4_000 if down else 800)
            frames.append(trace.cpu_ms / trace.frames)
        found[title] = statistics.median(frames)
    return found


def wheel(page: Page, cdp: CDPSession, across: int, down: int, speed: int) -> None:
    box = page.locator("[data-grid-surface]").bounding_box()
    assert box
    gesture = {"x": box["x"] + 500, "y": box["y"] + 300, "xDistance": -across, "yDistance": -down, "speed": speed}
    cdp.send("Input.synthesizeScrollGesture", {**gesture, "gestureSourceType": "mouse"})


def to(page: Page, column: int, row: int) -> None:
    """Bring a cell into view and wait until everything there is painted."""
    page.evaluate("([col, row]) => window.__grid.reveal(col, row)", [column, row])
    page.evaluate("window.__grid.settled()")


def dragged(page: Page, cdp: CDPSession, bench: Bench) -> dict[str, float]:
    """The whole table past the eye in four seconds, as with the scroll bar: rows are read on the way."""
    frames = []
    for _ in range(bench.repeat):
        to(page, 0, 0)
        with recorded(page, cdp) as trace:
            page.evaluate(
                """() => new Promise(done => {
                  const scroller = document.querySelector('.dvn-scroller'), begun = performance.now()
                  const end = scroller.scrollHeight - scroller.clientHeight
                  const step = () => {
                    const part = Math.min(1, (performance.now() - begun) / 4000)
                    scroller.scrollTop = end * part
                    if (part < 1) requestAnimationFrame(step); else done()
                  }
                  step()
                })"""
            )
        frames.append(trace.cpu_ms / trace.frames)
        page.evaluate("window.__grid.settled()")
    return {"dragged to the end, CPU a frame, ms": statistics.median(frames)}


def jumping(bench: Bench) -> dict[str, float]:
    """To the last row by a key, in a window that has read nothing but the first rows, until it is painted."""
    cpu, longest, wall = [], [], []
    for _ in range(bench.repeat):
        page, cdp = bench.window()
        bench.open(page)
        Grid(page).click("Name", 0)
        page.evaluate(
            "text => { performance.clearMarks(); window.__jump = window.__painted(text) }", bench.name(bench.rows)
        )
        with recorded(page, cdp) as trace:
            begun = page.evaluate("performance.now()")
            page.keyboard.press("Control+ArrowDown")
            wall.append(page.evaluate("window.__jump") - begun)
        cpu.append(trace.cpu_until("painted"))
        longest.append(trace.longest_ms)
        page.context.close()
    return {
        FLAT[1]: statistics.median(cpu),
        "jump to the last row, longest task, CPU ms": statistics.median(longest),
        "jump to the last row, wall time, ms": statistics.median(wall),
    }


def pasting(page: Page, cdp: CDPSession, bench: Bench, rows: int, start: int) -> dict[str, float]:
    """A rectangle of 10 columns from a spreadsheet, onto rows in the middle."""
    grid, title, town = Grid(page), f"paste of {rows:,} × 10", f"Town {time.time_ns()}"
    lines = ("\t".join((town, *pasted(start + n))) for n in range(rows))
    page.evaluate(COPIED, "\n".join(lines))
    to(page, grid.column("City"), start)
    grid.click("City", start)
    with recorded(page, cdp) as trace:
        page.keyboard.press("Control+v")
        page.wait_for_function(
            "([col, row, text]) => window.__grid.text(col, row) === text",
            arg=[grid.column("City"), start, town],
        )
        grid.settle()
    last = start + rows - 1
    to(page, grid.column("City"), last)
    assert [grid.text(name, last) for name in ("City", "Target", "Priority")] == [town, "€1,250.50", "Low"]
    return {f"{title}, longest task, CPU ms": trace.longest_ms, f"{title}, main-thread CPU in all, ms": trace.cpu_ms}


def pasted(n: int) -> tuple[str, ...]:
    """One row of Target to Priority, as a spreadsheet has it."""
    day = f"2027-{n % 12 + 1:02}-{n % 28 + 1:02}"
    return (
        "1250.50", "12%", day, f"{day} 14:30", f"new{n}@example.org", "+41 44 111 22 33", "77", "1.5", "Low",
    )  # fmt: skip


def typing(page: Page, cdp: CDPSession, bench: Bench) -> dict[str, float]:
    """Twenty cells down a column, no time between the keys; then every letter must be there."""
    grid, text = Grid(page), "Acme & Sons 12"
    to(page, grid.column("Source"), 0)
    grid.click("Source", 0)
    with recorded(page, cdp) as trace:
        for n in range(20):
            page.keyboard.type(f"{text}{n:02}", delay=0)
            page.keyboard.press("Enter")
        grid.settle()
    seen = [grid.text("Source", n) for n in range(20)]
    assert seen == [f"{text}{n:02}" for n in range(20)], seen
    return {
        "typing, main-thread CPU a key, ms": trace.cpu_ms / (20 * (len(text) + 3)),
        "typing, longest task, CPU ms": trace.longest_ms,
    }


def heap(page: Page, cdp: CDPSession) -> float:
    """What JavaScript holds after a collection, in MB."""
    cdp.send("HeapProfiler.collectGarbage")
    return float(cdp.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def memory(bench: Bench) -> dict[str, float]:
    """Heap of the table's page over that of an empty table, as opened and after the whole table was read past."""
    page, cdp = bench.window()
    page.goto("/t/funds")
    Grid(page)
    empty = heap(page, cdp)
    bench.open(page)
    grid = Grid(page)
    opened = heap(page, cdp)
    for step in range(100):
        to(page, 0, min(bench.rows - 1, step * bench.rows // 100))
    read = heap(page, cdp)
    assert grid.total() == bench.rows
    page.context.close()
    return {"heap added by opening, MB": opened - empty, "heap added by reading everything once, MB": read - empty}


# --- the run ---------------------------------------------------------------------------------------------------------
def measure(bench: Bench) -> dict[str, float]:
    """Every number of one size by its name."""
    found: dict[str, float] = {}
    for alone in (opening, jumping, memory):
        found |= said(alone(bench))
    page, cdp = bench.window()
    bench.open(page)
    Grid(page)
    for part in (scrolling, dragged, typing):
        found |= said(part(page, cdp, bench))
    for rows, start in ((1_000, bench.rows // 2), (10_000, bench.rows // 4)):
        found |= said(pasting(page, cdp, bench, rows, start))
    page.context.close()
    return found


def said(found: dict[str, float]) -> dict[str, float]:
    """Say at once what was found: a whole run takes minutes."""
    for name, value in found.items():
        print(f"{name}: {value:,.3g}", file=sys.stderr, flush=True)
    return found


def filled(folder: Path, rows: int) -> Path:
    """A data folder with the table; filled now, unless an earlier run kept it."""
    data = folder / f"rows-{rows}"
    if not data.exists():
        data.mkdir(parents=True)
        make_admin(data)
        crm = open_crm(from_env({}, data_dir=data), Host.discover())
        try:
            fill(crm, rows)
        finally:
            crm.close()
    return data


def report(found: dict[int, dict[str, float]]) -> list[str]:
    """Print the table; the names of what missed its bar."""
    sizes, missed = sorted(found), []
    print(f"| main thread of the page | {' | '.join(f'{size:,} rows' for size in sizes)} | bar |")
    print(f"|---|{'---|' * len(sizes)}---|")
    for name in found[sizes[0]]:
        values, bar = [found[size][name] for size in sizes], BARS.get(name)
        words = "" if bar is None else f"≤ {bar:g}"
        over = bar is not None and max(values) > bar
        if name in FLAT and len(sizes) > 1:
            words, over = "≤ 1.5 ×", values[-1] > 1.5 * values[0]
        if over:
            missed.append(name)
        print(f"| {name} | {' | '.join(f'{value:,.3g}' for value in values)} | {words}{' missed' if over else ''} |")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="100000,1000000", help="sizes, with commas between")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder for the filled tables")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    options = parser.parse_args()
    path = chromium.find()
    assert path, "no Chromium here: make browser"
    found: dict[int, dict[str, float]] = {}
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=chromium.FLAGS)
        stack.callback(browser.close)
        for rows in map(int, options.rows.split(",")):
            with serving(filled(folder, rows), with_admin=False) as server:
                found[rows] = measure(Bench(server, browser, rows, options.repeat))
    return 1 if report(found) and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
