"""A corpus's dataset card: what is in it, what is owed, and what may be done with it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from signals_agent import quote, wording
from signals_agent.corpus import called
from signals_agent.corpus.cards import front_matter
from signals_agent.corpus.cards.provenance import Provenance
from signals_agent.corpus.composition import words as composed
from signals_agent.corpus.composition.nouns import (
    Composition,
    ForActivity,
    Remaining,
    Weights,
)
from signals_agent.corpus.composition.weights import levels
from signals_agent.corpus.composition.words import ACTIVITIES
from signals_agent.corpus.credits import summary
from signals_agent.corpus.credits.summary import Summary
from signals_agent.corpus.facts import Creator, Facts
from signals_agent.corpus.held import Extent
from signals_agent.corpus.holdings import Holdings
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model import citation
from signals_agent.model.licence import ActivityAnswer, Licence
from signals_agent.model.statement import Preference
from signals_agent.preference_manifest import PREFERENCES, SOURCES

PARTIES: Final = 10
"""How many parties the card names; ``sources.jsonl`` names all."""

_CLASHES: Final = 10
_ROWS: Final = 50
"""How many rows of licences and sets the card has; the manifest has all."""

_UNLICENSED: Final = "no licence declared"


def markdown(
    holdings: Holdings,
    composition: Composition,
    weights: Weights,
    facts: Facts,
    provenance: Provenance | None = None,
) -> Iterator[str]:
    """The card, ``README.md``: front matter and sections."""
    yield from front_matter.write(holdings, composition, facts)
    yield f"\n# {_md(called.title(facts, composition.names))}\n"
    if facts.description is not None:
        yield f"\n{_md(facts.description, 5000)}\n"
    yield f"\n{_extent(composition.extent)}\n"
    for title, section in (
        ("Licensing", _licensing(holdings, composition, facts)),
        ("Attribution", _attribution(holdings)),
        ("Preferences and obligations", _obligations(holdings)),
        ("Uses", _uses(composition)),
        ("Segregated sets", _sets(composition)),
        ("Weights", _weights(weights)),
        ("Provenance", _provenance(holdings, provenance or Provenance())),
        ("Contact", _contact(facts)),
    ):
        yield f"\n## {title}\n\n"
        yield from section
    yield f"\n{NO_ADVICE}\n"


def _md(text: str, limit: int = 500) -> str:
    return quote.markdown(" ".join(text.split()), limit)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _head(*cells: str) -> str:
    return _cells(*cells) + "|" + "---|" * len(cells) + "\n"


def _assets(number: int) -> str:
    return f"{number:,} asset{'' if number == 1 else 's'}"


def _of(part: int, whole: int) -> str:
    return "" if part == whole else f" (known of {part:,})"


def _extent(extent: Extent) -> str:
    parts = [_assets(extent.assets)]
    if extent.measured:
        parts.append(f"{extent.bytes:,} octets{_of(extent.measured, extent.assets)}")
    if extent.counted:
        parts.append(f"{extent.tokens:,} tokens{_of(extent.counted, extent.assets)}")
    return f"{', '.join(parts)}."


def _labels(labels: Sequence[str]) -> str:
    return " and ".join(_md(each, 200) for each in labels) or _UNLICENSED


def _linked(labels: Sequence[str], licences: Mapping[str, Licence]) -> str:
    """Licences by their names, each with a link to its text where there is one."""
    shown = []
    for label in labels:
        licence = licences.get(label)
        url = None if licence is None else citation.address(licence.url)
        name = _md(label if licence is None else wording.licence_name(licence), 200)
        shown.append(f"[{name}](<{url}>)" if url else name)
    return " and ".join(shown) or _UNLICENSED


def _licensing(holdings: Holdings, composition: Composition, facts: Facts) -> Iterator[str]:
    yield "Each asset keeps the licence that its publisher gave it: no licence is for all of it.\n"
    if facts.licence is not None:
        yield (
            "The collection itself (its selection, its order and this description) is offered "
            f"under {_md(facts.licence, 200)}; that changes no asset's licence.\n"
        )
    yield "\n" + _head("licence", "assets")
    counts = sorted(composition.licences, key=lambda each: (-each[1].assets, each[0]))
    licences = {
        each.label: each for footing in holdings.footings.values() for each in footing.licences
    }
    for labels, extent in counts[:_ROWS]:
        yield _cells(_linked(labels, licences), f"{extent.assets:,}")
    if rest := counts[_ROWS:]:
        more = sum(extent.assets for _, extent in rest)
        yield _cells(f"{len(rest):,} more, each in [{PREFERENCES}]({PREFERENCES})", f"{more:,}")
    if any(not labels and extent.assets for labels, extent in counts):
        yield (
            f"\nWhere there is *{_UNLICENSED}*, nothing is known of what may be done beyond the "
            "publisher's preferences: ask before you share it.\n"
        )
    if composition.clashes:
        yield "\nWhat does not go into one thing ([composition.md](composition.md) says why):\n\n"
        for clash in composition.clashes[:_CLASHES]:
            one, other = (_md(composed.name(each), 200) for each in (clash.one, clash.other))
            yield f"- {one} and {other}: {clash.answer}\n"
        if more := len(composition.clashes[_CLASHES:]):
            yield f"- {more:,} more, each in composition.md\n"


def _attribution(holdings: Holdings) -> Iterator[str]:
    yield (
        f"[CREDITS.md](CREDITS.md) {_credited(summary.of(holdings))}\n"
        f"[{SOURCES}]({SOURCES}) has every source, each with its credit line where there is one, "
        "for answers that can be tied to one.\n\n"
    )
    parties = holdings.parties()
    most = list(islice(parties, PARTIES))
    if not most:
        yield "There are no assets.\n"
        return
    yield _head("party", "assets")
    for party, extent in most:
        url = citation.address(party.url)
        name = _md(party.name, 200)
        shown = f"[{name}](<{url}>)" if url else name
        yield _cells(shown, f"{extent.assets:,}")
    rest = [extent.assets for _, extent in parties]
    if rest:
        yield _cells(f"{len(rest):,} more, each in {SOURCES}", f"{sum(rest):,}")
    yield "\nNames are those that pages give: claims, which nobody has checked.\n"


def _credited(told: Summary) -> str:
    """What CREDITS.md names, in the numbers by which it says so itself."""
    if not told.credited:
        return "says that nobody asks for credit."
    named = (
        f"of {told.parties:,} declaring {'party' if told.parties == 1 else 'parties'}, "
        f"{summary.asking(told)}"
    )
    if not told.uncredited:
        return f"names every asset with its credit line, {named}."
    verb = "asks" if told.uncredited == 1 else "ask"
    return (
        f"names {told.credited:,} of {_assets(told.assets)} with their credit lines, {named}.\n"
        f"{_assets(told.uncredited).capitalize()} {verb} for no credit."
    )


_ANSWERS: Final = tuple(each for each in Preference if each is not Preference.UNKNOWN)


def _obligations(holdings: Holdings) -> Iterator[str]:
    if stated := holdings.preferences():
        yield "What publishers answer for each use, whatever this corpus was made for:\n\n"
        yield _head("use", *(f"`{each}`" for each in (*_ANSWERS, Preference.UNKNOWN)))
        every = holdings.extent().assets
        for use, found in stated.items():
            counts = [f"{found[each]:,}" if each in found else "" for each in _ANSWERS]
            # An asset that two corpora hold with different answers counts for both.
            silent = max(0, every - sum(found.values()))
            yield _cells(f"{wording.USES[use]} (`{use}`)", *counts, f"{silent:,}" if silent else "")
        yield (
            "\n*Conditional* is allowed to whoever does what is asked; *unknown* is where nothing "
            "is said.\n\n"
        )
    kinds = sorted(holdings.kinds(), key=lambda each: (-each[2].assets, each[0]))
    if not kinds:
        yield "No source asks for anything that was found.\n"
        return
    yield _head("what is asked", "in words", "assets", "parties")
    for kind, parties, extent in kinds:
        yield _cells(f"`{kind}`", wording.DUTIES[kind], f"{extent.assets:,}", f"{parties:,}")
    yield (
        f"\n[{PREFERENCES}]({PREFERENCES}) says what is asked, by whom and on what it rests.\n"
        f"Let it and [{SOURCES}]({SOURCES}) travel with this dataset, and with every model and "
        "dataset that is made with it.\n"
    )


_HEADINGS: Final = {
    ActivityAnswer.OK: "In scope",
    ActivityAnswer.CAUTION: "Only after review",
    ActivityAnswer.NO: "Out of scope",
}


def _uses(composition: Composition) -> Iterator[str]:
    yield (
        "What the licences of all assets together come to; [composition.md](composition.md) says "
        "why, and what to do instead.\n"
    )
    for answer, heading in _HEADINGS.items():
        found = [each for each in composition.activities.values() if each.answer is answer]
        if found:
            yield f"\n### {heading}\n\n"
        for each in found:
            yield _use(each)


def _use(each: ForActivity) -> str:
    conditions = ", ".join(f"`{kind}`" for kind in each.remaining.conditions)
    asked = f"; asked: {conditions}" if conditions else ""
    blocked = sum(one.extent.assets for one in each.in_the_way)
    if not blocked:
        return f"- `{each.activity}`: {ACTIVITIES[each.activity]}{asked}.\n"
    stand = "stands" if blocked == 1 else "stand"
    return (
        f"- `{each.activity}`: {ACTIVITIES[each.activity]}. {_assets(blocked).capitalize()} "
        f"{stand} in the way, {_remain(each.remaining)}{asked}.\n"
    )


def _remain(remaining: Remaining) -> str:
    under = wording.series([_md(composed.name(label), 200) for label in remaining.under])
    return f"{_assets(remaining.extent.assets)} left" + (
        f", to go out under {under}" if under else ""
    )


def _sets(composition: Composition) -> Iterator[str]:
    if not composition.sets:
        yield "There are no assets.\n"
        return
    yield "Keep these apart; `sets/` lists what belongs to each.\n\n"
    yield _head("set", "marked", "assets", "licences", "why")
    for each in composition.sets[:_ROWS]:
        labels = ", ".join(_md(label, 200) for label in each.labels[:5]) or _UNLICENSED
        more = f" and {len(each.labels) - 5:,} more" if len(each.labels) > 5 else ""
        marked = f"**{_md(each.marked)}**" if each.marked else ""
        yield _cells(
            f"`{_code(each.name)}`",
            marked,
            f"{each.extent.assets:,}",
            labels + more,
            _md(each.text, 1000),
        )
    if rest := composition.sets[_ROWS:]:
        yield _cells(f"{len(rest):,} more", "", f"{sum(s.extent.assets for s in rest):,}", "", "")


def _code(text: str) -> str:
    return quote.text(text, 200).replace("`", "'").replace("|", "/")


def _weights(weights: Weights) -> Iterator[str]:
    yield f"**{weights.release}**. {_md(weights.text, 2000)}\n"
    if weights.reasons:
        yield "\n" + "".join(f"- {_md(each, 1000)}\n" for each in weights.reasons)
    if weights.under:
        yield f"\nUnder: {wording.series([_md(each, 200) for each in weights.under])}.\n"
    yield "\nIn the front matter of the model card:\n\n```yaml\n"
    yield from front_matter.of_model(weights)
    yield "```\n"
    for less in islice(levels(weights), 1, None):
        # Its text names all that is left out, so it is never cut.
        yield f"\n**{less.release}**. {_md(less.text, len(less.text))}\n"


_READ: Final = {
    True: "What publishers declare was read from their pages, headers and site files.\n",
    False: "Licences are those that the list of the corpus names; no page was looked at.\n",
    None: "",
}


def _provenance(holdings: Holdings, provenance: Provenance) -> Iterator[str]:
    when = holdings.when()
    yield _READ[provenance.crawled]
    if when is not None:
        first, last = (_md(each, 40) for each in when)
        yield f"Looked at from {first} to {last}.\n" if first != last else f"Looked at {first}.\n"
    if provenance.policy is not None:
        digest = (
            f" (SHA-256 `{_code(provenance.policy_sha256)}`)" if provenance.policy_sha256 else ""
        )
        yield f"The policy that decided is {_md(provenance.policy)}{digest}.\n"
    if missing := provenance.missing():
        yield "\nNot in it:\n\n"
        yield from (f"- {each}\n" for each in missing)


def _contact(facts: Facts) -> Iterator[str]:
    address = citation.address(facts.url)
    if facts.creator:
        yield from (f"- {_creator(each)}\n" for each in facts.creator)
        yield "\n"
    if address is not None:
        yield f"The corpus is at <{address.replace('>', '%3E')}>.\n"
    if not facts.creator and address is None:
        yield "Nobody is named: `creator` and `url` in corpus.toml say whom to ask.\n"
    yield (
        "If a work of yours is in it and should not be, or should be credited otherwise, say so "
        "there; for a licence of your own ask its publisher (separate-licences.md).\n"
    )


def _creator(each: Creator) -> str:
    url = citation.address(each.url) or citation.address(each.orcid)
    name = _md(each.name, 200)
    shown = f"[{name}](<{url}>)" if url else name
    return shown + (f", {_md(each.affiliation, 200)}" if each.affiliation else "")
