"""Which records are compared with which: never all with all, however many there are.

Records that share an address, a site or a name lie in one block; small blocks are compared whole, large ones along
their order of names. Similar names are found among neighbours in three orders of all names. So the work grows with the
number of records, not with its square.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from crm_core.contracts.merging import Reason
from crm_core.services.merging.likeness import LEAST, SIMILAR, Traits, compare

WHOLE = 8
"""Blocks up to this size are compared whole."""

WINDOW = 4
"""Neighbours that each record is compared with otherwise."""

MOST = 50_000
"""Pairs that are kept of one table, the surest."""


class Pair(NamedTuple):
    """Two records that may be the same."""

    score: float
    one: int
    other: int
    reasons: list[Reason]


def likely(records: Mapping[int, Traits]) -> list[Pair]:
    """The pairs of records that may be the same, the surest first."""
    found: list[Pair] = []
    seen: set[tuple[int, int]] = set()
    for one, other in _candidates(records):
        pair = (one, other) if one < other else (other, one)
        if pair in seen:
            continue
        seen.add(pair)
        likeness = compare(records[pair[0]], records[pair[1]])
        if likeness.score >= LEAST:
            found.append(Pair(likeness.score, *pair, likeness.reasons))
    found.sort(key=lambda pair: (-pair.score, pair.one, pair.other))
    return found[:MOST]


def _candidates(records: Mapping[int, Traits]) -> Iterator[tuple[int, int]]:
    blocks: Sequence[Callable[[Traits], Iterable[str]]] = (
        lambda traits: traits.emails,
        lambda traits: traits.pages,
        lambda traits: {*traits.sites, *traits.domains},
        lambda traits: (traits.taken.words,) if traits.taken else (),
        lambda traits: (traits.taken.core,) if traits.taken else (),
    )
    for values in blocks:
        yield from _in_blocks(records, values)
    yield from _neighbours(records)


def _in_blocks(records: Mapping[int, Traits], values: Callable[[Traits], Iterable[str]]) -> Iterator[tuple[int, int]]:
    blocks: dict[str, list[int]] = {}
    for key, traits in records.items():
        for value in values(traits):
            blocks.setdefault(value, []).append(key)
    for block in blocks.values():
        if len(block) > WHOLE:
            block.sort(key=lambda key: (_words(records[key]), key))
        if len(block) > 1:
            yield from _near(block, WHOLE if len(block) <= WHOLE else WINDOW)


def _neighbours(records: Mapping[int, Traits]) -> Iterator[tuple[int, int]]:
    """Similar names: those that stand near each other by their words, by their beginnings, or by their ends."""
    names = {key: traits.taken for key, traits in records.items() if traits.taken is not None}
    orders: Sequence[Callable[[int], str]] = (
        lambda key: names[key].words,
        lambda key: names[key].key,
        lambda key: names[key].key[::-1],
    )
    for order in orders:
        for one, other in _near(sorted(names, key=order), WINDOW):
            mine, theirs = names[one], names[other]
            if mine.numbers == theirs.numbers and (
                fuzz.ratio(mine.key, theirs.key, score_cutoff=SIMILAR)
                or fuzz.ratio(mine.words, theirs.words, score_cutoff=SIMILAR)
            ):
                yield one, other


def _near(block: Sequence[int], window: int) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(block):
        for other in block[place + 1 : place + 1 + window]:
            yield one, other


def _words(traits: Traits) -> str:
    return traits.taken.words if traits.taken else ""
