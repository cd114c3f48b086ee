"""What the demo found, as a table of obligations and as JSON."""

import json
from collections.abc import Iterator

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
_PATH, _CELL, _DECISION = 26, 7, 8


def text(demo: Demo, screen: Screen = PLAIN) -> str:
    """The table, a legend, and what to try next."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(demo, screen))


def document(demo: Demo) -> str:
    """The same as JSON: ``{"schema", "publishers": [{"name", "title", "shows", "pages"}]}``."""
    publishers: dict[str, dict[str, object]] = {}
    pages: dict[str, list[object]] = {}
    for each in demo.checked:
        publisher = each.publisher
        pages.setdefault(publisher.name, []).append(
            {
                "path": each.page.path,
                "shows": each.page.shows,
                "result": each.result.model_dump(mode="json"),
            }
        )
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
    heading = pad("", _PATH) + "".join(pad(name, _CELL) for name in _HEADINGS.values())
    yield screen.paint(heading + pad("decision", _DECISION + 2) + "owed", "dim")
    before = ""
    for each in demo.checked:
        if each.publisher.name != before:
            before = each.publisher.name
            yield screen.paint(each.publisher.title, "bold") + f" ({each.publisher.kind})"
        yield from _row(each, screen)
    yield ""
    yield from _legend(screen)


def _row(each: Checked, screen: Screen) -> Iterator[str]:
    result = each.result
    assert result.verdict is not None
    decision = result.verdict.decision
    cells = "".join(
        screen.paint(pad(word, _CELL), colour)
        for word, colour in (_ANSWERS[result.uses[use].preference] for use in _HEADINGS)
    )
    start = _PATH + _CELL * len(_HEADINGS)
    columns = max(screen.columns, start + _DECISION + 30)
    lines = wrap(_owed(result, result.verdict), columns, " " * (start + _DECISION + 2))
    path = pad("  " + each.page.path, _PATH)
    shown = screen.paint(pad(decision, _DECISION + 2), _DECISIONS[decision])
    yield path + cells + shown + lines[0].lstrip()
    yield from lines[1:]


def _owed(result: Assessment, verdict: Verdict) -> str:
    """What is owed, with what is unmet marked; where nothing is, why the decision fell so."""
    due = [o for o in result.obligations if o.binding and o.id in verdict.obligations]
    if due and verdict.decision is not Decision.SKIP:
        unmet = {o.kind for o in due if o.id in verdict.unmet}
        kinds = dict.fromkeys(o.kind for o in due)
        return ", ".join(f"{kind} (unmet)" if kind in unmet else kind for kind in kinds)
    deciding = (use for use in result.uses.values() if use.decision is verdict.decision)
    codes = dict.fromkeys(reason.code.value for use in deciding for reason in use.reasons)
    if verdict.decision is Decision.INGEST:
        return f"nothing ({ReasonCode.AGREEMENT})" if ReasonCode.AGREEMENT in codes else "nothing"
    return f"({', '.join(codes)})"


def _legend(screen: Screen) -> Iterator[str]:
    yield from wrap(
        "gen and train: training a generative model, or another; input: to a running model; "
        "other: any other analysis.",
        screen.columns,
    )
    yield from wrap(
        "no: disallowed; if: allowed on conditions; yes: allowed; -: nobody spoke; "
        "?: not looked at, or not found out; unmet: the policy does not commit to it.",
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
