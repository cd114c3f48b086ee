"""What shows a commitment is checked; what fails or is over answers nothing, and is named."""

from pathlib import Path

import pytest
from policies import CREDIT, ORIGIN, described, load, owing, verdict

import signals_agent as sa
from signals_agent.proof import Outcome


@pytest.mark.parametrize(
    ("to", "named"),
    [
        pytest.param("*", "the commitment to credit expired on 2026-10-31", id="to everyone"),
        pytest.param(
            ORIGIN, f"the commitment to credit for {ORIGIN} expired on 2026-10-31", id="to one"
        ),
    ],
)
def test_an_expired_commitment_is_named_where_it_would_have_answered(to: str, named: str) -> None:
    text = CREDIT + f'to = "{to}"\nexpires = '
    assert verdict(owing("cc-cr"), sa.Policy.parse(text + "2026-11-01"))[0] == "ingest"
    decision, reasons = verdict(owing("cc-cr"), sa.Policy.parse(text + "2026-10-31"))
    assert decision == "hold"
    assert f"not committed to: credit to press.example; {named}" in reasons


def test_an_expired_commitment_to_somebody_else_or_of_another_kind_is_not_named() -> None:
    text = (
        '[[commitment]]\nkind = "credit"\nto = "https://other.example"\nevidence = "https://us.example/x"\n'
        'expires = 2026-10-31\n[[commitment]]\nkind = "notice"\nevidence = "https://us.example/x"\n'
        "expires = 2026-10-31\n"
    )
    _, reasons = verdict(owing("cc-cr"), sa.Policy.parse(text))
    assert reasons == "not committed to: credit to press.example"


def test_evidence_in_a_file_counts_where_the_file_is_there(tmp_path: Path) -> None:
    text = '[[commitment]]\nkind = "credit"\nevidence = "docs/card.md#sources"\n'
    missing = load(tmp_path, text)
    decision, reasons = verdict(owing("cc-cr"), missing)
    assert decision == "hold"
    assert ("the commitment to credit: its evidence is not there (docs/card.md#sources)") in reasons
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "card.md").write_text("# Sources\n")
    assert verdict(owing("cc-cr"), load(tmp_path, text))[0] == "ingest"
    # What was found when the policy was loaded stays so.
    assert verdict(owing("cc-cr"), missing)[0] == "hold"


@pytest.mark.parametrize(
    ("text", "outcome", "said"),
    [
        pytest.param(described(17), Outcome.HOLDS, "class I of", id="class I"),
        pytest.param(described(12), Outcome.HOLDS, "class II of", id="class II"),
        pytest.param(described(7), Outcome.FAILS, "class III only", id="class III"),
        pytest.param(described(2), Outcome.FAILS, "no class", id="no class"),
        pytest.param("[", Outcome.FAILS, "not open", id="broken"),
        pytest.param(None, Outcome.FAILS, "is not there", id="missing"),
    ],
)
def test_evidence_for_open_is_the_class_of_the_model_that_it_describes(
    tmp_path: Path, text: str | None, outcome: Outcome, said: str
) -> None:
    if text is not None:
        (tmp_path / "m.json").write_text(text)
    policy = load(
        tmp_path,
        '[[commitment]]\nkind = "open"\nevidence = "m.json"\n'
        '[[commitment]]\nkind = "credit"\nevidence = "https://us.example/card"\n',
    )
    check = policy.checks[0]
    assert check.outcome is outcome
    assert said in check.text
    decision, reasons = verdict(owing("cc-cr-op"), policy)
    assert decision == ("ingest" if check.counts else "hold")
    if not check.counts:
        assert "not committed to: open to press.example; the commitment to open: its ev" in reasons


def test_a_description_over_the_cap_fails_closed(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(described(17).encode() + b" " * (5 * 1024 * 1024))
    (check,) = load(tmp_path, '[[commitment]]\nkind = "open"\nevidence = "m.json"').checks
    assert (check.counts, "larger than" in check.text) == (False, True)


def test_an_assertion_of_osaid_stands_beside_a_class_that_does_not_suffice(
    tmp_path: Path,
) -> None:
    (tmp_path / "m.json").write_text(described(7))
    text = (
        '[[commitment]]\nkind = "credit"\nevidence = "https://us.example/card"\n'
        '[[commitment]]\nkind = "open"\nevidence = "m.json"\nosaid = "https://us.example/osaid"\n'
    )
    policy = load(tmp_path, text)
    assert verdict(owing("cc-cr-op"), policy)[0] == "ingest"
    assert [(each.key, each.outcome.value) for each in policy.checks] == [
        ("evidence", "asserted"),
        ("evidence", "fails"),
        ("osaid", "asserted"),
    ]
