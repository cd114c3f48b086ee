"""What changed for one URL, from two answers for it."""

from collections.abc import Collection, Iterator, Sequence

from signals_agent.audit.difference import words
from signals_agent.audit.difference.nouns import Changed, Outcome, Unseen, Verdict
from signals_agent.audit.difference.weighing import Pair
from signals_agent.change import Aspect, Change, relaxed, stricter
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability
from signals_agent.model.use import USES, Use


def compare(
    url: str, pairs: Sequence[Pair], uses: Sequence[Use] = (), unweighed: bool = False
) -> Changed | None:
    """What changed for a URL; ``None`` where nothing did.

    ``pairs`` are both answers, by each policy by which they are compared: what is stricter or
    looser by any of them is told. ``uses`` are those of interest; where there are none, those
    that one of the two verdicts is about, and every use where one has no verdict.
    """
    found = [words.compare(*pair) for pair in pairs]
    declared = tuple(dict.fromkeys(each for one in found for each in one.declared))
    unseen = tuple(dict.fromkeys(each for one in found for each in one.unseen))
    wanted = tuple(uses) or _uses(*pairs[0])
    places = {each.said.source for each in declared} | {
        each.source for each in unseen if not each.follows
    }
    outcomes = tuple(dict.fromkeys(_outcomes(pairs, found, wanted, places)))
    tighter = any(each.tighter for each in outcomes)
    looser = any(not each.tighter for each in outcomes)
    lost = any(
        words.is_lost(each, after)
        for (_, after), one in zip(pairs, found, strict=True)
        for each in one.unseen
    )
    if tighter or looser:
        verdict = Verdict.BOTH if tighter and looser else Verdict.TIGHTENED
        verdict = verdict if tighter else Verdict.LOOSENED
    elif declared:
        verdict = Verdict.REWORDED
    elif (told := _of_looking(unseen, lost)) is not None:
        verdict = told
    else:
        return None
    site = words.origin(url)
    return Changed(url, site, verdict, declared, unseen, outcomes, lost, unweighed)


def _uses(before: Assessment, after: Assessment) -> tuple[Use, ...]:
    verdicts = before.verdict, after.verdict
    asked = {use for each in verdicts if each is not None for use in each.uses}
    return tuple(use for use in USES if None in verdicts or use in asked)


def _outcomes(
    pairs: Sequence[Pair],
    compared: Sequence[words.Compared],
    uses: Sequence[Use],
    places: Collection[str],
) -> Iterator[Outcome]:
    """Changes that the declarations show, with the decisions that followed from them."""
    for (before, after), one in zip(pairs, compared, strict=True):
        for tighter, found, loose, strict in (
            (True, stricter(before, after, uses), before, after),
            (False, relaxed(before, after, uses), after, before),
        ):
            changes = [
                each
                for each in found
                if not _is_unheard(each, loose, strict)
                and (tighter or _was_given_up(each, before, one))
            ]
            if any(each.declared for each in changes):
                for each in changes:
                    if each.declared or each.aspect is Aspect.DECISION:
                        yield Outcome(each, tighter, _is_shared(each, strict, places))


def _is_unheard(change: Change, loose: Assessment, strict: Assessment) -> bool:
    """Whether it rests only on words that a robots.txt which refuses us would not be heard for.

    They may stand there as before (rule R13e): being kept out does not take them back, and
    being let in does not add them.
    """
    behind = _behind(change, strict)
    return bool(behind) and behind <= words.refused(loose)


def _was_given_up(change: Change, before: Assessment, compared: words.Compared) -> bool:
    """Whether what made the earlier answer stricter is gone, and not merely out of sight."""
    return not any(
        (words.said_by(each, before), each.expression) in compared.unheard
        for each in before.declarations
        if each.id in change.because
    )


def _behind(change: Change, strict: Assessment) -> set[str]:
    return {each.source for each in strict.declarations if each.id in change.because}


def _is_shared(change: Change, strict: Assessment, places: Collection[str]) -> bool:
    """Whether it comes of a source that speaks for many: of those in which something changed."""
    if "" not in places or len(places) == 1:
        return "" not in places and bool(places)
    behind = _behind(change, strict)
    return change.aspect is Aspect.ACCESS or (bool(behind) and words.own(strict).isdisjoint(behind))


def _of_looking(unseen: Sequence[Unseen], lost: bool) -> Verdict | None:
    """What became of a URL of which no declaration changed that could be read both times."""
    asset = next((each for each in unseen if not each.source), None)
    if asset is not None and asset.lost and asset.after == Availability.ABSENT:
        return Verdict.GONE
    if lost:
        return Verdict.NOT_FOUND_OUT
    if asset is not None and not asset.lost and asset.before == Availability.ABSENT:
        return Verdict.BACK
    return Verdict.FOUND_OUT if any(not each.lost for each in unseen) else None
