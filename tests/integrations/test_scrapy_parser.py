"""The robots.txt parser for Scrapy, and what the settings come to."""

import gc
import logging
import pickle
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.misc import build_from_crawler, load_object

import signals_agent as sa
from signals_agent.errors import ConfigError, PolicyError
from signals_agent.integrations.scrapy import Addon, Judged, Refused, RobotsParser, captures
from signals_agent.integrations.scrapy.choices import Choices, product
from signals_agent.integrations.scrapy.crawl import Crawl
from signals_agent.integrations.scrapy.shelf import asks_robots
from signals_agent.model.capture import Role

ORIGIN = "https://example.org"
ASKED = Request(ORIGIN)
OURS = "ExampleBot/1.0 (+https://lab.example/bot)"


def crawler_of(**settings: Any) -> Crawler:
    given = {"USER_AGENT": OURS, **settings}
    return Crawler(Spider, Settings(given))


def parser_of(body: bytes, **settings: Any) -> RobotsParser:
    # As Scrapy does it: by name, with a body and nothing else.
    named = load_object("signals_agent.integrations.scrapy.RobotsParser")
    return build_from_crawler(named, crawler_of(**settings), body)


RULES = {
    "no rules at all": (b"", "/", True),
    "a rule for everyone": (b"User-agent: *\nDisallow: /a\n", "/a/b", False),
    "another path": (b"User-agent: *\nDisallow: /a\n", "/b", True),
    "a group with a version": (b"User-agent: ExampleBot/2\nDisallow: /\n", "/", False),
    "a group that is only our beginning": (b"User-agent: Example\nDisallow: /\n", "/", True),
    "a group of ours beside everyone's": (
        b"User-agent: *\nDisallow: /\n\nUser-agent: examplebot\nDisallow: /x\n",
        "/",
        True,
    ),
    "an unknown line in a group": (
        b"User-agent: *\nContent-Signal: search=yes\nDisallow: /a\n",
        "/a",
        False,
    ),
    "robots.txt itself": (b"User-agent: *\nDisallow: /\n", "/robots.txt", True),
    "a web page": (b"<!doctype html><p>User-agent: *\nDisallow: /\n", "/", True),
}


@pytest.mark.parametrize(("body", "path", "allowed"), RULES.values(), ids=RULES)
def test_access_is_answered_by_our_rules(body: bytes, path: str, allowed: bool) -> None:
    assert parser_of(body).allowed(ORIGIN + path, OURS) is allowed
    assert parser_of(body).allowed((ORIGIN + path).encode(), OURS.encode()) is allowed


def test_both_our_token_and_the_user_agent_have_to_be_let_in() -> None:
    body = b"User-agent: OtherBot\nDisallow: /other\n\nUser-agent: ExampleBot\nDisallow: /ours\n"
    parser = parser_of(body)
    assert parser.allowed(ORIGIN + "/ours", "OtherBot/3") is False
    assert parser.allowed(ORIGIN + "/other", "OtherBot/3") is False
    assert parser.allowed(ORIGIN + "/other", OURS) is True


def test_what_is_no_url_is_not_allowed() -> None:
    assert parser_of(b"").allowed("http://[", OURS) is False


def test_an_agreement_lifts_a_refusal() -> None:
    agreement = {
        "party": "Example Press",
        "origins": [ORIGIN],
        "paths": ["/archive/"],
        "uses": ["train-generative"],
    }
    policy = {"uses": ["train-generative"], "agreement": [agreement]}
    parser = parser_of(b"User-agent: *\nDisallow: /\n", SIGNALS_AGENT_POLICY=policy)
    assert parser.allowed(ORIGIN + "/archive/1911", OURS) is True
    assert parser.allowed(ORIGIN + "/today", OURS) is False


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [({}, False), ({"SIGNALS_AGENT_POLICY": {"preset": "observe"}}, True)],
    ids=["enforcing", "observing, as Scrapy alone would"],
)
def test_a_robots_txt_that_was_unreachable_refuses(settings: Any, allowed: bool) -> None:
    crawler = crawler_of(**settings)
    url = ORIGIN + "/robots.txt"
    Crawl.of(crawler).shelf.keep(url, sa.Capture(url, status=503, body=b""), Role.ROBOTS)
    parser = RobotsParser.from_crawler(crawler, b"Something is wrong.")
    assert parser.allowed(ORIGIN + "/page", OURS) is allowed
    # Nothing is known of another port, so the octets count, as Scrapy takes them.
    assert parser.allowed(ORIGIN + ":8443/page", OURS) is True


def test_the_declarations_of_the_file_are_kept() -> None:
    body = (
        b"User-agent: *\nContent-Usage: /shop train-ai=n\n"
        b"Content-Usage: train-ai=n;exceptions=cc-cr\n"
    )
    parser = parser_of(body, SIGNALS_AGENT_POLICY={"uses": ["train-generative"]})
    assert parser.permit(ORIGIN + "/shop/1").answer == "skip"
    permit = parser.permit(ORIGIN + "/page")
    assert permit.answer == "fetch"
    assert {each.kind for each in permit.obligations} == {"credit"}


@pytest.mark.parametrize(
    ("line", "seconds"),
    [(b"", None), (b"Crawl-delay: 2.5\n", 2.5), (b"Crawl-delay: 9000\n", 30.0)],
    ids=["none", "as asked", "capped"],
)
def test_the_crawl_delay_is_that_of_our_group(line: bytes, seconds: float | None) -> None:
    body = (
        b"User-agent: *\nDisallow: /\nCrawl-delay: 7\n\nUser-agent: ExampleBot\nDisallow: /x\n"
        + line
    )
    assert parser_of(body).crawl_delay(OURS) == seconds


AGENTS = {
    "its own name": ("ExampleBot/1.0 (+https://lab.example)", "ExampleBot"),
    "a name behind that of a browser": (
        "Mozilla/5.0 (compatible; ExampleBot/1.0; +https://lab.example)",
        "ExampleBot",
    ),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("agent", "token"), AGENTS.values(), ids=AGENTS)
def test_the_product_token_of_a_user_agent(agent: str, token: str) -> None:
    assert product(agent) == token


TOKENS = {
    "as set": ({"SIGNALS_AGENT_TOKEN": "SetBot"}, ("SetBot",)),
    "several": ({"SIGNALS_AGENT_TOKEN": ["SetBot", "OldBot"]}, ("SetBot", "OldBot")),
    "several in one text": ({"SIGNALS_AGENT_TOKEN": "SetBot, OldBot"}, ("SetBot", "OldBot")),
    "the policy's": ({"SIGNALS_AGENT_POLICY": {"tokens": ["PolicyBot"]}}, ("PolicyBot",)),
    "that for robots.txt": ({"ROBOTSTXT_USER_AGENT": "RobotsBot"}, ("RobotsBot",)),
    "the user agent's": ({}, ("ExampleBot",)),
    "the project's, behind a browser's": (
        {"USER_AGENT": "Mozilla/5.0 (X11) Firefox", "BOT_NAME": "library"},
        ("library",),
    ),
}


@pytest.mark.parametrize(("settings", "tokens"), TOKENS.values(), ids=TOKENS)
def test_the_token_comes_from_the_nearest_setting(settings: Any, tokens: tuple[str, ...]) -> None:
    assert Choices.of(crawler_of(**settings).settings).run.tokens == tokens


def test_a_crawl_that_nobody_can_address_is_warned(caplog: pytest.LogCaptureFixture) -> None:
    settings = crawler_of(USER_AGENT="Scrapy/2.19 (+https://scrapy.org)").settings
    # Whoever logged before may have told the package's own logger to keep to itself.
    logging.getLogger("signals_agent").propagate = True
    caplog.set_level(logging.WARNING, logger="signals_agent")
    chosen = Choices.of(settings)
    assert chosen.run.tokens == ("Scrapy",)
    chosen.warn(settings)
    assert "set SIGNALS_AGENT_TOKEN" in caplog.text


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"SIGNALS_AGENT_POLICY": {"presets": "strict"}}, PolicyError),
        ({"SIGNALS_AGENT_TOKEN": "A Bot"}, ConfigError),
        ({"SIGNALS_AGENT_HOLD": "keep"}, ConfigError),
        ({"SIGNALS_AGENT_SITE_FILES": "some"}, ConfigError),
    ],
    ids=["policy", "token", "hold", "site files"],
)
def test_a_wrong_setting_raises(settings: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        Choices.of(crawler_of(**settings).settings)


def test_a_policy_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text('preset = "observe"\nuses = ["search"]\n')
    choices = Choices.of(crawler_of(SIGNALS_AGENT_POLICY=str(file)).settings)
    assert choices.observe
    assert choices.run.uses == ("search",)
    off = crawler_of(SIGNALS_AGENT_POLICY=str(file), SIGNALS_AGENT_OBSERVE=False)
    assert not Choices.of(off.settings).observe


@pytest.mark.parametrize("given", ["keys", "a file", "a policy that knows its folder"])
def test_files_of_evidence_are_looked_at_where_a_folder_is_known(
    given: str, tmp_path: Path
) -> None:
    keys = {"commitment": [{"kind": "credit", "evidence": "card.md"}]}
    file = tmp_path / "ours.toml"
    file.write_text('[[commitment]]\nkind = "credit"\nevidence = "card.md"\n')
    (tmp_path / "card.md").write_text("# Sources\n")
    policies = {"keys": keys, "a file": str(file)}
    policy = policies.get(given) or sa.Policy.make(keys, folder=tmp_path)
    (promise,) = Choices.of(crawler_of(SIGNALS_AGENT_POLICY=policy).settings).policy.commitment
    assert (promise.flaw(datetime.now(UTC)) is None) is (given != "keys")


def test_the_add_on_leaves_what_the_project_sets() -> None:
    settings = Settings()
    Addon().update_settings(settings)
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings["ROBOTSTXT_PARSER"] is RobotsParser
    own = Settings({"ROBOTSTXT_OBEY": False}, priority="project")
    Addon().update_settings(own)
    assert not own.getbool("ROBOTSTXT_OBEY")


def test_an_answer_survives_being_written_down() -> None:
    lines = [(b"Content-Usage", b"train-ai=n;exceptions=cc-cr")]
    page = sa.Capture(ORIGIN + "/p", 200, lines, b"<title>T</title>")
    policy = sa.Policy(uses=("train-generative",))
    judged = Judged(sa.assess(page, robots=sa.ABSENT, policy=policy))
    again = pickle.loads(pickle.dumps(judged))
    assert again == judged
    assert again.credit == judged.credit
    assert again.fields() == judged.fields()
    assert str(Refused(again)).startswith("signals_agent: hold: unmet: not committed to: credit")


def test_only_robots_txt_at_the_root_is_one() -> None:
    assert asks_robots(ORIGIN + "/robots.txt")
    for other in ("/a/robots.txt", "/robots.txt?x", "/robots.txt/", "/ROBOTS.TXT", ""):
        assert not asks_robots(ORIGIN + other)
    assert not asks_robots("file:///robots.txt")


def redirected(request: Request, to: str, **more: Any) -> Request:
    """What Scrapy makes of a redirect."""
    return request.replace(
        url=to,
        meta={
            **request.meta,
            "redirect_urls": [*request.meta.get("redirect_urls", []), request.url],
            "redirect_reasons": [*request.meta.get("redirect_reasons", []), 301],
            **more,
        },
    )


def test_redirects_are_known_hop_by_hop() -> None:
    first = Request(ORIGIN + "/1")
    assert captures.followed(first) == ()
    captures.note_redirect(first, Response(first.url, status=302, headers={"Location": "/2"}))
    second = redirected(first, ORIGIN + "/2")
    (hop,) = captures.followed(second)
    assert (hop.url, hop.status, hop.field_lines(b"location")) == (first.url, 302, (b"/2",))
    # Tried again, the chain is as long as it was.
    assert len(captures.followed(second.copy())) == 1
    # Out of a cache, nothing but Scrapy's own account of it is there.
    third = redirected(second, ORIGIN + "/3")
    assert [(hop.url, hop.status) for hop in captures.followed(third)] == [
        (first.url, 302),
        (second.url, 301),
    ]
    # A spider copies what it finds.
    assert captures.followed(Request(ORIGIN + "/4", meta=third.meta)) == ()


def test_what_comes_out_of_a_cache_is_as_old_as_it_says() -> None:
    headers = {"Date": "Sun, 01 Nov 2026 12:00:00 GMT", "Set-Cookie": ["a=1", "b=2"]}
    kept = Response(ORIGIN, headers=headers, body=b"x", flags=["cached"])
    capture = captures.of(kept, ORIGIN, ASKED)
    assert capture.fetched_at is not None
    assert capture.fetched_at.isoformat() == "2026-11-01T12:00:00+00:00"
    assert capture.field_lines(b"set-cookie") == (b"a=1", b"b=2")
    undated = Response(ORIGIN, body=b"x", flags=["cached"])
    assert captures.of(undated, ORIGIN, ASKED).fetched_at is None


def test_flags_tell_what_is_not_whole() -> None:
    assert captures.of(Response(ORIGIN, flags=["dataloss"]), ORIGIN, ASKED).truncated
    assert captures.of(Response(ORIGIN, flags=["download_stopped"]), ORIGIN, ASKED).truncated
    assert not captures.of(Response(ORIGIN, flags=["partial"]), ORIGIN, ASKED).truncated


def test_a_head_request_brings_no_body() -> None:
    assert captures.of(Response(ORIGIN), ORIGIN, Request(ORIGIN, method="HEAD")).body is None


def test_a_crawler_that_is_gone_is_forgotten() -> None:
    crawler = crawler_of()
    assert Crawl.of(crawler) is Crawl.of(crawler)
    known = weakref.ref(crawler)
    del crawler
    gc.collect()
    assert known() is None
