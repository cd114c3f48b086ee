"""Which declarations of one asset were added, withdrawn or changed between two answers."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from signals_agent.audit.difference.nouns import Declared, Kind, Said, Unseen
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Role
from signals_agent.model.declaration import Declaration
from signals_agent.model.resolution import AccessAnswer, HopAccess
from signals_agent.model.verdict import Decision

ACCESS: Final = "access"
ROBOTS: Final = "robots-txt"
HEADER: Final = "http-header"
REFUSED: Final = "refused"
"""How looking ended at words of a robots.txt that refuses us: it says nothing besides (R13e)."""

_SEEN: Final = frozenset({Availability.PRESENT, Availability.ABSENT})

_IN_ITS_PLACE: Final = Availability.UNAVAILABLE
"""How looking at an asset ended where an answer came in its place: 401, 402, 403."""

_Words = Mapping[Said, Counter[str]]
_Ended = tuple[Availability, Availability]
"""How looking at a source ended there and here."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two answers: what is said, and how looking ended, by source."""

    words: _Words
    ended: Mapping[tuple[str, str | None], Availability]
    required: frozenset[tuple[str, str | None]]
    roles: Mapping[str, Role]
    origins: frozenset[str]
    refused: frozenset[str]
    shut: bool

    def state(self, source: str, part: str | None = None) -> Availability | None:
        """How looking at a source or a part of it ended; a part as the whole where none says."""
        return self.ended.get((source, part)) or self.ended.get((source, None))


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of the declarations, and which sources could be looked at only once."""

    declared: tuple[Declared, ...]
    unseen: tuple[Unseen, ...]
    unheard: frozenset[tuple[Said, str]] = frozenset()
    """What the earlier answer holds and could not be heard in the later one."""


def compare(before: Assessment, after: Assessment) -> Compared:
    """What was added, withdrawn, changed, and what could not be found out.

    Declarations are the same where family, carrier, source, scope and expression are; of those
    that share all but the expression, one gone and one new make one that changed. What stands
    in a source that could be looked at only one of the two times is in neither list.
    """
    sides = _side(before), _side(after)
    declared: list[Declared] = []
    known: dict[tuple[str, bool], list[str]] = {}
    unheard: set[tuple[Said, str]] = set()
    for said in sorted({*sides[0].words, *sides[1].words}):
        was, is_ = (side.words.get(said, Counter()) for side in sides)
        gone, new = sorted((was - is_).elements()), sorted((is_ - was).elements())
        # Whatever is there in both was read in both; what is more of it was said or taken back.
        for words, lost in ((gone, True), (new, False)):
            if words and _dark(said, sides[not lost], sides[lost]):
                known.setdefault((said.source, lost), []).extend(words)
                unheard.update((said, each) for each in words if lost)
                words.clear()
        pairs = min(len(gone), len(new))
        declared += [
            Declared(said, Kind.CHANGED, old, now)
            for old, now in zip(gone[:pairs], new[:pairs], strict=True)
        ]
        declared += [Declared(said, Kind.WITHDRAWN, before=each) for each in gone[pairs:]]
        declared += [Declared(said, Kind.ADDED, after=each) for each in new[pairs:]]
    return Compared(tuple(sorted(declared)), tuple(_unseen(sides, known)), frozenset(unheard))


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
        words.setdefault(said_by(each, answer), Counter())[each.expression] += 1
    # The rule of robots.txt that gave access is no declaration of a result, and yet it is one.
    for hop in answer.access.hops:
        if hop.rule:
            said = Said(ACCESS, ROBOTS, _robots(hop), "")
            words.setdefault(said, Counter())[hop.rule] = 1
    ended = {
        (_place(each.source, answer), each.part): each.availability for each in answer.coverage
    }
    required = frozenset(
        (_place(each.source, answer), each.part) for each in answer.coverage if each.required
    )
    roles = {_place(each.url, answer): each.role for each in answer.captures}
    origins = frozenset((origin(answer.url), origin(answer.final_url)))
    shut = answer.access.answer is not AccessAnswer.ALLOWED
    return _Side(words, ended, required, roles, origins, refused(answer), shut)


def said_by(each: Declaration, answer: Assessment) -> Said:
    """Who said a declaration of an answer, and how far it reaches."""
    scope = {name: value for name, value in asdict(each.scope).items() if value is not None}
    told = json.dumps(scope, sort_keys=True) if scope else ""
    return Said(each.family, each.carrier, _place(each.source, answer), told)


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
    """Whether what one answer holds, and the other does not, could not be heard there."""
    if said.carrier == ROBOTS and said.family != ACCESS and said.source in here.refused:
        return True
    if said.source and here.state(said.source) is None:
        return _is_unasked(said.source, there, here) or _is_unnamed(there, here)
    if not said.source and said.carrier != HEADER and _parts_lost(there, here):
        return True
    could, can = (
        _hearing(said, side.state(said.source) or Availability.NOT_LOOKED) for side in (there, here)
    )
    return not can or can < could


def _hearing(said: Said, ended: Availability) -> int:
    """How much of what is said like this is heard where looking ended so; 0: nothing."""
    if ended is Availability.PRESENT or (ended is Availability.ABSENT and said.source):
        return 3  # a site file that is not there has been looked at; a page has gone
    if ended is Availability.UNREADABLE:
        # The header section came, whatever came of the body.
        return 3 if not said.source and said.carrier == HEADER else 2
    if ended is _IN_ITS_PLACE and not said.source:
        # What came in the asset's place speaks of access, and not for the asset.
        return 3 if said.family == ACCESS else 1
    return 0


def _parts_lost(there: _Side, here: _Side) -> bool:
    """Whether a part of the asset was looked at there, and not here: less of it was read."""
    return any(
        source == "" and part is not None and is_ not in _SEEN and there.state("", part) in _SEEN
        for (source, part), is_ in here.ended.items()
    )


def _is_unasked(source: str, there: _Side, here: _Side) -> bool:
    """Whether a source that nothing has to name was not asked for at all.

    A file of a site whose pages the asset is one of still, or the page it was found on.
    """
    role = there.roles.get(source)
    return role is Role.ASSET or (role is Role.SITE_FILE and origin(source) in here.origins)


def _is_unnamed(there: _Side, here: _Side) -> bool:
    """Whether what may have named a source, and does not now, could not be looked at itself."""
    return any(
        _vanished(source, there, here) is not None or _fell(there.state(source), is_)
        for (source, _), is_ in here.ended.items()
    )


def _fell(was: Availability | None, is_: Availability) -> bool:
    """Whether something arrived there, and nothing here."""
    arrived = Availability.UNREADABLE, _IN_ITS_PLACE
    return was in arrived and is_ in (Availability.UNREACHABLE, Availability.NOT_LOOKED)


def _vanished(source: str, there: _Side, here: _Side) -> _Ended | None:
    """How looking ended there and here, where it was found out there and was not here."""
    return next((ended for _, ended in _lost_parts(source, there, here)), None)


def _lost_parts(
    source: str, there: _Side, here: _Side
) -> Iterator[tuple[tuple[str, str | None], _Ended]]:
    for (place, part), is_ in here.ended.items():
        was = there.state(source, part) if place == source else None
        if was is not None and _is_darker(source, was, is_):
            yield (place, part), (was, is_)


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
            lost_parts = tuple(_lost_parts(source, there, here))
            required = any(part in here.required for part, _ in lost_parts)
            if lost_parts and (said or required):
                _, ended = lost_parts[0]
                then: str = ended[0]
                now: str = ended[1]
            elif said:
                then = there.state(source) or Availability.PRESENT
                now = here.state(source) or Availability.NOT_LOOKED
                if source in here.refused and now == Availability.PRESENT:
                    now = REFUSED
            else:
                continue
            follows = not source and now == Availability.NOT_LOOKED and here.shut
            yield Unseen(source, *((then, now) if lost else (now, then)), lost, said, follows)


def _sources(known: Mapping[tuple[str, bool], Sequence[str]], lost: bool) -> Iterator[str]:
    return (source for source, of_lost in known if of_lost is lost)
