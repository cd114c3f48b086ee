"""One document in which licences are looked for, and what of it was not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from signals_agent.locate import html_scripts
from signals_agent.locate.found import UNREAD, Findings, located
from signals_agent.locate.html_scan import Heard, Tag
from signals_agent.model.declaration import Located, Reach
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import ElementPosition

CARRIERS: Final = ("html-link", "html-anchor", "rdfa", "microdata", "json-ld")
"""What can be found in a page beside its metas."""

LINKS: Final = {"link": "html-link", "a": "html-anchor", "area": "html-anchor"}
"""What a link is, by the name of its element."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to look through: its octets, and how its places are told.

    ``names`` are other URLs of the page itself (redirects that led to it); ``shift`` is
    added to every offset.
    """

    octets: bytes
    source: str
    capture_id: str
    names: tuple[str, ...] = ()
    shift: int = 0
    head_only: bool = False


def unread(sheet: Sheet, tag: Tag, listens: Mapping[str, Sequence[Heard]], why: str) -> Findings:
    """A licence that may stand in what was not read, so that the cap fails closed (rule R39).

    Where the page speaks of RSL it may also be a link to an RSL document, or a script.
    """
    element = sheet.octets[tag.start + 1 : tag.start + tag.named].decode("latin-1").lower()
    position = ElementPosition(element, tag.start + sheet.shift)
    heard: dict[tuple[str, tuple[tuple[str, str], ...]], None] = dict.fromkeys(
        (family, ((UNREAD, why),))
        for carrier in CARRIERS
        for family, listen in listens.get(carrier, ())
        if listen.field == "license"
    )
    scripts: list[tuple[Located, ...]] = []
    if html_scripts.mentions(sheet.octets.lower()):
        typed = ((UNREAD, why), ("type", html_scripts.RSL))
        heard |= dict.fromkeys(
            (family, typed)
            for family, listen in listens.get("html-link", ())
            if listen.field == "license"
        )
        scripts = html_scripts.unread(
            position,
            why,
            source=sheet.source,
            capture_id=sheet.capture_id,
            listens=listens.get(html_scripts.CARRIER, ()),
        )
    units = tuple(
        (
            located(
                family=family,
                carrier=LINKS.get(element, "html-anchor"),
                source=sheet.source,
                capture_id=sheet.capture_id,
                position=position,
                octets=b"",
                value=b"",
                field="license",
                reach=Reach(index=position.offset),
                details=details,
            ),
        )
        for family, details in heard
    )
    note = Note(
        code="html-licences-over-cap",
        severity=Severity.WARNING,
        summary=f"{sheet.source}: {why}; a licence among them counts as one that is not recognised",
        clause="rule R39",
        position=position,
    )
    return Findings((*units, *scripts), (note,))
