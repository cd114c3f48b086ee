"""credits.bib: an entry for the set, and one for each collection that is credited."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice
from typing import Final

from signals_agent.corpus import called
from signals_agent.corpus.credits import asks, groups, words
from signals_agent.corpus.credits.groups import Group, Work
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.model import citation
from signals_agent.model.obligation import Party

_MOST_NAMES: Final = 20
_HEAD: Final = (
    "% Credits as BibTeX: the set itself, then an entry for each collection.\n"
    f"% The creators, sources and licences of single works are in {words.MARKDOWN}.\n"
)


def render(holdings: Holdings, facts: Facts, changes: str = "") -> Iterator[str]:
    """The entries; a collection of a single work is cited as that work."""
    yield _HEAD
    yield "\n" + _set(called.titled(facts, holdings.names))
    for group in groups.groups(holdings):
        yield "\n" + _entry(group, changes)


def key(party: Party, collection: str) -> str:
    """The key of a collection's entry: its name for people, and a hash, by which it is unique."""
    whole = json.dumps([party.name, party.url, party.inferred, collection])
    return f"{_slug(collection or party.name)}-{sha256(whole.encode()).hexdigest()[:16]}"


def set_key(facts: Facts) -> str:
    """The key of the set's own entry."""
    whole = json.dumps([facts.name, facts.title, facts.version])
    return f"{_slug(words.title(facts))}-{sha256(whole.encode()).hexdigest()[:8]}"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "collection"


def _written(name: str, fields: Iterable[tuple[str, str]]) -> str:
    body = ",\n".join(f"  {field} = {{{value}}}" for field, value in fields if value)
    return f"@misc{{{name},\n{body}\n}}\n"


def _set(facts: Facts) -> str:
    doi = facts.doi or ""
    return _written(
        set_key(facts),
        (
            ("title", f"{{{citation.tex(words.title(facts))}}}"),
            ("author", " and ".join(citation.bibtex_name(each.name) for each in facts.creator)),
            ("year", str(facts.released.year) if facts.released else ""),
            ("version", citation.tex(facts.version or "")),
            ("doi", citation.tex(doi)),
            ("url", citation.address(facts.url) or ""),
            ("note", citation.tex(f"Dataset. {_licensed(facts)}Its sources: {words.MARKDOWN}")),
        ),
    )


def _licensed(facts: Facts) -> str:
    return f"{facts.licence}. " if facts.licence else ""


@dataclass(slots=True)
class _Seen:
    """What the works of a collection have in common, as they go by."""

    works: int = 0
    creators: tuple[str, ...] | None = None
    same: bool = True
    origin: str = ""
    one_origin: bool = True
    licences: dict[str, None] = field(default_factory=dict)
    more: bool = False

    def add(self, work: Work) -> None:
        self.works += 1
        if self.creators is None:
            self.creators = work.credit.creators
        self.same = self.same and self.creators == work.credit.creators
        origin = "/".join(work.credit.url.split("/", 3)[:3])
        self.origin = self.origin or origin
        self.one_origin = self.one_origin and self.origin == origin
        named = work.credit.licence
        if named and named not in self.licences:
            if len(self.licences) < _MOST_NAMES:
                self.licences[named] = None
            else:
                self.more = True


def _entry(group: Group, changes: str) -> str:
    first = list(islice(group.works, 2))
    name = key(group.party, group.collection)
    if len(first) == 1:
        work = first[0]
        cited = citation.cite(work.credit, "bibtex", changes if work.says_changes else "")
        # A work of several collections stands in each of them, so its own key may come twice.
        return f"@misc{{{name}{cited[cited.index(',') :]}\n"
    seen = _Seen()
    for work in chain(first, group.works):
        seen.add(work)
    return _collection(group, seen, name)


def _collection(group: Group, seen: _Seen, name: str) -> str:
    party = group.party.name
    whole = (f"{{{citation.tex(party)}}}",)
    creators = seen.creators if seen.same and seen.creators else ()
    names = tuple(citation.bibtex_name(each) for each in creators) or whole
    collection = group.collection or party
    url = group.party.url or (seen.origin + "/" if seen.one_origin else None)
    return _written(
        name,
        (
            ("title", f"{{{citation.tex(collection)}}}"),
            ("author", " and ".join(names)),
            (
                "howpublished",
                citation.tex(party) if names != whole and collection != party else "",
            ),
            ("url", citation.address(url) or ""),
            ("note", citation.tex(_note(group, seen))),
        ),
    )


def _note(group: Group, seen: _Seen) -> str:
    said = [f"{words.count(seen.works, 'work')}, each with its credit line in {words.MARKDOWN}"]
    if seen.licences:
        more = " and others" if seen.more else ""
        noun = "Licences" if len(seen.licences) > 1 else "Licence"
        said.append(f"{noun}: {', '.join(seen.licences)}{more}")
    said += [
        f"Credit is owed {how}: {words.asked(found)}" for how, found in asks.by_basis(group.asks)
    ]
    return ". ".join(said)
