"""In what a policy contradicts itself, on whatever day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from signals_agent import url as urls
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import ObligationKind
from signals_agent.promises import Agreement, Commitment, LicensorStatement

BREAKING: Final = {
    ObligationKind.NON_COMMERCIAL: (Activity.COMMERCIAL_PRODUCT,),
    ObligationKind.NO_DERIVATIVES: (
        Activity.REDISTRIBUTE_MODIFIED,
        Activity.PUBLISH_ADAPTED_SAMPLES,
    ),
}
"""By which activities, if anything, a commitment is broken: there is no doubt about these."""

NOT_IN_COMMERCE: Final = ("non-commercial", "personal")
"""Recipients who say of themselves that they do not trade."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot be meant, and the paths of what says so: ``("commitment", 1, "ceiling")``."""

    text: str
    places: tuple[tuple[str | int, ...], ...]


class Contradictory(ValueError):
    """A policy contradicts itself; ``found`` says in what."""

    def __init__(self, found: Sequence[Contradiction]) -> None:
        super().__init__("; ".join(each.text for each in found))
        self.found = tuple(found)


def contradictions(
    commitments: Sequence[Commitment],
    agreements: Sequence[Agreement],
    statements: Sequence[LicensorStatement],
    activities: Sequence[Activity],
    user: str | None,
) -> Iterator[Contradiction]:
    """Every contradiction, in the order of the tables.

    What holds only until a day is left out where it speaks against what is planned: whether
    it still counts depends on the day.
    """
    yield from _two_ceilings(commitments)
    yield from _two_digests(agreements)
    yield from _two_answers(statements)
    yield from _broken(commitments, agreements, activities)
    if user in NOT_IN_COMMERCE and Activity.COMMERCIAL_PRODUCT in activities:
        at = activities.index(Activity.COMMERCIAL_PRODUCT)
        yield Contradiction(
            f"recipient.user is {user}, and a commercial-product is planned",
            (("recipient", "user"), ("activities", at)),
        )


def to_everyone(commitment: Commitment) -> bool:
    """Whether a commitment is made to everybody."""
    return not commitment.to.strip("*")


def _two_ceilings(commitments: Sequence[Commitment]) -> Iterator[Contradiction]:
    seen: dict[tuple[ObligationKind, str, date | None], tuple[str, int]] = {}
    for at, each in enumerate(commitments):
        if each.ceiling:
            key = (each.kind, _addressee(each), each.expires)
            first, where = seen.setdefault(key, (each.ceiling, at))
            if first != each.ceiling:
                yield Contradiction(
                    f"{each.subject} has two ceilings, {first} and {each.ceiling}",
                    (("commitment", where, "ceiling"), ("commitment", at, "ceiling")),
                )


def _addressee(commitment: Commitment) -> str:
    """To whom, in one spelling."""
    if to_everyone(commitment):
        return "*"
    if "://" in commitment.to:
        return urls.parse(commitment.to).text
    return commitment.to if commitment.to.startswith("/") else commitment.to.casefold()


def _two_digests(agreements: Sequence[Agreement]) -> Iterator[Contradiction]:
    seen: dict[str, tuple[str, int]] = {}
    for at, each in enumerate(agreements):
        if each.document and each.sha256:
            first, where = seen.setdefault(each.document, (each.sha256, at))
            if first != each.sha256:
                yield Contradiction(
                    f"two agreements give {each.document} two different sha256",
                    (("agreement", where, "sha256"), ("agreement", at, "sha256")),
                )


def _two_answers(statements: Sequence[LicensorStatement]) -> Iterator[Contradiction]:
    seen: dict[tuple[str, Activity], list[tuple[LicensorStatement, int]]] = {}
    for at, each in enumerate(statements):
        for origin in dict.fromkeys(each.origins):
            before = seen.setdefault((origin, each.activity), [])
            for other, where in before:
                if other.answer != each.answer and _one_licence(other.licence, each.licence):
                    yield Contradiction(
                        f"{each.subject} for {origin} answers {each.activity} with both "
                        f"{other.answer} and {each.answer}",
                        (("statement", where, "answer"), ("statement", at, "answer")),
                    )
                    break
            else:
                before.append((each, at))


def _one_licence(one: str, other: str) -> bool:
    """Whether two texts name the same licence, as pages that declare it are compared."""
    if one.strip().casefold() == other.strip().casefold():
        return True
    # Few policies have statements, and fewer have two about one activity.
    from signals_agent.licences import expression

    return expression.read(one) == expression.read(other)


def _broken(
    commitments: Sequence[Commitment],
    agreements: Sequence[Agreement],
    activities: Sequence[Activity],
) -> Iterator[Contradiction]:
    """Commitments to everyone that a planned activity breaks.

    An agreement on the activity says where it is planned: then it is only odd.
    """
    agreed = {activity for each in agreements for activity in each.activities}
    for at, each in enumerate(commitments):
        if not to_everyone(each) or each.expires is not None:
            continue
        for activity in BREAKING.get(each.kind, ()):
            if activity in activities and activity not in agreed:
                yield Contradiction(
                    f"{each.subject} is made to everyone, and {activity} is planned, "
                    "which breaks it",
                    (("commitment", at), ("activities", activities.index(activity))),
                )
