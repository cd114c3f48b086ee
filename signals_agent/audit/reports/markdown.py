"""The report as Markdown: the account that whoever answers for the data forwards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from signals_agent import wording
from signals_agent.audit.figures.nouns import Contradiction, Cost, Figures, NotFoundOut, Tally
from signals_agent.audit.reports import markdown_inputs, words
from signals_agent.audit.reports.tables import Shown, table
from signals_agent.audit.reports.words import counted, share
from signals_agent.model.use import Use

_FEW: Final = 8
"""Rows of a table; the others are counted, and are told by the other formats."""


LONGEST: Final = 15_000
"""Octets that the account never has."""

_WIDTHS: Final = (1.0, 0.6, 0.4, 0.25, 0.1)


def write(figures: Figures) -> Iterator[str]:
    """The account: under 15 KB, however long the run, and whatever names are in it.

    Where what others said is very long, all of it is cut shorter.
    """
    text = ""
    for width in _WIDTHS:
        text = "".join(_sections(figures, Shown(width)))
        if len(text.encode("utf-8", "replace")) < LONGEST:
            break
    yield text


def _sections(figures: Figures, shown: Shown) -> Iterator[str]:
    yield from _title(figures)
    yield from _headline(figures, shown)
    yield from _decisions(figures)
    yield from _owed(figures, shown)
    yield from _costs(figures, shown)
    yield from _not_found_out(figures, shown)
    yield from _contradictions(figures, shown)
    yield from _declared(figures, shown)
    yield from _preferences(figures)
    yield from _made(figures, shown)
    yield from markdown_inputs.write(figures, shown)


def _title(figures: Figures) -> Iterator[str]:
    counts = figures.counts
    yield (
        f"# Audit of {counted(counts.listed, 'URL')} on {counted(counts.hosts, 'origin')}\n\n"
        f"{_period(figures)}\n"
        "A preference is not a permission, and nothing here is legal advice.\n"
    )


def _period(figures: Figures) -> str:
    if not figures.first_checked:
        return "Nothing has been looked at yet."
    first, last = (
        words.moment(datetime.fromisoformat(each))
        for each in (figures.first_checked, figures.last_checked)
    )
    return f"Looked at on {first}." if first == last else f"Looked at from {first} to {last}."


def _headline(figures: Figures, shown: Shown) -> Iterator[str]:
    counts = figures.counts
    answered = counts.answered
    lines = []
    if counts.waiting:
        lines.append(
            f"**{counted(counts.waiting, 'URL')} of {counts.listed:,} "
            f"{'was' if counts.waiting == 1 else 'were'} not asked**: "
            f"{markdown_inputs.why_not_asked(figures, shown)}."
        )
    if figures.has_verdict and answered:
        lines.append(
            "Decided under "
            + (shown(figures.policy, 120) or "the preset standard")
            + ": "
            + ", ".join(
                f"**{name} {figures.decided.get(name, 0):,}** "
                f"({share(figures.decided.get(name, 0), answered)})"
                for name in words.DECISIONS
            )
            + "."
        )
    elif answered:
        lines.append("The run had neither uses nor a policy: each use is decided for itself.")
    if answered:
        origins = counted(figures.declared_origins, "origin")
        conditions = f": {_tally(figures.binding, 4, shown)}" if figures.binding else ""
        declared = _of(figures.declared, answered)
        lines += [
            f"**Declared**: something about its use, by {declared} on {origins}.",
            f"**Owed**: something that binds, for {_of(figures.bound, answered)}{conditions}.",
            f"**Not found out**: {_of(figures.in_doubt, answered)}.",
            f"**Contradictions**: {_contradicted(figures)}.",
        ]
    yield "\n" + "".join(f"- {line}\n" for line in lines)


def _of(count: int, answered: int) -> str:
    return f"{counted(count, 'asset')} ({share(count, answered)})"


def _contradicted(figures: Figures) -> str:
    if not figures.contradictions:
        return "none"
    kinds = counted(len(figures.contradictions), "kind")
    most = figures.contradictions[0]
    return f"{kinds}, the most frequent on {counted(most.assets, 'asset')}"


def _tally(counts: Tally, most: int, shown: Shown) -> str:
    parts = [f"{shown(name, 60)} {count:,}" for name, count in list(counts.items())[:most]]
    if len(counts) > most:
        parts.append(f"{len(counts) - most:,} more")
    return ", ".join(parts)


def _assets(counts: Tally, shown: Shown) -> str:
    """Names, each with the number of assets that it is about."""
    parts = [
        f"{shown(name, 120)}: {counted(count, 'asset')}" for name, count in list(counts.items())[:3]
    ]
    if len(counts) > 3:
        parts.append(f"{len(counts) - 3:,} more")
    return "; ".join(parts)


def _decisions(figures: Figures) -> Iterator[str]:
    if not figures.counts.answered:
        return
    yield "\n## Decisions\n\n"
    chosen = [use for use in figures.by_use if not figures.uses or use in figures.uses]
    rows = [
        (use, *(f"{figures.by_use[use].get(name, 0):,}" for name in words.DECISIONS))
        for use in chosen
    ]
    if figures.has_verdict:
        told = (f"{figures.decided.get(name, 0):,}" for name in words.DECISIONS)
        rows.insert(0, ("**all that is intended**", *told))
    yield from table(("use", *words.DECISIONS), rows, "lrrr")


def _owed(figures: Figures, shown: Shown) -> Iterator[str]:
    if not figures.owed:
        return
    yield "\n## What is owed\n\nAssets that are not skipped, by what is owed for them.\n\n"
    rows = [
        (kind, words.duty(kind), f"{figures.binding.get(kind, 0):,}", f"{count:,}")
        for kind, count in figures.owed.items()
    ]
    yield from table(("kind", "what to do", "binding", "in all"), rows, "llrr")
    if not figures.parties:
        return
    yield "\n### To whom most is owed\n\n"
    yield from table(
        ("declaring party", "assets", "binding", "besides", "origins"),
        [
            (
                shown(each.name, 80) + (" (inferred)" if each.inferred else ""),
                f"{each.assets:,}",
                _tally(each.binding, 4, shown),
                _tally(
                    {kind: n for kind, n in each.owed.items() if kind not in each.binding}, 3, shown
                ),
                f"{each.origins:,}",
            )
            for each in figures.parties[:_FEW]
        ],
        "lrllr",
    )
    yield from _more(len(figures.parties) - _FEW + figures.more_parties, "party", "parties")
    if any(each.inferred for each in figures.parties[:_FEW]):
        yield (
            "\n*Inferred*: nobody is named, so the origin stands in. "
            "Names are claims of pages: confirm them before anything is paid.\n"
        )


def _costs(figures: Figures, shown: Shown) -> Iterator[str]:
    if not figures.costs:
        return
    whom = "with any use so decided" if figures.costs_are_of_uses else "for which it decides"
    yield (
        f"\n## What each rule cost\n\nAssets {whom}; *alone* are those that would be ingested if "
        "only this fell away, as far as anything was looked at: none where there is no asset.\n\n"
    )
    yield from table(
        ("reason", "declared by", "held", "skipped", "alone"),
        [
            (
                words.reason(each.code),
                _whose(each, shown),
                f"{each.held:,}",
                f"{each.skipped:,}",
                f"{each.alone:,}",
            )
            for each in figures.costs[:12]
        ],
        "llrrr",
    )
    yield from _more(len(figures.costs) - 12, "rule")


def _whose(cost: Cost, shown: Shown) -> str:
    if not cost.family:
        return ""
    return f"{shown(words.family(cost.family), 40)}, {shown(wording.carrier(cost.carrier), 40)}"


def _not_found_out(figures: Figures, shown: Shown) -> Iterator[str]:
    if not figures.not_found_out:
        return
    yield "\n## What could not be found out\n\nNone of these is ingested for want of an answer"
    yield ": they are held or skipped as the policy says.\n\n" if figures.has_verdict else ".\n\n"
    yield from _examples(
        ("why", "of what"),
        (
            (shown(each.reason, 120), words.kind(each.source), each)
            for each in figures.not_found_out
        ),
        shown,
    )
    yield from _more(len(figures.not_found_out) - _FEW, "reason")


def _contradictions(figures: Figures, shown: Shown) -> Iterator[str]:
    if not figures.contradictions:
        return
    yield "\n## Contradictions\n\n"
    yield from _examples(
        ("what disagrees", "note"),
        ((shown(each.summary, 200), shown(each.code, 60), each) for each in figures.contradictions),
        shown,
    )
    yield from _more(len(figures.contradictions) - _FEW, "kind")


def _examples(
    heads: Sequence[str],
    rows: Iterable[tuple[str, str, NotFoundOut | Contradiction]],
    shown: Shown,
) -> Iterator[str]:
    yield from table(
        (*heads, "assets", "origins", "for example"),
        [
            (
                one,
                other,
                f"{each.assets:,}",
                f"{each.origins:,}",
                shown(each.examples[0], 100) if each.examples else "",
            )
            for one, other, each in list(rows)[:_FEW]
        ],
        "llrrl",
    )


def _declared(figures: Figures, shown: Shown) -> Iterator[str]:
    if not figures.sources:
        return
    yield "\n## What is declared, and where\n\n"
    yield from table(
        ("family", "found in", "assets", "origins"),
        [
            (
                shown(words.family(each.family), 40),
                shown(wording.carrier(each.carrier), 40),
                f"{each.assets:,}",
                f"{each.origins:,}",
            )
            for each in figures.sources[:12]
        ],
        "llrr",
    )
    yield from _more(len(figures.sources) - 12, "place")
    if figures.signals:
        yield f"\nAsked for, by assets: {_tally(figures.signals, 10, shown)}.\n"
    if figures.licences:
        others = len(figures.licences) - 10 + figures.more_licences
        told = _tally(dict(list(figures.licences.items())[:10]), 10, shown)
        yield (
            f"\nLicences, by assets: {told}"
            + (f", {others:,} others" if others > 0 else "")
            + ".\n"
        )


def _preferences(figures: Figures) -> Iterator[str]:
    if not figures.counts.answered:
        return
    yield "\n## Preferences by use\n\n"
    rows = [
        (use, *(f"{counts.get(name, 0):,}" for name in words.PREFERENCES))
        for use, counts in figures.preferences.items()
    ]
    yield from table(("use", *words.PREFERENCES), rows, "l" + "r" * len(words.PREFERENCES))
    yield "\n"
    for use in figures.preferences:
        if use in _USES:
            yield f"- `{use}`: {wording.USES[Use(use)]}\n"


_USES: Final = frozenset(use.value for use in Use)


def _made(figures: Figures, shown: Shown) -> Iterator[str]:
    run = figures.run
    yield "\n## How this was made\n\n"
    rows: list[tuple[str, str]] = [
        ("Run", f"{run.number} of the store, over {_OVER.get(run.kind, run.kind)}"),
        ("Begun", words.moment(run.started_at)),
        ("Ended", words.moment(run.ended_at) or "not yet"),
        ("Policy", shown(figures.policy, 120) or "none: the preset standard"),
        ("SHA-256 of the policy", f"`{figures.policy_sha256}`" if figures.policy_sha256 else ""),
        ("Intended uses", ", ".join(f"`{use}`" for use in figures.uses)),
        ("Product tokens", ", ".join(shown(each, 60) for each in figures.tokens[:5])),
        ("Acquired by", shown(figures.acquired_by, 60)),
        ("Vocabulary", shown(figures.vocabulary, 40)),
        ("Software", _assets(figures.software, shown)),
        ("Requests", f"{run.requests:,}" if run.requests else ""),
        *_asked(run.asked, shown),
    ]
    for name, value in rows:
        if value:
            yield f"- {name}: {value}\n"
    if len(figures.policies) > 1:
        yield f"- **More than one policy decided**: {_assets(figures.policies, shown)}\n"


_OVER: Final = {"list": "a list of URLs", "archive": "archives"}


def _asked(asked: Mapping[str, Any], shown: Shown) -> Iterator[tuple[str, str]]:
    """Options of the run that bear on what it could find."""
    for name in ("depth", "sample", "shard", "column"):
        if asked.get(name):
            yield name.capitalize(), shown(str(asked[name]), 60)


def _more(count: int, noun: str, plural: str = "") -> Iterator[str]:
    if count > 0:
        several = f"more {plural or noun + 's'}"
        yield f"\nAnd {counted(count, f'more {noun}', several)}.\n"
