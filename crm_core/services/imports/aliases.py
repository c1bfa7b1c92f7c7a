"""Other words that headers use for built-in fields, by the field's key; nothing here is tied to one table."""

import re
import unicodedata

ALIASES: dict[str, tuple[str, ...]] = {
    "name": (
        "firm", "firm name", "company", "company name", "organization", "organisation", "account", "account name",
        "investor", "investor name", "lp", "lp name", "limited partner", "entity", "entity name", "full name",
    ),
    "type": ("investor type", "lp type", "category", "firm type", "organization type", "entity type"),
    "stage": ("pipeline stage", "deal stage", "investor stage", "fundraising stage", "status", "pipeline"),
    "list": ("pipeline list", "list name", "segment"),
    "owner": ("relationship owner", "lead owner", "responsible", "assigned to", "assignee", "relationship manager"),
    "check_size": (
        "cheque size", "ticket", "ticket size", "typical check", "typical check size", "target check", "check",
        "investment size", "target commitment", "expected amount", "ask",
    ),
    "committed": ("amount committed", "committed amount", "total commitment", "total committed", "commitments total"),
    "probability": ("likelihood", "chance", "confidence", "close probability", "probability of close"),
    "last_contact": ("last contacted", "last touch", "last touchpoint", "last contact date", "last interaction"),
    "next_step": ("next steps", "next action", "follow up", "todo", "to do"),
    "email": ("e mail", "email address", "e mail address", "mail", "work email", "primary email"),
    "phone": ("phone number", "telephone", "tel", "mobile", "cell", "work phone"),
    "website": ("url", "web", "site", "homepage", "web site", "web page", "domain"),
    "notes": ("note", "comments", "comment", "description", "remarks", "memo"),
    "tags": ("labels", "label", "keywords", "themes"),
    "city": ("town", "location city", "hq city", "headquarters city"),
    "country": ("nation", "location country", "hq country", "headquarters country"),
    "score": ("rank", "fit score", "fit"),
    "priority": ("prio", "importance", "stars"),
    "title": ("job title", "role", "position"),
    "linkedin": ("linkedin url", "linkedin profile"),
    "vintage": ("vintage year", "year"),
    "target": ("target size", "fund size", "target amount"),
    "hard_cap": ("hardcap", "cap"),
    "amount": ("amount", "commitment amount", "size", "value"),
    "closing": ("close", "closing name"),
    "soft_circled_on": ("soft circle date", "soft circled date", "soft circled"),
    "signed_on": ("signed date", "date signed", "signed"),
    "funded_on": ("funded date", "date funded", "wired on", "funded"),
}  # fmt: skip

_WORDS = re.compile(r"[^\w]+|_")


def plain_name(text: str) -> str:
    """A header or field name without case, accents' form and punctuation: `Check_Size ($)` is `check size`."""
    return " ".join(_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).split())
