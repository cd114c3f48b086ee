"""The credits as one JSON document, with every address of every work."""

import json
from collections.abc import Iterator
from typing import Any, Final

from signals_agent.corpus import called
from signals_agent.corpus.credits import asks, groups, summary, words
from signals_agent.corpus.credits.groups import Group, Work
from signals_agent.corpus.credits.summary import Summary
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.model import citation

SCHEMA: Final = "signals-agent/credits/1"


def render(holdings: Holdings, facts: Facts, changes: str = "") -> Iterator[str]:
    """The document, a work a line; it is ASCII, so that it is safe on any terminal."""
    told = summary.of(holdings)
    head = _head(told, called.titled(facts, holdings.names), changes)
    yield "{\n" + "".join(
        f"  {json.dumps(name)}: {json.dumps(said)},\n" for name, said in head.items()
    )
    yield '  "groups": ['
    number = works = 0
    for number, group in enumerate(groups.groups(holdings), start=1):
        numbers = {each.key: place for place, each in enumerate(group.asks)}
        opening = json.dumps(_group(group)).removesuffix("}")
        yield f'{"," if number > 1 else ""}\n    {opening}, "works": ['
        for count, work in enumerate(group.works):
            yield f"{',' if count else ''}\n      {json.dumps(_work(work, changes, numbers))}"
            works += 1
        yield "\n    ]}"
    yield ("\n  ]" if number else "]") + f',\n  "works": {works}\n}}\n'


def _head(told: Summary, facts: Facts, changes: str) -> dict[str, Any]:
    head: dict[str, Any] = {"schema": SCHEMA, "set": _set(facts)}
    if changes.strip():
        head["changes"] = changes
    return head | {
        "assets": told.assets,
        "credited": told.credited,
        "uncredited": told.uncredited,
        "parties": told.parties,
        "asking": told.asking,
        "noticing": told.noticing,
        "unnamed": told.unnamed,
        "collections": told.collections,
        "says_changes": told.says_changes,
        "asks": [{**asks.document(each), "text": each.text} for each in told.asks],
        "further_asks": told.further_asks,
    }


def _set(facts: Facts) -> dict[str, Any]:
    named = facts.model_dump(
        mode="json",
        include={"name", "title", "description", "version", "url", "doi", "released", "licence"},
        exclude_none=True,
    )
    creators = [each.model_dump(mode="json", exclude_none=True) for each in facts.creator]
    return {**named, "title": words.title(facts), "creators": creators}


def _group(group: Group) -> dict[str, Any]:
    collection = {"collection": group.collection} if group.collection else {}
    return {
        "party": asks.party(group.party),
        **collection,
        "assets": group.assets,
        "asks": [asks.document(each) for each in group.asks],
    }


def _work(work: Work, changes: str, numbers: dict[tuple[object, ...], int]) -> dict[str, Any]:
    """The work; its ``asks`` are places in the list of its group, from 0 on."""
    credit = work.credit
    facts = {
        "title": credit.title,
        "licence": credit.licence,
        "licence_url": credit.licence_url,
        "credit_text": credit.credit_text,
        "credit_url": credit.credit_url,
        "copyright_notice": credit.copyright_notice,
    }
    return {
        "text": citation.cite(credit, "text", changes if work.says_changes else ""),
        **{name: said for name, said in facts.items() if said},
        "creators": list(credit.creators),
        "licences": [
            {"name": each.name} | ({"url": each.url} if each.url else {})
            for each in credit.licences
        ],
        "urls": list(work.urls),
        "assets": work.assets,
        "says_changes": work.says_changes,
        "asks": [numbers[each.key] for each in work.asks],
    }
