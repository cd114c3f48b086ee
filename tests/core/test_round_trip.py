"""A result that was written and read back is the same result."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

import signals_agent as sa

BODY = b"<title>T</title><meta name=author content='Ada Fen; Bo Sea'>"
LICENCES = [
    pytest.param(b"", id="no licence"),
    pytest.param(
        b'<link rel=license href="https://creativecommons.org/licenses/by/4.0/">', id="BY"
    ),
    pytest.param(
        b'<link rel=license href="https://creativecommons.org/licenses/by-nc/4.0/">'
        b'<link rel=license href="https://opensource.org/license/mit">',
        id="two",
    ),
]


def assessed(licence: bytes, now: datetime | None = None) -> sa.Assessment:
    capture = sa.Capture(
        "https://d.example/a", 200, [("Content-Type", "text/html")], BODY + licence
    )
    return sa.assess(capture, robots=b"", token="ExampleBot", uses=["train-generative"], now=now)


@pytest.mark.parametrize("licence", LICENCES)
@pytest.mark.parametrize(
    "now",
    [
        None,
        datetime(2026, 11, 1, 12, 0, 0, 999_999, tzinfo=UTC),
        datetime(2026, 11, 1, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=5.5))),
    ],
    ids=["now", "within a second", "in another zone"],
)
def test_it_is_equal(licence: bytes, now: datetime | None) -> None:
    made = assessed(licence, now)
    read = sa.Assessment.model_validate_json(made.model_dump_json())
    assert read == made
    assert made == read
    assert hash(read) == hash(made)
    assert made.checked_at.microsecond == 0


@pytest.mark.parametrize("style", ["markdown", "html", "text", "bibtex"])
@pytest.mark.parametrize("licence", LICENCES[1:])
def test_its_credit_line_is_the_same(licence: bytes, style: str) -> None:
    made = assessed(licence)
    read = sa.Assessment.model_validate_json(made.model_dump_json())
    assert read.citation(style) == made.citation(style)
    assert "Ada Fen" in read.citation(style)


def test_without_a_licence_only_the_url_is_left() -> None:
    made = assessed(b"")
    assert "Ada Fen" in made.citation("text")
    read = sa.Assessment.model_validate_json(made.model_dump_json())
    assert read.citation("text") == "https://d.example/a"
