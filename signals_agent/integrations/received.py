"""What a client hands over as the body of an asset, held against what its header section says."""

from dataclasses import replace

from signals_agent.model.capture import Availability, Capture


def content(told: Capture) -> Capture:
    """The capture, with no content told from content that was not read (rule R12).

    Clients give the same empty body for an answer without content, which is no asset, and
    for an answer to HEAD, of which the header section alone is there.
    """
    if told.body != b"" or told.availability is not None or not _successful(told):
        return told
    if _length(told):
        return replace(told, body=None)
    return replace(told, availability=Availability.ABSENT, failure="the answer has no content")


def whole(told: Capture) -> Capture:
    """The capture, marked as cut where fewer octets came than were announced (rule R35).

    Of coded content the length announced is that of what was sent (RFC 9110 8.6).
    """
    coded = told.field_lines(b"content-encoding") or told.field_lines(b"transfer-encoding")
    if told.body is None or coded or len(told.body) >= _length(told) or not _successful(told):
        return told
    return replace(told, truncated=True)


def _successful(told: Capture) -> bool:
    return told.status is None or 200 <= told.status < 300


def _length(told: Capture) -> int:
    """The octets that the response announces; none where it does not say."""
    said = (told.field_lines(b"content-length") or (b"",))[-1].strip()
    return int(said) if said.isdigit() and len(said) < 20 else 0
