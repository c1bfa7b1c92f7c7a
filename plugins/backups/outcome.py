"""What became of the last backup that was made by itself; beside the backups, so that no restore takes it back."""

from pathlib import Path

import msgspec


class Outcome(msgspec.Struct, frozen=True):
    """When it ended, whether it was made and passed its proof, and what was wrong if not."""

    at: str
    ok: bool
    problem: str


def note(folder: Path, outcome: Outcome) -> None:
    """Keep it in the plugin's folder."""
    (folder / "outcome.json").write_bytes(msgspec.json.encode(outcome))


def noted(folder: Path) -> Outcome | None:
    """The last one; None before the first."""
    try:
        return msgspec.json.decode((folder / "outcome.json").read_bytes(), type=Outcome)
    except (OSError, msgspec.MsgspecError):
        return None
