"""What was decided, by which rule, and what each rule cost."""

from collections.abc import Iterator, Sequence

from signals_agent.audit.figures.nouns import Cost, Figures, Tally
from signals_agent.audit.reports import words
from signals_agent.audit.reports.html.bars import Column, bar, heads, stacked, table
from signals_agent.audit.reports.html.examples import examples, show
from signals_agent.audit.reports.html.markup import Child, Markup, element, join
from signals_agent.audit.reports.words import counted

_DECISIONS = tuple(Column(name, name, name) for name in words.DECISIONS)
_PREFERENCES = tuple(Column(name, name, name) for name in words.PREFERENCES)


def decisions(figures: Figures) -> Markup:
    """The decisions of all, and of each use apart."""
    rows: list[tuple[Child, Tally]] = []
    if figures.has_verdict:
        rows.append((element("strong", "all intended uses together"), figures.decided))
    rows.extend((_use(name, figures), tally) for name, tally in figures.by_use.items())
    told = (
        "One decision counts for an asset: the worst of those for the intended uses."
        if figures.has_verdict
        else "There was no policy and no use was chosen, so each use is decided for itself."
    )
    return element(
        "section",
        element("h2", "Decisions", id="decisions"),
        element(
            "p",
            told,
            " Ingest: it may be taken in, with what is owed. Hold: somebody has to decide or to "
            "do something first. Skip: leave it out.",
        ),
        stacked("Assets by decision and use", "Use", _DECISIONS, rows) if rows else _nothing(),
        aria_labelledby="decisions",
    )


def preferences(figures: Figures) -> Markup:
    """What publishers prefer, by use."""
    rows = [(_use(name, figures), tally) for name, tally in figures.preferences.items()]
    return element(
        "section",
        element("h2", "Preferences by use", id="preferences"),
        element(
            "p",
            "What all declarations on an asset come to together. Unknown: everything was looked "
            "at, and nobody has stated a preference. Undetermined: it could not be found out, "
            "which is never taken for a yes.",
        ),
        stacked("Assets by preference and use", "Use", _PREFERENCES, rows) if rows else _nothing(),
        aria_labelledby="preferences",
    )


def _use(name: str, figures: Figures) -> Markup:
    # Where every use is intended, saying so tells nothing.
    apart = name in figures.uses and len(figures.uses) < len(figures.by_use)
    return join(
        element("span", name, class_="term"),
        element("span", words.use(name), ", intended" if apart else None, class_="note"),
    )


def _nothing() -> Markup:
    return element("p", "No asset has been answered for yet.")


def costs(figures: Figures) -> Markup:
    """What each rule held or skipped, by itself or along with others."""
    if not figures.costs:
        body = element("p", "No rule held or skipped anything.")
    else:
        most = max(each.held + each.skipped for each in figures.costs)
        head = heads(
            "Rule",
            "Whose declarations",
            "Compared",
            ("Held", "number"),
            ("Skipped", "number"),
            ("This alone", "number"),
            ("Examples", "examples folded"),
            ("", "showing"),
        )
        rows = [
            row
            for group in _by_rule(figures.costs)
            for row in (_cost(each, most, len(group), not at) for at, each in enumerate(group))
        ]
        body = table("Assets held or skipped, by rule", head, rows, "chart grouped costs")
    return element(
        "section",
        element("h2", "The cost of each rule", id="costs"),
        element(
            "p",
            "What was held or skipped because of it. An asset may be held for several reasons and "
            "then counts with each; “this alone” is what would be gained if only this one "
            "were lifted: nothing where there is no asset.",
            " Where no policy chose uses, an asset counts once any use of it is held or skipped."
            if figures.costs_are_of_uses
            else None,
        ),
        body,
        aria_labelledby="costs",
    )


def _by_rule(costs: Sequence[Cost]) -> list[list[Cost]]:
    """The rule that cost most at once comes first, and in it what cost most."""
    groups: dict[str, list[Cost]] = {}
    for each in costs:
        groups.setdefault(each.code, []).append(each)
    return sorted(
        (sorted(group, key=_least) for group in groups.values()), key=lambda group: _least(group[0])
    )


def _least(cost: Cost) -> tuple[int, int, str, str, str]:
    return -(cost.held + cost.skipped), -cost.alone, cost.code, cost.family, cost.carrier


def _cost(cost: Cost, most: int, together: int, first: bool) -> Markup:
    rule = words.reason(cost.code)
    behind = " in ".join(
        name
        for name in (
            words.family(cost.family) if cost.family else "",
            words.carrier(cost.carrier) if cost.carrier else "",
        )
        if name
    )
    return element(
        "tr",
        element("th", rule, scope="rowgroup", rowspan=together if together > 1 else None)
        if first
        else None,
        element("th", behind or "no declaration", scope="row", class_=None if behind else "none"),
        element("td", bar(((cost.held, "hold"), (cost.skipped, "skip")), most), class_="drawn"),
        _count(cost.held, "Held"),
        _count(cost.skipped, "Skipped"),
        _count(cost.alone, "This alone"),
        element("td", examples(cost.examples, folded=True), class_="examples folded"),
        element(
            "td",
            show(
                f"{rule}, {behind}" if behind else rule,
                reason=cost.code,
                rests=f"{cost.family} {cost.carrier}" if cost.family else "nothing",
            ),
            class_="showing",
        ),
        class_="first" if first else None,
    )


def _count(count: int, label: str) -> Markup:
    return element("td", count, class_="number" if count else "number none", data_label=label)


def unfound(figures: Figures) -> Markup:
    """What could not be found out, and why."""
    missed = figures.not_found_out
    rows: Iterator[Markup] = (
        element(
            "tr",
            element("th", words.reason(each.reason), scope="row"),
            element("td", words.kind(each.source), data_label="At"),
            element("td", each.assets, class_="number", data_label="Assets"),
            element("td", each.origins, class_="number", data_label="Origins"),
            element("td", examples(each.examples), class_="examples"),
        )
        for each in missed
    )
    return element(
        "section",
        element("h2", "What could not be found out", id="unfound"),
        element(
            "p",
            "That something could not be looked at is neither a yes nor a no. Running the audit "
            "again may find out more."
            if missed
            else "Nothing: every source that is required was looked at and understood.",
        ),
        table(
            "Undetermined, by reason",
            heads("Reason", "At", ("Assets", "number"), ("Origins", "number"), "Examples"),
            rows,
        )
        if missed
        else None,
        element("p", f"{counted(figures.counts.waiting, 'URL was', 'URLs were')} not asked at all.")
        if figures.counts.waiting
        else None,
        aria_labelledby="unfound",
    )
