"""What the C2PA manifest stores of an asset declare of training and data mining."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from signals_agent.family import Listen
from signals_agent.locate import jumbf
from signals_agent.locate.embedded_packet import MAX_STORES, Packet
from signals_agent.locate.found import UNREAD, located
from signals_agent.model.declaration import PAGE, Located, Reach, Subject
from signals_agent.model.licence import LicenceScope
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import ElementPosition

CARRIER: Final = "embedded"
FIELD: Final = "cawg.training-mining"
"""What is listened for, by whichever label an assertion has."""


def units(
    stores: Sequence[Packet],
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
    notes: list[Note],
) -> Iterator[tuple[Located, ...]]:
    """A unit for each assertion, and for each store that was not read to its end.

    What the active manifest says is about the asset. What ingredients' manifests say is
    about parts or sources, and only restricts (rule R36), as does all that is said where
    an asset has several stores. What was not read fails closed, and leaves a note in
    ``notes`` (rule R39). Octets that follow one another in a JPEG's segments may end in
    another one than they begin in.
    """
    families = [family for family, listen in listens if listen.field == FIELD]
    if not families:
        return
    for count, packet in enumerate(stores[: MAX_STORES + 1]):
        if count == MAX_STORES:
            packet = replace(packet, octets=b"", unread=f"there are more than {MAX_STORES}")
        said = jumbf.read(packet.octets) if packet.octets else jumbf.Store()
        unread = packet.unread or said.unread
        if unread:
            notes.append(unread_note(source, packet, unread))
        for family in families:
            for one in said.assertions:
                subject = _subject(one, packet, alone=len(stores) == 1 and not unread)
                yield (_located(one, packet, subject, source, capture_id, family),)
            if unread:
                nothing = jumbf.Assertion(FIELD, "", b"", 0, own=True, unread=unread)
                yield (_located(nothing, packet, PAGE, source, capture_id, family),)


def _subject(one: jumbf.Assertion, packet: Packet, *, alone: bool) -> Subject:
    if packet.whose is LicenceScope.PAGE and one.own and alone:
        return PAGE
    return Subject(LicenceScope.UNCLEAR if one.own or not alone else LicenceScope.PART)


def _located(
    one: jumbf.Assertion,
    packet: Packet,
    subject: Subject,
    source: str,
    capture_id: str,
    family: str,
) -> Located:
    details = (("packet", packet.place), ("label", one.label), ("manifest", one.manifest))
    offset = packet.at(one.index)
    return located(
        family=family,
        carrier=CARRIER,
        source=source,
        capture_id=capture_id,
        position=ElementPosition(one.label, offset),
        octets=one.octets,
        value=b"" if one.unread else one.value,
        field=FIELD,
        reach=Reach(index=offset, restrict_only=subject is not PAGE),
        subject=subject,
        details=((UNREAD, one.unread), *details) if one.unread else details,
    )


def unread_note(source: str, packet: Packet, why: str) -> Note:
    """That a packet or a store may hold more than was read of it."""
    return Note(
        code="embedded-unread",
        severity=Severity.WARNING,
        summary=(
            f"a metadata packet of {source} ({packet.place}) was not read to its end: {why}; "
            "it may hold a declaration there"
        ),
        clause="rule R39",
        position=ElementPosition("packet", packet.offset),
    )
