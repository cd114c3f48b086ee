"""The command ``diff``: what it prints, how it ends, what A and B may be."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import audit_stores
import differing
import pytest
import tampering
from audit_stores import Listed
from differing import NO, ON_CREDIT, ORIGIN, SIGNAL, YES

import signals_agent as sa
from signals_agent.cli import app
from signals_agent.store import Ledger

URL = f"{ORIGIN}/a"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        capsys.readouterr()
        code = app.run(["diff", *(str(each) for each in arguments)])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


def page(path: str, *said: tuple[str, str], **more: Any) -> sa.Assessment:
    return differing.answer(ORIGIN + path, *said, **more)


def store(tmp_path: Path, *states: Sequence[Any], name: str = "audit.db", **more: Any) -> Path:
    """A store with a run for each of these states."""
    for number, state in enumerate(states):
        last = more if number == len(states) - 1 else {}
        audit_stores.of(tmp_path / name, state, **last)
    return tmp_path / name


def started(path: Path, *times: str) -> Path:
    """The same store, whose runs started at these times."""
    with sqlite3.connect(path) as connection:
        for number, time in enumerate(times, 1):
            connection.execute("UPDATE runs SET started_at = ? WHERE id = ?", (time, number))
    connection.close()
    return path


def count(done: Done) -> dict[str, int]:
    """The counts of a report in JSON that are not zero."""
    counts = json.loads(done.out)["counts"]
    return {name: number for name, number in counts.items() if number and "urls" not in name}


def test_with_one_store_its_last_two_runs_are_compared(run: Run, tmp_path: Path) -> None:
    store(
        tmp_path,
        [page("/a", NO), page("/b", NO), page("/c")],
        [page("/a", YES), page("/b", ON_CREDIT), page("/c"), page("/old")],
        [
            page("/a", NO, day=1),
            page("/b", YES, day=1),
            page("/c", robots=differing.CLOSED, day=1),
            page("/new", day=1),
        ],
    )
    done = run("audit.db")
    assert done.code == 1
    assert done.err == ""
    assert done.out == (
        """\
2 URLs tightened; 3 changed in all; 1 site concerned
  before  audit.db, run 2 (2026-11-22T11:00:00Z to 2026-11-22T13:00:00Z)
  after   audit.db, run 3 (2026-11-22T11:00:00Z to 2026-11-22T13:00:00Z)

  tightened                2  became stricter
  loosened                 1  became looser
  unchanged                0
  in both                  3  which is the sum
  gone from list           1  https://press.example/old
  new in list              1  https://press.example/new

SITES (1) whose files say something else

https://press.example  2 tightened, 1 loosened
  /robots.txt  (1 URL)
    changed        access in robots-txt: Allow: /, now Disallow: /
  stricter       access allowed, now disallowed (1 URL)
  stricter       train-generative: decision ingest, now skip (1 URL)

URLS (2) with changes of their own

tightened  https://press.example/a
  changed        aipref in http-header: train-ai=y, now train-ai=n
  stricter       train-generative: preference allow, now disallow
  stricter       train-generative: decision ingest, now skip

loosened  https://press.example/b
  changed        aipref in http-header: train-genai=n;exceptions=cc-cr, now train-ai=y
  looser         train-generative: preference conditional, now allow
  looser         train-generative: credit to press.example is owed no more
  looser         train-generative: decision hold, now ingest
"""
    )


@pytest.mark.parametrize(
    ("before", "after", "options", "code"),
    [
        pytest.param(page("/a"), page("/a", day=1), (), 0, id="nothing changed"),
        pytest.param(page("/a", NO), page("/a", YES, day=1), (), 0, id="loosened"),
        pytest.param(page("/a", YES), page("/a", NO, day=1), (), 1, id="tightened"),
        pytest.param(
            page("/a", robots=SIGNAL),
            page("/a", robots=sa.UNREACHABLE, day=1),
            (),
            3,
            id="not found out any more",
        ),
        pytest.param(
            page("/a", NO), Listed(URL), (), 3, id="answered before, and not asked any more"
        ),
        pytest.param(page("/a", NO), page("/a", status=404, day=1), (), 0, id="gone"),
        pytest.param(
            page("/a", YES),
            page("/a", NO, robots=sa.UNREACHABLE, day=1),
            (),
            1,
            id="tightened, and not found out besides",
        ),
        pytest.param(
            page("/a", NO), page("/a", YES, day=1), ("--fail-on", "changed"), 1, id="any change"
        ),
        pytest.param(
            page("/a"), page("/a", day=1), ("--fail-on", "changed"), 0, id="any change, and none"
        ),
        pytest.param(page("/a", YES), page("/a", NO, day=1), ("--fail-on", "never"), 0, id="never"),
        pytest.param(
            page("/a", robots=SIGNAL),
            page("/a", robots=sa.UNREACHABLE, day=1),
            ("--fail-on", "never"),
            0,
            id="never, whatever could not be found out",
        ),
        pytest.param(
            page("/a", YES), page("/a", NO, day=1), ("--use", "search"), 0, id="another use"
        ),
    ],
)
def test_how_it_ends(
    run: Run, tmp_path: Path, before: Any, after: Any, options: tuple[str, ...], code: int
) -> None:
    store(tmp_path, [before], [after])
    for format_ in ("text", "json", "jsonl", "csv", "markdown"):
        assert run("audit.db", *options, "--format", format_).code == code


def test_runs_are_named_by_number_from_either_end(run: Run, tmp_path: Path) -> None:
    store(tmp_path, [page("/a", YES)], [page("/a", NO, day=1)], [page("/a", day=2)])
    assert count(run("audit.db@1", "audit.db@2", "--format", "json")) == {
        "changed": 1,
        "tightened": 1,
    }
    for name in ("audit.db@2", "audit.db@-2"):
        assert count(run(name, "audit.db@1", "--format", "json"))["loosened"] == 1
        assert count(run(name, "--format", "json"))["tightened"] == 1
    same = run("audit.db@3", "audit.db", "--format", "json")
    assert count(same) == {"unchanged": 1}
    assert json.loads(same.out)["remarks"] == [
        "both are the same state, so that nothing can differ"
    ]


def test_a_time_names_the_last_run_that_had_started_by_then(run: Run, tmp_path: Path) -> None:
    started(
        store(tmp_path, [page("/a", YES)], [page("/a", NO, day=1)], [page("/a", YES, day=2)]),
        "2026-10-01T12:00:00.000000Z",
        "2026-10-08T12:00:00.000000Z",
        "2026-10-15T12:00:00.000000Z",
    )
    for after in ("2026-10-08", "2026-10-08T12:00:00Z", "2026-10-15T13:59:59+02:00"):
        done = run("audit.db@2026-10-01", f"audit.db@{after}", "--format", "json")
        document = json.loads(done.out)
        assert (document["before"]["run"], document["after"]["run"]) == (1, 2)
        assert done.code == 1
    assert run("audit.db@2026-10-08T11:59:59", "audit.db@-1").code == 0


def test_of_a_plain_ledger_each_url_has_its_last_entry_until_a_time(
    run: Run, tmp_path: Path
) -> None:
    with Ledger(tmp_path / "crawl.db") as ledger:
        ledger.append_many(
            [
                page("/a", YES),
                page("/a", NO, day=5),
                page("/b", NO),
                page("/b", YES, day=9),
                page("/c", day=9),
            ]
        )
    done = run("crawl.db@2026-11-03", "crawl.db", "--format", "json")
    assert done.code == 1
    assert count(done) == {"changed": 2, "tightened": 1, "loosened": 1}
    document = json.loads(done.out)
    assert document["only_after"] == {"count": 1, "first": [f"{ORIGIN}/c"]}
    assert document["before"]["label"] == (
        "crawl.db, each URL's last entry until 2026-11-03T23:59:59Z"
    )
    assert count(run("crawl.db@2026-11-03", "crawl.db@2026-11-07", "--format", "json")) == {
        "changed": 1,
        "tightened": 1,
        "unchanged": 1,
    }
    alone = run("crawl.db")
    assert alone.code == 2
    assert "holds no audit" in alone.err


def test_across_runs_a_url_counts_that_only_an_earlier_run_had(run: Run, tmp_path: Path) -> None:
    store(tmp_path, [page("/a", YES), page("/b", YES)], [page("/a", NO, day=2)])
    across = run("audit.db@2026-11-02", "audit.db", "--across-runs", "--format", "json")
    assert count(across) == {"changed": 1, "tightened": 1, "unchanged": 1}
    assert run("audit.db@1", "audit.db", "--across-runs").code == 2
    assert run("audit.db", "--across-runs").code == 2


def test_a_file_whose_name_holds_an_at_is_that_file(run: Run, tmp_path: Path) -> None:
    store(tmp_path, [page("/a", YES)], [page("/a", NO)], name="audit.db@1")
    store(tmp_path, [page("/b", NO)], [page("/b", YES)], name="audit.db")
    assert run("audit.db@1").code == 1
    assert run("audit.db@1@2", "audit.db@1@1").code == 0
    (tmp_path / "me@home").mkdir()
    store(tmp_path / "me@home", [page("/a", YES)], [page("/a", NO)])
    assert run("me@home/audit.db").code == 1
    missing = run("me@home/other.db")
    assert (missing.code, missing.out) == (2, "")
    assert "there is no ledger at me@home/other.db" in missing.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("audit.db@3",), "has no run 3: it has 2 runs"),
        (("audit.db@0", "audit.db"), "has no run 0"),
        (("audit.db@1",), "has no run before run 1"),
        (("audit.db@-3", "audit.db"), "has no run -3"),
        (("audit.db@last", "audit.db"), "neither a run"),
        (("audit.db@", "audit.db"), "neither a run"),
        (("@2", "audit.db"), "no file before its @"),
        (("audit.db@2026-11-01",), "name two"),
        (("none.db", "audit.db"), "there is no ledger at none.db"),
        (("audit.db@2020-01-01", "audit.db"), "nothing had been looked at"),
        (("audit.db", "--use", "train-ai"), "is an AIPREF label"),
        (("audit.db", "--policy", "none.toml"), "none.toml"),
        (("notes.txt", "audit.db"), "no SQLite file"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    store(tmp_path, [page("/a", YES)], [page("/a", NO, day=1)])
    (tmp_path / "notes.txt").write_text("notes " * 200, "utf-8")
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_damaged_entry_is_refused_and_nothing_half_printed(run: Run, tmp_path: Path) -> None:
    path = store(tmp_path, [page("/a", YES)], [page("/a", NO, day=1)])
    tampering.tamper(path, "UPDATE assessments SET result = '{\"tokens\": 3}' WHERE id = 2")
    done = run("audit.db")
    assert (done.code, done.out) == (2, "")
    assert "entry 2" in done.err


def test_neither_file_is_changed(run: Run, tmp_path: Path) -> None:
    path = store(tmp_path, [page("/a", YES)], [page("/a", NO, day=1)])
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    assert run("audit.db").code == 1
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_two_stores_are_compared_as_two_runs_are(run: Run, tmp_path: Path) -> None:
    store(tmp_path, [page("/a", YES)], name="october.db")
    store(tmp_path, [page("/a", NO, day=1)], name="november.db")
    done = run("october.db", "november.db", "--format", "json")
    assert done.code == 1
    labels = [json.loads(done.out)[name]["label"] for name in ("before", "after")]
    assert labels == ["october.db, run 1", "november.db, run 1"]


def test_where_the_policies_differ_the_report_says_what_was_done(run: Run, tmp_path: Path) -> None:
    strict = {"on": {"unknown": "skip"}}
    store(
        tmp_path,
        [page("/a"), page("/b", YES)],
        [page("/a", day=1, policy=strict), page("/b", NO, day=1, policy=strict)],
    )
    document = json.loads(run("audit.db", "--format", "json").out)
    asked, done = document["remarks"]
    assert asked == "the two were asked for differently: policy"
    assert done.startswith("1 URL of which the words differ was weighed anew, both answers by")
    assert [each["url"] for each in document["urls"]] == [f"{ORIGIN}/b"]
    (tmp_path / "policy.toml").write_text('name = "ours"\nuses = ["search"]\n', "utf-8")
    weighed = run("audit.db", "--policy", "policy.toml", "--format", "json")
    assert count(weighed) == {"changed": 1, "reworded": 1, "unchanged": 1}
    assert json.loads(weighed.out)["policy"]["name"] == "ours"
    assert (
        "both are weighed by the policy ours, and not by those that decided them"
        in json.loads(weighed.out)["remarks"]
    )
    (tmp_path / "signals-agent.toml").write_text('policy = "policy.toml"\n', "utf-8")
    assert run("audit.db", "--format", "json").out == weighed.out


def test_a_run_that_has_not_ended_says_so(run: Run, tmp_path: Path) -> None:
    store(
        tmp_path,
        [page("/a", NO), page("/b", NO)],
        [page("/a", NO, day=1), Listed(f"{ORIGIN}/b")],
        ended="",
    )
    done = run("audit.db")
    assert done.code == 3
    assert (
        "  note    audit.db, run 2, has not ended: of 1 URL that the other one answers it has no "
        "answer\n"
    ) in done.out
    assert "  not asked now            1  https://press.example/b\n" in done.out


HOSTILE = "train-ai=n, x=\"=HYPERLINK('http://evil.example')<script>alert(1)</script>|a|[b](c)\""


@pytest.fixture
def hostile(tmp_path: Path) -> None:
    said = ("Content-Usage", HOSTILE), ("X-Robots-Tag", "=cmd|' /C calc'!A0, noai \x1b[31m")
    store(tmp_path, [page("/a")], [page("/a", *said, day=1)])


def test_what_publishers_say_is_harmless_in_every_format(run: Run, hostile: None) -> None:
    for format_ in ("text", "markdown", "csv", "json", "jsonl"):
        out = run("audit.db", "--format", format_, "--color", "never").out
        assert "HYPERLINK" in out
        assert "\x1b" not in out
    assert "<script>" not in run("audit.db", "--format", "markdown").out
    rows = list(csv.reader(io.StringIO(run("audit.db", "--format", "csv").out)))
    cells = [cell for row in rows for cell in row]
    assert any("=cmd" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in "=+-@\t" and cell]


def test_the_table_has_a_line_for_each_change(run: Run, tmp_path: Path) -> None:
    store(
        tmp_path,
        [page("/a", YES), page("/b")],
        [page("/a", NO, robots=SIGNAL, day=1), page("/b", robots=SIGNAL, day=1)],
    )
    rows = list(csv.DictReader(io.StringIO(run("audit.db", "--format", "csv").out)))
    assert {
        "level": "site",
        "site": ORIGIN,
        "url": f"{ORIGIN}/a",
        "urls": "2",
        "what": "added",
        "family": "aipref",
        "carrier": "robots-txt",
        "source": f"{ORIGIN}/robots.txt",
        "scope": "token=*",
        "after": "train-ai=n",
    } in [{name: value for name, value in row.items() if value} for row in rows]
    of_urls = [(row["url"], row["verdict"], row["what"]) for row in rows if row["level"] == "url"]
    assert of_urls[0] == (f"{ORIGIN}/a", "tightened", "changed")
    assert of_urls[-1] == (f"{ORIGIN}/b", "tightened", "of-site")


def test_lines_hold_what_the_document_holds(run: Run, tmp_path: Path) -> None:
    store(
        tmp_path,
        [page("/a", YES), page("/b")],
        [page("/a", NO, day=1), page("/b", robots=SIGNAL, day=1)],
    )
    document = json.loads(run("audit.db", "--format", "json").out)
    account, *rest = map(json.loads, run("audit.db", "--format", "jsonl").out.splitlines())
    head = {"schema": "signals-agent/diff/1"}
    sites = [{"line": "site", **head, **each} for each in document.pop("sites")]
    urls = [{"line": "url", **head, **each} for each in document.pop("urls")]
    assert rest == [*sites, *urls]
    assert account == {"line": "account", **document}
    assert document["schema"] == "signals-agent/diff/1"
    assert "null" not in run("audit.db", "--format", "json").out


def test_what_does_not_fit_is_counted(run: Run, tmp_path: Path) -> None:
    hosts = [f"https://{name}.example" for name in ("a", "b", "c")]
    said = (YES, ON_CREDIT), (NO, YES)
    pages = [
        [
            differing.answer(f"{host}/{place}", each, robots=rules, day=day)
            for host in hosts
            for place, each in enumerate((*said[day], said[day][0]))
        ]
        for day, rules in enumerate((differing.OPEN, SIGNAL))
    ]
    store(tmp_path, *pages)
    out = run("audit.db", "--show", "2").out
    assert "\nSITES (3) whose files say something else\n" in out
    assert "\nand 1 more site\n" in out
    assert "\nURLS (9) with changes of their own\n" in out
    # Two of each site are alike, and told as one.
    assert out.count(" and 1 other of this site alike\n") == 2
    assert out.endswith("\nand 5 more URLs\n")
    whole = run("audit.db", "--show", "0").out
    assert "more" not in whole.replace("owed no more", "")
    marked = run("audit.db", "--show", "2", "--format", "markdown").out
    assert "\nAnd 1 more site.\n" in marked
    assert marked.endswith("\nAnd 5 more URLs.\n")


def test_the_same_two_runs_give_the_same_report_to_the_octet(run: Run, tmp_path: Path) -> None:
    store(tmp_path, [page("/a", YES), page("/b")], [page("/a", NO, day=1), page("/b", NO, day=1)])
    for format_ in ("text", "json", "jsonl", "csv", "markdown"):
        first = run("audit.db", "--format", format_)
        assert first == run("audit.db", "--format", format_)


def test_a_first_run_is_compared_with_nothing_and_says_so(run: Run, tmp_path: Path) -> None:
    store(tmp_path, [page("/a", NO)])
    for format_ in ("text", "json"):
        done = run("audit.db", "--format", format_)
        assert (done.code, done.out) == (3, "")
        assert done.err == "audit.db holds one run, and there is nothing to compare it with yet\n"
    assert run("audit.db@-1").code == 3
    assert run("audit.db", "--fail-on", "never").code == 0
    assert run("audit.db@1").code == 2


@pytest.mark.parametrize(
    ("kept", "code", "said"),
    [
        (0, 3, "no URL is in both, so that nothing could be compared"),
        (1, 3, "of the 4 URLs before, 3 are gone from the list: what became of them is not known"),
        (2, 0, ""),
    ],
)
def test_a_list_that_lost_most_of_its_urls_is_told_at_the_top(
    run: Run, tmp_path: Path, kept: int, code: int, said: str
) -> None:
    names = "abcd"
    store(tmp_path, [page(f"/{n}") for n in names], [page(f"/{n}", day=1) for n in names[:kept]])
    done = run("audit.db", "--format", "json")
    assert done.code == code
    assert json.loads(done.out)["remarks"] == [said] * bool(said)
    text = run("audit.db").out
    assert [line for line in text.splitlines() if line.startswith("  note")] == (
        [f"  note    {said}"] * bool(said)
    )
    assert run("audit.db", "--fail-on", "never").code == 0


def test_the_figures_of_text_and_markdown_add_up(run: Run, tmp_path: Path) -> None:
    before = [page(f"/{n}", NO, robots=SIGNAL) for n in "abcdef"]
    after = [
        page("/a", NO, robots=SIGNAL, day=1),
        page("/b", YES, robots=sa.UNREACHABLE, day=1),
        page("/c", NO, robots=sa.UNREACHABLE, day=1),
        page("/d", status=404, robots=SIGNAL, day=1),
        Listed(f"{ORIGIN}/e"),
        page("/f", ON_CREDIT, robots=SIGNAL, day=1),
    ]
    store(tmp_path, before, after)
    for format_, pattern in (
        ("text", r"^  (\S.*?) {2,} +([0-9,]+)(?: |$)"),
        ("markdown", r"^\| ([^|]+) \| ([0-9,]+) \|"),
    ):
        out = run("audit.db", "--format", format_).out
        figures = [(word, int(n)) for word, n in re.findall(pattern, out, re.MULTILINE)]
        above = [word for word, _ in figures].index("in both")
        assert figures[above] == ("in both", 6)
        assert sum(n for _, n in figures[:above]) == 6
        assert ("not asked now", 1) in figures[:above]


LINE = Path(__file__).parents[2] / "docs" / "diff.md"
STUB = """#!/bin/sh
echo "$1 speaks" >&2
case "$1" in audit) exit $AUDIT ;; *) echo "what changed"; exit $DIFF ;; esac
"""


@pytest.mark.skipif(shutil.which("sh") is None, reason="the line is one for a POSIX shell")
@pytest.mark.parametrize(
    ("audit", "diff", "mail"),
    [
        pytest.param(0, 0, None, id="all is well"),
        pytest.param(0, 1, "audit speaks\ndiff speaks\nwhat changed\n", id="tightened"),
        pytest.param(0, 3, "audit speaks\ndiff speaks\nwhat changed\n", id="the first month"),
        pytest.param(2, 0, "audit speaks\n", id="the audit failed, and diff was not asked"),
        pytest.param(130, 1, "audit speaks\n", id="the audit was stopped"),
    ],
)
def test_the_line_for_a_scheduled_job_mails_what_was_told_this_time(
    tmp_path: Path, audit: int, diff: int, mail: str | None
) -> None:
    (line,) = re.findall(r"^told=.*(?:\n  .*)*", LINE.read_text("utf-8"), re.MULTILINE)
    for name, script in (("signals-agent", STUB), ("mail", "#!/bin/sh\ncat > mailed\n")):
        (tmp_path / name).write_text(script, "utf-8")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    asked = {"PATH": path, "AUDIT": str(audit), "DIFF": str(diff)}
    subprocess.run(["sh", "-c", line], cwd=tmp_path, env=asked, check=False, timeout=60)
    mailed = tmp_path / "mailed"
    assert (mailed.read_text("utf-8") if mailed.exists() else None) == mail
