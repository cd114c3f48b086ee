"""The report in a few sentences: what was looked at, may be ingested, is owed, is not known."""

from collections.abc import Iterator

from signals_agent.audit.figures.nouns import Figures
from signals_agent.audit.reports import words
from signals_agent.audit.reports.html.bars import bar
from signals_agent.audit.reports.html.markup import Markup, element, join
from signals_agent.audit.reports.words import counted, share


def summary(figures: Figures) -> Markup:
    """The section that a reader in a hurry reads, and no other."""
    return element(
        "section",
        element("h2", "In short", id="in-short"),
        element("div", _tiles(figures), class_="tiles"),
        _bar(figures),
        element("div", _sentences(figures), class_="sentences"),
        aria_labelledby="in-short",
    )


def _tiles(figures: Figures) -> Iterator[Markup]:
    counts = figures.counts
    noun = "URL answered" if counts.answered == 1 else "URLs answered"
    yield _tile(counts.answered, noun, f"of {counted(counts.listed, 'URL')} listed")
    answered = counts.answered
    if figures.has_verdict:
        names = {
            "ingest": ("may be ingested", "with what they ask for"),
            "hold": ("are held", "until somebody decides"),
            "skip": ("are skipped", "ingest none of them"),
        }
        for key, (name, more) in names.items():
            count = figures.decided.get(key, 0)
            yield _tile(count, name, f"{share(count, answered)}, {more}", key)
        return
    declared = figures.declared
    yield _tile(declared, "assets with a declaration", share(declared, answered))
    yield _tile(
        figures.bound, "assets ask for something that binds", share(figures.bound, answered)
    )
    parties = len(figures.parties) + figures.more_parties
    yield _tile(parties, "declaring parties are owed something", "")


def _tile(count: int, name: str, more: str, look: str = "") -> Markup:
    return element(
        "div",
        element("p", element("strong", f"{count:,}"), " ", name),
        element("p", more, class_="more") if more else None,
        class_=f"tile t-{look}" if look else "tile",
    )


def _sentences(figures: Figures) -> Iterator[Markup]:
    yield _paragraph("What was looked at", _looked_at(figures))
    yield _paragraph("What may be ingested", _ingested(figures))
    yield _paragraph("What is owed", _owed(figures))
    yield _paragraph("What could not be found out", _unfound(figures))


def _bar(figures: Figures) -> Markup | None:
    parts = [(figures.decided.get(key, 0), key) for key in words.DECISIONS]
    whole = sum(count for count, _ in parts)
    if not figures.has_verdict or not whole:
        return None
    told = ", ".join(f"{key} {count:,}" for count, key in parts)
    return bar(parts, whole, f"Decisions: {told}")


def _paragraph(lead: str, told: str) -> Markup:
    return element("div", element("h3", lead), element("p", told))


def _looked_at(figures: Figures) -> str:
    counts = figures.counts
    records = figures.run.kind == "archive"
    told = f"{counted(counts.listed, 'URL')} on {counted(counts.hosts, 'origin')}"
    told += " found in archives" if records else " were listed"
    if counts.answered == counts.listed:
        told += ", and every one was answered for." if counts.listed else "."
    else:
        told += f"; {counted(counts.answered, 'of them was', 'of them were')} answered for"
        told += f" and {counted(counts.waiting, 'was', 'were')} not asked."
    if counts.left_out:
        told += f" The sample left {counted(counts.left_out, 'further URL')} out."
    if figures.declared:
        told += (
            f" {counted(figures.declared, 'asset')} ({share(figures.declared, counts.answered)})"
            f" on {counted(figures.declared_origins, 'origin')} of {figures.origins:,} had a"
            " declaration about use."
        )
    elif counts.answered:
        told += " No declaration about use was found on any of them."
    return told


def _ingested(figures: Figures) -> str:
    answered = figures.counts.answered
    if not answered:
        return "Nothing yet: no asset has been answered for."
    if figures.has_verdict:
        ingest, hold, skip = (figures.decided.get(each, 0) for each in words.DECISIONS)
        uses = words.series([words.use(each) for each in figures.uses])
        told = f"{counted(ingest, 'asset')} ({share(ingest, answered)}) may be ingested"
        told += f" for {uses}" if uses else ""
        told += f" under the policy “{figures.policy}”" if figures.policy else ""
        told += f"; {hold:,} ({share(hold, answered)}) are held"
        return f"{told} and {skip:,} ({share(skip, answered)}) are skipped."
    parts = [
        f"{tally.get('ingest', 0):,} for {words.use(name)}"
        for name, tally in figures.by_use.items()
    ]
    return (
        "Without a policy or chosen uses there is no overall decision. Each use decided for "
        f"itself, assets that may be ingested are: {words.series(parts)}."
    )


def _owed(figures: Figures) -> str:
    parties = len(figures.parties) + figures.more_parties
    if not parties:
        advice = " but to convey its preferences" if figures.owed else ""
        return f"Nothing{advice}: no declaration on what is not skipped asks for anything else."
    kinds = [
        f"{name} for {counted(count, 'asset')}" for name, count in list(figures.binding.items())[:5]
    ]
    told = f"{counted(parties, 'declaring party is', 'declaring parties are')} owed something."
    if kinds:
        assets = counted(figures.bound, "asset asks", "assets ask")
        return f"{told} {assets} for something that binds: {words.series(kinds)}."
    return f"{told} Nothing of it binds; it is advice."


def _unfound(figures: Figures) -> str:
    missed, answered = figures.not_found_out, figures.counts.answered
    asked = figures.counts.waiting
    waiting = f" {counted(asked, 'URL was', 'URLs were')} not asked at all." if asked else ""
    if not missed:
        return f"Every source that is required was looked at and understood.{waiting}"
    most = words.series(
        [
            f"{words.kind(each.source)} ({words.reason(each.reason)}: "
            f"{counted(each.assets, 'asset')})"
            for each in missed[:2]
        ]
    )
    return (
        f"Of {counted(figures.in_doubt, 'asset')} ({share(figures.in_doubt, answered)}) something "
        f"that counts could not be looked at or read, most often {most}.{waiting}"
    )


def heading(figures: Figures) -> Markup:
    """What the report is of, under its title."""
    run = figures.run
    when = words.moment(run.started_at)
    kind = "archives" if run.kind == "archive" else "a list"
    parts = [
        f"Run {run.number}, of {kind}",
        counted(figures.counts.listed, "URL"),
        counted(figures.counts.hosts, "origin"),
        when,
    ]
    if not run.ended:
        parts.append("not ended yet")
    elif run.ended != "complete":
        parts.append(f"ended early: {run.ended}")
    return join(element("span", " · ".join(part for part in parts if part)))
