"""A verdict is recomputed from what is stored, and is the same one (rules R29, R30)."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept import again, digest, sealed, without_note
from vectors import VECTORS, run

import signals_agent as sa
from signals_agent import evidence
from signals_agent.agent import Agent
from signals_agent.demo import run as demo
from signals_agent.demo.publishers import load, policy_text
from signals_agent.demo.server import Servers
from signals_agent.families import FAMILIES
from signals_agent.plan import Known

NOW = datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)
URL = "https://press.example/new/x"
HTML = ("Content-Type", "text/html; charset=utf-8")


def page(body: bytes | None, *headers: tuple[str, str], url: str = URL, **more: Any) -> sa.Capture:
    return sa.Capture(url, more.pop("status", 200), (HTML, *headers), body, **more)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_every_vector_comes_to_the_same(vector: dict[str, Any]) -> None:
    result = run(vector.get("input", {}))
    recomputed = again(result)
    assert without_note(recomputed) == result
    assert recomputed.model_dump_json() != result.model_dump_json()


@pytest.mark.parametrize("vector", VECTORS[::7], ids=[vector["id"] for vector in VECTORS[::7]])
def test_what_a_recomputed_result_rests_on_is_the_same_evidence(vector: dict[str, Any]) -> None:
    result = run(vector.get("input", {}))
    assert evidence.of(again(result)) == evidence.of(result)


@cache
def checked() -> demo.Demo:
    return asyncio.run(demo.run())


PAGES = [
    (publisher.name, page.path, planned)
    for publisher in load()
    for page in publisher.pages
    for planned in (False, True)
    if page.planned is not None or not planned
]


@pytest.mark.parametrize(("name", "path", "planned"), PAGES)
def test_every_bundled_page_that_was_fetched(name: str, path: str, planned: bool) -> None:
    (found,) = [
        each for each in checked().checked if (each.publisher.name, each.page.path) == (name, path)
    ]
    result = found.planned if planned else found.result
    assert result is not None
    assert without_note(again(result)) == result
    assert again(result).citation("html") == result.citation("html") or not result.attribution


@cache
def looked() -> tuple[dict[tuple[str, str], Known], str]:
    """Every bundled page as captured, and the policy with the origins of that run."""

    async def look() -> tuple[dict[tuple[str, str], Known], str]:
        async with (
            Servers(load()) as servers,
            Agent(
                token=demo.NAME,
                contact="https://lab.example/bot",
                allow_private=True,
                limits=sa.Limits(timeout=20.0, max_retry_after=0.0),
            ) as agent,
        ):
            known = {
                (name, path): await agent.look(servers.origins[name] + path)
                for name, path, planned in PAGES
                if not planned
            }
            return known, servers.placed(policy_text())

    return asyncio.run(look())


@pytest.mark.parametrize(("name", "path"), [each[:2] for each in PAGES if not each[2]])
@pytest.mark.parametrize("with_policy", [False, True], ids=["no policy", "the demo's policy"])
def test_every_bundled_page_offline(name: str, path: str, with_policy: bool) -> None:
    every, policy = looked()
    known = every[name, path]
    result = sa.assess(
        known.asset or sa.Capture(known.url, availability=sa.NOT_LOOKED),
        hops=known.hops,
        robots=known.robots,
        site_files=known.site_files,
        documents=known.documents,
        token=demo.NAME,
        policy=sa.Policy.parse(policy, "demo") if with_policy else None,
    )
    assert without_note(again(result)) == result


LICENCE = b'<link rel=license href="https://creativecommons.org/licenses/by-nc/4.0/">'
PICTURE = "https://press.example/owl.png"
AROUND = (
    b'<meta name=robots content="noimageai"><script type="application/ld+json">'
    b'{"@context":"https://schema.org","@type":"ImageObject",'
    b'"contentUrl":"https://press.example/owl.png","creator":{"@type":"Person","name":"Ada Fen"},'
    b'"license":"https://creativecommons.org/licenses/by/4.0/"}</script>'
)
RSL = (
    b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
    b'<permits type="usage">ai-train</permits><payment type="attribution"/></license>'
    b"</content></rsl>"
)
TDM = b'[{"location": "/", "tdm-reservation": 1, "tdm-policy": "/p.json"}]'
AGREED = {
    "name": "ours",
    "agreement": [
        {
            "party": "Press",
            "origins": ["https://press.example"],
            "uses": ["train-generative"],
            "answers": ["credit", "payment"],
            "from": "2026-01-01",
            "until": "2026-12-31",
        }
    ],
    "commitment": [{"kind": "credit", "to": "*", "evidence": "https://lab.example/credits"}],
}
STRICT = {"preset": "strict", "activities": ["release-weights"], "sources": "extended"}


def robots(body: bytes, origin: str = "https://press.example", **more: Any) -> sa.Capture:
    return sa.Capture(f"{origin}/robots.txt", 200, (), body, **more)


CASES: dict[str, Callable[[], sa.Assessment]] = {
    "two redirects, one of them to itself": lambda: sa.assess(
        page(b"<title>x</title>"),
        hops=[
            sa.Capture("https://old.example/x", 301, [("Location", URL)], b"moved"),
            sa.Capture(URL, 302, [("Location", URL), ("Set-Cookie", "a=1")], b"wait"),
            sa.Capture(URL, 302, [("Location", URL)], b"wait a little"),
        ],
        robots={
            "https://old.example": robots(b"Content-Usage: train-ai=n\n", "https://old.example"),
            "https://press.example": b"User-agent: *\nAllow: /\n",
            "https://elsewhere.example": b"User-agent: *\nDisallow: /\n",
        },
        now=NOW,
    ),
    "a picture and the page around it": lambda: sa.assess(
        sa.Capture(
            PICTURE, 200, [("Content-Type", "image/png")], b"\x89PNG\r\n\x1a\n" + b"\0" * 60
        ),
        robots=b"",
        found_on=page(AROUND, ("X-Robots-Tag", "noai"), url="https://press.example/gallery"),
        uses=["train-generative"],
        now=NOW,
    ),
    "a page around that is unreadable": lambda: sa.assess(
        sa.Capture(PICTURE, 200, [("Content-Type", "image/png")], b"\x89PNG\r\n\x1a\n"),
        robots=b"",
        found_on=page(AROUND[:50], truncated=True, url="https://press.example/gallery"),
        now=NOW,
    ),
    "a document that robots.txt names": lambda: sa.assess(
        page(b"x"),
        robots=b"License: /l.xml\n",
        documents={
            "https://press.example/l.xml": RSL,
            "https://press.example/unnamed.xml": b"<rsl/>",
            "https://press.example/gone.xml": sa.ABSENT,
        },
        now=NOW,
    ),
    "site files, of which two are not read": lambda: sa.assess(
        page(b"x"),
        robots=robots(b"", fetched_at=NOW - timedelta(hours=2)),
        site_files={
            "/.well-known/tdmrep.json": TDM,
            "/b.txt": b"b",
            "/a.txt": sa.UNREACHABLE,
        },
        documents={"https://press.example/p.json": b"{}"},
        now=NOW,
    ),
    "a page that was cut": lambda: sa.assess(page(LICENCE * 2, truncated=True), now=NOW),
    "a page that states a licence": lambda: sa.assess(
        page(b"<title>Owls</title><meta name=author content='Ada Fen'>" + LICENCE),
        robots=sa.ABSENT,
        policy=sa.Policy.make(STRICT),
        now=NOW,
    ),
    "an agreement that lifts a refusal": lambda: sa.assess(
        page(b'<meta name="robots" content="noai">'),
        robots=b"User-agent: *\nDisallow: /\n",
        policy=sa.Policy.make(AGREED),
        uses=["train-generative", "search"],
        acquired_by="CCBot",
        now=NOW,
    ),
    "a header section alone": lambda: sa.assess(
        page(None, ("Content-Usage", "train-ai=n")), depth="headers", robots=b"", now=NOW
    ),
    "a head alone": lambda: sa.assess(page(LICENCE), depth="head", robots=b"", now=NOW),
    "fields that are no text": lambda: sa.assess(
        sa.Capture(
            URL, 200, [(b"X-Robots-Tag", b"noai, \xff\xfe\x00"), (b"\xe9", b"\xe9")], b"<p>"
        ),
        now=NOW,
    ),
    "terms of access": lambda: sa.assess(
        sa.Capture(
            URL,
            402,
            [("Content-Type", "application/json"), ("crawler-price", "USD 0.01")],
            b'{"x402Version":1,"accepts":[{"maxAmountRequired":"7","network":"base"}]}',
        ),
        robots=b"",
        now=NOW,
    ),
    "a challenge": lambda: sa.assess(
        sa.Capture(URL, 403, [("cf-mitigated", "challenge")], b"<title>Just a moment...</title>"),
        robots=b"",
        now=NOW,
    ),
    "a failure and what the fetcher noted": lambda: sa.assess(
        sa.Capture(
            URL,
            availability=sa.UNREACHABLE,
            failure="no answer in 60 s",
            notes=("guard-outside-transport",),
            fetched_at=NOW,
        ),
        robots=robots(b"", notes=("guard-refused",), failure="cut"),
        now=NOW,
    ),
    "nothing looked at": lambda: sa.assess(
        sa.Capture("HTTPS://user:secret@Press.example:443/new/./x#part"), now=NOW
    ),
    "octets without type or status": lambda: sa.assess(
        sa.Capture(URL, body=b'<meta name="tdm-reservation" content="1">'), robots=b"", now=NOW
    ),
    "an older draft": lambda: sa.assess(
        page(b"x", ("Content-Usage", "train-genai=n")), vocabulary="04", tokens=["A", "B"], now=NOW
    ),
    "site files by paths in no normal form": lambda: sa.assess(
        page(b"x"),
        robots=b"",
        site_files={"/a b": b"b", "/\xe9": b"e", "/./.well-known/tdmrep.json": TDM, "/x#y": b"x"},
        now=NOW,
    ),
    "a site file by a path that is no text": lambda: sa.assess(
        page(b"x"), robots=b"", site_files={"/\udce9": b"e"}, now=NOW
    ),
    "families of one's own choice": lambda: sa.assess(
        page(LICENCE, ("Content-Usage", "train-ai=n")), families=FAMILIES[:1], now=NOW
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_result_comes_to_the_same(name: str) -> None:
    result = CASES[name]()
    recomputed = again(result)
    assert without_note(recomputed) == result
    assert recomputed.checked_at == result.checked_at
    assert evidence.of(recomputed) == evidence.of(result)


@pytest.mark.parametrize("style", ["markdown", "html", "text", "bibtex"])
@pytest.mark.parametrize(
    "name", ["a page that states a licence", "a picture and the page around it"]
)
def test_the_credit_line_is_the_same(name: str, style: str) -> None:
    result = CASES[name]()
    assert "Ada Fen" in result.citation(style)
    assert again(result).citation(style) == result.citation(style)


def test_the_order_of_members_in_a_stored_document_does_not_matter() -> None:
    for make in CASES.values():
        result = make()
        kept = evidence.of(result)
        document = json.loads(json.dumps(kept.document, sort_keys=True))
        assert without_note(evidence.recompute(document, kept.blobs)) == result


def test_the_digest_of_the_policy_is_that_of_the_policy_as_it_was_written() -> None:
    # Software of another day may know keys, with defaults, that this policy was without.
    result = CASES["an agreement that lifts a refusal"]()
    document = json.loads(json.dumps(evidence.of(result).document))
    policy = document["wishes"]["policy"]
    del policy["document"]["vendor_semantics"]
    policy["sha256"] = digest(policy["document"])
    recomputed = evidence.recompute(sealed(document), evidence.of(result).blobs)
    assert recomputed.verdict is not None
    assert result.verdict is not None
    assert recomputed.verdict.policy.sha256 == policy["sha256"]
    assert recomputed.verdict.decision == result.verdict.decision


PIECES = st.lists(
    st.sampled_from(
        [
            LICENCE,
            AROUND,
            b'<meta name="robots" content="noai, noimageai">',
            b'<meta http-equiv="content-usage" content="train-ai=n">',
            b'<meta name="tdm-reservation" content="1">',
            b'<meta name="examplebot" content="noindex">',
            b'<link rel=license type="application/rsl+xml" href="/l.xml">',
            b"</head><body>",
            b'<a rel="license" href="//creativecommons.org/licenses/by/4.0">by</a>',
            b"<template><svg>",
            b"\xff\x00",
        ]
    ),
    max_size=5,
).map(b"".join)
FIELDS = st.lists(
    st.sampled_from(
        [
            ("Content-Type", "text/html"),
            ("Content-Type", "application/ld+json"),
            ("Content-Usage", "train-ai=n;exceptions=cc-cr"),
            ("X-Robots-Tag", "ExampleBot: noai"),
            ("Link", '</l.xml>; rel="license"; type="application/rsl+xml"'),
            ("tdm-reservation", "1"),
            ("Content-Encoding", "gzip"),
        ]
    ),
    max_size=4,
)
SOURCES = st.sampled_from(
    [
        sa.ABSENT,
        sa.NOT_LOOKED,
        sa.UNREACHABLE,
        b"",
        b"User-agent: *\nContent-Usage: /new/ train-ai=n\nContent-Signal: ai-train=no\n",
        b"License: https://press.example/l.xml\n",
        b"User-agent: ExampleBot\nDisallow: /\n",
        b"<html>",
        RSL,
        TDM,
    ]
)


@given(
    body=st.none() | PIECES,
    headers=FIELDS,
    status=st.sampled_from([None, 200, 200, 200, 206, 301, 402, 403, 404, 429, 503]),
    robots=SOURCES,
    file=SOURCES,
    document=SOURCES,
    around=st.none() | PIECES,
    depth=st.sampled_from(["page", "page", "head", "headers"]),
    truncated=st.booleans(),
    policy=st.sampled_from([None, {}, AGREED, STRICT]),
)
def test_recomputing_is_the_identity(
    body: bytes | None,
    headers: list[tuple[str, str]],
    status: int | None,
    robots: Any,
    file: Any,
    document: Any,
    around: bytes | None,
    depth: str,
    truncated: bool,
    policy: dict[str, Any] | None,
) -> None:
    result = sa.assess(
        sa.Capture(URL, status, headers, body, truncated=truncated),
        robots=robots,
        site_files={"/.well-known/tdmrep.json": file},
        documents={"https://press.example/l.xml": document},
        found_on=None if around is None else page(around, url="https://press.example/gallery"),
        token="ExampleBot",
        policy=None if policy is None else sa.Policy.make(policy),
        depth=depth,
        now=NOW,
    )
    assert without_note(again(result)) == result
