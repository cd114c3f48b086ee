"""What a URL said at a time, why it was ingested, what rests on a declaration, what tightened."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ledgers import CREDIT, FREE, NO, POLICY, START, assessed

import signals_agent as sa
from signals_agent import evidence
from signals_agent.change import Aspect
from signals_agent.errors import InvalidURL, StoreError, UsageError
from signals_agent.store import Ledger, writing

URL = "https://example.org/a"


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def preference(entry: object) -> str:
    return str(entry.assessment.uses["train-generative"].preference)  # type: ignore[attr-defined]  # any entry will do


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """One page that said three things on three days, and another page, not in order of time."""
    for made in (
        assessed(said=CREDIT, day=2),
        assessed(said=FREE, day=0),
        assessed("https://example.org/b", said=FREE, day=0),
        assessed(said=NO, day=4),
    ):
        ledger.append(made)
    return ledger


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(0, "allow", id="at the very moment"),
        pytest.param(1.5, "allow", id="between two looks, the one before"),
        pytest.param(2, "conditional", id="at the second look"),
        pytest.param(3.999, "conditional", id="just before the third"),
        pytest.param(400, "disallow", id="long after"),
        pytest.param(None, "disallow", id="now"),
    ],
)
def test_what_a_url_said_at_a_time(told: Ledger, at: float | None, expected: str) -> None:
    found = told.said(URL, None if at is None else day(at))
    assert found is not None
    assert preference(found) == expected


def test_before_the_first_look_nothing_is_known(told: Ledger) -> None:
    assert told.said(URL, day(-0.001)) is None
    assert told.said("https://example.org/never") is None


@pytest.mark.parametrize(
    "spelling",
    ["HTTPS://EXAMPLE.org:443/a", "https://example.org/a#part", "https://us:er@example.org/a"],
)
def test_a_url_is_found_in_any_spelling(told: Ledger, spelling: str) -> None:
    found = told.said(spelling)
    assert found is not None
    assert found.url == URL


def test_a_time_with_another_zone_is_the_same_time(told: Ledger) -> None:
    from datetime import timezone

    found = told.said(URL, day(0).astimezone(timezone(timedelta(hours=9))))
    assert found is not None
    assert preference(found) == "allow"


def test_what_cannot_be_asked_is_refused(told: Ledger) -> None:
    with pytest.raises(InvalidURL):
        told.said("example.org/a")
    with pytest.raises(UsageError, match="aware"):
        told.said(URL, datetime(2026, 1, 1))  # noqa: DTZ001  # naive is the mistake
    with pytest.raises(UsageError, match="'take' is not a decision; accepted: ingest, hold, skip"):
        list(told.entries("take"))


def test_where_a_redirect_led_is_found_by_it_unless_it_was_looked_at_itself(
    ledger: Ledger,
) -> None:
    hop = sa.Capture("https://example.org/old", 301, [("Location", "/new")], b"")
    ledger.append(assessed("https://example.org/new", said=CREDIT, hops=(hop,)))
    (entry,) = ledger
    assert (entry.url, entry.final_url) == ("https://example.org/old", "https://example.org/new")
    assert ledger.said("https://example.org/new") == entry == ledger.said(entry.url)
    assert ledger.why("https://example.org/new") is not None
    ledger.append(assessed("https://example.org/new", said=FREE, day=-1))
    found = ledger.said("https://example.org/new")
    assert found is not None
    assert preference(found) == "allow"


def test_why_is_the_last_ingestion_until_then(told: Ledger) -> None:
    grounds = told.why(URL)
    assert grounds is not None
    assert grounds.entry.checked_at == day(2)
    assert [reason.code for reason in grounds.reasons] == ["clear"]
    assert [each.kind for each in grounds.obligations if each.binding] == ["credit"]
    assert CREDIT in {each.expression for each in grounds.declarations}
    earlier = told.why(URL, day(1))
    assert earlier is not None
    assert earlier.entry.checked_at == day(0)
    assert [each for each in earlier.obligations if each.binding] == []


def test_what_was_never_ingested_has_no_why(ledger: Ledger) -> None:
    ledger.append(assessed(said=NO))
    ledger.append(assessed("https://example.org/b", said=FREE, policy=None))
    assert ledger.why(URL) is None
    assert ledger.why("https://example.org/b") is None


def test_has_tells_what_a_second_start_need_not_do(told: Ledger) -> None:
    assert told.has(URL)
    assert told.has("https://EXAMPLE.org/a", since=day(4))
    assert not told.has(URL, since=day(4.001))
    assert not told.has("https://example.org/c")


def test_which_assets_rest_on_a_declaration(ledger: Ledger) -> None:
    pages = [f"https://example.org/{name}" for name in "abc"]
    made = [assessed(url, said) for url, said in zip(pages, (FREE, CREDIT, NO), strict=True)]
    ledger.append_many(made)
    (robots,) = {
        each.id for one in made for each in one.declarations if each.carrier == "robots-txt"
    }
    assert [entry.url for entry in ledger.resting_on(robots)] == pages[:2]
    # What is refused by its own header field does not rest on robots.txt's permission.
    assert [entry.url for entry in ledger.resting_on(robots, None)] == pages[:2]
    (own,) = [each.id for each in made[2].declarations if each.carrier == "http-header"]
    assert list(ledger.resting_on(own)) == []
    assert [entry.url for entry in ledger.resting_on(own, "skip")] == pages[2:]
    assert list(ledger.resting_on("dec-000000000000")) == []


def test_many_assets_rest_on_one_declaration_in_order(ledger: Ledger) -> None:
    ledger.append_many(assessed(f"https://example.org/{n}", FREE) for n in range(150))
    (robots,) = {
        each.id
        for entry in ledger.entries(after=149)
        for each in entry.assessment.declarations
        if each.carrier == "robots-txt"
    }
    assert [entry.number for entry in ledger.resting_on(robots)] == list(range(1, 151))


def test_entries_are_told_by_decision_and_from_a_number(told: Ledger) -> None:
    assert [entry.number for entry in told] == [1, 2, 3, 4]
    assert [entry.number for entry in told.ingested()] == [1, 2, 3]
    assert [entry.number for entry in told.ingested(after=1)] == [2, 3]
    assert [entry.number for entry in told.entries("skip")] == [4]


def test_an_entry_is_found_by_the_beginning_of_its_id(told: Ledger) -> None:
    (first, *_) = told
    assert told.entry(first.id) == told.entry(first.id[:12]) == first
    assert told.entry("") is None
    assert told.entry("zz") is None


def test_what_became_stricter_is_told_with_both_readings(ledger: Ledger) -> None:
    ledger.append(assessed(said=FREE))
    later = assessed(said=CREDIT, day=1)
    found = ledger.tightened(later)
    assert found is not None
    assert (found.before.checked_at, found.after) == (day(0), later)
    told = {(change.aspect, change.use): (change.before, change.after) for change in found.changes}
    assert told[Aspect.PREFERENCE, "train-generative"] == ("allow", "conditional")
    assert told[Aspect.OBLIGATION, "train-generative"][0] == "none"
    by_id = {each.id: each.expression for each in found.after.declarations}
    assert {by_id[each] for change in found.changes for each in change.because} == {CREDIT}
    ledger.append(later)
    again = ledger.tightened(URL)
    assert again is not None
    assert again.changes == found.changes
    assert [each.url for each in ledger.all_tightened()] == [URL]


def test_a_refusal_is_told_with_the_decision(ledger: Ledger) -> None:
    ledger.append(assessed(said=FREE))
    found = ledger.tightened(assessed(said=NO, day=1))
    assert found is not None
    told = {change.aspect: (change.before, change.after) for change in found.changes}
    assert told[Aspect.DECISION] == ("ingest", "skip")
    assert told[Aspect.PREFERENCE] == ("allow", "disallow")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"said": FREE}, {"said": FREE}, id="the same again"),
        pytest.param({"said": CREDIT}, {"said": FREE}, id="less is asked"),
        pytest.param({"said": FREE}, {"said": FREE, "robots": sa.UNREACHABLE}, id="site is down"),
        pytest.param({"said": FREE}, {"said": FREE, "status": 503}, id="page is down"),
        pytest.param({"said": NO}, {"said": NO}, id="it was never ingested"),
        pytest.param({"said": CREDIT}, {}, id="it says no more"),
    ],
)
def test_nothing_became_stricter(ledger: Ledger, before: dict, after: dict) -> None:  # type: ignore[type-arg]  # arguments of any kind
    ledger.append(assessed(**before))
    assert ledger.tightened(assessed(**after, day=1)) is None


def test_crawl_access_that_is_refused_now_is_stricter(ledger: Ledger) -> None:
    ledger.append(assessed(said=FREE))
    found = ledger.tightened(
        assessed(said=FREE, day=1, robots=b"User-agent: ExampleBot\nDisallow: /\n")
    )
    assert found is not None
    changes = {change.aspect: (change.before, change.after) for change in found.changes}
    assert changes[Aspect.ACCESS] == ("allowed", "disallowed")


def test_a_licence_that_permits_less_is_stricter(ledger: Ledger) -> None:
    def licensed(name: str, when: int) -> sa.Assessment:
        link = f"<https://creativecommons.org/licenses/{name}/4.0/>; rel=license"
        page = sa.Capture(URL, 200, [("Link", link)], b"<html></html>")
        return sa.assess(
            page,
            robots=sa.ABSENT,
            site_files={"/.well-known/tdmrep.json": sa.ABSENT},
            policy=POLICY,
            now=day(when),
        )

    ledger.append(licensed("by", 0))
    found = ledger.tightened(licensed("by-nc-nd", 1))
    assert found is not None
    told = {
        change.subject: (change.before, change.after)
        for change in found.changes
        if change.aspect is Aspect.LICENCE
    }
    assert told["commercial-product"][1] == "no"
    assert all(change.because for change in found.changes)


def test_a_copy_is_held_against_the_reading_it_was_taken_by(ledger: Ledger) -> None:
    for when, said in enumerate((CREDIT, FREE, CREDIT)):
        ledger.append(assessed(said=said, day=when))
    assert ledger.tightened(URL) is None  # as when it was first ingested
    found = ledger.tightened(URL, ingested=day(1.5))
    assert found is not None
    assert found.before.checked_at == day(1)


def test_all_that_tightened_is_told_by_url(ledger: Ledger) -> None:
    urls = [f"https://example.org/{number:03}" for number in range(70)]
    ledger.append_many(assessed(url, FREE) for url in urls)
    ledger.append_many(assessed(url, CREDIT, day=1) for url in urls[::7])
    ledger.append_many(assessed(url, FREE, day=1) for url in urls[1::7])
    assert [found.url for found in ledger.all_tightened()] == urls[::7]


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(None, "drop", id="the policy that it was ingested by"),
        pytest.param(sa.Policy(), "keep", id="the one that is given"),
    ],
)
def test_the_policy_says_whether_what_tightened_is_kept(
    ledger: Ledger, given: sa.Policy | None, then: str
) -> None:
    dropping = POLICY.model_copy(update={"on": POLICY.on.model_copy(update={"tightened": "drop"})})
    ledger.append(assessed(said=FREE, policy=dropping))
    later = assessed(said=NO, day=1, policy=POLICY)  # a later policy does not reach back
    found = ledger.tightened(later, policy=given)
    assert found is not None
    assert found.then == then
    ledger.append(later)
    assert [each.then for each in ledger.all_tightened(policy=given)] == [then]


def test_a_policy_whose_evidence_is_damaged_is_not_guessed(ledger: Ledger) -> None:
    from tampering import tamper

    ledger.append_many((assessed(said=FREE), assessed(said=NO, day=1)))
    tamper(Path(ledger.path), "UPDATE assessments SET evidence = '{}' WHERE id = 1")
    with pytest.raises(StoreError, match="entry 1 cannot be read"):
        ledger.tightened(URL)
    found = ledger.tightened(URL, policy=POLICY)
    assert found is not None
    assert found.then == "keep"


def until(entry: object) -> datetime:
    found: datetime = entry.assessment.valid_until  # type: ignore[attr-defined]  # any entry will do
    return found


def test_an_answer_holds_until_its_time_and_no_longer(ledger: Ledger) -> None:
    ledger.append(assessed(said=FREE, day=0))
    (entry,) = ledger
    ends = until(entry)
    assert day(0) < ends
    moment = timedelta(microseconds=1)
    assert ledger.still_holds(URL, day(0)) == entry
    assert ledger.still_holds("HTTPS://EXAMPLE.org:443/a#part", ends - moment) == entry
    assert ledger.still_holds(URL, ends) is None
    assert ledger.still_holds(URL, day(0) - moment) is None
    assert ledger.still_holds(URL) is None or until(entry) > datetime.now(UTC)
    assert ledger.still_holds("https://example.org/other", day(0)) is None


def test_the_last_look_counts_whatever_an_older_answer_promised(ledger: Ledger) -> None:
    """The newer answer went out of force first, or says of no time: the older one is replaced."""
    old = assessed(said=FREE, day=0)
    new = assessed(said=NO, day=0.25)  # type: ignore[arg-type]  # six hours
    ends = old.valid_until
    assert ends is not None
    made = evidence.of(new)
    for until_then in (new.checked_at + timedelta(hours=1), None):
        ended = new.model_copy(update={"valid_until": until_then})
        with ledger.file.writing() as connection:
            held = evidence.of(old)
            writing.write(connection, writing.record(old, held.document, held.blobs))
            writing.write(connection, writing.record(ended, made.document, made.blobs))
        assert ledger.still_holds(URL, new.checked_at + timedelta(hours=2)) is None
    found = ledger.still_holds(URL, new.checked_at - timedelta(minutes=1))
    assert found is not None
    assert found.decision == "ingest"


def test_an_answer_holds_only_for_the_url_that_was_asked_for(ledger: Ledger) -> None:
    hop = sa.Capture("https://example.org/old", 301, [("Location", "/new")], b"")
    ledger.append(assessed("https://example.org/new", said=FREE, hops=(hop,)))
    assert ledger.still_holds("https://example.org/old", day(0)) is not None
    assert ledger.still_holds("https://example.org/new", day(0)) is None
    with pytest.raises(UsageError, match="aware"):
        ledger.still_holds(URL, datetime(2026, 1, 1))  # noqa: DTZ001  # naive is the mistake


def test_what_is_asked_while_crawling_is_found_by_an_index(ledger: Ledger) -> None:
    """As SQLite plans it, for a million rows as for one: no table is gone through, none sorted."""
    asked: list[tuple[str, object]] = []
    rows = ledger.file.rows

    def noting(query: str, values: Sequence[writing.Value] = ()) -> list[Any]:
        asked.append((query, values))
        return rows(query, values)

    ledger.append_many((assessed(said=FREE), assessed(said=NO, day=1)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.file, "rows", noting)
        ledger.still_holds(URL, day(0))
        ledger.has(URL)
        ledger.tightened(assessed(said=NO, day=1))
    assert len(asked) >= 4
    for query, values in asked:
        plan = [row[3] for row in rows(f"EXPLAIN QUERY PLAN {query}", values)]  # type: ignore[arg-type]  # as they were given
        assert all("SCAN" not in each and "TEMP B-TREE" not in each for each in plan), (query, plan)
        assert not any("assessments_by_decision" in each for each in plan), (query, plan)
