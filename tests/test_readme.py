"""The README's example is run as it stands, and prints what it says it prints."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def block(language: str, holding: str) -> str:
    """The one code block of a language that holds some text."""
    found = [
        body
        for body in re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
        if holding in body
    ]
    assert len(found) == 1, f"{len(found)} blocks of {language} hold {holding!r}"
    return found[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files that the README says to write."""
    (tmp_path / "headers.txt").write_text(block("http", "HTTP/1.1"), "utf-8")
    (tmp_path / "page.html").write_text(block("html", "Tide tables"), "utf-8")
    (tmp_path / "policy.toml").write_text(block("toml", "[[commitment]]"), "utf-8")
    (tmp_path / "photo.html").write_text(block("html", "Two larks"), "utf-8")
    (tmp_path / "robots.txt").write_text(block("text", "License:"), "utf-8")
    (tmp_path / "license.xml").write_text(block("xml", "<rsl"), "utf-8")
    (tmp_path / "release.toml").write_text(block("toml", "activities"), "utf-8")
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command.removeprefix("$ "))
    assert words[0] == "signals-agent"
    return subprocess.run(
        [sys.executable, "-m", "signals_agent", *words[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_the_minutes_example_prints_what_it_says(folder: Path) -> None:
    command, _, expected = block("console", "HOLD  https://library").partition("\n")
    done = run(command, folder)
    assert done.stdout.rstrip() == expected.rstrip()
    assert done.stderr == ""
    assert done.returncode == 1


def test_the_example_of_a_named_document_prints_what_it_says(folder: Path) -> None:
    command, _, expected = block("console", "--document").partition("\n")
    done = run(command, folder)
    until = re.compile(r"^Good until .*$", re.MULTILINE)
    assert until.search(expected)
    assert until.sub("", done.stdout).rstrip() == until.sub("", expected).rstrip()
    assert done.returncode == 1


def test_the_policy_of_the_example_lets_it_through(folder: Path) -> None:
    done = run(block("console", "--policy policy.toml").strip(), folder)
    assert done.returncode == 0
    assert '"decision":"ingest"' in done.stdout.replace(" ", "")
    assert '"kind":"ecosystem-contribution"' in done.stdout.replace(" ", "")


@pytest.mark.parametrize(("holding", "code"), [("SKIP  ", 1), ("--cite", 0)])
def test_the_example_of_a_licence_prints_what_it_says(
    folder: Path, holding: str, code: int
) -> None:
    command, _, expected = block("console", holding).partition("\n")
    done = run(command, folder)
    assert done.stdout.rstrip() == expected.rstrip()
    assert done.stderr == ""
    assert done.returncode == code


def test_the_python_example_prints_what_it_says(tmp_path: Path) -> None:
    code = block("python", "sa.assess(")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == block("text", "conditional")


def test_the_live_example_is_python() -> None:
    compile(block("python", "assess_many"), "README.md", "exec")
