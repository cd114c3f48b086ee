"""A corpus as a ledger has it: what was ingested, once, and what became stricter since."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import signals_agent as sa
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.of_ledger import Dropped, members
from signals_agent.model.licence import Activity, ContactKind
from signals_agent.model.obligation import ObligationKind
from signals_agent.store import Ledger

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVIDENCE = "https://you.example/card"
KEYS: dict[str, Any] = {
    "uses": ["train-generative"],
    "commitment": [
        {"kind": "credit", "evidence": EVIDENCE},
        {"kind": "ecosystem-contribution", "evidence": EVIDENCE},
    ],
}
PAGE = (
    b"<title>Frogs</title><meta name=author content=Ann>"
    b"<link rel=license href=https://creativecommons.org/licenses/by-sa/4.0/>"
)


def _assess(
    url: str = "https://a.example/1",
    usage: str = "train-ai=n;exceptions=cc-cr-ec",
    at: datetime = NOW,
    body: bytes = PAGE,
    **keys: Any,
) -> sa.Assessment:
    return sa.assess(
        sa.Capture(
            url,
            200,
            [("Content-Type", "text/html"), ("Content-Usage", usage)],
            body,
            fetched_at=at,
        ),
        robots=b"User-agent: *\nAllow: /\n",
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        token="ExampleBot",
        policy=sa.Policy.make({**KEYS, **keys}),
        now=at,
    )


def _ledger(folder: Path, *answers: sa.Assessment) -> Ledger:
    ledger = Ledger(folder / "crawl.db")
    ledger.append_many(answers)
    return ledger


def test_a_member_carries_what_the_verdict_carries(tmp_path: Path) -> None:
    """Obligations with their party, the licence that counts, the credit line, the size."""
    with _ledger(tmp_path, _assess()) as ledger:
        (found,) = members(ledger)
    kinds = [each.kind for each in found.debts if each.binding]
    assert kinds == [ObligationKind.CREDIT, ObligationKind.ECOSYSTEM_CONTRIBUTION]
    assert found.footing.labels == ("CC-BY-SA-4.0",)
    assert found.footing.licences[0].activities[Activity.MIRROR].conditions
    assert found.credit is not None
    assert (found.credit.title, found.credit.creators) == ("Frogs", ("Ann",))
    assert found.party.name == "a.example"
    assert found.bytes == len(PAGE)
    assert found.origin.endswith("crawl.db entry 1")
    assert found.ask[-1].name == "a.example"


def test_what_was_held_or_skipped_is_no_member(tmp_path: Path) -> None:
    """Only what was ingested is in the corpus."""
    refused = _assess("https://a.example/2", "train-ai=n")
    unmet = _assess("https://a.example/3", "train-ai=n;exceptions=cc-cr-dc")
    with _ledger(tmp_path, refused, unmet, _assess()) as ledger:
        assert [each.url for each in members(ledger)] == ["https://a.example/1"]


def test_an_asset_that_was_ingested_twice_is_one_member_as_of_the_last_time(
    tmp_path: Path,
) -> None:
    """The later answer counts, in whatever order they were written."""
    later = _assess(body=PAGE + b"more", at=NOW + timedelta(days=1))
    with _ledger(tmp_path, later, _assess()) as ledger:
        (found,) = members(ledger)
    assert found.bytes == len(PAGE) + 4


@pytest.mark.parametrize("by", ["its own policy", "a policy of today"])
@pytest.mark.parametrize("says", ["keep", "drop"])
def test_what_became_stricter_is_kept_or_dropped_as_the_policy_says(
    tmp_path: Path, says: str, by: str
) -> None:
    """Rule R38: later changes do not reach back, unless the policy lets them."""
    own = {"on": {"tightened": says if by == "its own policy" else "keep"}}
    refused = _assess(usage="train-ai=n", at=NOW + timedelta(days=1), **own)
    today = sa.Policy.make({**KEYS, "on": {"tightened": says}})
    told = Dropped()
    with _ledger(tmp_path, _assess(**own), refused, _assess("https://a.example/2")) as ledger:
        found = members(ledger, None if by == "its own policy" else today, told)
        urls = {each.url for each in found}
    kept = says == "keep"
    assert urls == {"https://a.example/2"} | ({"https://a.example/1"} if kept else set())
    assert told.tightened == ([] if kept else ["https://a.example/1"])
    assert told.kept == (1 if kept else 0)


@pytest.mark.parametrize("says", ["keep", "drop"])
def test_what_was_ingested_again_under_stricter_terms_is_a_member(
    tmp_path: Path, says: str
) -> None:
    """Rule R38: what is declared by now is what it was taken again under."""
    own = {"on": {"tightened": says}}
    again = _assess(at=NOW + timedelta(days=1), body=PAGE + b"more", **own)
    told = Dropped()
    with _ledger(tmp_path, _assess(usage="train-ai=y", **own), again) as ledger:
        assert ledger.tightened("https://a.example/1") is not None
        (found,) = members(ledger, dropped=told)
        assert found.bytes == len(PAGE) + 4
        assert (told.tightened, told.kept) == ([], 0)
        # Refused later, whether it was looked at once or twice before.
        ledger.append(_assess(usage="train-ai=n", at=NOW + timedelta(days=2), **own))
        assert bool(list(members(ledger, dropped=told))) is (says == "keep")


def test_members_of_one_kind_stand_on_one_footing(tmp_path: Path) -> None:
    """What licences answer is held once for all assets under them."""
    answers = [_assess(f"https://a.example/{n}") for n in range(5)]
    with _ledger(tmp_path, *answers) as ledger, Holdings() as held:
        held.add(members(ledger))
        assert len(held.footings) == 1
        assert held.extent().assets == 5


def test_creators_are_asked_before_what_an_address_tells(tmp_path: Path) -> None:
    with _ledger(tmp_path, _assess()) as ledger:
        (found,) = members(ledger)
    assert [(each.kind, each.name) for each in found.ask] == [
        (ContactKind.CONTACT, "Ann"),
        (ContactKind.ORIGIN, "a.example"),
    ]
