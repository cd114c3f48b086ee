"""The bundled example publishers: every answer that they promise, and what they show together."""

from collections.abc import Callable
from pathlib import Path

import pytest

import signals_agent as sa
from signals_agent.cc_signals import SIGNALS
from signals_agent.demo.publishers import Expected, Page, Publisher, load
from signals_agent.demo.run import Demo
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.use import Use

PAGES = [(publisher, page) for publisher in load() for page in publisher.pages]
each_page = pytest.mark.parametrize(
    ("publisher", "page"),
    [pytest.param(*each, id=f"{each[0].host}{each[1].path}") for each in PAGES],
)


def answered(result: sa.Assessment) -> dict[Use, Expected]:
    """What a result says of each use, as a publisher writes it down."""
    owed = {due.id: due.kind for due in result.obligations if due.binding}
    return {
        use: Expected(
            answer.preference,
            answer.literal,
            frozenset(owed[each] for each in answer.obligations if each in owed),
        )
        for use, answer in result.uses.items()
    }


@each_page
def test_a_page_comes_to_what_it_promises(publisher: Publisher, page: Page, demo: Demo) -> None:
    (result,) = (each.result for each in demo.checked if each.page is page)
    assert result.verdict is not None
    assert result.access.answer is page.access
    assert answered(result) == dict(page.uses)
    assert result.verdict.decision is page.decision
    assert set(page.notes) <= {note.code for note in result.notes}
    reasons = tuple(dict.fromkeys(reason.code for reason in result.verdict.reasons))
    assert reasons == (page.reasons or reasons)
    for owed in page.owed:
        assert any(
            due.kind is owed.kind
            and ("" if due.to.inferred else due.to.name) == owed.to
            and (due.beneficiary.name if due.beneficiary else "") == owed.beneficiary
            and owed.says in due.text
            for due in result.obligations
        ), f"{owed} is not owed"


@pytest.mark.parametrize(
    ("publisher", "page"),
    [
        pytest.param(publisher, page, id=f"{publisher.host}{page.path}")
        for publisher, page in PAGES
        if publisher.kind != "broken server" and page.access is AccessAnswer.ALLOWED
    ],
)
def test_the_same_octets_without_a_server_come_to_the_same(
    publisher: Publisher, page: Page, demo: Demo, offline: Callable[[str, str], sa.Assessment]
) -> None:
    (live,) = (each.result for each in demo.checked if each.page is page)
    result = offline(publisher.name, page.path)
    assert answered(result) == answered(live)
    assert result.verdict is not None
    assert live.verdict is not None
    assert result.verdict.decision is live.verdict.decision
    assert [note.code for note in result.notes] == [note.code for note in live.notes]
    assert [each.carrier for each in result.declarations] == [
        each.carrier for each in live.declarations
    ]


def test_there_are_at_least_ten_publishers_with_names_of_their_own() -> None:
    publishers = load()
    assert len(publishers) >= 10
    assert len({each.title for each in publishers}) == len(publishers)
    assert all(each.host.endswith(".example") for each in publishers)


@pytest.mark.parametrize("carrier", ["http-header", "robots-txt", "html-meta"])
@pytest.mark.parametrize("token", SIGNALS)
def test_every_cc_signal_is_shown_in_every_carrier(token: str, carrier: str, demo: Demo) -> None:
    shown = {
        (due.signal, declaration.carrier)
        for each in demo.checked
        for due in each.result.obligations
        for declaration in each.result.declarations
        if declaration.id in due.because
    }
    assert (token, carrier) in shown


@pytest.mark.parametrize("family", ["aipref", "content-signal", "tdmrep", "robots-meta", "licence"])
def test_every_family_is_shown(family: str, demo: Demo) -> None:
    assert family in {d.family for each in demo.checked for d in each.result.declarations}


@pytest.mark.parametrize(
    ("carrier", "family"),
    [("http-header", "tdmrep"), ("well-known", "tdmrep"), ("html-meta", "tdmrep")],
)
def test_tdmrep_is_shown_in_file_header_and_page(carrier: str, family: str, demo: Demo) -> None:
    assert (carrier, family) in {
        (d.carrier, d.family) for each in demo.checked for d in each.result.declarations
    }


def test_every_decision_answer_and_access_is_shown(demo: Demo) -> None:
    results = [each.result for each in demo.checked]
    assert {r.verdict.decision for r in results if r.verdict} == set(sa.Decision)
    assert {use.preference for r in results for use in r.uses.values()} == set(sa.Preference)
    assert {r.access.answer.value for r in results} == {"allowed", "disallowed", "undetermined"}


def test_a_key_that_the_format_does_not_have_is_refused(tmp_path: Path) -> None:
    site = tmp_path / "typo"
    site.mkdir()
    head = 'title = "T"\nhost = "t.example"\nkind = "k"\nshows = "s"\n'
    for extra, said in (
        ('colour = "red"\n', "unknown key 'colour'"),
        ('[[page]]\npath = "/"\nshows = "s"\ndecision = "ingest"\nverdict = "x"\n', "'verdict'"),
        (
            '[[page]]\npath = "/"\nshows = "s"\ndecision = "ingest"\n[page.planned]\nuses = []\n',
            "unknown key 'uses'",
        ),
        ('[[response]]\npath = "/"\nstatsu = 500\n', "unknown key 'statsu'"),
        ('[[response]]\npath = "/"\nbehaviour = "dance"\n', "unknown behaviour 'dance'"),
    ):
        (site / "publisher.toml").write_text(head + extra)
        load.cache_clear()
        with pytest.raises(ValueError, match=said):
            load(tmp_path)
    load.cache_clear()
