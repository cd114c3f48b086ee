"""CREDITS.md: every work to credit with its line, under its declaring party and collection."""

from collections.abc import Iterator
from typing import Final

from signals_agent import quote
from signals_agent.corpus import called
from signals_agent.corpus.credits import asks, groups, summary, words
from signals_agent.corpus.credits.asks import Ask
from signals_agent.corpus.credits.groups import Group, Work
from signals_agent.corpus.credits.summary import Summary
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model import citation
from signals_agent.model.obligation import ObligationKind, Party
from signals_agent.preference_manifest import SOURCES

_READING: Final = (
    "A heading names a declaring party: who states the licence or the preference.",
    "Where nobody says who that is, it is the site, marked *inferred from the address*.",
    "Under it stand its collections, and there every work to credit once, as its page names it.",
    "Names and titles are claims of the pages; nobody has confirmed them.",
)
_COLLECTIONS: Final = (
    "CC signals ask to cite the *collection* in the documentation of the dataset and of the model; "
    f"the collections are those of the headings, with one entry each in `{words.BIBTEX}`."
)


def render(holdings: Holdings, facts: Facts, changes: str = "") -> Iterator[str]:
    """The document, line by line.

    ``changes`` says in a few words what was changed; it stands where the licence asks for it.
    """
    told = summary.of(holdings)
    yield from _lines(_head(told, called.titled(facts, holdings.names), changes))
    before: Party | None = None
    works = 0
    for group in groups.groups(holdings):
        yield from _lines(_heading(group, group.party != before))
        for work in group.works:
            yield f"- {_line(work, changes)}\n"
            works += 1
        before = group.party
    yield from _lines(_end(told, works))


def _lines(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line + "\n"


def _text(said: str) -> str:
    return quote.markdown(said, words.LONGEST)


def _head(told: Summary, facts: Facts, changes: str) -> Iterator[str]:
    yield f"# Credits: {_text(words.title(facts))}"
    if facts.description:
        yield ""
        yield from words.paragraphs(facts.description, _text)
    if about := list(_about(facts)):
        yield ""
        yield from about
    yield ""
    yield f"The set holds {words.count(told.assets, 'asset')}." + _named(told)
    yield from _uncredited(told)
    yield ""
    yield from _asked(told)
    yield ""
    yield from _changed(told, changes)
    yield "## How to read this"
    yield ""
    yield from _READING
    if told.credited:
        yield _COLLECTIONS
    yield f"`{words.JSON}` has the same for machines, with every address of these works."


def _named(told: Summary) -> str:
    if not told.credited:
        return ""
    collections = words.count(told.collections, "collection")
    parties = words.count(told.parties, "declaring party")
    return (
        f" {told.credited:,} of them {'is' if told.credited == 1 else 'are'} named here: "
        f"{collections} of {parties}, {summary.asking(told)}."
    )


def _about(facts: Facts) -> Iterator[str]:
    for name, said in (("Name", facts.name if facts.title else None), ("Version", facts.version)):
        if said:
            yield "- " + _text(f"{name}: {said}")
    if facts.released:
        yield f"- Released: {facts.released.isoformat()}"
    if facts.url:
        yield f"- Address: {words.linked(facts.url, facts.url)}"
    if facts.doi:
        yield "- " + _text(f"DOI: {facts.doi}")
    if facts.licence:
        yield "- " + _text(f"Licence of the set itself: {facts.licence}")
    for creator in facts.creator:
        yield f"- Made by: {words.linked(words.creator(creator), creator.url)}"


def _uncredited(told: Summary) -> Iterator[str]:
    if told.uncredited:
        verb = "asks" if told.uncredited == 1 else "ask"
        of = ""
        if told.unnamed:
            # They may ask for something else.
            named = words.count(told.unnamed, "party")
            of = f"; {named} {'is' if told.unnamed == 1 else 'are'} not named here for that"
        yield f"{words.count(told.uncredited, 'further asset')} {verb} for no credit{of}."
        yield f"`{SOURCES}` has every source, with whatever else it asks for."


def _asked(told: Summary) -> Iterator[str]:
    yield "## Who asks for credit"
    yield ""
    if not told.asks:
        yield "Nobody asks for credit."
    for number, (how, found) in enumerate(asks.by_basis(told.asks)):
        parties = summary.to_parties(*told.owed_to.get(found[0].basis, (0, 0)))
        if number:
            yield ""
        yield f"Owed {how}, {parties}:"
        yield ""
        for ask in found:
            link = words.linked(words.signal(ask), ask.terms_url)
            many = words.count(ask.assets, "asset")
            yield f"- {link}, for {many}{_binds(ask)}: {_text(ask.text)}"
    if told.further_asks:
        yield ""
        yield (
            f"What collections ask beyond these {len(told.asks):,} stands with each collection: "
            f"{told.further_asks:,} more."
        )


def _binds(ask: Ask) -> str:
    if not ask.binding:
        return ""
    return f" (binding for {'all' if ask.binding >= ask.assets else f'{ask.binding:,}'} as used)"


def _changed(told: Summary, changes: str) -> Iterator[str]:
    if not told.says_changes:
        return
    verb = "asks" if told.says_changes == 1 else "ask"
    yield "## What was changed"
    yield ""
    yield (
        f"The licences of {words.count(told.says_changes, 'asset')} {verb} whoever changes the "
        "work to say so."
        if told.says_changes != 1
        else "The licence of 1 asset asks whoever changes the work to say so."
    )
    if changes.strip():
        yield f"Their lines say what was changed: {_text(' '.join(changes.split()))}"
    else:
        yield "Nothing is said of changes here: if you filtered, cut or cleaned the works, say so."
    yield ""


def _heading(group: Group, new: bool) -> Iterator[str]:
    party = group.party
    if new:
        yield ""
        yield f"## {_ended(words.linked(party.name, party.url))}"
        if party.inferred:
            yield ""
            yield "*Inferred from the address.*"
    if group.collection and group.collection != party.name:
        yield ""
        yield f"### {_ended(_text(group.collection))}"
    yield ""
    if not group.asks:
        yield "Nobody asks for credit here; the works are named all the same."
    for how, found in asks.by_basis(group.asks):
        asked = "; ".join(_ask(each, group) for each in found)
        yield f"Credit is owed {how}: {asked}."
    yield ""


def _ask(ask: Ask, group: Group) -> str:
    what = ", its notices" if ask.kind is ObligationKind.NOTICE else ""
    of_all = f"all {group.assets:,}" if group.assets > 1 else "the one"
    many = of_all if ask.assets >= group.assets else f"{ask.assets:,} of {group.assets:,}"
    to = f", to {_text(ask.to.name)}" if ask.to is not None and ask.to != group.party else ""
    return f"{_text(words.signal(ask))}{what} (for {many}{to})"


def _ended(heading: str) -> str:
    """A heading whose last mark is not taken for its closing."""
    return heading[:-1] + "\\#" if heading.endswith("#") else heading


def _line(work: Work, changes: str) -> str:
    said = citation.cite(work.credit, "markdown", changes if work.says_changes else "")
    more = len(work.urls) - 1
    if not more:
        return said
    end = "" if said.endswith(".") else "."
    return f"{said}{end} Also at {words.count(more, 'more address')}."


def _end(told: Summary, works: int) -> Iterator[str]:
    yield ""
    yield "---"
    yield ""
    yield f"{words.count(works, 'work')} named, of {words.count(told.credited, 'asset')}."
    yield from _uncredited(told)
    yield NO_ADVICE
