"""From bytes in hand to obligations and a decision, as a user of ``assess`` sees it."""

from datetime import UTC, datetime, timedelta

import pytest

import signals_agent as sa

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
URL = "https://library.example/reading-room/maps"
SIGNAL = (("Content-Usage", "train-genai=n;exceptions=cc-cr-ec"),)
HTML = b"<!doctype html><html><head><title>Old maps</title></head><body><p>Maps.</p></body></html>"
BOTH = """
uses = ["train-generative"]
[[commitment]]
kind = "credit"
evidence = "https://us.example/card"
[[commitment]]
kind = "ecosystem-contribution"
evidence = "https://us.example/giving"
"""


def page(
    *headers: tuple[str, str], body: bytes = HTML, status: int = 200, url: str = URL
) -> sa.Capture:
    return sa.Capture(
        url, status=status, headers=(("Content-Type", "text/html"), *headers), body=body
    )


def test_a_cc_signal_holds_until_both_elements_are_committed_to() -> None:
    result = sa.assess(page(*SIGNAL), robots=sa.ABSENT, uses=["train-generative"], now=NOW)
    answer = result.uses["train-generative"]
    assert answer.preference is sa.Preference.CONDITIONAL
    assert answer.literal is sa.Preference.UNKNOWN
    assert result.verdict is not None
    assert result.verdict.decision is sa.Decision.HOLD
    owed = {due.id: due for due in result.obligations_for("train-generative")}
    assert {due.kind for due in owed.values()} == {
        sa.ObligationKind.CREDIT,
        sa.ObligationKind.ECOSYSTEM_CONTRIBUTION,
    }
    assert set(result.verdict.unmet) == set(owed)
    assert {due.to.name for due in owed.values()} == {"library.example"}
    assert all(due.to.inferred for due in owed.values())


def test_with_both_committed_it_is_ingested_and_carries_both() -> None:
    policy = sa.Policy.parse(BOTH)
    result = sa.assess(page(*SIGNAL), robots=sa.ABSENT, policy=policy, now=NOW)
    assert result.verdict is not None
    assert result.verdict.decision is sa.Decision.INGEST
    carried = {due.kind for due in result.obligations if due.id in result.verdict.obligations}
    assert carried == {
        sa.ObligationKind.CREDIT,
        sa.ObligationKind.ECOSYSTEM_CONTRIBUTION,
        sa.ObligationKind.CONVEY_PREFERENCES,
    }


def test_the_credit_line_is_there_where_credit_is_owed() -> None:
    result = sa.assess(page(*SIGNAL), robots=sa.ABSENT, now=NOW)
    assert result.attribution is not None
    assert result.attribution.title == "Old maps"
    assert result.citation("text") == f"\u201cOld maps\u201d, in library.example, {URL}"
    assert result.citation() == f"[Old maps](<{URL}>), in library.example"
    assert result.citation("html").startswith(f'<a href="{URL}">Old maps</a>')
    assert result.citation("bibtex").startswith("@misc{library-example-reading-room-maps-")
    with pytest.raises(sa.UsageError, match="accepted: markdown, html, text, bibtex"):
        result.citation("apa")


def test_where_none_is_owed_it_is_made_when_asked_for() -> None:
    result = sa.assess(page(), robots=sa.ABSENT, now=NOW)
    assert result.attribution is None
    assert "Old maps" in result.citation("text")
    read_back = sa.Assessment.model_validate_json(result.model_dump_json())
    assert read_back.citation("text") == URL


def test_what_is_not_given_is_not_looked() -> None:
    result = sa.assess(page(), now=NOW)
    assert {each.source: each.availability.value for each in result.coverage} == {
        "https://library.example/robots.txt": "not-looked",
        URL: "present",
        "https://library.example/.well-known/tdmrep.json": "not-looked",
    }
    assert all(each.preference is sa.Preference.UNDETERMINED for each in result.uses.values())
    assert all(each.decision is sa.Decision.HOLD for each in result.uses.values())


def test_robots_alone_gives_unknown_with_site_files_not_looked() -> None:
    result = sa.assess(page(), robots=b"User-agent: *\nAllow: /\n", now=NOW)
    assert result.uses["search"].preference is sa.Preference.UNKNOWN
    assert result.uses["search"].decision is sa.Decision.INGEST


def test_a_hop_on_another_origin_needs_its_own_robots() -> None:
    hop = sa.Capture("https://pub.example/a", status=302, headers=(("Location", URL),))
    rules = b"User-agent: *\nContent-Usage: train-ai=n\n"
    alone = sa.assess(page(), hops=[hop], robots=b"", now=NOW)
    assert alone.access.answer.value == "undetermined"
    both = sa.assess(
        page(),
        hops=[hop],
        robots={"https://pub.example": rules, "https://library.example": sa.ABSENT},
        now=NOW,
    )
    assert both.url == "https://pub.example/a"
    assert both.final_url == URL
    assert both.uses["train-generative"].preference is sa.Preference.DISALLOW
    assert both.uses["train-generative"].literal is sa.Preference.UNKNOWN
    assert "redirect-hop-preference" in {note.code for note in both.notes}


def test_an_agreement_must_cover_the_hop_that_refuses() -> None:
    hop = sa.Capture("https://pub.example/a", status=302, headers=(("Location", URL),))
    rules = b"User-agent: *\nContent-Usage: train-ai=n\n"
    robots = {"https://pub.example": rules, "https://library.example": sa.ABSENT}
    agreed = (
        "uses=['train-generative']\n[[agreement]]\nparty='L'\n"
        "origins=[{}]\nuses=['train-generative']\n"
    )
    one = sa.Policy.parse(agreed.format("'https://library.example'"))
    two = sa.Policy.parse(agreed.format("'https://library.example','https://pub.example'"))
    refused = sa.assess(page(), hops=[hop], robots=robots, policy=one, now=NOW)
    lifted = sa.assess(page(), hops=[hop], robots=robots, policy=two, now=NOW)
    assert refused.verdict is not None
    assert lifted.verdict is not None
    assert refused.verdict.decision is sa.Decision.SKIP
    assert lifted.verdict.decision is sa.Decision.INGEST
    assert lifted.uses["train-generative"].preference is sa.Preference.DISALLOW
    assert lifted.verdict.reasons[0].code is sa.ReasonCode.AGREEMENT


def test_both_tokens_count_when_another_acquired_the_asset() -> None:
    robots = b"User-agent: CCBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    ours = sa.assess(page(), robots=robots, token="ExampleBot", now=NOW)
    theirs = sa.assess(page(), robots=robots, token="ExampleBot", acquired_by="CCBot", now=NOW)
    assert ours.access.answer.value == "allowed"
    assert theirs.access.answer.value == "disallowed"
    assert theirs.access.hops[0].rule == "Disallow: /"


def test_a_declaration_can_be_traced_to_its_octets() -> None:
    robots = b"# ours\r\nUser-agent: *\r\n Content-Usage: /reading-room/ train-ai=n # no\r\n"
    result = sa.assess(page(), robots=robots, now=NOW)
    (found,) = result.declarations
    dumped = result.model_dump(mode="json")["declarations"][0]
    assert found.carrier == "robots-txt"
    assert found.source == "https://library.example/robots.txt"
    assert dumped["position"] == {"line": 3, "column": 32}
    assert found.expression == "train-ai=n"
    assert found.octets == b" Content-Usage: /reading-room/ train-ai=n # no"
    assert found.scope.path == "/reading-room/"
    assert found.id in result.uses["train-generative"].because
    assert found.capture in {capture.id for capture in result.captures}


@pytest.mark.parametrize("depth", ["headers", "head", "page"])
def test_depth_says_what_was_not_looked_at(depth: str) -> None:
    body = b"<html><head></head><body><meta name=content-usage content='train-ai=n'></body></html>"
    result = sa.assess(page(body=body), robots=sa.ABSENT, depth=depth, now=NOW)
    use = result.uses["train-generative"]
    looked = {each.part: (each.availability.value, each.required) for each in result.coverage}
    match depth:
        case "headers":
            assert looked["head"] == ("not-looked", True)
            assert use.decision is sa.Decision.HOLD
        case "head":
            assert looked["body"] == ("not-looked", False)
            assert use.preference is sa.Preference.UNKNOWN
        case _:
            assert use.preference is sa.Preference.DISALLOW


def test_a_page_cut_before_its_head_ended_is_unreadable() -> None:
    cut = sa.Capture(
        URL,
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=b"<html><head><title>Old",
        truncated=True,
    )
    result = sa.assess(cut, robots=sa.ABSENT, now=NOW)
    assert result.uses["search"].decision is sa.Decision.HOLD
    assert [r.code.value for r in result.uses["search"].reasons] == ["unreadable"]


def test_an_answer_holds_until_robots_expires_or_the_page_says() -> None:
    fetched = NOW - timedelta(hours=3)
    robots = sa.Capture(
        "https://library.example/robots.txt",
        status=200,
        headers=(("Cache-Control", "max-age=7200"),),
        fetched_at=fetched,
    )
    result = sa.assess(page(), robots=robots, now=NOW)
    assert result.valid_until == fetched + timedelta(hours=2)
    soon = (NOW + timedelta(minutes=5)).strftime("%d %b %Y %H:%M:%S GMT")
    limited = sa.assess(
        page(("X-Robots-Tag", f"unavailable_after: {soon}")), robots=sa.ABSENT, now=NOW
    )
    assert limited.valid_until == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"uses": ["train-ai"]}, "is an AIPREF label"),
        ({"uses": "search"}, "lists of names"),
        ({"vocabulary": "99"}, "unknown vocabulary"),
        ({"token": "Example Bot"}, "is not a product token"),
        ({"depth": "body"}, "unknown depth"),
        ({"now": datetime(2026, 1, 1)}, "aware time"),  # noqa: DTZ001  # naive is the mistake
    ],
)
def test_a_callers_mistake_is_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(sa.UsageError, match=message):
        sa.assess(page(), **options)


def test_permit_answers_before_the_fetch() -> None:
    refused = b"User-agent: *\nDisallow: /reading-room/\n"
    usage = b"User-agent: *\nContent-Usage: train-ai=n\n"
    assert sa.permit(URL, robots=refused).answer is sa.PermitAnswer.SKIP
    assert sa.permit(URL, robots=sa.UNREACHABLE).answer is sa.PermitAnswer.HOLD
    assert sa.permit(URL, robots=b"").answer is sa.PermitAnswer.FETCH
    assert sa.permit(URL, robots=usage).answer is sa.PermitAnswer.FETCH
    training = sa.permit(URL, robots=usage, uses=["train-generative"])
    assert training.answer is sa.PermitAnswer.SKIP
    assert [reason.code for reason in training.reasons] == [sa.ReasonCode.DISALLOW]


@pytest.mark.parametrize("on", ["undetermined", "no_licence"])
def test_what_only_the_asset_can_tell_does_not_refuse_its_fetch(on: str) -> None:
    policy = sa.Policy.parse(f"[on]\n{on} = 'skip'\n")
    assert sa.permit(URL, robots=b"", policy=policy).answer is sa.PermitAnswer.FETCH


def test_every_name_that_is_promised_is_there() -> None:
    for name in sa.__all__:
        assert getattr(sa, name) is not None
    assert set(sa.__all__) <= set(dir(sa))
    with pytest.raises(AttributeError):
        sa.nothing  # noqa: B018  # looking it up is the test


def test_a_304_replaces_what_the_stored_response_said() -> None:
    stored = page(("Content-Usage", "search=y"), ("ETag", '"1"'))
    update = sa.Capture(
        URL,
        status=304,
        headers=(("content-usage", "train-ai=n"), ("Content-Type", "x/y")),
        body=None,
    )
    fresh = stored.refreshed(update)
    result = sa.assess(fresh, robots=sa.ABSENT, now=NOW)
    assert fresh.content_type == "text/html"
    assert fresh.body == HTML
    assert result.uses["train-generative"].preference is sa.Preference.DISALLOW
    assert result.uses["search"].preference is sa.Preference.UNKNOWN


def test_head_says_nothing_that_get_does_not_decide() -> None:
    head = sa.Capture(URL, status=200, headers=(("Content-Type", "text/html"),), body=None)
    get = page(("Content-Usage", "train-ai=n"))
    provisional = sa.assess(head, robots=sa.ABSENT, now=NOW)
    decided = sa.assess(get, robots=sa.ABSENT, now=NOW)
    assert provisional.uses["train-generative"].decision is sa.Decision.HOLD
    assert decided.uses["train-generative"].decision is sa.Decision.SKIP


def test_thousands_of_licences_are_told_in_a_bounded_result() -> None:
    """What is said of all of them together is not written out for each."""
    links = ", ".join(f"<https://site.example/l{each}>; rel=license" for each in range(1600))
    result = sa.assess(page(("Link", links)), robots=sa.ABSENT, now=NOW)
    assert len(result.licences) == 101
    assert "licence-over-cap" in {note.code for note in result.notes}
    assert len(result.model_dump_json()) < 20 * len(links)
    (ambiguous,) = [note for note in result.notes if note.code == "licence-ambiguous"]
    assert len(ambiguous.because) == 101
    for declaration in result.declarations:
        assert all(note.because == (declaration.id,) for note in declaration.notes)


@pytest.mark.parametrize(
    "kind", ["application/atom+xml", "text/markdown"], ids=["a feed", "a dataset card"]
)
def test_what_may_declare_in_its_body_is_not_ingested_on_its_headers(kind: str) -> None:
    asset = sa.Capture(URL, status=200, headers=[("Content-Type", kind)], body=b"---\nx: y\n---\n")
    result = sa.assess(asset, robots=sa.ABSENT, depth="headers", now=NOW)
    assert {answer.decision for answer in result.uses.values()} == {sa.Decision.HOLD}
    (body,) = [each for each in result.coverage if each.part == "body"]
    assert body.required
