"""How a run ends for whoever runs it from a script: the exit code that ``--fail-on`` asks for."""

from collections.abc import Mapping
from typing import Any, Final

from signals_agent.audit import result_json
from signals_agent.gate import NOT_FOUND_OUT
from signals_agent.model.verdict import Decision
from signals_agent.store.snapshot import Snapshot

OK: Final = 0
FOUND: Final = 1
UNDETERMINED: Final = 3


def code(made: Snapshot, fail_on: str) -> int:
    """0, 1 or 3: what the answers of a run come to for ``hold``, ``skip`` or ``undetermined``.

    ``skip``: 1 where something is skipped. ``hold``: 1 where something is skipped, or held
    for another reason than not finding out, 3 where something is held only for that.
    ``undetermined``: 3 where something is. A URL that was not asked could not be found out.
    """
    worst = OK
    for row in made.rows():
        decision, not_found_out = (
            _decided(result_json.read(row.result)) if row.result else (Decision.HOLD, True)
        )
        if fail_on == "undetermined":
            if not_found_out:
                return UNDETERMINED
        elif decision is Decision.SKIP or (
            fail_on == "hold" and decision is Decision.HOLD and not not_found_out
        ):
            return FOUND
        elif fail_on == "hold" and decision is Decision.HOLD:
            worst = UNDETERMINED
    return worst


def _decided(result: Mapping[str, Any]) -> tuple[Decision, bool]:
    """The decision (the worst of all uses where there is no verdict), and whether a hold is
    only because something could not be found out.
    """
    verdict = result.get("verdict")
    uses = [result["uses"][name] for name in (verdict["uses"] if verdict else result["uses"])]
    order = [Decision.INGEST, Decision.HOLD, Decision.SKIP]
    worst = max((Decision(each["decision"]) for each in uses), key=order.index)
    codes = {
        reason["code"]
        for each in uses
        if each["decision"] == Decision.HOLD
        for reason in each["reasons"]
    } - {"agreement", "clear"}
    return worst, bool(codes) and codes <= NOT_FOUND_OUT
