"""What the run was asked, by what it was decided, and what became of its inputs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from signals_agent.audit.figures.nouns import Figures
from signals_agent.audit.reports import words
from signals_agent.audit.reports.html.bars import definitions, heads, table
from signals_agent.audit.reports.html.markup import Child, Markup, element, join
from signals_agent.audit.reports.words import counted

_LOST = {
    "skipped": ("Skipped inputs", "lines that are no URL, or none that is asked for"),
    "lost": ("Lost inputs", "parts of inputs that could not be read"),
    "not_fetched": ("Inputs that were not fetched", "sitemaps that were not there to read"),
    "losses": ("Lost in archives", "parts of archives that could not be read"),
}

_INPUTS = {
    "listed": "URLs listed",
    "duplicates": "duplicates folded",
    "variants": "spelling variants folded",
    "bare": "bare hosts given a scheme",
    "international": "internationalised names",
    "elsewhere": "left to other shards",
    "files": "files read",
    "records": "records read",
}

# Told in their own rows above.
_TOLD = frozenset({"inputs", "tokens", "acquired_by", "uses", "vocabulary", "policy", "software"})


def made(figures: Figures) -> Markup:
    """How the report came about."""
    told = figures.run.told
    return element(
        "section",
        element("h2", "How this was made", id="made"),
        definitions(_rows(figures)),
        _asked(figures.run.asked),
        element("h3", "The inputs"),
        definitions(_inputs(told)),
        (_lost(key, told[key]) for key in _LOST if _has(told.get(key))),
        aria_labelledby="made",
    )


def _rows(figures: Figures) -> Iterator[tuple[str, Child]]:
    run = figures.run
    yield "Policy", figures.policy or "none: the preset standard, for each use apart"
    if figures.policy_sha256:
        yield "SHA-256 of the policy", element("code", figures.policy_sha256)
    if len(figures.policies) > 1:
        yield "More than one policy decided", _tally(figures.policies)
    yield "Intended uses", words.series(list(figures.uses)) or "none chosen"
    yield "Product tokens", words.series(list(figures.tokens))
    yield "Acquired by", figures.acquired_by
    yield "Vocabulary", figures.vocabulary
    yield "Run begun", words.moment(run.started_at)
    ended = words.moment(run.ended_at)
    if not run.ended:
        ended = "not yet: it can be resumed"
    elif run.ended != "complete":
        ended = f"{ended}, early: {run.ended}"
    yield "Run ended", ended
    if figures.first_checked:
        yield "Time of answers", join("from ", figures.first_checked, " to ", figures.last_checked)
    yield "Software", _tally(figures.software)
    if run.requests:
        yield "Requests sent", run.requests


def _tally(tally: Mapping[str, int]) -> Markup | None:
    if not tally:
        return None
    told = (element("li", f"{name}: {counted(count, 'asset')}") for name, count in tally.items())
    return element("ul", told, class_="plain")


def _asked(asked: Mapping[str, Any]) -> Markup | None:
    rest = [(name, value) for name, value in asked.items() if name not in _TOLD]
    if not rest:
        return None
    return join(
        element("h3", "What else was asked"),
        definitions(
            (name.replace("_", " ").capitalize(), _value(value)) for name, value in sorted(rest)
        ),
    )


def _value(value: Any) -> Child:
    if isinstance(value, Mapping):
        return words.series([f"{name.replace('_', ' ')} {each}" for name, each in value.items()])
    if isinstance(value, list | tuple):
        return words.series([str(each) for each in value])
    return str(value)


def _inputs(told: Mapping[str, Any]) -> Iterator[tuple[str, Child]]:
    inputs = told.get("inputs") or ()
    shown = inputs[:20]
    more = len(inputs) - len(shown)
    if shown:
        yield (
            "Read from",
            join(
                element("ul", (element("li", str(each)) for each in shown), class_="plain"),
                f"and {counted(more, 'more file')}" if more > 0 else None,
            ),
        )
    for key, name in _INPUTS.items():
        if told.get(key):
            yield name.capitalize() if key != "listed" else name, told[key]
    left: Mapping[str, int] = told.get("left_out") or {}
    if left:
        yield "Records left out", words.listed(left)
    for key, (name, _) in _LOST.items():
        if key in told and not _has(told[key]):
            yield name, "none"


def _has(lost: Any) -> bool:
    return bool(lost) and bool(lost.get("count"))


def _lost(key: str, lost: Mapping[str, Any]) -> Markup:
    name, meaning = _LOST[key]
    kept: Sequence[Mapping[str, Any]] = lost.get("kept") or ()
    count = int(lost["count"])
    return element(
        "div",
        element("h3", f"{name}: {count:,}"),
        element("p", meaning[:1].upper(), meaning[1:], "."),
        table(
            name if len(kept) == count else f"{name}: the first {len(kept):,}",
            heads("File", ("Place", "number"), "Why"),
            (
                element(
                    "tr",
                    element("th", str(each.get("source") or each.get("file") or ""), scope="row"),
                    element("td", _place(each), class_="number", data_label="Place"),
                    element("td", str(each.get("reason", "")), data_label="Why"),
                )
                for each in kept
            ),
        )
        if kept
        else None,
    )


def _place(lost: Mapping[str, Any]) -> str:
    if "line" in lost:
        return f"line {lost['line']:,}" if lost["line"] else ""
    if "offset" not in lost:
        return ""
    until = lost.get("until")
    return f"octet {lost['offset']:,}" + (f" to {until:,}" if isinstance(until, int) else "")
