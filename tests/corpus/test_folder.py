"""A folder of outputs: whole or not at all, and nothing of a person's lost."""

import subprocess
from pathlib import Path

import pytest

from signals_agent.corpus import folder
from signals_agent.errors import ConfigError


def _write(path: Path, **files: str) -> None:
    with folder.written(path) as made:
        for name, text in files.items():
            made.write(name.replace("__", "/"), [text[:1], text[1:]])


def _files(path: Path) -> dict[str, str]:
    return {
        str(each.relative_to(path)): each.read_text()
        for each in sorted(path.rglob("*"))
        if each.is_file()
    }


def test_the_sums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    """An auditor needs no tool of ours."""
    _write(tmp_path / "out", a="hello", sets__b="frögs")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=tmp_path / "out",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(_files(tmp_path / "out")) == ["SHA256SUMS", "a", "sets/b"]


def test_nothing_is_seen_where_it_fails(tmp_path: Path) -> None:
    """An earlier folder stays as it was; a new one is not made."""

    def failing() -> None:
        with folder.written(tmp_path / "out") as made:
            made.write("a", ["new"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert not (tmp_path / "out").exists()
    _write(tmp_path / "out", a="old")
    before = _files(tmp_path / "out")
    with pytest.raises(RuntimeError):
        failing()
    assert _files(tmp_path / "out") == before


def test_stale_files_go_and_those_of_a_person_stay(tmp_path: Path) -> None:
    """Only what an earlier run wrote, and nobody changed since, is taken away."""
    out = tmp_path / "out"
    _write(out, a="1", sets__old="2", sets__mine="3")
    (out / "sets" / "mine").write_text("changed by hand")
    (out / "notes.txt").write_text("a person's")
    _write(out, a="4")
    assert _files(out).keys() == {"SHA256SUMS", "a", "sets/mine", "notes.txt"}
    assert (out / "a").read_text() == "4"


def test_sums_that_somebody_forged_take_nothing_away_elsewhere(tmp_path: Path) -> None:
    """A name that leads out of the folder is passed over."""
    out = tmp_path / "out"
    victim = tmp_path / "victim"
    victim.write_text("1")
    _write(out, a="1")
    sums = (out / "SHA256SUMS").read_text()
    (out / "SHA256SUMS").write_text(sums.replace("  a\n", "  ../victim\n"))
    _write(out, b="2")
    assert victim.exists()


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    """In one sentence, and the file is left alone."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ConfigError, match="is no folder"):
        _write(tmp_path / "file", a="1")
    with pytest.raises(ConfigError, match="cannot write"):
        _write(tmp_path / "file" / "below", a="1")
    assert (tmp_path / "file").read_text() == "mine"
