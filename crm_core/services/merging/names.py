"""Names, e-mail and web addresses in the form in which they are compared."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEGAL = _words(
    "gmbh mbh ag kg kgaa ohg gbr ug se ev eg llc llp lllp lp ltd limited inc incorporated corp corporation co company"
    " plc sa sas sarl srl spa sapa bv nv ab as asa oy oyj aps kk pte pty sl slu sicav scs sca scsp and"
)
"""Words of a legal form; at the end of a name they say nothing of who it is."""

TRADE = _words(
    "capital partners partner ventures venture vc group holding holdings management investments investment investors"
    " advisors advisers advisory associates equity asset assets fund funds family office"
)
"""Words that many firms have in their names: without them two names are less surely the same."""

FREE_MAIL = _words(
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com msn.com yahoo.com yahoo.co.uk"
    " yahoo.de yahoo.fr ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de"
    " t-online.de freenet.de mail.com mail.ru yandex.ru yandex.com proton.me protonmail.com pm.me fastmail.com hey.com"
    " orange.fr free.fr laposte.net wanadoo.fr libero.it bluewin.ch zoho.com qq.com 163.com 126.com naver.com"
    " comcast.net verizon.net btinternet.com tutanota.com posteo.de mailbox.org"
)
"""Providers of mail to anybody: an address there says nothing of where somebody works."""

SHARED_HOSTS = _words(
    "linkedin.com twitter.com x.com facebook.com instagram.com crunchbase.com pitchbook.com angel.co wellfound.com"
    " github.com medium.com youtube.com xing.com notion.so notion.site google.com linktr.ee wikipedia.org"
    " bloomberg.com dealroom.co substack.com wordpress.com wixsite.com github.io"
)
"""Sites where many have a page: there only the whole address tells one from another."""

_SIGNS = re.compile(r"[^\w]+|_")
_SILENT = str.maketrans("", "", ".'’`´")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_ROMAN = re.compile(r"(?=.)x{0,3}(ix|iv|v?i{0,3})")
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "ac", "gov", "edu"))


class Name(NamedTuple):
    """A name taken apart. `text` is without case and accents, `key` its words in their order without the legal form,
    `words` the same in the order of the alphabet, `core` those that tell a firm from others; `form` its legal words,
    `numbers` what tells a second fund from a third."""

    text: str
    key: str
    words: str
    core: str
    form: frozenset[str]
    numbers: frozenset[str]


def name(given: str) -> Name | None:
    """A name in its compared forms; None when there is nothing to compare."""
    plain = given.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).translate(_LETTERS)
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    parts = _SIGNS.sub(" ", plain.translate(_SILENT).replace("&", " and ")).split()
    if not parts:
        return None
    end = len(parts)
    while end > 1 and parts[end - 1] in LEGAL:
        end -= 1
    kept = parts[:end]
    core = sorted(part for part in kept if part not in TRADE) or sorted(kept)
    numbers = frozenset(part for part in kept[1:] if part.isdecimal() or (part[0] in "ivx" and _ROMAN.fullmatch(part)))
    words = " ".join(sorted(kept))
    return Name(" ".join(parts), " ".join(kept), words, " ".join(core), frozenset(parts[end:]) - {"and"}, numbers)


@lru_cache(maxsize=50_000)
def email(given: str) -> str:
    """An address without case, without what stands behind a plus sign, and without Gmail's meaningless dots."""
    local, _, domain = given.strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def mail_domain(address: str) -> str | None:
    """Where an address (as `email` gives it) is at home; None at a provider of mail to anybody."""
    domain = address.rpartition("@")[2]
    return None if domain in FREE_MAIL else own_domain(domain)


class Web(NamedTuple):
    """A web address: its `page` when it is more than a home page, and the site's `domain` unless many share it."""

    page: str | None
    domain: str | None


@lru_cache(maxsize=50_000)
def web(given: str) -> Web:
    """An address without scheme, `www`, query and a slash at the end."""
    text = given.strip().casefold()
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return Web(None, None)
    path = parts.path.rstrip("/")
    domain = own_domain(host)
    if not domain:
        return Web(None, None)
    page = f"{domain if domain in SHARED_HOSTS else host}{path}" if path else None
    return Web(page, None if domain in SHARED_HOSTS else domain)


def own_domain(host: str) -> str | None:
    """The part of a host's name that somebody owns: `acme.co.uk` of `mail.acme.co.uk`."""
    labels = host.strip(".").split(".")
    if len(labels) < 2:
        return None
    count = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-count:])
