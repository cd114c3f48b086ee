"""Where a declaration stands and what limits it, in words, from a result as JSON."""

from collections.abc import Mapping
from typing import Any

from signals_agent.audit.reports.html.markup import shown


def place(position: Mapping[str, Any]) -> str:
    """The place in its source: a line, a field, an element, a pointer."""
    if "line" in position:
        column = position.get("column")
        return f"line {position['line']}" + (f", column {column}" if column else "")
    if "field" in position:
        name = position["field"]
        if name == ":status":
            return "the status"
        return f"field {shown(name, 80)}, line {position.get('index', 1)} of it"
    pointer = shown(position.get("pointer") or "", 200)
    if "element" in position:
        inside = f", {pointer} in it" if pointer else ""
        return f"<{shown(position['element'], 80)}> at octet {position.get('offset', 0)}{inside}"
    return f"at {pointer}" if pointer else "the whole file"


def scope(limits: Mapping[str, Any]) -> str:
    """What limits a declaration, or nothing."""
    if not limits:
        return ""
    return ", ".join(
        f"{word} {shown(limits[key], 200)}"
        for word, key in (
            ("group", "token"),
            ("path", "path"),
            ("element", "element"),
            ("use", "use"),
        )
        if limits.get(key)
    )


def origin(url: str) -> str:
    """The scheme, host and port of a URL, as it is written."""
    return "/".join(url.split("/", 3)[:3])


def source(url: str, own: str, of: str) -> str:
    """A source as seen from its asset: nothing is the asset itself, ``/...`` a file beside it.

    So what many assets of many origins have alike is written once.
    """
    if url == own:
        return ""
    if url.startswith(of) and url[len(of) : len(of) + 1] == "/":
        return shown(url[len(of) :], 300)
    return shown(url, 300)
