"""Where declarations stand in the header section of a response (rule R12)."""

from collections.abc import Sequence
from typing import Final

from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.locate.found import located
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import Located, Reach
from signals_agent.model.position import FieldPosition

CARRIER = "http-header"
STATUS: Final = ":status"
"""The name under which a 402 is heard, which states terms by itself (RFC 9110 15.5.3).

It is that of the pseudo-header field of RFC 9113 8.3.2; no field line can bear it.
"""

_PAYMENT_REQUIRED: Final = 402
_OWS = b" \t\r\n"


def locate(
    capture: Capture,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
    *,
    terms: bool = False,
) -> list[tuple[Located, ...]]:
    """The units of one header section: all lines of a joined field, or each line for itself.

    Field lines count from 1 among those of their name, in the order received (RFC 9110
    5.3). A listener with needles hears only the lines that hold one of them, in any case,
    and these keep their numbers. Whether the response is an asset is for the caller to
    know: other responses say nothing about use. With ``terms`` the response is one that may
    state terms of access (``answer_body.STATES_TERMS``), and those are heard who listen for
    them; nothing of it is to the letter of a statement about use (rule R22).
    """
    answers = ("terms", "both") if terms else ("asset", "both")
    units: list[tuple[Located, ...]] = []
    for family, listen in listens:
        if listen.at not in answers:
            continue
        lines = capture.field_lines(listen.field.encode("ascii"))
        if terms and listen.field == STATUS and capture.status == _PAYMENT_REQUIRED:
            lines = (b"%d" % capture.status,)
        if not lines:
            continue
        source = urls.parse(capture.url).text
        unit = tuple(
            located(
                family=family,
                carrier=CARRIER,
                source=source,
                capture_id=capture_id,
                position=FieldPosition(listen.field, index),
                octets=line,
                value=line.strip(_OWS),
                field=listen.field,
                reach=Reach(literal=not terms, index=index),
            )
            for index, line in enumerate(lines, 1)
            if not listen.needles or _holds(line, listen.needles)
        )
        if listen.joined:
            units.extend([unit] if unit else [])
        else:
            units.extend((each,) for each in unit)
    return units


def _holds(line: bytes, needles: Sequence[bytes]) -> bool:
    lowered = line.lower()
    return any(needle in lowered for needle in needles)
