"""The package as it is shipped: what it promises, what it carries, what it leaves out."""

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import signals_agent
from signals_agent.version import TABLES, VERSION

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "signals_agent"

PROMISED = {
    "ABSENT",
    "Agent",
    "Assessment",
    "Availability",
    "Capture",
    "ClosedAgent",
    "ConfigError",
    "Decision",
    "EvidenceError",
    "InvalidURL",
    "Ledger",
    "Limits",
    "MissingExtra",
    "NOT_LOOKED",
    "ObligationKind",
    "Permit",
    "PermitAnswer",
    "Policy",
    "PolicyError",
    "Preference",
    "ReasonCode",
    "Refused",
    "SignalsAgentError",
    "StoreError",
    "UNREACHABLE",
    "UnknownUse",
    "UnknownVocabulary",
    "UsageError",
    "Use",
    "assess",
    "permit",
}


def loaded_by(statement: str) -> set[str]:
    """The modules that a statement brings into a fresh interpreter."""
    # What measures coverage, where it does, is there before the statement.
    return modules_after(statement) - modules_after("")


def modules_after(statement: str) -> set[str]:
    script = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(json.loads(done.stdout))


def files() -> list[Path]:
    """Every file of the project that is, or would be, under version control."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True,
            check=True,
            cwd=ROOT,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the files of the project are known only in a git checkout")
    return [path for name in listed.decode().split("\0") if (path := ROOT / name).is_file()]


def test_exactly_what_is_promised_is_public() -> None:
    assert set(signals_agent.__all__) == PROMISED
    assert len(signals_agent.__all__) == len(PROMISED)


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_a_promised_name_is_there(name: str) -> None:
    assert getattr(signals_agent, name) is not None
    assert name in dir(signals_agent)


def test_a_name_that_is_not_promised_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'asess'"):
        _ = signals_agent.asess


def test_importing_the_package_loads_none_of_it() -> None:
    loaded = loaded_by("import signals_agent")
    assert {name for name in loaded if name.startswith("signals_agent.")} == set()
    assert loaded & {"pydantic", "httpx", "aiohttp", "click", "selectolax", "asyncio"} == set()


def test_assessing_loads_no_network_and_no_command_line() -> None:
    loaded = loaded_by("from signals_agent import assess")
    assert "signals_agent.pipeline" in loaded
    assert loaded & {"httpx", "aiohttp", "httpx_aiohttp", "tenacity", "click", "sqlite3"} == set()


def test_the_version_has_one_source() -> None:
    assert importlib.metadata.version("signals-agent") == VERSION
    assert signals_agent.__version__ == VERSION
    assert re.fullmatch(r"\d{4}\.\d{2}", TABLES)


def test_every_lower_bound_is_locked_and_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bounds = dict(each.split(">=") for each in project["dependencies"])
    lines = (ROOT / "requirements" / "lowest.txt").read_text("utf-8").splitlines()
    locked = dict(line.split("==") for line in lines if "==" in line)
    assert {name: locked.get(name) for name in bounds} == bounds


@pytest.mark.parametrize("name", ["test", "demo", "build", "lowest"])
def test_a_lock_holds_names_and_versions_only(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
    odd = [
        line
        for line in lines
        if not re.fullmatch(r"(#.*|[a-z0-9]+(-[a-z0-9]+)*==[A-Za-z0-9.]+( *; .+)?)?", line)
    ]
    assert odd == []


def test_what_runs_is_what_is_tested() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
        return {line for line in lines if "==" in line}

    assert pins("demo") | pins("build") <= pins("test")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_the_wheel_carries_its_types_its_schema_and_the_example_publishers(
    wheel: zipfile.ZipFile,
) -> None:
    names = set(wheel.namelist())
    assert "signals_agent/py.typed" in names
    assert "signals_agent/schema/assessment-1.json" in names
    publishers = {
        path.relative_to(ROOT / "fixtures").as_posix()
        for path in (ROOT / "fixtures" / "publishers").rglob("*")
        if path.is_file()
    }
    assert publishers
    assert {f"signals_agent/demo/{name}" for name in publishers} <= names


def test_the_wheel_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"signals_agent", f"signals_agent-{VERSION}.dist-info"}
    assert [name for name in wheel.namelist() if "__pycache__" in name] == []


# The strings are put together here, so that this file does not hold them itself.
FORBIDDEN = {
    "a path of one machine": "|".join(
        re.escape("/" + top + "/")
        for top in ("work/main", "work/tmp", "work/shared", "root", "home", "opt")
    ),
    "the host of a package registry": "|".join(
        re.escape(".".join(parts))
        for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    pattern = re.compile(rf"(?<![\w.]){FORBIDDEN[what]}".encode())
    found = [path.relative_to(ROOT) for path in files() if pattern.search(path.read_bytes())]
    assert found == []


def test_package_code_does_not_know_what_lies_beside_the_checkout() -> None:
    beside = ".." + "/shared"
    found = [path.name for path in PACKAGE.rglob("*.py") if beside in path.read_text("utf-8")]
    assert found == []


def test_every_module_begins_with_what_it_knows() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not path.read_text("utf-8").lstrip().startswith(('"""', 'r"""'))
    ]
    assert silent == []
