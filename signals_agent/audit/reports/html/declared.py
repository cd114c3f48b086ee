"""Who declared what, and by which means: adoption, signals, licences, contradictions."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from signals_agent.audit.figures.nouns import Contradiction, Figures, Source
from signals_agent.audit.reports import words
from signals_agent.audit.reports.html.bars import Column, bar, heads, stacked, table
from signals_agent.audit.reports.html.examples import examples, show
from signals_agent.audit.reports.html.markup import Markup, element
from signals_agent.audit.reports.words import counted, share

_AVAILABILITY = tuple(Column(key, name, key) for key, name in words.AVAILABILITIES.items())
_MOST_NOTES = 20


def adoption(figures: Figures) -> Markup:
    """How many assets and origins declare in each family, by carrier."""
    answered = figures.counts.answered
    body = [
        row
        for _, group in groupby(_by_family(figures.sources), key=lambda each: each.family)
        for row in _family(list(group), answered)
    ]
    head = heads(
        "Family",
        "Carrier",
        "Of all assets",
        ("Assets", "number"),
        ("Share", "number"),
        ("Origins", "number"),
        ("", "showing"),
    )
    return element(
        "section",
        element("h2", "Adoption by family and carrier", id="adoption"),
        element(
            "p",
            "A family is a way of saying something about use or access, a carrier is where it is "
            "said. An asset with several declarations counts with each.",
        ),
        table("Assets and origins with a declaration", head, body, "chart grouped")
        if body
        else element("p", "No declaration was found."),
        element(
            "div",
            _tally("Signals and terms", "Signal", figures.signals),
            _tally("Licences", "Licence", figures.licences, figures.more_licences),
            class_="pair",
        ),
        aria_labelledby="adoption",
    )


def _by_family(sources: Sequence[Source]) -> list[Source]:
    """The family that is met most comes first, and in it the carrier that is."""
    most: dict[str, int] = {}
    for each in sources:
        most[each.family] = max(most.get(each.family, 0), each.assets)
    return sorted(
        sources, key=lambda each: (-most[each.family], each.family, -each.assets, each.carrier)
    )


def _family(group: Sequence[Source], answered: int) -> Iterator[Markup]:
    for place, each in enumerate(group):
        first = (
            element(
                "th",
                words.family(each.family),
                scope="rowgroup",
                rowspan=len(group) if len(group) > 1 else None,
            )
            if not place
            else None
        )
        yield element(
            "tr",
            first,
            element("th", words.carrier(each.carrier), scope="row", class_="carrier"),
            element("td", bar(((each.assets, "present"),), answered, track=True), class_="drawn"),
            element("td", each.assets, class_="number", data_label="Assets"),
            element("td", share(each.assets, answered), class_="number", data_label="Share"),
            element("td", each.origins, class_="number", data_label="Origins"),
            element(
                "td",
                show(
                    f"{words.family(each.family)} in {words.carrier(each.carrier)}",
                    family=each.family,
                    carrier=each.carrier,
                ),
                class_="showing",
            ),
            class_="first" if not place else None,
        )


def _tally(title: str, first: str, tally: Mapping[str, int], more: int = 0) -> Markup | None:
    if not tally:
        return None
    most = max(tally.values())
    shown = list(tally.items())[:12]
    left = more + len(tally) - len(shown)
    rows = (
        element(
            "tr",
            element("th", name, scope="row"),
            element("td", bar(((count, "present"),), most), class_="drawn"),
            element("td", count, class_="number", data_label="Assets"),
        )
        for name, count in shown
    )
    return element(
        "div",
        table(title, heads(first, "Compared", ("Assets", "number")), rows, "chart small"),
        element("p", f"and {left:,} more, met less often", class_="note") if left else None,
    )


def availability(figures: Figures) -> Markup:
    """How looking ended, by kind of source."""
    rows = [
        (element("span", words.kind(kind)), figures.availability[kind])
        for kind in sorted(figures.availability, key=_order)
    ]
    return element(
        "section",
        element("h2", "What could be looked at", id="availability"),
        element(
            "p",
            "How looking at each source ended. Absent is an answer: nothing is declared there. "
            "Unavailable is refused, unreachable is no answer at all.",
        ),
        stacked("Sources by how looking ended", "Source", _AVAILABILITY, rows)
        if rows
        else element("p", "Nothing has been looked at yet."),
        _statuses(figures),
        aria_labelledby="availability",
    )


def _order(kind: str) -> tuple[int, str]:
    known = list(words.KINDS)
    return (known.index(kind) if kind in known else len(known)), kind


def _statuses(figures: Figures) -> Markup | None:
    if not figures.statuses:
        return None
    told = words.series([f"{name}: {count:,}" for name, count in figures.statuses.items()])
    return element("p", f"Assets by the HTTP status that answered. {told}.", class_="note")


def contradictions(figures: Figures) -> Markup:
    """Declarations that disagree, and what else was noted."""
    found = figures.contradictions
    notes = figures.notes[:_MOST_NOTES]
    left = len(figures.notes) - len(notes)
    return element(
        "section",
        element("h2", "Contradictions", id="contradictions"),
        element(
            "p",
            "Declarations on one asset that disagree, and which of them counts. Whoever publishes "
            "them may want to know."
            if found
            else "No declarations were found that contradict one another.",
        ),
        _disagreements("Contradictions", found) if found else None,
        element(
            "details",
            element(
                "summary",
                f"What else was noted: {counted(len(figures.notes), 'kind')} of note",
            ),
            _disagreements("Other notes", notes),
            element("p", f"and {left:,} more kinds, met less often", class_="note")
            if left
            else None,
        )
        if notes
        else None,
        aria_labelledby="contradictions",
    )


def _disagreements(caption: str, found: Sequence[Contradiction]) -> Markup:
    return table(
        caption,
        heads(
            "What",
            ("Assets", "number"),
            ("Origins", "number"),
            ("Examples", "examples folded"),
            ("", "showing"),
        ),
        (
            element(
                "tr",
                element(
                    "th",
                    element("span", _told(each), class_="term"),
                    element("code", each.code, class_="note"),
                    scope="row",
                ),
                element("td", each.assets, class_="number", data_label="Assets"),
                element("td", each.origins, class_="number", data_label="Origins"),
                element("td", examples(each.examples, folded=True), class_="examples folded"),
                element("td", _show(each), class_="showing"),
            )
            for each in found
        ),
    )


def _families(found: Contradiction) -> list[str]:
    """The two families that disagree, where the words name them; they stand nowhere else."""
    pair, disagree, _ = found.summary.partition(" disagree")
    families = pair.split(" and ") if disagree else []
    return families if len(families) == 2 and " " not in "".join(families) else []


def _told(found: Contradiction) -> str:
    families = _families(found)
    if not families:
        return found.summary
    _, disagree, rest = found.summary.partition(" disagree")
    return words.series([words.family(each) for each in families]) + disagree + rest


def _show(found: Contradiction) -> Markup:
    return show(_told(found), note=found.code, says=" ".join(_families(found)))
