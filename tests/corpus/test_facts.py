"""What a person says of a corpus, and how a mistake in it is told."""

from datetime import date
from pathlib import Path

import pytest

from signals_agent.corpus.facts import Facts
from signals_agent.errors import ConfigError
from signals_agent.model.licence import Activity


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    """Every kind of key."""
    file = tmp_path / "corpus.toml"
    file.write_text(
        """
name = "ponds"
version = "1.0"
url = "https://you.example/ponds"
released = 2026-12-01
activities = ["release-weights"]
access = "on-request"
[[creator]]
name = "Ann Ponds"
orcid = "0000-0001-2345-6789"
[means]
stated = "a university group"
ceiling = "EUR 500"
[checklist]
audited_again_by = 2027-06-01
[checklist.legal_review]
by = "Bo"
on = 2026-11-20
evidence = "https://you.example/review"
"""
    )
    facts = Facts.load(file)
    assert facts.activities == (Activity.RELEASE_WEIGHTS,)
    assert facts.creator[0].name == "Ann Ponds"
    assert facts.checklist.audited_again_by == date(2027, 6, 1)
    assert facts.checklist.legal_review is not None
    assert facts.checklist.legal_review.by == "Bo"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nam = 1", "unknown key 'nam'; did you mean 'name'?"),
        ("[[creator]]\nnme = 'x'", "unknown key 'creator.1.nme'; did you mean 'name'?"),
        ("[checklist]\nlegal = 1", "unknown key 'checklist.legal'"),
        ("[checklist.legal_review]\nby = 'Bo'", "line 1: checklist.legal_review: on is missing"),
        ("activities = ['sell']", "activities.1: "),
        ("url = 'nowhere'", "url: not an absolute URL"),
        ("name = ", "is not TOML"),
        ("name = '  '", "name: "),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """And with what is accepted."""
    file = tmp_path / "corpus.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        Facts.load(file)
    assert said in str(refused.value)
    assert "corpus.toml" in str(refused.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Missing, or no text."""
    with pytest.raises(ConfigError, match="cannot read"):
        Facts.load(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot read"):
        Facts.load(tmp_path / "x.toml")
