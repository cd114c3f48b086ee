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
    cut: bool = False,
) -> tuple[tuple[UseResolution, ...], tuple[Note, ...]]:
    """One resolution for every use, and a note for every pair of families that disagrees.

    ``undetermined`` says that a required source could not be looked at (rule R15a).
    ``cut`` says that the asset was cut before its head ended (rule R35).
    """
    if not settled:
        return _silence(undetermined, cut), ()
    resolutions = tuple(_resolve(use, settled, undetermined, cut) for use in Use)
    return resolutions, _disagreements(settled)


@lru_cache
def _silence(undetermined: bool, cut: bool) -> tuple[UseResolution, ...]:
    """What every use comes to where nobody spoke, as on most pages."""
    return tuple(_resolve(use, (), undetermined, cut) for use in Use)


def _resolve(use: Use, settled: Sequence[Settled], undetermined: bool, cut: bool) -> UseResolution:
    answers = [answer for family in settled for answer in family.answers if answer.use is use]
    heard = [answer.preference for answer in answers]
    preference = strictest(*heard, *([Preference.UNDETERMINED] if undetermined else []))
    owed: dict[Term, dict[str, None]] = {}
    for answer in answers:
        for term in answer.terms:
            owed.setdefault(term, {}).update(dict.fromkeys(answer.because))
    unread: dict[str, None] = {}
    for family in settled:
        for governed, because in family.unreadable:
            if governed is use:
                unread.update(dict.fromkeys(because))
    return UseResolution(
        use=use,
        preference=preference,
        literal=_literal(use, settled, undetermined),
        owed=tuple(Owed(term, tuple(because)) for term, because in owed.items()),
        because=_behind(answers, preference),
        unreadable=tuple(unread),
        cut=cut,
    )


def _literal(use: Use, settled: Sequence[Settled], undetermined: bool) -> Preference:
    """The answer to the letter (rule R22); uses that no current label names stay unknown."""
    if use not in LITERAL:
        return Preference.UNKNOWN
    heard = [
        answer.preference for family in settled for answer in family.literal if answer.use is use
    ]
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
                f"{other.family} says {yours.preference}; {stricter} counts"
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
