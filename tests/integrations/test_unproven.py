"""What a run is warned of before it begins: promises of its policy that do not count."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import signals_agent as sa
from signals_agent.integrations import unproven

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
POLICY = """
uses = ["train-generative"]

[[commitment]]
kind = "credit"
evidence = "credits.md"

[[commitment]]
kind = "ecosystem-contribution"
evidence = "https://lab.example/fund"
expires = 2026-10-31

[[agreement]]
party = "Press"
origins = ["https://press.example"]
uses = ["train-generative"]
document = "press.pdf"
sha256 = "%064d"

[[agreement]]
party = "Later Press"
origins = ["https://later.example"]
uses = ["train-generative"]
from = 2027-01-01
"""


@pytest.fixture
def policy(tmp_path: Path) -> sa.Policy:
    (tmp_path / "press.pdf").write_bytes(b"%PDF-1.4 signed")
    (tmp_path / "policy.toml").write_text(POLICY % 0)
    return sa.Policy.load(tmp_path / "policy.toml")


def test_each_promise_that_does_not_count_is_told_with_why(policy: sa.Policy) -> None:
    credit, contribution, press, later = unproven.sentences(policy, NOW)
    assert credit.startswith("the commitment to credit: its evidence is not there")
    assert "ecosystem-contribution expired on 2026-10-31" in contribution
    assert press.startswith("the agreement with Press: its document differs from its sha256")
    assert later == "the agreement with Later Press begins only on 2027-01-01, so it does not count"


def test_these_are_the_words_of_policy_check(policy: sa.Policy, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from signals_agent.cli.policy import check

    shown = CliRunner().invoke(check, [str(tmp_path / "policy.toml")], standalone_mode=False)
    said = " ".join(shown.output.split())
    for sentence in unproven.sentences(policy, datetime.now(UTC)):
        assert sentence.removesuffix(", so it does not count") in said


def test_where_all_count_nothing_is_told() -> None:
    assert not list(unproven.sentences(sa.Policy(), NOW))


def test_a_warning_names_the_policy(policy: sa.Policy, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("a wrapper")
    unproven.warn(policy, log)
    assert len(caplog.records) == 4
    assert all(each.levelno == logging.WARNING for each in caplog.records)
    assert all(each.getMessage().startswith("policy.toml: the ") for each in caplog.records)


def _httpx(policy: sa.Policy) -> None:
    from signals_agent.integrations.httpx import SyncSignalsTransport

    with SyncSignalsTransport({"token": "ExampleBot", "policy": policy}):
        pass


def _responses(policy: sa.Policy) -> None:
    from signals_agent.integrations.responses import Judge

    Judge(lambda url: (404, [], b""), token="ExampleBot", policy=policy)


def _datatrove(policy: sa.Policy) -> None:
    pytest.importorskip("datatrove", reason="datatrove is not installed")
    from signals_agent.integrations.datatrove import SignalsFilter

    SignalsFilter(token="ExampleBot", policy=policy)


def _crawlee(policy: sa.Policy) -> None:
    pytest.importorskip("crawlee", reason="crawlee is not installed")
    from signals_agent.integrations.crawlee import Signals

    Signals({"token": "ExampleBot", "policy": policy})


@pytest.mark.parametrize("wrapper", [_httpx, _responses, _datatrove, _crawlee])
def test_every_wrapper_warns_as_it_is_made(
    policy: sa.Policy, wrapper: Callable[[sa.Policy], None], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "signals_agent"):
        wrapper(policy)
    told = [
        each.getMessage()
        for each in caplog.records
        if "so it does not count" in each.msg % each.args
    ]
    assert len(told) == 4
