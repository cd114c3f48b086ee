"""How a command ends: its exit code."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from signals_agent.model.assessment import Assessment

OK: Final = 0
FOUND: Final = 1
USAGE: Final = 2
UNDETERMINED: Final = 3
FAULT: Final = 70
INTERRUPTED: Final = 130


def of(assessment: "Assessment") -> int:
    """The code of one result.

    With a verdict: 0 to ingest, 1 to skip, and for a hold 3 where nothing but not
    finding out stands behind it, else 1. Without one: 3 where something could not be
    found out, else 0; a refusal is found out.
    """
    from signals_agent.gate import NOT_FOUND_OUT
    from signals_agent.model.resolution import AccessAnswer
    from signals_agent.model.verdict import Decision, ReasonCode

    verdict = assessment.verdict
    if verdict is None:
        codes = {reason.code for use in assessment.uses.values() for reason in use.reasons}
        undetermined = assessment.access.answer is AccessAnswer.UNDETERMINED
        return UNDETERMINED if undetermined or codes & NOT_FOUND_OUT else OK
    if verdict.decision is Decision.INGEST:
        return OK
    if verdict.decision is Decision.SKIP:
        return FOUND
    held = [assessment.uses[use] for use in verdict.uses]
    codes = {reason.code for use in held if use.decision is Decision.HOLD for reason in use.reasons}
    codes -= {ReasonCode.AGREEMENT, ReasonCode.CLEAR}
    return UNDETERMINED if codes and codes <= NOT_FOUND_OUT else FOUND


def worst(codes: Iterable[int]) -> int:
    """The code of several results: any finding is 1; else 3 where one is; else 0."""
    seen = set(codes)
    return FOUND if FOUND in seen else UNDETERMINED if UNDETERMINED in seen else OK
