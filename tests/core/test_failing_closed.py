"""What could not be looked at, or not be read, is never ingested (rules R15a, R28, R39)."""

import gzip
import zlib
from datetime import timedelta

import pytest
from press import NOW, PAGE, TYPE, URL, decide, page, robots

import signals_agent as sa
from signals_agent.resolve.access import Given

TDMREP = "/.well-known/tdmrep.json"
NOAI = b'<html><head><meta name="robots" content="noai"></head><body>Words.</body></html>'


def test_a_page_that_says_nothing_is_ingested() -> None:
    assert decide(page()) is sa.Decision.INGEST


@pytest.mark.parametrize(
    "capture",
    [
        pytest.param(sa.Capture(URL, status=200, headers=(TYPE,)), id="no body was given"),
        pytest.param(sa.Capture(URL, status=200), id="neither a type nor a body was given"),
        pytest.param(page(gzip.compress(NOAI)), id="still compressed"),
        pytest.param(
            sa.Capture(URL, status=200, body=gzip.compress(NOAI)), id="still compressed, no type"
        ),
        pytest.param(
            page(b"\x8b\x12\x00\x01" * 90, ("Content-Encoding", "br")), id="still in Brotli"
        ),
        pytest.param(
            page(zlib.compress(NOAI, wbits=-15), ("Content-Encoding", "deflate")),
            id="still in raw deflate",
        ),
        pytest.param(page(zlib.compress(NOAI * 9)), id="still in zlib, and no field says so"),
        pytest.param(
            page(PAGE, ("Content-Range", "bytes 1000-2000/9999"), status=206), id="a part"
        ),
        pytest.param(
            sa.Capture(URL, status=200, headers=(TYPE,), body=PAGE, truncated=True), id="cut"
        ),
        pytest.param(page(b"", ("Content-Length", "0")), id="without content"),
        pytest.param(
            sa.Capture(URL, status=200, headers={"Server": "x"}), id="a header section alone"
        ),
        pytest.param(page(PAGE, status=302), id="a redirect that nobody followed"),
        pytest.param(
            sa.Capture(URL, status=200, availability=sa.Availability.UNREADABLE), id="unreadable"
        ),
    ],
)
def test_an_asset_that_was_not_wholly_looked_at_is_not_ingested(capture: sa.Capture) -> None:
    assert decide(capture) is not sa.Decision.INGEST


@pytest.mark.parametrize(
    "kind",
    [
        "text/html, text/html",
        "text/html charset=utf-8",
        "html",
        "application/octet-stream",
        "TEXT/HTML",
        "",
    ],
)
def test_no_spelling_of_the_type_hides_a_page(kind: str) -> None:
    capture = sa.Capture(URL, status=200, headers=(("Content-Type", kind),), body=NOAI)
    assert decide(capture) is sa.Decision.SKIP


def test_a_second_type_does_not_hide_a_page() -> None:
    headers = (TYPE, ("Content-Type", "text/plain"))
    assert decide(sa.Capture(URL, status=200, headers=headers, body=NOAI)) is sa.Decision.SKIP


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="None"),
        pytest.param(robots(None), id="headers only"),
        pytest.param(robots(gzip.compress(b"User-agent: *\nDisallow: /\n")), id="compressed"),
        pytest.param(
            robots(
                bytes.fromhex("0b2d4e2dd24d4c4fcd2bb152d0e272c92c4eccc9c92fb752d0e70200"),
                headers={"Content-Encoding": "deflate"},
            ),
            id="still in raw deflate",
        ),
        pytest.param(
            robots(
                b"\x8b\x0c\x80User-agent: *\nDisallow: /\n\x03",
                headers={"Content-Encoding": "br"},
            ),
            id="still in Brotli",
        ),
        pytest.param(robots(b"User-agent: *\nDisallo", truncated=True), id="cut early"),
        pytest.param(robots(b"", fetched_at=NOW - timedelta(days=21)), id="three weeks old"),
        pytest.param(robots(b"", availability=sa.Availability.UNREADABLE), id="unreadable"),
    ],
)
def test_a_robots_txt_that_was_not_looked_at_is_not_an_empty_one(given: Given) -> None:
    assert decide(page(), given) is sa.Decision.HOLD


def test_never_another_days_robots_txt() -> None:
    """Rule R32: within a day before, else within a day after with a note, else never."""
    asset = sa.Capture(URL, status=200, headers=(TYPE,), body=PAGE, fetched_at=NOW)
    for days, decision in ((-2, "hold"), (-0.5, "ingest"), (0.5, "ingest"), (2, "hold")):
        then = robots(b"", fetched_at=NOW + timedelta(days=days))
        assert decide(asset, then) == decision
    later = sa.assess(asset, robots=robots(b"", fetched_at=NOW + timedelta(hours=2)), now=NOW)
    assert "source-captured-later" in {note.code for note in later.notes}


@pytest.mark.parametrize(
    "given",
    [
        sa.Availability.UNREADABLE,
        sa.Capture("https://press.example" + TDMREP, status=200, body=b"[{", truncated=True),
        gzip.compress(b"[]"),
    ],
    ids=["unreadable", "over a cap", "compressed"],
)
def test_an_unreadable_site_file_leaves_what_it_governs_in_the_dark(given: Given) -> None:
    assert decide(page(), site_files={TDMREP: given}) is sa.Decision.HOLD
    result = sa.assess(page(), robots=sa.ABSENT, site_files={TDMREP: given}, now=NOW)
    assert result.uses["search"].decision is sa.Decision.INGEST
    assert "source-unreadable" in {note.code for note in result.notes}


def test_an_optional_source_that_failed_is_unset_with_a_note() -> None:
    result = sa.assess(page(), robots=sa.ABSENT, site_files={TDMREP: sa.UNREACHABLE}, now=NOW)
    assert result.uses["search"].decision is sa.Decision.INGEST
    assert [note.code for note in result.notes] == ["source-unset"]


@pytest.mark.parametrize("said", ["train-ai=n", "train-ai=n;exceptions=cc-cr-dc"])
def test_a_redirect_on_the_same_origin_does_not_launder(said: str) -> None:
    rules = f"User-agent: *\nContent-Usage: /o/ {said}\nContent-Usage: /new/ train-ai=y\n"
    hop = sa.Capture("https://press.example/o/x", status=302)
    assert decide(page(), rules.encode(), hops=[hop]) is not sa.Decision.INGEST


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("image/png", b"x"),
        ("application/octet-stream", b"\x89PNG\r\n\x1a\n"),
        ("", b"RIFF\x10\x00\x00\x00WEBPVP8 "),
        ("", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
        ("", b"\x00\x00\x00\x20ftypavif"),
    ],
)
def test_a_page_speaks_for_its_images_whatever_they_are_sent_as(kind: str, body: bytes) -> None:
    around = sa.Capture(
        "https://press.example/",
        status=200,
        headers=(TYPE,),
        body=b'<html><head><meta name="robots" content="noimageai"></head><body></body></html>',
    )
    image = sa.Capture(URL, status=200, headers=(("Content-Type", kind),), body=body)
    assert decide(image, found_on=around) is sa.Decision.SKIP


NOIMAGEAI = b'<html><head><meta name="robots" content="noimageai"></head><body></body></html>'


@pytest.mark.parametrize(
    "around",
    [
        {"body": gzip.compress(NOIMAGEAI)},
        {"body": NOIMAGEAI, "availability": sa.Availability.UNREADABLE},
        {"body": NOIMAGEAI[-20:], "status": 206},
        {"body": NOIMAGEAI[:20], "truncated": True},
        {"body": None},
    ],
    ids=["compressed", "unreadable", "a part", "cut", "headers only"],
)
def test_a_page_around_an_image_that_was_not_read_leaves_it_in_the_dark(
    around: dict[str, object],
) -> None:
    shown = {"status": 200, "headers": (TYPE,), **around}
    image = sa.Capture(URL, status=200, headers={"Content-Type": "image/png"}, body=b"x")
    found_on = sa.Capture("https://press.example/", **shown)
    assert decide(image, found_on=found_on) is sa.Decision.HOLD


@pytest.mark.parametrize(
    "capture",
    [
        pytest.param(page(PAGE, ("Content-Encoding", "gzip")), id="decoded, the field left"),
        pytest.param(
            page("Grüße, <p>".encode("latin-1") * 9, ("Content-Encoding", "br")), id="Latin-1"
        ),
        pytest.param(
            page("<p>日本語".encode("shift_jis") * 99, ("Content-Encoding", "gzip")), id="Shift-JIS"
        ),
        pytest.param(
            page("\ufeff<html><p>x".encode("utf-16-le"), ("Content-Encoding", "gzip")), id="UTF-16"
        ),
        pytest.param(
            sa.Capture(
                URL,
                status=200,
                headers={"Content-Type": "application/octet-stream"},
                body=gzip.compress(b"a tar file"),
            ),
            id="a download",
        ),
        pytest.param(
            sa.Capture(
                URL,
                status=200,
                headers={"Content-Type": "application/rss+xml"},
                body=b'<?xml version="1.0"?><rss><![CDATA[' + NOAI + b"]]></rss>",
            ),
            id="a feed that quotes a page",
        ),
        pytest.param(
            sa.Capture(
                URL,
                status=200,
                headers={"Content-Type": "text/plain"},
                body=b'<?xml version="1.0"?>' + NOAI,
            ),
            id="text that shows a page",
        ),
    ],
)
def test_what_was_read_is_not_held_for_its_looks(capture: sa.Capture) -> None:
    assert decide(capture) is sa.Decision.INGEST


def test_the_literal_answer_needs_only_what_it_rests_on() -> None:
    said = page(PAGE, ("Content-Usage", "train-ai=y"))
    shallow = sa.assess(said, robots=sa.ABSENT, depth="headers", now=NOW)
    hop = sa.Capture("https://pub.example/x", status=302)
    apart = sa.assess(said, hops=[hop], robots=sa.ABSENT, now=NOW)
    for result in (shallow, apart):
        assert result.uses["train-generative"].literal is sa.Preference.ALLOW
        assert result.uses["train-generative"].preference is sa.Preference.UNDETERMINED


def test_refused_training_crawlers_count_only_where_nobody_spoke_to_us() -> None:
    refused = "".join(f"User-agent: {name}\n" for name in ("GPTBot", "CCBot", "ClaudeBot"))
    rules = f"{refused}Disallow: /\n\nUser-agent: *\nAllow: /\n"
    spoken = f"{rules}Content-Usage: train-ai=y\n"
    strict = sa.Policy.parse("preset = 'strict'")
    assert decide(page(), rules.encode(), policy=strict) is sa.Decision.SKIP
    assert decide(page(), spoken.encode(), policy=strict) is sa.Decision.INGEST


@pytest.mark.parametrize("kind", ["", "application/octet-stream", "application/xml", "text/html"])
def test_an_asset_cut_before_it_could_be_told_from_a_page_is_not_ingested(kind: str) -> None:
    capture = sa.Capture(
        URL, status=200, headers={"Content-Type": kind}, body=b" " * 999, truncated=True
    )
    assert decide(capture) is sa.Decision.HOLD


def test_a_group_that_refuses_one_of_our_tokens_is_not_lifted_by_another() -> None:
    rules = b"User-agent: First\nDisallow: /\n\nUser-agent: Second\nAllow: /\n"
    for tokens in (["First", "Second"], ["Second", "First"]):
        result = sa.assess(page(), robots=rules, tokens=tokens, now=NOW)
        assert result.access.answer.value == "disallowed"
    alone = sa.assess(page(), robots=rules, tokens=["Second", "Third"], now=NOW)
    assert alone.access.answer.value == "allowed"
