"""Where the command ``signals-agent`` begins."""

import sys

_SELDOM = 50_000
"""Objects that are made, less those freed, before Python looks for cycles among them."""


def main() -> None:
    """Run the command line and exit with its code; the version is told before anything loads."""
    try:
        code = _version() if sys.argv[1:] == ["--version"] else _run()
    except KeyboardInterrupt:  # while modules were being loaded
        if sys.stderr is not None:
            sys.stderr.write("signals-agent: interrupted\n")
        code = 130
    if code is not None:
        sys.exit(code)


def _version() -> int | None:
    from signals_agent.version import TABLES, VERSION

    if sys.stdout is None:
        return None
    try:
        sys.stdout.write(f"signals-agent {VERSION} (tables {TABLES})\n")
        sys.stdout.flush()
    except OSError as error:
        import os

        # Python flushes once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return None
        if sys.stderr is not None:
            why = error.strerror or error
            sys.stderr.write(f"signals-agent: standard output cannot be written: {why}\n")
        return 2
    return None


def _run() -> int:
    import gc

    # Modules, classes and schemas live until the end, and the rest is freed by counting:
    # looking for cycles among them again and again costs a tenth of a run.
    gc.set_threshold(_SELDOM, 20, 50)
    from signals_agent.cli.app import run

    code = run(sys.argv[1:])
    gc.freeze()  # nor are they searched once more as the process ends
    return code
