"""What the fixtures cannot show: places, whose line said it, and what cannot be written."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from signals_agent.cc_signals import SIGNALS
from signals_agent.families.aipref import AIPREF
from signals_agent.families.content_signal import CONTENT_SIGNAL
from signals_agent.families.robots_meta import ROBOTS_META, unavailable_after
from signals_agent.families.tdmrep import TDMREP
from signals_agent.family import Context, Family
from signals_agent.model.declaration import Declaration, Located, Reach, Scope
from signals_agent.model.position import FieldPosition, LinePosition, PointerPosition, Position
from signals_agent.model.statement import Answer, Preference, Statement
from signals_agent.model.use import Use

ABOUT = Context("https://site.example/blog/x", b"/blog/x", ("examplebot",))
ALLOW, DISALLOW, CONDITIONAL = Preference.ALLOW, Preference.DISALLOW, Preference.CONDITIONAL
HEADER = FieldPosition("x", 1)


def located(
    family: Family,
    value: bytes,
    name: str = "a",
    carrier: str = "http-header",
    position: Position = HEADER,
    octets: bytes = b"",
    source: str = ABOUT.url,
) -> Located:
    declaration = Declaration(
        f"dec-{name}", family.name, carrier, source, position, "", octets, Scope(), "cap"
    )
    return Located(declaration, value, Reach(literal=True), "tdm-reservation")


@pytest.mark.parametrize(
    ("line", "column", "value", "code", "pointed"),
    [
        (b"Content-Usage: search=N", 16, b"search=N", "aipref-not-y-or-n", b"search=N"),
        (b"content-usage:/b search=y, x=1", 15, b"search=y, x=1", "aipref-unknown-label", b"x=1"),
        (b"Content-Usage: /b a = n # a = n", 16, b"a = n", "aipref-parse-error", b"= n #"),
    ],
    ids=["behind the colon", "behind a path and another member", "not in the comment"],
)
def test_a_note_points_into_the_line_of_robots_txt(
    line: bytes, column: int, value: bytes, code: str, pointed: bytes
) -> None:
    one = located(AIPREF, value, "a", "robots-txt", LinePosition(7, column), line)
    notes = {note.code: note.position for note in AIPREF.read((one,), ABOUT).notes}
    place = notes[code]
    assert isinstance(place, LinePosition)
    assert place.line == 7
    assert line[place.column - 1 :].startswith(pointed)


def test_a_note_on_a_header_names_the_octet() -> None:
    (note,) = AIPREF.read((located(AIPREF, b"search=y, x=1"),), ABOUT).notes
    assert note.position == HEADER
    assert note.summary.endswith("(octet 11 of the value)")


def test_each_answer_names_the_field_line_that_carried_it() -> None:
    unit = (located(AIPREF, b"search=y", "first"), located(AIPREF, b"ai-use=n", "second"))
    (statement,) = AIPREF.read(unit, ABOUT).statements
    assert {answer.use: answer.because for answer in statement.answers} == {
        Use.SEARCH: ("dec-first",),
        Use.MODEL_INPUT: ("dec-second",),
    }
    assert [one.id for one in statement.declarations] == ["dec-first", "dec-second"]


def statement(family: Family, *answers: Answer) -> Statement:
    one = located(family, b"")
    return Statement(family.name, (one,), (one.declaration,), answers)


CREDIT = SIGNALS["cc-cr"].terms
OPEN = SIGNALS["cc-cr-op"].terms


@pytest.mark.parametrize(
    ("family", "answers"),
    [
        (AIPREF, ()),
        (AIPREF, (Answer(Use.SEARCH, ALLOW, CREDIT),)),
        (AIPREF, (Answer(Use.SEARCH, CONDITIONAL, (*CREDIT, *OPEN)),)),
        (AIPREF, (Answer(Use.OTHER_ANALYSIS, DISALLOW),)),
        (CONTENT_SIGNAL, ()),
        (CONTENT_SIGNAL, (Answer(Use.TRAIN_OTHER, DISALLOW),)),
        (CONTENT_SIGNAL, (Answer(Use.SEARCH, CONDITIONAL, CREDIT),)),
        (TDMREP, ()),
        (TDMREP, (Answer(Use.SEARCH, DISALLOW),)),
        (ROBOTS_META, ()),
        (ROBOTS_META, (Answer(Use.SEARCH, ALLOW),)),
        (ROBOTS_META, (Answer(Use.OTHER_ANALYSIS, DISALLOW),)),
    ],
    ids=[
        "aipref: silence",
        "aipref: a yes on terms",
        "aipref: two signals",
        "aipref: other analysis without the uses that tdm reaches too",
        "content-signal: silence",
        "content-signal: one kind of training",
        "content-signal: terms that are not its own",
        "tdmrep: silence",
        "tdmrep: search",
        "robots-meta: silence",
        "robots-meta: a yes",
        "robots-meta: other analysis",
    ],
)
def test_what_cannot_be_said_is_not_written(family: Family, answers: tuple[Answer, ...]) -> None:
    assert family.write(statement(family, *answers)) is None


@pytest.mark.parametrize(
    ("answers", "written"),
    [
        ({Use.TRAIN_GENERATIVE: "n", Use.TRAIN_OTHER: "n"}, b"train-ai=n"),
        ({Use.TRAIN_GENERATIVE: "y"}, b"train-ai=y"),
        ({Use.TRAIN_GENERATIVE: "n"}, b"train-genai=n"),
        ({Use.TRAIN_GENERATIVE: "y", Use.TRAIN_OTHER: "n"}, b"train-genai=y, ai=n"),
        (
            {Use.TRAIN_GENERATIVE: "c", Use.MODEL_INPUT: "n"},
            b"train-genai=n;exceptions=cc-cr, ai-use=n",
        ),
        (dict.fromkeys(Use, "n"), b"train-ai=n, ai-use=n, search=n, tdm=n"),
    ],
    ids=["all training", "a yes", "one training", "two trainings", "a condition", "everything"],
)
def test_what_is_written_keeps_to_current_labels_where_it_can(
    answers: dict[Use, str], written: bytes
) -> None:
    meant = {"y": (ALLOW, ()), "n": (DISALLOW, ()), "c": (CONDITIONAL, CREDIT)}
    given = [Answer(use, *meant[word]) for use, word in answers.items()]
    assert AIPREF.write(statement(AIPREF, *given)) == written


def test_an_entry_is_a_declaration_of_its_own() -> None:
    body = '[{"location": "/a"},\n {"location": "/blog/é*", "tdm-reservation": 0},'
    body += ' {"location":"/blog", "tdm-reservation":1 }]'
    one = located(TDMREP, body.encode(), "whole", "well-known", PointerPosition(""))
    (read,) = TDMREP.read((one,), ABOUT).statements
    (declaration,) = read.declarations
    assert declaration.position == PointerPosition("/2")
    assert declaration.octets == b'{"location":"/blog", "tdm-reservation":1 }'
    assert declaration.expression == declaration.octets.decode()
    assert declaration.scope == Scope(path="/blog")
    assert declaration.id != "dec-whole"
    assert {answer.because for answer in read.answers} == {(declaration.id,)}


def test_an_entry_keeps_its_id_wherever_the_asset_stands() -> None:
    body = b'[{"location": "/", "tdm-reservation": 1}]'
    one = located(TDMREP, body, "whole", "well-known", PointerPosition(""))
    other = replace(ABOUT, url="https://site.example/y", target=b"/y")
    (here,) = TDMREP.read((one,), ABOUT).statements
    (there,) = TDMREP.read((one,), other).statements
    assert here.declarations == there.declarations


@pytest.mark.parametrize("location", ["http://", "https://[", "://x"])
def test_a_location_that_is_no_url_counts_everywhere_where_it_reserves(location: str) -> None:
    body = f'[{{"location": "{location}", "tdm-reservation": 1}}]'.encode()
    one = located(TDMREP, body, "whole", "well-known", PointerPosition(""))
    reading = TDMREP.read((one,), ABOUT)
    assert [answer.preference for answer in reading.statements[0].answers] == [DISALLOW] * 4
    assert "tdmrep-location-invalid" in {note.code for note in reading.notes}


@pytest.mark.parametrize("body", [b"1", b'"1"', b"true", b"null", b"{}", b"[[]]", b"[1]"])
def test_json_that_holds_no_entry_is_unreadable(body: bytes) -> None:
    one = located(TDMREP, body, "whole", "well-known", PointerPosition(""))
    reading = TDMREP.read((one,), ABOUT)
    assert [note.code for note in reading.notes] == ["tdmrep-unrelated"]
    assert Use.TRAIN_GENERATIVE in reading.statements[0].unreadable


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("25 Jun 2026 15:00:00 PST", datetime(2026, 6, 25, 23, tzinfo=UTC)),
        ("Thu, 25 Jun 2026 15:00:00 +0200", datetime(2026, 6, 25, 13, tzinfo=UTC)),
        ("Thursday, 25-Jun-26 15:00:00 UTC", datetime(2026, 6, 25, 15, tzinfo=UTC)),
        ("2026-06-25", datetime(2026, 6, 25, tzinfo=UTC)),
        ("2026-06-25 15:00", datetime(2026, 6, 25, 15, tzinfo=UTC)),
        ("2026-06-25T15:00:00.000Z", datetime(2026, 6, 25, 15, tzinfo=UTC)),
        ("25 Jun 2026 15:00:00 IST", datetime(2026, 6, 25, 9, 30, tzinfo=UTC)),
        ("25 Jun 2026 15:00:00 XYZ", datetime(2026, 6, 25, 15, tzinfo=UTC)),
        ("25 Jun 2026", datetime(2026, 6, 25, tzinfo=UTC)),
        ("31 Feb 2026 15:00:00 GMT", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, date: datetime | None) -> None:
    one = located(ROBOTS_META, f"unavailable_after: {text}".encode())
    (read,) = ROBOTS_META.read((one,), ABOUT).statements
    assert unavailable_after(read) == date


def test_a_naive_now_is_taken_as_utc() -> None:
    one = located(ROBOTS_META, b"unavailable_after: 2026-06-25T15:00:00Z")
    for hour, expected in ((14, ()), (16, (DISALLOW,))):
        now = datetime(2026, 6, 25, hour)  # noqa: DTZ001  # a naive time is what is given
        (read,) = ROBOTS_META.read((one,), replace(ABOUT, now=now)).statements
        assert tuple(answer.preference for answer in read.answers) == expected
