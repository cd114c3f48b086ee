"""How the licences of a whole corpus are declared to Hugging Face's hub."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from signals_agent.corpus.composition import tags
from signals_agent.model import citation
from signals_agent.model.licence import Licence


@dataclass(frozen=True, slots=True)
class Declared:
    """The keys ``license``, ``license_name`` and ``license_link`` of a card."""

    ids: tuple[str, ...]
    name: str | None = None
    link: str | None = None


def declare(licences: Iterable[Licence], unlicensed: bool, elsewhere: str) -> Declared:
    """What the front matter says: each licence of the corpus, and that some is without one.

    What the hub does not list is ``other``, by name and link where it is one licence alone;
    of several ``elsewhere`` tells.
    """
    by_label = {each.label: each for each in licences}
    ids = {label: tags.hub(label) or "other" for label in sorted(by_label)}
    others = [label for label, ident in ids.items() if ident == "other"]
    listed = sorted(set(ids.values()) - {"other"})
    listed += ["other"] * bool(others) + ["unknown"] * unlicensed
    if not others:
        return Declared(tuple(listed or ["unknown"]))
    if len(others) > 1:
        return Declared(tuple(listed), "several-licences", elsewhere)
    (label,) = others
    return Declared(tuple(listed), slug(label), citation.address(by_label[label].url) or elsewhere)


def slug(text: str) -> str:
    """A text as an id: small letters, digits, dots and hyphens."""
    bare = re.sub(r"^https?://(?:www\.)?", "", text.lower())
    return re.sub(r"[^a-z0-9.]+", "-", bare)[:96].strip("-.") or "not-named"
