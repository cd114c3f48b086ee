"""How a difference is put into words, for a screen and for Markdown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from signals_agent.model.licence import Activity
from signals_agent.model.use import USES

_ORDER: Final = (*USES, *Activity)

Quote = Callable[[str], str]
"""How what publishers wrote is made harmless where it goes."""

COUNTED: Final = (
    ("tightened", "became stricter"),
    ("both", "became stricter in one thing and looser in another"),
    ("loosened", "became looser"),
    ("reworded", "changed, and are neither stricter nor looser"),
    ("gone", "are not there any more"),
    ("back", "were not there, and are again"),
    ("found_out", "could not be found out before, and can be now"),
    ("not_found_out", "could be found out before, and cannot be now; nothing else changed"),
)
"""What is counted, in the order of telling, and what it means of URLs; each has one word."""

BESIDES: Final = "of them have a word above, and something else of them cannot be found out now"
"""What a count means that goes across the others."""

NAMES: Final = {"not_found_out": "not found out", "found_out": "found out"}
"""What is told of a count by another name."""


def counted(number: int, noun: str = "URL") -> str:
    """``1 URL``, ``12,000 URLs``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def of_site(counts: Mapping[str, int]) -> str:
    """How many URLs of a site became what."""
    words = (name for name, _ in COUNTED if counts[name])
    return ", ".join(f"{counts[name]:,} {NAMES.get(name, name)}" for name in words)


def lost_besides(counts: Mapping[str, int]) -> int:
    """Of how many URLs of another word something could not be found out now."""
    return counts["lost"] - counts["not_found_out"] - counts["not_asked_after"]


def declaration(item: Mapping[str, Any], quoted: Quote) -> str:
    """A declaration that was added, withdrawn or changed."""
    scope = ", ".join(f"{name} {quoted(str(value))}" for name, value in item["scope"].items())
    where = f"{quoted(item['family'])} in {quoted(item['carrier'])}"
    where += f" ({scope})" if scope else ""
    if item["kind"] == "changed":
        return f"{where}: {_said(item['before'], quoted)}, now {_said(item['after'], quoted)}"
    return f"{where}: {_said(item.get('before', item.get('after', '')), quoted)}"


def unseen(item: Mapping[str, Any], quoted: Quote) -> str:
    """A source that could be looked at only one of the two times."""
    said = [_said(each, quoted) for each in item["expressions"]]
    known = "what it says now" if item["found_out"] else "what it said before"
    more = f"; {known}: {'; '.join(said)}" if said else ""
    return f"{_looking(item['before'])}, now {_looking(item['after'])}{more}"


def _looking(ended: str) -> str:
    return "refusing us, so that it says nothing besides" if ended == "refused" else ended


def _said(expression: str, quoted: Quote) -> str:
    return quoted(expression) or "(empty)"


def outcomes(items: Sequence[Mapping[str, Any]], quoted: Quote) -> Iterator[tuple[str, str, int]]:
    """What the changes come to, uses that share a change as one: direction, words, URLs."""
    merged: dict[tuple[str, str, int], list[str]] = {}
    # What was decided follows from the rest.
    for item in sorted(items, key=lambda each: each["aspect"] == "decision"):
        told = _outcome(item, quoted)
        key = item["direction"], told, item.get("urls", 1)
        # What is changed for a licence is told by activity, and all else by use.
        name = item["subject"] if item["aspect"] == "licence" else item.get("use", "")
        merged.setdefault(key, []).append(name)
    for (direction, told, urls), names in merged.items():
        who = ", ".join(sorted(filter(None, names), key=_place))
        yield direction, f"{who}: {told}" if who else told, urls


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _outcome(item: Mapping[str, Any], quoted: Quote) -> str:
    before, after = quoted(item["before"]), quoted(item["after"])
    if item["aspect"] != "obligation":
        return f"{item['aspect']} {before}, now {after}"
    subject = quoted(item["subject"])
    if item["before"] == "none":
        return f"{subject} is owed now"
    if item["after"] == "none":
        return f"{subject} is owed no more"
    return f"{subject}: {before} Now: {after}"
