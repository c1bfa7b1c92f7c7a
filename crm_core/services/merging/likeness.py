"""How alike two records are: what they share, in words, and how surely they are the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from crm_core.contracts.merging import Reason
from crm_core.services.merging import names
from crm_core.services.merging.names import Name

LEAST = 0.5
"""Pairs less surely the same than this are not suggested."""

SIMILAR = 88.0
"""How many parts of a hundred two names must share to be called similar."""

_RELATED = 75.0
_UNLIKE = 60.0


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a record is compared."""

    name: str
    taken: Name | None
    emails: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


def traits_of(text: str | None, mails: Iterable[str], addresses: Iterable[str]) -> Traits:
    """The traits of a record with this name and these e-mail and web addresses."""
    emails = tuple(dict.fromkeys(names.email(mail) for mail in mails))
    webs = [names.web(address) for address in addresses]
    domains = (names.mail_domain(mail) for mail in emails)
    return Traits(
        text or "",
        names.name(text) if text else None,
        emails,
        tuple(dict.fromkeys(domain for domain in domains if domain)),
        tuple(dict.fromkeys(web.page for web in webs if web.page)),
        tuple(dict.fromkeys(web.domain for web in webs if web.domain)),
    )


class Likeness(NamedTuple):
    """How surely two records are the same (0 to 1), and why."""

    score: float
    reasons: list[Reason]


def compare(one: Traits, other: Traits) -> Likeness:
    """What speaks for two records being the same; each further reason makes it surer."""
    found: list[tuple[float, Reason]] = []
    near = _nearness(one.taken, other.taken)
    if (mail := _shared(one.emails, other.emails)) is not None:
        found.append(
            (0.9 if near is None or near >= _UNLIKE else 0.6, Reason("email", f"Same e-mail address: {mail}", mail))
        )
    if (page := _shared(one.pages, other.pages)) is not None:
        found.append((0.9, Reason("page", f"Same web address: {page}", page)))
    elif (site := _shared(one.sites, other.sites)) is not None:
        found.append(
            (0.7 if near is not None and near >= _UNLIKE else 0.4, Reason("website", f"Same website: {site}", site))
        )
    named = _named(one, other, near)
    if named is not None:
        found.append((named[0] * _doubt(one, other), named[1]))
    if mail is None and near is not None and near >= _RELATED:
        places = [*one.domains, *one.sites], [*other.domains, *other.sites]
        domain = _shared(*places)
        if domain is not None and not any(reason.kind == "website" for _, reason in found):
            found.append((0.5, Reason("domain", f"E-mail or website at the same domain: {domain}", domain)))
    rest = 1.0
    for score, _ in found:
        rest *= 1 - score
    return Likeness(round(min(1 - rest, 0.99), 3), [reason for _, reason in found])


def _nearness(one: Name | None, other: Name | None) -> float | None:
    """How near two names are, of a hundred; None where one has no name."""
    if one is None or other is None:
        return None
    return max(fuzz.token_sort_ratio(one.key, other.key), fuzz.ratio(one.core, other.core))


def _named(one: Traits, other: Traits, near: float | None) -> tuple[float, Reason] | None:
    mine, theirs = one.taken, other.taken
    if mine is None or theirs is None or near is None or mine.numbers != theirs.numbers:
        return None
    if mine.text == theirs.text:
        return 0.8, Reason("name", "Same name" if one.name == other.name else "Same name, written otherwise")
    if mine.key == theirs.key:
        forms = sorted(mine.form ^ theirs.form)
        sure = 0.55 if mine.form and theirs.form else 0.75
        return sure, Reason("form", f"Same name but for the legal form ({', '.join(forms)})")
    if mine.words == theirs.words:
        return 0.75, Reason("words", "Same words in another order")
    if mine.core == theirs.core and " " not in mine.core and len(mine.core) < 4:
        return None  # a short word between general ones says too little
    if mine.core == theirs.core:
        mine_only = set(mine.key.split()) ^ set(theirs.key.split())
        return 0.55, Reason("core", f"Same name but for “{' '.join(sorted(mine_only)).title()}”")
    similar = max(fuzz.ratio(mine.key, theirs.key), fuzz.ratio(mine.words, theirs.words))
    if similar >= SIMILAR and min(len(mine.key), len(theirs.key)) > 4 and near >= SIMILAR:
        return 0.5 + (similar - SIMILAR) / 60, Reason("similar", f"Similar name ({similar:.0f} %)")
    return None


def _doubt(one: Traits, other: Traits) -> float:
    """Less than 1 when the same name stands beside addresses at different places."""
    factor = 1.0
    if one.emails and other.emails and not set(one.emails) & set(other.emails):
        factor *= 0.9 if set(one.domains) & set(other.domains) or not (one.domains and other.domains) else 0.7
    if one.sites and other.sites and not set(one.sites) & set(other.sites):
        factor *= 0.75
    return factor


def _shared(one: Sequence[str], other: Sequence[str]) -> str | None:
    return next((value for value in one if value in other), None)
