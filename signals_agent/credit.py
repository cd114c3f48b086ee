"""Whom to credit for an asset, and whom to ask for more, from the page's own metadata (R24)."""

from collections.abc import Sequence
from dataclasses import replace

from signals_agent import url as urls
from signals_agent import wording
from signals_agent.errors import InvalidURL
from signals_agent.licences import duties, expression
from signals_agent.licences.entry import Entry
from signals_agent.locate import html_facts, hub_address
from signals_agent.locate.found import Fact
from signals_agent.locate.html_facts import PageFacts
from signals_agent.locate.hub_address import Repository
from signals_agent.locate.page_facts import one_line
from signals_agent.model import citation
from signals_agent.model.attribution import Attribution, FactSource, LicenceName
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import Declaration
from signals_agent.model.licence import UNREAD, Contact, ContactKind, Licence

_MOST_CONTACTS = 20
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
    found_on: Capture | None = None,
) -> Attribution:
    """The credit line's facts as the page gives them, each with where it stands.

    ``licences`` are those that govern the asset, ``declarations`` those in which they
    stand. ``found_on`` is the page around an asset that says nothing itself, a picture.
    Where no site is named the host stands for it, or for a file in a repository the hub;
    then the repository is its title, and its owner the creator, where no others are.
    """
    url = urls.parse(asset.url).text
    facts, source = _facts(asset, found_on)
    inferred = _inferred(url, facts)
    given = {each.fact: each.value for each in inferred}
    names = {name: each for each in reversed(licences) if (name := _name(each))}
    named = tuple(dict.fromkeys(name for each in licences if (name := _name(each))))
    creator = given.get("creator")
    sources = [each for each in inferred if each.fact == "url"]
    sources += [
        _source(fact, source)
        for fact in facts.found
        if not (fact.name == "title" and "title" in given)
    ]
    sources += [each for each in inferred if each.fact != "url"]
    sources += _licence_sources(licences, declarations)
    made = Attribution(
        url=given["url"],
        text="",
        collection=facts.collection or given.get("collection"),
        title=given.get("title") or facts.title,
        creators=facts.creators or ((creator,) if creator else ()),
        licence=" and ".join(named) or None,
        because=because,
        licence_url=licences[0].url if len(named) == 1 else None,
        credit_text=facts.first("credit-text"),
        credit_url=facts.first("credit-url"),
        copyright_notice=facts.first("copyright-notice"),
        sources=tuple(sources),
        licences=tuple(part for name in named for part in _parts(name, names[name])),
    )
    return replace(made, text=citation.line(made))


def licensors(asset: Capture, found_on: Capture | None = None) -> tuple[Contact, ...]:
    """Whom to ask for a licence of one's own, best first; last the origin, which is inferred.

    A licensor is who holds the copyright or publishes, a contact an author who gives a
    link; each is a claim of the page (rule R24). So is the owner of a repository inferred
    from its address, and an origin like the hub itself.
    """
    found: dict[tuple[str | None, str | None], Contact] = {}
    facts = _facts(asset, found_on)[0].found
    for role, kind in _ROLES.items():
        for fact in facts:
            if fact.name == role:
                contact = Contact(kind, fact.value, citation.address(fact.url))
                found.setdefault((contact.name, contact.url), contact)
    for fact in facts:
        if fact.name == "creator" and (where := citation.address(fact.url)):
            found.setdefault((fact.value, where), Contact(ContactKind.CONTACT, fact.value, where))
    # A name alone says nothing beside the same name with an address.
    reached = {each.name for each in found.values() if each.url}
    named = [each for each in found.values() if each.url or each.name not in reached]
    return (*named[:_MOST_CONTACTS], *_origins(asset.url))


def _origins(asset: str) -> tuple[Contact, ...]:
    """Who publishes at an address, as far as it tells: a repository's owner, then the origin."""
    try:
        url = urls.parse(asset)
    except InvalidURL:
        return ()
    origin = Contact(ContactKind.ORIGIN, url.origin.split("://", 1)[1], url.origin + "/")
    held = hub_address.repository(url.text)
    if held is None or held.owner_page is None:
        return (origin,)
    return Contact(ContactKind.ORIGIN, held.owner, held.owner_page), origin


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
    named = wording.licence_name(licence)
    return None if named == UNREAD else one_line(named)


def _parts(name: str, licence: Licence) -> tuple[LicenceName, ...]:
    """The licences that a name holds: one, or those of an expression as they stand in it."""
    terms = expression.read(licence.label)
    if isinstance(terms, Entry):
        return (LicenceName(name, licence.url),)
    return tuple(
        LicenceName(expression.written(each), each.url) for each in expression.leaves(terms)
    )


def _facts(asset: Capture, found_on: Capture | None) -> tuple[PageFacts, str]:
    """What is said of the asset, and the URL of what says it."""
    url = urls.parse(asset.url).text
    facts = html_facts.facts(asset)
    if facts.found or found_on is None:
        return facts, url
    return html_facts.facts_of_file(found_on, url), urls.parse(found_on.url).text


def _inferred(url: str, facts: PageFacts) -> list[FactSource]:
    """What is not said, and the address tells: always the URL to credit, by name ``url``."""
    held = hub_address.repository(url)
    if held is None:
        said = {"url": url, "collection": "" if facts.collection else _host(url)}
    else:
        unnamed = facts.title is None or _is_the_hubs(facts.title, held)
        who = not (facts.creators or facts.first("credit-text"))
        said = {
            "url": held.page if held.is_card else url,
            "collection": "" if facts.collection else held.hub,
            "title": held.name if unnamed else "",
            "creator": (held.owner or "") if who else "",
        }
    where = {"creator": held.owner_page if held is not None else None}
    return [
        FactSource(fact, value, "url", url, url=where.get(fact))
        for fact, value in said.items()
        if value
    ]


def _is_the_hubs(title: str, held: Repository) -> bool:
    """Whether a title is the hub's own words: ``ada/ferns · Datasets at Hugging Face``."""
    return title.endswith(held.hub) and held.name in title


def _host(url: str) -> str:
    return urls.parse(url).origin.split("://", 1)[1]


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
