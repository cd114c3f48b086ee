"""What all the sources of a corpus ask, in one document that travels with dataset and model."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from signals_agent.corpus import called
from signals_agent.corpus.cards.numbers import SHOWN, Asked, Numbers, party_of
from signals_agent.corpus.cards.sources import dumped, lines
from signals_agent.corpus.composition.nouns import Composition, ForActivity, SegregatedSet, Weights
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.folder import Folder, Output
from signals_agent.corpus.held import Extent
from signals_agent.corpus.holdings import Holdings
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model.licence import ActivityTerms, Licence
from signals_agent.preference_manifest import PREFERENCES, SCHEMA, SOURCES, VERSION

CONVEY: Final = (
    (
        f"Put {PREFERENCES} and {SOURCES} beside every copy of this dataset, and beside every "
        "model and dataset that is made with it, unchanged."
    ),
    "Link to them from the dataset card and the model card.",
    (
        "Where output can be tied to a source, name the source: the file preference_manifest.py of "
        "signals-agent looks up its credit line by its URL."
    ),
    (
        "Who makes something from several corpora hands on the manifest of each, or one that is "
        "composed from them."
    ),
)
"""How the preferences of the sources are passed on, a sentence for each step."""

_READING: Final = (
    f"Each line of {SOURCES} is one source, in the order of the octets of its URL. Its 'footing' "
    "and the numbers in its 'owed' count from 0 in the lists of the same name here (obligations "
    "for 'owed'). What is owed is owed to the line's own party, unless the line names another. "
    "Its 'preferences' are the answer of its publisher for each use, 'declared' their words. "
    f"Of the parties that ask for the same, up to {SHOWN} are named here, with how many there are."
)


def write(
    folder: Folder,
    holdings: Holdings,
    composition: Composition,
    facts: Facts,
    weights: Weights | None = None,
) -> tuple[Output, Output]:
    """Write both files of the manifest into a folder; the sources come first."""
    numbers = Numbers(holdings, composition)
    sources = folder.write(SOURCES, lines(holdings, numbers))
    document = render(holdings, composition, facts, numbers, sources, weights)
    return sources, folder.write(PREFERENCES, document)


def render(
    holdings: Holdings,
    composition: Composition,
    facts: Facts,
    numbers: Numbers,
    sources: Output,
    weights: Weights | None = None,
) -> Iterator[str]:
    """The document, sealed with the SHA-256 of all that stands before the seal."""
    digest = sha256()
    for part in _parts(holdings, composition, facts, numbers, sources, weights):
        digest.update(part.encode())
        yield part
    yield f'  "sha256": "{digest.hexdigest()}"\n}}\n'


def _parts(
    holdings: Holdings,
    composition: Composition,
    facts: Facts,
    numbers: Numbers,
    sources: Output,
    weights: Weights | None,
) -> Iterator[str]:
    yield "{\n"
    head: dict[str, Any] = {
        "schema": f"{SCHEMA}{VERSION}",
        "name": called.name(facts, composition.names),
    }
    said = {
        "title": facts.title,
        "description": facts.description,
        "version": facts.version,
        "url": facts.url,
        "doi": facts.doi,
        "released": None if facts.released is None else facts.released.isoformat(),
    }
    head.update((name, fact) for name, fact in said.items() if fact is not None)
    head["convey"] = list(CONVEY)
    head["reading"] = _READING
    head["advice"] = NO_ADVICE
    head["counts"] = {
        **counted(composition.extent),
        "parties": sum(1 for _ in holdings.parties()),
    }
    head["preferences"] = {
        use.value: {answer.value: assets for answer, assets in found.items()}
        for use, found in holdings.preferences().items()
    }
    head["conditions"] = sorted(
        {kind.value for each in composition.activities.values() for kind in each.conditions}
    )
    head["activities"] = {
        activity.value: _activity(each) for activity, each in composition.activities.items()
    }
    if weights is not None:
        head["weights"] = _weights(weights)
    head["sets"] = [_set(each) for each in composition.sets]
    yield from _members(head)
    yield from _tables(holdings, numbers)
    yield from _list("obligations", (_obligation(each) for each in numbers.asked))
    tail = {
        "sources": {
            "file": sources.name.rpartition("/")[2],
            "sha256": sources.sha256,
            "bytes": sources.bytes,
            "lines": holdings.extent().assets,
        }
    }
    yield from _members(tail)


def _members(said: Mapping[str, Any]) -> Iterator[str]:
    for name, value in said.items():
        shown = dumped(value, indent=2).replace("\n", "\n  ")
        yield f"  {dumped(name)}: {shown},\n"


def _list(name: str, each: Iterable[object]) -> Iterator[str]:
    """A list that may be long, an object a line."""
    yield f"  {dumped(name)}: ["
    between = "\n"
    for one in each:
        yield f"{between}    {dumped(one)}"
        between = ",\n"
    yield "],\n" if between == "\n" else "\n  ],\n"


def _tables(holdings: Holdings, numbers: Numbers) -> Iterator[str]:
    """Licences, what each answers, and the footings that are made of them."""
    extents = holdings.on_footings()
    terms: dict[str, int] = {}
    licences: dict[str, int] = {}
    said: list[dict[str, Any]] = []
    footings = []
    for number in numbers.footings:
        footing, extent = holdings.footings[number], extents.get(number, Extent())
        named = []
        for licence in footing.licences:
            cells = licence.activities.items()
            row = dumped({name.value: _cell(cell, licence.url) for name, cell in cells})
            made = _licence(licence, terms.setdefault(row, len(terms)))
            place = licences.setdefault(dumped(made), len(licences))
            if place == len(said):
                said.append({**made, "assets": 0})
            named.append(place)
        for place in set(named):
            said[place]["assets"] += extent.assets
        entry = {"licences": named, "agreed": sorted(footing.agreed), "assets": extent.assets}
        if number in numbers.sets:
            entry["set"] = numbers.sets[number]
        footings.append(entry)
    yield from _list("licences", said)
    yield '  "terms": ['
    yield from (("\n    " if not place else ",\n    ") + row for row, place in terms.items())
    yield "\n  ],\n" if terms else "],\n"
    yield from _list("footings", footings)


def _licence(licence: Licence, terms: int) -> dict[str, Any]:
    facts = {
        "label": licence.label,
        "spdx": licence.spdx,
        "name": licence.name,
        "url": licence.url,
        "version": licence.version,
        "id": licence.id,
        "scope": licence.scope.value,
        "parts": list(licence.parts),
        "terms": terms,
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _cell(cell: ActivityTerms, url: str | None) -> dict[str, Any]:
    """A cell; that it rests on the licence's own URL is said so that licences can share it."""
    own = cell.terms_url is not None and cell.terms_url == url
    facts = {
        "answer": cell.answer.value,
        "conditions": [each.value for each in cell.conditions],
        "reason": cell.reason,
        "instead": cell.instead,
        "clause": cell.clause,
        "terms_url": None if own else cell.terms_url,
        "at_licence_url": True if own else None,
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _obligation(asked: Asked) -> dict[str, Any]:
    debt = asked.debt
    facts = {
        "kind": debt.kind.value,
        "binding": debt.binding,
        "basis": debt.basis.value,
        "signal": debt.signal,
        "signal_version": debt.signal_version,
        "text": debt.text,
        "terms_url": debt.terms_url,
        "beneficiary": None if debt.beneficiary is None else party_of(debt.beneficiary),
        "assets": asked.assets,
        "parties": asked.parties,
        "to": [{**party_of(party), "assets": assets} for assets, party in asked.most[:SHOWN]],
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def counted(extent: Extent) -> dict[str, int]:
    """An extent as JSON has it: bytes and tokens only where some are known, and of how many."""
    made = {"assets": extent.assets}
    if extent.measured:
        made |= {"bytes": extent.bytes, "measured": extent.measured}
    if extent.counted:
        made |= {"tokens": extent.tokens, "counted": extent.counted}
    return made


def _activity(each: ForActivity) -> dict[str, Any]:
    return {
        "answer": each.answer.value,
        "conditions": [kind.value for kind in each.conditions],
        "reason": each.reason,
        "in_the_way": sum(one.extent.assets for one in each.in_the_way),
        "remaining": {
            **counted(each.remaining.extent),
            "conditions": [kind.value for kind in each.remaining.conditions],
            "under": list(each.remaining.under),
        },
    }


def _set(each: SegregatedSet) -> dict[str, Any]:
    made = {
        "name": each.name,
        "kind": each.kind.value,
        "text": each.text,
        "licences": list(each.labels),
        "tags": list(each.tags),
        **counted(each.extent),
    }
    return made if each.marked is None else {**made, "marked": each.marked}


def _weights(weights: Weights) -> dict[str, Any]:
    made: dict[str, Any] = {
        "release": weights.release.value,
        "text": weights.text,
        "reasons": list(weights.reasons),
        "under": list(weights.under),
        "conditions": [kind.value for kind in weights.conditions],
        "tags": list(weights.tags),
    }
    if weights.without is not None:
        made["without"] = _weights(weights.without)
    return made
