"""The examples of the guides are run as they stand, and print what the pages say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import guides

PAGES = {target.name: target.read_text("utf-8") for target in guides.TARGETS}
SECTIONS = {
    part.splitlines()[0].removeprefix("## "): part
    for page in PAGES.values()
    for part in guides.sections(page)
    if "```console" in part
}


def section(beginning: str) -> str:
    """The one section whose heading begins so."""
    (found,) = [body for title, body in SECTIONS.items() if title.startswith(beginning)]
    return found


@pytest.mark.parametrize("title", SECTIONS)
def test_the_commands_of_a_section_print_what_it_says(title: str, tmp_path: Path) -> None:
    examples = guides.run(SECTIONS[title], tmp_path)
    assert examples
    for example in examples:
        said, printed = map(guides.without_the_clock, (example.said, example.printed))
        assert printed == said, f"run: make docs\n{example.command}"


@pytest.mark.parametrize(("name", "least"), [("terms.md", 15), ("corpus.md", 5)])
def test_no_command_and_no_file_of_a_page_is_passed_over(name: str, least: int) -> None:
    page = PAGES[name]
    parts = [part for part in guides.sections(page) if "```console" in part]
    commands = re.findall(r"^\$ ", page, re.MULTILINE)
    run = [found for part in parts for found in guides.CONSOLE.findall(part)]
    assert len(run) == len(commands) == len(re.findall(r"^```console$", page, re.MULTILINE))
    fences = len(re.findall(r"^```\w+$", page, re.MULTILINE))
    written = sum(len(guides.files(part)) for part in parts)
    assert written == fences - len(run)
    assert written > least


def test_the_files_that_a_command_names_are_those_of_its_section() -> None:
    for part in SECTIONS.values():
        named = set(
            re.findall(r"[ =]([\w-]+\.(?:txt|html|json|toml|xml|py|csv))\b", commands(part))
        )
        assert named <= set(guides.files(part))
        assert set(guides.files(part)) <= named


def commands(part: str) -> str:
    """All the commands of a section, each without what it prints."""
    return "".join(found[0] for found in guides.CONSOLE.findall(part))


# What the page says in words only: a section, the end of a command of it and what stands there
# in the command's place, and the first line and the exit code that this comes to.
IN_WORDS = {
    "a document that nobody looked at leaves the answer undetermined": (
        "An RSL document",
        "--no-document https://almanac.example/license.xml",
        "",
        "HOLD",
        3,
    ),
    "a policy that is not there leaves the reservation": (
        "TDMRep",
        "--document https://gazette.example/policy.json=policy.json",
        "--no-document https://gazette.example/policy.json",
        "SKIP",
        1,
    ),
    "a policy that nobody looked at leaves the reservation": (
        "TDMRep",
        "--document https://gazette.example/policy.json=policy.json",
        "",
        "SKIP",
        1,
    ),
    "an agreement answers both duties": (
        "TDMRep",
        "--document https://gazette.example/policy.json=policy.json",
        "--document https://gazette.example/policy.json=policy.json --policy extra.toml",
        "INGEST",
        0,
    ),
    "a challenge ends in the code for what could not be found out": (
        "Answers",
        "--headers challenge.txt",
        "--headers challenge.txt",
        "HOLD",
        3,
    ),
    "a server that asks for a password states no terms": (
        "Answers",
        "--headers licence.txt",
        "--headers extra.txt",
        "SKIP",
        1,
    ),
    "the preset strict counts refused training crawlers": (
        "Crawlers",
        "--policy careful.toml",
        "--policy extra.toml",
        "SKIP",
        1,
    ),
    "ai.txt is not heard unless the policy says so": (
        "ai.txt",
        "--policy extended.toml --use train-generative --use search",
        "--use train-generative --use search",
        "INGEST",
        0,
    ),
}
EXTRA = {
    "an agreement answers both duties": (
        "extra.toml",
        """\
[[agreement]]
party = "Daily Gazette"
origins = ["https://gazette.example"]
uses = ["train-generative"]
answers = ["permission", "payment"]
""",
    ),
    "a server that asks for a password states no terms": (
        "extra.txt",
        'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm="The Wire"\n',
    ),
    "the preset strict counts refused training crawlers": (
        "extra.toml",
        'preset = "strict"\n',
    ),
}


@pytest.mark.parametrize("case", IN_WORDS)
def test_what_the_page_says_in_words_is_so(case: str, tmp_path: Path) -> None:
    beginning, old, new, verdict, code = IN_WORDS[case]
    part = section(beginning)
    for name, body in [*guides.files(part).items(), *([EXTRA[case]] if case in EXTRA else [])]:
        (tmp_path / name).write_text(body, "utf-8")
    (command,) = [each[0] for each in guides.CONSOLE.findall(part) if old in each[0]]
    done = subprocess.run(
        [sys.executable, "-m", "signals_agent", *guides.words(command.replace(old, new))[1:]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.stdout.split()[0], done.returncode, done.stderr) == (verdict, code, "")


def test_an_output_that_is_not_what_the_command_prints_is_put_right(tmp_path: Path) -> None:
    part = section("ai.txt")
    wrong = part.replace("SKIP  https", "INGEST  https").replace("datatrainingallowed=no\n  ", "")
    assert wrong != part
    assert guides.rewritten(wrong, tmp_path) == part


def test_only_a_line_on_the_clock_is_left_as_it_is(tmp_path: Path) -> None:
    part = section("Crawlers")
    dated = re.sub(r"^Good until .*$", "Good until then.", part, flags=re.MULTILINE)
    assert dated != part
    assert guides.rewritten(dated, tmp_path) == dated


def test_what_the_page_leaves_out_of_an_output_is_left_out_again() -> None:
    printed = "HOLD  a\n  b\n\nuse  said\n\nWhat is owed\n  c\n\nEvidence\n  d\n\nNotes\n"
    said = "SKIP  a\n\n[...]\n\nWhat is owed\n  x\n\n[...]\n"
    assert list(guides.trimmed(printed, said)) == (
        "HOLD  a\n  b\n\n[...]\n\nWhat is owed\n  c\n\n[...]".splitlines()
    )
    assert list(guides.trimmed(printed, "")) == printed.splitlines()


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("$ rm -r folder\n", "no program that a page may run"),
        ("$ signals-agent check --no-such-option\n", "exit code 2"),
    ],
    ids=["a program that is none of ours", "wrong usage"],
)
def test_a_command_that_fails_is_told(command: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(guides.Failed, match=says):
        guides.run(f"```console\n{command}```\n", tmp_path)
