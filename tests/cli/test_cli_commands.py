"""The command line as a whole: its commands, its help, its version, its mistakes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from signals_agent.cli import app
from signals_agent.errors import MissingExtra
from signals_agent.version import TABLES, VERSION

ROOT = Path(__file__).parents[2]


def test_the_version_is_told_before_anything_is_loaded() -> None:
    script = (
        "import sys, json; sys.argv = ['signals-agent', '--version']\n"
        "from signals_agent.cli import main; main(); print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    version, modules = done.stdout.splitlines()
    assert version == f"signals-agent {VERSION} (tables {TABLES})"
    ours = {name for name in json.loads(modules) if name.startswith("signals_agent")}
    assert ours == {"signals_agent", "signals_agent.cli", "signals_agent.version"}
    assert not {"click", "pydantic", "httpx", "asyncio"} & set(json.loads(modules))


def test_the_version_is_the_same_among_other_options(run: Callable[..., Any]) -> None:
    done = run("--version", "check")
    assert (done.code, done.out) == (0, f"signals-agent {VERSION} (tables {TABLES})\n")


def test_help_loads_no_command() -> None:
    script = (
        "import sys, json; from signals_agent.cli.app import run; code = run(['--help'])\n"
        "print(json.dumps([code, sorted(sys.modules)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    *shown, last = done.stdout.splitlines()
    code, modules = json.loads(last)
    assert code == 0
    assert all(any(line.startswith(f"  {name} ") for line in shown) for name in app.COMMANDS)
    assert not {f"signals_agent.cli.{name}" for name in app.COMMANDS} & set(modules)


@pytest.mark.parametrize("name", app.COMMANDS)
def test_every_command_has_help_with_its_first_sentence(name: str, run: Callable[..., Any]) -> None:
    done = run(name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: signals-agent {name} ")
    assert (app.command(name).help or "").split("\n")[0] in " ".join(done.out.split())


@pytest.mark.parametrize("arguments", [(), ("policy",)], ids=["alone", "policy"])
def test_no_command_shows_the_help_and_is_wrong_usage(
    arguments: tuple[str, ...], run: Callable[..., Any]
) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert done.err.startswith("Usage: signals-agent")
    assert done.out == ""
    assert "Commands:" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["chekc"], "unknown command 'chekc'; did you mean 'check'?", id="a slip"),
        pytest.param(
            ["zzz"],
            "unknown command 'zzz'; accepted: check, audit, report",
            id="no command",
        ),
        pytest.param(
            ["https://example.org/"],
            "to check a URL: signals-agent check https://example.org/",
            id="a URL in place of a command",
        ),
        pytest.param(["check"], "Missing argument 'URL...'", id="nothing to check"),
        pytest.param(["check", "--tokn", "X", "https://a.example/"], "--token", id="option slip"),
        pytest.param(
            ["check", "example.org"],
            "'example.org' has no scheme; write https://example.org/",
            id="a bare host",
        ),
        pytest.param(
            ["check", "user:secret@example.org/a"],
            "'example.org/a' has no scheme; write https://example.org/a",
            id="a bare host with a password, which is not shown",
        ),
        pytest.param(
            ["check", "ftp://example.org/"], "(accepted: http://... or https://...)", id="ftp"
        ),
        pytest.param(["check", "https://"], "not an absolute URL", id="a URL without a host"),
        pytest.param(
            ["check", "--use", "train-ai", "https://a.example/"],
            "'train-ai' is an AIPREF label, not a use; the uses are: train-generative,",
            id="a label in place of a use",
        ),
        pytest.param(
            ["check", "--use", "fun", "https://a.example/"],
            "'fun' is not a use; the uses are: train-generative,",
            id="an unknown use",
        ),
        pytest.param(
            ["check", "--vocabulary", "09", "https://a.example/"],
            "unknown vocabulary '09'; accepted: cumulative, 01, 02,",
            id="an unknown draft",
        ),
        pytest.param(
            ["check", "--token", "Example Bot/1.0", "https://a.example/"],
            "is not a product token: letters, digits, '-' and '_' only",
            id="a token that is none",
        ),
        pytest.param(
            ["check", "--format", "xml", "https://a.example/"],
            "'xml' is not one of 'text', 'json', 'jsonl'",
            id="an unknown format",
        ),
        pytest.param(
            ["check", "--explain", "--format", "json", "https://a.example/"],
            "--explain is text; it cannot be combined with --format json",
            id="an explanation as JSON",
        ),
        pytest.param(
            ["check", "--policy", "none.toml", "https://a.example/"],
            "cannot read the policy none.toml",
            id="a policy that is not there",
        ),
        pytest.param(
            ["check", "--no-robots", "https://a.example/", "https://b.example/"],
            "with files exactly one URL is checked, not 2",
            id="files for two URLs",
        ),
        pytest.param(
            ["check", "--body", "none.html", "https://a.example/"],
            "cannot read none.html: No such file or directory",
            id="a file that is not there",
        ),
        pytest.param(
            ["check", "--robots", "-", "--body", "-", "https://a.example/"],
            "'-' (standard input) can be read only once",
            id="standard input read twice",
        ),
        pytest.param(
            ["check", "--site-file", "tdmrep.json", "https://a.example/"],
            "'tdmrep.json' is not PATH=FILE",
            id="a site file without a path",
        ),
        pytest.param(
            ["check", "--site-file", "tdmrep.json=x", "https://a.example/"],
            "a path of a site begins with '/'",
            id="a site file whose path is none",
        ),
        pytest.param(
            ["check", "--robots", "r", "--no-robots", "https://a.example/"],
            "--robots and --no-robots say two things; give one of them",
            id="robots.txt there and not there",
        ),
        pytest.param(
            ["check", "--timeout", "0", "https://a.example/"], "'--timeout'", id="no time at all"
        ),
        pytest.param(["check", "-"], "standard input holds no URL", id="no URL on standard input"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_is_accepted(
    arguments: list[str], said: str, run: Callable[..., Any]
) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert said in done.err
    assert done.err.count("\n") == 1
    assert done.err.startswith("signals-agent: ")
    assert "secret" not in done.err


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "-1", "1e999"])
@pytest.mark.parametrize(
    "option",
    [
        each.opts[-1]
        for each in app.command("check").params
        if isinstance(each.type, click.IntRange | click.FloatRange)
    ],
)
def test_a_number_that_is_none_or_has_no_end_is_refused(
    option: str, value: str, run: Callable[..., Any]
) -> None:
    done = run("check", option, value, "https://a.example/")
    assert (done.code, done.out) == (2, "")
    assert option in done.err
    assert done.err.count("\n") == 1


OUTPUTS = [
    pytest.param((), 2, id="alone"),
    pytest.param(("--version",), 0, id="version"),
    pytest.param(("--help",), 0, id="help"),
    pytest.param(("check", "--help"), 0, id="help of a command"),
    pytest.param(("policy", "init"), 0, id="policy init"),
    pytest.param(("policy", "check", "p.toml"), 0, id="policy check"),
    pytest.param(("policy", "check", "none.toml"), 2, id="a mistake"),
    pytest.param(("demo",), 0, id="demo"),
    pytest.param(
        ("check", "--no-robots", "--status", "503", "https://a.example/"), 3, id="undetermined"
    ),
]


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise on Windows")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(("arguments", "code"), OUTPUTS)
def test_where_nobody_reads_on_the_code_is_as_ever_and_nothing_is_said(
    arguments: tuple[str, ...], code: int, unbuffered: str, place: Path
) -> None:
    (place / "p.toml").write_text("")
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as unread:
        done = subprocess.run(
            [sys.executable, "-m", "signals_agent", *arguments],
            stdout=unread,
            stderr=subprocess.PIPE,
            check=False,
            cwd=place,
            env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered},
        )
        deaf = subprocess.run(
            [sys.executable, "-m", "signals_agent", *arguments],
            stdout=unread,
            stderr=unread,
            check=False,
            cwd=place,
            env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered},
        )
    assert (done.returncode, deaf.returncode) == (code, code)
    assert (done.stderr == b"") is (code != 2)
    assert b"Traceback" not in done.stderr
    assert b"Broken" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell closes the streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("arguments", "code"), OUTPUTS)
def test_closed_streams_are_no_fault(
    arguments: tuple[str, ...], code: int, closed: str, place: Path
) -> None:
    (place / "p.toml").write_text("")
    done = subprocess.run(
        [
            *("/bin/sh", "-c", f'exec "$@" {closed}', "sh"),
            *(sys.executable, "-m", "signals_agent", *arguments),
        ],
        capture_output=True,
        check=False,
        cwd=place,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def failing(error: BaseException) -> click.Command:
    def callback() -> None:
        raise error

    return click.Command("demo", callback=callback)


def test_a_fault_of_ours_is_70_and_says_how_to_see_more(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "command", lambda name: failing(RuntimeError("a secret")))
    done = run("demo")
    assert (done.code, done.out) == (70, "")
    assert done.err == (
        "signals-agent: a fault of ours (RuntimeError); "
        "the same with --log-level debug shows where\n"
    )


def test_the_log_level_debug_shows_where_a_fault_is(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from signals_agent.demo import table

    def broken(*_: object) -> str:
        raise RuntimeError("here")

    monkeypatch.setattr(table, "text", broken)
    done = run("demo", "--log-level", "debug")
    assert done.code == 70
    assert "in broken" in done.err
    assert "RuntimeError: here" in done.err


def test_ctrl_c_is_130(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "command", lambda name: failing(KeyboardInterrupt()))
    done = run("demo")
    assert (done.code, done.out, done.err.strip()) == (130, "", "signals-agent: interrupted")


def test_a_missing_extra_is_one_sentence(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = MissingExtra("WARC files need the extra: pip install 'signals-agent[warc]'")
    monkeypatch.setattr(app, "command", lambda name: failing(missing))
    done = run("demo")
    assert (done.code, done.err) == (2, f"signals-agent: {missing}\n")


def test_a_terminal_without_the_characters_is_no_fault(
    program: Callable[..., Any], place: Path
) -> None:
    (place / "body.html").write_bytes("<title>Ĺodź</title>".encode())
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from signals_agent.cli import main; main()",
            *("check", "--explain", "--no-robots", "--body", "body.html", "https://a.example/"),
        ],
        capture_output=True,
        check=False,
        cwd=place,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0
    assert b"\\u251c" in done.stdout


def test_the_demo_is_shown_as_text_and_as_json(run: Callable[..., Any]) -> None:
    done = run("demo", "--color", "always")
    assert (done.code, done.err) == (0, "")
    assert "\x1b[" in done.out
    assert "/local-history/ferry" in done.out
    done = run("demo", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["schema"] == "signals-agent/demo/1"


def test_main_hands_its_arguments_on_and_exits_with_the_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from signals_agent.cli import main

    monkeypatch.setattr(sys, "argv", ["signals-agent", "policy", "init"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("# A policy of signals-agent")
    monkeypatch.setattr(sys, "argv", ["signals-agent", "--version"])
    main()
    assert capsys.readouterr().out == f"signals-agent {VERSION} (tables {TABLES})\n"


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "signals_agent", "nothing"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("signals-agent: unknown command 'nothing'")
