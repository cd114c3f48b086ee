"""Starting the command against importing the library that it is written with."""

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Figure, side_by_side


def figures() -> list[Figure]:
    """``signals-agent --version`` against ``python -c "import click"``."""
    command = Path(sys.executable).with_name("signals-agent")

    def ours() -> None:
        subprocess.run([command, "--version"], check=True, capture_output=True)

    def peer() -> None:
        subprocess.run([sys.executable, "-c", "import click"], check=True, capture_output=True)

    mine, theirs = side_by_side(ours, peer, rounds=15)
    return [Figure("signals-agent --version", mine, theirs, 'python -c "import click"', 1.3)]
