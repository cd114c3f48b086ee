"""All figures in one table; exit 1 where a promise is not kept."""

import platform
import sys

from benchmarks import audit, fetch, page, robots, startup
from benchmarks.measure import Figure


def main() -> int:
    """Measure everything, print the table."""
    figures: list[Figure] = []
    for part in (page, robots, startup, fetch, audit):
        print(f"measuring {part.__name__} ...", file=sys.stderr)
        figures.extend(part.figures())
    print(
        f"\n{platform.python_implementation()} {platform.python_version()}, {platform.machine()}\n"
    )
    print("| what | ratio | at most | against | ours | peer | on |")
    print("|---|---|---|---|---|---|---|")
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:g}"
        mark = "" if figure.kept else " (!)"
        print(
            f"| {figure.name} | {figure.ratio:.2f}{mark} | {limit} | {figure.peer_name} "
            f"| {figure.ours * 1e3:.1f} ms | {figure.peer * 1e3:.1f} ms | {figure.detail} |"
        )
    return 0 if all(figure.kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
