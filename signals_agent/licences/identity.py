"""Which licence a URL, an SPDX id, a Hugging Face id or a name means."""

import re
from typing import Final
from urllib.parse import unquote

from signals_agent import quote
from signals_agent.licences import creative_commons
from signals_agent.licences.catalogue import BY_ID, ENTRIES, unrecognised
from signals_agent.licences.entry import Entry
from signals_agent.licences.spellings import ALIASES, PAGES, SHELVES

LONGEST: Final = 2048
"""Characters of a declared licence that are looked at; a longer one is unrecognised (rule R39)."""

_SCHEME: Final = re.compile(r"(?:(?:https?:)?//)", re.IGNORECASE)
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_BLANK: Final = re.compile(r"\s")
_BLANKS: Final = re.compile(r"[\s_]+")
_STRAY: Final = " \t\r\n\f\"'`<>()[]{}.,;:!|\\\u200b\ufeff\u00a0"
"""What surrounds a licence where it was copied out of a sentence or of markup."""


def _page(url: str) -> str:
    """Host and path as they are compared: lower case, without ``www.``, slash and ``.html``."""
    host, slash, path = _SCHEME.sub("", url, count=1).partition("/")
    host = host.rpartition("@")[2].lower().removesuffix(":443").removesuffix(":80")
    host = host.rstrip(".").removeprefix("www.")
    path = re.sub("/{2,}", "/", unquote(path)).strip("/")
    return f"{host}/{path}".rstrip("/").lower() if slash else host


_NAMES: Final = {_BLANKS.sub("-", entry.name.lower()): entry for entry in ENTRIES}
_PAGES: Final = {
    **{_page(entry.url): entry for entry in reversed(ENTRIES) if entry.url},
    **{page: BY_ID[ident] for page, ident in PAGES.items()},
}


def identify(declared: str) -> Entry:
    """The licence that a text means, whatever it is; what is not known is *unrecognised*.

    The text is a URL in any spelling, an SPDX id in any case, a Hugging Face id or a
    name. An unrecognised licence keeps its URL. Never raises; linear in the text
    (licences, *Licences to know*; declarations, section 6.2).
    """
    if len(declared) > LONGEST:
        return _kept(declared)
    text = declared.strip()
    stripped = text.strip(_STRAY)
    if not stripped:
        return _kept(text)
    if _SCHEME.match(stripped) or ("/" in stripped and _HOST.match(stripped.partition("/")[0])):
        # A URL has no blanks: what follows one is more than the licence.
        return (None if _BLANK.search(stripped) else _by_url(stripped)) or _kept(text)
    if found := _by_name(text) or _by_name(stripped):
        return found
    if "all rights reserved" in text.lower():
        return BY_ID["all-rights-reserved"]
    return _kept(text)


def identify_card(licence: str, name: str | None = None, link: str | None = None) -> Entry:
    """The licence of a dataset card: ``other`` is known by its link, else by its name.

    ``name`` and ``link`` are ``license_name`` and ``license_link`` of Hugging Face.
    """
    if licence.strip().lower() not in {"other", "unknown", ""}:
        return identify(licence)
    for each in (link, name):
        if each and (found := identify(each)).id != "unrecognised":
            return found
    return _kept(link or "", name)


def _kept(declared: str, name: str | None = None) -> Entry:
    cut = declared[:LONGEST].strip()
    safe = quote.without_userinfo(cut)
    if _SCHEME.match(cut) and _SCHEME.match(safe):
        return unrecognised(safe, name)
    return unrecognised(name=name or cut or None)


def _by_url(text: str) -> Entry | None:
    bare = text.partition("#")[0].partition("?")[0].rstrip(_STRAY)
    page = _page(bare)
    if found := _PAGES.get(page):
        return found
    for ending in (".html", ".htm", ".txt", ".php", ".md", ".en", ".en.html", ".json", ".rdf"):
        if found := _PAGES.get(page.removesuffix(ending)):
            return found
    host, _, path = page.partition("/")
    if host == "creativecommons.org":
        folder, _, rest = path.partition("/")
        return creative_commons.from_path(folder, rest)
    if host == "rightsstatements.org":
        return _statement(path)
    for shelf in SHELVES:
        if page.startswith(shelf):
            name = page.removeprefix(shelf)
            return _by_name(re.sub(r"\.(?:html|json|txt|php)$", "", name))
    return None


def _statement(path: str) -> Entry | None:
    """A statement of rightsstatements.org: ``vocab``, ``page`` or ``data``, then its code."""
    folder, _, rest = path.partition("/")
    code, _, version = rest.partition("/")
    if folder not in {"vocab", "page", "data"} or version.partition("/")[0] not in {"", "1.0"}:
        return None
    return BY_ID.get(f"rightsstatements-{code}-1.0")


def _by_name(text: str) -> Entry | None:
    key = _BLANKS.sub("-", text.lower())
    return BY_ID.get(ALIASES.get(key, key)) or _NAMES.get(key) or creative_commons.from_short(key)
