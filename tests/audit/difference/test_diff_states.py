"""The states that are compared: each URL once, in order, with its last answer."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import audit_stores
import differing
import pytest
from audit_stores import Listed
from differing import NO, ORIGIN, YES

import signals_agent as sa
from signals_agent.audit.difference import Named, State, last_two, opened, read
from signals_agent.errors import UsageError
from signals_agent.store import Ledger


@pytest.fixture
def until() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def urls(state: State) -> list[str]:
    return [row.url for row in state.rows()]


def said(state: State) -> dict[str, str]:
    return {
        row.url: "yes" if "train-ai=y" in row.result else "no" if row.result else "not asked"
        for row in state.rows()
    }


def test_a_run_gives_its_urls_in_order_whatever_their_order_in_the_list(
    tmp_path: Path, until: ExitStack
) -> None:
    pages = [differing.answer(f"{ORIGIN}/{number:03}") for number in range(300)]
    random.Random(7).shuffle(pages)
    path = audit_stores.of(tmp_path / "audit.db", pages)
    assert urls(opened(Named(str(path)), False, until)) == sorted(each.url for each in pages)


def test_a_ledger_gives_its_urls_in_order_beyond_what_is_read_in_one_go(
    tmp_path: Path, until: ExitStack
) -> None:
    pages = [differing.answer(f"{ORIGIN}/{number:03}") for number in range(520)]
    random.Random(7).shuffle(pages)
    with Ledger(tmp_path / "crawl.db") as ledger:
        ledger.append_many(pages)
    state = opened(Named(str(tmp_path / "crawl.db")), False, until)
    assert urls(state) == sorted(each.url for each in pages)


def test_of_a_url_that_stands_twice_in_a_run_its_last_answer_counts(
    tmp_path: Path, until: ExitStack
) -> None:
    a, b, c = (f"{ORIGIN}/{name}" for name in "abc")
    rows: list[Listed | sa.Assessment] = [
        differing.answer(a, NO),
        differing.answer(b, YES),
        Listed(c),
        differing.answer(a, YES, day=1),
        Listed(b),
    ]
    path = audit_stores.of(tmp_path / "audit.db", rows)
    assert said(opened(Named(str(path)), False, until)) == {a: "yes", b: "yes", c: "not asked"}


def test_of_a_ledger_the_last_look_counts_and_not_the_last_that_was_written(
    tmp_path: Path, until: ExitStack
) -> None:
    url = f"{ORIGIN}/a"
    with Ledger(tmp_path / "crawl.db") as ledger:
        ledger.append_many([differing.answer(url, YES, day=2), differing.answer(url, NO, day=1)])
    path = str(tmp_path / "crawl.db")
    assert said(opened(Named(path), False, until)) == {url: "yes"}
    assert said(opened(read(f"{path}@2026-11-02"), False, until)) == {url: "no"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("audit.db", Named("audit.db")),
        ("audit.db@2", Named("audit.db", 2)),
        ("audit.db@-2", Named("audit.db", -2)),
        ("me@home/audit.db", Named("me@home/audit.db")),
        ("me@home/audit.db@-1", Named("me@home/audit.db", -1)),
        (
            "audit.db@2026-10-01",
            Named("audit.db", at=datetime(2026, 10, 1, 23, 59, 59, 999999, UTC)),
        ),
        (
            "audit.db@2026-10-01T14:00:00+02:00",
            Named("audit.db", at=datetime(2026, 10, 1, 12, tzinfo=UTC)),
        ),
        ("audit.db@2026-10-01T12:00", Named("audit.db", at=datetime(2026, 10, 1, 12, tzinfo=UTC))),
    ],
)
def test_how_a_state_is_named(text: str, named: Named) -> None:
    assert read(text) == named


@pytest.mark.parametrize(
    "text", ["a.db@", "@1", "a.db@x", "a.db@1.5", "a.db@٣", "a.db@0001-01-01T00:00:00+14:00"]
)
def test_what_names_no_state_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read(text)


def test_the_run_before_is_found_from_either_end() -> None:
    assert last_two(Named("a")) == (Named("a", -2), Named("a", -1))
    assert last_two(Named("a", 3)) == (Named("a", 2), Named("a", 3))
    assert last_two(Named("a", -2)) == (Named("a", -3), Named("a", -2))
