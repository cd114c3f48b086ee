"""What verifying a ledger comes to, the worst first, and what to do about it."""

from collections.abc import Iterator
from typing import Final

from signals_agent.store import Fault, Verification

_FOUND: Final = {
    Fault.DAMAGED: "damaged",
    Fault.CHANGED: "changed",
    Fault.DIFFERS: "with another result",
}
"""What is said of entries by their worst finding, the worst first."""


def ended(told: Verification) -> str:
    """One line: what is wrong with how many entries, and how many come out equal."""
    many = f"{told.assessments} entr{_y(told.assessments)}"
    if not told.findings:
        return f"{many} recomputed from what was kept: all equal"
    found = f"{told.findings} finding{'' if told.findings == 1 else 's'}"
    whole = ["the file itself"] if told.of_file else []
    missing = [f"{told.missing} missing"] if told.missing else []
    wrong = [f"{told.wrong[each]} {said}" for each, said in _FOUND.items() if each in told.wrong]
    equal = f"{told.equal or 'none'} of the {many} found are equal"
    bad = ", ".join((*whole, *missing, *wrong)) or "links"
    return f"not as it was written: {bad}; {equal}; {found}"


def noted(told: Verification, chain: str) -> Iterator[str]:
    """What the chain that was noted earlier says by now."""
    if not chain:
        return
    if told.noted is None:
        yield "the chain that was noted earlier is not there: more was written, or something else"
        return
    if told.stands:
        where = f"at entry {told.noted}" if told.noted else "before the first entry"
        yield f"the chain that was noted earlier stands {where}"
        return
    vouched = _range(told.broken + 1, told.noted) if told.equal else ""
    yield (
        f"the chain that was noted earlier is at entry {told.noted}, but not all until there is "
        "as it was written; "
        + (
            f"it vouches for {vouched}, as far as they have no finding"
            if vouched
            else "it vouches for none of the entries"
        )
    )


def to_do(told: Verification) -> str:
    """What whoever reads this does next."""
    if set(told.wrong) == {Fault.DIFFERS} and told.findings == told.wrong[Fault.DIFFERS]:
        first = (
            "verify it with the version that wrote these entries; where that comes to what is "
            "stored, nothing was changed. Else go back to a copy that verifies."
        )
    else:
        first = (
            "keep this file as it is, write no more to it, and go back to a copy that verifies, "
            "by a chain that was noted elsewhere (--chain) where there is one."
        )
    return f"{first} {_left(told)} Who did it, and whether anybody did, the file cannot tell."


def _left(told: Verification) -> str:
    """Which entries can still be relied on, and how far."""
    if not told.equal:
        return "No entry of this one can be relied on."
    return (
        f"Of this one, the {told.equal} entr{_y(told.equal)} without a finding still come"
        f"{'s' if told.equal == 1 else ''} out of what is kept for "
        f"{'it' if told.equal == 1 else 'them'}; that they are all, and not written anew, "
        "only a noted chain shows."
    )


def _range(first: int, last: int) -> str:
    if first > last:
        return ""
    return f"entry {first}" if first == last else f"entries {first} to {last}"


def _y(count: int) -> str:
    return "y" if count == 1 else "ies"
