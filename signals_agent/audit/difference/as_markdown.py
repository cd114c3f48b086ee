"""A difference as Markdown: what somebody forwards, or a job writes into its summary."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from signals_agent import quote
from signals_agent.audit.difference import phrases
from signals_agent.audit.difference.book import Book, Site

_quoted = partial(quote.markdown, limit=300)


def write(account: Mapping[str, Any], book: Book, limit: int) -> Iterator[str]:
    """The document; of sites, of URLs and of what is told of each at most ``limit``."""
    for line in _lines(account, book, limit):
        yield line + "\n"


def _lines(account: Mapping[str, Any], book: Book, limit: int) -> Iterator[str]:
    counts = account["counts"]
    tightened = counts["tightened"] + counts["both"]
    word = f"{phrases.counted(tightened)} tightened" if tightened else "Nothing tightened"
    yield f"# {word}"
    yield ""
    for name in ("before", "after"):
        state = account[name]
        when = " to ".join(state[key] for key in ("started_at", "ended_at") if key in state)
        yield f"- {name}: {_quoted(state['label'])}{f' ({when})' if when else ''}"
    yield from (f"- {_quoted(remark)}" for remark in account["remarks"])
    yield ""
    yield from ("| URLs | | |", "|---|---:|---|")
    yield f"| unchanged | {counts['unchanged']:,} | |"
    for name, meaning in phrases.COUNTED:
        yield f"| {phrases.NAMES.get(name, name)} | {counts[name]:,} | {meaning} |"
    yield f"| never asked | {counts['asked_neither_time']:,} | neither then nor now |"
    yield _first(account, "not_asked_after", "not asked now")
    yield _first(account, "not_asked_before", "not asked before")
    yield f"| in both | {counts['urls_in_both']:,} | which is the sum |"
    yield f"| in part | {phrases.lost_besides(counts):,} | {phrases.BESIDES} |"
    yield _first(account, "only_before", "gone from the list")
    yield _first(account, "only_after", "new in the list")
    _, told = book.count_sites()
    if told:
        yield from ("", "## Sites")
        for site in book.sites(limit):
            yield from _site(site, limit)
        if told > limit:
            yield from ("", f"And {phrases.counted(told - limit, 'more site')}.")
    groups, urls = book.count_groups()
    if groups:
        yield from ("", "## URLs")
        left = urls
        for record, count in book.groups(limit):
            left -= count
            yield from _url(record, count, limit)
        if left:
            yield from ("", f"And {phrases.counted(left, 'more URL')}.")


def _first(account: Mapping[str, Any], name: str, word: str) -> str:
    some = account[name]
    first = ", ".join(_quoted(url) for url in some["first"][:3])
    return f"| {word} | {some['count']:,} | {first} |"


def _site(site: Site, limit: int) -> Iterator[str]:
    counts = phrases.of_site(site.counts)
    yield from ("", f"### {_quoted(site.site)}", "")
    yield f"{phrases.counted(site.urls)}{': ' if counts else ''}{counts}."
    yield ""
    for source in site.sources[:limit]:
        yield f"- {_quoted(source['source'])} ({phrases.counted(source['urls'])})"
        yield from _items({**source, "changes": ()}, limit, "  ", source["urls"])
    if len(site.sources) > limit:
        yield f"- and {phrases.counted(len(site.sources) - limit, 'more source')}"
    told = {"declarations": (), "not_found_out": (), "changes": site.outcomes}
    yield from _items(told, limit, "", site.urls)


def _url(record: Mapping[str, Any], count: int, limit: int) -> Iterator[str]:
    alike = f" and {phrases.counted(count - 1, 'other')} of this site alike" if count > 1 else ""
    yield from ("", f"### {quote.markdown(record['url'], 2000)}", "")
    yield f"{record['verdict']}{alike}"
    yield ""
    yield from _items(record, limit, "", 1)
    if record.get("of_site"):
        yield "- and what is told of its site"


def _items(of: Mapping[str, Any], limit: int, before: str, urls: int) -> Iterator[str]:
    lines = [
        *(
            (each["kind"], phrases.declaration(each, _quoted), each.get("urls", 1))
            for each in of["declarations"]
        ),
        *(
            (
                "found out" if each["found_out"] else "not found out",
                phrases.unseen(each, _quoted),
                each.get("urls", 1),
            )
            for each in of["not_found_out"]
        ),
        *phrases.outcomes(of["changes"], _quoted),
    ]
    for word, told, number in lines[:limit]:
        of_them = "" if number == urls else f" ({phrases.counted(number)})"
        yield f"{before}- **{word}** {told}{of_them}"
    if len(lines) > limit:
        yield f"{before}- and {len(lines) - limit:,} more"
