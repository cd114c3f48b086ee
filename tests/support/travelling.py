"""Small corpora with what travels with them: compositions made by hand, folders, manifests."""

from collections.abc import Iterable
from pathlib import Path

from signals_agent.corpus import folder, of_list
from signals_agent.corpus.cards import preferences
from signals_agent.corpus.composition.nouns import (
    Composition,
    ForActivity,
    InTheWay,
    Release,
    Remaining,
    SegregatedSet,
    SetKind,
    Weights,
)
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.held import Extent
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Member
from signals_agent.corpus.of_list import Unread
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import ObligationKind

LIST = """\
url,licence,title,creators,collection,bytes,tokens
https://fenwiki.example/rain,CC-BY-SA-4.0,Rainfall at Fenwick,Ada Fen,Fenwiki,1200,300
https://fenwiki.example/fog,https://creativecommons.org/licenses/by-sa/4.0/,Fog,Ada Fen,Fenwiki,800,
https://press.example/a,CC-BY-NC-ND-4.0,A long day,Bo Press,The Press,500,100
https://press.example/b,CC-BY-NC-ND-4.0,Another,,The Press,,
https://blog.example/x,,,,,,
https://archive.example/terms,https://archive.example/terms-of-use,Old maps,,,,
"""

FACTS = Facts.make(
    {
        "name": "fen-corpus",
        "title": "The Fen corpus",
        "description": "Pages about weather in the fens.",
        "version": "1.2.0",
        "url": "https://fen.example/corpus",
        "doi": "10.5555/fen.1",
        "released": "2026-11-20",
        "language": ["en", "nb-NO"],
        "licence": "CC0-1.0",
        "access": "on-request",
        "creator": [
            {
                "name": "Ada Fen",
                "affiliation": "Fenwick Institute",
                "orcid": "https://orcid.org/0000-0002-1825-0097",
            },
            {"name": "Bo Press", "url": "https://bo.example/"},
        ],
        "checklist": {"audited_again_by": "2027-11-20"},
    }
)


def held(text: str, tmp_path: Path, name: str = "corpus.csv") -> Holdings:
    """The holdings of a list; the caller closes them."""
    (tmp_path / name).write_text(text, "utf-8")
    unread = Unread()
    made = of_members(of_list.members(tmp_path / name, unread), name)
    assert not unread.count
    return made


def of_members(members: Iterable[Member], name: str = "corpus.csv") -> Holdings:
    """The holdings of members; the caller closes them."""
    made = Holdings([name])
    made.add(members)
    return made


def composed(holdings: Holdings) -> Composition:
    """What composing might come to, put together by hand: two sets, three answers."""
    extents = holdings.on_footings()
    closed = tuple(n for n, each in holdings.footings.items() if "NC" in "".join(each.labels))
    rest = tuple(n for n in holdings.footings if n not in closed)

    def extent(numbers: Iterable[int]) -> Extent:
        return sum((extents[n] for n in numbers), Extent())

    def labels(numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted({label for n in numbers for label in holdings.footings[n].labels}))

    sets = [
        SegregatedSet(
            "open",
            SetKind.PERMISSIVE,
            "May be shared.",
            labels(rest),
            extent(rest),
            rest,
            ("license:cc-by-sa-4.0", "obligation:credit"),
        ),
        SegregatedSet(
            "research-only",
            SetKind.RESEARCH_ONLY,
            "For research only.",
            labels(closed),
            extent(closed),
            closed,
            ("license:cc-by-nc-nd-4.0", "no-derivatives", "research-only"),
            "Research-Only",
        ),
    ]
    answers = {
        Activity.RESEARCH_INTERNAL: ActivityAnswer.OK,
        Activity.RELEASE_WEIGHTS: ActivityAnswer.CAUTION,
        Activity.COMMERCIAL_PRODUCT: ActivityAnswer.NO,
    }
    activities = {
        activity: ForActivity(
            activity,
            answer,
            (ObligationKind.CREDIT, ObligationKind.NON_COMMERCIAL),
            f"The {activity} answer is {answer}.",
            ()
            if answer is ActivityAnswer.OK
            else (
                InTheWay(
                    answer,
                    labels(closed),
                    "No commercial advantage.",
                    extent(closed),
                    closed,
                    "Ask for a licence.",
                    "section 2(a)(1)",
                ),
            ),
            (),
            Remaining(extent(rest), rest, (ObligationKind.CREDIT,), ("CC-BY-SA-4.0",)),
        )
        for activity, answer in answers.items()
    }
    by_labels: dict[tuple[str, ...], Extent] = {}
    for number, each in holdings.footings.items():
        by_labels[each.labels] = by_labels.get(each.labels, Extent()) + extents[number]
    return Composition(
        names=tuple(holdings.names),
        extents=tuple(holdings.extent(number) for number in range(len(holdings.names))),
        extent=holdings.extent(),
        licences=tuple(by_labels.items()),
        activities=activities,
        sets=tuple(each for each in sets if each.extent.assets),
        clashes=(),
    )


WEIGHTS = Weights(
    Release.DO_NOT_RELEASE,
    "Part of it is under no-derivatives licences.",
    ("CC BY-NC-ND 4.0: treat weights as adapted material.",),
    (),
    (ObligationKind.CREDIT, ObligationKind.NO_DERIVATIVES),
    ("research-only", "no-derivatives"),
    Weights(
        Release.ASK,
        "Share-alike remains.",
        (),
        ("CC-BY-SA-4.0",),
        (),
        ("obligation:credit",),
        extent=Extent(4),
        left_out=((("CC-BY-NC-ND-4.0",), Extent(2)),),
    ),
)


def manifest(holdings: Holdings, path: Path, facts: Facts = FACTS) -> Path:
    """The folder in which the manifest of these holdings was written."""
    with folder.written(path) as made:
        preferences.write(made, holdings, composed(holdings), facts, WEIGHTS)
    return path
