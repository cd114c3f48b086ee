"""Whether robots.txt lets us fetch, hop by hop (rules R13a, R14, R15, R16, R31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from signals_agent import availability
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import LinePosition
from signals_agent.model.resolution import Access, AccessAnswer, HopAccess
from signals_agent.robots import access as engine
from signals_agent.robots import groups, parse
from signals_agent.robots.groups import Reading
from signals_agent.url import Url

Given: TypeAlias = Capture | bytes | Availability
"""How a source is handed in: as captured, as octets, or as how looking ended."""

TokenSets: TypeAlias = tuple[tuple[str, ...], ...]
"""Product tokens that are judged together; the strictest of the sets counts (rule R31)."""


@dataclass(frozen=True, slots=True)
class RobotsSource:
    """One origin's robots.txt: how looking ended, and the file where there is one."""

    url: str
    availability: Availability
    file: parse.RobotsFile | None
    capture: Capture | None
    notes: tuple[Note, ...] = ()


def token_sets(tokens: Sequence[str], acquired_by: str | None) -> TokenSets:
    """The crawler's token first, where another acquired the asset; then ours (rule R31)."""
    own = tuple(dict.fromkeys(token.lower() for token in tokens))
    if acquired_by is None:
        return (own,)
    crawler = acquired_by.lower()
    rest = tuple(token for token in own if token != crawler)
    return ((crawler,), rest) if rest else ((crawler,),)


def robots_url(origin: str) -> str:
    """Where an origin's robots.txt stands (RFC 9309 2.3)."""
    return origin + "/robots.txt"


def source(origin: str, given: Given) -> RobotsSource:
    """How looking at an origin's robots.txt ended, and what it holds (rule R15)."""
    if isinstance(given, Availability):
        return RobotsSource(robots_url(origin), given, None, None)
    capture = given if isinstance(given, Capture) else _as_capture(origin, given)
    known: RobotsSource | None = capture.memo.get(origin)
    if known is None:
        known = capture.memo[origin] = _read(robots_url(origin), capture)
    return known


@lru_cache(maxsize=256)
def _as_capture(origin: str, body: bytes) -> Capture:
    """Octets in hand, as what a fetch would have brought."""
    return Capture(robots_url(origin), status=200, body=body)


def _read(url: str, capture: Capture) -> RobotsSource:
    state, notes = availability.classify(Role.ROBOTS, capture)
    if state is not Availability.PRESENT:
        return RobotsSource(url, state, None, capture, tuple(notes))
    file = parse.parse_cached(capture.body or b"", cut=capture.truncated)
    if file.kind is parse.FileKind.BINARY and capture.field_lines(b"content-encoding"):
        # Perhaps rules in a coding that nobody took off: that is not "no rules".
        return RobotsSource(url, Availability.UNREADABLE, None, capture, tuple(notes))
    if file.kind in (parse.FileKind.HTML, parse.FileKind.BINARY):
        state = Availability.UNREADABLE
    return RobotsSource(url, state, file, capture, (*notes, *file.notes))


def answer(
    robots: RobotsSource,
    url: Url,
    target: bytes,
    sets: TokenSets,
    capture_id: str | None = None,
) -> tuple[HopAccess, tuple[Note, ...]]:
    """Whether one URL may be fetched, by the strictest of token sets and readings.

    ``target`` is its path and query as ``robots.match.target`` normalises them.
    """
    if robots.file is None:
        none = robots.availability in (Availability.ABSENT, Availability.UNAVAILABLE)
        known = AccessAnswer.ALLOWED if none else AccessAnswer.UNDETERMINED
        return HopAccess(url.text, known, capture=capture_id), ()
    notes: list[Note] = []
    chosen: engine.AccessDecision | None = None
    for tokens in _judged(robots.file, sets):
        for reading in _readings(robots.file, tokens):
            decision = engine.decide(groups.choose(robots.file, tokens, reading), target)
            if decision.disagreement:
                notes.append(_engines_differ(decision))
            if chosen is None or (chosen.allowed and not decision.allowed):
                chosen = decision
        if groups.readings_differ(robots.file, tokens):
            notes.append(_legacy_differs(tokens))
    if chosen is None:
        return HopAccess(url.text, AccessAnswer.ALLOWED, capture=capture_id), ()
    record = chosen.record
    hop = HopAccess(
        url=url.text,
        answer=AccessAnswer.ALLOWED if chosen.allowed else AccessAnswer.DISALLOWED,
        rule=None if record is None else record.octets.decode("utf-8", "replace").strip(),
        position=None if record is None else LinePosition(record.line, record.column),
        capture=capture_id,
    )
    return hop, tuple(dict.fromkeys(notes))


def _judged(file: parse.RobotsFile, sets: TokenSets) -> TokenSets:
    """The sets, and each of several tokens by itself that has a group of its own.

    A group that names one of our tokens and refuses is not lifted by a group that names
    another: we could be asking under the refused name.
    """
    if all(len(tokens) == 1 for tokens in sets):
        return sets
    named = [
        (token,)
        for tokens in sets
        if len(tokens) > 1
        for token in tokens
        if groups.choose(file, (token,), Reading.AIPREF).named
    ]
    return (*sets, *named)


def whole(hops: Sequence[HopAccess]) -> Access:
    """The access answer for a chain: refused anywhere is refused (rule R16)."""
    answers = {hop.answer for hop in hops}
    for strict in (AccessAnswer.DISALLOWED, AccessAnswer.UNDETERMINED):
        if strict in answers:
            return Access(strict, tuple(hops))
    return Access(AccessAnswer.ALLOWED, tuple(hops))


def _readings(file: parse.RobotsFile, tokens: tuple[str, ...]) -> tuple[Reading, ...]:
    """Both readings wherever they give us different groups (rule R14)."""
    if groups.readings_differ(file, tokens):
        return (Reading.AIPREF, Reading.LEGACY)
    return (Reading.AIPREF,)


def _engines_differ(decision: engine.AccessDecision) -> Note:
    position = decision.record and LinePosition(decision.record.line, decision.record.column)
    return Note(
        code="robots-access-engines-differ",
        severity=Severity.WARNING,
        summary="two readings of the same access rules differ for this path; the refusal counts",
        clause="RFC 9309 2.2.2",
        position=position or None,
    )


def _legacy_differs(tokens: tuple[str, ...]) -> Note:
    return Note(
        code="robots-legacy-reading-differs",
        severity=Severity.WARNING,
        summary=(
            f"for {', '.join(tokens)}, a reader that does not know Content-Usage groups this file "
            "otherwise; the stricter answer of both readings counts"
        ),
        clause="rule R14",
    )
