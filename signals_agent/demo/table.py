"""What the demo found, as a table of obligations and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from signals_agent.demo.run import Checked, Demo
from signals_agent.model.assessment import Assessment
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, ReasonCode, Verdict
from signals_agent.terminal import PLAIN, Screen, pad, wrap

SCHEMA = "signals-agent/demo/1"

_HEADINGS = {
    Use.TRAIN_GENERATIVE: "gen",
    Use.TRAIN_OTHER: "train",
    Use.MODEL_INPUT: "input",
    Use.SEARCH: "search",
    Use.OTHER_ANALYSIS: "other",
}
_ANSWERS = {
    Preference.DISALLOW: ("no", "red"),
    Preference.UNDETERMINED: ("?", "yellow"),
    Preference.CONDITIONAL: ("if", "yellow"),
    Preference.ALLOW: ("yes", "green"),
    Preference.UNKNOWN: ("-", "dim"),
}
_DECISIONS = {Decision.INGEST: "green", Decision.HOLD: "yellow", Decision.SKIP: "red"}
_NOTHING = "nothing"
_OWED = 28
"""How many columns what is owed needs beside the rest."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """How wide the columns are, and whether what is owed has one of its own."""

    path: int
    cells: tuple[int, ...]
    decision: int
    owed: bool

    @property
    def width(self) -> int:
        """The columns before what is owed."""
        return self.path + sum(self.cells) + self.decision


_WIDE = _Columns(26, (7,) * len(_HEADINGS), 10, owed=True)
_NARROW = _Columns(26, tuple(max(5, len(each) + 1) for each in _HEADINGS.values()), 9, owed=False)


def text(demo: Demo, screen: Screen = PLAIN) -> str:
    """The table, a legend, and what to try next."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(demo, screen))


def document(demo: Demo) -> str:
    """The same as JSON: ``{"schema", "publishers": [{"name", "title", "shows", "pages"}]}``.

    A page has ``path``, ``shows``, ``result``, and ``planned``: the result once a release
    is planned, where that was asked.
    """
    publishers: dict[str, dict[str, object]] = {}
    pages: dict[str, list[object]] = {}
    for each in demo.checked:
        publisher = each.publisher
        page: dict[str, object] = {
            "path": each.page.path,
            "shows": each.page.shows,
            "result": each.result.model_dump(mode="json"),
        }
        if each.planned is not None:
            page["planned"] = each.planned.model_dump(mode="json")
        pages.setdefault(publisher.name, []).append(page)
        publishers[publisher.name] = {
            "name": publisher.name,
            "title": publisher.title,
            "host": publisher.host,
            "shows": publisher.shows,
            "pages": pages[publisher.name],
        }
    made = {"schema": SCHEMA, "publishers": list(publishers.values())}
    return json.dumps(made, indent=2) + "\n"


def _lines(demo: Demo, screen: Screen) -> Iterator[str]:
    yield from wrap(
        "Example publishers, served on loopback and read as ExampleBot by the policy of "
        f"{demo.policy.label}.",
        screen.columns,
    )
    yield ""
    columns = _WIDE if _WIDE.width + _OWED <= screen.columns else _NARROW
    names = (pad(*each) for each in zip(_HEADINGS.values(), columns.cells, strict=True))
    heading = pad("", columns.path) + "".join(names) + pad("decision", columns.decision)
    yield screen.paint(heading + "owed", "dim")
    before = ""
    for each in demo.checked:
        if each.publisher.name != before:
            before = each.publisher.name
            yield screen.paint(each.publisher.title, "bold") + f" ({each.publisher.kind})"
            shows = wrap(each.publisher.shows, screen.columns, "  ")
            yield from (screen.paint(line, "dim") for line in shows)
        yield from _row(each, columns, screen)
    yield ""
    yield from _plan(demo, columns, screen)
    yield from _legend(screen)


def _row(each: Checked, columns: _Columns, screen: Screen) -> Iterator[str]:
    result = each.result
    assert result.verdict is not None
    decision = result.verdict.decision
    answers = (_ANSWERS[result.uses[use].preference] for use in _HEADINGS)
    cells = "".join(
        screen.paint(pad(word, width), colour)
        for (word, colour), width in zip(answers, columns.cells, strict=True)
    )
    path = pad("  " + each.page.path, columns.path)
    row = path + cells + screen.paint(pad(decision, columns.decision), _DECISIONS[decision])
    owed = _owed(result, result.verdict)
    if columns.owed or columns.width + len(owed) <= screen.columns:
        first, *rest = wrap(owed, screen.columns, " " * columns.width)
        yield row + first.lstrip()
        yield from rest
    else:
        yield row
        yield from wrap(owed, screen.columns, "      ")


def _plan(demo: Demo, columns: _Columns, screen: Screen) -> Iterator[str]:
    """The pages that were asked once more, with what their licences make of the plan."""
    asked = [(each.page, each.planned) for each in demo.checked if each.planned is not None]
    if not asked:
        return
    activities = " and ".join(demo.planned.activities)
    yield from wrap(
        f"Licences answer for what follows. By the policy of {demo.planned.label} ({activities}):",
        screen.columns,
    )
    start = columns.path + columns.decision
    for page, result in asked:
        assert result.verdict is not None
        decision = result.verdict.decision
        licensed = (ReasonCode.LICENCE_FORBIDS, ReasonCode.LICENCE_CAUTION)
        said = [each.text for each in result.verdict.reasons if each.code in licensed]
        said = said or [_owed(result, result.verdict)]
        shown = screen.paint(pad(decision, columns.decision), _DECISIONS[decision])
        row = pad("  " + page.path, columns.path) + shown
        lines = [line for each in said for line in wrap(each, screen.columns, " " * start)]
        yield row + lines[0].lstrip()
        yield from lines[1:]
    yield ""


def _owed(result: Assessment, verdict: Verdict) -> str:
    """What is owed, with what is unmet marked; where nothing is, why the decision fell so."""
    due = [o for o in result.obligations if o.binding and o.id in verdict.obligations]
    if due and verdict.decision is not Decision.SKIP:
        unmet = {o.kind for o in due if o.id in verdict.unmet}
        kinds = dict.fromkeys(o.kind for o in due)
        terms = any(reason.code is ReasonCode.ACCESS_TERMS for reason in verdict.reasons)
        why = ReasonCode.ACCESS_TERMS if terms else ReasonCode.UNMET
        agreed = any(reason.code is ReasonCode.AGREEMENT for reason in verdict.reasons)
        by_contract = f" ({ReasonCode.AGREEMENT})" if agreed and not unmet else ""
        owed = ", ".join(f"{kind} ({why})" if kind in unmet else kind for kind in kinds)
        return owed + by_contract
    deciding = (use for use in result.uses.values() if use.decision is verdict.decision)
    codes = dict.fromkeys(reason.code.value for use in deciding for reason in use.reasons)
    if verdict.decision is Decision.INGEST:
        return f"nothing ({ReasonCode.AGREEMENT})" if ReasonCode.AGREEMENT in codes else _NOTHING
    return f"({', '.join(codes)})"


def _legend(screen: Screen) -> Iterator[str]:
    yield from wrap(
        "gen and train: training a generative model, or another; input: to a running model; "
        "other: any other analysis.",
        screen.columns,
    )
    yield from wrap(
        "no: disallowed; if: allowed on conditions; yes: allowed; -: nobody spoke; "
        "?: not looked at, or not found out; unmet: the policy does not commit to it; "
        "access-terms: the site sends nothing before.",
        screen.columns,
    )
    yield from wrap(
        "The decision is the worst over the uses that the policy intends. A preference is not a "
        "permission, and nothing here is legal advice.",
        screen.columns,
    )
    yield ""
    yield "Next:"
    yield "  signals-agent check --token YourBot --use train-generative https://example.org/"
    yield "  signals-agent policy init policy.toml; signals-agent policy check policy.toml"
    yield "  signals-agent check --explain --policy policy.toml https://example.org/"
