"""What became stricter, and what is relaxed, between two answers for one asset (rule R38)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from signals_agent import licensing
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Role
from signals_agent.model.declaration import Declaration
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import Basis, Obligation, ObligationKind
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.statement import Preference
from signals_agent.model.use import USES, Use
from signals_agent.model.verdict import Decision, ReasonCode


class Aspect(StrEnum):
    """What of an answer has changed."""

    ACCESS = "access"
    PREFERENCE = "preference"
    OBLIGATION = "obligation"
    LICENCE = "licence"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that has changed, with both readings.

    ``use`` is missing where the change is one for every use (access, and licences), and
    ``subject`` names the obligation (``credit to press.example``) or the activity.
    ``before`` and ``after`` are what the earlier and the later answer say: a preference, a
    decision, an access answer, the text of what is owed; ``none`` where it says nothing.
    ``declared`` says whether the declarations themselves show it. Where it is false
    something could not be found out or read, the asset is gone, or the policy, its dates
    or its evidence are others by now: that is no word of the publisher.
    ``because`` are the declarations behind it, of the stricter answer where there are any.
    """

    aspect: Aspect
    before: str
    after: str
    declared: bool
    use: Use | None = None
    subject: str = ""
    because: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The change in a few words."""
        what = " ".join(filter(None, (self.use, self.subject or self.aspect.value)))
        return f"{what}: {self.before}, now {self.after}"


NONE: Final = "none"

_ACCESS: Final = {
    AccessAnswer.ALLOWED: 0,
    AccessAnswer.UNDETERMINED: 1,
    AccessAnswer.DISALLOWED: 2,
}
# Rule R19's order, but for silence: that a permission is taken back is stricter.
_PREFERENCE: Final = {
    Preference.ALLOW: 0,
    Preference.UNKNOWN: 1,
    Preference.CONDITIONAL: 2,
    Preference.UNDETERMINED: 3,
    Preference.DISALLOW: 4,
}
_DECISION: Final = {Decision.INGEST: 0, Decision.HOLD: 1, Decision.SKIP: 2}
_LICENCE: Final = {
    ActivityAnswer.OK.value: 0,
    NONE: 1,
    ActivityAnswer.CAUTION.value: 2,
    ActivityAnswer.NO.value: 3,
}

_BY_AMOUNT: Final = frozenset(
    {
        ObligationKind.DIRECT_CONTRIBUTION,
        ObligationKind.ECOSYSTEM_CONTRIBUTION,
        ObligationKind.PAYMENT,
        ObligationKind.PERMISSION,
        ObligationKind.REPORTING,
        ObligationKind.USE_RESTRICTIONS,
    }
)
"""Kinds of which other words may ask for more; nothing here can tell that they do not."""


def stricter(
    before: Assessment, after: Assessment, uses: Sequence[Use] | None = None
) -> tuple[Change, ...]:
    """What is stricter in the later answer; uses left out are those of the earlier verdict.

    Where the earlier answer has no verdict every use counts. The two are held against each
    other by what they say, never by ids or times, so that a declaration that only moved is
    no change. New words for a payment, a permission, a contribution, a report or a
    restriction count as stricter, for nothing shows that they ask for no more.
    """
    wanted = _wanted(before, uses)
    return (*_grown(before, after, wanted), *_reworded(before, after, wanted))


def relaxed(
    before: Assessment, after: Assessment, uses: Sequence[Use] | None = None
) -> tuple[Change, ...]:
    """What is less strict in the later answer; uses as in ``stricter``."""
    grown = _grown(after, before, _wanted(before, uses))
    # What is not seen any more is not given up by that.
    seen = not _lost(before, after)
    return tuple(
        Change(
            each.aspect,
            each.after,
            each.before,
            each.declared and seen,
            each.use,
            each.subject,
            each.because,
        )
        for each in grown
    )


def tightened(before: Assessment, after: Assessment, uses: Sequence[Use] | None = None) -> bool:
    """Whether declarations became stricter: what ``on.tightened`` of a policy is about.

    That something could not be found out, or that the asset is gone, tightens nothing, and
    neither does a change of the policy.
    """
    return any(each.declared for each in stricter(before, after, uses))


def _wanted(before: Assessment, uses: Sequence[Use] | None) -> tuple[Use, ...]:
    if uses is not None:
        return tuple(dict.fromkeys(uses))
    return before.verdict.uses if before.verdict is not None else USES


def _grown(loose: Assessment, strict: Assessment, uses: Sequence[Use]) -> Iterator[Change]:
    """What the second answer has more of than the first."""
    yield from _access(loose, strict)
    for use in uses:
        yield from _preference(loose, strict, use)
        yield from _owed(loose, strict, use)
        yield from _decision(loose, strict, use)
    yield from _licences(loose, strict)


def _access(loose: Assessment, strict: Assessment) -> Iterator[Change]:
    was, is_ = loose.access.answer, strict.access.answer
    if _ACCESS[is_] > _ACCESS[was]:
        yield Change(Aspect.ACCESS, was, is_, declared=is_ is AccessAnswer.DISALLOWED)


def _preference(loose: Assessment, strict: Assessment, use: Use) -> Iterator[Change]:
    was, is_ = loose.uses[use].preference, strict.uses[use].preference
    if is_ is Preference.CONDITIONAL and loose.access.answer is AccessAnswer.DISALLOWED:
        return  # to be let in on a condition is no stricter than to be kept out (rule R13e)
    if _PREFERENCE[is_] > _PREFERENCE[was]:
        because = strict.uses[use].because
        # Silence where a source could not be looked at takes no permission back.
        silent = is_ is Preference.UNKNOWN and _lost(loose, strict)
        # Nor is it a new word that what opened an old one could not be looked at.
        bare = is_ is Preference.DISALLOW and _only_lost_its_terms(loose, strict, because)
        declared = not (silent or bare) and is_ is not Preference.UNDETERMINED
        yield Change(Aspect.PREFERENCE, was, is_, declared, use, because=because)


def _owed(loose: Assessment, strict: Assessment, use: Use) -> Iterator[Change]:
    """What binds in the second answer and is not owed, or does not bind, in the first."""
    was, preference = _binding(loose, use), loose.uses[use].preference
    # A plain no is stricter than any condition that comes in its place.
    refused = preference is Preference.DISALLOW or loose.access.answer is AccessAnswer.DISALLOWED
    # What is skipped carries nothing, so that nothing shows what would have been owed for it;
    # but where no condition was stated none was.
    skipped = loose.uses[use].decision is Decision.SKIP
    stated = refused or (skipped and preference is Preference.CONDITIONAL)
    for what, owed in _binding(strict, use).items():
        known = stated if all(_conditions(each) for each in owed) else skipped
        if what not in was and not known:
            text = _texts(owed)
            subject = _subject(owed[0])
            yield Change(Aspect.OBLIGATION, NONE, text, True, use, subject, _behind(owed))


def _reworded(before: Assessment, after: Assessment, uses: Sequence[Use]) -> Iterator[Change]:
    """What is owed in both answers, and in other words in the later one."""
    for use in uses:
        was = _binding(before, use)
        for what, owed in _binding(after, use).items():
            if what in was and owed[0].kind in _BY_AMOUNT:
                old, new = was[what], owed
                said = {(each.text, each.terms_url) for each in old}
                if any((each.text, each.terms_url) not in said for each in new):
                    yield Change(
                        Aspect.OBLIGATION,
                        _texts(old),
                        _texts(new),
                        True,
                        use,
                        _subject(new[0]),
                        _behind(new),
                    )


def _binding(answer: Assessment, use: Use) -> dict[tuple[ObligationKind, str], list[Obligation]]:
    """What binds for a use, by its kind and whom it is owed to."""
    found: dict[tuple[ObligationKind, str], list[Obligation]] = {}
    for each in answer.obligations_for(use):
        if each.binding:
            found.setdefault((each.kind, (each.to.url or each.to.name).casefold()), []).append(each)
    return found


def _conditions(owed: Obligation) -> bool:
    return owed.basis is Basis.PREFERENCE


def _subject(owed: Obligation) -> str:
    return f"{owed.kind} to {owed.to.name}"


def _texts(owed: Iterable[Obligation]) -> str:
    """The words of what is owed; the address of the terms too, for they may be all that changed."""
    return " ".join(
        dict.fromkeys(
            f"{each.text} ({each.terms_url})" if each.terms_url else each.text for each in owed
        )
    )


def _behind(owed: Iterable[Obligation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for due in owed for each in due.because))


def _decision(loose: Assessment, strict: Assessment, use: Use) -> Iterator[Change]:
    was, is_ = loose.uses[use], strict.uses[use]
    if _DECISION[is_.decision] > _DECISION[was.decision]:
        because = tuple(dict.fromkeys(each for one in is_.reasons for each in one.because))
        declared = _only_the_decision_shows(loose, strict, use)
        yield Change(Aspect.DECISION, was.decision, is_.decision, declared, use, because=because)


def _only_the_decision_shows(loose: Assessment, strict: Assessment, use: Use) -> bool:
    """Whether a publisher's word shows in the decision, and in no other part of the answer.

    Terms stated in place of the asset (rule R27, row 4) do, and refused training crawlers
    that the policy counts (rule R37); the policy has to be the same one.
    """
    policies = [each.verdict.policy.sha256 for each in (loose, strict) if each.verdict is not None]
    if len(set(policies)) > 1:
        return False
    had = {each.code for each in loose.uses[use].reasons}
    new = {each.code for each in strict.uses[use].reasons} - had
    crawlers = strict.uses[use].preference is not Preference.DISALLOW
    return ReasonCode.ACCESS_TERMS in new or (
        crawlers and ReasonCode.DISALLOW in new and not _said(loose, _CRAWLERS)
    )


_CRAWLERS: Final = "robots-training-crawlers-refused"


def _said(answer: Assessment, code: str) -> bool:
    return any(note.code == code for note in answer.notes)


def _licences(loose: Assessment, strict: Assessment) -> Iterator[Change]:
    """What licences answer for the planned activities; for every activity where none is planned."""
    verdicts = [each.verdict for each in (loose, strict) if each.verdict is not None]
    named = dict.fromkeys(name for each in verdicts for name in each.activities)
    for activity in [Activity(name) for name in named] or Activity:
        was, _ = _answer(loose, activity)
        is_, because = _answer(strict, activity)
        if _LICENCE[is_] > _LICENCE[was]:
            declared = is_ != NONE or not _lost(loose, strict)
            subject = activity.value
            yield Change(Aspect.LICENCE, was, is_, declared, subject=subject, because=because)


def _lost(earlier: Assessment, later: Assessment) -> bool:
    """Whether what one answer could read the other could not, so that its silence says nothing."""
    now = {(each.source, each.part): each.availability for each in later.coverage}
    gone = {later.url, later.final_url, earlier.final_url}
    for each in earlier.coverage:
        if each.availability is Availability.PRESENT:
            ended = now.get((each.source, each.part), Availability.NOT_LOOKED)
            # A site file that is not there any more has been taken back; a page has gone.
            taken_back = ended is Availability.ABSENT and each.source not in gone
            if ended is not Availability.PRESENT and not taken_back:
                return True
    return False


def _only_lost_its_terms(earlier: Assessment, later: Assessment, because: Sequence[str]) -> bool:
    """Whether the same words count for more, for a document they name could not be looked at.

    A reservation whose policy is unreachable is a plain one (rule R15a).
    """
    documents = {each.url for each in earlier.captures if each.role is Role.POLICY_DOCUMENT}
    now = {each.source: each.availability for each in later.coverage}
    if not any(
        each.availability is Availability.PRESENT
        and each.source in documents
        and now.get(each.source, Availability.NOT_LOOKED) in _UNSEEN
        for each in earlier.coverage
    ):
        return False
    said = {_words(each) for each in earlier.declarations}
    return all(_words(each) in said for each in later.declarations if each.id in because)


_UNSEEN: Final = (Availability.NOT_LOOKED, Availability.UNAVAILABLE, Availability.UNREACHABLE)


def _words(said: Declaration) -> tuple[str, str, str, str]:
    """What a declaration says and where, though it may have moved there."""
    return said.family, said.carrier, said.source, said.expression


def _answer(answer: Assessment, activity: Activity) -> tuple[str, tuple[str, ...]]:
    for each in licensing.planned(answer.licences, (activity,)):
        return each.terms.answer.value, each.because
    return NONE, ()
