"""The answers of a ledger, as text for a screen."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from signals_agent import quote
from signals_agent.terminal import Screen, pad, wrap

NOTHING: Final = {
    "said": "this URL had not been looked at",
    "why": "this URL was not ingested",
    "resting_on": "no ingested asset rests on this declaration",
}
"""What is said where there is no answer to a question, but on standard error."""

_THEN: Final = {
    "keep": "keep: later changes do not reach back",
    "drop": "drop: what was ingested is not to be used any longer",
}
_COLOURS: Final = {"ingest": "green", "hold": "yellow", "skip": "red"}
_WIDTH: Final = 18


def parts(
    answers: Iterator[dict[str, Any]], asked: Mapping[str, Any], screen: Screen
) -> Iterator[str]:
    """The text, an answer at a time; a sentence where nothing tightened."""
    question = next((name for name, value in asked.items() if value), None)
    several = False
    for answer in answers:
        lines = {
            "said": _said,
            "why": _why,
            "resting_on": _entry,
            "tightened": _tightened,
            "copy": _count,
            None: _count,
        }[question](answer, screen)
        between = "\n" if several and question == "tightened" else ""
        yield between + "\n".join(lines) + "\n"
        several = True
    if not several and question == "tightened":
        yield "nothing that was ingested became stricter\n"


def _count(answer: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    del screen
    for name, value in answer.items():
        yield pad(name.replace("_", " "), _WIDTH) + quote.text(str(value), 2000)


def _entry(answer: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    decision = answer.get("decision", "no verdict")
    painted = screen.paint(decision, _COLOURS.get(decision, "dim"))
    filled = " " * max(0, 12 - len(decision))
    url = quote.text(answer["url"], 2000)
    yield f"{answer['checked_at']}  {painted}{filled}{url}  (entry {answer['number']})"


def _said(answer: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    from signals_agent import report
    from signals_agent.model.assessment import Assessment

    yield from _entry(answer, screen)
    yield ""
    result = Assessment.model_validate(answer["result"])
    yield report.render("text", [result], screen).rstrip("\n")


def _why(answer: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    yield from _entry(answer, screen)
    policy = answer["policy"]
    yield f"  policy {quote.text(policy['name'])} ({policy['sha256'][:12]})"
    for reason in answer["reasons"]:
        yield from wrap(quote.text(reason["text"], 2000), screen.columns, f"  {reason['code']}  ")
    for title, name in (("owed", "obligations"), ("declared", "declarations")):
        if answer[name]:
            yield f"  {title}"
        for each in answer[name]:
            told = _owed(each) if name == "obligations" else _declared(each)
            yield from wrap(told, screen.columns, "    ", "      ")


def _owed(each: Mapping[str, Any]) -> str:
    binding = "" if each["binding"] else " (advisory)"
    return f"{each['kind']} to {quote.text(each['to']['name'])}{binding}"


def _declared(each: Mapping[str, Any]) -> str:
    said = quote.text(each["expression"], 300)
    return f"{said}  in {each['carrier']} of {quote.text(each['source'], 2000)}  {each['id']}"


def _tightened(answer: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    yield screen.paint(quote.text(answer["url"], 2000), "bold")
    for name in ("before", "after"):
        reading = answer[name]
        verdict = reading.get("verdict", {}).get("decision", "no verdict")
        yield f"  {name:<8}{reading['checked_at']}  {verdict}"
        for each in reading["declarations"]:
            yield from wrap(_declared(each), screen.columns, "    ", "      ")
    for change in answer["changes"]:
        told = change["text"]
        yield from wrap(quote.text(told, 2000), screen.columns, "  stricter  ")
    if "taken_again" in answer:
        told = (
            f"keep: it was ingested again at {answer['taken_again']}, and nothing is stricter "
            "than it was then (--ingested TIME asks of an older copy)"
        )
        yield from wrap(told, screen.columns, "  again     ", " " * 12)
    else:
        yield f"  policy    {_THEN[answer['then']]}"
