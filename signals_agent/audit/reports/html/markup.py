"""HTML elements whose text cannot be anything but text: all that is not markup is quoted."""

from collections.abc import Iterable
from html import escape
from typing import Final

from signals_agent import quote

_VOID: Final = frozenset({"br", "col", "hr", "img", "input", "link", "meta"})


# Named, because on a narrow screen the cells are not laid out as a table, and a browser then
# takes it for none.
_ROLES: Final = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "td": "cell",
    "th": "rowheader",
}


class Markup(str):
    """Text that is HTML already; made by ``element`` and ``join`` alone."""

    __slots__ = ()


Child = str | int | Iterable["Child"] | None
"""What may stand in an element; a string that is no ``Markup`` is quoted, ``None`` is nothing."""


def shown(text: str, limit: int = 500) -> str:
    """The text as ``quote.text`` shows it, sooner where there is nothing to change."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    return quote.text(text, limit)


def join(*children: Child) -> Markup:
    """What stands side by side, as markup."""
    parts: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            parts.append(child)
        elif isinstance(child, int):
            parts.append(f"{child:,}")
        elif isinstance(child, str):
            parts.append(escape(shown(child, 2000), quote=False))
        else:
            parts.append(join(*child))
    return Markup("".join(parts))


def element(name: str, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """One element; ``class_`` is ``class``, ``data_reason`` is ``data-reason``, true is bare.

    Attributes that are ``None`` or false are left out.
    """
    start = [name]
    if name in _ROLES:
        heads = name == "th" and attributes.get("scope") == "col"
        start.append(f'role="{"columnheader" if heads else _ROLES[name]}"')
    for key, value in attributes.items():
        called = key.rstrip("_").replace("_", "-")
        if value is True:
            start.append(called)
        elif value is not None and value is not False:
            start.append(f'{called}="{escape(shown(str(value), 4000))}"')
    opened = f"<{' '.join(start)}>"
    return Markup(opened if name in _VOID else f"{opened}{join(*children)}</{name}>")


def link(url: str, text: str | None = None) -> Markup:
    """A link to what a publisher has; only its text where the address is not a plain one."""
    called = shown(url if text is None else text, 300)
    if not is_plain(url):
        return join(called)
    return element("a", called, href=url, rel="noreferrer noopener nofollow")


def is_plain(url: str) -> bool:
    """Whether an address may be linked to: of the web, and shown just as it is."""
    return url.startswith(("https://", "http://")) and shown(url, 4000) == url
