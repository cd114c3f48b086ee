"""What became of the inputs of a run, as Markdown: folded, skipped, lost, and not asked."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from signals_agent.audit.figures.nouns import Figures
from signals_agent.audit.reports.tables import Shown
from signals_agent.audit.reports.words import counted

_FEW: Final = 8

_FOLDED: Final = {
    "duplicates": "Duplicates, folded",
    "variants": "Spelling variants, folded",
    "bare": "Bare hosts, read as https",
    "international": "Internationalised names, turned into A-labels",
    "elsewhere": "Left to other shards",
    "files": "Files of archives read",
    "records": "Responses in them",
    "robots": "Files of robots.txt among them",
    "site_files": "Site files among them",
}

_KEPT: Final = {
    "skipped": "Skipped, for they are no URL that can be asked",
    "lost": "Lost: an input could not be read from there on",
    "not_fetched": "Sitemaps that an index names and that were not read",
    "losses": "Lost in archives",
}


def why_not_asked(figures: Figures, shown: Shown) -> str:
    """Why URLs were not asked, in a few words."""
    run = figures.run
    if not run.ended:
        return "the run has not ended; `signals-agent audit --resume` goes on with it"
    if run.ended == "budget":
        return (
            "the budget was used up; `signals-agent audit --resume` with a greater `--budget` "
            "goes on"
        )
    if run.ended == "complete":
        return (
            "the budget of their origins was used up; `signals-agent audit --resume` with a "
            "greater `--host-budget` goes on"
        )
    return f"the run ended early ({shown(run.ended, 60)})"


def write(figures: Figures, shown: Shown) -> Iterator[str]:
    """The section, with the first lines that were skipped or lost."""
    told, counts = figures.run.told, figures.counts
    yield "\n## What became of the inputs\n\n"
    inputs = [str(each) for each in told.get("inputs", ())]
    if inputs:
        names = ", ".join(shown(each, 120) for each in inputs[:5])
        more = f" and {len(inputs) - 5:,} more" if len(inputs) > 5 else ""
        yield f"- Read: {names}{more}\n"
    yield f"- {counted(counts.listed, 'URL')} listed, {counts.answered:,} answered\n"
    for key, words in _FOLDED.items():
        if told.get(key):
            yield f"- {words}: {told[key]:,}\n"
    if told.get("left_out"):
        left: Mapping[str, int] = told["left_out"]
        parts = [f"{shown(name, 40)} {count:,}" for name, count in list(left.items())[:8]]
        yield f"- Records that are no response, left out: {', '.join(parts)}\n"
    if counts.left_out:
        yield f"- {counted(counts.left_out, 'URL')} left out by the sample\n"
    if counts.waiting:
        yield f"- {counted(counts.waiting, 'URL')} not asked: {why_not_asked(figures, shown)}\n"
    if not figures.run.listed_at and figures.run.kind == "list":
        yield "- The inputs have not been read to their end yet\n"
    for key, words in _KEPT.items():
        yield from _kept(told.get(key), words, shown)


def _kept(told: Any, words: str, shown: Shown) -> Iterator[str]:
    if not told or not told.get("count"):
        return
    count, kept = told["count"], told.get("kept", ())
    yield f"\n{words}: {count:,}.\n\n"
    for each in kept[:_FEW]:
        yield f"- {_place(each, shown)}: {shown(str(each.get('reason', '')), 160)}\n"
    if count > len(kept[:_FEW]):
        yield f"- and {count - len(kept[:_FEW]):,} more\n"


def _place(each: Mapping[str, Any], shown: Shown) -> str:
    """The file, and the line there or the offset."""
    if "file" in each:
        offset = each.get("offset")
        return shown(str(each["file"]), 120) + (f", octet {offset:,}" if offset else "")
    line = each.get("line")
    return shown(str(each.get("source", "")), 120) + (f", line {line:,}" if line else "")
