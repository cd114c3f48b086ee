"""CITATION.cff: the set as it is to be cited, and its largest collections as references."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from typing import Final, TypeAlias

from signals_agent import quote
from signals_agent.corpus import called
from signals_agent.corpus.credits import asks, words
from signals_agent.corpus.facts import Creator, Facts
from signals_agent.corpus.held import Collection
from signals_agent.corpus.holdings import Holdings
from signals_agent.licences import claims
from signals_agent.licences.entry import Entry
from signals_agent.model import citation

MOST_REFERENCES: Final = 500
"""How many collections are references; whoever reads the file holds all of it at once."""

_Fields: TypeAlias = Mapping[str, "str | Sequence[Mapping[str, str]]"]

_URL: Final = re.compile(r"https?://.+")
_DOI: Final = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\..+)", re.IGNORECASE)
_DOI_FORM: Final = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;.()\[\]\\-]+")
_ORCID: Final = re.compile(
    r"(?:(?:https?://)?orcid\.org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?", re.IGNORECASE
)
# SPDX ids that the schema of 1.2.0 does not list: it knows those of May 2021.
_NOT_LISTED: Final = frozenset(
    {
        "CC-PDM-1.0",
        "CC-SA-1.0",
        "CDLA-Permissive-2.0",
        "DL-DE-BY-2.0",
        "DL-DE-ZERO-2.0",
        "NLOD-2.0",
        "OpenMDW-1.0",
        "OpenMDW-1.1",
    }
)


def render(holdings: Holdings, facts: Facts) -> Iterator[str]:
    """The file, by version 1.2.0 of the Citation File Format; its strings are quoted as in JSON.

    Collections beyond ``MOST_REFERENCES`` are one reference, which says how many they are.
    """
    every = 0
    stated, facts = facts, called.titled(facts, holdings.names)

    def credited() -> Iterator[tuple[int, Collection]]:
        nonlocal every
        for each in holdings.collections(*asks.KINDS):
            if each.credited:
                every += 1
                yield every, each

    largest = nlargest(MOST_REFERENCES, credited(), key=lambda one: one[1].credited)
    yield "cff-version: 1.2.0\n"
    yield f"message: {_quoted(_message(len(largest), every))}\n"
    yield "type: dataset\n"
    if facts is not stated:
        yield "# Nobody has said what the set is called: title in corpus.toml.\n"
    yield f"title: {_quoted(words.title(facts))}\n"
    if not facts.creator:
        yield "# Nobody has said who made the set: [[creator]] in corpus.toml.\n"
    yield from _list("authors", [_author(each) for each in facts.creator] or [_unnamed(facts)])
    for name, said in _about(facts):
        yield f"{name}: {_quoted(said)}\n"
    references = _references([each for _, each in sorted(largest, key=lambda one: one[0])])
    if every > len(largest):
        references.append(_rest(every - len(largest)))
    if references:
        yield from _list("references", references)


def _message(shown: int, every: int) -> str:
    said = (
        "If you use this dataset, please cite it as below, and credit its sources: "
        f"{words.MARKDOWN} has the credit line of every work that is to be credited."
    )
    if every > shown:
        said += f" The references are the {shown:,} largest of its {every:,} collections."
    return said


def _quoted(text: str) -> str:
    """A string of YAML, whatever it holds; a line break stays one, controls are shown."""
    lines = text.splitlines() or [""]
    return json.dumps("\n".join(quote.text(each, 12_000) for each in lines), ensure_ascii=False)


def _list(name: str, items: Iterable[_Fields]) -> Iterator[str]:
    yield f"{name}:\n"
    # The schema wants each item once.
    yield from dict.fromkeys(_item(each) for each in items)


def _item(fields: _Fields) -> str:
    lines: list[str] = []
    for name, said in fields.items():
        if isinstance(said, str):
            lines.append(f"{name}: {_quoted(said)}")
        else:
            lines.append(f"{name}:")
            lines += [line for each in said for line in _item(each).splitlines()]
    return "".join(f"{'    ' if place else '  - '}{line}\n" for place, line in enumerate(lines))


def _author(creator: Creator) -> dict[str, str]:
    """A person where the name is ``Last, First`` or an affiliation or ORCID says so.

    Which part of a name is which is never guessed: one that is not told apart stays whole.
    """
    last, comma, first = (each.strip() for each in creator.name.partition(","))
    orcid = _ORCID.fullmatch(creator.orcid.strip()) if creator.orcid else None
    parted = bool(last and comma and first and "," not in first)
    if parted:
        names = {"family-names": last, "given-names": first}
    elif creator.affiliation or orcid:
        names = {"family-names": creator.name}
    else:
        names = {"name": creator.name}
    if creator.affiliation:
        names["affiliation"] = creator.affiliation
    if orcid:
        names["orcid"] = f"https://orcid.org/{orcid[1].upper()}"
    if website := _web(creator.url):
        names["website"] = website
    return names


def _unnamed(facts: Facts) -> dict[str, str]:
    return {"name": f"The makers of {words.title(facts)}"}


def _web(url: str | None) -> str | None:
    address = citation.address(url)
    return address if address and _URL.match(address) else None


def _about(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.description:
        yield "abstract", facts.description
    if facts.version:
        yield "version", facts.version
    if facts.released:
        yield "date-released", facts.released.isoformat()
    found = _DOI.fullmatch(facts.doi.strip()) if facts.doi else None
    if found and _DOI_FORM.fullmatch(found[1]):
        yield "doi", found[1]
    if url := _web(facts.url):
        yield "url", url
    if facts.licence:
        yield from _licence(facts.licence)


def _licence(said: str) -> Iterator[tuple[str, str]]:
    """The licence by its SPDX id where the schema knows it, else by its URL; else not at all."""
    found = claims.read(said)
    if not isinstance(found, Entry):
        return
    # Of the ports it knows some; a URL does for all of them.
    if found.spdx and found.port is None and found.spdx not in _NOT_LISTED:
        yield "license", found.spdx
    elif url := _web(found.url):
        yield "license-url", url


def _references(collections: Iterable[Collection]) -> list[_Fields]:
    """A reference each; of the same collection of the same name one, for all their assets."""
    found: dict[tuple[str, str, str | None], tuple[int, tuple[asks.Ask, ...]]] = {}
    for each in collections:
        which = (each.name or each.party.name, each.party.name, _web(each.party.url))
        before, asked = found.get(which, (0, ()))
        found[which] = (before + each.credited, asks.summed((*asked, *asks.of(each.owed))))
    return [
        {
            "type": "website" if url else "generic",
            "title": title or "Untitled collection",
            "authors": [{"name": party or "Unnamed party"}],
            **({"url": url} if url else {}),
            "notes": _notes(assets, asked),
        }
        for (title, party, url), (assets, asked) in found.items()
    ]


def _notes(assets: int, asked: tuple[asks.Ask, ...]) -> str:
    said = [f"{words.count(assets, 'asset')}, credited in {words.MARKDOWN}."]
    said += [f"Credit is owed {how}: {words.asked(found)}." for how, found in asks.by_basis(asked)]
    return " ".join(said)


def _rest(more: int) -> _Fields:
    named = words.count(more, "further collection")
    return {
        "type": "generic",
        "title": f"{named}, not listed here: {words.MARKDOWN} names all of them",
        "authors": [{"name": f"The declaring parties of {named}"}],
        "notes": f"Only the {MOST_REFERENCES:,} largest collections are listed in this file.",
    }
