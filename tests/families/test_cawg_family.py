"""What an assertion on training and mining asks for, in words, and what never relaxes it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.families.cawg import CAWG, ENTRIES, FIELD, GOVERNED
from signals_agent.family import Context
from signals_agent.model.declaration import Declaration, Located, Reach, Scope
from signals_agent.model.obligation import ObligationKind, Term
from signals_agent.model.position import ElementPosition
from signals_agent.model.statement import Preference, Statement, strictness
from signals_agent.model.use import USES, Use

ABOUT = Context("https://site.example/a.jpg", b"/a.jpg", ("examplebot",), media="image")
WORDS = ("allowed", "notAllowed", "constrained")


def located(value: bytes, index: int = 0, **reach: bool) -> Located:
    declaration = Declaration(
        id=f"dec-{index}",
        family="cawg",
        carrier="embedded",
        source=ABOUT.url,
        position=ElementPosition(FIELD, index),
        expression=value.decode("utf-8", "replace"),
        octets=value,
        scope=Scope(),
        capture="cap",
    )
    return Located(declaration, value, Reach(index=index, **reach), FIELD)


def assertion(entries: dict[str, str], info: str | None = None, prefix: str = "cawg") -> bytes:
    more = {} if info is None else {"constraint_info": info}
    held = {f"{prefix}.{name}": {"use": use} | more for name, use in entries.items()}
    return json.dumps({"entries": held}).encode()


def statement(value: bytes) -> Statement:
    (read,) = CAWG.read((located(value),), ABOUT).statements
    return read


def answers(*units: Located) -> dict[Use, Preference]:
    statements = [one for unit in units for one in CAWG.read((unit,), ABOUT).statements]
    return {one.use: one.preference for one in CAWG.settle(statements, ABOUT).answers}


def terms(value: bytes) -> set[Term]:
    return {term for answer in statement(value).answers for term in answer.terms}


@pytest.mark.parametrize(
    ("info", "address", "words"),
    [
        pytest.param("By agreement only", None, "By agreement only", id="words"),
        pytest.param(
            "Ask us.\x1b[2J https://user:pw@photos.example/terms",
            "https://photos.example/terms",
            "Ask us.\\e[2J https://photos.example/terms",
            id="control characters and a password",
        ),
        pytest.param("x" * 2000, None, "xxx...", id="words of great length"),
        pytest.param("javascript:alert(1)", None, "javascript:alert(1)", id="a script"),
    ],
)
def test_what_is_to_be_met_is_said_in_the_words_of_the_file(
    info: str, address: str | None, words: str
) -> None:
    (term,) = terms(assertion({"ai_inference": "constrained"}, info))
    assert term.kind is ObligationKind.PERMISSION
    assert term.signal == "cawg:constrained"
    assert term.terms_url == address
    assert words in term.text
    assert term.text.isprintable()
    assert "user:pw" not in term.text
    assert len(term.text) < 800


def test_both_spellings_of_the_words_are_quoted_and_each_text_once() -> None:
    entry = {"use": "constrained", "constraints_info": "Second", "constraint_info": "First"}
    same = entry | {"constraints_info": " First "}
    for each, words in ((entry, "First; Second"), (same, "First")):
        octets = json.dumps({"entries": {"cawg.ai_training": each}}).encode()
        (term,) = terms(octets)
        assert term.text.endswith(f"It says: {words}")


@pytest.mark.parametrize("prefix", ["cawg", "c2pa"])
@pytest.mark.parametrize(("entry", "use"), ENTRIES.items())
def test_every_entry_is_about_its_use_under_either_name(entry: str, use: Use, prefix: str) -> None:
    assert answers(located(assertion({entry: "allowed"}, prefix=prefix))) == {use: Preference.ALLOW}
    refused = answers(located(assertion({entry: "notAllowed"}, prefix=prefix)))
    reach = GOVERNED if entry == "data_mining" else (use,)
    assert refused == dict.fromkeys(reach, Preference.DISALLOW)


def test_no_entry_speaks_of_search() -> None:
    everything = assertion(dict.fromkeys(ENTRIES, "notAllowed"))
    assert set(answers(located(everything))) == set(USES) - {Use.SEARCH}
    unread = replace(located(b""), details=(("unread", "it is cut"),))
    (read,) = CAWG.read((unread,), ABOUT).statements
    assert set(read.unreadable) == set(USES) - {Use.SEARCH}


@pytest.mark.parametrize(
    "name", ["ai_training", "CAWG.ai_training", "cawg.ai_training.v2", "cawg.AI_training", "x"]
)
def test_a_name_that_is_not_known_says_nothing(name: str) -> None:
    octets = json.dumps({"entries": {name: {"use": "allowed"}}}).encode()
    reading = CAWG.read((located(octets),), ABOUT)
    assert reading.statements[0].answers == ()
    assert [note.code for note in reading.notes] == ["cawg-unknown-entry"]


def test_many_entries_of_a_kind_leave_one_note_for_each_name() -> None:
    octets = b'{"entries":{%s}}' % b",".join([b'"x":1'] * 900)
    assert len(CAWG.read((located(octets),), ABOUT).notes) == 1


ENTRY = st.dictionaries(st.sampled_from(sorted(ENTRIES)), st.sampled_from(WORDS), max_size=4)
INFO = st.none() | st.text(max_size=12)
VALUE = st.builds(assertion, ENTRY, INFO, st.sampled_from(["cawg", "c2pa"]))


@given(st.lists(VALUE | st.binary(max_size=20), min_size=1, max_size=4), VALUE, st.booleans())
def test_a_further_assertion_never_relaxes(
    values: list[bytes], further: bytes, apart: bool
) -> None:
    units = [located(value, index) for index, value in enumerate(values)]
    more = located(further, 9, restrict_only=apart)
    before, after = answers(*units), answers(*units, more)
    for use in USES:
        old = strictness(before.get(use, Preference.UNKNOWN))
        assert strictness(after.get(use, Preference.UNKNOWN)) >= old
        if apart and use in after and use not in before:
            assert after[use] is not Preference.ALLOW


@given(ENTRY, ENTRY)
def test_a_further_refusal_in_an_assertion_never_relaxes(
    entries: dict[str, str], refusals: dict[str, str]
) -> None:
    before = answers(located(assertion(entries)))
    after = answers(located(assertion(entries | dict.fromkeys(refusals, "notAllowed"))))
    for use in USES:
        old = strictness(before.get(use, Preference.UNKNOWN))
        assert strictness(after.get(use, Preference.UNKNOWN)) >= old


@given(VALUE)
def test_what_can_be_written_reads_back(value: bytes) -> None:
    said = statement(value)
    written = CAWG.write(said)
    # All of these can be, but for silence and for terms that a refusal overrules.
    overruled = any(answer.overruled for answer in said.answers)
    several = any(len(answer.terms) > 1 for answer in said.answers)
    assert (written is not None) is bool(said.answers) or overruled or several
    if written is not None:
        again = statement(written)
        assert {(a.use, a.preference, a.terms) for a in again.answers} == {
            (a.use, a.preference, a.terms) for a in said.answers
        }


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("use", WORDS)
def test_each_value_is_written_as_the_specification_has_it(entry: str, use: str) -> None:
    said = statement(assertion({entry: use}, "Ask https://photos.example/terms"))
    written = CAWG.write(said)
    assert written is not None
    assert json.loads(written)["entries"][f"cawg.{entry}"]["use"] == use


def test_terms_of_two_entries_for_one_use_and_silence_are_not_written() -> None:
    entries = {
        "cawg.ai_training": {"use": "constrained", "constraint_info": "One"},
        "cawg.data_mining": {"use": "constrained", "constraint_info": "Another"},
    }
    both = statement(json.dumps({"entries": entries}).encode())
    assert {len(answer.terms) for answer in both.answers} == {1, 2}
    assert CAWG.write(both) is None
    assert CAWG.write(statement(b'{"entries":{}}')) is None


def test_a_part_that_is_allowed_leaves_a_note_and_no_answer() -> None:
    part = located(assertion({"ai_training": "allowed"}), restrict_only=True)
    settled = CAWG.settle(CAWG.read((part,), ABOUT).statements, ABOUT)
    assert settled.answers == ()
    assert [note.code for note in settled.notes] == ["cawg-allow-ignored"]
