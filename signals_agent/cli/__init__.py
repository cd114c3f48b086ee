"""Where the command ``signals-agent`` begins."""

import sys

_SELDOM = 50_000
"""Objects that are made, less those freed, before Python looks for cycles among them."""


def main() -> None:
    """Run the command line and exit with its code; the version is told before anything loads."""
    if sys.argv[1:] == ["--version"]:
        from signals_agent.version import TABLES, VERSION

        sys.stdout.write(f"signals-agent {VERSION} (tables {TABLES})\n")
        return
    import gc

    # Modules, classes and schemas live until the end, and the rest is freed by counting:
    # looking for cycles among them again and again costs a tenth of a run.
    gc.set_threshold(_SELDOM, 20, 50)
    from signals_agent.cli.app import run

    code = run(sys.argv[1:])
    gc.freeze()  # nor are they searched once more as the process ends
    sys.exit(code)
