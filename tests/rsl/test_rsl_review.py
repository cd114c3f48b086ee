"""What a careful reader refuses, however it is written: RSL through the whole pipeline."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import signals_agent as sa
from signals_agent.rsl import read as reading

SITE = "https://site.example"
NAMED = f"License: {SITE}/license.xml\nUser-agent: *\nAllow: /\n"
PERMITS = '<permits type="usage">all</permits>'
REFUSES = '<license><prohibits type="usage">all</prohibits></license>'


def rsl(inner: str) -> bytes:
    return f'<rsl xmlns="https://rslstandard.org/rsl">{inner}</rsl>'.encode()


def content(inner: str, attributes: str = 'url="/"') -> str:
    return f"<content {attributes}>{inner}</content>"


def assess(
    site: str,
    *,
    page: str = "",
    path: str = "/blog/post.html",
    country: str | None = None,
) -> sa.Assessment:
    head = '<link rel="license" type="application/rsl+xml" href="/page.xml">' if page else ""
    fields = ((b"Content-Type", b"text/html"),)
    body = f"<!doctype html><head>{head}</head><p>text".encode()
    return sa.assess(
        sa.Capture(SITE + path, status=200, headers=fields, body=body),
        robots=NAMED.encode(),
        site_files={},
        documents={f"{SITE}/license.xml": rsl(site), f"{SITE}/page.xml": rsl(page)},
        token="ExampleBot",
        policy=sa.Policy.make({"recipient": {"country": country}}) if country else None,
    )


def preferences(result: sa.Assessment) -> dict[str, str]:
    return {use.value: told.preference.value for use, told in result.uses.items()}


def kinds(result: sa.Assessment) -> set[str]:
    return {due.kind.value for due in result.obligations if due.binding}


def test_that_a_page_takes_a_token_does_not_lift_what_the_site_prohibits() -> None:
    """Rule R18: page over site is about uses of which the page speaks."""
    search = '<license><prohibits type="usage">search</prohibits></license>'
    train = '<license><prohibits type="usage">ai-train</prohibits></license>'
    found = preferences(
        assess(content(train), page=content(search, 'url="/" server="https://olp.example/"'))
    )
    assert found == {
        "train-generative": "disallow",
        "train-other": "disallow",
        "model-input": "conditional",
        "search": "disallow",
        "other-analysis": "conditional",
    }


def test_a_page_that_permits_with_a_token_goes_before_the_site() -> None:
    """Rule R18."""
    permitting = content(f"<license>{PERMITS}</license>", 'url="/" server="https://olp.example/"')
    found = preferences(assess(content(REFUSES), page=permitting))
    assert set(found.values()) == {"conditional"}


def test_a_token_for_the_page_comes_on_top_of_what_the_site_asks() -> None:
    """Rules R17, R18."""
    paid = content(f'<license>{PERMITS}<payment type="use"/></license>')
    search = '<license><prohibits type="usage">search</prohibits></license>'
    result = assess(paid, page=content(search, 'url="/" server="https://olp.example/"'))
    assert kinds(result) == {"payment", "permission"}


def test_a_licence_that_asks_only_for_reports_asks_for_them() -> None:
    """Resolution, section 3: ``reporting`` gives ``reporting``."""
    asked = '<license><reporting type="audit" profile="https://site.example/p"/></license>'
    result = assess(content(asked))
    assert set(preferences(result).values()) == {"conditional"}
    assert kinds(result) == {"reporting"}


def test_a_prohibition_with_reports_still_says_nothing_of_the_rest() -> None:
    """Resolution, section 3: ``prohibits`` without ``permits``."""
    asked = (
        '<license><prohibits type="usage">ai-train</prohibits>'
        '<reporting type="audit" profile="https://site.example/p"/></license>'
    )
    found = preferences(assess(content(asked)))
    assert found["train-generative"] == "disallow"
    assert found["search"] == "unknown"


@pytest.mark.parametrize(
    "around",
    [
        pytest.param('<content url="/news/">{}</content>', id="content"),
        pytest.param('<content url="/news/"><license>{}</license></content>', id="licence"),
        pytest.param(
            '<content url="/news/"><license><payment type="free">{}</payment></license></content>',
            id="payment",
        ),
        pytest.param('<content url="/news/"><other>{}</other></content>', id="unknown"),
    ],
)
def test_a_content_within_a_content_is_about_its_own_addresses(around: str) -> None:
    """Rules R18, R39: what is out of place is still read where it restricts."""
    found = preferences(assess(around.format(content(REFUSES))))
    assert set(found.values()) == {"disallow"}


def test_a_content_within_a_content_permits_nothing() -> None:
    """Rule R18."""
    inner = content(f"<license>{PERMITS}</license>")
    result = assess(f'<content url="/news/">{inner}</content>')
    assert {told.decision.value for told in result.uses.values()} == {"hold"}


@pytest.mark.parametrize(
    "attribute",
    ['Server="https://olp.example/"', 'SERVER="https://olp.example/"', 'Encrypted="true"'],
)
def test_a_server_in_capitals_is_not_lost(attribute: str) -> None:
    """Resolution, section 3: ``server`` or ``encrypted`` gives ``permission``."""
    result = assess(content(f"<license>{PERMITS}</license>", f'url="/" {attribute}'))
    assert {told.decision.value for told in result.uses.values()} == {"hold"}


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("UK", "GB", "disallow"),
        ("GB", "UK", "disallow"),
        ("GB", "GB", "disallow"),
        ("EL", "GR", "disallow"),
        ("EL", "EU", "disallow"),
        ("GR", "EL", "disallow"),
        ("UK", "EU", "allow"),
        ("UK", "UA", "allow"),
    ],
)
def test_a_country_has_one_name_whoever_writes_it(ours: str, theirs: str, expected: str) -> None:
    """Resolution, section 3: ``geo`` is read against ``policy.recipient``."""
    rules = f'<license>{PERMITS}<prohibits type="geo">{theirs}</prohibits></license>'
    found = preferences(assess(content(rules), country=ours))
    assert set(found.values()) == {expected}


@pytest.mark.parametrize(
    "url",
    [
        "https:/site.example/",
        "https:site.example/blog/",
        "https:\\\\site.example\\blog\\",
        "*://site.example/",
        "http*://site.example/*",
        "*.site.example",
        "*.site.example/blog/",
        "./blog/",
        "\\blog\\",
        "https://site.example./blog/",
    ],
)
def test_an_address_that_is_a_slip_still_restricts(url: str) -> None:
    """Rule R18: when in doubt what a licence is about, it restricts and never permits."""
    asked = "www.site.example" if url.startswith("*.") else "site.example"
    fields = ((b"Content-Type", b"text/html"),)

    def found(inner: str) -> set[str]:
        result = sa.assess(
            sa.Capture(f"https://{asked}/blog/post.html", 200, fields, b"<p>"),
            robots=f"License: https://{asked}/license.xml\n".encode(),
            site_files={},
            documents={f"https://{asked}/license.xml": rsl(content(inner, f'url="{url}"'))},
            token="ExampleBot",
        )
        return set(preferences(result).values())

    assert found(REFUSES) == {"disallow"}
    assert found(f"<license>{PERMITS}</license>") == {"unknown"}


@pytest.mark.parametrize("url", ["https://other.example/", "https:/other.example/", "*.png", "?x"])
def test_an_address_of_others_is_not_heard(url: str) -> None:
    """Rule R33."""
    assert set(preferences(assess(content(REFUSES, f'url="{url}"'))).values()) == {"unknown"}


def test_octets_of_a_document_without_a_status_hold_as_long_as_it_says() -> None:
    """Rules R15a, R32: what is in hand is taken for what was asked for."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    document = f"{SITE}/license.xml"
    permits = rsl(content(f"<license>{PERMITS}</license>"))

    def found(days: int) -> str:
        given = sa.Capture(document, body=permits, fetched_at=now - timedelta(days=days))
        fields = ((b"Content-Type", b"text/html"),)
        result = sa.assess(
            sa.Capture(f"{SITE}/post", 200, fields, b"<p>", fetched_at=now),
            robots=sa.Capture(f"{SITE}/robots.txt", 200, (), NAMED.encode(), fetched_at=now),
            site_files={},
            documents={document: given},
            token="ExampleBot",
            now=now,
        )
        return result.uses[sa.Use("search")].preference.value

    assert [found(2), found(29), found(31)] == ["allow", "allow", "undetermined"]


def test_a_long_document_is_read_once_for_one_asset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule R39: a site can make a megabyte of it, and of each asset it is asked again."""
    times: list[int] = []
    parse = reading._parse

    def counted(body: bytes, *rest: Any, **wishes: Any) -> Any:
        times.append(len(body))
        return parse(body, *rest, **wishes)

    monkeypatch.setattr(reading, "_parse", counted)
    inner = "".join(
        content(f"<license>{PERMITS}</license>", f'url="/{number}"') for number in range(2000)
    )
    now = datetime(2026, 11, 22, tzinfo=UTC)
    document = sa.Capture(f"{SITE}/license.xml", 200, (), rsl(inner), fetched_at=now)
    assert document.body is not None
    assert len(document.body) > reading.MAX_KEPT
    for path in ("/1", "/2", "/x"):
        result = sa.assess(
            sa.Capture(SITE + path, 200, ((b"Content-Type", b"text/html"),), b"<p>"),
            robots=NAMED.encode(),
            site_files={},
            documents={document.url: document},
            token="ExampleBot",
            now=now,
        )
        told = "unknown" if path == "/x" else "allow"
        assert set(preferences(result).values()) == {told}
    assert len(times) == 1
