"""The exit code of one result and of several."""

from dataclasses import replace

import pytest

import signals_agent as sa
from signals_agent.cli import exits
from signals_agent.model.verdict import Reason, ReasonCode

SILENT = sa.assess(
    sa.Capture("https://a.example/", status=200, body=b"x"),
    robots=sa.ABSENT,
    uses=["search", "train-other"],
)


def held(*codes: tuple[str, ...]) -> sa.Assessment:
    """A result that holds ``search`` and, if given twice, ``train-other`` for these reasons."""
    uses = dict(SILENT.uses)
    for use, reasons in zip((sa.Use.SEARCH, sa.Use.TRAIN_OTHER), codes, strict=False):
        uses[use] = replace(
            uses[use],
            decision=sa.Decision.HOLD,
            reasons=tuple(Reason(ReasonCode(code), code) for code in reasons),
        )
    assert SILENT.verdict is not None
    verdict = replace(SILENT.verdict, decision=sa.Decision.HOLD)
    return SILENT.model_copy(update={"uses": uses, "verdict": verdict})


NOT_FOUND_OUT = {"access-undetermined", "asset-unreachable", "undetermined"}
OTHERS = {
    "access-terms",
    "licence-caution",
    "unreadable",
    "unmet",
    "unknown",
}


@pytest.mark.parametrize("code", sorted(NOT_FOUND_OUT))
def test_a_hold_because_we_could_not_find_out_is_3(code: str) -> None:
    assert exits.of(held((code,))) == 3
    assert exits.of(held((code,), ("undetermined",))) == 3


@pytest.mark.parametrize("code", sorted(OTHERS))
def test_a_hold_for_another_reason_is_1_also_beside_not_finding_out(code: str) -> None:
    assert exits.of(held((code,))) == 1
    assert exits.of(held(("undetermined",), (code,))) == 1
    assert exits.of(held(("undetermined", code))) == 1


def test_an_agreement_that_is_in_force_is_no_reason_to_hold() -> None:
    assert exits.of(held(("agreement", "undetermined"))) == 3
    assert exits.of(held(("agreement",))) == 1


def test_what_is_ingested_is_0() -> None:
    assert exits.of(SILENT) == 0


@pytest.mark.parametrize(
    ("codes", "code"),
    [([], 0), ([0, 0], 0), ([0, 3], 3), ([3, 1], 1), ([1, 0], 1), ([0, 3, 1, 3], 1)],
)
def test_of_several_results_a_finding_goes_first(codes: list[int], code: int) -> None:
    assert exits.worst(codes) == code
