"""Small corpora for tests: their members, and what they hold."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from signals_agent import licensing
from signals_agent import url as urls
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.licences import claims, declared
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms, Licence
from signals_agent.model.obligation import Party
from signals_agent.policy import LicensorStatement


def licence(label: str, permits: Iterable[Activity] = ()) -> Licence:
    """A licence that counts; ``permits`` is what its licensor allows beside it."""
    made = replace(declared.make(claims.read(label)), governs=True)
    allowed = {
        each: ActivityTerms(ActivityAnswer.OK, (), "The licensor permits this.") for each in permits
    }
    return replace(made, activities={**made.activities, **allowed})


def member(
    url: str,
    labels: Sequence[str] = (),
    agreed: Iterable[Activity] = (),
    permits: Iterable[Activity] = (),
    debts: tuple[Debt, ...] = (),
    party: str = "A Party",
    origin: str = "list.csv line 2",
    tokens: int | None = None,
) -> Member:
    """An asset under these licences."""
    allowed = tuple(permits)
    footing = Footing(tuple(licence(each, allowed) for each in labels), tuple(agreed))
    return Member(url, Party(party), footing, origin, debts, bytes=10, tokens=tokens)


def stated(
    url: str, label: str, activity: Activity, answer: str, where: str = "https://a.example/faq"
) -> Member:
    """An asset of whose licence the licensor's own statement answers one activity."""
    statement = LicensorStatement.model_validate(
        {
            "licence": label,
            "origins": [urls.parse(url).origin],
            "activity": activity,
            "answer": answer,
            "url": where,
        }
    )
    return replace(
        member(url, [label]),
        footing=Footing(licensing.stated([licence(label)], [statement], url)),
    )


def holdings(*corpora: Iterable[Member], names: Sequence[str] = ()) -> Holdings:
    """What these corpora hold, put together; called ``one``, ``two`` and so on."""
    listed = [tuple(each) for each in corpora]
    called = names or ("one", "two", "three", "four")[: len(listed)]
    made = Holdings(called)
    for number, members in enumerate(listed):
        made.add(members, number)
    return made


def under(*labels: str | Sequence[str]) -> list[Member]:
    """An asset for each: under one licence, several, or none where the text is empty."""
    found = []
    for number, each in enumerate(labels):
        several = ([each] if each else []) if isinstance(each, str) else list(each)
        found.append(member(f"https://a.example/{number}", several))
    return found
