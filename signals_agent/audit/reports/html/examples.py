"""A few assets named as examples, and buttons that show all of a kind in the table of assets."""

from collections.abc import Sequence

from signals_agent.audit.reports.html.markup import Markup, element, link
from signals_agent.audit.reports.words import counted


def examples(urls: Sequence[str], *, folded: bool = False) -> Markup | None:
    """The first few, one unfolded from the rest, or all of them folded."""
    if not urls:
        return None
    first, *rest = urls
    if folded:
        return element("div", _folded(counted(len(urls), "example"), urls), class_="urls")
    others = _folded(f"{len(rest)} more", rest) if rest else None
    return element("div", element("p", link(first)), others, class_="urls")


def _folded(summary: str, urls: Sequence[str]) -> Markup:
    return element(
        "details",
        element("summary", summary),
        element("ul", (element("li", link(url)) for url in urls)),
    )


def show(
    what: str,
    *,
    reason: str = "",
    family: str = "",
    carrier: str = "",
    party: str = "",
    at: str = "",
    inferred: bool = False,
    note: str = "",
    says: str = "",
    rests: str = "",
) -> Markup:
    """A button that narrows the table of assets to ``what``; hidden where no script runs.

    ``at``, a URL, and ``inferred`` tell a ``party`` from others of its name. ``says`` names
    families, parted by a space, that the words of a note name as well, and ``rests`` the family
    and carrier of declarations that a reason rests on, or ``nothing``.
    """
    return element(
        "button",
        "Show",
        element("span", f" in the table: {what}", class_="visually-hidden"),
        type="button",
        class_="show scripted",
        hidden=True,
        data_reason=reason or None,
        data_family=family or None,
        data_carrier=carrier or None,
        data_party=party or None,
        data_at=at or None,
        data_inferred="yes" if inferred else None,
        data_note=note or None,
        data_says=says or None,
        data_rests=rests or None,
    )
