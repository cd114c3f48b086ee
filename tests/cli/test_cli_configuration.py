"""Options that stand in a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from signals_agent.cli import app, configuration

CHECK = ("check", "--no-robots", "--body", "-", "https://a.example/")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param("signals-agent.toml", 'token = "FileBot"\n', id="a file of our own"),
        pytest.param("pyproject.toml", '[tool.signals-agent]\ntoken = "FileBot"\n', id="pyproject"),
        pytest.param(
            "signals-agent.toml",
            'token = "Other"\n[check]\ntoken = "FileBot"\n',
            id="a table of the command goes before the top",
        ),
        pytest.param("../signals-agent.toml", 'token = "FileBot"\n', id="a directory above"),
    ],
)
def test_an_option_may_stand_in_a_file(
    file: str, text: str, run: Callable[..., Any], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = place / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    (inner / file).write_text(text)
    done = run(*CHECK, "--format", "jsonl")
    assert json.loads(done.out)["tokens"] == ["FileBot"]
    done = run(*CHECK, "--format", "jsonl", "--token", "LineBot")
    assert json.loads(done.out)["tokens"] == ["LineBot"]


def test_the_nearest_file_counts_and_our_own_before_pyproject(
    run: Callable[..., Any], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "signals-agent.toml").write_text('token = "Far"\n')
    inner = place / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    (inner / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert json.loads(run(*CHECK, "--format", "jsonl").out)["tokens"] == ["Far"]
    (inner / "pyproject.toml").write_text("[tool.signals-agent]\ntoken = 'Near'\n")
    assert json.loads(run(*CHECK, "--format", "jsonl").out)["tokens"] == ["Near"]
    (inner / "signals-agent.toml").write_text("token = 'Own'\n")
    assert json.loads(run(*CHECK, "--format", "jsonl").out)["tokens"] == ["Own"]


def test_lists_flags_numbers_and_paths(run: Callable[..., Any], place: Path) -> None:
    (place / "policies").mkdir()
    (place / "policies" / "lab.toml").write_text('name = "lab"\n')
    (place / "policies" / "signals-agent.toml").write_text("")
    (place / "signals-agent.toml").write_text(
        'use = ["search", "train-other"]\nquiet = true\ntimeout = 5\npolicy = "policies/lab.toml"\n'
    )
    result = json.loads(run(*CHECK, "--format", "jsonl").out)
    assert result["verdict"]["uses"] == ["search", "train-other"]
    assert result["verdict"]["policy"]["name"] == "lab"


def test_a_path_is_relative_to_the_file_that_names_it(
    run: Callable[..., Any], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "lab.toml").write_text('name = "lab"\n')
    (place / "signals-agent.toml").write_text('policy = "lab.toml"\n')
    inner = place / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    result = json.loads(run(*CHECK, "--format", "jsonl").out)
    assert result["verdict"]["policy"]["name"] == "lab"


def test_so_is_every_other_path(
    run: Callable[..., Any], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "page").write_bytes(b"<title>x</title>")
    (place / "head").write_bytes(b"HTTP/1.1 200 OK\nContent-Type: text/html\n")
    (place / "robots").write_bytes(b"User-agent: *\nDisallow: /\n")
    (place / "tdm").write_bytes(b"[]")
    (place / "signals-agent.toml").write_text(
        'body = "page"\nheaders = "head"\nrobots = "robots"\n'
        'site-file = ["/.well-known/tdmrep.json=tdm"]\nformat = "jsonl"\n'
    )
    inner = place / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    done = run("check", "https://a.example/")
    assert done.err == ""
    assert {each["availability"] for each in json.loads(done.out)["coverage"]} == {"present"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('tokn = "X"', "unknown key 'tokn'; did you mean 'token'?", id="a slip"),
        pytest.param(
            "[check]\nusee = []", "unknown key 'check.usee'; did you mean 'use'?", id="inner"
        ),
        pytest.param("max_ratio = 3", "did you mean 'max-ratio'?", id="an underscore"),
        pytest.param("[chek]\nuse = []", "unknown key 'chek'; did you mean 'check'?", id="a table"),
        pytest.param(
            "zzzz = 1", "unknown key 'zzzz'; accepted: acquired-by, across-runs", id="far"
        ),
        pytest.param("version = true", "unknown key 'version'", id="an option that is none here"),
        pytest.param("check = 1", "'check' is a table of options: [check]", id="no table"),
        pytest.param("demo = 1", "'demo' is a table of options: [demo]", id="another's, no table"),
        pytest.param('quiet = "yes"', "quiet: true or false is accepted, not 'yes'", id="a flag"),
        pytest.param("token = ['A']", "token: text in quotes is accepted, not a list", id="list"),
        pytest.param("token = true", "token: text in quotes is accepted, not true", id="boolean"),
        pytest.param("token = 5", "token: text in quotes is accepted, not the number 5", id="5"),
        pytest.param(
            "policy = 5", "policy: text in quotes is accepted, not the number 5", id="a policy"
        ),
        pytest.param(
            "[check]\nvocabulary = 8",
            "vocabulary: text in quotes is accepted, not the number 8",
            id="a draft without quotes",
        ),
        pytest.param(
            "use = [5]", "use: text in quotes is accepted, not the number 5", id="in list"
        ),
        pytest.param("policy = {a = 1}", "not a table or a date", id="a table for a text"),
        pytest.param(
            "max-redirects = 1.5", "a whole number is accepted, not the number 1.5", id="half"
        ),
        pytest.param("timeout = nan", "timeout: nan is not a finite number", id="no number"),
        pytest.param("host-delay = inf", "host-delay: inf is not a finite number", id="no end"),
        pytest.param("timeout = [5]", "timeout: a number is accepted, not a list", id="numbers"),
        pytest.param('timeout = "soon"', "timeout: 'soon' is not a valid float range", id="number"),
        pytest.param('depth = "deep"', "depth: 'deep' is not one of", id="a choice"),
        pytest.param('use = ["train-ai"]', "is an AIPREF label, not a use", id="a label"),
        pytest.param("token = ", "cannot read", id="no TOML"),
    ],
)
def test_a_mistake_in_the_file_is_one_line_with_its_key(
    text: str, said: str, run: Callable[..., Any], place: Path
) -> None:
    (place / "signals-agent.toml").write_text(text)
    done = run(*CHECK)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_help_is_there_also_when_the_file_is_broken(run: Callable[..., Any], place: Path) -> None:
    (place / "signals-agent.toml").write_text("broken")
    assert run("check", "--help").code == 0
    assert run("check", "https://a.example/").code == 2


def test_another_commands_key_is_no_mistake(run: Callable[..., Any], place: Path) -> None:
    (place / "signals-agent.toml").write_text('token = "X"\n[check]\ndepth = "head"\n')
    found = configuration.find(place)
    assert found is not None
    assert configuration.values(found, "demo", app.command("demo")) == {}
