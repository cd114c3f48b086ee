"""What an assertion says that a system is open source AI (OSAID 1.0)."""

from signals_agent import quote, url
from signals_agent.errors import InvalidURL
from signals_agent.openness.fields import Notes
from signals_agent.openness.nouns import Osaid
from signals_agent.openness.plain_values import Plain


def osaid(given: Plain, notes: Notes) -> Osaid:
    """The assertion ``{conformant: true, evidence: URL}``, counted only where it is complete.

    OSAID asks for a human judgement (whether the information on the data suffices to build
    a substantially equivalent system), so nothing else in a file can stand for it.
    """
    if given is None:
        return Osaid()
    if not isinstance(given, dict):
        notes.malformed("osaid", "a mapping: {conformant: true, evidence: URL}", given)
        return Osaid(asserted=True, reason="it is asserted without evidence")
    notes.unknown(given, ("conformant", "evidence"), "osaid")
    conformant, evidence = given.get("conformant"), given.get("evidence")
    if conformant is False:
        return Osaid(reason="the file says that it does not conform")
    if conformant is not True:
        notes.malformed("osaid.conformant", "true or false", conformant)
        return Osaid(reason="osaid.conformant is neither true nor false")
    if not isinstance(evidence, str) or not evidence.strip():
        return Osaid(asserted=True, reason="it is asserted without evidence")
    try:
        url.parse(evidence.strip())
    except InvalidURL:
        shown = quote.text(evidence, 200)
        return Osaid(asserted=True, reason=f"its evidence is no http or https address: {shown}")
    told = "asserted with evidence, which nothing here looks at"
    return Osaid(asserted=True, counts=True, evidence=evidence.strip(), reason=told)
