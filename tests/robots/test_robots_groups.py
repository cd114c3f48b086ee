"""Which groups are ours: tokens, merging, and what ends a list of User-agent lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.robots.groups import (
    Group,
    Reading,
    both,
    choose,
    orphans,
    readings_differ,
    token,
)
from signals_agent.robots.parse import parse

US = ("ExampleBot",)


def chosen(text: str, tokens: tuple[str, ...] = US, reading: Reading = Reading.AIPREF) -> Group:
    return choose(parse(text.encode()), tokens, reading)


def values(group: Group) -> list[str]:
    return [record.value.decode() for record in group.records]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param(b"ExampleBot", "ExampleBot", id="a token"),
        pytest.param(b"ExampleBot/1.0", "ExampleBot", id="with a version (vector 17)"),
        pytest.param(b"ExampleBot (+https://x)", "ExampleBot", id="with a comment"),
        pytest.param(b"AI2Bot", "AI2Bot", id="digits belong to it (vector 19)"),
        pytest.param(b"a_b-C9", "a_b-C9", id="all that it may hold"),
        pytest.param(b"Mail.ru", "Mail", id="a dot ends it"),
        pytest.param(b"a, b", "a", id="the first of several"),
        pytest.param(b"Caf\xc3\xa9", "Caf", id="non-ASCII ends it"),
        pytest.param(b"*", "*", id="everyone"),
        pytest.param(b"**", "*", id="everyone twice"),
        pytest.param(b"* all", "*", id="everyone with a word"),
        pytest.param(b"*/1.0", "*", id="everyone with a version"),
        pytest.param(b"*ExampleBot*", "ExampleBot", id="stars about a token"),
        pytest.param(b"Exa*mple", "Exa", id="a star inside ends it"),
        pytest.param(b"", "", id="nobody"),
        pytest.param(b"(none)", "", id="nobody either"),
    ],
)
def test_the_token_that_a_value_names(value: bytes, name: str) -> None:
    assert token(value) == name


@pytest.mark.parametrize(
    ("agent", "ours"),
    [
        ("ExampleBot", True),
        ("examplebot", True),
        ("ExampleBot/2.1", True),
        ("Example", False),
        ("ExampleBot-Images", False),
        ("MyExampleBot", False),
        ("Bot", False),
        ("ExampleBot2", False),
    ],
)
def test_a_token_names_us_when_equal_and_never_by_a_part(agent: str, ours: bool) -> None:
    group = chosen(f"User-agent: {agent}\nDisallow: /named\n\nUser-agent: *\nDisallow: /all")
    assert values(group) == (["/named"] if ours else ["/all"])
    assert group.named is ours
    assert group.tokens == ((token(agent.encode()),) if ours else ("*",))


def test_named_groups_anywhere_are_merged_in_file_order() -> None:
    group = chosen(
        "User-agent: examplebot\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\n"
        "User-agent: Other\nUser-agent: ExampleBot/2\nAllow: /c\nDisallow: /d\n"
    )
    assert values(group) == ["/a", "/c", "/d"]
    assert group.tokens == ("examplebot", "ExampleBot")


def test_groups_for_everyone_are_merged_and_only_without_a_named_one() -> None:
    text = "User-agent: *\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: *\nDisallow: /c\n"
    assert values(chosen(text)) == ["/a", "/c"]
    assert values(chosen(text, ("b",))) == ["/b"]


def test_a_group_for_us_with_no_rules_still_shuts_out_everyones() -> None:
    group = chosen("User-agent: ExampleBot\n\nUser-agent: x\nAllow: /\nUser-agent: *\nDisallow: /")
    assert (group.named, values(group)) == (True, ["/"])
    assert group.records[0].key == "allow"
    alone = chosen("User-agent: *\nDisallow: /\nUser-agent: ExampleBot\n")
    assert (alone.named, alone.records) == (True, ())


def test_any_of_several_tokens_counts() -> None:
    text = "User-agent: a\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: c\nDisallow: /c"
    assert values(chosen(text, ("A/1.0", "c"))) == ["/a", "/c"]


@pytest.mark.parametrize("text", ["", "Disallow: /", "User-agent: other\nDisallow: /"])
def test_no_group_at_all(text: str) -> None:
    group = chosen(text)
    assert (group.tokens, group.named, group.records, group.crawl_delay) == ((), False, (), None)


def test_a_star_among_our_tokens_names_nobody() -> None:
    assert not chosen("User-agent: *\nDisallow: /", ("*", "")).named


@pytest.mark.parametrize(
    "between",
    [
        "",
        "\n",
        "# comment\n",
        "Sitemap: https://x/\n",
        "Crawl-delay: 5\n",
        "Content-Signal: ai-train=no\n",
        "License: https://x/\n",
        "Host: x\n",
        "Unknown: x\n",
        "no key at all\n",
        "\n\nCrawl-delay: 5\n\n",
    ],
    ids=repr,
)
@pytest.mark.parametrize("reading", Reading)
def test_what_is_no_rule_ends_neither_list_nor_group(between: str, reading: Reading) -> None:
    text = f"User-agent: ExampleBot\n{between}User-agent: b\nDisallow: /1\n{between}Disallow: /2"
    ours = chosen(text, US, reading)
    assert [r.value for r in ours.records if r.key == "disallow"] == [b"/1", b"/2"]
    assert ours.records == chosen(text, ("b",), reading).records


@pytest.mark.parametrize("rule", ["Allow: /", "Disallow: /", "Disallow:", "Dissalow /"])
def test_a_rule_ends_the_list(rule: str) -> None:
    text = f"User-agent: ExampleBot\n{rule}\nUser-agent: b\nDisallow: /b"
    assert len(chosen(text).records) == 1
    assert not readings_differ(parse(text.encode()), US)


def test_a_signal_between_two_tokens_holds_for_both() -> None:
    """Vector 16."""
    text = "User-agent: a\nContent-Signal: ai-train=no\nUser-agent: b\nDisallow: /"
    for name in ("a", "b"):
        assert values(chosen(text, (name,))) == ["ai-train=no", "/"]


def test_a_user_agent_line_that_names_nobody_still_ends_the_group_before() -> None:
    text = "User-agent: ExampleBot\nDisallow: /a\nUser-agent:\nDisallow: /b"
    assert values(chosen(text)) == ["/a"]


USAGE = "User-agent: a\nContent-Usage: train-ai=n\nUser-agent: b\nDisallow: /\n"


def test_content_usage_ends_the_list_for_us_and_not_for_a_legacy_reader() -> None:
    file = parse(USAGE.encode())
    assert values(choose(file, ("a",), Reading.AIPREF)) == ["train-ai=n"]
    assert values(choose(file, ("a",), Reading.LEGACY)) == ["train-ai=n", "/"]
    assert values(choose(file, ("b",), Reading.AIPREF)) == ["/"]
    assert values(choose(file, ("b",), Reading.LEGACY)) == ["train-ai=n", "/"]
    assert readings_differ(file, ("a",))
    assert readings_differ(file, ("b",))


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: a\nDisallow: /\nContent-Usage: train-ai=n\nUser-agent: b\nDisallow: /",
        "User-agent: x\nContent-Usage: train-ai=n\nUser-agent: y\nDisallow: /\nUser-agent: a\n",
        "Content-Usage: train-ai=n\nUser-agent: a\nDisallow: /",
        "User-agent: a\nUser-agent: b\nContent-Usage: train-ai=n\nDisallow: /",
    ],
    ids=["a rule came before", "other tokens", "before any group", "the list is over anyway"],
)
def test_the_readings_agree_where_content_usage_changes_nothing_for_us(text: str) -> None:
    file = parse(text.encode())
    assert not readings_differ(file, ("a",))
    assert choose(file, ("a",), Reading.AIPREF) is choose(file, ("a",), Reading.LEGACY)


def test_who_names_us_may_differ_while_the_lines_do_not() -> None:
    file = parse(b"User-agent: *\nContent-Usage: /a train-ai=n\nUser-agent: a\n")
    ours, legacy = both(file, ("a",))
    assert (ours.tokens, ours.records) == (("a",), ())
    assert (legacy.tokens, len(legacy.records)) == (("a",), 1)


def test_orphans_are_what_comes_before_any_user_agent_line() -> None:
    file = parse(b"Sitemap: https://x/\nContent-Usage: a=n\nLicense: l\nUser-agent: *\nAllow: /")
    assert [record.key for record in orphans(file)] == ["content-usage", "license"]
    assert orphans(file) is orphans(file)
    assert values(choose(file, US, Reading.AIPREF)) == ["/"]
    assert orphans(parse(b"User-agent: *\nLicense: l")) == ()
    assert len(orphans(parse(b"Content-Usage: a=n"))) == 1


@pytest.mark.parametrize(
    ("delays", "seconds"),
    [
        (["5"], 5.0),
        (["0.5"], 0.5),
        (["0"], 0.0),
        (["5", "20", "1"], 20.0),
        (["120"], 120.0),
        (["x"], None),
        (["-1", "nan", "inf", "1e999", "", "5 s"], None),
        (["x", "3"], 3.0),
        (["9" * 500], float("9" * 64)),
    ],
    ids=repr,
)
def test_the_longest_crawl_delay_counts(delays: list[str], seconds: float | None) -> None:
    lines = "".join(f"Crawl-delay: {delay}\n" for delay in delays)
    assert chosen(f"User-agent: *\n{lines}Disallow: /x").crawl_delay == seconds


def test_a_choice_is_made_once() -> None:
    file = parse(b"User-agent: *\n" + b"Content-Usage: /a train-ai=n\n" * 10_000)
    first = choose(file, US, Reading.AIPREF)
    assert choose(file, US, Reading.AIPREF) is first
    assert choose(file, ("other",), Reading.AIPREF) is not first


def test_asking_for_very_many_tokens_does_not_pile_up() -> None:
    file = parse(b"User-agent: *\nDisallow: /")
    for number in range(1000):
        assert values(choose(file, (f"bot{number}",), Reading.AIPREF)) == ["/"]
    assert len(file.memo) < 300


LINE = st.sampled_from(
    [
        *("User-agent: a", "User-agent: b", "User-agent: *", "User-agent:", "Disallow: /x"),
        *("Allow:", "Content-Usage: z=n", "Content-Signal: s=no", "Sitemap: s"),
        *("Crawl-delay: 3", "", "# c"),
    ]
)


@given(st.lists(LINE, max_size=14))
def test_grouping_agrees_with_reading_line_by_line(lines: list[str]) -> None:
    """A second, plain writing of rules R13a and R14."""
    file = parse("\n".join(lines).encode())
    for reading in Reading:
        held: dict[str, list[int]] = {}
        agents: list[str] = []
        ended, start = True, 0
        for number, line in enumerate(lines, 1):
            key, _, value = line.partition(":")
            if key == "User-agent":
                if ended:
                    agents, ended = [], False
                    start = number
                name = value.strip()
                if name:
                    agents.append(name)
                    held.setdefault(name, [])
                    # What stood between the list's lines holds for this token as well.
                    for early in range(start, number):
                        if lines[early - 1].startswith(("Content", "Crawl")):
                            held[name].append(early)
                continue
            if key in ("Disallow", "Allow") or (
                key == "Content-Usage" and reading is Reading.AIPREF
            ):
                ended = True
            if key in ("Disallow", "Allow", "Content-Usage", "Content-Signal", "Crawl-delay"):
                for name in agents:
                    held[name].append(number)
        for name in ("a", "b", "c"):
            group = choose(file, (name,), reading)
            expected = sorted(set(held.get(name, held.get("*", []))))
            assert [record.line for record in group.records] == expected
            assert group.named is (name in held)
