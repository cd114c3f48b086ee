"""The vocabulary and the CC signals as tables (rules R1 to R4, R7)."""

import pytest

from signals_agent import cc_signals, vocabulary
from signals_agent.errors import UnknownUse, UnknownVocabulary
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.use import Use


def test_every_draft_names_only_its_own_labels() -> None:
    for draft, labels in vocabulary.DRAFTS.items():
        table = vocabulary.table(draft)
        assert {label for use in Use for label in table.labels(use)} == set(labels)


def test_the_cumulative_reading_knows_every_label_of_every_draft() -> None:
    table = vocabulary.table(vocabulary.CUMULATIVE)
    assert {label for use in Use for label in table.labels(use)} == vocabulary.LABELS


def test_text_and_data_mining_does_not_reach_search() -> None:
    for reading in (vocabulary.CUMULATIVE, *vocabulary.DRAFTS):
        assert "tdm" not in vocabulary.table(reading).labels(Use.SEARCH)


def test_no_use_is_named_like_a_label_but_search() -> None:
    assert {use.value for use in Use} & vocabulary.LABELS == {"search"}


def test_a_label_in_place_of_a_use_is_refused_by_name() -> None:
    with pytest.raises(UnknownUse, match=r"is an AIPREF label.*train-generative"):
        vocabulary.use("train-ai")
    with pytest.raises(UnknownUse, match="is not a use"):
        vocabulary.use("training")
    with pytest.raises(UnknownVocabulary, match="accepted: cumulative, 01"):
        vocabulary.table("09")


def test_credit_is_in_all_four_signals() -> None:
    assert set(cc_signals.SIGNALS) == {"cc-cr", "cc-cr-dc", "cc-cr-ec", "cc-cr-op"}
    for signal in cc_signals.SIGNALS.values():
        assert signal.elements[0] is ObligationKind.CREDIT
        assert len([e for e in signal.elements if e in cc_signals.EXCLUSIVE]) <= 1
        assert [term.kind for term in signal.terms] == list(signal.elements)
        assert all(term.text and term.signal_version == "0.1" for term in signal.terms)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("cc-cr", "cc-cr"),
        ("CC-CR-OP", "cc-cr-op"),
        ("https://creativecommons.org/signals/cc-cr-dc/0.1/", "cc-cr-dc"),
        (
            "https://github.com/creativecommons/cc-signals/tree/main/signals/cr-ec/0.1",
            "cc-cr-ec",
        ),
        ("https://evil.example/signals/cc-cr/0.1/", None),
        ("https://creativecommons.org/licenses/by/4.0/", None),
        ("cc-foo", None),
        ("", None),
    ],
)
def test_a_signal_is_found_by_token_or_address(text: str, token: str | None) -> None:
    found = cc_signals.find(text)
    assert (found and found.token) == token
