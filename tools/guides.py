"""Pages whose examples are run: the outputs on them are what the commands print.

``python -m tools.guides`` writes them anew; a test compares the page with what this gives.
A fence behind a line that names a file is that file; a ``console`` fence is one command and
what it prints. Each section has a folder of its own. Where the page says ``[...]`` paragraphs
of the output are left out, and they are left out again.
"""

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGETS = (ROOT / "docs" / "terms.md", ROOT / "docs" / "corpus.md")
LEFT_OUT = "[...]"
PROGRAMS = {"signals-agent": ("-m", "signals_agent"), "python3": ()}
EXIT_CODES = {0, 1, 3}

_FILE = re.compile(r"^`([\w.-]+)`:\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(
    r"^```console\n(?P<command>\$ (?:[^\n]*\\\n)*[^\n]*\n)(?P<printed>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_SECTION = re.compile(r"^(?=## )", re.MULTILINE)
_UNTIL = re.compile(r"^Good until .*$", re.MULTILINE)


class Failed(Exception):
    """A command of the page does not end as the commands of a page should."""


@dataclass(frozen=True, slots=True)
class Example:
    """A command of the page, what the page says that it prints, and what it does print."""

    command: str
    said: str
    printed: str


def sections(text: str) -> list[str]:
    """A page cut before each of its sections; joined they are the page."""
    return _SECTION.split(text)


def files(section: str) -> dict[str, str]:
    """The files that a section says to write, by their names."""
    return dict(_FILE.findall(section))


def words(command: str) -> list[str]:
    """The words of a command, which may go on behind a backslash at the end of a line."""
    return shlex.split(command.removeprefix("$ ").replace("\\\n", " "))


def run(section: str, folder: Path) -> list[Example]:
    """Every command of a section, run in order beside the files of the section."""
    for name, body in files(section).items():
        (folder / name).write_text(body, "utf-8", newline="\n")
    return [
        Example(found["command"], found["printed"], _shown(found, folder))
        for found in CONSOLE.finditer(section)
    ]


def rewritten(section: str, folder: Path) -> str:
    """A section with the outputs that its commands have now."""
    examples = iter(run(section, folder))

    def fence(found: re.Match[str]) -> str:
        return f"```console\n{found['command']}{next(examples).printed}```"

    return CONSOLE.sub(fence, section)


def document(text: str) -> str:
    """The whole page with the outputs that its commands have now."""
    parts = []
    for section in sections(text):
        with tempfile.TemporaryDirectory() as folder:
            parts.append(rewritten(section, Path(folder)))
    return "".join(parts)


def without_the_clock(text: str) -> str:
    """A text without the moment until which an answer is good, which every run moves on."""
    return _UNTIL.sub("Good until", text)


def _shown(found: re.Match[str], folder: Path) -> str:
    """What a command prints, as the page shows it; a line on the clock alone is kept."""
    said = found["printed"]
    printed = "".join(f"{line}\n" for line in trimmed(_output(found["command"], folder), said))
    return said if without_the_clock(said) == without_the_clock(printed) else printed


def _output(command: str, folder: Path) -> str:
    program, *arguments = words(command)
    if program not in PROGRAMS:
        raise Failed(f"no program that a page may run: {command}")
    # The page is ours, and of its commands only these two programs are run.
    done = subprocess.run(  # noqa: S603  # the commands of our own page
        [sys.executable, *PROGRAMS[program], *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    if done.stderr or done.returncode not in EXIT_CODES:
        raise Failed(f"{command}exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def trimmed(printed: str, said: str) -> Iterator[str]:
    """The lines of an output, less the paragraphs that a page leaves out of it."""
    if LEFT_OUT not in said.splitlines():
        yield from printed.rstrip().splitlines()
        return
    kept = {_heading(place, each) for place, each in enumerate(_paragraphs(said))}
    shown: list[str] = []
    for place, each in enumerate(_paragraphs(printed)):
        if _heading(place, each) in kept:
            shown.append(each)
        elif shown[-1:] != [LEFT_OUT]:
            shown.append(LEFT_OUT)
    yield from "\n\n".join(shown).splitlines()


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n{2,}", text.strip("\n"))


def _heading(place: int, paragraph: str) -> str:
    """What a paragraph is known by: the first tells the verdict, and others begin alike."""
    return "" if place == 0 else " ".join(paragraph.splitlines()[0].split()[:2])


if __name__ == "__main__":
    for target in TARGETS:
        target.write_text(document(target.read_text("utf-8")), "utf-8", newline="\n")
