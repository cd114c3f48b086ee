"""What is owed, and to whom most."""

from collections.abc import Iterator, Mapping

from signals_agent.audit.figures.nouns import Figures, Party
from signals_agent.audit.reports import words
from signals_agent.audit.reports.html import packed
from signals_agent.audit.reports.html.bars import bar, heads, swatch, table
from signals_agent.audit.reports.html.examples import show
from signals_agent.audit.reports.html.markup import Markup, element, join, link

_MOST = 25


def owed(figures: Figures) -> Markup:
    """Kinds of obligation, then the declaring parties with most owed."""
    shown = figures.parties[:_MOST]
    left = figures.more_parties + len(figures.parties) - len(shown)
    return element(
        "section",
        element("h2", "What is owed, and to whom", id="owed"),
        element(
            "p",
            "An obligation that binds has to be met for an asset to be used at all; the others "
            "are advice. What is skipped is not used, so nothing is owed for it. Names that pages "
            "give are claims: confirm them before anybody is paid.",
        )
        if figures.owed or shown
        else element("p", "Nothing: no declaration on what is not skipped asks for anything."),
        _kinds(figures) if figures.owed else None,
        table(
            "Declaring parties with most owed",
            heads(
                "Declaring party",
                ("Assets", "number"),
                ("Origins", "number"),
                "Owed",
                ("", "showing"),
            ),
            (_party(each) for each in shown),
        )
        if shown
        else None,
        element("p", f"and {left:,} more parties, owed less", class_="note") if left else None,
        aria_labelledby="owed",
    )


def _kinds(figures: Figures) -> Markup:
    most = max(figures.owed.values())
    rows: Iterator[Markup] = (
        element(
            "tr",
            element(
                "th",
                element("span", kind, class_="term"),
                element("span", words.duty(kind), class_="note"),
                scope="row",
            ),
            element(
                "td",
                bar(
                    (
                        (figures.binding.get(kind, 0), "binding"),
                        (count - figures.binding.get(kind, 0), "advisory"),
                    ),
                    most,
                ),
                class_="drawn",
            ),
            element("td", figures.binding.get(kind, 0), class_="number", data_label="Binding"),
            element(
                "td",
                count - figures.binding.get(kind, 0),
                class_="number",
                data_label="Advisory",
            ),
        )
        for kind, count in figures.owed.items()
    )
    return table(
        "Assets by what is owed for them",
        element(
            "tr",
            element("th", "Obligation", scope="col"),
            element("th", element("span", "Compared", class_="visually-hidden"), scope="col"),
            element("th", swatch("binding"), " Binding", scope="col", class_="number"),
            element("th", swatch("advisory"), " Advisory", scope="col", class_="number"),
        ),
        rows,
        "chart",
    )


def _party(party: Party) -> Markup:
    name, url = packed.party(party.name, party.url)
    return element(
        "tr",
        element(
            "th",
            element(
                "span", link(party.url, party.name) if party.url else party.name, class_="term"
            ),
            element("span", "not named: inferred from the address", class_="note")
            if party.inferred
            else element("span", party.url, class_="note"),
            scope="row",
        ),
        element("td", party.assets, class_="number", data_label="Assets"),
        element("td", party.origins, class_="number", data_label="Origins"),
        element("td", _tally(party.owed, party.binding), data_label="Owed"),
        element(
            "td",
            show(f"owed to {party.name}", party=name, at=url, inferred=party.inferred),
            class_="showing",
        ),
    )


def _tally(owed: Mapping[str, int], binding: Mapping[str, int]) -> Markup:
    """Each kind with how often it binds and how often it is advice."""
    parts: list[Markup] = []
    for kind, count in owed.items():
        binds = binding.get(kind, 0)
        told = f"{binds:,} binding" if binds else f"{count:,} advisory"
        if binds and binds < count:
            told += f", {count - binds:,} advisory"
        parts.append(
            element(
                "li",
                element("span", kind, class_="term" if binds else None),
                " ",
                element("span", told, class_="note"),
            )
        )
    return join(element("ul", parts, class_="plain"))
