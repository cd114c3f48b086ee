"""What is stricter is reported, and what only looks so is not (rule R38)."""

from collections.abc import Mapping
from typing import Any

import pytest
from ledgers import START

import signals_agent as sa
from signals_agent import change
from signals_agent.store import Ledger

URL = "https://site.example/post"
POLICY = "https://site.example/p.json"
BY, BY_NC = (f"https://creativecommons.org/licenses/{name}/4.0/" for name in ("by", "by-nc"))
DUTY = (
    b'{"@context":["http://www.w3.org/ns/odrl.jsonld",{"tdm":"http://www.w3.org/ns/tdmrep#"}],'
    b'"@type":"Offer","profile":"http://www.w3.org/ns/tdmrep","uid":"https://site.example/p.json",'
    b'"assigner":{"uid":"https://site.example/a","vcard:fn":"A"},"permission":[{"target":'
    b'"https://site.example/","action":"tdm:mine","duty":[{"action":"obtainConsent"}]}]}'
)
OPEN, CLOSED = b"User-agent: *\nAllow: /\n", b"User-agent: *\nDisallow: /\n"
EXTENDED = {"/ai.txt": b"User-Agent: *\nDisallow: /\n"}


def answer(
    *said: tuple[str, str],
    policy: Mapping[str, Any] | None = None,
    day: int = 0,
    status: int = 200,
    rules: bytes = OPEN,
    terms: Any = None,
    files: Mapping[str, Any] | None = None,
    url: str = URL,
    **options: Any,
) -> sa.Assessment:
    """A page that says this in its header section, by a policy for training with it."""
    return sa.assess(
        sa.Capture(url, status, [("Content-Type", "text/html"), *said], b"<html><p>x"),
        robots=rules,
        documents={} if terms is None else {POLICY: terms},
        site_files=files,
        policy=sa.Policy.make({"uses": ["train-generative"], **(policy or {})}),
        now=START.replace(day=START.day + day),
        **options,
    )


def usage(signal: str) -> tuple[str, str]:
    return "Content-Usage", signal


def licence(url: str) -> tuple[str, str]:
    return "Link", f'<{url}>; rel="license"'


RESERVED = (("TDM-Reservation", "1"), ("TDM-Policy", POLICY))
MIRROR = {"activities": ["mirror"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            answer(rules=CLOSED),
            answer(usage("train-genai=n;exceptions=cc-cr"), day=1),
            id="kept out, and let in on a condition",
        ),
        pytest.param(
            answer(licence(BY), usage("train-ai=n"), policy=MIRROR),
            answer(licence(BY), usage("train-ai=y"), policy=MIRROR, day=1),
            id="refused, and permitted under the licence of before",
        ),
        pytest.param(
            answer(licence(BY_NC), policy={"activities": ["commercial-product"]}),
            answer(licence(BY), policy={"activities": ["commercial-product"]}, day=1),
            id="a licence that forbids, and one that asks for credit",
        ),
        pytest.param(
            answer(*RESERVED, terms=DUTY),
            answer(*RESERVED, terms=sa.UNREACHABLE, day=1),
            id="a policy that could not be looked at",
        ),
        pytest.param(
            answer(*RESERVED, terms=DUTY),
            answer(*RESERVED, terms=sa.Capture(POLICY, 403), day=1),
            id="a policy that was not handed out",
        ),
    ],
)
def test_what_only_looks_stricter(before: sa.Assessment, after: sa.Assessment) -> None:
    assert not change.tightened(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            answer(*RESERVED, terms=DUTY),
            answer(*RESERVED, terms=sa.ABSENT, day=1),
            id="a policy that was taken away",
        ),
        pytest.param(
            answer(*RESERVED, terms=DUTY),
            answer(*RESERVED, usage("train-ai=n"), terms=sa.UNREACHABLE, day=1),
            id="a policy that could not be looked at, beside a new no",
        ),
        pytest.param(
            answer(rules=CLOSED),
            answer(usage("train-ai=n"), day=1),
            id="kept out, and let in with a no",
        ),
        pytest.param(
            answer(usage("train-ai=y"), licence(BY_NC), policy={"activities": ["release-weights"]}),
            answer(
                usage("train-genai=n;exceptions=cc-cr-dc"),
                licence(BY_NC),
                policy={"activities": ["release-weights"]},
                day=1,
            ),
            id="a condition on what the policy holds anyway",
        ),
        pytest.param(
            answer(usage("train-ai=y"), status=404),
            answer(usage("train-genai=n;exceptions=cc-cr-dc"), day=1),
            id="gone, and back with a condition",
        ),
    ],
)
def test_what_is_stricter_indeed(before: sa.Assessment, after: sa.Assessment) -> None:
    assert change.tightened(before, after)


def test_what_is_carried_no_more_because_it_is_skipped_is_not_relaxed() -> None:
    before = answer(licence(BY), usage("train-ai=y"), policy=MIRROR)
    after = answer(licence(BY), usage("train-ai=n"), policy=MIRROR, day=1)
    assert before.obligations_for("train-generative")
    assert change.relaxed(before, after) == ()


CREDIT = {"commitment": [{"kind": "credit", "evidence": "https://lab.example/credits"}]}
PERMITTED = {
    "statement": [
        {
            "licence": "CC-BY-NC-4.0",
            "origins": ["https://site.example"],
            "activity": "commercial-product",
            "answer": "ok",
            "url": "https://site.example/faq",
        }
    ]
}
PRODUCT = {"activities": ["commercial-product"], **CREDIT}


@pytest.mark.parametrize(
    ("said", "then", "now", "options"),
    [
        pytest.param([licence(BY)], {}, MIRROR, {}, id="more is planned"),
        pytest.param([licence(BY_NC)], {**PRODUCT, **PERMITTED}, PRODUCT, {}, id="a statement"),
        pytest.param(
            [("X-Robots-Tag", "noarchive")], {}, {"vendor_semantics": ["bing"]}, {}, id="semantics"
        ),
        pytest.param([], {}, {"sources": "extended"}, {"files": EXTENDED}, id="more sources"),
    ],
)
def test_another_policy_tightens_nothing(
    ledger: Ledger,
    said: list[tuple[str, str]],
    then: dict[str, Any],
    now: dict[str, Any],
    options: dict[str, Any],
) -> None:
    before = answer(*said, policy=then, **options)
    after = answer(*said, policy=now, day=1, **options)
    assert before.verdict is not None
    assert before.verdict.decision == "ingest"
    assert change.tightened(before, after)  # as far as the two results alone can tell
    ledger.append(before)
    assert ledger.tightened(after) is None
    ledger.append(after)
    assert ledger.tightened(URL) is None
    assert list(ledger.all_tightened()) == []


def test_other_tokens_tighten_nothing(ledger: Ledger) -> None:
    rules = b"User-agent: OneBot\nAllow: /\n\nUser-agent: OtherBot\nDisallow: /\n"
    ledger.append(answer(rules=rules, token="OneBot"))
    assert ledger.tightened(answer(rules=rules, token="OtherBot", day=1)) is None
    ledger.append(answer(rules=rules, token="OtherBot", day=1))
    assert ledger.tightened(URL) is None
    # The copy was taken as OneBot, and so OneBot's group counts for it.
    found = ledger.tightened(answer(rules=CLOSED, token="OtherBot", day=2))
    assert found is not None
    assert [each.text for each in found.changes if each.declared] == [
        "access: allowed, now disallowed"
    ]


def test_what_tightened_by_either_policy_is_told(ledger: Ledger) -> None:
    credit = {**CREDIT, "activities": ["research-internal"]}
    ledger.append(answer(licence(BY), policy=credit))
    for planned in (PRODUCT, credit):
        found = ledger.tightened(answer(licence(BY_NC), policy=planned, day=1))
        assert (found is not None) is (planned is PRODUCT)
    # Refused to whom the copy was taken as, and not to whom it is asked for by now.
    rules = b"User-agent: ExampleBot\nDisallow: /\n"
    other = answer(licence(BY), policy=credit, rules=rules, token="OtherBot", day=2)
    ours = answer(licence(BY), policy=credit, token="ExampleBot", url="https://site.example/b")
    ledger.append(ours)
    assert ledger.tightened(other) is None
    other = answer(licence(BY), policy=credit, rules=rules, token="OtherBot", day=2, url=ours.url)
    assert ledger.tightened(other) is not None
    ledger.append(other)
    assert [each.url for each in ledger.all_tightened()] == [ours.url]


def test_what_tightened_beside_another_policy_is_told_with_the_reading_of_then(
    ledger: Ledger,
) -> None:
    before = answer(licence(BY))
    after = answer(licence(BY), usage("train-ai=n"), policy=MIRROR, day=1)
    ledger.append_many((before, after))
    found = ledger.tightened(URL)
    assert found is not None
    assert found.before == before
    assert [each.text for each in found.changes] == [
        "train-generative preference: unknown, now disallow",
        "train-generative decision: ingest, now skip",
        "train-generative decision: hold, now skip",
    ]
    # Of a result that was read back nobody knows the policy: what it shows is told.
    read = sa.Assessment.model_validate_json(after.model_dump_json())
    assert ledger.tightened(read) is not None


def test_what_was_taken_again_is_kept_while_nothing_is_stricter_than_then(ledger: Ledger) -> None:
    dropping = {**CREDIT, "on": {"tightened": "drop"}}
    credit = usage("train-genai=n;exceptions=cc-cr")
    ledger.append(answer(usage("train-ai=y"), policy=dropping))
    again = answer(credit, policy=dropping, day=1)
    held = answer(credit, policy={"on": {"tightened": "drop"}}, day=2)
    assert [each.verdict.decision for each in (again, held) if each.verdict] == ["ingest", "hold"]
    found = ledger.tightened(again)  # which need not have been appended
    assert found is not None
    assert (found.then, found.taken_again) == ("keep", again.checked_at)
    unseen = ledger.tightened(held)
    assert unseen is not None
    assert (unseen.then, unseen.taken_again) == ("drop", None)
    ledger.append(again)
    found = ledger.tightened(held)
    assert found is not None
    assert (found.then, found.taken_again) == ("keep", again.checked_at)
    for ingested, then in ((START, "drop"), (again.checked_at, None)):
        found = ledger.tightened(held, ingested=ingested)
        assert (None if found is None else found.then) == then
