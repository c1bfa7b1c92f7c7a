"""Tell records of the same name apart: by what else a row says, or by the links that are there already."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from crm_core.services.imports.existing import Several, matching
from crm_core.services.imports.mapping import Plan

_MOST = 2_000
"""Records of one name that a row is compared with; those that rows have found already do not count."""

Known = Mapping[int, tuple[int, tuple[Any, ...]]]


class Namesakes:
    """Records of the table itself that share the value rows are matched by, or have none."""

    def __init__(self, several: Mapping[str, Sequence[int]], plan: Plan) -> None:
        self._left = {key: dict.fromkeys(records) for key, records in several.items()}
        self._all = several
        self.taken: set[int] = set()
        """Records that a row has found."""
        fields = [(n, slot) for n, slot in enumerate(plan.slots) if not slot.linking and n != plan.key]
        self._tellers = [n for n, slot in fields if slot.field.kind.name == "email"]
        self._tellers += [n for n, slot in fields if slot.field.kind.name == "link" and not slot.field.options["many"]]

    def wanted(self, keys: Iterable[str | None]) -> Iterator[int]:
        """The records that rows with these keys may mean."""
        for key in {key or "" for key in keys} & self._all.keys():
            yield from islice(self._left[key], _MOST)
            yield from islice((record for record in self._all[key] if record in self.taken), _MOST)

    def find(
        self, key: str, values: Sequence[Any], known: Known, agrees: Callable[[Sequence[Any]], bool]
    ) -> int | None:
        """The record of this key that the row agrees with whole, else the only one with its e-mail or its link."""
        left = (record for record in islice(self._left.get(key, ()), _MOST) if record in known)
        whole = next((record for record in left if agrees(known[record][1])), None)
        return self._take(key, whole if whole is not None or not key else self._told(key, values, known))

    def _told(self, key: str, values: Sequence[Any], known: Known) -> int | None:
        """The only record that has what the row says in a field which tells records apart."""
        for n in self._tellers:
            same = [r for r in self._all[key] if r in known and _equal(values[n], known[r][1][n])]
            if len(same) == 1:
                return same[0]
        return None

    def _take(self, key: str, record: int | None) -> int | None:
        if record is not None:
            self.taken.add(record)
            self._left[key].pop(record, None)
        return record


def several_of(items: Sequence[Any], several: Mapping[str, Sequence[int]], now: Sequence[int]) -> list[Any]:
    """Links with every Several replaced by records: those linked now, or all of that name when all are named.

    Raises LookupError with the name when it is open which record is meant.
    """
    counts = Counter(matching(str(item)) for item in items if type(item) is Several)
    chosen: dict[str, Iterator[int]] = {}
    for name, count in counts.items():
        records = set(several[name])
        linked = [record for record in now if record in records]
        found = linked if len(linked) == count else several[name]
        if len(found) != count:
            raise LookupError(next(item for item in items if matching(str(item)) == name))
        chosen[name] = iter(found)
    return [next(chosen[matching(str(item))]) if type(item) is Several else item for item in items]


def _equal(value: Any, now: Any) -> bool:
    if isinstance(value, str) and isinstance(now, str):
        return matching(value) == matching(now)
    return value is not None and value == now
