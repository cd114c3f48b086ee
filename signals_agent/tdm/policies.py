"""Which of the policies that TDMRep's declarations name count, and what they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from signals_agent.model.declaration import Declaration
from signals_agent.model.note import Note, Severity
from signals_agent.model.statement import Answer, Preference, Statement, prevailing

FIELD: Final = "tdm-policy"
"""The property that names a policy; also the detail that holds its URL in a statement's unit."""

_RANKS: Final = {"http-header": 1, "html-meta": 2, "embedded": 3}
"""Which carrier supersedes which; the site file ranks lowest."""

Remark: TypeAlias = tuple[str, Severity, str, str]
"""A note before it is known what it is about: code, severity, summary, clause."""


def is_about_policy(statement: Statement) -> bool:
    """Whether a statement is about a policy, and not about the reservation."""
    return statement.unit[0].field == FIELD


def address(statement: Statement) -> str:
    """The URL of the policy that a statement is about; empty where it is named by none."""
    return statement.unit[0].detail(FIELD)


def rank(statement: Statement) -> int:
    """How high the carrier of a statement ranks: file, header, HTML, what is embedded."""
    return _RANKS.get(statement.declarations[0].carrier, 0)


def together(
    reserved: tuple[Answer, ...], policies: Sequence[Statement]
) -> tuple[tuple[Answer, ...], list[Note]]:
    """What a reservation comes to together with the policies that are named for it.

    The policy of the highest carrier counts. Where several are named there, or another in
    the body of a page, all must be met, and one that is of no use leaves the reservation.
    """
    free = [one for one in policies if not one.unit[0].reach.restrict_only]
    highest = max(map(rank, free), default=-1)
    counting = [one for one in free if rank(one) == highest]
    below = [one for one in policies if rank(one) < highest]
    bodies = [one for one in policies if one.unit[0].reach.restrict_only]
    united = counting + [one for one in bodies if counting and rank(one) >= highest]
    usable = bool(counting) and all(map(_is_offer, united))
    addresses = {address(one) for one in counting}
    left = [superseded(one, counting[:1], FIELD) for one in below if address(one) not in addresses]
    if not usable:
        left += [ignored(one) for one in bodies if rank(one) >= highest and _is_offer(one)]
        return _linked(reserved, counting), left
    if len({address(one) for one in united}) > 1:
        left.append(_united(united))
    offered = {one.use: one for one in prevailing(a for each in united for a in each.answers)}
    return tuple(_softened(one, offered.get(one.use)) for one in reserved), left


def notes(remarks: Iterable[Remark], declaration: Declaration) -> tuple[Note, ...]:
    """Notes about one declaration."""
    return tuple(Note(*remark, (declaration.id,), declaration.position) for remark in remarks)


def ignored(statement: Statement) -> Note:
    """That what stands outside the head of a page was not counted."""
    return Note(
        code="tdmrep-allow-ignored",
        severity=Severity.INFO,
        summary="outside the head of a page a declaration counts only where it restricts",
        clause="rule R35",
        because=(statement.declarations[0].id,),
        position=statement.declarations[0].position,
    )


def superseded(lower: Statement, higher: Sequence[Statement], field: str) -> Note:
    """That one carrier supersedes another: for the policy, or for the reservation."""
    above = tuple(one.declarations[0].id for one in higher)
    return Note(
        code="tdmrep-policy-superseded" if field == FIELD else "tdmrep-superseded",
        severity=Severity.INFO,
        summary="a later declaration says otherwise and supersedes: file, header, HTML, embedded",
        clause="rule R18",
        because=(lower.declarations[0].id, *above),
    )


def _is_offer(statement: Statement) -> bool:
    return any(answer.preference is Preference.CONDITIONAL for answer in statement.answers)


def _softened(reserved: Answer, offered: Answer | None) -> Answer:
    if offered is None:
        return reserved
    because = tuple(dict.fromkeys((*reserved.because, *offered.because)))
    return replace(offered, because=because)


def _linked(reserved: tuple[Answer, ...], policies: Sequence[Statement]) -> tuple[Answer, ...]:
    """The reservation, with links to the policies that are pages."""
    links = [
        (answer.use, (term, answer.because))
        for one in policies
        for answer in one.answers
        if answer.preference is Preference.UNKNOWN
        for term in answer.terms
    ]
    return tuple(
        replace(one, overruled=tuple(link for use, link in links if use is one.use))
        for one in reserved
    )


def _united(policies: Sequence[Statement]) -> Note:
    return Note(
        code="tdmrep-policies-united",
        severity=Severity.WARNING,
        summary="several policies are named for the asset; what each asks for must be met",
        clause="rule R18",
        because=tuple(dict.fromkeys(one.declarations[0].id for one in policies)),
    )
