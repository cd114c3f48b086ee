"""What a page says about itself for a credit line (rule R24)."""

import pytest

from signals_agent.locate import html
from signals_agent.model.capture import Capture


def facts(body: bytes | None, content_type: str = "text/html") -> html.PageFacts:
    return html.facts(Capture("https://site.example/", 200, [("Content-Type", content_type)], body))


def test_everything_that_a_head_can_say() -> None:
    assert facts(
        b"""<!doctype html><html><head><title> A &amp; B\n  C </title>
        <meta name="author" content="Ada L."><meta name="Author" content="Bo">
        <meta name="author" content="Ada L."><meta property="og:site_name" content="The Site">
        <base href="https://cdn.example/"><link rel="canonical" href="/a">
        </head><body><title>no</title><meta name="author" content="A reader">"""
    ) == html.PageFacts(
        title="A & B C",
        creators=("Ada L.", "Bo"),
        collection="The Site",
        canonical="/a",
        base="https://cdn.example/",
    )


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        ("<title>caf\xe9</title>".encode("cp1252"), "text/html", "caf\xe9"),
        ("<title>caf\xe9</title>".encode(), "text/html", "caf\xe9"),
        ("<title>\u8868</title>".encode("cp932"), "text/html; charset=Shift_JIS", "\u8868"),
        ("\ufeff<title>\u8868</title>".encode("utf-16-le"), "text/html", "\u8868"),
        (
            "<meta charset=windows-1251><title>\u0414</title>".encode("cp1251"),
            "text/html",
            "\u0414",
        ),
        (b'<meta property="og:title" content="Og">', "text/html", "Og"),
        (b"<svg><title>icon</title></svg>", "text/html", None),
        (b"<title> </title>", "text/html", None),
        (b"<title>" + b"long " * 1000 + b"</title>", "text/html", ("long " * 100)),
        (b"", "text/html", None),
        (b"plain text", "text/plain", None),
    ],
    ids=[
        "Latin-1 unlabelled",
        "UTF-8 unlabelled",
        "Shift-JIS",
        "UTF-16",
        "a charset in a meta",
        "og:title in its place",
        "an icon's title",
        "an empty title",
        "an endless title",
        "no body",
        "no markup",
    ],
)
def test_the_title(body: bytes, content_type: str, title: str | None) -> None:
    assert facts(body, content_type).title == title


def test_a_capture_without_a_body_says_nothing() -> None:
    assert facts(None) == html.PageFacts()
