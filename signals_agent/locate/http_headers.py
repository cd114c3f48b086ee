"""Where declarations stand in the header section of a response (rule R12)."""

from collections.abc import Sequence

from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.locate.found import located
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import Located, Reach
from signals_agent.model.position import FieldPosition

CARRIER = "http-header"
_OWS = b" \t\r\n"


def locate(
    capture: Capture, capture_id: str, listens: Sequence[tuple[str, Listen]]
) -> list[tuple[Located, ...]]:
    """The units of one header section: all lines of a joined field, or each line for itself.

    Field lines count from 1 among those of their name, in the order received (RFC 9110
    5.3). A listener with needles hears only the lines that hold one of them, in any case,
    and these keep their numbers. Whether the response is an asset is for the caller to
    know: other responses say nothing about use.
    """
    units: list[tuple[Located, ...]] = []
    for family, listen in listens:
        lines = capture.field_lines(listen.field.encode("ascii"))
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
                reach=Reach(literal=True, index=index),
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
