"""The demo from an installed wheel, in an environment that holds nothing else."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    place = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", build, str(place)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (made,) = place.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment that holds the wheel, and sees the libraries it needs."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    scheme = "nt" if os.name == "nt" else "posix_prefix"
    variables = {"base": str(place), "platbase": str(place)}
    site = Path(sysconfig.get_path("purelib", scheme, variables))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # The libraries come from here, without whatever makes this checkout importable.
    here = Path(sysconfig.get_path("purelib"))
    for entry in here.iterdir():
        if "signals_agent" not in entry.name and entry.suffix != ".pth":
            (site / entry.name).symlink_to(entry)
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def test_the_wheel_carries_publishers_schema_and_template(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    bundled = {name for name in names if name.startswith("signals_agent/demo/publishers/")}
    source = ROOT / "fixtures" / "publishers"
    expected = {file.relative_to(source).as_posix() for file in source.rglob("*") if file.is_file()}
    assert bundled == {f"signals_agent/demo/publishers/{name}" for name in expected}
    assert "signals_agent/demo/publishers/harbour-times/site/.well-known/tdmrep.json" in names
    assert "signals_agent/schema/assessment-1.json" in names
    assert "signals_agent/cli/policy-template.toml" in names
    assert "signals_agent/py.typed" in names


def test_the_demo_runs_from_the_installed_wheel(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed, "-I", "-m", "signals_agent", "demo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "  /local-history/ferry " in done.stdout
    where = subprocess.run(
        [installed, "-I", "-c", "import signals_agent.demo.publishers as p; print(p.folder())"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed.parents[1])
