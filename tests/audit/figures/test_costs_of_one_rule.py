"""What would be ingested if one rule alone fell away: held against what then is."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import signals_agent as sa
from signals_agent.audit import figures
from signals_agent.store.snapshot import Snapshot

sys.path.append(str(Path(__file__).parents[2] / "support"))
import audit_stores
import ledgers

NO = ("Content-Usage", "train-ai=n")
PAID = ("Content-Usage", "train-ai=n;exceptions=cc-cr-dc")
SIGNAL = b"User-agent: *\nContent-Signal: ai-train=no\n"
NO_SIGNAL = b"User-agent: *\nAllow: /\n"
REFUSED = b"User-agent: *\nDisallow: /\n"
LICENCE = '<link rel="license" href="https://creativecommons.org/licenses/by-nc-nd/4.0/">'
UNREADABLE = b"[{"


def assessed(
    *headers: tuple[str, str],
    robots: object = NO_SIGNAL,
    status: int = 200,
    head: str = "",
    tdm: object = sa.ABSENT,
    policy: Mapping[str, object] | None = None,
) -> sa.Assessment:
    page = sa.Capture(
        "https://example.org/a",
        status,
        [("Content-Type", "text/html"), *headers],
        f"<html><head>{head}<title>a</title></head><p>words</html>".encode(),
    )
    return sa.assess(
        page,
        robots=robots,
        site_files={"/.well-known/tdmrep.json": tdm},
        token="ExampleBot",
        policy=sa.Policy.make({"uses": ["train-generative"], **(policy or {})}),
        now=ledgers.START,
    )


STRICT = {"preset": "strict"}
RELEASE = {"activities": ["redistribute-modified"]}

CASES = {
    "a header alone": (
        ("disallow", "aipref", "http-header"),
        lambda: assessed(NO),
        assessed,
    ),
    "a header, and another family in robots.txt": (
        ("disallow", "aipref", "http-header"),
        lambda: assessed(NO, robots=SIGNAL),
        lambda: assessed(robots=SIGNAL),
    ),
    "a header, where silence is not enough": (
        ("disallow", "aipref", "http-header"),
        lambda: assessed(NO, policy=STRICT),
        lambda: assessed(policy=STRICT),
    ),
    "a condition that is not met": (
        ("unmet", "aipref", "http-header"),
        lambda: assessed(PAID),
        assessed,
    ),
    "a condition in a header, and a disallow in robots.txt": (
        ("disallow", "content-signal", "robots-txt"),
        lambda: assessed(PAID, robots=SIGNAL),
        lambda: assessed(PAID),
    ),
    "refused access alone": (
        ("access-refused", "", ""),
        lambda: assessed(robots=REFUSED),
        assessed,
    ),
    "refused access, and a disallow in the header": (
        ("access-refused", "", ""),
        lambda: assessed(NO, robots=REFUSED),
        lambda: assessed(NO),
    ),
    "a disallow on what is not there": (
        ("disallow", "content-signal", "robots-txt"),
        lambda: assessed(robots=SIGNAL, status=404),
        lambda: assessed(status=404),
    ),
    "a robots.txt that cannot be reached": (
        ("access-undetermined", "", ""),
        lambda: assessed(robots=sa.UNREACHABLE),
        assessed,
    ),
    "a licence that forbids what is planned": (
        ("licence-forbids", "licence", "html-link"),
        lambda: assessed(head=LICENCE, policy=RELEASE),
        lambda: assessed(policy=RELEASE),
    ),
    "a disallow, and a licence that forbids": (
        ("disallow", "aipref", "http-header"),
        lambda: assessed(NO, head=LICENCE, policy=RELEASE),
        lambda: assessed(head=LICENCE, policy=RELEASE),
    ),
    "a site file that cannot be read": (
        ("unreadable", "tdmrep", "well-known"),
        lambda: assessed(tdm=UNREADABLE),
        assessed,
    ),
    "a disallow, and a site file that cannot be read": (
        ("disallow", "aipref", "http-header"),
        lambda: assessed(NO, tdm=UNREADABLE),
        lambda: assessed(tdm=UNREADABLE),
    ),
    "nobody spoke, and the policy holds that": (
        ("unknown", "", ""),
        lambda: assessed(policy=STRICT),
        lambda: assessed(("Content-Usage", "train-ai=y"), policy=STRICT),
    ),
}


@pytest.mark.parametrize(("rule", "with_it", "without"), CASES.values(), ids=CASES.keys())
def test_an_asset_counts_for_a_rule_alone_where_it_is_ingested_without_it(
    tmp_path: Path, rule: tuple[str, str, str], with_it: object, without: object
) -> None:
    assert callable(with_it)
    assert callable(without)
    answer = with_it()
    assert answer.verdict.decision != "ingest"
    path = audit_stores.of(tmp_path / "a.db", [answer])
    with Snapshot(path) as snapshot:
        costs = figures.of(snapshot).costs
    told = {(each.code, each.family, each.carrier): each for each in costs}
    assert told[rule].held + told[rule].skipped == 1
    assert told[rule].alone == (without().verdict.decision == "ingest")


def test_a_document_falls_away_with_what_names_it(tmp_path: Path) -> None:
    robots = b"User-agent: *\nAllow: /\nLicense: https://example.org/license.xml\n"
    document = (
        b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        b'<prohibits type="usage">ai-train</prohibits></license></content></rsl>'
    )
    page = sa.Capture("https://example.org/a", 200, [("Content-Type", "text/html")], b"<p>words")
    answer = sa.assess(
        page,
        robots=robots,
        documents={"https://example.org/license.xml": document},
        token="ExampleBot",
        policy=sa.Policy.make({"uses": ["train-generative"]}),
        now=ledgers.START,
    )
    with Snapshot(audit_stores.of(tmp_path / "a.db", [answer])) as snapshot:
        found = figures.of(snapshot)
    assert {each.carrier for each in found.sources} == {"robots-txt", "licence-document"}
    assert [(each.family, each.carrier, each.alone) for each in found.costs] == [
        ("rsl", "robots-txt", 1)
    ]


def test_what_is_ingested_costs_nothing(tmp_path: Path) -> None:
    with Snapshot(audit_stores.of(tmp_path / "a.db", [assessed()])) as snapshot:
        assert figures.of(snapshot).costs == ()


@pytest.mark.parametrize("status", [404, 410, 403, 204])
@pytest.mark.parametrize("robots", [NO_SIGNAL, SIGNAL], ids=["nothing said", "a disallow too"])
def test_where_there_is_no_asset_nothing_can_be_gained(
    tmp_path: Path, status: int, robots: bytes
) -> None:
    answer = assessed(robots=robots, status=status)
    with Snapshot(audit_stores.of(tmp_path / "a.db", [answer])) as snapshot:
        costs = figures.of(snapshot).costs
    assert costs
    assert ("no-asset" in {each.code for each in costs}) is (robots is NO_SIGNAL)
    assert [each.alone for each in costs] == [0] * len(costs)
