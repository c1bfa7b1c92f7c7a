"""`crm formula`: compute formulas from standard input, list the functions, write the manual."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from crm_core.contracts import Command

_ACTIONS = {
    "eval": (
        "compute formulas: JSON lines in, JSON lines out",
        'crm formula eval <<< \'{"id": 1, "formula": "{A} + 1", "fields": {"A": {"type": "number", "value": 2}}}\'',
    ),
    "functions": ("every function with its parameters and examples, as JSON", "crm formula functions"),
    "manual": ("the manual of the language, as Markdown", "crm formula manual > docs/use/formulas.md"),
}


def command() -> Command:
    """The subcommand of `crm`."""
    return Command("formula", "compute formulas and list the functions", "crm formula functions", _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="commands", metavar="COMMAND", dest="action", required=True)
    for name, (summary, example) in _ACTIONS.items():
        actions.add_parser(name, help=summary, description=summary, epilog=f"example: {example}")


def _run(options: Namespace) -> int:
    actions: dict[str, Callable[[], None]] = {"eval": _evaluate, "functions": _functions, "manual": _manual}
    actions[options.action]()
    return 0


def _evaluate() -> None:
    from plugins.formulas.lines import Lines  # the engine is loaded only when it is wanted

    lines = Lines()
    for line in sys.stdin:
        if line.strip():
            print(lines.answer(line), flush=True)


def _functions() -> None:
    from plugins.formulas.manual import catalogue

    print(json.dumps({"functions": catalogue()}, ensure_ascii=False, indent=1, default=str))


def _manual() -> None:
    from plugins.formulas.manual import manual

    print(manual(), end="")
