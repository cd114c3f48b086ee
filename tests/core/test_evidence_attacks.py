"""Whatever is wrong with a piece of evidence, it does not count, nothing hangs, and it is named."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from policies import AGREED, ASSERTED, CREDIT, DIGEST, REFUSED, described, load, owing, verdict
from press import PAGE, page

import signals_agent as sa
from signals_agent import proof

FILE = "evidence"
OF_CREDIT = CREDIT.replace("https://us.example/card", FILE)
OF_OPEN = CREDIT + OF_CREDIT.replace("credit", "open")
OF_AGREEMENT = AGREED.replace("press.pdf", FILE) + 'answers = ["payment"]\n'


def a_loop(file: Path) -> None:
    """A link to itself."""
    file.symlink_to(file)


def a_dead_link(file: Path) -> None:
    """A link to nothing."""
    file.symlink_to(file.parent / "nowhere")


def an_endless_device(file: Path) -> None:
    """A link to zeros without end."""
    file.symlink_to("/dev/zero")


def a_link_to_a_folder(file: Path) -> None:
    """A link to a folder."""
    file.symlink_to(file.parent)


def what_cannot_be_read(file: Path) -> None:
    """A link to a file of which no octet can be read."""
    file.symlink_to(UNREADABLE)


UNREADABLE = Path("/proc/self/mem")
READS = pytest.mark.skipif(not UNREADABLE.exists(), reason="there is no such file here")
BROKEN: list[tuple[Callable[[Path], object], str]] = [
    (lambda file: None, "is not there"),
    (Path.mkdir, "is not a file"),
    (Path.touch, "is empty"),
    (os.mkfifo, "is not a file"),
    (a_loop, "cannot be read: Too many levels of symbolic links"),
    (a_dead_link, "is not there"),
    (an_endless_device, "is not a file"),
    (a_link_to_a_folder, "is not a file"),
]
NAMES = ["missing", "a folder", "empty", "a pipe", "a loop", "a dead link", "zeros", "a linked one"]


def in_time(call: Callable[[], None]) -> None:
    """The call, which must not wait for anybody."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "it waits for what never comes"
    if failed:
        raise failed[0]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        *(
            pytest.param(make, said, id=name)
            for (make, said), name in zip(BROKEN, NAMES, strict=True)
        ),
        pytest.param(
            what_cannot_be_read,
            "cannot be read: Input/output error",
            id="unreadable octets",
            marks=READS,
        ),
    ],
)
@pytest.mark.parametrize(
    ("text", "owed", "decision", "named"),
    [
        pytest.param(OF_CREDIT, "cc-cr", "hold", "the commitment to credit: its", id="credit"),
        pytest.param(OF_OPEN, "cc-cr-op", "hold", "the commitment to open: its", id="open"),
        pytest.param(OF_AGREEMENT, "", "skip", "the agreement with Press: its", id="agreement"),
        pytest.param(
            OF_AGREEMENT + f'sha256 = "{DIGEST}"',
            "",
            "skip",
            "the agreement with Press: its",
            id="agreement with a sha256",
        ),
    ],
)
def test_a_file_that_is_none_does_not_count_and_is_named(
    tmp_path: Path,
    make: Callable[[Path], object],
    said: str,
    text: str,
    owed: str,
    decision: str,
    named: str,
) -> None:
    make(tmp_path / FILE)
    capture = owing(owed) if owed else page(PAGE, REFUSED)

    def judge() -> None:
        policy = load(tmp_path, text)
        found, reasons = verdict(capture, policy)
        assert found == decision
        assert named in reasons
        assert f"{said} ({FILE})" in reasons

    in_time(judge)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_does_not_count(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("x")
    (tmp_path / FILE).chmod(0)
    assert "Permission denied" in load(tmp_path, OF_CREDIT).checks[0].text


def test_a_document_beyond_the_cap_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "MAX_DOCUMENT", 3 * 1024 * 1024)
    with (tmp_path / FILE).open("wb") as opened:
        opened.truncate(3 * 1024 * 1024 + 1)
    (check,) = load(tmp_path, OF_AGREEMENT + f'sha256 = "{DIGEST}"').checks
    assert (check.counts, check.text) == (
        False,
        f"its document is larger than 3145728 octets ({FILE})",
    )


def test_a_document_of_many_octets_is_held_against_its_sha256(tmp_path: Path) -> None:
    octets = b"agreed " * 500_000
    (tmp_path / FILE).write_bytes(octets)
    good = OF_AGREEMENT + f'sha256 = "{sha256(octets).hexdigest()}"'
    assert verdict(page(PAGE, REFUSED), load(tmp_path, good))[0] == "ingest"
    (tmp_path / FILE).write_bytes(octets + b".")
    decision, reasons = verdict(page(PAGE, REFUSED), load(tmp_path, good))
    assert decision == "skip"
    assert "the agreement with Press: its document differs from its sha256" in reasons


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(described(7), "is not open: class III only", id="class III"),
        pytest.param(described(2), "is not open: no class", id="no class"),
        pytest.param(described(17, "Proprietary"), "is not open: no class", id="not open"),
        pytest.param("release: {name: a, name: b}", "the key 'name' stands twice", id="twice"),
        pytest.param("release: &a [*a]", "values nest deeper", id="an alias of itself"),
        pytest.param("---\nlicense: mit\n---\n# M\n", "not shown to be open", id="a card"),
        pytest.param("\x00\x01", "it is no YAML", id="no text"),
        pytest.param(
            '{"release": {"components": []}, "osaid": {"conformant": true}}',
            "is not open: no class",
            id="OSAID asserted without evidence",
        ),
        pytest.param(
            '{"release": {"components": []}, "osaid": {"conformant": "yes", '
            '"evidence": "https://us.example"}}',
            "is not open: no class",
            id="OSAID asserted in other words",
        ),
    ],
)
def test_a_description_that_comes_to_less_does_not_count_and_is_named(
    tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / FILE).write_text(content)
    decision, reasons = verdict(owing("cc-cr-op"), load(tmp_path, OF_OPEN))
    assert decision == "hold"
    assert "not committed to: open to press.example; the commitment to open: its evi" in reasons
    assert said in reasons


def test_a_url_is_no_description_and_does_not_count_for_open() -> None:
    text = CREDIT + CREDIT.replace("credit", "open")
    decision, reasons = verdict(owing("cc-cr-op"), sa.Policy.parse(text))
    assert decision == "hold"
    assert "its evidence is a URL, which is not fetched, so its class cannot be told" in reasons
    asserted = sa.Policy.parse(text + 'osaid = "https://us.example/osaid"')
    assert verdict(owing("cc-cr-op"), asserted)[0] == "ingest"


MIDNIGHT = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "capture", "otherwise"),
    [
        pytest.param(CREDIT + "expires = 2026-11-01", owing("cc-cr"), "hold", id="a commitment"),
        pytest.param(
            ASSERTED + "until = 2026-11-01", page(PAGE, REFUSED), "skip", id="an agreement"
        ),
    ],
)
def test_the_last_day_ends_at_midnight_in_utc(
    text: str, capture: sa.Capture, otherwise: str
) -> None:
    policy = sa.Policy.parse(text)
    assert verdict(capture, policy, MIDNIGHT - timedelta(microseconds=1))[0] == "ingest"
    decision, reasons = verdict(capture, policy, MIDNIGHT)
    assert decision == otherwise
    assert "expired on 2026-11-01" in reasons


def test_the_first_day_begins_at_midnight_in_utc() -> None:
    policy = sa.Policy.parse(ASSERTED + "from = 2026-11-02")
    assert verdict(page(PAGE, REFUSED), policy, MIDNIGHT)[0] == "ingest"
    before = MIDNIGHT - timedelta(microseconds=1)
    decision, reasons = verdict(page(PAGE, REFUSED), policy, before)
    assert decision == "skip"
    assert "the agreement with Press begins only on 2026-11-02" in reasons


def test_a_commitment_whose_file_nobody_could_look_at_holds_and_says_so() -> None:
    decision, reasons = verdict(owing("cc-cr"), sa.Policy.parse(OF_CREDIT))
    assert decision == "hold"
    assert (
        "the commitment to credit: its evidence was not looked for, since no folder was named to "
        f"look from ({FILE})"
    ) in reasons


def test_a_policy_that_was_stored_when_such_a_file_counted_still_decides_as_it_did() -> None:
    record = sa.Policy.parse(OF_CREDIT).record()
    record["evidence"]["commitment"][0] = {
        "outcome": "not-checked",
        "text": "its evidence was not looked for: the policy was not read from a file",
        "counts": True,
    }
    assert verdict(owing("cc-cr"), sa.Policy.from_record(record))[0] == "ingest"
