"""Writes the locks: every version that is tested, resolved anew in throw-away environments.

* ``demo.txt``: what the package needs to run, at the newest versions.
* ``build.txt``: what builds it.
* ``test.txt``: both, the extras of the integrations, and the tools of the ``dev`` extra.
* ``lowest.txt``: each direct dependency, those of the integrations too, at the lower bound that
  ``pyproject.toml`` states, with the tools that the tests themselves need.

Locks hold names and versions only: no address of an index or a file.
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).parent
LISTING = """
import importlib.metadata as m, re
found = {re.sub(r"[-_.]+", "-", d.metadata["Name"]).lower(): d.version for d in m.distributions()}
for name in sorted(set(found) - {"pip", "setuptools", "signals-agent"}):
    print(f"{name}=={found[name]}")
"""
# What the tests import beside the package; linters and type checkers run once, with test.txt.
TEST_TOOLS = (
    "hypothesis",
    "jsonschema",
    "markdown-it-py",
    "pytest",
    "pytest-asyncio",
    "pytest-xdist",
    "robotspy",
)


def resolve(requirements: list[str], constraints: str = "") -> str:
    """Install the requirements into a throw-away environment and list what is in it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        pins = Path(folder) / "constraints.txt"
        pins.write_text(constraints)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--constraint", str(pins), *requirements], check=True)
        return subprocess.run(
            [python, "-c", LISTING], check=True, capture_output=True, text=True
        ).stdout


def lowest(requirement: str) -> str:
    """``name>=1.2`` as ``name==1.2``."""
    return requirement.replace(">=", "==")


def pins(listing: str, names: tuple[str, ...]) -> list[str]:
    """The lines of a listing that pin these names."""
    return [line for line in listing.splitlines() if line.partition("==")[0] in names]


def main() -> None:
    """Write all four locks."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())
    runtime: list[str] = project["project"]["dependencies"]
    extras: dict[str, list[str]] = project["project"]["optional-dependencies"]
    tools = extras.pop("dev")
    integrations = sorted({each for needed in extras.values() for each in needed})
    build: list[str] = project["build-system"]["requires"]

    test = resolve([*runtime, *integrations, *tools, *build])
    demo = resolve(runtime, test)
    low = resolve([*map(lowest, (*runtime, *integrations)), *pins(test, TEST_TOOLS)])
    for name, about, listing in (
        ("test", "Everything that `make test` installs", test),
        ("demo", "What the package needs to run", demo),
        ("build", "What builds the package", resolve(build, test)),
        ("lowest", "The lower bounds of pyproject.toml, and what tests them", low),
    ):
        head = f"# {about}. Written by `make lock` on Python 3.{sys.version_info.minor}.\n"
        (HERE / f"{name}.txt").write_text(head + listing)


if __name__ == "__main__":
    main()
