"""What is told of a URL whose declarations changed, and what is told apart from that."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import differing
import pytest
from differing import BY, BY_NC, CLOSED, CREDIT, NO, ON_CREDIT, OPEN, ORIGIN, SIGNAL, TDM, YES

import signals_agent as sa
from signals_agent.audit.difference import (
    Book,
    Changed,
    Differ,
    Verdict,
    account,
    as_jsonl,
    words,
)
from signals_agent.audit.difference.states import Held
from signals_agent.model.assessment import Tool
from signals_agent.version import TABLES, VERSION

ROBOTS = f"{ORIGIN}/robots.txt"
TDMREP = f"{ORIGIN}/.well-known/tdmrep.json"
PAGE = (f"{ORIGIN}/a",)


def answer(*said: tuple[str, str], **more: Any) -> sa.Assessment:
    return differing.answer(f"{ORIGIN}/a", *said, **more)


def told(found: Changed | None) -> list[tuple[str, str, str, str, str]]:
    assert found is not None
    return [
        (each.kind.value, each.said.family, each.said.source, each.before, each.after)
        for each in found.declared
    ]


@pytest.mark.parametrize(
    ("before", "after", "verdict", "declared"),
    [
        pytest.param(
            answer(YES),
            answer(NO, day=1),
            Verdict.TIGHTENED,
            [("changed", "aipref", "", "train-ai=y", "train-ai=n")],
            id="allowed, and refused",
        ),
        pytest.param(
            answer(NO),
            answer(YES, day=1),
            Verdict.LOOSENED,
            [("changed", "aipref", "", "train-ai=n", "train-ai=y")],
            id="refused, and allowed",
        ),
        pytest.param(
            answer(YES),
            answer(ON_CREDIT, day=1),
            Verdict.TIGHTENED,
            [("changed", "aipref", "", "train-ai=y", "train-genai=n;exceptions=cc-cr")],
            id="credit is asked for",
        ),
        pytest.param(
            answer(robots=SIGNAL),
            answer(robots=sa.ABSENT, day=1),
            Verdict.LOOSENED,
            [
                ("withdrawn", "access", ROBOTS, "Allow: /", ""),
                ("withdrawn", "aipref", ROBOTS, "train-ai=n", ""),
            ],
            id="robots.txt is not there any more",
        ),
        pytest.param(
            answer(BY),
            answer(BY_NC, day=1),
            Verdict.TIGHTENED,
            [
                (
                    "changed",
                    "licence",
                    "",
                    '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
                    '<https://creativecommons.org/licenses/by-nc/4.0/>; rel="license"',
                )
            ],
            id="another licence",
        ),
        pytest.param(
            answer(),
            answer(tdm=TDM, day=1),
            Verdict.TIGHTENED,
            [("added", "tdmrep", TDMREP, "", '{"location": "/*", "tdm-reservation": 1}')],
            id="a reservation in tdmrep.json",
        ),
        pytest.param(
            answer(NO),
            answer(robots=SIGNAL, day=1),
            Verdict.REWORDED,
            [
                ("withdrawn", "aipref", "", "train-ai=n", ""),
                ("added", "aipref", ROBOTS, "", "train-ai=n"),
            ],
            id="what stood in the header section stands in robots.txt",
        ),
        pytest.param(
            answer(robots=OPEN),
            answer(robots=CLOSED, day=1),
            Verdict.TIGHTENED,
            [("changed", "access", ROBOTS, "Allow: /", "Disallow: /")],
            id="robots.txt refuses",
        ),
        pytest.param(
            answer(YES, BY_NC),
            answer(NO, BY, day=1),
            Verdict.BOTH,
            [
                ("changed", "aipref", "", "train-ai=y", "train-ai=n"),
                (
                    "changed",
                    "licence",
                    "",
                    '<https://creativecommons.org/licenses/by-nc/4.0/>; rel="license"',
                    '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
                ),
            ],
            id="a no, under a licence that asks for less",
        ),
    ],
)
def test_what_changed_is_told_with_both_expressions(
    before: sa.Assessment,
    after: sa.Assessment,
    verdict: Verdict,
    declared: list[tuple[str, ...]],
) -> None:
    found = differing.changed(before, after)
    assert told(found) == declared
    assert found is not None
    assert found.verdict is verdict
    assert not found.lost


META = b'<html><head>%s<meta name="tdm-reservation" content="1"></head><p>%s</html>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(answer(NO), answer(NO, day=1), id="another day"),
        pytest.param(
            answer(NO), answer(NO, body=differing.PAGE + b"more", day=1), id="other words around"
        ),
        pytest.param(
            answer(body=META % (b"", b"x")),
            answer(body=META % (b"<title>new</title>", b"y"), day=1),
            id="a declaration that moved within its page",
        ),
        pytest.param(
            answer(robots=SIGNAL),
            answer(robots=b"# new\n\n" + SIGNAL, day=1),
            id="a rule that moved within robots.txt",
        ),
        pytest.param(
            answer(NO),
            differing.answer(
                f"{ORIGIN}/b",
                NO,
                day=1,
                hops=[sa.Capture(f"{ORIGIN}/a", 302, [("Location", "/b")])],
            ),
            id="the asset stands elsewhere, and says the same there",
        ),
    ],
)
def test_what_says_the_same_is_no_change(before: sa.Assessment, after: sa.Assessment) -> None:
    assert before.url == PAGE[0]
    _, found = differing.differ({PAGE[0]: before}, {PAGE[0]: after})
    assert found == {}


@pytest.mark.parametrize(
    ("before", "after", "verdict", "unseen", "lost"),
    [
        pytest.param(
            answer(robots=SIGNAL),
            answer(robots=sa.UNREACHABLE, day=1),
            Verdict.NOT_FOUND_OUT,
            [(ROBOTS, "present", "unreachable", ("Allow: /", "train-ai=n"))],
            True,
            id="robots.txt cannot be reached",
        ),
        pytest.param(
            answer(tdm=TDM),
            answer(tdm=sa.UNREACHABLE, day=1),
            Verdict.NOT_FOUND_OUT,
            [
                (
                    TDMREP,
                    "present",
                    "unreachable",
                    ('{"location": "/*", "tdm-reservation": 1}',),
                )
            ],
            True,
            id="tdmrep.json cannot be reached",
        ),
        pytest.param(
            answer(NO),
            answer(status=503, day=1),
            Verdict.NOT_FOUND_OUT,
            [("", "present", "unreachable", ("train-ai=n",))],
            True,
            id="the asset cannot be reached",
        ),
        pytest.param(
            answer(NO),
            answer(status=404, day=1),
            Verdict.GONE,
            [("", "present", "absent", ("train-ai=n",))],
            False,
            id="the asset is gone, which has been found out",
        ),
        pytest.param(
            answer(status=404),
            answer(day=1),
            Verdict.BACK,
            [("", "absent", "present", ())],
            False,
            id="the asset is back",
        ),
        pytest.param(
            answer(robots=sa.UNREACHABLE),
            answer(day=1),
            Verdict.FOUND_OUT,
            [(ROBOTS, "unreachable", "present", ("Allow: /",))],
            False,
            id="robots.txt can be reached again",
        ),
    ],
)
def test_what_could_not_be_looked_at_is_neither_added_nor_withdrawn(
    before: sa.Assessment,
    after: sa.Assessment,
    verdict: Verdict,
    unseen: list[tuple[Any, ...]],
    lost: bool,
) -> None:
    found = differing.changed(before, after)
    assert found is not None
    assert found.declared == ()
    assert found.verdict is verdict
    assert [
        (each.source, each.before, each.after, each.expressions) for each in found.unseen
    ] == unseen
    assert found.lost is lost


def test_what_could_not_be_reached_tells_nothing_where_nobody_had_to_look() -> None:
    assert differing.changed(answer(), answer(tdm=sa.UNREACHABLE, day=1)) is None


def test_a_robots_txt_that_refuses_says_nothing_besides_and_that_is_not_withdrawn() -> None:
    closed = SIGNAL.replace(b"Allow", b"Disallow")
    found = differing.changed(answer(robots=SIGNAL), answer(robots=closed, day=1))
    assert told(found) == [("changed", "access", ROBOTS, "Allow: /", "Disallow: /")]
    assert found is not None
    assert [(each.source, each.after, each.expressions) for each in found.unseen] == [
        (ROBOTS, "refused", ("train-ai=n",))
    ]
    assert found.verdict is Verdict.TIGHTENED
    assert not found.lost


def test_what_only_another_policy_makes_of_the_same_words_is_no_change() -> None:
    strict = {"on": {"unknown": "skip"}}
    made, found = differing.differ(
        {PAGE[0]: answer(BY_NC)}, {PAGE[0]: answer(BY_NC, day=1, policy=strict)}
    )
    assert found == {}
    assert made.weighed == 0  # the words are the same, and nothing has to be weighed
    changed = differing.changed(answer(BY, NO), answer(BY_NC, NO, day=1, policy=strict))
    assert changed is not None
    assert changed.verdict is Verdict.TIGHTENED
    assert not any(each.change.aspect == "decision" for each in changed.outcomes)


def test_answers_of_other_tokens_are_weighed_for_each_of_them() -> None:
    rules = b"User-agent: OtherBot\nContent-Usage: train-ai=n\nAllow: /\n\n" + OPEN
    both = answer(robots=rules), answer(robots=rules, day=1, token="OtherBot")
    made, found = differing.differ({PAGE[0]: both[0]}, {PAGE[0]: both[1]})
    assert found == {}
    assert made.weighed == 1
    new = answer(robots=rules.replace(b"=n", b"=y"), day=1)
    changed = differing.changed(both[1], new)
    assert told(changed) == [("changed", "aipref", ROBOTS, "train-ai=n", "train-ai=y")]
    assert changed is not None
    assert changed.verdict is Verdict.LOOSENED


def test_a_policy_that_is_given_weighs_both() -> None:
    policy = sa.Policy.make({"uses": ["search"]})
    made, found = differing.differ(
        {PAGE[0]: answer(YES)}, {PAGE[0]: answer(NO, day=1)}, policy=policy, uses=policy.uses
    )
    assert found[PAGE[0]].verdict is Verdict.REWORDED
    assert made.weighed == 1


def test_what_cannot_be_weighed_anew_is_compared_as_it_was_decided() -> None:
    class Without(differing.Made):
        def evidence(self, entry: int) -> Any:
            from signals_agent.evidence import Evidence

            return Evidence({}, {})

    states = (
        Without({PAGE[0]: answer(YES)}),
        Without({PAGE[0]: answer(NO, day=1, policy={"on": {"unknown": "hold"}})}),
    )
    made = Differ(*states)
    (found,) = made.changes()
    assert found.unweighed
    assert found.verdict is Verdict.TIGHTENED
    assert made.counts.unweighed == 1


def test_only_the_uses_of_interest_are_judged() -> None:
    before, after = answer(YES), answer(NO, day=1)
    found = differing.changed(before, after, uses=[sa.Use.SEARCH])
    assert found is not None
    assert found.verdict is Verdict.REWORDED
    assert differing.changed(before, after, uses=[sa.Use.TRAIN_OTHER]).verdict == "tightened"


def test_urls_of_one_state_only_and_those_not_asked_are_counted() -> None:
    one = answer(NO)
    made, found = differing.differ(
        {"https://a.example/": one, "https://b.example/": one, "https://c.example/": None},
        {"https://b.example/": None, "https://c.example/": one, "https://d.example/": one},
    )
    counts = made.counts
    assert found == {}
    assert (counts.only_before.first, counts.only_after.first) == (
        ["https://a.example/"],
        ["https://d.example/"],
    )
    assert (counts.unasked.first, counts.unasked_before.first) == (
        ["https://b.example/"],
        ["https://c.example/"],
    )
    assert (counts.before, counts.after, counts.both, counts.lost) == (3, 3, 2, 1)
    assert counts.unchanged == 0


def test_where_both_change_what_comes_of_robots_txt_is_told_of_the_site() -> None:
    found = differing.changed(answer(YES, robots=CREDIT), answer(BY_NC, robots=SIGNAL, day=1))
    assert found is not None
    assert {each.said.source for each in found.declared} == {"", ROBOTS}
    shared = {(each.change.aspect, each.shared) for each in found.outcomes if each.tighter}
    assert ("preference", True) in shared
    assert ("licence", False) in shared


@pytest.mark.parametrize("turned", [False, True])
def test_a_robots_txt_that_is_not_handed_out_is_as_one_that_is_not_there(turned: bool) -> None:
    absent = answer(robots=sa.ABSENT)
    forbidden = answer(robots=sa.Capture(ROBOTS, 403), day=1)
    pair = (forbidden, absent) if turned else (absent, forbidden)
    assert differing.changed(*pair) is None


RSL = b"""<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>
<prohibits type="usage">ai-train</prohibits></license></content></rsl>"""
NAMING = b"License: https://press.example/license.xml\n\n" + OPEN


def test_a_document_that_nothing_names_any_more_is_withdrawn_with_what_named_it() -> None:
    licence = {f"{ORIGIN}/license.xml": RSL}
    before = answer(robots=NAMING, documents=licence)
    found = differing.changed(before, answer(day=1))
    assert {each[:3] for each in told(found)} == {
        ("withdrawn", "rsl", f"{ORIGIN}/license.xml"),
        ("withdrawn", "rsl", ROBOTS),
    }
    # Where what would name it could not be looked at, nobody knows.
    found = differing.changed(before, answer(robots=sa.UNREACHABLE, day=1))
    assert told(found) == []
    assert found is not None
    assert {each.source for each in found.unseen} == {ROBOTS, f"{ORIGIN}/license.xml"}


def test_what_is_stricter_by_one_of_two_policies_is_told() -> None:
    crawlers = (
        b"User-agent: GPTBot\nUser-agent: CCBot\nUser-agent: ClaudeBot\nDisallow: /\n\n" + OPEN
    )
    strict = {"training_crawlers_refused": "disallow"}
    for old, new in (({}, strict), (strict, {})):
        found = differing.changed(answer(policy=old), answer(robots=crawlers, day=1, policy=new))
        assert found is not None
        assert found.verdict is Verdict.TIGHTENED
    assert differing.changed(answer(), answer(robots=crawlers, day=1)) is None


@pytest.mark.parametrize(
    "said",
    [
        'train-ai=y;n="checked_at":"{}"',
        'train-ai=y, "id":"cap-{}","bytes":{},',
        '"role":"asset","sha256":"{}"',
        '"capture":"cap-{}"\\"valid_until":"{}"',
    ],
)
def test_words_that_look_like_the_names_of_a_result_are_compared(said: str) -> None:
    one, other = (answer(("Content-Usage", said.replace("{}", each))) for each in "12")
    made, found = differing.differ(
        {PAGE[0]: one, f"{ORIGIN}/b": one}, {PAGE[0]: one, f"{ORIGIN}/b": other}
    )
    assert made.counts.unchanged == 1
    assert found.keys() == {f"{ORIGIN}/b"}


def test_what_other_software_makes_of_the_same_words_is_no_change() -> None:
    older = answer(NO).model_copy(update={"tool": Tool("0.0.1", "2025.01")})
    made, found = differing.differ({PAGE[0]: older}, {PAGE[0]: answer(NO, day=1)})
    assert found == {}
    assert [each.software for each in made.asked] == [
        ["0.0.1, tables 2025.01"],
        [f"{VERSION}, tables {TABLES}"],
    ]
    changed = differing.changed(older, answer(YES, day=1))
    assert changed is not None
    assert changed.verdict is Verdict.LOOSENED


def test_memory_does_not_grow_with_the_urls() -> None:
    before, after = (differing.text(answer(each)) for each in (YES, NO))

    class Many(differing.Made):
        number: int
        said: str

        def rows(self) -> Iterator[Held]:
            for number in range(self.number):
                yield Held(f"{ORIGIN}/{number:06}", 1, self.said)

    def peak(number: int) -> int:
        states = []
        for said in (before, after):
            state = Many({})
            state.number, state.said = number, said
            states.append(state)
        book = Book()
        tracemalloc.start()
        try:
            made = Differ(*states)
            book.fill(made.changes())
            for _ in as_jsonl.write(account(made), book):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            book.close()

    peak(50)  # what is loaded and kept once
    # What is told of them is longer than that.
    assert peak(1000) < 400_000


PRICE = ("Crawler-Price", "USD 0.01")
BASIC = ("WWW-Authenticate", 'License realm="Maps"')
META_PAGE = META % (b"", b"x")
SEARCH = {"uses": ["search"]}
"""For which nothing of this is a no: what is skipped is not looked at, and that explains all."""
SAID: dict[str, dict[str, Any]] = {
    "the header section of a page": {"said": (NO,)},
    "the head of a page": {"body": META_PAGE},
    "the header section of what cannot be read": {"said": (NO,), "body": b"\x1f\x8b\x08x"},
    "a 402": {"said": (PRICE,), "status": 402},
    "a 402 that says nothing besides": {"status": 402},
    "a 401": {"said": (BASIC,), "status": 401},
    "a 403": {"said": (PRICE,), "status": 403},
    "what a redirect leads to": {
        "said": (NO,),
        "hops": [sa.Capture(f"{ORIGIN}/z", 302, [("Location", "/a")])],
    },
    "a 402 that a redirect leads to": {
        "said": (PRICE,),
        "status": 402,
        "hops": [sa.Capture(f"{ORIGIN}/z", 302, [("Location", "/a")])],
    },
    "robots.txt": {"robots": SIGNAL},
    "tdmrep.json": {"tdm": TDM},
    "a licence that robots.txt names": {
        "robots": NAMING,
        "documents": {f"{ORIGIN}/license.xml": RSL},
    },
}
BLINDED: dict[str, dict[str, Any]] = {
    "the asset is unreachable": {"status": 503},
    "the asset asks for patience": {"status": 429},
    "a redirect is not followed": {"status": 302},
    "robots.txt is unreachable, and nobody looks": {"robots": sa.UNREACHABLE, "asset": None},
}


def blinded(given: dict[str, Any], how: dict[str, Any]) -> sa.Assessment:
    """The same page, of which nothing that was said can be heard."""
    kept = {name: given[name] for name in ("documents", "hops") if name in given}
    kept |= {"robots": given.get("robots", OPEN), "tdm": given.get("tdm", sa.ABSENT)}
    if "asset" not in how:
        return answer(day=1, policy=SEARCH, **{**kept, **how})
    return sa.assess(
        sa.Capture(f"{ORIGIN}/a", availability=sa.NOT_LOOKED),
        robots=sa.UNREACHABLE,
        token="ExampleBot",
        policy=sa.Policy.make(SEARCH),
        now=answer().checked_at,
    )


@pytest.mark.parametrize("how", BLINDED)
@pytest.mark.parametrize("what", SAID)
def test_what_any_source_said_is_not_withdrawn_where_nobody_could_hear_it(
    what: str, how: str
) -> None:
    given = dict(SAID[what])
    before = answer(*given.pop("said", ()), policy=SEARCH, **given)
    after = blinded(given, BLINDED[how])
    _, found = differing.differ({PAGE[0]: before}, {PAGE[0]: after})
    assert told(found[PAGE[0]]) == []
    assert found[PAGE[0]].verdict is Verdict.NOT_FOUND_OUT
    assert found[PAGE[0]].lost
    _, turned = differing.differ({PAGE[0]: after}, {PAGE[0]: before})
    assert told(turned[PAGE[0]]) == []
    assert not turned[PAGE[0]].lost


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"robots": sa.UNREACHABLE}, id="unreachable"),
        pytest.param({"robots": sa.NOT_LOOKED}, id="not looked at"),
        pytest.param({"robots": SIGNAL, "tdm": sa.UNREACHABLE}, id="tdmrep.json unreachable"),
        pytest.param({"robots": SIGNAL, "tdm": sa.NOT_LOOKED}, id="tdmrep.json not looked at"),
    ],
)
def test_a_file_of_a_site_that_is_not_looked_at_takes_nothing_back(how: dict[str, Any]) -> None:
    found = differing.changed(
        answer(robots=SIGNAL, tdm=TDM, policy=SEARCH),
        answer(day=1, policy=SEARCH, **{"robots": SIGNAL, "tdm": TDM, **how}),
    )
    assert told(found) == []
    assert found is not None
    assert found.verdict is Verdict.NOT_FOUND_OUT


def test_what_stands_in_a_page_is_not_withdrawn_where_only_its_header_section_was_read() -> None:
    found = differing.changed(
        answer(NO, body=META_PAGE, policy=SEARCH), answer(NO, body=None, day=1, policy=SEARCH)
    )
    assert told(found) == []
    assert found is not None
    assert [(each.before, each.after, each.expressions) for each in found.unseen] == [
        ("present", "not-looked", ("1",))
    ]
    # What the header section says no more is, for that was read both times.
    found = differing.changed(answer(NO, body=META_PAGE), answer(body=None, day=1))
    assert [each[:2] for each in told(found)] == [("withdrawn", "aipref")]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        pytest.param(
            answer(PRICE, status=402), answer(day=1), {"withdrawn"}, id="let in without a price"
        ),
        pytest.param(
            answer(PRICE, status=402), answer(status=403, day=1), {"withdrawn"}, id="a plain 403"
        ),
        pytest.param(
            answer(PRICE, status=402),
            answer(("Crawler-Price", "USD 2"), status=402, day=1),
            {"changed"},
            id="another price",
        ),
        pytest.param(answer(), answer(PRICE, status=402, day=1), {"added"}, id="a price"),
    ],
)
def test_what_an_answer_in_place_of_the_asset_says_is_held_against_other_answers(
    before: sa.Assessment, after: sa.Assessment, kinds: set[str]
) -> None:
    assert {each[0] for each in told(differing.changed(before, after))} == kinds


def test_a_price_whose_page_is_gone_is_told_as_gone() -> None:
    found = differing.changed(answer(PRICE, status=402), answer(status=404, day=1))
    assert told(found) == []
    assert found is not None
    assert found.verdict is Verdict.GONE
    assert not found.lost


def test_an_asset_that_was_not_looked_at_is_found_out_to_be_missing_and_not_gone() -> None:
    found = differing.changed(blinded({}, {"asset": None}), answer(status=404, day=1))
    assert found is not None
    assert found.verdict is Verdict.FOUND_OUT


@pytest.mark.parametrize(
    ("path", "said"),
    [("/.well-known/tdmrep.json", TDM), ("/ai.txt", b"User-Agent: *\nDisallow: /\n")],
)
def test_a_file_that_was_not_asked_for_takes_nothing_back(path: str, said: bytes) -> None:
    pair = [
        sa.assess(
            sa.Capture(PAGE[0], 200, [("Content-Type", "text/html")], differing.PAGE),
            robots=OPEN,
            site_files={path: said} if sources == "extended" else {},
            policy=sa.Policy.make({**SEARCH, "sources": sources}),
            token="ExampleBot",
            now=answer().checked_at,
        )
        for sources in ("extended", "default")
    ]
    assert any(each.source == ORIGIN + path for each in pair[0].declarations)
    compared = words.compare(*pair)
    assert compared.declared == ()
    assert [each.source for each in compared.unseen] == [ORIGIN + path]
    assert words.compare(*reversed(pair)).declared == ()


def test_a_price_that_cannot_be_heard_any_more_is_not_given_up() -> None:
    rules = {"robots": OPEN, "policy": SEARCH}
    found = differing.changed(
        answer(PRICE, status=402, **rules), answer(status=503, day=1, **rules)
    )
    assert found is not None
    assert (found.verdict, found.outcomes) == (Verdict.NOT_FOUND_OUT, ())
