"""A difference as text for a screen: what matters first, and no more than can be read."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from signals_agent import quote
from signals_agent.audit.difference import phrases
from signals_agent.audit.difference.book import Book, Site
from signals_agent.terminal import Screen, pad, wrap

_COLOURS: Final = {
    "tightened": ("red", "bold"),
    "both": ("red",),
    "loosened": ("green",),
    "reworded": ("cyan",),
    "not_found_out": ("yellow",),
    "not-found-out": ("yellow",),
    "gone": ("yellow",),
}
_WIDTH: Final = 15
_quoted = partial(quote.text, limit=300)


def write(account: Mapping[str, Any], book: Book, screen: Screen, limit: int) -> Iterator[str]:
    """The lines; of sites, of URLs and of what is told of each at most ``limit``."""
    for line in _lines(account, book, screen, limit):
        yield line + "\n"


def _lines(account: Mapping[str, Any], book: Book, screen: Screen, limit: int) -> Iterator[str]:
    yield from _headline(account, book, screen)
    yield from _lists(account, screen)
    _, told = book.count_sites()
    if told:
        yield ""
        yield screen.paint(f"SITES ({told:,}) whose files say something else", "bold")
        for site in book.sites(limit):
            yield ""
            yield from _site(site, screen, limit)
        if told > limit:
            yield ""
            yield f"and {phrases.counted(told - limit, 'more site')}"
    groups, urls = book.count_groups()
    if groups:
        yield ""
        yield screen.paint(f"URLS ({urls:,}) with changes of their own", "bold")
        left = urls
        for record, count in book.groups(limit):
            left -= count
            yield ""
            yield from _url(record, count, screen, limit)
        if left:
            yield ""
            yield f"and {phrases.counted(left, 'more URL')}"


def _headline(account: Mapping[str, Any], book: Book, screen: Screen) -> Iterator[str]:
    counts = account["counts"]
    sites, _ = book.count_sites()
    tightened = counts["tightened"] + counts["both"]
    word = f"{phrases.counted(tightened)} tightened" if tightened else "nothing tightened"
    painted = screen.paint(word, *_COLOURS["tightened"] if tightened else ("green",))
    on = f"; {phrases.counted(sites, 'site')} concerned" if sites else ""
    yield f"{painted}; {counts['changed']:,} changed in all{on}"
    for name in ("before", "after"):
        state = account[name]
        when = " to ".join(state[key] for key in ("started_at", "ended_at") if key in state)
        told = f"{state['label']}{f' ({when})' if when else ''}"
        yield from wrap(told, screen.columns, f"  {name:<8}")
    for remark in account["remarks"]:
        yield from wrap(_quoted(remark), screen.columns, "  note    ")
    yield ""
    for name, meaning in phrases.COUNTED:
        if counts[name]:
            word = phrases.NAMES.get(name, name)
            painted = screen.paint(word, *_COLOURS.get(name, ()))
            yield f"  {painted}{' ' * (_WIDTH - len(word))}{counts[name]:>11,}  {meaning}"
    yield f"  {pad('unchanged', _WIDTH)}{counts['unchanged']:>11,}"
    if counts["asked_neither_time"]:
        number = counts["asked_neither_time"]
        yield f"  {pad('never asked', _WIDTH)}{number:>11,}  neither then nor now"
    for name, word in (
        ("not_asked_after", "not asked now"),
        ("not_asked_before", "not asked then"),
    ):
        yield from _first(account[name], word, screen)
    yield f"  {pad('in both', _WIDTH)}{counts['urls_in_both']:>11,}  which is the sum"
    besides = phrases.lost_besides(counts)
    if besides:
        yield f"  {pad('in part', _WIDTH)}{besides:>11,}  {phrases.BESIDES}"


def _lists(account: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    for name, word in (("only_before", "gone from list"), ("only_after", "new in list")):
        yield from _first(account[name], word, screen)


def _first(some: Mapping[str, Any], word: str, screen: Screen) -> Iterator[str]:
    """How many there are, and the first of them; nothing where there are none."""
    if some["count"]:
        first = "  ".join(_quoted(url) for url in some["first"][:3])
        more = "  ..." if some["count"] > len(some["first"][:3]) else ""
        head = f"  {pad(word, _WIDTH)}{some['count']:>11,}  "
        yield from wrap(first + more, screen.columns, head)


def _site(site: Site, screen: Screen, limit: int) -> Iterator[str]:
    counts = phrases.of_site(site.counts)
    yield f"{screen.paint(_quoted(site.site), 'bold')}  {counts or phrases.counted(site.urls)}"
    for source in site.sources[:limit]:
        place = source["source"].removeprefix(site.site)
        yield f"  {_quoted(place)}  ({phrases.counted(source['urls'])})"
        yield from _items({**source, "changes": ()}, screen, limit, source["urls"], "    ")
    if len(site.sources) > limit:
        yield f"  and {phrases.counted(len(site.sources) - limit, 'more source')}"
    told = {"declarations": (), "not_found_out": (), "changes": site.outcomes}
    yield from _items(told, screen, limit, site.urls, "  ")


def _url(record: Mapping[str, Any], count: int, screen: Screen, limit: int) -> Iterator[str]:
    verdict = record["verdict"]
    alike = f"  and {phrases.counted(count - 1, 'other')} of this site alike" if count > 1 else ""
    painted = screen.paint(verdict, *_COLOURS.get(verdict, ()))
    yield f"{painted}  {quote.text(record['url'], 2000)}{alike}"
    yield from _items(record, screen, limit, 1, "  ")
    if record.get("of_site"):
        yield "  and what is told of its site"


def _items(
    of: Mapping[str, Any], screen: Screen, limit: int, urls: int, before: str
) -> Iterator[str]:
    """What is told of a source or a URL; with how many URLs, where these are not ``urls``."""
    lines = [
        *(
            (each["kind"], phrases.declaration(each, _quoted), each.get("urls", 1))
            for each in of["declarations"]
        ),
        *(
            (
                "found out" if each["found_out"] else "not found out",
                _place(each) + phrases.unseen(each, _quoted),
                each.get("urls", 1),
            )
            for each in of["not_found_out"]
        ),
        *phrases.outcomes(of["changes"], _quoted),
    ]
    for word, told, number in lines[:limit]:
        of_them = "" if number == urls else f"  ({phrases.counted(number)})"
        yield from wrap(told + of_them, screen.columns, f"{before}{word:<15}", before + " " * 15)
    if len(lines) > limit:
        yield f"{before}and {len(lines) - limit:,} more"


def _place(item: Mapping[str, Any]) -> str:
    return "" if "urls" in item else "the asset: "
