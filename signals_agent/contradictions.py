"""In what a policy contradicts itself, on whatever day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeVar

from signals_agent import url as urls
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import ObligationKind
from signals_agent.promises import Agreement, Commitment, Keys, LicensorStatement

_Entry = TypeVar("_Entry", bound=Keys)

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
    agreed: Collection[str] = (),
) -> Iterator[Contradiction]:
    """Every contradiction, in the order of the tables.

    ``agreed`` are activities that are agreed on besides. What holds only until a day is left
    out where it speaks against what is planned: whether it still counts depends on the day.
    """
    yield from _two_ceilings(commitments)
    yield from _backwards(agreements)
    yield from _two_digests(agreements)
    yield from _two_answers(statements)
    covered = {activity for each in agreements for activity in each.activities}
    yield from _broken(commitments, {*covered, *agreed}, activities)
    if user in NOT_IN_COMMERCE and Activity.COMMERCIAL_PRODUCT in activities:
        at = activities.index(Activity.COMMERCIAL_PRODUCT)
        yield Contradiction(
            f"recipient.user is {user}, and a commercial-product is planned",
            (("recipient", "user"), ("activities", at)),
        )


def among(keys: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Every contradiction among what is valid of a policy that has other mistakes, too.

    An entry with a mistake of its own is left out: with what it says there is nothing to
    compare before it is known what is meant.
    """
    commitments, in_commitments = _valid(Commitment, keys.get("commitment"))
    agreements, in_agreements = _valid(Agreement, keys.get("agreement"))
    statements, in_statements = _valid(LicensorStatement, keys.get("statement"))
    planned = [(at, each) for at, each in _entries(keys.get("activities")) if each in _ACTIVITIES]
    recipient = keys.get("recipient")
    user = (
        recipient.get("user")
        if isinstance(recipient, Mapping)
        else getattr(recipient, "user", None)
    )
    # Under whatever key: a key that is misspelt may be the one that agrees to an activity.
    agreed = {
        name
        for at, each in _entries(keys.get("agreement"))
        if at not in in_agreements and isinstance(each, Mapping)
        for value in each.values()
        for _, name in _entries(value)
        if isinstance(name, str)
    }
    places = {
        "commitment": in_commitments,
        "agreement": in_agreements,
        "statement": in_statements,
        "activities": [at for at, _ in planned],
    }
    for found in contradictions(
        commitments,
        agreements,
        statements,
        [Activity(each) for _, each in planned],
        user if isinstance(user, str) else None,
        agreed,
    ):
        yield replace(found, places=tuple(_placed(each, places) for each in found.places))


_ACTIVITIES: Final = tuple(Activity)


def _entries(given: object) -> Iterator[tuple[int, Any]]:
    """What stands in a list, with its place; nothing where there is none."""
    if isinstance(given, list | tuple):
        yield from enumerate(given)


def _valid(model: type[_Entry], given: object) -> tuple[list[_Entry], list[int]]:
    """The entries of a table that are valid by themselves, and where they stand in it."""
    made: list[_Entry] = []
    places: list[int] = []
    for at, each in _entries(given):
        try:
            made.append(model.model_validate(each))
        except ValueError:  # as that of pydantic is
            continue
        places.append(at)
    return made, places


def _placed(path: tuple[str | int, ...], places: Mapping[str, Sequence[int]]) -> Any:
    """The path in the policy as it is written of a path among what is valid of it."""
    table, *rest = path
    if rest and isinstance(rest[0], int):
        return (table, places[str(table)][rest[0]], *rest[1:])
    return path


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


def _backwards(agreements: Sequence[Agreement]) -> Iterator[Contradiction]:
    for at, each in enumerate(agreements):
        if each.from_ and each.until and each.until < each.from_:
            yield Contradiction(
                f"{each.subject} ends ({each.until}) before it begins ({each.from_})",
                (("agreement", at, "from"), ("agreement", at, "until")),
            )


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
    agreed: Collection[str],
    activities: Sequence[Activity],
) -> Iterator[Contradiction]:
    """Commitments to everyone that a planned activity breaks.

    An agreement on the activity says where it is planned: then it is only odd.
    """
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
