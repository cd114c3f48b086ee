"""The command ``corpus``."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import signals_agent as sa
from signals_agent.store import Ledger

LIST = """\
url,licence,title,author
https://fen.example/rain,CC-BY-SA-4.0,Rain,Ada Fen
https://fen.example/fog,CC BY-SA 4.0,Fog,Ada Fen
https://press.example/day,CC-BY-NC-ND-4.0,A day,Bo Press
"""

Run = Callable[..., Any]


@pytest.fixture
def listed(place: Path) -> Path:
    """A small list of assets."""
    file = place / "ponds.csv"
    file.write_text(LIST)
    return file


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_overview_says_what_may_be_done_what_is_owed_and_what_is_open(
    run: Run, listed: Path
) -> None:
    done = run("corpus", "ponds.csv")
    assert (done.code, done.err) == (1, "")
    assert max(map(len, done.out.splitlines())) <= 100
    assert "ponds.csv: 3 assets" in done.out
    assert "Weights: do-not-release" in done.out
    assert "CC BY-SA 4.0 and CC BY-NC-ND 4.0: no" in done.out
    assert "share-alike 2 assets to 1 party" in flat(done.out)
    assert "Checklist: " in done.out
    assert done.out.count("This is no legal advice.") == 1


def test_the_overview_as_json_has_the_same(run: Run, listed: Path) -> None:
    done = run("corpus", "ponds.csv", "--format", "json")
    told = json.loads(done.out)
    assert told["schema"] == "signals-agent/corpus/1"
    assert told["extent"]["assets"] == 3
    assert told["activities"]["redistribute-modified"]["answer"] == "no"
    assert told["weights"] == "do-not-release"
    assert {each["kind"]: each["assets"] for each in told["owed"]}["credit"] == 3
    assert "legal_review" in told["checklist"]["open"]
    assert done.code == 1


@pytest.mark.parametrize(
    ("part", "format_", "begins"),
    [
        ("credits", "markdown", "# Credits"),
        ("credits", "json", "{"),
        ("credits", "bibtex", ""),
        ("credits", "cff", "cff-version: 1.2.0"),
        ("contributions", "markdown", "# Contributions"),
        ("contributions", "json", "{"),
        ("contributions", "csv", "\ufeff"),
        ("composition", "markdown", "# Composition of"),
        ("composition", "json", "{"),
        ("weights", "markdown", "# Weights policy"),
        ("weights", "json", "{"),
        ("weights", "yaml", "license:"),
        ("separate-licences", "markdown", "# Separate licences"),
        ("separate-licences", "json", "{"),
        ("separate-licences", "csv", "\ufeffurl,"),
        ("checklist", "markdown", "# Checklist"),
        ("checklist", "json", "{"),
        ("card", "markdown", "---\n"),
        ("croissant", "json", "{"),
    ],
)
def test_every_part_is_printed_in_each_of_its_formats(
    run: Run, listed: Path, part: str, format_: str, begins: str
) -> None:
    done = run("corpus", "ponds.csv", "--part", part, "--format", format_)
    assert done.err == ""
    assert done.code == (1 if part == "checklist" else 0)
    assert done.out.startswith(begins)
    if format_ == "json":
        assert json.loads(done.out)
    first = run("corpus", "ponds.csv", "--part", part)
    if format_ == "markdown":
        assert first.out == done.out


def test_every_part_and_format_is_in_the_test_above() -> None:
    from signals_agent.cli import corpus
    from signals_agent.corpus import outputs

    marks: Any = test_every_part_is_printed_in_each_of_its_formats
    (mark,) = marks.pytestmark
    assert {(part, format_) for part, format_, _ in mark.args[1]} == {
        (part, format_) for part, formats in outputs.PARTS.items() for format_ in formats
    }
    assert tuple(outputs.PARTS) == corpus.PARTS
    assert {each for formats in outputs.PARTS.values() for each in formats} <= set(corpus.FORMATS)


def test_a_folder_holds_everything_and_its_sums(run: Run, listed: Path, place: Path) -> None:
    done = run("corpus", "ponds.csv", "--output", "out")
    assert done.code == 1
    assert "items of the checklist are open" in done.err
    out = place / "out"
    sums = dict(
        reversed(line.split("  ", 1)) for line in (out / "SHA256SUMS").read_text().splitlines()
    )
    files = {
        each.relative_to(out).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in out.rglob("*")
        if each.is_file() and each.name != "SHA256SUMS"
    }
    assert files == sums
    assert {
        "CREDITS.md",
        "croissant.json",
        "preferences.json",
        "sources.jsonl",
        "README.md",
    } <= set(files)
    assert len([each for each in files if each.startswith("sets/")]) == 2


def test_the_same_corpus_gives_the_same_folder(run: Run, listed: Path, place: Path) -> None:
    run("corpus", "ponds.csv", "--output", "one")
    run("corpus", "ponds.csv", "--output", "two")
    assert (place / "one" / "SHA256SUMS").read_text() == (place / "two" / "SHA256SUMS").read_text()


def test_a_worksheet_that_was_filled_in_is_not_lost_by_writing_again(run: Run, place: Path) -> None:
    """What a person wrote in the folder is read, counted, and written anew."""
    policy = sa.Policy.make(
        {
            "uses": ["train-generative"],
            "commitment": [
                {"kind": kind, "evidence": "https://you.example/card"}
                for kind in ("credit", "ecosystem-contribution")
            ],
        }
    )
    answer = sa.assess(
        sa.Capture(
            "https://fen.example/1",
            200,
            [("Content-Type", "text/html"), ("Content-Usage", "train-ai=n;exceptions=cc-cr-ec")],
            b"<title>One</title>",
        ),
        robots=b"User-agent: *\nAllow: /\n",
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        token="ExampleBot",
        policy=policy,
    )
    with Ledger(place / "crawl.db") as ledger:
        ledger.append(answer)
    run("corpus", "crawl.db", "--output", "out")
    sheet = place / "out" / "contributions.csv"
    head, *rows = sheet.read_text("utf-8-sig").splitlines()
    names = head.split(",")
    given = {
        "form": "money",
        "amount": "250",
        "currency": "EUR",
        "beneficiary": "Friends of the Fen",
        "beneficiary_confirmed_by": "Ada",
        "beneficiary_confirmed_on": "2026-10-01",
        "given_on": "2026-10-02",
    }
    row = [given.get(name, cell) for name, cell in zip(names, rows[0].split(","), strict=False)]
    sheet.write_text("\n".join([head, ",".join(row), *rows[1:]]) + "\n", "utf-8")
    run("corpus", "crawl.db", "--output", "out")
    assert "Friends of the Fen" in sheet.read_text("utf-8-sig")
    assert "250" in (place / "out" / "contributions.md").read_text()


@pytest.mark.parametrize(
    ("cells", "means", "said"),
    [
        pytest.param({}, "EUR 500", None, id="all is well"),
        pytest.param({"given_on": "2.10.2026"}, "", "accepted is year-month-day", id="a bad date"),
        pytest.param({"amount": "1,500"}, "", "amount is '1,500'; accepted is", id="a bad amount"),
        pytest.param({"id": "con-00000000"}, "", "is not in this corpus", id="an unknown id"),
        pytest.param(
            {"amount": "1100"}, "EUR 500", "is EUR 600 above the ceiling", id="above a ceiling"
        ),
        pytest.param(
            {}, "At most EUR 5", "is not said as a currency and an amount", id="a ceiling in words"
        ),
    ],
)
def test_mistakes_on_the_worksheet_are_told_and_stop_a_script(
    run: Run, place: Path, cells: dict[str, str], means: str, said: str | None
) -> None:
    with Ledger(place / "crawl.db") as ledger:
        ledger.append(_asking("https://fen.example/1", _promised("EUR 5000")))
    head, row, *_ = (
        run("corpus", "crawl.db", "--part", "contributions", "--format", "csv")
        .out.removeprefix("\ufeff")
        .splitlines()
    )
    filled = {
        "form": "money",
        "amount": "250",
        "currency": "EUR",
        "beneficiary": "Friends of the Fen",
        "beneficiary_confirmed_by": "Ada",
        "beneficiary_confirmed_on": "2026-10-01",
        "given_on": "2026-10-02",
    } | cells
    (columns,), (found,) = csv.reader([head]), csv.reader([row])
    made = dict(zip(columns, found, strict=True)) | filled
    with (place / "sheet.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerow(made)
    facts = f'[means]\nstated = "four of us"\nceiling = "{means}"\n' if means else ""
    (place / "facts.toml").write_text(facts)
    given = ("corpus", "crawl.db", "--worksheet", "sheet.csv", "--facts", "facts.toml")
    done = run(*given, "--part", "contributions")
    # A ceiling in words is nobody's mistake; what is above it can only be told by a person.
    assert done.code == (1 if said and "not said as" not in said else 0)
    assert (said or "") in done.err
    assert (done.err == "") is (said is None)
    written = run(*given, "--output", "out")
    assert (said or "") in written.err
    assert "records open" in written.err


def test_a_worksheet_that_cannot_be_read_stays_as_it_is(
    run: Run, listed: Path, place: Path
) -> None:
    (place / "out").mkdir()
    (place / "out" / "contributions.csv").write_bytes(b"\xff\xfeno sheet of ours")
    done = run("corpus", "ponds.csv", "--output", "out")
    assert done.code == 2
    assert "contributions.csv" in done.err
    assert (place / "out" / "contributions.csv").read_bytes() == b"\xff\xfeno sheet of ours"
    assert [each.name for each in (place / "out").iterdir()] == ["contributions.csv"]


def test_two_corpora_are_told_apart_and_together(run: Run, place: Path) -> None:
    """Mixing the CC BY-SA set with the CC BY-NC-ND set."""
    (place / "sa.csv").write_text("url,licence\nhttps://a.example/,CC-BY-SA-4.0\n")
    (place / "nd.csv").write_text("url,licence\nhttps://b.example/,CC-BY-NC-ND-4.0\n")
    one = run("corpus", "sa.csv", "--part", "composition", "--format", "json")
    answers = json.loads(one.out)["activities"]
    assert answers["redistribute-modified"]["answer"] == "ok"
    both = run("corpus", "sa.csv", "nd.csv", "--part", "composition")
    assert "sa.csv" in both.out
    assert "nd.csv" in both.out
    assert "must not be shared at all" in flat(both.out)
    run("corpus", "sa.csv", "--output", "first")
    again = run("corpus", "first", "nd.csv", "--part", "composition", "--format", "json")
    told = json.loads(again.out)["activities"]
    assert (
        told
        == json.loads(
            run("corpus", "sa.csv", "nd.csv", "--part", "composition", "--format", "json").out
        )["activities"]
    )


def test_facts_settle_what_nobody_can_compute(run: Run, place: Path) -> None:
    (place / "open.csv").write_text("url,licence,title\nhttps://a.example/,CC-BY-4.0,A\n")
    done = run("corpus", "--init", "corpus.toml")
    assert done.code == 0
    assert "written: corpus.toml" in done.err
    template = (place / "corpus.toml").read_text()
    said = "\n".join(
        line.removeprefix("# ")
        for line in template.splitlines()
        if line.startswith("# ") and (" = " in line or line.startswith("# ["))
    )
    (place / "corpus.toml").write_text(said)
    done = run("corpus", "open.csv", "--facts", "corpus.toml", "--output", "out")
    items = json.loads((place / "out" / "checklist.json").read_text())["items"]
    assert [each["item"] for each in items if each["state"] == "open"] == []
    assert done.code == 0
    assert "none open" in done.err
    assert "Ann Ponds" in (place / "out" / "CITATION.cff").read_text()


def test_what_is_there_already_is_not_written_over(run: Run, place: Path) -> None:
    (place / "corpus.toml").write_text("name = 'mine'")
    done = run("corpus", "--init", "corpus.toml")
    assert done.code == 2
    assert "there already" in done.err
    assert (place / "corpus.toml").read_text() == "name = 'mine'"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to read"),
        (("none.db",), "there is no corpus at none.db"),
        (("ponds.csv", "--part", "credits", "--format", "csv"), "credits has no format csv"),
        (("ponds.csv", "--format", "csv"), "--format csv goes with --part"),
        (("ponds.csv", "--part", "card", "--output", "x"), "give one of them"),
        (("ponds.csv", "--output", "x", "--format", "json"), "leave --format out"),
        (("ponds.csv", "--output", "ponds.csv"), "ponds.csv is no folder"),
        (("ponds.csv", "--facts", "none.toml"), "cannot read none.toml"),
        (("ponds.csv", "--policy", "none.toml"), "cannot read the policy none.toml"),
        (("ponds.csv", "--worksheet", "none.csv"), "none.csv"),
        (("empty.csv",), "names no column of URLs"),
        (("noise.db",), "is no SQLite file, and so no ledger"),
        (("folder",), "folder"),
        (("header.csv",), "there is no asset in header.csv"),
        (("only-bad.csv",), "there is no asset in only-bad.csv: only-bad.csv line 2"),
        (("held.db",), "nothing in held.db was ingested: 0 held, 1 skipped"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    run: Run, listed: Path, place: Path, arguments: tuple[str, ...], said: str
) -> None:
    (place / "empty.csv").write_text("title\n")
    (place / "noise.db").write_text("x" * 5000)
    (place / "folder").mkdir()
    (place / "header.csv").write_text("url,licence\n")
    (place / "only-bad.csv").write_text("url,licence\nnowhere,MIT\n")
    refused = sa.Capture("https://a.example/", 200, [("Content-Usage", "train-ai=n")], b"x")
    with Ledger(place / "held.db") as ledger:
        ledger.append(
            sa.assess(
                refused,
                robots=b"",
                site_files={"/.well-known/tdmrep.json": sa.ABSENT},
                token="ExampleBot",
                policy=sa.Policy.make({"uses": ["train-generative"]}),
            )
        )
    done = run("corpus", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (place / "x").exists()


def test_lines_that_cannot_be_read_are_told_and_counted(run: Run, place: Path) -> None:
    (place / "bad.csv").write_text(
        "url,licence\n" + "nonsense,MIT\n" * 30 + "https://a.example/,MIT\n"
    )
    done = run("corpus", "bad.csv", "--part", "credits")
    assert done.code == 1
    assert done.err.count("not an absolute URL") == 20
    assert "and 10 more lines" in done.err
    assert "left out because they cannot be read: 30" in done.err


def test_a_list_without_licences_is_told_of(run: Run, place: Path) -> None:
    (place / "urls.csv").write_text("url,lizenz\nhttps://a.example/,CC-BY-ND-4.0\n")
    done = run("corpus", "urls.csv", "--part", "credits")
    assert "says nothing of licences" in done.err


def _promised(ceiling: str) -> sa.Policy:
    """What a crawl promises and plans."""
    credit = {"kind": "credit", "evidence": "https://you.example/card"}
    gift = {**credit, "kind": "direct-contribution", "ceiling": ceiling}
    keys = {"uses": ["train-generative"], "activities": ["mirror"], "commitment": [credit, gift]}
    return sa.Policy.make(keys)


def _asking(url: str, policy: sa.Policy) -> sa.Assessment:
    usage = "train-ai=n;exceptions=cc-cr-dc"
    return sa.assess(
        sa.Capture(url, 200, [("Content-Usage", usage)], b"text"),
        robots=b"User-agent: *\nAllow: /\n",
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        token="ExampleBot",
        policy=policy,
    )


def test_without_a_policy_the_one_by_which_the_ledger_was_written_counts(
    run: Run, place: Path
) -> None:
    """What it plans, and what it promises; another one that is given takes its place."""
    with Ledger(place / "crawl.db") as ledger:
        ledger.append(_asking("https://fen.example/1", _promised("EUR 50")))
    told = json.loads(run("corpus", "crawl.db", "--part", "contributions", "--format", "json").out)
    (promise,) = told["account"]["commitments"]
    assert (promise["ceiling"], promise["about"]) == ("EUR 50", 1)
    asked = json.loads(
        run("corpus", "crawl.db", "--part", "separate-licences", "--format", "json").out
    )
    assert asked["planned"] == ["mirror"]
    assert "Nobody has said what is planned" not in run("corpus", "crawl.db", "-q").out
    (place / "today.toml").write_text('activities = ["release-weights"]\n')
    now = ("corpus", "crawl.db", "--policy", "today.toml", "--format", "json", "--part")
    assert json.loads(run(*now, "separate-licences").out)["planned"] == ["release-weights"]
    assert json.loads(run(*now, "contributions").out)["account"]["commitments"] == []
    with Ledger(place / "crawl.db") as ledger:
        ledger.append(_asking("https://fen.example/2", _promised("EUR 70")))
    several = json.loads(
        run("corpus", "crawl.db", "--part", "contributions", "--format", "json").out
    )
    assert several["account"]["commitments"] == []


def test_what_tightened_is_dropped_as_the_policy_says(run: Run, place: Path) -> None:
    from datetime import UTC, datetime, timedelta

    policy = sa.Policy.make({"uses": ["train-generative"], "on": {"tightened": "drop"}})

    def answer(usage: str, at: datetime, url: str = "https://fen.example/1") -> sa.Assessment:
        return sa.assess(
            sa.Capture(url, 200, [("Content-Usage", usage)], b"text"),
            robots=b"User-agent: *\nAllow: /\n",
            site_files={"/.well-known/tdmrep.json": sa.ABSENT},
            token="ExampleBot",
            policy=policy,
            now=at,
        )

    now = datetime(2026, 11, 20, tzinfo=UTC)
    with Ledger(place / "crawl.db") as ledger:
        ledger.append(answer("train-ai=y", now))
        ledger.append(answer("train-ai=n", now + timedelta(days=1)))
    done = run("corpus", "crawl.db", "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert "all that was ingested in crawl.db became stricter" in done.err
    with Ledger(place / "crawl.db") as ledger:
        ledger.append(answer("train-ai=y", now, "https://fen.example/2"))
    done = run("corpus", "crawl.db", "--format", "json")
    assert json.loads(done.out)["extent"]["assets"] == 1
    assert "became stricter, and the policy says drop: 1" in done.err


def test_a_full_disk_leaves_no_half_written_folder(run: Run, listed: Path, place: Path) -> None:
    """An earlier folder stays whole where a new one cannot be written."""
    run("corpus", "ponds.csv", "--output", "out")
    before = (place / "out" / "SHA256SUMS").read_text()
    (place / "ponds.csv").write_text(LIST.replace("Rain", "Hail"))
    (place / "out" / "CREDITS.md").unlink()
    (place / "out" / "CREDITS.md").mkdir()  # what is written cannot take its place
    done = run("corpus", "ponds.csv", "--output", "out")
    assert done.code == 2
    assert "cannot write out: CREDITS.md is a folder there" in done.err
    assert (place / "out" / "SHA256SUMS").read_text() == before
    assert "Hail" not in (place / "out" / "credits.json").read_text()
    assert not list((place / "out").glob(".signals-agent*"))
