"""Where the command ``signals-agent`` begins."""

import sys


def main() -> None:
    """Run the command line and exit with its code; the version is told before anything loads."""
    if sys.argv[1:] == ["--version"]:
        from signals_agent.version import TABLES, VERSION

        sys.stdout.write(f"signals-agent {VERSION} (tables {TABLES})\n")
        return
    from signals_agent.cli.app import run

    sys.exit(run(sys.argv[1:]))
