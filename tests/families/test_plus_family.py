"""What a value of PLUS Data Mining asks for, in words, and which values are told apart."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.families.plus import KEYS, PLUS, VOCABULARY
from signals_agent.family import Context
from signals_agent.model.declaration import Declaration, Located, Reach, Scope
from signals_agent.model.obligation import ObligationKind, Term
from signals_agent.model.position import ElementPosition
from signals_agent.model.statement import Preference, strictness
from signals_agent.model.use import USES, Use

ABOUT = Context("https://site.example/a.jpg", b"/a.jpg", ("examplebot",), media="image")
LINKED = "Iptc4xmpExt:LinkedEncRightsExpr"


def located(value: str, field: str = "plus:DataMining", index: int = 0, **reach: bool) -> Located:
    declaration = Declaration(
        id=f"dec-{index}",
        family="plus",
        carrier="embedded",
        source=ABOUT.url,
        position=ElementPosition("plus:datamining", index),
        expression=value,
        octets=value.encode(),
        scope=Scope(),
        capture="cap",
    )
    return Located(declaration, value.encode(), Reach(index=index, **reach), field)


def answers(*units: tuple[Located, ...]) -> dict[Use, Preference]:
    statements = [one for unit in units for one in PLUS.read(unit, ABOUT).statements]
    return {one.use: one.preference for one in PLUS.settle(statements, ABOUT).answers}


def terms(*unit: Located) -> set[Term]:
    (statement,) = PLUS.read(unit, ABOUT).statements
    return {term for answer in statement.answers for term in answer.terms}


@pytest.mark.parametrize(
    ("key", "companion", "address", "words"),
    [
        pytest.param(
            "SEECONSTRAINT",
            located(
                "Ask us.\x1b[2J https://user:pw@photos.example/terms", "plus:OtherConstraints", 1
            ),
            "https://photos.example/terms",
            "Ask us.\\e[2J",
            id="constraints, with control characters and a password",
        ),
        pytest.param(
            "SEECONSTRAINT",
            located("x" * 2000, "plus:OtherConstraints", 1),
            None,
            "xxx...",
            id="constraints of great length",
        ),
        pytest.param(
            "SEELINKEDRIGHTSEXPR",
            located("https://photos.example/odrl.json", LINKED, 1),
            "https://photos.example/odrl.json",
            "links to",
            id="a rights expression elsewhere",
        ),
        pytest.param(
            "SEEEMBEDDEDRIGHTSEXPR",
            located(
                '<o xmlns="http://www.w3.org/ns/odrl/2/"/>', "Iptc4xmpExt:EmbdEncRightsExpr", 1
            ),
            None,
            "embedded in the file",
            id="a rights expression within, whose namespace is no address of terms",
        ),
    ],
)
def test_what_is_to_be_met_is_said_in_the_words_of_the_file(
    key: str, companion: Located, address: str | None, words: str
) -> None:
    (term,) = terms(located(f"{VOCABULARY}DMI-PROHIBITED-{key}"), companion)
    assert term.kind is ObligationKind.PERMISSION
    assert term.signal == f"plus:DMI-PROHIBITED-{key}"
    assert term.terms_url == address
    assert words in term.text
    assert term.text.isprintable()
    assert "user:pw" not in term.text
    assert len(term.text) < 800


def test_a_value_points_only_to_what_it_names() -> None:
    linked = located("https://photos.example/odrl.json", LINKED, 1)
    value = located(f"{VOCABULARY}DMI-PROHIBITED-SEECONSTRAINT")
    (term,) = terms(value, linked)
    assert term.terms_url is None
    (statement,) = PLUS.read((value, linked), ABOUT).statements
    assert statement.declarations == (value.declaration,)


@pytest.mark.parametrize("key", KEYS)
def test_every_value_is_known_in_every_spelling(key: str) -> None:
    spellings = [VOCABULARY + key, key, key.lower(), f"{VOCABULARY}{key}/", key.replace("-", "_")]
    spellings += [VOCABULARY.replace("http:", "https:") + key, f" {key}\n", f'"{key}"']
    spellings += [f"Iptc4xmpExt:{key}", key.removeprefix("DMI-").title()]
    for spelling in spellings:
        assert answers((located(spelling),)) == dict(KEYS[key]), spelling


KEY = st.sampled_from(sorted(KEYS))
VALUE = KEY.map(VOCABULARY.__add__) | KEY | st.text(max_size=20)


@given(st.lists(VALUE, min_size=1, max_size=4), KEY, st.booleans())
def test_a_further_value_never_relaxes(values: list[str], further: str, apart: bool) -> None:
    units = [(located(value, index=index),) for index, value in enumerate(values)]
    more = located(further, index=9, restrict_only=apart)
    before, after = answers(*units), answers(*units, (more,))
    for use in USES:
        old = strictness(before.get(use, Preference.UNKNOWN))
        new = strictness(after.get(use, Preference.UNKNOWN))
        assert new >= old
        if apart and use in after and use not in before:
            assert after[use] is not Preference.ALLOW


@given(st.text(max_size=60))
def test_only_a_value_of_the_vocabulary_allows(text: str) -> None:
    found = answers((located(text),))
    if Preference.ALLOW in found.values():
        squashed = "".join(each for each in text.lower() if each.isascii() and each.isalnum())
        assert "allowed" in squashed or "exceptfor" in squashed or "exceptsearch" in squashed


def test_a_part_that_is_allowed_leaves_a_note_and_no_answer() -> None:
    part = located("DMI-ALLOWED", restrict_only=True)
    reading = PLUS.read((part,), ABOUT)
    settled = PLUS.settle(reading.statements, ABOUT)
    assert settled.answers == ()
    assert [note.code for note in settled.notes] == ["plus-allow-ignored"]


def test_what_cannot_be_said_with_one_value_is_not_written() -> None:
    (statement,) = PLUS.read((located("DMI-PROHIBITED"),), ABOUT).statements
    assert PLUS.write(statement) == b"http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"
    assert PLUS.write(replace(statement, answers=statement.answers[1:])) is None
    assert PLUS.write(replace(statement, answers=())) is None
