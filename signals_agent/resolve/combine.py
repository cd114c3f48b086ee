"""How the answers of several families come to one answer for each use (rules R19, R22)."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from signals_agent.model.note import Note, Severity
from signals_agent.model.obligation import Term
from signals_agent.model.resolution import Owed, UseResolution
from signals_agent.model.statement import Answer, Preference, Settled, strictest, strictness
from signals_agent.model.use import Use
from signals_agent.vocabulary import LITERAL

_SPEAKS = frozenset({Preference.DISALLOW, Preference.CONDITIONAL, Preference.ALLOW})


def combine(
    settled: Sequence[Settled],
    *,
    undetermined: bool,
    literal_undetermined: bool | None = None,
    dark: frozenset[Use] = frozenset(),
) -> tuple[tuple[UseResolution, ...], tuple[Note, ...]]:
    """One resolution for every use, and a note for every pair of families that disagrees.

    ``undetermined`` says that a required source could not be looked at (rule R15a),
    ``literal_undetermined`` the same of the asset and its own robots.txt alone (rule
    R22). ``dark`` are the uses that a source governs which was there and unreadable.
    """
    literally = undetermined if literal_undetermined is None else literal_undetermined
    silent = _silence(undetermined, literally, dark)
    if not settled:
        return silent, ()
    heard: dict[Use, list[Answer]] = {}
    literal: dict[Use, list[Preference]] = {}
    unread: dict[Use, dict[str, None]] = {}
    for family in settled:
        for answer in family.answers:
            heard.setdefault(answer.use, []).append(answer)
        for answer in family.literal:
            literal.setdefault(answer.use, []).append(answer.preference)
        for use, because in family.unreadable:
            unread.setdefault(use, {}).update(dict.fromkeys(because))
    spoken_of = heard.keys() | literal.keys() | unread.keys()
    resolutions = tuple(
        _resolve(
            nobody,
            heard.get(nobody.use, ()),
            literal.get(nobody.use, ()),
            tuple(unread.get(nobody.use, ())),
            literally,
        )
        if nobody.use in spoken_of
        else nobody
        for nobody in silent
    )
    return resolutions, _disagreements(settled)


@lru_cache
def _silence(
    undetermined: bool, literally: bool, dark: frozenset[Use]
) -> tuple[UseResolution, ...]:
    """What every use comes to where nobody spoke, as on most pages."""
    preference = Preference.UNDETERMINED if undetermined else Preference.UNKNOWN
    return tuple(
        UseResolution(
            use,
            preference,
            _literal(use, (), literally),
            undetermined=undetermined,
            dark=use in dark,
        )
        for use in Use
    )


def _resolve(
    nobody: UseResolution,
    answers: Sequence[Answer],
    literal: Sequence[Preference],
    unreadable: tuple[str, ...],
    literally: bool,
) -> UseResolution:
    """What one use comes to, ``nobody`` being what it would be had nobody spoken."""
    preference = strictest(nobody.preference, *(answer.preference for answer in answers))
    owed: dict[Term, dict[str, None]] = {}
    for answer in answers:
        for term in answer.terms:
            owed.setdefault(term, {}).update(dict.fromkeys(answer.because))
        for term, because in answer.overruled:
            owed.setdefault(term, {}).update(dict.fromkeys(because))
    heard = [answer.preference for answer in answers]
    return UseResolution(
        use=nobody.use,
        preference=preference,
        literal=_literal(nobody.use, literal, literally),
        owed=tuple(Owed(term, tuple(because)) for term, because in owed.items()),
        because=_behind(answers, preference),
        unreadable=unreadable,
        undetermined=nobody.undetermined or Preference.UNDETERMINED in heard,
        dark=nobody.dark,
    )


def _literal(use: Use, heard: Sequence[Preference], undetermined: bool) -> Preference:
    """The answer to the letter (rule R22); uses that no current label names stay unknown."""
    if use not in LITERAL:
        return Preference.UNKNOWN
    if undetermined and Preference.DISALLOW not in heard:
        return Preference.UNDETERMINED
    return strictest(*heard)


def _behind(answers: Sequence[Answer], preference: Preference) -> tuple[str, ...]:
    because: dict[str, None] = {}
    for answer in answers:
        if answer.preference is preference or (
            answer.terms and preference is not Preference.DISALLOW
        ):
            because.update(dict.fromkeys(answer.because))
    return tuple(because)


def _disagreements(settled: Sequence[Settled]) -> tuple[Note, ...]:
    notes = []
    for one, other in combinations(settled, 2):
        uses: list[str] = []
        because: dict[str, None] = {}
        theirs = {answer.use: answer for answer in other.answers}
        for mine in one.answers:
            yours = theirs.get(mine.use)
            if yours is None or mine.preference is yours.preference:
                continue
            if not {mine.preference, yours.preference} <= _SPEAKS:
                continue
            stricter = max(mine.preference, yours.preference, key=strictness)
            uses.append(
                f"{mine.use}: {one.family} says {mine.preference}, "
                f"{other.family} says {yours.preference}; {stricter} is the stricter"
            )
            because.update(dict.fromkeys(mine.because + yours.because))
        if uses:
            notes.append(
                Note(
                    code="resolution-families-disagree",
                    severity=Severity.WARNING,
                    summary="; ".join(uses),
                    clause="rule R19",
                    because=tuple(because),
                )
            )
    return tuple(notes)
