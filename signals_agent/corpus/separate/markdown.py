"""Whom to ask for a separate licence, as Markdown: an overview, then contact by contact."""

from collections.abc import Iterator

from signals_agent import quote, wording
from signals_agent.corpus.held import Extent
from signals_agent.corpus.separate.requests import Need, Overview, Request, Separate
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model import citation
from signals_agent.model.licence import Contact, ContactKind

_LONGEST = 4000


def render(separate: Separate, examples: int = 3, full: str | None = None) -> Iterator[str]:
    """The document, piece by piece, with at most so many examples of each request.

    ``full`` is what the full list of assets is called, where there is one.
    """
    yield "# Separate licences\n\n"
    overview = separate.overview()
    if separate.planned:
        yield f"For what is planned: {', '.join(f'`{each}`' for each in separate.planned)}.\n"
    else:
        yield "Nobody said what is planned, so all ten activities are looked at.\n"
    if not separate.wanted:
        yield "No licence stands against it that an agreement does not answer.\n\n"
    else:
        yield (
            "Below is what the licences do not plainly permit of it, each by itself or all put "
            "together, and whom to ask.\n"
            "*No* means that the licence does not grant it; *caution* that it can be read either "
            "way, or that nobody said.\n"
        )
        if full is not None:
            yield f"Every asset stands in {_file(full)}; here are a few of each.\n"
        yield "\n"
    yield from _table(overview)
    yield from _stated(separate)
    yield from _unasked(separate, overview)
    named: Contact | None = None
    for request in separate.requests(examples):
        if request.contact != named:
            yield f"## Ask {_contact(request.contact)}\n\n"
            named = request.contact
        yield from _request(request)
    yield f"{NO_ADVICE}\n"


def _table(overview: tuple[Overview, ...]) -> Iterator[str]:
    yield "| activity | ok | caution | no | no licence declared | agreed |\n"
    yield "|---|---:|---:|---:|---:|---:|\n"
    for each in overview:
        counts = (each.ok, each.caution, each.no, each.undeclared, each.agreed)
        yield f"| `{each.activity}` | {' | '.join(f'{one.assets:,}' for one in counts)} |\n"
    yield "\n"


def _stated(separate: Separate) -> Iterator[str]:
    """What licensors answer themselves, with where they say so."""
    for each in separate.statements:
        yield (
            f"- `{each.activity}`: the licensor of {_assets(each.extent)} under {_md(each.label)} "
            f"answers **{each.answer}** in {_link(each.url, each.url)} (the licence by itself: "
            f"{each.before}).\n"
        )
    if separate.statements:
        yield "\n"


def _unasked(separate: Separate, overview: tuple[Overview, ...]) -> Iterator[str]:
    """What is in no request, and why."""
    for each in overview:
        if each.agreed.assets:
            yield (
                f"- `{each.activity}`: an agreement covers {_assets(each.agreed)}, which are not "
                "listed.\n"
            )
    undeclared = overview[0].undeclared
    asked_for = any(not each.licences for each in separate.wanted.values())
    if undeclared.assets and not asked_for:
        why = (
            "nothing that is planned hands them on"
            if separate.planned
            else "name what is planned, and whom to ask is listed"
        )
        yield f"- No licence is declared for {_assets(undeclared)}, not listed here: {why}.\n"
    if any(each.agreed.assets for each in overview) or (undeclared.assets and not asked_for):
        yield "\n"


def _request(request: Request) -> Iterator[str]:
    wanted = request.wanted
    under = (
        f"under {wording.series([_md(each) for each in wanted.licences])}"
        if wanted.licences
        else "without a licence"
    )
    yield f"### {_assets(request.extent).capitalize()} {under}\n\n"
    yield f"{_md(wanted.text)}\n\n"
    for need in wanted.needs:
        yield f"- {_need(need)}\n"
    listed = ", ".join(_link(each, each) for each in request.examples)
    more = request.extent.assets - len(request.examples)
    if listed:
        yield f"- Assets: {listed}{f', and {more:,} more' if more else ''}.\n"
    if request.otherwise:
        others = "; else ".join(_contact(each) for each in request.otherwise)
        yield f"- Else ask {others}{'; and others' if request.more else ''}.\n"
    yield "\n"


def _need(need: Need) -> str:
    activities = ", ".join(f"`{each}`" for each in need.activities)
    instead = f" Instead: {_md(need.instead)}" if need.instead else ""
    return f"**{need.answer}** for {activities}: {_md(need.reason)}{instead}"


def _contact(found: Contact) -> str:
    """Whom to ask, with a link where there is an address that may be followed."""
    if found.kind is ContactKind.ORIGIN or not found.name:
        return _link(wording.contact(found), found.url)
    return _link(wording.contact(Contact(found.kind, found.name)), found.url)


def _link(text: str, url: str | None) -> str:
    where = citation.address(url)
    return f"[{_md(text)}](<{where.replace('&', '&amp;')}>)" if where else _md(text)


def _assets(extent: Extent) -> str:
    return f"{extent.assets:,} {'asset' if extent.assets == 1 else 'assets'}"


def _file(name: str) -> str:
    return f"`{quote.text(name, 200).replace('`', '')}`"


def _md(text: str) -> str:
    return quote.markdown(text, _LONGEST)
