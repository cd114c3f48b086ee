"""The YAML front matter of a dataset card, as Hugging Face's hub reads it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from signals_agent import quote
from signals_agent.corpus import called
from signals_agent.corpus.cards.hub_licences import declare
from signals_agent.corpus.composition import weights as composed
from signals_agent.corpus.composition.nouns import Composition, Weights
from signals_agent.corpus.composition.tags import whole
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings

GATE: Final = (
    "This dataset is made of works of others. You agree to keep to the licences and preferences "
    "of its sources, as README.md and preferences.json say them."
)
_GATE_RESEARCH: Final = (
    " Parts marked Research-Only may be used for research only: nothing made from them may be "
    "shared or sold unless their licences allow it."
)

# What no reader of YAML 1.1 or 1.2 takes for anything but text: it begins with a letter, and
# is none of the words that mean a truth value or nothing.
_PLAIN: Final = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)\Z)[a-z][a-z0-9.+-]*")
_SIZES: Final = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:-[a-z0-9-]+)?", re.IGNORECASE)
_WORDS: Final = frozenset({"code", "multilingual"})


def write(holdings: Holdings, composition: Composition, facts: Facts) -> Iterator[str]:
    """The lines between the hyphens, with both of them; nothing in it can end it early."""
    yield "---\n"
    yield f"pretty_name: {scalar(called.title(facts, composition.names))}\n"
    yield from _languages(facts)
    yield from _licences(holdings, composition, facts)
    yield from _list("tags", tags(composition))
    yield f"size_categories:\n- {size(composition.extent.assets)}\n"
    if facts.access == "on-request":
        yield from _gate(composition)
    yield "---\n"


def scalar(text: str, limit: int = 2000) -> str:
    """A text as YAML: as it is where nothing can be made of it but text, else quoted."""
    shown = quote.text(text, limit)
    if _PLAIN.fullmatch(shown):
        return shown
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


def size(assets: int) -> str:
    """The hub's size category: ``n<1K``, ``1K<n<10K`` and so on."""
    if assets < 1000:
        return "n<1K"
    for power, (low, high) in enumerate(pairwise(_SIZES), start=4):
        if assets < 10**power:
            return f"{low}<n<{high}"
    return "n>1T"


def tags(composition: Composition) -> tuple[str, ...]:
    """The tags that hold for the whole; the hub makes those of licences itself."""
    return tuple(tag for tag in whole(composition.sets) if not tag.startswith("license:"))


def of_model(weights: Weights) -> Iterator[str]:
    """The lines for the card of a model that was trained on the corpus, without the hyphens."""
    for key, value in composed.card(weights).items():
        if isinstance(value, str):
            yield f"{key}: {scalar(value)}\n"
        else:
            # The hub makes the tags of licences itself.
            yield from _list(key, [each for each in value if not each.startswith("license:")])


def _one_or_list(key: str, values: Sequence[str]) -> Iterator[str]:
    if len(values) == 1:
        yield f"{key}: {scalar(values[0])}\n"
    else:
        yield from _list(key, values)


def _list(key: str, values: Sequence[str]) -> Iterator[str]:
    if values:
        yield f"{key}:\n"
        yield from (f"- {scalar(value)}\n" for value in values)


def _languages(facts: Facts) -> Iterator[str]:
    """ISO 639 codes for the hub, and the tags in full beside them where they say more."""
    codes, details = [], []
    for each in facts.language:
        found = _LANGUAGE.fullmatch(each)
        code = each.lower() if each.lower() in _WORDS else found[1].lower() if found else None
        if code is not None:
            codes.append(code)
        if code != each.lower():
            details.append(each)
    yield from _list("language", tuple(dict.fromkeys(codes)))
    yield from _list("language_details", tuple(dict.fromkeys(details)))


def _licences(holdings: Holdings, composition: Composition, facts: Facts) -> Iterator[str]:
    licences = [each for footing in holdings.footings.values() for each in footing.licences]
    unlicensed = any(not labels for labels, extent in composition.licences if extent.assets)
    declared = declare(licences, unlicensed, facts.url or "README.md")
    yield from _one_or_list("license", declared.ids)
    if declared.name is not None:
        yield f"license_name: {scalar(declared.name)}\n"
    if declared.link is not None:
        yield f"license_link: {scalar(declared.link)}\n"


def _gate(composition: Composition) -> Iterator[str]:
    """What somebody agrees to who asks for access (hub docs, *Gated datasets*)."""
    research = any(each.marked for each in composition.sets)
    yield f"extra_gated_prompt: {scalar(GATE + _GATE_RESEARCH * research)}\n"
    yield "extra_gated_fields:\n"
    yield f"  {scalar('Name and affiliation')}: text\n"
    yield f"  {scalar('What it is for')}: text\n"
    yield f"  {scalar('I keep to the licences and preferences of the sources')}: checkbox\n"
    if research:
        yield f"  {scalar('I use the Research-Only parts for research only')}: checkbox\n"
