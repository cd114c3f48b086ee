"""The head of a text report: the decision, why it fell so, and a row for each use."""

from collections.abc import Iterator
from itertools import zip_longest

from signals_agent import quote, wording
from signals_agent.model.assessment import Assessment, UseAssessment
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, Reason, ReasonCode
from signals_agent.terminal import Screen, pad, wrap
from signals_agent.vocabulary import LITERAL

_DECISION = {
    Decision.INGEST: ("green", "bold"),
    Decision.HOLD: ("yellow", "bold"),
    Decision.SKIP: ("red", "bold"),
}
_PREFERENCE = {
    Preference.DISALLOW: ("red",),
    Preference.UNDETERMINED: ("yellow",),
    Preference.CONDITIONAL: ("yellow",),
    Preference.ALLOW: ("green",),
    Preference.UNKNOWN: ("dim",),
}

_INDENT = "      "
_USE, _SAID, _DECIDED = 18, 14, 27
_OWED = 24
"""The columns of the table; what is owed gets at least so many, whatever the screen."""

_INSTEAD = " Instead: "
_REFERRING = (ReasonCode.DISALLOW, ReasonCode.UNREADABLE, ReasonCode.UNDETERMINED)
_SHOWN = 4
"""How many numbers of the evidence stand behind a reason."""


def shown(result: Assessment) -> tuple[Use, ...]:
    """The uses that have a row: those that the verdict is about, else all."""
    return result.verdict.uses if result.verdict else tuple(result.uses)


def headline(result: Assessment, screen: Screen) -> Iterator[str]:
    """The verdict, if there is one, and the URL."""
    verdict = result.verdict
    decision = ""
    if verdict is not None:
        decision = screen.paint(verdict.decision.upper(), *_DECISION[verdict.decision]) + "  "
    yield decision + screen.paint(quote.text(result.url, 2000), "bold")
    if result.final_url != result.url:
        yield f"{_INDENT}redirected to {quote.text(result.final_url, 2000)}"


def why(result: Assessment, screen: Screen) -> Iterator[str]:
    """The reasons, what the verdict is about, and whether robots.txt lets us."""
    verdict = result.verdict
    if verdict is None:
        text = "One answer for each use follows; --use or --policy gives one decision."
        yield from wrap(text, screen.columns, _INDENT)
    else:
        for reason in result.deciding:
            # What to do instead has a line of its own, or nobody finds it.
            said, instead, advice = quote.text(reason.text, 5000).partition(_INSTEAD)
            behind = _evidence(reason, result)
            yield from wrap(f"{said} ({reason.code}{behind})", screen.columns, _INDENT)
            if instead:
                yield from wrap(advice, screen.columns, f"{_INDENT}  instead: ", f"{_INDENT}    ")
        uses = wording.series([use.value for use in verdict.uses])
        planned = wording.series([quote.text(each) for each in verdict.activities])
        plan = f", with {planned} planned" if planned else ""
        text = f"For {uses}{plan}, by the policy {quote.text(verdict.policy.name)}."
        yield from wrap(text, screen.columns, _INDENT)
    yield from access(result, screen)


def _evidence(reason: Reason, result: Assessment) -> str:
    """Which numbers of the evidence below a reason rests on, the first few of them.

    Other reasons than a refusal and what is in the dark say themselves who asks for what.
    """
    if reason.code not in _REFERRING:
        return ""
    numbers = {each.id: str(n) for n, each in enumerate(result.declarations, 1)}
    told = [numbers[each] for each in reason.because if each in numbers]
    if not told:
        return ""
    more = " ..." if len(told) > _SHOWN else ""
    return f"; evidence {', '.join(told[:_SHOWN])}{more}"


def access(result: Assessment, screen: Screen) -> Iterator[str]:
    """What robots.txt refuses, or that it could not be looked at."""
    hops = result.access.hops
    if result.access.answer is AccessAnswer.ALLOWED:
        return
    for hop in hops:
        if hop.answer is AccessAnswer.ALLOWED:
            continue
        if hop.answer is AccessAnswer.UNDETERMINED:
            text = "access undetermined: its robots.txt could not be looked at"
        else:
            line = f", {wording.position(hop.position)}" if hop.position else ""
            rule = f": {quote.text(hop.rule)}" if hop.rule else ""
            text = f"access refused by robots.txt{line}{rule}"
        several = f" ({quote.text(hop.url, 200)})" if len(hops) > 1 else ""
        for line in wrap(text + several, screen.columns, _INDENT):
            yield screen.paint(line, "red")


def table(result: Assessment, screen: Screen, heading: bool = True) -> Iterator[str]:
    """A row for each use that is shown: what was said, the decision, what is owed."""
    uses = shown(result)
    width = _decided_width([_decided(result.uses[use]) for use in uses], screen)
    if heading:
        head = pad("use", _USE) + pad("said", _SAID) + pad("decision", width) + "owed"
        yield "  " + screen.paint(head, "dim")
    for use in uses:
        yield from _row(use, result, width, screen)


def _decided(answer: UseAssessment) -> str:
    codes = ", ".join(dict.fromkeys(reason.code.value for reason in answer.reasons))
    return f"{answer.decision}: {codes}" if codes else answer.decision.value


def _decided_width(decided: list[str], screen: Screen) -> int:
    """As wide as the longest decision where the screen has room for it, else as always."""
    longest = max(map(len, decided), default=0) + 2
    fits = 2 + _USE + _SAID + longest + _OWED <= screen.columns
    return max(_DECIDED, longest) if fits else _DECIDED


def _row(use: Use, result: Assessment, width: int, screen: Screen) -> Iterator[str]:
    answer = result.uses[use]
    due = {each.id: each for each in result.obligations}
    binding = (due[each] for each in answer.obligations if due[each].binding)
    start = 2 + _USE + _SAID
    room = max(screen.columns - start - width, _OWED)
    decided, *further = wrap(_decided(answer), width - 2)
    owed, *rest = wrap(wording.owed(binding) or "nothing", room)
    yield (
        "  "
        + pad(use, _USE)
        + screen.paint(answer.preference, *_PREFERENCE[answer.preference])
        + " " * (_SAID - len(answer.preference))
        + screen.paint(answer.decision, *_DECISION[answer.decision])
        + pad(decided, width)[len(answer.decision) :]
        + owed
    )
    for code, one in zip_longest(further, rest, fillvalue=""):
        yield " " * start + pad(code, width) + one
    if use in LITERAL and answer.literal is not answer.preference:
        text = f"a plain AIPREF recipient reads: {answer.literal}"
        yield " " * (2 + _USE) + screen.paint(text, "dim")


def other_uses(result: Assessment, screen: Screen) -> Iterator[str]:
    """What was said of the uses that have no row, in one line."""
    uses = shown(result)
    others = [f"{use} {said.preference}" for use, said in result.uses.items() if use not in uses]
    if others:
        yield from wrap(", ".join(others), screen.columns, "  " + pad("not asked for:", _USE))
