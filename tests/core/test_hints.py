"""Refused training crawlers as a hint (rule R37): which count, and what the note tells."""

import pytest

import signals_agent as sa
from signals_agent.crawlers import CRAWLERS
from signals_agent.resolve import hints
from signals_agent.robots import match
from signals_agent.robots.parse import parse

THREE = "User-agent: GPTBot\nUser-agent: CCBot\nUser-agent: ClaudeBot\n"


def refused(rules: str, path: str = "/post") -> tuple[str, ...]:
    return hints.refused_training_crawlers(parse(rules.encode()), match.target(path))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (THREE + "Disallow: /\n", ("ccbot", "claudebot", "gptbot")),
        (THREE + "Disallow: /posts/\n", ()),
        (THREE + "Disallow:\n", ()),
        (THREE + "Disallow: /\nAllow: /post$\n", ()),
        ("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n", ()),
        (THREE.upper() + "DISALLOW: /\n", ("ccbot", "claudebot", "gptbot")),
        (THREE.replace("\n", "/1.0 (+https://x.example)\n") + "Disallow: *\n", 3),
        (THREE.replace("\n", "\nDisallow: /\n"), 3),
        (THREE + "User-agent: *\nDisallow: /\n", 3),
        (THREE.replace("\n", "\nUser-agent: PerplexityBot\n") + "Disallow: /\n", 3),
        (THREE.replace("Bot", "Bo") + "Disallow: /\n", ()),
        (THREE.replace("Bot", "Bot-Image") + "Disallow: /\n", ()),
        ("User-agent: *\nDisallow: /\n", ()),
        ("User-agent: GPTBot\nContent-Usage: search=y\n" + THREE + "Disallow: /\n", 3),
        (THREE.replace("\n", "\nContent-Usage: search=y\n") + "Disallow: /\n", 3),
        ("", ()),
    ],
    ids=[
        "three in one group",
        "three are refused another path",
        "an empty Disallow refuses nothing",
        "a longer Allow lets them in",
        "two are not enough",
        "in capitals",
        "with versions and comments",
        "each in a group of its own",
        "beside everyone in one group",
        "beside a crawler that does not train",
        "names that lack a letter",
        "names that go on",
        "everyone, and none by name",
        "one of them twice",
        "where only a reader unaware of Content-Usage sees one group",
        "an empty file",
    ],
)
def test_who_counts(rules: str, expected: tuple[str, ...] | int) -> None:
    found = refused(rules)
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_every_training_token_of_the_table_counts_and_no_other() -> None:
    rules = "".join(f"User-agent: {one.token}/2.1\n" for one in CRAWLERS) + "Disallow: /\n"
    assert set(refused(rules)) == {one.token.lower() for one in CRAWLERS if one.trains}


def test_a_file_is_asked_about_each_path_for_itself() -> None:
    file = parse((THREE + "Disallow: /a\n").encode())
    found = [
        len(hints.refused_training_crawlers(file, match.target(path))) for path in ("/a", "/b")
    ]
    assert found == [3, 0]


def test_the_note_names_the_crawlers_and_who_runs_them() -> None:
    summary = hints.note(("ccbot", "claudebot", "google-extended")).summary
    assert "refuses 3 training crawlers here: " in summary
    assert "CCBot (Common Crawl), ClaudeBot (Anthropic), Google-Extended (Google);" in summary


def test_the_note_names_a_few_of_many() -> None:
    many = refused("".join(f"User-agent: {one.token}\n" for one in CRAWLERS) + "Disallow: /\n")
    summary = hints.note(many).summary
    assert f" and {len(many) - 6} more; that is not said to us" in summary
    assert summary.isprintable()
    assert len(summary) < 400


def test_the_note_stands_in_what_a_reader_sees() -> None:
    url = "https://site.example/post"
    asset = sa.Capture(url, status=200, headers={"Content-Type": "text/html"}, body=b"<p>")
    result = sa.assess(asset, robots=(THREE + "Disallow: /\n").encode())
    (note,) = [one for one in result.notes if one.code == "robots-training-crawlers-refused"]
    assert "GPTBot (OpenAI)" in note.summary
    assert {use.preference.value for use in result.uses.values()} <= {"unknown", "undetermined"}
