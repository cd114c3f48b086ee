"""The laws of the rules, section 9, as far as they bind the families."""

from dataclasses import replace

import http_sf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent import vocabulary
from signals_agent.families import FAMILIES
from signals_agent.families.aipref import AIPREF
from signals_agent.families.content_signal import CONTENT_SIGNAL
from signals_agent.family import Context, Family
from signals_agent.model.declaration import Declaration, Located, Reach, Scope
from signals_agent.model.position import (
    ElementPosition,
    FieldPosition,
    LinePosition,
    PointerPosition,
)
from signals_agent.model.statement import Answer, Preference, Statement, strictness
from signals_agent.model.use import Use

ABOUT = Context("https://site.example/", b"/", ("examplebot",))
POSITIONS = {
    "http-header": FieldPosition("x", 1),
    "robots-txt": LinePosition(1, 1),
    "html-meta": ElementPosition("meta", 0),
    "well-known": PointerPosition(""),
}

KNOWN = st.sampled_from(sorted(vocabulary.LABELS))
LABEL = KNOWN | st.sampled_from(["ai-train", "ai-input", "TRAIN-AI", "x"])
VALUE = st.sampled_from(["y", "n", "y", "n", "N", "?0", '"n"', "no", "yes", "1", "(n y)"])
TAIL = st.sampled_from(
    [
        "",
        "",
        "",
        ";exceptions=cc-cr",
        ";exceptions=cc-cr-dc",
        ";exceptions=cc-foo",
        ";search=n",
        ' ;exceptions="cc-cr"',
        ";exceptions",
        ";exceptions=cc-cr,cc-cr-op",
        ";all=y",
    ]
)
MEMBER = st.builds("{}={}{}".format, LABEL, VALUE, TAIL)
EXPRESSION = st.lists(MEMBER, max_size=4).map(", ".join) | st.text(max_size=12)
PLACE = st.tuples(
    st.sampled_from(["http-header", "robots-txt", "html-meta"]),
    st.sampled_from(["a", "b"]),
    st.integers(0, 3),
    st.booleans(),
)


def located(
    family: Family,
    value: bytes,
    name: str,
    carrier: str = "http-header",
    bucket: str = "",
    length: int = 0,
    restrict_only: bool = False,
    field: str = "",
) -> Located:
    declaration = Declaration(
        id=f"dec-{name}",
        family=family.name,
        carrier=carrier,
        source=ABOUT.url,
        position=POSITIONS[carrier],
        expression="",
        octets=value,
        scope=Scope(),
        capture="cap",
    )
    literal = carrier in ("http-header", "robots-txt") and not restrict_only
    reach = Reach(bucket, length, restrict_only, literal)
    return Located(declaration, value, reach, field or family.listens[0].field)


def read(family: Family, *unit: Located) -> tuple[Statement, ...]:
    return family.read(unit, ABOUT).statements


def answers(family: Family, *statements: Statement) -> dict[Use, Answer]:
    return {one.use: one for one in family.settle(statements, ABOUT).answers}


def rank(found: dict[Use, Answer], use: Use) -> int:
    return strictness(found[use].preference) if use in found else 0


STATEMENTS = st.lists(st.tuples(EXPRESSION, PLACE), max_size=5)


def made(parts: list[tuple[str, tuple[str, str, int, bool]]]) -> list[Statement]:
    found: list[Statement] = []
    for index, (text, (carrier, bucket, length, only)) in enumerate(parts):
        one = located(AIPREF, text.encode(), str(index), carrier, bucket, length, only)
        found += read(AIPREF, one)
    return found


@given(EXPRESSION)
def test_ours_never_allows_what_the_current_draft_disallows(text: str) -> None:
    one = located(AIPREF, text.encode(), "a")
    (statement,) = AIPREF.read((one,), ABOUT).statements
    (current,) = AIPREF.read((one,), replace(ABOUT, vocabulary="08")).statements
    ours = {answer.use: answer.preference for answer in statement.answers}
    refused = {a.use for a in statement.literal if a.preference is Preference.DISALLOW}
    refused |= {a.use for a in current.answers if a.preference is not Preference.ALLOW}
    assert all(ours[use] is not Preference.ALLOW for use in refused)


@given(EXPRESSION)
def test_nothing_but_the_letter_allows(text: str) -> None:
    try:
        parsed = http_sf.parse(text.strip().encode(), tltype="dictionary")
    except http_sf.StructuredFieldError:
        parsed = {}
    letter = {
        label
        for label, (value, _) in parsed.items()
        if isinstance(value, http_sf.Token) and str(value) == "y"
    }
    (statement,) = read(AIPREF, located(AIPREF, text.encode(), "a"))
    for answer in statement.answers:
        if answer.preference is Preference.ALLOW:
            assert letter & set(vocabulary.table("cumulative").labels(answer.use))


@given(st.lists(EXPRESSION, min_size=1, max_size=3), KNOWN)
def test_a_further_header_line_that_refuses_never_relaxes(lines: list[str], label: str) -> None:
    units = [located(AIPREF, line.encode(), str(i)) for i, line in enumerate(lines)]
    before = answers(AIPREF, *read(AIPREF, *units))
    refusal = located(AIPREF, f"{label}=n".encode(), "n")
    after = answers(AIPREF, *read(AIPREF, *units, refusal))
    assert all(rank(after, use) >= rank(before, use) for use in Use)


@given(STATEMENTS, KNOWN, st.data())
def test_a_further_rule_that_refuses_never_relaxes(
    parts: list[tuple[str, tuple[str, str, int, bool]]], label: str, data: st.DataObject
) -> None:
    before = made(parts)
    where = data.draw(st.sampled_from([place for _, place in parts])) if parts else None
    carrier, bucket, length, only = where or ("http-header", "", 0, False)
    refusal = located(AIPREF, f"{label}=n".encode(), "n", carrier, bucket, length, only)
    old = answers(AIPREF, *before)
    new = answers(AIPREF, *before, *read(AIPREF, refusal))
    assert all(rank(new, use) >= rank(old, use) for use in Use)


@given(STATEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(parts: list, random) -> None:
    statements = made(parts)
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert AIPREF.settle(shuffled, ABOUT) == AIPREF.settle(statements, ABOUT)


@given(STATEMENTS, EXPRESSION, st.integers(0, 4))
def test_what_may_only_restrict_never_relaxes(
    parts: list[tuple[str, tuple[str, str, int, bool]]], text: str, length: int
) -> None:
    """Among themselves the longest match decides; what counts freely they never relax."""
    before = made(parts)
    orphan = located(AIPREF, text.encode(), "o", "robots-txt", "a", length, restrict_only=True)
    old = answers(AIPREF, *(one for one in before if not one.unit[0].reach.restrict_only))
    new = answers(AIPREF, *before, *read(AIPREF, orphan))
    assert all(rank(new, use) >= rank(old, use) for use in Use)
    allowed = {use for use, one in new.items() if one.preference is Preference.ALLOW}
    assert all(old[use].preference is Preference.ALLOW for use in allowed)


@given(STATEMENTS)
def test_the_fall_back_only_restricts(
    parts: list[tuple[str, tuple[str, str, int, bool]]],
) -> None:
    rules = [("robots-txt", "a", length, False) for _, (_, _, length, _) in parts]
    statements = made([(text, rule) for (text, _), rule in zip(parts, rules, strict=True)])
    longest = max((rule[2] for rule in rules), default=0)
    top = [one for one in statements if one.unit[0].reach.length == longest]
    without, found = answers(AIPREF, *top), answers(AIPREF, *statements)
    for use in Use:
        if use in without:
            assert found[use] == without[use]
        elif use in found:
            assert found[use].preference is not Preference.ALLOW


SEPARATORS = st.lists(st.sampled_from([", ", " ", "  ", ",", ": ", "\t"]), min_size=4, max_size=4)


def in_the_dark(family: Family, *unit: Located) -> set[Use]:
    settled = family.settle(read(family, *unit), ABOUT)
    return {use for use, _ in settled.unreadable}


@given(EXPRESSION, st.booleans())
def test_a_line_over_the_cap_leaves_in_the_dark_whatever_is_not_refused(
    text: str, before: bool
) -> None:
    units = [located(AIPREF, text.encode(), "a"), located(AIPREF, b"a=1, " * 2000, "long")]
    unit = units if before else units[::-1]
    found = answers(AIPREF, *read(AIPREF, *unit))
    refused = {use for use, one in found.items() if one.preference is Preference.DISALLOW}
    assert in_the_dark(AIPREF, *unit) == set(Use) - refused


@pytest.mark.parametrize(
    ("family", "member", "labels"),
    [
        (AIPREF, "{}=n", sorted(vocabulary.LABELS)),
        (CONTENT_SIGNAL, "{}=no", ["ai-train", "ai-input", "search"]),
    ],
    ids=["aipref", "content-signal"],
)
@given(data=st.data())
def test_a_refusal_behind_a_wrong_separator_is_never_lost(
    family: Family, member: str, labels: list[str], data: st.DataObject
) -> None:
    named = data.draw(st.lists(st.sampled_from(labels), min_size=1, max_size=4))
    between = ["", *data.draw(SEPARATORS)]
    members = [member.format(label) for label in named]
    right = located(family, ", ".join(members).encode(), "a")
    joined = "".join(part for pair in zip(between, members, strict=False) for part in pair)
    wrong = located(family, joined.encode(), "b")
    found = answers(family, *read(family, wrong))
    refused = {use for use, one in found.items() if one.preference is Preference.DISALLOW}
    assert set(answers(family, *read(family, right))) <= refused | in_the_dark(family, wrong)


LINES = {
    "content-signal": (
        ["search=yes", "ai-train=no", "use=reference", "ai-input=0", "x"],
        b"use=immediate",
    ),
    "tdmrep": (["0", "1", "2", "true", ""], b"1"),
    "robots-meta": (["noai", "noindex", "index", "otherbot: noai", "noml"], b"noai, noindex"),
    "ai-txt": (
        [f"User-agent: {each}" for each in ("*\nDisallow: /", "*\nAllow: /", "x\nDisallow: /")],
        b"User-agent: *\nDisallow: *",
    ),
    "trust-txt": (
        [f"datatrainingallowed={each}" for each in ("yes", "no", "ask", "")] + ["contact=x"],
        b"datatrainingallowed=no",
    ),
}


SPEAKING = [family for family in FAMILIES if family.name in LINES]


@pytest.mark.parametrize("family", SPEAKING, ids=lambda family: family.name)
@given(data=st.data())
def test_a_refusal_in_the_same_carrier_never_relaxes(family: Family, data: st.DataObject) -> None:
    lines, refusal = LINES[family.name]
    carrier = st.sampled_from(["http-header", "html-meta"])
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(lines), carrier), max_size=4))
    fields = {"tdmrep": "tdm-reservation", "ai-txt": "/ai.txt", "trust-txt": "/trust.txt"}
    field = fields.get(family.name) or family.listens[0].field
    before = [
        statement
        for index, (line, where) in enumerate(drawn)
        for statement in read(
            family, located(family, line.encode(), str(index), where, field=field)
        )
    ]
    # TDMRep's carriers supersede each other, so the refusal stands in the one that decides.
    where = max((where for _, where in drawn), key=list(POSITIONS).index, default="http-header")
    added = read(family, located(family, refusal, "n", where, field=field))
    old, new = answers(family, *before), answers(family, *before, *added)
    assert all(rank(new, use) >= rank(old, use) for use in Use)
    assert family.settle([*added, *before[::-1]], ABOUT) == family.settle([*before, *added], ABOUT)
