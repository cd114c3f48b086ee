"""Whether two results say the same, but for times, places and what tells copies apart."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from signals_agent.audit import result_json
from signals_agent.store import stored

# Canonical JSON has no blanks and sorted names, and only a name stands before a colon: within a
# text its quotation marks would be escaped. Each is cut up to what ends its value.
_OF_COPIES: Final = (
    ('"checked_at":"', '"'),
    ('"fetched_at":"', '"'),
    ('"valid_until":"', '"'),
    ('"capture":"cap-', '"'),
    ('"id":"cap-', '"'),
    ('"bytes":', ","),
    ('"role":"asset","sha256":"', '"'),
)

_LICENCE: Final = ("id", "because", "activities")
"""What of a licence changes with its place, or is the policy's doing."""

Result = Mapping[str, Any]


def parsed(text: str, entry: int) -> Result:
    """A stored result; raises ``StoreError`` where it is none."""
    try:
        found = result_json.read(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise stored.damaged(entry, ValueError("its result is no JSON"))
    return found


def alike_as_text(before: str, after: str) -> bool:
    """Whether two results, as canonical JSON, differ in times and in copies at most.

    The quick way: it finds nothing alike that is not, and not all that is.
    """
    return before == after or _bare(before) == _bare(after)


def _bare(text: str) -> str:
    for name, end in _OF_COPIES:
        # A regular expression would take ten times as long, and longer than reading it all.
        first, *rest = text.split(name)
        text = name.join((first, *(each[each.find(end) :] for each in rest)))
    return text


def alike(before: Result, after: Result) -> bool:
    """Whether two results rest on the same words, whatever their policies make of them.

    Words that only moved, and pages that changed around them, are the same. What is looked
    at is all that can make one policy answer otherwise: declarations with their octets, the
    rule that gave access, how looking at each source ended, the other documents to the octet,
    what was read from licences, and who asked in which vocabulary. Where one policy decided
    both, its answers and obligations too. Raises ``LookupError`` or ``TypeError`` for what is
    no result.
    """
    if not _are_equal(_words(before), _words(after)):
        return False
    return not _one_policy(before, after) or _are_equal(_answers(before), _answers(after))


def _are_equal(one: Iterator[Any], other: Iterator[Any]) -> bool:
    """Whether two go through the same; what comes after the first that differs is not made."""
    return all(before == after for before, after in zip_longest(one, other))


def asked(result: Result) -> tuple[Any, ...]:
    """Who asked, in which vocabulary: what two results have to share to be held together."""
    return result["tokens"], result.get("acquired_by"), result["vocabulary"]


def _one_policy(before: Result, after: Result) -> bool:
    return before["tool"] == after["tool"] and _policy(before) == _policy(after)


def _policy(result: Result) -> tuple[Any, ...]:
    verdict = result.get("verdict", {})
    return verdict.get("policy"), verdict.get("uses"), verdict.get("activities")


def _words(result: Result) -> Iterator[Any]:
    yield asked(result)
    yield result["final_url"]
    access = result["access"]
    yield access["answer"], [(hop["answer"], hop.get("rule")) for hop in access["hops"]]
    yield [
        (each["source"], each.get("part"), each["availability"], each["required"])
        for each in result["coverage"]
    ]
    yield sorted(
        (
            each["role"],
            each["url"],
            each["availability"],
            each.get("status", 0),
            "" if each["role"] in ("asset", "hop") else each.get("sha256", ""),
        )
        for each in result["captures"]
    )
    yield sorted(
        (
            each["family"],
            each["carrier"],
            each["source"],
            each["expression"],
            each["octets"],
            sorted(each["scope"].items()),
        )
        for each in result["declarations"]
    )
    for name in ("licences", "separate_licences"):
        yield [
            {key: value for key, value in each.items() if key not in _LICENCE}
            for each in result.get(name, ())
        ]


def _answers(result: Result) -> Iterator[Any]:
    for name, use in result["uses"].items():
        yield name, use["preference"], use["decision"], [each["code"] for each in use["reasons"]]
    yield [
        {key: value for key, value in each.items() if key not in ("id", "because")}
        for each in result["obligations"]
    ]
    yield [each["activities"] for each in result["licences"]]
