"""The sources of a corpus, a line each, in the order of the octets of their URLs."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from signals_agent.corpus.cards.numbers import Numbers, party_of
from signals_agent.corpus.held import Held
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Declared
from signals_agent.model.attribution import Attribution
from signals_agent.model.licence import Contact

_SHORT: Final = json.JSONEncoder(separators=(",", ":"))


def lines(holdings: Holdings, numbers: Numbers) -> Iterator[str]:
    """The lines of ``sources.jsonl``: JSON in ASCII, the URL first.

    Where in the reader's own files a member stood is left out: it is nobody else's business.
    """
    for _, several in groupby(holdings.by_url(), key=lambda held: held.member.url):
        for held in sorted(several, key=lambda held: numbers.footings[held.footing]):
            yield dumped(_line(held, numbers)) + "\n"


def dumped(said: object, indent: int | None = None) -> str:
    """JSON in ASCII, without what a terminal would obey, on one line unless indented."""
    encoded = _SHORT.encode(said) if indent is None else json.dumps(said, indent=indent)
    # DEL is ASCII, but nothing for a terminal; it stands in strings only.
    return encoded.replace("\x7f", "\\u007f")


def _line(held: Held, numbers: Numbers) -> dict[str, Any]:
    member = held.member
    made: dict[str, Any] = {
        "url": member.url,
        "party": party_of(member.party),
        "licences": list(member.footing.labels),
    }
    if held.footing in numbers.sets:
        made["set"] = numbers.sets[held.footing]
    made["footing"] = numbers.footings[held.footing]
    made["owed"] = numbers.owed(member.debts, member.party)
    if member.stated.uses or member.stated.declared:
        made["preferences"] = {use.value: answer.value for use, answer in member.stated.uses}
        made["declared"] = [_declared(each) for each in member.stated.declared]
    if member.credit is not None:
        made["credit"] = _credit(member.credit, member.url)
    made["ask"] = [_contact(each) for each in member.ask]
    facts = {"bytes": member.bytes, "tokens": member.tokens, "checked_at": member.checked_at}
    made.update((name, fact) for name, fact in facts.items() if fact is not None)
    return made


def _credit(said: Attribution, url: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "url": None if said.url == url else said.url,
        "text": said.text,
        "title": said.title,
        "creators": list(said.creators),
        "collection": said.collection,
        "licence": said.licence,
        "licence_url": said.licence_url,
        "licences": [
            {"name": each.name, "url": each.url} if each.url is not None else {"name": each.name}
            for each in said.licences
        ],
        "credit_text": said.credit_text,
        "credit_url": said.credit_url,
        "copyright_notice": said.copyright_notice,
    }
    always = ("text", "creators", "licences")
    return {name: fact for name, fact in facts.items() if fact or name in always}


def _declared(said: Declared) -> dict[str, str]:
    facts = {"family": said.family, "expression": said.expression, "source": said.source}
    return {name: fact for name, fact in facts.items() if fact is not None}


def _contact(said: Contact) -> dict[str, str]:
    facts = {"kind": said.kind.value, "name": said.name, "url": said.url}
    return {name: fact for name, fact in facts.items() if fact is not None}
