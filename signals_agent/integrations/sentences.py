"""The line in which every wrapper tells of an answer: what was decided, of what, and why."""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from signals_agent import quote, wording
from signals_agent.integrations.tally import because_of, decided
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability
from signals_agent.model.verdict import Decision, Reason, ReasonCode
from signals_agent.pipeline import Permit

OBSERVING: Final = (
    "observe: every asset is judged and told of, and none is dropped for it; the end says what "
    "enforcement would have cost"
)
"""What a run under ``observe`` says when it begins."""

Passed: TypeAlias = Literal["", "under observe", "as held"]

_SHOWN: Final = 3
"""Sources and declarations that a reason names."""
_NOT_KNOWN: Final = frozenset({Availability.UNREACHABLE, Availability.NOT_LOOKED})
_DARK: Final = frozenset({Availability.UNREADABLE})


def line(answer: Assessment | Permit, url: str, passed: Passed = "") -> str:
    """One printable line: the decision, the URL and the reasons.

    ``passed`` says by what the asset is handed on though it is held or skipped.
    """
    decision = decided(answer)
    would = "would " if passed == "under observe" else ""
    onward = f", passed on {passed}" if passed else ""
    if decision is Decision.INGEST:
        would = onward = ""
    return f"{would}{decision} {quote.text(url)}{onward}: {why(answer)}"


def why(answer: Assessment | Permit) -> str:
    """The reasons as one printable line, each its code and its sentence."""
    return "; ".join(f"{each.code}: {sentence(answer, each)}" for each in because_of(answer))


def sentence(answer: Assessment | Permit, reason: Reason) -> str:
    """A reason's sentence, and which source or declaration it is about, where it is for one."""
    named = list(dict.fromkeys(_named(answer, reason)))
    more = [f"{len(named) - _SHOWN} more"] if len(named) > _SHOWN else []
    said = quote.text(reason.text, 2000)
    return f"{said} ({'; '.join([*named[:_SHOWN], *more])})" if named else said


def _named(answer: Assessment | Permit, reason: Reason) -> Iterator[str]:
    """What a reason is about, in a few words each."""
    match reason.code:
        case ReasonCode.ACCESS_UNDETERMINED:
            yield from _sources(answer, reason, _NOT_KNOWN, robots=True)
        case ReasonCode.UNDETERMINED:
            yield from _sources(answer, reason, _NOT_KNOWN, robots=False)
        case ReasonCode.UNREADABLE:
            if isinstance(answer, Assessment):
                for each in answer.declarations:
                    if each.id in reason.because:
                        place = "" if each.source == answer.final_url else f" of {each.source}"
                        yield quote.text(f"{wording.where(each)}{place}", 2000)
            yield from _sources(answer, reason, _DARK, robots=False)


def _sources(
    answer: Assessment | Permit, reason: Reason, ended: frozenset[Availability], *, robots: bool
) -> Iterator[str]:
    """The required sources of which looking ended so, each with the status where it tells why."""
    captures = {each.id: each for each in answer.captures}
    found = [
        each
        for each in answer.coverage
        if each.availability in ended
        and (each.required or reason.code is ReasonCode.UNREADABLE)
        and (not robots or each.source.endswith("/robots.txt"))
    ]
    for each in found:
        how = wording.looked(each, captures.get(each.capture or ""))
        # The sentence itself may name the one that it is about.
        named = len(found) == 1 and each.source in reason.text
        yield how if named else f"{wording.source(each)}: {how}"
