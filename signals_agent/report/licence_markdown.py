"""A licence's answers as Markdown, ready to paste into a data statement."""

from collections.abc import Iterator

from signals_agent import quote
from signals_agent.licences import clauses
from signals_agent.licences.compare import Comparison
from signals_agent.licences.jurisdictions import NO_ADVICE, NOTES
from signals_agent.licences.sheet import Sheet, Side
from signals_agent.model.licence import ActivityTerms


def render(sheet: Sheet) -> str:
    """The document: a heading, a table of activities, the notes on jurisdictions."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    one = sheet.licence
    if sheet.against is None or sheet.comparison is None:
        yield f"# {quote.markdown(one.label)}"
        yield from _about(one)
        yield ""
        yield "| activity | answer | conditions | reason | instead | rests on |"
        yield "|---|---|---|---|---|---|"
        for activity, terms in one.activities.items():
            yield f"| `{activity}` | **{terms.answer}** | {_row(terms)} | {_text(terms)} |"
    else:
        yield f"# {quote.markdown(one.label)} beside {quote.markdown(sheet.against.label)}"
        for side in (one, sheet.against):
            yield ""
            yield f"## {quote.markdown(side.label)}"
            yield from _about(side)
        yield ""
        yield from _together(sheet.comparison)
    yield ""
    yield "## Notes on jurisdictions"
    yield ""
    yield "Law may permit more than a licence does; these are notes, not answers."
    yield ""
    for note in NOTES:
        yield f"- **{note.place}**, [{note.law}]({note.url}): {note.text}"
    yield ""
    yield NO_ADVICE


def _about(side: Side) -> Iterator[str]:
    for entry in side.licences:
        text = clauses.terms_url(entry)
        link = f": {_link(text)}" if text else ""
        yield ""
        yield f"{quote.markdown(entry.name)}{link}"
    for remark in side.remarks:
        yield ""
        yield quote.markdown(remark)


def _link(url: str) -> str:
    """A URL as a link; whatever could end it early is percent-encoded."""
    kept = "".join(
        each if "!" <= each <= "~" and each not in "<>\\" else _encoded(each) for each in url
    )
    return f"<{kept}>" if kept.lower().startswith(("http://", "https://")) else quote.markdown(url)


def _encoded(character: str) -> str:
    octets = character.encode("utf-8", "surrogatepass")
    return "".join(f"%{octet:02X}" for octet in octets)


def _row(terms: ActivityTerms) -> str:
    asked = ", ".join(f"`{kind}`" for kind in terms.conditions)
    return f"{asked} | {quote.markdown(terms.reason)} | {quote.markdown(terms.instead or '')}"


def _text(terms: ActivityTerms) -> str:
    return quote.markdown(terms.clause or "")


def _together(comparison: Comparison) -> Iterator[str]:
    found = comparison.combination
    yield "## Together"
    yield ""
    yield f"To make one thing of both and share it: **{found.answer}**."
    yield quote.markdown(found.reason)
    if found.instead:
        yield f"Instead: {quote.markdown(found.instead)}"
    asked = ", ".join(f"`{kind}`" for kind in found.conditions)
    yield f"Asked of the whole: {asked or 'nothing'}."
    yield ""
    yield "| activity | first | second | together | conditions | reason | instead |"
    yield "|---|---|---|---|---|---|---|"
    for activity, row in comparison.rows.items():
        answers = f"{row.one.answer} | {row.other.answer} | **{row.together.answer}**"
        yield f"| `{activity}` | {answers} | {_row(row.together)} |"
