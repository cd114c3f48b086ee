"""The figures of a run: each counts what its definition says, and no more."""

import gc
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json

import signals_agent as sa
from signals_agent.audit import figures
from signals_agent.audit.figures.nouns import Figures, Party
from signals_agent.store.snapshot import Row, Snapshot

sys.path.append(str(Path(__file__).parents[2] / "support"))
import audit_stores
import ledgers
from audit_stores import Listed

RESULTS: dict[bool, list[dict[str, Any]]] = {}


def counted(path: Path, which: int = -1) -> Figures:
    with Snapshot(path, which) as snapshot:
        return figures.of(snapshot)


@pytest.fixture(scope="module", params=[True, False], ids=["with a policy", "without any"])
def run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Figures, list[tuple[str, dict[str, Any]]]]:
    """The figures of every bundled vector, each at a URL of its own, and the results."""
    path = tmp_path_factory.mktemp("run") / "audit.db"
    answers = audit_stores.varied(policy=request.param)
    audit_stores.repeated(path, len(answers) + 40, origins=3, answers=answers, waiting=5)
    with Snapshot(path) as snapshot:
        rows = [(row.url, from_json(row.result)) for row in snapshot.rows() if row.result]
        return figures.of(snapshot), rows


Run = tuple[Figures, list[tuple[str, dict[str, Any]]]]


def uses_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    verdict = result.get("verdict")
    return [result["uses"][use] for use in (verdict["uses"] if verdict else result["uses"])]


def assets(rows: list[tuple[str, dict[str, Any]]], facts: Callable[[Any], Any]) -> dict[Any, int]:
    """How many assets have each of some facts, counted as plainly as can be."""
    return dict(Counter(fact for _, result in rows for fact in set(facts(result))))


def origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


def test_every_listed_url_is_counted_once_as_answered_or_waiting(run: Run) -> None:
    found, rows = run
    assert found.counts.answered == len(rows)
    assert found.counts.listed == len(rows) + 5
    assert found.counts.waiting == 5
    assert found.origins == found.counts.hosts


def test_decisions_are_those_of_the_verdicts(run: Run) -> None:
    found, rows = run
    told = [result["verdict"]["decision"] for _, result in rows if "verdict" in result]
    assert found.decided == dict(Counter(told))
    assert found.has_verdict is bool(told)


def test_uses_are_counted_by_decision_and_by_preference(run: Run) -> None:
    found, rows = run
    assert list(found.by_use) == [use.value for use in sa.Use]
    for use in sa.Use:
        answers = [result["uses"][use] for _, result in rows]
        assert found.by_use[use] == Counter(each["decision"] for each in answers)
        assert found.preferences[use] == Counter(each["preference"] for each in answers)


def test_access_is_counted_by_answer(run: Run) -> None:
    found, rows = run
    assert found.access == assets(rows, lambda result: [result["access"]["answer"]])


def test_sources_are_families_in_carriers_with_their_assets_and_origins(run: Run) -> None:
    found, rows = run
    told = {(each.family, each.carrier): each for each in found.sources}
    assert {key: each.assets for key, each in told.items()} == assets(
        rows, lambda result: [(each["family"], each["carrier"]) for each in result["declarations"]]
    )
    for (family, carrier), each in told.items():
        where = {
            origin(url)
            for url, result in rows
            for one in result["declarations"]
            if (one["family"], one["carrier"]) == (family, carrier)
        }
        assert each.origins == len(where)


def test_terms_of_access_alone_are_no_declaration_about_use(run: Run) -> None:
    found, rows = run
    declaring = [
        url
        for url, result in rows
        if any(each["family"] != "access" for each in result["declarations"])
    ]
    assert found.declared == len(declaring)
    assert found.declared_origins == len({origin(url) for url in declaring})
    assert found.declared < len([url for url, result in rows if result["declarations"]])


def owed(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    verdict = result.get("verdict")
    if verdict is not None:
        wanted = [] if verdict["decision"] == "skip" else verdict["obligations"]
    else:
        wanted = [
            one
            for each in result["uses"].values()
            if each["decision"] != "skip"
            for one in each["obligations"]
        ]
    return (each for each in result["obligations"] if each["id"] in wanted)


def test_what_is_skipped_owes_nothing(run: Run) -> None:
    found, rows = run
    assert found.owed == assets(rows, lambda result: [each["kind"] for each in owed(result)])
    assert found.binding == assets(
        rows, lambda result: [each["kind"] for each in owed(result) if each["binding"]]
    )
    assert found.bound == len(
        [url for url, result in rows if any(each["binding"] for each in owed(result))]
    )
    asked = assets(rows, lambda result: [each["kind"] for each in result["obligations"]])
    assert (found.owed == asked) is not found.has_verdict


def test_parties_are_told_with_most_binding_first_and_the_others_counted(run: Run) -> None:
    found, rows = run
    expected: dict[tuple[str, str, bool], Counter[str]] = {}
    binding: Counter[tuple[str, str, bool]] = Counter()
    for _, result in rows:
        seen = set()
        for each in owed(result):
            if each["kind"] == "convey-preferences":
                continue
            to = each["to"]["name"], each["to"].get("url", ""), each["to"]["inferred"]
            seen.add((to, each["kind"]))
        for to, kind in seen:
            expected.setdefault(to, Counter())[kind] += 1
        binding.update(
            {
                (each["to"]["name"], each["to"].get("url", ""), each["to"]["inferred"])
                for each in owed(result)
                if each["binding"]
            }
        )

    def key(each: Party) -> tuple[str, str, bool]:
        return each.name, each.url, each.inferred

    assert {key(each): each.owed for each in found.parties} == expected
    order = [binding[key(each)] for each in found.parties]
    assert order == sorted(order, reverse=True)
    assert found.more_parties == 0


def test_licences_go_by_spdx_id_else_by_name(run: Run) -> None:
    found, rows = run
    names = assets(
        rows,
        lambda result: [
            each.get("spdx") or each.get("name") or each["label"] for each in result["licences"]
        ],
    )
    assert found.licences == names
    assert "CC-BY-4.0" in names


def test_notes_on_disagreement_are_contradictions_and_no_others(run: Run) -> None:
    found, rows = run
    told: Counter[str] = Counter()
    for each in (*found.contradictions, *found.notes):
        if each.code != "resolution-families-disagree":
            told[each.code] += each.assets
    counted = assets(rows, lambda result: [each["code"] for each in result["notes"]])
    pairs = counted.pop("resolution-families-disagree")
    assert told == counted
    disagreeing = [
        each for each in found.contradictions if each.code == "resolution-families-disagree"
    ]
    assert max(each.assets for each in disagreeing) <= pairs
    assert sum(each.assets for each in disagreeing) >= pairs
    assert "aipref and content-signal disagree, and the stricter counts" in {
        each.summary for each in disagreeing
    }


def test_costs_are_counted_under_each_reason_behind_the_decision(run: Run) -> None:
    found, rows = run
    held: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for _, result in rows:
        verdict = result.get("verdict")
        for decision, counter in (("hold", held), ("skip", skipped)):
            if verdict is not None and verdict["decision"] != decision:
                continue
            counter.update(
                {
                    reason["code"]
                    for each in uses_of(result)
                    if each["decision"] == decision
                    for reason in each["reasons"]
                    if reason["code"] not in ("agreement", "clear")
                }
            )
    for code in held.keys() | skipped.keys():
        rules = [each for each in found.costs if each.code == code]
        # An asset counts under each family and carrier behind its reason.
        assert max(each.held for each in rules) <= held[code] <= sum(each.held for each in rules)
        assert (
            max(each.skipped for each in rules)
            <= skipped[code]
            <= sum(each.skipped for each in rules)
        )
    assert {each.code for each in found.costs} == held.keys() | skipped.keys()
    assert all(each.alone <= max(each.held, each.skipped) for each in found.costs)
    assert found.costs_are_of_uses is not found.has_verdict


def test_what_could_not_be_found_out_is_told_for_each_asset_in_doubt(run: Run) -> None:
    found, rows = run
    codes = {"access-undetermined", "asset-unreachable", "undetermined", "unreadable"}
    in_doubt = {
        url
        for url, result in rows
        if result["access"]["answer"] == "undetermined"
        or any(reason["code"] in codes for each in uses_of(result) for reason in each["reasons"])
    }
    assert found.in_doubt == len(in_doubt)
    assert sum(each.assets for each in found.not_found_out) >= len(in_doubt)
    assert {url for each in found.not_found_out for url in each.examples} <= in_doubt
    reasons = {(each.reason, each.source) for each in found.not_found_out}
    assert ("answered 503", "robots-txt") in reasons
    assert ("answered 503", "asset") in reasons
    assert ("a challenge in its place (Cloudflare)", "asset") in reasons
    assert ("what is declared of AIPREF could not be read", "declaration") in reasons


def test_sources_are_counted_by_how_looking_ended(run: Run) -> None:
    found, rows = run
    assert set(found.availability) == {"asset", "robots-txt", "site-file", "document", "part"}
    robots = assets(
        rows,
        lambda result: [
            each["availability"]
            for each in result["coverage"]
            if each["source"].endswith("/robots.txt")
        ],
    )
    assert found.availability["robots-txt"] == robots
    assert sum(found.statuses.values()) == len(rows)
    assert found.statuses["5xx"] > 0


def test_examples_are_the_first_five_urls_in_the_order_of_the_run(run: Run) -> None:
    found, rows = run
    first = next(each for each in found.sources if each.assets > 5)
    group = next(each for each in found.notes if each.assets > 5)
    urls = [url for url, result in rows if group.code in {each["code"] for each in result["notes"]}]
    assert group.examples == tuple(urls[:5])
    assert first.assets > 5


def test_tallies_are_in_their_order(run: Run) -> None:
    found, _ = run
    for tally in (found.decided, found.owed, found.licences, found.signals, found.access):
        assert list(tally.items()) == sorted(tally.items(), key=lambda each: (-each[1], each[0]))


def test_a_run_of_nothing_has_figures(tmp_path: Path) -> None:
    found = counted(audit_stores.of(tmp_path / "a.db", []))
    assert found.counts.listed == 0
    assert not found.has_verdict
    assert (found.sources, found.parties, found.costs, found.not_found_out) == ((), (), (), ())


def test_only_the_run_that_is_asked_for_is_counted(tmp_path: Path) -> None:
    path = audit_stores.of(tmp_path / "a.db", [ledgers.numbered(each) for each in range(6)])
    audit_stores.of(path, [ledgers.numbered(each) for each in range(7, 9)])
    assert counted(path, 1).counts.answered == 6
    assert counted(path).counts.answered == 2
    assert sum(counted(path).decided.values()) == 2
    assert counted(path).origins == 1


def test_two_policies_in_one_run_are_told(tmp_path: Path) -> None:
    other = sa.Policy.make({"preset": "strict", "uses": ["search"]}, "other.toml")
    path = audit_stores.of(
        tmp_path / "a.db",
        [ledgers.assessed(), ledgers.assessed("https://example.org/b", policy=other)],
    )
    assert sorted(counted(path).policies.values()) == [1, 1]
    assert len({each.partition(" (")[0] for each in counted(path).policies}) == 2


def test_what_kept_a_source_from_being_reached_is_told_in_the_words_of_who_tried(
    tmp_path: Path,
) -> None:
    def failed(url: str, failure: str) -> sa.Assessment:
        page = sa.Capture(url, availability=sa.UNREACHABLE, failure=failure)
        return sa.assess(page, robots=sa.ABSENT, token="ExampleBot", now=ledgers.START)

    path = audit_stores.of(
        tmp_path / "a.db",
        [
            failed("https://a.example/1", "no answer came in time"),
            failed("https://a.example/2", "no answer came in time"),
            failed("https://b.example/", "the TLS certificate could not be verified"),
            Listed("https://c.example/"),
        ],
    )
    told = [(each.reason, each.assets, each.origins) for each in counted(path).not_found_out]
    assert told == [
        ("no answer came in time", 2, 1),
        ("the TLS certificate could not be verified", 1, 1),
    ]


def test_the_asset_that_was_not_asked_for_because_of_robots_txt_is_no_reason(
    tmp_path: Path,
) -> None:
    robots = sa.Capture("https://a.example/robots.txt", 503)
    page = sa.Capture("https://a.example/x", availability=sa.NOT_LOOKED)
    answer = sa.assess(page, robots=robots, token="ExampleBot", now=ledgers.START)
    found = counted(audit_stores.of(tmp_path / "a.db", [answer]))
    assert [(each.reason, each.source) for each in found.not_found_out] == [
        ("answered 503", "robots-txt")
    ]


def test_refused_access_is_found_out(tmp_path: Path) -> None:
    page = sa.Capture("https://a.example/x", availability=sa.NOT_LOOKED)
    answer = sa.assess(
        page,
        robots=b"User-agent: *\nDisallow: /\n",
        token="ExampleBot",
        now=ledgers.START,
        policy=ledgers.POLICY,
    )
    found = counted(audit_stores.of(tmp_path / "a.db", [answer]))
    assert found.not_found_out == ()
    assert found.in_doubt == 0
    assert [(each.code, each.skipped, each.alone) for each in found.costs] == [
        ("access-refused", 1, 1)
    ]


def test_more_parties_than_are_told_are_counted(tmp_path: Path) -> None:
    many = 250
    answers = [
        ledgers.assessed(f"https://site-{each}.example/", ledgers.CREDIT) for each in range(many)
    ]
    # Twice from one origin, so that it comes first.
    answers.append(ledgers.assessed("https://site-77.example/b", ledgers.CREDIT))
    found = counted(audit_stores.of(tmp_path / "a.db", answers))
    assert (found.parties[0].name, found.parties[0].assets) == ("site-77.example", 2)
    assert len(found.parties) == 200
    assert found.more_parties == many - 200


def test_parties_beyond_what_is_held_in_memory_are_counted_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = audit_stores.repeated(tmp_path / "a.db", 900, origins=5)
    found = counted(path)
    monkeypatch.setattr("signals_agent.audit.figures.owing._MOST_HELD", 3)
    assert counted(path) == found


def test_whoever_wants_the_rows_gets_them_in_the_same_pass(tmp_path: Path) -> None:
    answers = [ledgers.numbered(each) for each in range(4)]
    path = audit_stores.of(tmp_path / "a.db", [*answers, Listed("https://late.example/")])
    seen: list[tuple[int, Any]] = []

    def see(row: Row, result: Any) -> None:
        seen.append((row.number, result and result["url"]))

    with Snapshot(path) as snapshot:
        figures.of(snapshot, see)
    assert seen == [*((place, each.url) for place, each in enumerate(answers, 1)), (5, None)]


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = audit_stores.repeated(tmp_path / f"{rows}.db", rows, origins=rows)
        counted(path)  # whatever is loaded once
        gc.collect()
        tracemalloc.start()
        try:
            counted(path)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(3200) < 1.3 * peak(800)
