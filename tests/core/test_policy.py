"""The recipient's policy: every key is checked, and every mistake is named (rule R26)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from signals_agent.errors import PolicyError
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision
from signals_agent.policy import Policy, in_force


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        pytest.param("unknwn = 1", "unknown key 'unknwn'", id="unknown key"),
        pytest.param("preest = 'strict'", "did you mean 'preset'", id="suggestion"),
        pytest.param("[on]\nunreadible = 'hold'", "did you mean 'unreadable'", id="in a section"),
        pytest.param("uses = ['train-ai']", "is an AIPREF label", id="label in place of a use"),
        pytest.param(
            "[on]\nundetermined = 'ingest'", "'hold' or 'skip'", id="never ingest blindly"
        ),
        pytest.param("tokens = ['Example Bot/1.0']", "is not a product token", id="token"),
        pytest.param("= 3", "is not TOML", id="not TOML"),
        pytest.param(
            "[[commitment]]\nkind = 'payment'\nevidence = 'x'",
            r"it takes an \[\[agreement\]\]",
            id="payment is agreed, not promised",
        ),
        pytest.param(
            "[[commitment]]\nkind = 'direct-contribution'\nevidence = 'x'",
            "needs a ceiling",
            id="no open purse",
        ),
        pytest.param("[[commitment]]\nkind = 'credit'", "needs evidence", id="no bare promise"),
        pytest.param(
            "[[agreement]]\nparty='P'\norigins=['https://p.example/x']\nuses=['search']",
            "an origin has no path",
            id="origin with a path",
        ),
        pytest.param(
            "[[agreement]]\nparty='P'\norigins=['https://p.example']",
            "names the uses or activities",
            id="agreement about nothing",
        ),
        pytest.param(
            "[[agreement]]\nparty='P'\norigins=['https://p.example']\nuses=['search']\n"
            "from=2026-02-01\nuntil=2026-01-01",
            "before it begins",
            id="ends before it begins",
        ),
        pytest.param("[recipient]\ncountry = 'Germany'", "two capital letters", id="country"),
        pytest.param("acquired_by = 'CC Bot'", "is not a product token", id="acquired_by"),
    ],
)
def test_a_mistake_is_named(toml: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        Policy.parse(toml, "policy.toml")


def test_every_mistake_has_a_line_of_its_own() -> None:
    with pytest.raises(PolicyError) as raised:
        Policy.parse("foo = 1\nuses = ['nope']\n[on]\nunknown = 'maybe'", "p.toml")
    lines = str(raised.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith("p.toml: ") for line in lines)


def test_presets_set_defaults_that_a_key_overrides() -> None:
    assert Policy.parse("").on.unknown is Decision.INGEST
    assert Policy.parse("preset = 'strict'").on.unknown is Decision.HOLD
    overridden = Policy.parse("preset = 'strict'\n[on]\nunknown = 'ingest'")
    assert overridden.on.unknown is Decision.INGEST
    assert Policy.parse("preset = 'observe'").on == Policy.parse("").on


def test_the_digest_is_of_the_meaning_not_of_the_layout() -> None:
    one = Policy.parse("uses = ['search']\nsources = 'default'\n")
    other = Policy.parse("# a comment\nsources='default'\nuses=[ 'search' ]\n")
    assert one.sha256 == other.sha256
    assert one.sha256 != Policy.parse("uses = ['model-input']").sha256


def test_a_file_names_its_policy_and_a_missing_one_is_said(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text("uses = ['search']", "utf-8")
    policy = Policy.load(file)
    assert policy.label == "ours.toml"
    assert policy.uses == (Use.SEARCH,)
    with pytest.raises(PolicyError, match="cannot read the policy"):
        Policy.load(tmp_path / "none.toml")


def test_both_ends_of_a_span_count() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert in_force(date(2026, 6, 1), date(2026, 6, 1), noon)
    assert not in_force(date(2026, 6, 2), None, noon)
    assert not in_force(None, date(2026, 5, 31), noon)
