"""The documents that declarations name, as far as they were looked at (rules R15a, R18)."""

from datetime import timedelta
from typing import Final

from signals_agent import availability, freshness
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.gathered import Gathered, Inputs
from signals_agent.model.capture import Availability, Capture, Coverage, Role
from signals_agent.model.document import Document, Naming
from signals_agent.model.note import Note, Severity

MOST: Final = 16
"""Documents that are looked at for one asset; what more there is was not looked at (rule R39)."""

MOST_OCTETS: Final = 4 * 1024 * 1024
"""Octets of all of them that are read for one asset; one that goes on was not looked at."""

_LATER: Final = timedelta(hours=24)


def look(naming: Naming, inputs: Inputs, found: Gathered) -> Document:
    """What is known of a document, its capture and coverage noted once for each URL."""
    known = found.documents.get(naming.url)
    if known is not None:
        return known
    if not _can_be_asked_for(naming.url):
        return Document(naming.url, Availability.NOT_LOOKED)
    if len(found.documents) >= MOST:
        found.notes.append(_too_many(naming.url))
        return Document(naming.url, Availability.NOT_LOOKED)
    document = found.documents[naming.url] = _look(naming, inputs, found)
    if naming.url not in inputs.documents:
        found.wants.append(naming)
    if not naming.required and document.availability in (
        Availability.UNAVAILABLE,
        Availability.UNREACHABLE,
    ):
        found.notes.append(availability.unset_note(naming.url, document.availability))
    taken = document.capture or None
    found.coverage.append(Coverage(naming.url, document.availability, naming.required, taken))
    return document


def unused(inputs: Inputs, found: Gathered) -> None:
    """Tell of documents that were handed in and that no declaration names (rule R15a)."""
    for url, given in inputs.documents.items():
        if url not in found.documents and not isinstance(given, Availability):
            found.notes.append(_unnamed(url))


def _unnamed(url: str) -> Note:
    return Note(
        code="source-not-named",
        severity=Severity.WARNING,
        summary=f"{url} was given, but no declaration that was found names it",
        clause="rule R15a",
    )


def _look(naming: Naming, inputs: Inputs, found: Gathered) -> Document:
    given = inputs.documents.get(naming.url, Availability.NOT_LOOKED)
    if isinstance(given, Availability):
        return Document(naming.url, given)
    capture = given if isinstance(given, Capture) else Capture(naming.url, status=200, body=given)
    if _is_stale(capture, naming.role, inputs):
        found.notes.append(_stale(naming.url))
        return Document(naming.url, Availability.NOT_LOOKED)
    state, notes = availability.classify(naming.role, capture)
    read = sum(len(each.body) for each in found.documents.values())
    if state is Availability.PRESENT and read + len(capture.body or b"") > MOST_OCTETS:
        found.notes.append(_too_many(naming.url))
        return Document(naming.url, Availability.NOT_LOOKED)
    found.notes.extend(notes)
    return Document(
        url=naming.url,
        availability=state,
        body=(capture.body or b"") if state is Availability.PRESENT else b"",
        content_type=(capture.field_lines(b"content-type") or (b"",))[-1],
        capture=found.record(naming.role, capture, state),
        fetched_at=capture.fetched_at,
    )


def _can_be_asked_for(url: str) -> bool:
    """Whether it is an http or https URL, written as this project writes them (rule R33)."""
    try:
        return urls.parse(url).text == url
    except InvalidURL:
        return False


def _is_stale(capture: Capture, role: Role, inputs: Inputs) -> bool:
    """Whether a document had run out when the asset was captured, or came a day after it (R32)."""
    if capture.fetched_at is None:
        return False
    apart = capture.fetched_at - (inputs.asset.fetched_at or inputs.now)
    return apart > _LATER or -apart > freshness.document_lifetime(role, capture)


def _stale(url: str) -> Note:
    return Note(
        code="document-stale",
        severity=Severity.WARNING,
        summary=f"{url} was captured too long before the asset, or after it; it is not used for it",
        clause="rule R32",
    )


def _too_many(url: str) -> Note:
    return Note(
        code="documents-over-cap",
        severity=Severity.WARNING,
        summary=(
            f"more than {MOST} documents are named, or more than {MOST_OCTETS} octets of them; "
            f"{url} was not looked at"
        ),
        clause="rule R39",
    )
