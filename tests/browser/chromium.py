"""Finds a Chromium for the browser tests, or installs one.

    python tests/browser/chromium.py             print the path of the one that would be used
    python tests/browser/chromium.py --install   install one first where none is found

In this order: the one that CRM_CHROMIUM names, one on PATH, Playwright's own. Installing tries Debian's package when
root, else Playwright's download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# No network of its own, no first-run pages, and working as root inside a container.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Give the path of a Chromium that starts, or None."""
    named = os.environ.get("CRM_CHROMIUM")
    if named:
        return named
    for name in NAMES:
        path = shutil.which(name)
        # Ubuntu's chromium-browser is a script that only says to install a snap: it has to answer for itself.
        if path and subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0:
            return path
    return playwrights_own()


def playwrights_own() -> str | None:
    """Give the path of the Chromium that Playwright downloaded earlier, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> None:
    """Install one: Debian's package when that is possible here, else Playwright's own."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(command, env=quiet, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        if find():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, stdin=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    """Be the command line described at the top."""
    path = find()
    if path is None and "--install" in arguments:
        print("browser: installing Chromium", flush=True)
        install()
        path = find()
    if path is None:
        print(
            "No Chromium here: install one (Debian: apt-get install chromium) or name it in CRM_CHROMIUM.",
            file=sys.stderr,
        )
        return 1
    print(f"browser: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
