"""What a run came to, counted."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

import signals_agent as sa
from signals_agent.integrations.tally import ROWS, Tally, decision_of, reasons_of

ROBOTS = b"User-agent: *\nAllow: /\n"


def result(said: str = "", *, policy: object = None, **more: object) -> sa.Assessment:
    lines = [("Content-Type", "text/html"), *([("Content-Usage", said)] if said else [])]
    capture = sa.Capture("https://a.example/p", 200, lines, b"<p>x")
    uses = {"uses": ["train-generative"]}
    return sa.assess(capture, **{"robots": ROBOTS, "policy": policy or uses} | more)  # type: ignore[arg-type]  # keywords of any kind


def test_every_reason_has_its_rule() -> None:
    assert set(ROWS) == set(sa.ReasonCode)


def test_nothing_counted_is_told_as_such() -> None:
    assert Tally().text() == "What enforcement comes to: no asset was judged"


def test_shares_are_of_all_assets() -> None:
    tally = Tally()
    for said in ("", "train-ai=n", "train-ai=n", "train-ai=n;exceptions=cc-cr"):
        tally.add(result(said))
    assert tally.total == 4
    lines = [line.split() for line in tally.text("Enforced").splitlines()]
    assert lines[0] == ["Enforced,", "for", "4", "assets:"]
    assert [line for line in lines if line[0] in ("ingest", "hold", "skip")] == [
        ["ingest", "1", "25.0", "%"],
        ["hold", "1", "25.0", "%"],
        ["skip", "2", "50.0", "%"],
    ]
    assert ["skip:", "disallow", "2", "50.0", "%"] in lines
    assert ["hold:", "unmet", "1", "25.0", "%"] in lines
    assert tally.rules["skip", "R27 row 2: disallow"] == 2  # type: ignore[index]  # a StrEnum is its text
    assert tally.declared["skip", "aipref in http-header"] == 2  # type: ignore[index]  # a StrEnum is its text


def test_an_asset_that_was_not_fetched_counts_by_its_permit() -> None:
    tally = Tally()
    refused = sa.permit("https://a.example/p", robots=b"User-agent: *\nDisallow: /")
    tally.add_permit(refused)
    assert tally.decisions["skip"] == 1  # type: ignore[index]  # a StrEnum is its text
    assert list(tally.reasons) == [("skip", "access-refused")]
    with pytest.raises(ValueError, match="permit to fetch"):
        tally.add_permit(sa.permit("https://a.example/p", robots=ROBOTS))


def test_without_a_verdict_the_worst_use_counts() -> None:
    capture = sa.Capture("https://a.example/p", 200, [("Content-Usage", "train-ai=n")], b"x")
    answer = sa.assess(capture, robots=ROBOTS)
    assert answer.verdict is None
    assert decision_of(answer) == "skip"
    assert {each.code for each in reasons_of(answer)} == {"disallow"}


def test_tallies_of_threads_and_processes_come_to_one() -> None:
    tally, answer = Tally(), result()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tally.add(answer), range(200)))
    tally.merge(pickle.loads(pickle.dumps(tally)))
    assert tally.total == 400


def test_what_is_taken_back_leaves_nothing_behind() -> None:
    tally, refused = Tally(), result("train-ai=n")
    tally.add(refused)
    tally.add(refused)
    tally.take_back(refused)
    assert tally.total == 1
    assert tally.declared["skip", "aipref in http-header"] == 1  # type: ignore[index]  # a StrEnum is its text
    tally.take_back(refused)
    assert (tally.decisions, tally.reasons, tally.rules, tally.declared) == ({}, {}, {}, {})
    assert tally.text().endswith("no asset was judged")


def test_a_use_that_would_do_better_is_not_blamed() -> None:
    """Of two uses, one refused and one of which nobody spoke, only the refusal decides."""
    policy = sa.Policy.make({"uses": ["train-generative", "search"]})
    answer = sa.assess(
        sa.Capture("https://a.example/", 200, [("Content-Usage", "train-genai=n")], b"text"),
        robots=b"User-agent: *\nAllow: /\n",
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        token="ExampleBot",
        policy=policy,
    )
    assert answer.verdict is not None
    assert {each.code for each in answer.verdict.reasons} == {"disallow", "unknown"}
    assert [each.code for each in answer.deciding] == ["disallow"]
    tally = Tally()
    tally.add(answer)
    assert {code for _, code in tally.reasons} == {"disallow"}
    assert "nobody spoke" not in tally.text()


def test_a_hold_is_not_blamed_on_what_refuses_one_use_alone() -> None:
    """A permit has the reasons of every use; of a *hold* only the access decides."""
    policy = sa.Policy.make({"uses": ["train-generative", "search"]})
    reserved = sa.Capture(
        "https://a.example/.well-known/tdmrep.json",
        200,
        [],
        b'[{"location":"/","tdm-reservation":1}]',
    )
    permit = sa.permit(
        "https://a.example/p",
        robots=sa.UNREACHABLE,
        site_files={"/.well-known/tdmrep.json": reserved},
        policy=policy,
    )
    assert permit.answer == "hold"
    assert {each.code for each in permit.reasons} == {"disallow", "access-undetermined"}
    tally = Tally()
    tally.add_permit(permit)
    assert list(tally.reasons) == [("hold", "access-undetermined")]
    assert list(tally.rules) == [("hold", "R27 row 3: access undetermined")]


def test_an_agreement_is_no_reason_for_a_hold() -> None:
    agreed = {"party": "A", "origins": ["https://a.example"], "uses": ["train-generative"]}
    policy = sa.Policy.make({"uses": ["train-generative"], "agreement": [agreed]})
    tally = Tally()
    for status in (200, 503):
        asset = sa.Capture("https://a.example/p", status, [("Content-Type", "text/html")], b"<p>x")
        answer = sa.assess(asset, robots=ROBOTS, policy=policy)
        assert "agreement" in {each.code for each in reasons_of(answer)}
        tally.add(answer)
    assert set(tally.reasons) == {("ingest", "agreement"), ("hold", "asset-unreachable")}


def test_headings_say_where_an_asset_counts_more_than_once() -> None:
    tally = Tally()
    tally.add(result("train-ai=n"))
    assert "  by reason\n" in tally.text()
    policy = {"uses": ["train-generative"], "on": {"no_licence": "hold"}}
    both = result("train-ai=((", policy=sa.Policy.make(policy))
    assert {each.code for each in reasons_of(both)} == {"unreadable", "licence-caution"}
    tally.add(both)
    lines = tally.text().splitlines()
    assert "  by reason (an asset counts under each of its own)" in lines
    assert "  by rule" in lines
    row = "    hold: R27 row 6: not found out, read or plainly licensed"
    assert [line.split() for line in lines if line.startswith(row)] == [
        [*row.split(), "1", "50.0", "%"]
    ]
