"""Takes the pictures of docs/use/pages/ anew: every stop of the tour, in light and dark, at a desk and on a phone.

python -m tests.browser.pictures                       all of them
python -m tests.browser.pictures --only kanban tasks   some of them, by the name of the stop
python -m tests.browser.pictures --out /tmp/pictures   elsewhere, to look first
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.server import ADMIN, Server, serving
from tests.browser.tour import STOPS, Stop, World, answer_as_colleague, first_stops, furnish

OUT = Path(__file__).parents[2] / "docs" / "use" / "pages"
ON_A_PHONE = (
    "grid",
    "kanban",
    "record-fields",
    "record-timeline",
    "record-comments",
    "notifications",
    "tasks",
    "palette",
)
SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


def take(browser: Browser, server: Server, world: World, stops: list[Stop], size: str, scheme: str, out: Path) -> None:
    """Take the pictures of some stops in one size and one colour scheme."""
    for signed_in in (True, False):
        context = browser.new_context(
            base_url=server.url,
            viewport=SIZES[size],  # type: ignore[arg-type]
            has_touch=size == "phone",
            is_mobile=size == "phone",
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            bypass_csp=True,
        )
        context.set_default_timeout(10_000)
        if signed_in and world.investor:
            context.request.post("/api/session", data={"email": ADMIN.email, "password": ADMIN.password})
        page = context.new_page()
        for stop in stops:
            if stop.signed_in != signed_in:
                continue
            suffix = "-phone" if size == "phone" else ""
            try:
                stop.show(page, world)
            except Exception as problem:
                print(f"{stop.name}{suffix}-{scheme}: {str(problem).splitlines()[0]}")
            page.mouse.move(0, 0)
            keep(page.screenshot(), out / f"{stop.name}{suffix}-{scheme}.png")
        context.close()


def kept(stops: tuple[Stop, ...]) -> list[Stop]:
    """The stops that have pictures of their own."""
    return [stop for stop in stops if stop.kept]


def keep(picture: bytes, path: Path) -> None:
    """Write a picture with 256 colours, which is all that a page has, in a third of the bytes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Be the command line described at the top."""
    asked = argparse.ArgumentParser(description="Takes the pictures of docs/use/pages/ anew.")
    asked.add_argument("--only", nargs="*", default=[], help="names of stops")
    asked.add_argument("--out", type=Path, default=OUT)
    asked.add_argument("--size", choices=SIZES, action="append")
    asked.add_argument("--scheme", choices=("light", "dark"), action="append")
    options = asked.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    def chosen(stops: tuple[Stop, ...], size: str) -> list[Stop]:
        wanted = [stop for stop in stops if stop.name in options.only] if options.only else kept(stops)
        return [stop for stop in wanted if size == "desk" or options.only or stop.name in ON_A_PHONE]

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), headless=True, args=chromium.FLAGS)
        with serving(Path(folder) / "fresh", with_admin=False) as server:
            link = re.search(r"http://\S+(/setup#token=\S+)", server.log.read_text("utf-8"))
            assert link
            for scheme in options.scheme or ("light", "dark"):
                for size in options.size or SIZES:
                    take(browser, server, World(), chosen(first_stops(link[1]), size), size, scheme, options.out)
        with serving(Path(folder) / "data", "--demo") as server:
            signed_in = browser.new_context(base_url=server.url)
            signed_in.request.post("/api/session", data={"email": ADMIN.email, "password": ADMIN.password})
            world = furnish(signed_in.request)
            answer_as_colleague(browser, server.url, world)
            for scheme in options.scheme or ("light", "dark"):
                for size in options.size or SIZES:
                    take(browser, server, world, chosen(STOPS, size), size, scheme, options.out)
        browser.close()
    if options.out == OUT:
        (OUT / "README.md").write_text(page_of_pictures(), "utf-8")


def page_of_pictures() -> str:
    """The page that shows all of them, light beside dark."""
    lines = [
        "# Every page",
        "",
        "In light and dark, taken anew by `python -m tests.browser.pictures` (tests/browser/tour.py lists the stops).",
    ]
    for stop in kept((*first_stops(""), *STOPS)):
        lines += ["", f"## {stop.name.replace('-', ' ').capitalize()}", ""]
        lines += [f"![Light]({stop.name}-light.png)", f"![Dark]({stop.name}-dark.png)"]
        if stop.name in ON_A_PHONE:
            lines += [f"![On a phone]({stop.name}-phone-light.png)", f"![On a phone, dark]({stop.name}-phone-dark.png)"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
