"""Which declarations of one asset were added, withdrawn or changed between two answers."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from signals_agent.audit.difference.nouns import Declared, Kind, Said, Unseen
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability
from signals_agent.model.resolution import AccessAnswer, HopAccess
from signals_agent.model.verdict import Decision

ACCESS: Final = "access"
ROBOTS: Final = "robots-txt"
REFUSED: Final = "refused"
"""How looking ended at words of a robots.txt that refuses us: it says nothing besides (R13e)."""

_SEEN: Final = frozenset({Availability.PRESENT, Availability.ABSENT})

_Words = Mapping[Said, Counter[str]]


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two answers: what is said, and how looking ended, by source."""

    words: _Words
    ended: Mapping[tuple[str, str | None], Availability]
    required: frozenset[str]
    refused: frozenset[str]
    shut: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of the declarations, and which sources could be looked at only once."""

    declared: tuple[Declared, ...]
    unseen: tuple[Unseen, ...]


def compare(before: Assessment, after: Assessment) -> Compared:
    """What was added, withdrawn, changed, and what could not be found out.

    Declarations are the same where family, carrier, source, scope and expression are; of those
    that share all but the expression, one gone and one new make one that changed. What stands
    in a source that could be looked at only one of the two times is in neither list.
    """
    sides = _side(before), _side(after)
    declared: list[Declared] = []
    known: dict[tuple[str, bool], list[str]] = {}
    for said in sorted({*sides[0].words, *sides[1].words}):
        was, is_ = (side.words.get(said, Counter()) for side in sides)
        gone, new = sorted((was - is_).elements()), sorted((is_ - was).elements())
        # Whatever is there in both was read in both; what is more of it was said or taken back.
        for words, lost in ((gone, True), (new, False)):
            if words and _dark(said, sides[not lost], sides[lost]):
                known.setdefault((said.source, lost), []).extend(words)
                words.clear()
        pairs = min(len(gone), len(new))
        declared += [
            Declared(said, Kind.CHANGED, old, now)
            for old, now in zip(gone[:pairs], new[:pairs], strict=True)
        ]
        declared += [Declared(said, Kind.WITHDRAWN, before=each) for each in gone[pairs:]]
        declared += [Declared(said, Kind.ADDED, after=each) for each in new[pairs:]]
    return Compared(tuple(sorted(declared)), tuple(_unseen(sides, known)))


def is_lost(unseen: Unseen, after: Assessment) -> bool:
    """Whether a source could not be found out now, and no answer that we have explains it.

    A refusal explains it, for then nobody looks, and so does a verdict that was *skip* before
    it came to that; an asset that is not there any more has been found out.
    """
    if not unseen.lost or unseen.after in (REFUSED, Availability.ABSENT):
        return False
    skipped = after.verdict is not None and after.verdict.decision is Decision.SKIP
    refused = after.access.answer is AccessAnswer.DISALLOWED
    return not (unseen.after == Availability.NOT_LOOKED and (refused or skipped))


def _side(answer: Assessment) -> _Side:
    words: dict[Said, Counter[str]] = {}
    for each in answer.declarations:
        scope = {name: value for name, value in asdict(each.scope).items() if value is not None}
        told = json.dumps(scope, sort_keys=True) if scope else ""
        said = Said(each.family, each.carrier, _place(each.source, answer), told)
        words.setdefault(said, Counter())[each.expression] += 1
    # The rule of robots.txt that gave access is no declaration of a result, and yet it is one.
    for hop in answer.access.hops:
        if hop.rule:
            said = Said(ACCESS, ROBOTS, _robots(hop), "")
            words.setdefault(said, Counter())[hop.rule] = 1
    ended = {
        (_place(each.source, answer), each.part): each.availability for each in answer.coverage
    }
    required = frozenset(_place(each.source, answer) for each in answer.coverage if each.required)
    shut = answer.access.answer is not AccessAnswer.ALLOWED
    return _Side(words, ended, required, refused(answer), shut)


def refused(answer: Assessment) -> frozenset[str]:
    """The files of robots.txt that refuse us."""
    refusing = (hop for hop in answer.access.hops if hop.answer is AccessAnswer.DISALLOWED)
    return frozenset(_robots(hop) for hop in refusing)


def _robots(hop: HopAccess) -> str:
    return origin(hop.url) + "/robots.txt"


def origin(url: str) -> str:
    """The origin of a URL of a result, which is in its normal form.

    ``url.parse`` would keep many of them, and here each is seen once.
    """
    return "/".join(url.split("/", 3)[:3])


def own(answer: Assessment) -> frozenset[str]:
    """The sources that speak for this asset alone: it itself."""
    return frozenset((answer.url, answer.final_url))


def _place(source: str, answer: Assessment) -> str:
    return "" if source in (answer.final_url, answer.url) else source


def _dark(said: Said, there: _Side, here: _Side) -> bool:
    """Whether what one answer holds, and the other does not, could not be read there."""
    if said.carrier == ROBOTS and said.family != ACCESS and said.source in here.refused:
        return True
    if any(source == said.source for source, _ in here.ended):
        return _vanished(said.source, there, here) is not None
    # Nothing names it any more; or what would have named it could not be looked at.
    return any(_vanished(source, there, here) is not None for source, _ in here.ended)


def _vanished(source: str, there: _Side, here: _Side) -> tuple[Availability, Availability] | None:
    """How looking ended there and here, where it was found out there and was not here."""
    for (place, part), was in there.ended.items():
        if place != source:
            continue
        is_ = here.ended.get((place, part))
        if is_ is not None and _is_darker(source, was, is_):
            return was, is_
    return None


def _is_darker(source: str, was: Availability, is_: Availability) -> bool:
    if was is Availability.PRESENT:
        # A site file that is not there any more has been taken back; a page has gone.
        return is_ is not Availability.PRESENT and not (source and is_ is Availability.ABSENT)
    # A robots.txt that is not handed out means no rules, as does one that is not there (R15).
    no_rules = is_ is Availability.UNAVAILABLE and source.endswith("/robots.txt")
    return was is Availability.ABSENT and is_ not in _SEEN and not no_rules


def _unseen(
    sides: tuple[_Side, _Side], known: Mapping[tuple[str, bool], Sequence[str]]
) -> Iterator[Unseen]:
    """The sources that could be looked at only once, where they had to be or had said something."""
    for lost in (True, False):
        there, here = sides if lost else sides[::-1]
        places = dict.fromkeys((*(source for source, _ in here.ended), *_sources(known, lost)))
        for source in sorted(places):
            said = tuple(sorted(known.get((source, lost), ())))
            ended = _vanished(source, there, here)
            if ended is not None and (said or source in here.required):
                then: str = ended[0]
                now: str = ended[1]
            elif said:
                then = Availability.PRESENT
                now = REFUSED if source in here.refused else Availability.NOT_LOOKED
            else:
                continue
            follows = not source and now == Availability.NOT_LOOKED and here.shut
            yield Unseen(source, *((then, now) if lost else (now, then)), lost, said, follows)


def _sources(known: Mapping[tuple[str, bool], Sequence[str]], lost: bool) -> Iterator[str]:
    return (source for source, of_lost in known if of_lost is lost)
