"""The book of an audit: its list, whose turn it is, and what became of each URL."""

import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signals_agent as sa
from signals_agent import evidence
from signals_agent.errors import StoreError, UsageError
from signals_agent.model.capture import Availability, Capture
from signals_agent.store import Ledger, runs, schema, site_copies, verify, writing
from signals_agent.store.listing import Listing
from signals_agent.store.owner import Owner
from signals_agent.store.queue import Answered, GivenBack, Queue
from signals_agent.store.snapshot import Snapshot


@dataclass(frozen=True)
class Url:
    url: str
    origin: str
    input: str = "urls.txt"
    line: int = 1


def urls(*counts: int) -> list[Url]:
    """So many URLs of each of as many hosts, one host after the other."""
    return [
        Url(f"https://h{host}.example/{n}", f"https://h{host}.example")
        for host, count in enumerate(counts)
        for n in range(count)
    ]


def answered(url: str) -> writing.Record:
    made = sa.assess(sa.Capture(url, 200, [], b"<p>"), robots=b"", token="ExampleBot")
    held = evidence.of(made)
    return writing.record(made, held.document, held.blobs)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "audit.db") as made:
        runs.prepare(made.file)
        yield made


def begun(ledger: Ledger, listed: Sequence[Url], sample: int | None = None) -> runs.Run:
    run = runs.begin(ledger.file, runs.LIST, {"inputs": ["urls.txt"]})
    list(Listing(ledger.file, run).take(listed, sample=sample))
    return run


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_plain_ledger_is_left_as_it_is_until_an_audit_is_made(tmp_path: Path) -> None:
    with Ledger(tmp_path / "plain.db") as plain:
        assert not runs.is_there(plain.file)
        assert runs.all_of(plain.file) == ()
        assert list(schema.unlike(plain.file)) == []
        runs.prepare(plain.file)
        runs.prepare(plain.file)
        assert list(schema.unlike(plain.file)) == []
        plain.file.rows("DROP INDEX listed_waiting")
        assert list(schema.unlike(plain.file)) == ["the index listed_waiting is missing"]


def test_hosts_have_their_turn_in_the_order_in_which_they_are_ready(ledger: Ledger) -> None:
    clock = Clock()
    queue = Queue(ledger.file, begun(ledger, urls(5, 1, 2)), now=clock)
    first = queue.lend(2, 3)
    assert [each.origin for each in first] == ["https://h0.example", "https://h1.example"]
    assert [each.url for each in first[0].urls] == [f"https://h0.example/{n}" for n in range(3)]
    (third,) = queue.lend(9, 9)
    assert third.origin == "https://h2.example"
    assert queue.lend(9, 9) == ()
    queue.write(
        [Answered(each.number, first[0].number, answered(each.url)) for each in first[0].urls],
        [GivenBack(first[0].number, clock.now + 30, 4, 1), GivenBack(third.number, 0, 0, 0)],
    )
    assert [each.origin for each in queue.lend(9, 9)] == ["https://h2.example"]
    assert queue.state().next_ready == 1030
    clock.now = 1031
    (again,) = queue.lend(9, 9)
    assert (again.requests, again.trips) == (4, 1)
    assert [each.url for each in again.urls] == ["https://h0.example/3", "https://h0.example/4"]


def test_a_start_takes_up_what_another_had_lent_closed_or_put_off(ledger: Ledger) -> None:
    clock = Clock()
    run = begun(ledger, urls(1, 1, 1))
    queue = Queue(ledger.file, run, now=clock)
    first, second, _ = queue.lend(3, 1)
    queue.write(
        [], [GivenBack(first.number, 5000, 0, 1), GivenBack(second.number, 0, 3, 0, "budget")]
    )
    assert queue.lend(3, 1) == ()
    again = Queue(ledger.file, run, now=clock)
    again.start()
    assert len(again.lend(3, 1)) == 2
    clock.now = 5001
    (last,) = again.lend(3, 1)
    assert (last.number, last.trips) == (first.number, 0)


def test_a_url_is_answered_once_however_often_it_is_written(ledger: Ledger) -> None:
    queue = Queue(ledger.file, begun(ledger, urls(2)))
    (lent,) = queue.lend(1, 1)
    (waiting,) = lent.urls
    record = answered(waiting.url)
    for _ in range(2):
        queue.write([Answered(waiting.number, lent.number, record)])
    assert queue.state().answered == 1
    assert queue.state().waiting == 1
    assert not queue.is_done()


def test_nothing_of_a_batch_is_written_where_one_of_it_fails(ledger: Ledger) -> None:
    queue = Queue(ledger.file, begun(ledger, urls(1)))
    (lent,) = queue.lend(1, 1)
    good = Answered(lent.urls[0].number, lent.number, answered(lent.urls[0].url))
    with pytest.raises(StoreError):
        queue.write([good], copies=[("https://h0.example/robots.txt", None, "{}", None)])
    assert ledger.count().assessments == 0
    assert queue.state().waiting == 1


@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.integers(1, 8), st.randoms())
def test_a_sample_is_the_same_whatever_the_order(
    counts: list[int], sample: int, chance: random.Random
) -> None:
    import tempfile

    listed = urls(*counts)
    shuffled = [*listed]
    chance.shuffle(shuffled)
    kept = []
    for order in (listed, shuffled):
        with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder, "a.db")) as made:
            runs.prepare(made.file)
            run = begun(made, order, sample)
            kept.append({url for (url,) in made.file.rows("SELECT url FROM listed")})
            left_out = made.file.rows("SELECT coalesce(sum(left_out), 0) FROM hosts")
            assert left_out == [(len(listed) - len(kept[-1]),)]
            assert Queue(made.file, run).state().waiting == len(kept[-1])
    assert kept[0] == kept[1]
    for host, count in enumerate(counts):
        here = [url for url in kept[0] if url.startswith(f"https://h{host}.")]
        assert len(here) == min(count, sample)


def test_a_sample_is_no_beginning(ledger: Ledger) -> None:
    begun(ledger, urls(1000), 100)
    numbers = [int(url.rsplit("/", 1)[1]) for (url,) in ledger.file.rows("SELECT url FROM listed")]
    assert sum(number >= 500 for number in numbers) in range(30, 71)


def test_a_list_that_was_not_read_to_its_end_is_forgotten(ledger: Ledger) -> None:
    run = begun(ledger, urls(3))
    listing = Listing(ledger.file, run)
    assert listing.is_begun()
    listing.clear()
    assert not listing.is_begun()
    assert ledger.file.rows("SELECT 1 FROM hosts") == []


def test_a_copy_serves_until_its_time_and_comes_back_as_it_was(ledger: Ledger) -> None:
    url = "https://h0.example/robots.txt"
    capture = Capture(
        url,
        200,
        [(b"Content-Type", b"text/plain"), (b"X-\xff", b"\xfe")],
        b"User-agent: *\n\xff",
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
        availability=Availability.PRESENT,
        failure="none",
    )
    with ledger.file.writing() as connection:
        site_copies.write(connection, [site_copies.row(url, capture, 2000)])
    found = site_copies.find(ledger.file, url, lambda: 1500.0)
    assert found == (capture, 500)
    assert site_copies.find(ledger.file, url, lambda: 2000.0) is None
    assert site_copies.find(ledger.file, url + "x", lambda: 1500.0) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("capture", "{"), ("capture", "[]"), ("capture", '{"url": 1}'), ("body", b"no zlib")],
)
def test_a_copy_that_cannot_be_read_is_none(ledger: Ledger, column: str, value: object) -> None:
    url = "https://h0.example/robots.txt"
    with ledger.file.writing() as connection:
        site_copies.write(connection, [site_copies.row(url, Capture(url, 200, [], b"x"), 2000)])
        connection.execute(f"UPDATE site_copies SET {column} = ?", (value,))
    assert site_copies.find(ledger.file, url, lambda: 1500.0) is None


def test_copies_are_kept_only_while_the_run_may_go_on(ledger: Ledger) -> None:
    run = begun(ledger, urls(1))
    row = site_copies.row("https://h0.example/robots.txt", Capture("https://h0.example/"), 2000)
    with ledger.file.writing() as connection:
        site_copies.write(connection, [row])
    runs.end(ledger.file, run, "budget")
    assert ledger.file.rows("SELECT 1 FROM site_copies")
    runs.end(ledger.file, run, runs.COMPLETE)
    assert not ledger.file.rows("SELECT 1 FROM site_copies")


def test_a_new_run_takes_over_no_copy_from_one_that_was_stopped(ledger: Ledger) -> None:
    first = begun(ledger, urls(1))
    row = site_copies.row("https://h0.example/robots.txt", Capture("https://h0.example/"), 2000)
    with ledger.file.writing() as connection:
        site_copies.write(connection, [row])
    runs.end(ledger.file, first, "budget")
    begun(ledger, urls(1))
    assert not ledger.file.rows("SELECT 1 FROM site_copies")


def test_a_run_that_is_forgotten_leaves_no_trace(ledger: Ledger) -> None:
    kept, gone = begun(ledger, urls(1)), begun(ledger, urls(2))
    runs.forget(ledger.file, gone)
    assert [run.number for run in runs.all_of(ledger.file)] == [kept.number]
    assert ledger.file.rows("SELECT DISTINCT run FROM listed") == [(kept.number,)]


def test_one_process_owns_a_run(tmp_path: Path) -> None:
    store = str(tmp_path / "audit.db")
    other = (
        "import sys; from signals_agent.store.owner import Owner\n"
        "with Owner(sys.argv[1]): print('mine', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", other, store],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        said = rf"another process \(number {process.pid}\) runs an audit in .*audit\.db"
        with pytest.raises(StoreError, match=said), Owner(store):
            pass
        process.kill()
    with Owner(store):
        assert (tmp_path / "audit.db-owner").exists()
    assert not (tmp_path / "audit.db-owner").exists()


def test_the_lock_says_where_it_cannot_be_made(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="cannot be made, which keeps two audits"),
        Owner(str(tmp_path / "none" / "audit.db")),
    ):
        pass


def test_rows_come_in_their_order_or_by_url_with_those_not_asked(ledger: Ledger) -> None:
    listed = [
        Url("https://b.example/", "https://b.example", "two.csv", 9),
        Url("https://a.example/", "https://a.example", "one.txt", 1),
        Url("https://c.example/", "https://c.example", "one.txt", 2),
    ]
    run = begun(ledger, listed)
    queue = Queue(ledger.file, run)
    for lent in queue.lend(2, 1):
        (waiting,) = lent.urls
        queue.write([Answered(waiting.number, lent.number, answered(waiting.url))])
    with Snapshot(ledger.path) as made:
        rows = list(made.rows())
        assert [(row.number, row.url, row.source, row.line) for row in rows] == [
            (1, "https://b.example/", "two.csv", 9),
            (2, "https://a.example/", "one.txt", 1),
            (3, "https://c.example/", "one.txt", 2),
        ]
        assert [bool(row.entry) for row in rows] == [True, True, False]
        assert rows[2].result == ""
        assert '"https://a.example/"' in rows[1].result
        assert [row.url[8] for row in made.rows(by_url=True)] == ["a", "b", "c"]
        counts = made.counts()
        assert (counts.listed, counts.answered, counts.waiting, counts.hosts) == (3, 2, 1, 3)
    assert list(verify(ledger)) == []


def test_a_store_may_hold_several_runs_and_is_asked_for_one_by_its_number(ledger: Ledger) -> None:
    for count in (1, 2):
        run = begun(ledger, urls(count))
        runs.note_listed(ledger.file, run, {"listed": count})
        runs.end(ledger.file, run, runs.COMPLETE)
    for which, listed in ((1, 1), (2, 2), (-1, 2), (-2, 1)):
        with Snapshot(ledger.path, which) as made:
            assert made.counts().listed == listed
            assert [row.number for row in made.rows()] == list(range(1, listed + 1))
            assert made.run.told == {"listed": listed}
    for which in (0, 3, -3):
        with pytest.raises(UsageError, match=rf"has no run {which}: it has 2 runs"):
            Snapshot(ledger.path, which)


def test_a_ledger_without_an_audit_says_what_makes_one(tmp_path: Path) -> None:
    Ledger(tmp_path / "plain.db").close()
    with pytest.raises(StoreError, match="holds no audit: 'signals-agent audit INPUT"):
        Snapshot(tmp_path / "plain.db")


def test_a_damaged_entry_is_told_in_a_sentence(ledger: Ledger) -> None:
    queue = Queue(ledger.file, begun(ledger, urls(1)))
    (lent,) = queue.lend(1, 1)
    queue.write([Answered(lent.urls[0].number, lent.number, answered(lent.urls[0].url))])
    with ledger.file.writing() as connection:
        connection.execute("DROP TRIGGER assessments_no_update")
        connection.execute("UPDATE assessments SET result = x'00ff'")
    with (
        Snapshot(ledger.path) as made,
        pytest.raises(StoreError, match=r"entry 1 .*is damaged"),
    ):
        list(made.rows())


def test_a_run_that_cannot_be_read_is_told_in_a_sentence(ledger: Ledger) -> None:
    begun(ledger, urls(1))
    with ledger.file.writing() as connection:
        connection.execute("UPDATE runs SET told = '{'")
    with pytest.raises(StoreError, match="is damaged: run 1 cannot be read"):
        Snapshot(ledger.path)
