"""Whether the chosen lines let us fetch: RFC 9309 2.2.2, asked of two engines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.robots import access, match
from signals_agent.robots.access import AccessDecision
from signals_agent.robots.groups import Group, Reading, choose
from signals_agent.robots.parse import parse


def group(*rules: str) -> Group:
    text = "\n".join(("User-agent: *", *rules))
    return choose(parse(text.encode()), ("ExampleBot",), Reading.AIPREF)


def decide(rules: list[str], path: str) -> AccessDecision:
    return access.decide(group(*rules), match.target(path))


@pytest.mark.parametrize(
    ("rules", "path", "line"),
    [
        pytest.param([], "/a", None, id="no rule"),
        pytest.param(["Disallow:"], "/a", None, id="an empty Disallow is no rule"),
        pytest.param(["Allow:", "Disallow: /"], "/a", 3, id="nor is an empty Allow"),
        pytest.param(["Disallow: /b"], "/a", None, id="no rule that matches"),
        pytest.param(["Disallow: /"], "/a", 2, id="everything"),
        pytest.param(["Allow: /p", "Disallow: /"], "/page", -2, id="the longest wins"),
        pytest.param(["Disallow: /", "Allow: /p"], "/page", -3, id="in any order"),
        pytest.param(["Allow: /folder", "Disallow: /folder"], "/folder/x", -2, id="a tie allows"),
        pytest.param(
            ["Disallow: /folder", "Allow: /folder"], "/folder/x", -3, id="in any order too"
        ),
        pytest.param(["Allow: /page", "Disallow: /*.htm"], "/page.htm", 3, id="a wildcard counts"),
        pytest.param(["Allow: /page", "Disallow: /*.ph"], "/page.php5", -2, id="equal lengths"),
        pytest.param(["Allow: /$", "Disallow: /"], "/", -2, id="only the root"),
        pytest.param(["Allow: /$", "Disallow: /"], "/page", 3, id="and nothing else"),
        pytest.param(["Disallow: /a", "Disallow: /a"], "/a", 2, id="the first of two equal lines"),
        pytest.param(["Disallow: /a*b$"], "/a1b?c", None, id="the query is part of it"),
        pytest.param(["Disallow: /*?"], "/a?b", 2, id="a question mark is itself"),
        pytest.param(["Disallow: /%7Ejoe"], "/~joe/", 2, id="unreserved octets are decoded"),
        pytest.param(["Disallow: /caf\u00e9"], "/caf%c3%a9", 2, id="non-ASCII is encoded"),
        pytest.param(["Disallow: /a b"], "/a%20b", 2, id="a space is encoded"),
        pytest.param(["Disallow: /"], "/robots.txt", None, id="robots.txt itself is free"),
        pytest.param(["Disallow: /"], "/robots.txt.bak", 2, id="and nothing like it"),
        pytest.param(["Disallow: a"], "/a", None, id="a path begins with a slash"),
        pytest.param(["Disallow: //a"], "//a/b", 2, id="or with two"),
        pytest.param(["Disallow: *.pdf$"], "/x.pdf", 2, id="or with a star"),
        pytest.param(["Content-Usage: / a=n", "License: /"], "/a", None, id="others do not count"),
    ],
)
def test_the_line_that_decides(rules: list[str], path: str, line: int | None) -> None:
    """``line`` is negative where that line allows."""
    decision = decide(rules, path)
    assert decision.allowed is (line is None or line < 0)
    assert (decision.record.line if decision.record else None) == (abs(line) if line else None)
    assert not decision.disagreement


@pytest.mark.parametrize(
    ("rules", "path", "line"),
    [
        pytest.param(["Disallow: /a%3Ab"], "/a:b", 2, id="Protego decodes reserved octets"),
        pytest.param(["Disallow: /a$"], "/a$b", 2, id="Protego reads a last dollar literally too"),
        pytest.param(["Allow: /a$", "Disallow: /"], "/a$", 3, id="so it may allow more"),
        pytest.param(
            ["Allow: /index.html", "Disallow: /"],
            "/",
            3,
            id="Protego lets index.html open its folder",
        ),
        pytest.param(
            ["Allow: /d/inde%78.html", "Disallow: /d"], "/d/", 3, id="however that is written"
        ),
        pytest.param(["Allow: /a*c", "Disallow: /?b"], "/?b", 3, id="both agree here"),
        pytest.param(
            ["Allow: /*?abc", "Disallow: /*xyzab"], "/xyzab?abc", 3, id="Protego counts ? as three"
        ),
        pytest.param(["Disallow: http://site/a"], "/http://site/a", 2, id="a URL for a path"),
    ],
)
def test_where_the_engines_differ_the_refusal_counts(
    rules: list[str], path: str, line: int
) -> None:
    decision = decide(rules, path)
    assert not decision.allowed
    assert decision.record is not None
    assert decision.record.line == line
    assert decision.disagreement is (path != "/?b")


def test_the_line_for_which_protego_refuses_is_looked_for_among_the_longest_only() -> None:
    long = [f"Disallow: /*{number:04}zz" for number in range(64)]
    found = decide(["Disallow: /a%3Ab", *long[1:]], "/a:b")
    assert (found.allowed, found.record and found.record.line) == (False, 2)
    assert decide(["Disallow: /a%3Ab", *long], "/a:b") == AccessDecision(False, None, True)


def test_protego_reads_only_what_bears_on_the_path_until_it_reads_the_group() -> None:
    rules = group(*(f"Disallow: /{letter}*x" for letter in "abcdefghijkl"))
    for letter in "abcdefgh":
        assert not access.decide(rules, f"/{letter}1x".encode()).allowed
    engines = rules.memo["access"]
    assert sorted(engines.by_lines) == [(n,) for n in range(8)]
    assert access.decide(rules, b"/z").allowed
    assert not engines.whole
    assert not access.decide(rules, b"/i1x").allowed
    assert engines.protego((9,)) is engines.protego((10, 11))
    assert access.decide(rules, b"/j1y").allowed
    assert engines.by_lines == {}


def test_usage_rules_are_not_tried_for_access() -> None:
    rules = group("Disallow: /a", *(f"Content-Usage: /a{n} a=n" for n in range(10_000)))
    assert not access.decide(rules, b"/a1").allowed
    assert len(rules.memo["access"].rules) == 1


def test_control_characters_end_no_line_for_protego_either() -> None:
    rules = ["Disallow: /a*\x0bAllow: /", "Disallow: /b*\x1cUser-agent: x", "Disallow: /c*"]
    assert not decide(rules, "/cc").allowed
    assert decide(rules, "/").allowed
    assert not decide(rules, "/ax%0BAllow:%20/").allowed


PARTS = (
    *("/", "a", "b", "index.html", "*", "$", "%61", "%2F", "%3D", "=", "?", "\u00e9", "%C3"),
    *(".", "~", " ", "\x0b", "http://", "+", "&", "%24"),
)
VALUES = st.builds(
    lambda start, rest: start + "".join(rest),
    st.sampled_from(["/", "/", "/", "/a", "*", "a", "%2F", "http://"]),
    st.lists(st.sampled_from(PARTS), max_size=5),
)
RULES = st.lists(
    st.builds("{}: {}".format, st.sampled_from(["Allow", "Disallow"]), VALUES), max_size=8
)
TARGETS = st.lists(st.sampled_from([*PARTS, "#"]), max_size=6).map(lambda p: "/" + "".join(p))


@given(RULES, TARGETS)
def test_protego_on_what_bears_on_a_path_answers_as_on_the_group(
    rules: list[str], path: str
) -> None:
    ours = group(*rules)
    target = match.target(path)
    decision = access.decide(ours, target)
    engines = ours.memo["access"]
    url = "http://site" + target.decode("ascii")
    whole = access._protego(engines.rules).can_fetch(url, "*")
    lines = sorted(engines.index.candidates(target))
    assert access._protego(engines.rules[i] for i in lines).can_fetch(url, "*") is whole
    if not whole:
        assert not decision.allowed


@given(RULES, TARGETS)
def test_our_half_of_the_answer_is_the_longest_match(rules: list[str], path: str) -> None:
    ours = group(*rules)
    target = match.target(path)
    best = (0, True)
    for record in ours.records:
        compiled = match.pattern(record.value)
        if record.value and compiled.matches(target):
            best = max(best, (compiled.length, record.key == "allow"))
    decision = access.decide(ours, target)
    if target != b"/robots.txt" and not best[1]:
        assert not decision.allowed
    if decision.record and not decision.disagreement:
        assert match.pattern(decision.record.value).length == best[0]
        assert decision.allowed is best[1]


@given(RULES, VALUES, TARGETS)
def test_one_more_disallow_never_allows_more(rules: list[str], value: str, path: str) -> None:
    if not decide(rules, path).allowed:
        assert not decide([*rules, f"Disallow: {value}"], path).allowed
