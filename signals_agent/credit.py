"""Whom to credit for an asset, and whom to ask for more, from the page's own metadata (R24)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.licences import declared, duties, expression
from signals_agent.locate import html
from signals_agent.locate.found import Fact
from signals_agent.locate.page_facts import one_line
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution, FactSource
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import Declaration
from signals_agent.model.licence import Contact, ContactKind, Licence

_MOST_CONTACTS = 20
_CREATIVE_COMMONS = re.compile(r"(CC0?)(-[A-Z][A-Z+-]*)?(-[0-9]\.[0-9])?(-[A-Z]+)?")
_ROLES = {
    "licensor": ContactKind.LICENSOR,
    "copyright-holder": ContactKind.LICENSOR,
    "contact": ContactKind.CONTACT,
}


def credit(
    asset: Capture,
    because: tuple[str, ...] = (),
    licences: Sequence[Licence] = (),
    declarations: Sequence[Declaration] = (),
) -> Attribution:
    """The credit line's facts as the page gives them, each with where it stands.

    ``licences`` are those that govern the asset, ``declarations`` those in which they
    stand. Where the page names no site, the host stands for it.
    """
    url = urls.parse(asset.url)
    facts = html.facts(asset)
    inferred = None if facts.collection else url.origin.split("://", 1)[1]
    named = tuple(dict.fromkeys(name for each in licences if (name := _name(each))))
    sources = [FactSource("url", url.text, "url", url.text)]
    sources += [_source(fact, url.text) for fact in facts.found]
    if inferred:
        sources.append(FactSource("collection", inferred, "url", url.text))
    sources += _licence_sources(licences, declarations)
    made = Attribution(
        url=url.text,
        text="",
        collection=facts.collection or inferred,
        title=facts.title,
        creators=facts.creators,
        licence=" and ".join(named) or None,
        because=because,
        licence_url=licences[0].url if len(named) == 1 else None,
        credit_text=facts.first("credit-text"),
        credit_url=facts.first("credit-url"),
        copyright_notice=facts.first("copyright-notice"),
        sources=tuple(sources),
    )
    return replace(made, text=citation.line(made))


def licensors(asset: Capture) -> tuple[Contact, ...]:
    """Whom to ask for a licence of one's own, best first; last the origin, which is inferred.

    A licensor is who holds the copyright or publishes, a contact an author who gives a
    link; each is a claim of the page (rule R24).
    """
    found: dict[tuple[str | None, str | None], Contact] = {}
    facts = html.facts(asset).found
    for role, kind in _ROLES.items():
        for fact in facts:
            if fact.name == role:
                contact = Contact(kind, fact.value, citation.address(fact.url))
                found.setdefault((contact.name, contact.url), contact)
    for fact in facts:
        if fact.name == "creator" and (where := citation.address(fact.url)):
            found.setdefault((fact.value, where), Contact(ContactKind.CONTACT, fact.value, where))
    try:
        url = urls.parse(asset.url)
    except InvalidURL:
        return tuple(found.values())[:_MOST_CONTACTS]
    origin = Contact(ContactKind.ORIGIN, url.origin.split("://", 1)[1], url.origin + "/")
    return (*list(found.values())[:_MOST_CONTACTS], origin)


def asks_what_changed(licences: Sequence[Licence]) -> tuple[str, ...]:
    """The names of those that count for the asset and ask whoever changes it to say so."""
    return tuple(
        dict.fromkeys(
            name
            for each in licences
            if each.governs and (name := _name(each))
            for entry in expression.leaves(expression.read(each.label))
            if duties.says_changes(entry)
        )
    )


def _name(licence: Licence) -> str | None:
    """A licence's short name: ``CC BY-SA 4.0``, else its SPDX id or as it is declared.

    One that was not read (rule R39) has none.
    """
    named = licence.label or licence.spdx or licence.name or licence.url or ""
    if named == declared.UNREAD:
        return None
    found = _CREATIVE_COMMONS.fullmatch(named)
    if found:
        return " ".join(part.strip("-") for part in found.groups() if part)
    return one_line(named)


def _source(fact: Fact, source: str) -> FactSource:
    return FactSource(fact.name, fact.value, fact.carrier, source, fact.position, fact.url)


def _licence_sources(
    licences: Sequence[Licence], declarations: Sequence[Declaration]
) -> list[FactSource]:
    by_id = {each.id: each for each in declarations}
    return [
        FactSource("licence", name, said.carrier, said.source, said.position, licence.url)
        for licence in licences
        if (name := _name(licence))
        for each in licence.because
        if (said := by_id.get(each)) is not None
    ]
