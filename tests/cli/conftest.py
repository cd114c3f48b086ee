"""Running the command line: in this process, and as a program of its own."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    """Runs the command line in this process, in an empty directory."""
    from signals_agent.cli import app

    def call(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = app.run(arguments)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


@pytest.fixture
def program(place: Path) -> Callable[..., Done]:
    """Runs the command line as a program, in an empty directory."""

    def call(*arguments: str, stdin: bytes = b"") -> Done:
        done = subprocess.run(
            [sys.executable, "-c", "from signals_agent.cli import main; main()", *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=place,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            timeout=60,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call
