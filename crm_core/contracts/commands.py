"""Subcommands that plugins add to `crm`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """`crm <name> …`: `arguments` declares its options, `run` does the work and returns the exit code.

    `example` is shown by `--help`.
    """

    name: str
    summary: str
    example: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
