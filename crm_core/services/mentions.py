"""People named in a text: `@[usr…]`, which stays right when somebody changes the name."""

import re
from collections.abc import Mapping

from crm_core import ids

_MENTION = re.compile(r"@\[(usr[0-9A-Za-z]{14})\]")


def mentioned(body: str) -> list[int]:
    """The keys of the people named, each once, in order; what only looks like an id names nobody."""
    keys = (ids.try_decode("usr", found) for found in _MENTION.findall(body))
    return list(dict.fromkeys(key for key in keys if key is not None))


def names(body: str, people: Mapping[int, str]) -> dict[str, str]:
    """The names of the people in a text, by public id."""
    return {ids.encode("usr", key): people[key] for key in mentioned(body) if key in people}


def plain(body: str, people: Mapping[int, str]) -> str:
    """The text with `@Ada` in place of ids."""

    def name(match: re.Match[str]) -> str:
        return f"@{people.get(ids.try_decode('usr', match[1]) or 0, 'somebody')}"

    return _MENTION.sub(name, body)
