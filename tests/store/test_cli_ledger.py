"""The commands ``verify`` and ``ledger``: what they print, how they end, what they never do."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tampering
from ledgers import CREDIT, FREE, NO, POLICY, assessed, numbered

import signals_agent as sa
from signals_agent.cli import app
from signals_agent.model.use import Use
from signals_agent.store import Ledger, verify
from signals_agent.version import TABLES, VERSION

ROOT = Path(__file__).parents[2]
URL = "https://example.org/a"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        capsys.readouterr()
        code = app.run([str(each) for each in arguments])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


@pytest.fixture
def filled(path: Path) -> Path:
    with Ledger(path) as ledger:
        for day, said in enumerate((FREE, CREDIT, NO)):
            ledger.append(assessed(said=said, day=day))
        ledger.append(assessed("https://example.org/b", said=FREE))
    return path


def tamper(path: Path) -> None:
    tampering.tamper(
        path,
        "UPDATE assessments SET result = replace(plain(result), 'skip', 'ingest') WHERE id = 3",
    )


def test_a_ledger_that_is_whole_verifies(run: Callable[..., Done], filled: Path) -> None:
    with Ledger(filled) as ledger:
        chain = ledger.count().chain
    done = run("verify", filled)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"4 entries recomputed from what was kept: all equal\nchain {chain}\n"
    assert run("verify", filled, "-q").out == ""
    machine = run("verify", filled, "--format", "json")
    assert machine.code == 0
    assert json.loads(machine.out) == {
        "schema": "signals-agent/verification/1",
        "store": str(filled),
        "assessments": 4,
        "equal": 4,
        "chain": chain,
        "tool": {"version": VERSION, "tables": TABLES},
        "written_by": [{"version": VERSION, "tables": TABLES, "assessments": 4}],
        "findings": [],
    }


def test_a_verdict_that_differs_is_told_and_ends_with_1(
    run: Callable[..., Done], filled: Path
) -> None:
    tamper(filled)
    done = run("verify", filled)
    assert done.code == 1
    assert f"entry 3, {URL}" in done.out
    assert "what it rests on comes to another result" in done.out
    assert "  at /verdict/decision\n" in done.out
    assert '    stored     "ingest"\n' in done.out
    assert '    recomputed "skip"\n' in done.out
    assert (
        "not as it was written: 1 changed; 3 of the 4 entries found are equal; 3 findings\n"
        in done.out
    )
    assert run("verify", filled, "-q").out == done.out
    told = json.loads(run("verify", filled, "--format", "json").out)
    assert (told["assessments"], told["equal"]) == (4, 3)
    assert [each["fault"] for each in told["findings"]] == ["changed", "changed", "differs"]
    assert {each["number"] for each in told["findings"]} == {3}
    assert None not in told["findings"][0].values()


def test_what_publishers_sent_reaches_the_screen_only_as_text(
    run: Callable[..., Done], path: Path
) -> None:
    with Ledger(path) as ledger:
        ledger.append(assessed(said='train-ai=n;x="\x1b[31m"'))
    for command in (("verify", path), ("ledger", path, "--said", URL)):
        assert "\x1b" not in run(*command).out


BAD: list[Any] = [
    pytest.param(lambda path: None, "there is no ledger at ", id="missing"),
    pytest.param(lambda path: path.write_text("text " * 200), "is no SQLite file", id="a text"),
    pytest.param(lambda path: path.mkdir(), "is a folder, and no ledger", id="a folder"),
    pytest.param(lambda path: path.touch(), "is empty", id="empty"),
    pytest.param(os.mkfifo, "is no regular file", id="a pipe"),
]


@pytest.mark.parametrize("command", ["verify", "ledger"])
@pytest.mark.parametrize(("make", "said"), BAD)
def test_a_file_that_is_no_ledger_is_one_sentence_and_2(
    run: Callable[..., Done],
    path: Path,
    command: str,
    make: Callable[[Path], None],
    said: str,
) -> None:
    make(path)
    done = run(command, path, "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_what_each_command_reads_it_leaves_as_it_is(run: Callable[..., Done], filled: Path) -> None:
    before = filled.read_bytes()
    for arguments in ((), ("--said", URL), ("--why", URL), ("--tightened",)):
        assert run("ledger", filled, *arguments).err == ""
    run("verify", filled)
    assert filled.read_bytes() == before
    assert list(filled.parent.iterdir()) == [filled]


def test_a_ledger_says_how_much_it_holds(run: Callable[..., Done], filled: Path) -> None:
    (answer,) = json.loads(run("ledger", filled, "--format", "json").out)["answers"]
    assert (answer["assessments"], answer["urls"], answer["ingested"]) == (4, 2, 3)
    assert (answer["held"], answer["skipped"], answer["blobs"]) == (0, 1, 1)
    assert "assessments       4\n" in run("ledger", filled).out
    assert answer["without_verdict"] == 0
    with Ledger(filled) as ledger:
        ledger.append(assessed("https://example.org/c", policy=None))
    (answer,) = json.loads(run("ledger", filled, "--format", "json").out)["answers"]
    names = ("ingested", "held", "skipped", "without_verdict")
    assert [answer[name] for name in names] == [3, 0, 1, 1]
    assert sum(answer[name] for name in names) == answer["assessments"]
    assert "without verdict   1\n" in run("ledger", filled).out


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param([], "disallow", id="now"),
        pytest.param(["--at", "2026-11-02"], "conditional", id="at the end of a day"),
        pytest.param(["--at", "2026-11-02T11:59:59Z"], "allow", id="before the look of that day"),
        pytest.param(
            ["--at", "2026-11-02T12:00:00"], "conditional", id="UTC where no zone is told"
        ),
        pytest.param(["--at", "2026-11-02T13:00:00+02:00"], "allow", id="in another zone"),
    ],
)
def test_what_a_url_said(
    run: Callable[..., Done], filled: Path, at: list[str], expected: str
) -> None:
    done = run("ledger", filled, "--said", URL, *at, "--format", "json")
    (answer,) = json.loads(done.out)["answers"]
    assert answer["result"]["uses"]["train-generative"]["preference"] == expected
    assert sa.Assessment.model_validate(answer["result"]).url == URL
    assert expected in run("ledger", filled, "--said", URL, *at).out


def test_why_a_url_was_ingested(run: Callable[..., Done], filled: Path) -> None:
    (answer,) = json.loads(run("ledger", filled, "--why", URL, "--format", "json").out)["answers"]
    assert (answer["number"], answer["decision"]) == (2, "ingest")
    assert [each["code"] for each in answer["reasons"]] == ["clear"]
    assert CREDIT in {each["expression"] for each in answer["declarations"]}
    shown = run("ledger", filled, "--why", URL).out
    assert "credit to example.org" in shown
    assert f"{CREDIT} in http-header of {URL}" in shown


def test_what_rests_on_a_declaration(run: Callable[..., Done], filled: Path) -> None:
    with Ledger(filled, read_only=True) as ledger:
        entry = ledger.said("https://example.org/b")
        assert entry is not None
        robots = next(d.id for d in entry.assessment.declarations if d.carrier == "robots-txt")
    done = run("ledger", filled, "--resting-on", robots, "--format", "json")
    assert [each["number"] for each in json.loads(done.out)["answers"]] == [1, 2, 4]


def test_what_tightened_is_told_with_both_readings_and_ends_with_1(
    run: Callable[..., Done], filled: Path
) -> None:
    done = run("ledger", filled, "--tightened", "--format", "json")
    assert done.code == 1
    (answer,) = json.loads(done.out)["answers"]
    assert answer["url"] == URL
    assert (answer["before"]["checked_at"], answer["after"]["checked_at"]) == (
        "2026-11-01T12:00:00Z",
        "2026-11-03T12:00:00Z",
    )
    shown = run("ledger", filled, "--tightened")
    assert shown.code == 1
    assert "  stricter  train-generative preference: allow, now disallow\n" in shown.out
    assert answer["then"] == "keep"
    assert "  policy    keep: later changes do not reach back\n" in shown.out


def test_the_urls_to_drop_are_told_one_a_line(run: Callable[..., Done], tmp_path: Path) -> None:
    path = tmp_path / "mixed.db"
    dropping = sa.Policy.make({"uses": ["train-generative"], "on": {"tightened": "drop"}})
    urls = [f"https://example.org/{n}" for n in range(4)]
    with Ledger(path) as ledger:
        for day, said in enumerate((FREE, NO)):
            for number, url in enumerate(urls):
                policy = dropping if number % 2 else POLICY
                ledger.append(assessed(url, FREE if number == 3 else said, day=day, policy=policy))
    ask = ("ledger", path, "--tightened")
    done = run(*ask, "--format", "urls")
    assert (done.code, done.out, done.err) == (1, f"{urls[1]}\n", "")
    answers = json.loads(run(*ask, "--format", "json").out)["answers"]
    assert {each["url"]: each["then"] for each in answers} == dict(
        zip(urls[:3], ("keep", "drop", "keep"), strict=True)
    )
    assert "  policy    drop: what was ingested is not to be used any longer\n" in run(*ask).out
    (tmp_path / "drop.toml").write_text("[on]\ntightened = 'drop'\n")
    (tmp_path / "keep.toml").write_text("")
    done = run(*ask, "--format", "urls", "--policy", "drop.toml")
    assert (done.code, done.out.split()) == (1, urls[:3])
    done = run(*ask, "--format", "urls", "--policy", "keep.toml")
    assert (done.code, done.out) == (1, "")


def test_a_policy_of_the_configuration_is_for_what_tightened(
    run: Callable[..., Done], filled: Path, tmp_path: Path
) -> None:
    (tmp_path / "drop.toml").write_text("[on]\ntightened = 'drop'\n")
    (tmp_path / "signals-agent.toml").write_text("policy = 'drop.toml'\n")
    assert run("ledger", filled, "--tightened", "--format", "urls").out == f"{URL}\n"
    assert run("ledger", filled, "--said", URL).code == 0


def test_nothing_that_is_asked_for_is_an_answer_too(run: Callable[..., Done], path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.append(numbered(2))
    other = "https://example.org/other"
    for asked, said in (
        (("--said", other), "this URL had not been looked at"),
        (("--why", numbered(2).url), "this URL was not ingested"),
        (("--resting-on", "dec-0"), "no ingested asset rests on this declaration"),
        (("--resting-on", "\udce9"), "no ingested asset rests on this declaration"),
    ):
        done = run("ledger", path, *asked)
        assert (done.code, done.out, done.err) == (1, "", f"signals-agent: {said}\n")
        done = run("ledger", path, *asked, "-q", "--format", "json")
        assert (done.code, json.loads(done.out)["answers"], done.err) == (1, [], "")
    done = run("ledger", path, "--tightened", "--format", "json")
    assert (done.code, json.loads(done.out)["answers"]) == (0, [])
    done = run("ledger", path, "--tightened")
    assert (done.code, done.out) == (0, "nothing that was ingested became stricter\n")
    assert run("ledger", path, "--tightened", "--format", "urls").out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--said", URL, "--why", URL], "--said and --why are two questions"),
        (["--at", "2026-01-01"], "--at goes with --said or --why"),
        (["--said", URL, "--at", "yesterday"], "'yesterday' is not a time"),
        (["--said", "example.org"], "not an absolute URL"),
        (["--said", URL, "--policy", "p.toml"], "--policy goes with --tightened"),
        (["--said", ""], "--said is empty"),
        (["--why", ""], "--why is empty"),
        (["--resting-on", ""], "--resting-on is empty"),
        (["--said", URL, "--at", "9999-12-31T23:59:59-12:00"], "between the years 1 and 9999"),
        (["--why", URL, "--at", "0001-01-01T00:00:00+14:00"], "between the years 1 and 9999"),
        (["--said", URL, "--ingested", "2026-01-01"], "--ingested goes with --tightened"),
        (["--tightened", "--ingested", "then"], "'then' is not a time"),
        (["--copy", "ledger.db"], "there is a file at ledger.db already; it was left as it is"),
        (["--copy", "none/copy.db"], "cannot write the copy none/copy.db: No such file"),
        (["--format", "urls"], "--format urls goes with --tightened"),
        (["--tightened", "--policy", "none.toml"], "cannot read the policy none.toml"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(
    run: Callable[..., Done], filled: Path, arguments: list[str], said: str
) -> None:
    done = run("ledger", filled, *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_damaged_ledger_prints_no_half_answer(run: Callable[..., Done], path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.append_many(assessed(f"https://example.org/{n:03}", FREE) for n in range(90))
        ledger.append_many(assessed(f"https://example.org/{n:03}", NO, day=1) for n in range(90))
    tampering.tamper(path, "UPDATE assessments SET checked_at = '2026-12-99' WHERE id = 170")
    done = run("ledger", path, "--tightened", "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert "is damaged: entry 170 cannot be read" in done.err
    assert run("verify", path).code == 1


def test_progress_is_shown_on_a_terminal_only(path: Path) -> None:
    """A program of its own, whose standard error is a terminal."""
    pty = pytest.importorskip("pty", reason="terminals of this kind are those of POSIX")
    with Ledger(path) as ledger:
        ledger.append_many(numbered(n) for n in range(130))
    for options, shown in (([], True), (["--no-progress"], False), (["-q"], False)):
        ours, theirs = pty.openpty()
        done = subprocess.run(
            [
                *(sys.executable, "-c", "from signals_agent.cli import main; main()"),
                *("verify", path, *options),
            ],
            stdout=subprocess.PIPE,
            stderr=theirs,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            check=False,
        )
        os.write(theirs, b".")  # so that there is something to read
        told = os.read(ours, 4096).decode()
        os.close(theirs)
        os.close(ours)
        assert done.returncode == 0
        assert ("128 recomputed" in told) is shown
        assert b"\r" not in done.stdout


def test_verify_of_the_library_and_of_the_command_line_agree(
    run: Callable[..., Done], filled: Path
) -> None:
    tamper(filled)
    with Ledger(filled, read_only=True) as ledger:
        ours = [(each.fault, each.text) for each in verify(ledger)]
    told = json.loads(run("verify", filled, "--format", "json").out)["findings"]
    assert [(each["fault"], each["text"]) for each in told] == ours


def test_the_example_of_the_document_runs(run: Callable[..., Done]) -> None:
    text = (ROOT / "docs" / "ledger.md").read_text("utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    exec(compile(code, "docs/ledger.md", "exec"), {})  # in the test's own folder: ``run`` is there
    assert run("verify", "crawl.db").code == 0
    (answer,) = json.loads(
        run("ledger", "crawl.db", "--why", "https://library.example/tides", "--format", "json").out
    )["answers"]
    assert answer["decision"] == "ingest"


@pytest.mark.parametrize(
    "result",
    [
        pytest.param("'{}'", id="none"),
        pytest.param("'{'", id="no JSON"),
        pytest.param(
            'replace(plain(result), \'"preference":"\', \'"preference":"un\')',
            id="with a word that is none",
        ),
    ],
)
def test_a_damaged_result_is_told_in_our_own_words(
    run: Callable[..., Done], filled: Path, result: str
) -> None:
    tampering.tamper(filled, f"UPDATE assessments SET result = {result} WHERE id IN (1, 2, 3)")
    for question in (("--said", URL), ("--why", URL), ("--tightened",)):
        for format_ in ("text", "json"):
            done = run("ledger", filled, *question, "--format", format_)
            assert (done.code, done.out) == (2, "")
            assert "of the ledger is damaged: its result is " in done.err
            assert done.err.count("\n") == 1
    told = run("verify", filled).out
    assert (
        "not as it was written: 3 damaged; 1 of the 4 entries found are equal; 6 findings\n" in told
    )
    for word in ("validation", "pydantic", "Expecting", "Field required", "Input should"):
        assert word not in told


def test_where_nothing_is_as_it_was_written_it_says_so(
    run: Callable[..., Done], filled: Path
) -> None:
    tampering.tamper(filled, "UPDATE assessments SET result = '{}'")
    done = run("verify", filled)
    assert (done.code, done.err) == (1, "")
    assert (
        "not as it was written: 4 damaged; none of the 4 entries found are equal; 8 findings\n"
        in done.out
    )


def test_a_chain_that_was_noted_is_looked_for(run: Callable[..., Done], filled: Path) -> None:
    chain = json.loads(run("verify", filled, "--format", "json").out)["chain"]
    done = run("verify", filled, "--chain", chain.upper())
    assert done.code == 0
    assert "the chain that was noted earlier stands at entry 4\n" in done.out
    tampering.cut(filled, 3)
    assert run("verify", filled).code == 0
    done = run("verify", filled, "--chain", chain)
    assert done.code == 1
    assert f"the chain {chain} that was noted" in " ".join(done.out.split())
    assert "the file itself; 3 of the 3 entries found are equal; 1 finding\n" in done.out
    told = json.loads(run("verify", filled, "--chain", chain, "--format", "json").out)
    assert told["noted"] == {"chain": chain, "stands": False}
    assert [each["fault"] for each in told["findings"]] == ["changed"]
    first = "0" * 64
    told = json.loads(run("verify", filled, "--chain", first, "--format", "json").out)
    assert told["noted"] == {"chain": first, "stands": True, "number": 0}


@pytest.mark.parametrize("chain", ["", "abc", "g" * 64, "0" * 65])
def test_a_chain_that_is_none_is_wrong_usage(
    run: Callable[..., Done], filled: Path, chain: str
) -> None:
    done = run("verify", filled, "--chain", chain)
    assert (done.code, done.out) == (2, "")
    assert "'--chain'" in done.err


def test_entries_of_other_software_are_told_in_words(
    run: Callable[..., Done], filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from signals_agent.cli import verification
    from signals_agent.model.assessment import Tool

    monkeypatch.setattr(verification, "_TODAY", Tool("9.0", "2030.01"))
    told = " ".join(run("verify", filled).out.split())
    assert f"written by other software: 4 by {VERSION} with tables {TABLES}. " in told
    assert "They were recomputed with today's, 9.0 with tables 2030.01: " in told
    machine = json.loads(run("verify", filled, "--format", "json").out)
    assert machine["tool"] == {"version": "9.0", "tables": "2030.01"}


def test_the_help_of_both_names_every_exit_code(run: Callable[..., Done]) -> None:
    for command in ("verify", "ledger"):
        shown = run(command, "--help").out.partition("Exit codes:\n")[2]
        assert [line.split()[0] for line in shown.splitlines()] == ["0", "1", "2"]


def test_a_verdict_names_its_uses_in_the_order_of_check(
    run: Callable[..., Done], filled: Path
) -> None:
    said = run("ledger", filled, "--said", URL, "--format", "json").out
    (answer,) = json.loads(said)["answers"]
    assert list(answer["result"]["uses"]) == [use.value for use in Use]
    with Ledger(filled, read_only=True) as ledger:
        entry = ledger.said(URL)
    assert entry is not None
    assert list(entry.assessment.uses) == list(Use)


def test_what_was_ingested_again_under_stricter_terms_is_kept(
    run: Callable[..., Done], tmp_path: Path
) -> None:
    path = tmp_path / "again.db"
    dropping = sa.Policy.make(
        {
            "uses": ["train-generative"],
            "on": {"tightened": "drop"},
            "commitment": [{"kind": "credit", "to": "*", "evidence": "https://us.example/c"}],
        }
    )
    with Ledger(path) as ledger:
        for day, said in enumerate((FREE, CREDIT)):
            ledger.append(assessed(said=said, day=day, policy=dropping))
    ask = ("ledger", path, "--tightened")
    done = run(*ask)
    assert done.code == 1
    assert "  again     keep: it was ingested again at 2026-11-02T12:00:00Z" in done.out
    (answer,) = json.loads(run(*ask, "--format", "json").out)["answers"]
    assert (answer["then"], answer["taken_again"]) == ("keep", "2026-11-02T12:00:00Z")
    assert run(*ask, "--format", "urls").out == ""
    # Who still has the copy of the first day asks of that one.
    older = (*ask, "--ingested", "2026-11-01")
    assert run(*older, "--format", "urls").out == f"{URL}\n"
    assert "taken_again" not in json.loads(run(*older, "--format", "json").out)["answers"][0]
    assert run(*ask, "--ingested", "2026-11-02").code == 0
    # A later no is stricter than the terms under which it was taken again.
    with Ledger(path) as ledger:
        ledger.append(assessed(said=NO, day=2, policy=dropping))
    assert run(*ask, "--format", "urls").out == f"{URL}\n"


KILLED = """
import os, sys
from ledgers import numbered
from signals_agent.store import Ledger
ledger = Ledger(sys.argv[1])
ledger.append_many(numbered(n) for n in range(12))
os._exit(9)
"""


@pytest.fixture
def killed(path: Path, process: Callable[..., "subprocess.Popen[str]"]) -> Path:
    """A ledger of which all that was appended waits in its ``-wal``."""
    writer = process(KILLED, path)
    assert writer.wait(60) == 9
    assert Path(f"{path}-wal").stat().st_size
    return path


def test_reading_takes_in_nothing_that_waits_beside_the_file(
    run: Callable[..., Done], killed: Path
) -> None:
    wal = Path(f"{killed}-wal")
    before = killed.read_bytes(), wal.read_bytes()
    for arguments in (("verify", killed), ("ledger", killed), ("ledger", killed, "--tightened")):
        assert run(*arguments).code == 0
        assert (killed.read_bytes(), wal.read_bytes()) == before
    assert "assessments       12\n" in run("ledger", killed).out


def test_a_copy_without_what_waits_beside_the_original_is_told_so(
    run: Callable[..., Done], killed: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "backup.db"
    shutil.copy(killed, copy)
    done = run("verify", copy)
    assert (done.code, done.out) == (2, "")
    assert "is empty, and there is no backup.db-wal beside it; if it is a copy" in done.err
    assert "signals-agent ledger ORIGINAL --copy FILE" in done.err
    shutil.copy(f"{killed}-wal", f"{copy}-wal")
    assert run("verify", copy).code == 0


def test_a_copy_is_whole_also_while_others_write(
    run: Callable[..., Done], killed: Path, tmp_path: Path
) -> None:
    before = killed.read_bytes()
    done = run("ledger", killed, "--copy", "copy.db")
    assert (done.code, done.err) == (0, "")
    assert "assessments       12\n" in done.out
    assert killed.read_bytes() == before
    chain = json.loads(run("verify", killed, "--format", "json").out)["chain"]
    assert run("verify", "copy.db", "--chain", chain).code == 0
    with Ledger(killed) as writing:
        (answer,) = json.loads(
            run("ledger", killed, "--copy", "second.db", "--format", "json").out
        )["answers"]
        writing.append(assessed(said=FREE))
    assert answer == {"copied_to": "second.db", "assessments": 12, "chain": chain}
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "copy.db",
        killed.name,
        "second.db",
    ]
    with Ledger("copy.db") as again:  # it goes on as any other
        again.append(assessed(said=FREE))
        assert again.count().assessments == 13


def _page(path: Path) -> None:
    octets = bytearray(path.read_bytes())
    start = len(octets) - 5 * 4096
    octets[start : start + 4096] = b"\xaa" * 4096
    path.write_bytes(octets)


def _triggers(path: Path) -> None:
    other = sqlite3.connect(path)
    names = other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        other.execute(f"DROP TRIGGER {name}")
    other.close()


@pytest.mark.parametrize(
    ("damage", "ended", "chain"),
    [
        pytest.param(
            lambda path: tampering.tamper(path, "DELETE FROM assessments WHERE id = 4"),
            "not as it was written: 1 missing, 1 changed; 8 of the 9 entries found are equal; ",
            "is at entry 10, but not all until there is as it was written; it vouches for "
            "entries 6 to 10, as far as they have no finding",
            id="a row is taken out",
        ),
        pytest.param(
            lambda path: tampering.tamper(path, "UPDATE blobs SET octets = x'00' WHERE id = 1"),
            "not as it was written: 10 damaged; none of the 10 entries found are equal; ",
            "is at entry 10, but not all until there is as it was written; it vouches for none "
            "of the entries",
            id="octets are others",
        ),
        pytest.param(
            _page,
            "not as it was written: the file itself",
            "that was noted earlier",
            id="a page is written over",
        ),
        pytest.param(
            _triggers,
            "not as it was written: the file itself; 10 of the 10 entries found are equal; 1 ",
            "stands at entry 10",
            id="no trigger is left",
        ),
        pytest.param(
            lambda path: tampering.cut(path, 6),
            "not as it was written: the file itself; 6 of the 6 entries found are equal; 1 ",
            "is not there: more was written, or something else",
            id="the end is cut off",
        ),
    ],
)
def test_what_a_damaged_ledger_comes_to_does_not_reassure(
    run: Callable[..., Done],
    path: Path,
    damage: Callable[[Path], None],
    ended: str,
    chain: str,
) -> None:
    with Ledger(path) as ledger:
        ledger.append_many(numbered(n) for n in range(10))
        noted = ledger.count().chain
    damage(path)
    done = run("verify", path, "--chain", noted)
    assert done.code == 1
    findings, _, summary = " ".join(done.out.split()).rpartition("not as it was written: ")
    assert f"not as it was written: {summary}".startswith(ended)
    assert chain in summary
    first, _, last = summary.partition(" what to do: ")
    assert first.endswith(" (do not note it)")
    assert last.startswith("keep this file as it is, ")
    assert last.endswith("Who did it, and whether anybody did, the file cannot tell.")
    assert ("10 of the 10" in summary or "6 of the 6" in summary) or "stands at" not in summary
    assert len(findings) < 2000
    assert "4 to 4" not in findings
    told = json.loads(run("verify", path, "--chain", noted, "--format", "json").out)["noted"]
    assert told["stands"] is ("stands at" in summary)


def test_thirty_triggers_that_are_missing_are_told_in_a_line(
    run: Callable[..., Done], filled: Path
) -> None:
    _triggers(filled)
    (finding,) = json.loads(run("verify", filled, "--format", "json").out)["findings"]
    assert "30 triggers are missing (assessment_blobs_no_delete, " in finding["text"]
    assert len(finding["text"]) < 200


def test_a_verdict_that_only_differs_is_first_verified_with_its_own_version() -> None:
    from signals_agent.cli.verification_summary import to_do
    from signals_agent.store import Fault, Verification

    differing = Verification(4, 3, 1, wrong={Fault.DIFFERS: 1})
    assert to_do(differing).startswith("verify it with the version that wrote these entries; ")
    assert "the 3 entries without a finding still come out" in to_do(differing)
