"""What a policy puts forward and cannot rely on, told before a run begins (rule R27, row 7)."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

from signals_agent import quote
from signals_agent.policy import Agreement, Commitment, Policy

_log = logging.getLogger(__name__)


def sentences(policy: Policy, now: datetime) -> Iterator[str]:
    """One sentence, without a full stop, for each promise that does not count at a time.

    These are commitments that have expired, agreements that are not in force, and those of
    which what shows them is missing or is not what it is said to be: ``signals-agent policy
    check`` says the same of them.
    """
    promised: tuple[Commitment | Agreement, ...] = (*policy.commitment, *policy.agreement)
    for each in promised:
        if flaw := each.flaw(now):
            yield f"{quote.text(flaw)}, so it does not count"


def warn(policy: Policy, log: logging.Logger | None = None) -> None:
    """Log a warning for each promise that does not count now."""
    for said in sentences(policy, datetime.now(UTC)):
        (log or _log).warning("%s: %s", quote.text(policy.label), said)
