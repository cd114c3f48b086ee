"""The recipient's policy: every key is checked, and every mistake is named (rule R26)."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        pytest.param(
            "uses = 'search'",
            'line 1: uses: a list is accepted, such as ["search"]',
            id="text in place of a list",
        ),
        pytest.param(
            "\n[commitment]\nkind = 'credit'",
            "line 2: commitment: there may be several: write [[commitment]]",
            id="one bracket",
        ),
        pytest.param(
            "[[on]]\nunknown = 'hold'",
            "line 1: on: a table is accepted, not a list: write [on]",
            id="two brackets",
        ),
        pytest.param("on = 'hold'", "on: a table is accepted, not 'hold'", id="text for a table"),
        pytest.param(
            "[[commitment]]\nevidence = 'x'",
            "line 1: commitment.1: kind is missing",
            id="a key that is missing",
        ),
        pytest.param(
            "[[commitment]]\nkind = 'crdit'\nevidence = 'x'",
            "line 2: commitment.1.kind: 'crdit' is not accepted, only 'credit', ",
            id="a kind that is none",
        ),
        pytest.param("preset = 'strct'", "or 'observe'; did you mean 'strict'?", id="near a value"),
        pytest.param("name = 3", "name: text in quotes is accepted, not 3", id="a number for text"),
        pytest.param(
            "[[commitment]]\nkind = 'credit'\nevidence = ' '",
            "line 3: commitment.1.evidence: it is empty",
            id="empty evidence",
        ),
        pytest.param(
            "activities = [\n 'mirror',\n 'all',\n]",
            "line 3: activities.2: 'all' is not",
            id="the element of a list",
        ),
        pytest.param(
            "\n[on]\nunreadable = 'ingest'",
            "line 3: on.unreadable: 'ingest' is not accepted, only 'hold' or 'skip'",
            id="never may proceed",
        ),
        pytest.param(
            "[[commitment]]\nkind='credit'\nevidence='x'\ncieling='EUR 5'",
            "line 4: unknown key 'commitment.1.cieling'; did you mean 'ceiling'?",
            id="an unknown key of an entry",
        ),
        pytest.param(
            "\n[[agreement]]\nparty='P'\norigins=['https://p.example']\nuses=['search']\n"
            "from=2026-02-01\nuntil=2026-01-01",
            "contradicts itself: the agreement with P ends (2026-01-01) before it begins "
            "(2026-02-01) (agreement.1.from, line 6; agreement.1.until, line 7)",
            id="ends before it begins",
        ),
    ],
)
def test_a_mistake_is_told_in_plain_words_with_its_line(toml: str, said: str) -> None:
    with pytest.raises(PolicyError) as raised:
        Policy.parse(toml, "p.toml")
    assert said in str(raised.value)
    assert "Input should" not in str(raised.value)


@pytest.mark.parametrize("given", [[], "uses", 3, None, {1: 2}])
def test_what_is_no_mapping_of_keys_is_refused(given: Any) -> None:
    with pytest.raises(PolicyError):
        Policy.make(given)


@pytest.mark.parametrize(
    ("policy", "label"),
    [
        pytest.param(Policy(), "standard", id="the preset"),
        pytest.param(Policy(preset="strict"), "strict", id="another preset"),
        pytest.param(Policy(preset="strict", on={"unknown": "hold"}), "strict", id="said again"),
        pytest.param(Policy.make({"uses": []}), "standard", id="nothing in it"),
        pytest.param(Policy.make({"uses": ["search"]}), "standard, changed", id="changed"),
        pytest.param(Policy(on={"unknown": "hold"}), "standard, changed", id="made in code"),
        pytest.param(
            Policy.parse("preset = 'strict'\n[on]\nunknown = 'ingest'"),
            "strict, changed",
            id="another, changed",
        ),
        pytest.param(Policy.make({"uses": ["search"], "name": "Ours"}), "Ours", id="named"),
        pytest.param(Policy.parse("", "p.toml"), "p.toml", id="a file"),
        pytest.param(Policy.parse("name = 'Ours'", "p.toml"), "Ours", id="a file with a name"),
    ],
)
def test_what_is_changed_is_not_called_as_the_preset(policy: Policy, label: str) -> None:
    assert policy.label == label


def test_a_policy_that_was_stored_without_a_name_keeps_its_digest_and_its_label() -> None:
    record = Policy.make({"uses": ["search"]}).record()
    del record["policy"]["name"]
    stored = Policy.from_record(record)
    assert stored.label == "standard"
    assert stored.record() == record
