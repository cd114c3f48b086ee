"""Where an answer that states terms of access states them in its body (rules R12, R27)."""

from collections.abc import Sequence
from typing import Final

from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.locate.found import UNREAD, Findings, located
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import Located, Reach
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import PointerPosition

CARRIER: Final = "http-body"

STATES_TERMS: Final = frozenset({401, 402, 403, 451})
"""The statuses of an answer that may state on which terms it would have been another one."""

MAX_OCTETS: Final = 256 * 1024
"""How long such a body may be; a longer one is not read (rule R39)."""

_BLANK: Final = b"\xef\xbb\xbf \t\r\n\x00"


def locate(capture: Capture, capture_id: str, listens: Sequence[tuple[str, Listen]]) -> Findings:
    """The whole body, once for each listener, where it is of the media type that is listened for.

    Parameters of the type do not count; ``application/json`` is heard in every type that
    ends in ``+json`` too (RFC 6839 3.1). Other statuses than ``STATES_TERMS`` and empty
    bodies state nothing. A body that is longer than ``MAX_OCTETS``, or was cut before, is
    given without its octets, with the detail that it was not read, and with a note.
    """
    body = capture.body
    if capture.status not in STATES_TERMS or not body or not body[:64].strip(_BLANK):
        return Findings()
    why = ""
    if len(body) > MAX_OCTETS:
        why = f"it is longer than {MAX_OCTETS} octets"
    elif capture.truncated:
        why = "it was cut"
    source = urls.parse(capture.url).text
    units: list[tuple[Located, ...]] = [
        (
            located(
                family=family,
                carrier=CARRIER,
                source=source,
                capture_id=capture_id,
                position=PointerPosition(""),
                octets=b"" if why else body,
                value=b"" if why else body,
                field=listen.field,
                reach=Reach(),
                details=((UNREAD, why),) if why else (),
            ),
        )
        for family, listen in listens
        if listen.at != "asset" and _is(capture.content_type, listen.field)
    ]
    if not (units and why):
        return Findings(tuple(units))
    note = Note(
        code="http-body-over-cap",
        severity=Severity.WARNING,
        summary=f"the terms of access that {source} answered with were not read: {why}",
        clause="rule R39",
        because=tuple(unit[0].declaration.id for unit in units),
    )
    return Findings(tuple(units), (note,))


def _is(kind: str, field: str) -> bool:
    """Whether a media type is the one that is listened for, by its name or by its suffix."""
    main, _, sub = field.partition("/")
    return kind == field or (main == "application" and kind.endswith("+" + sub))
