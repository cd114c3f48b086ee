"""``check --cite``: the credit line and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

URL = "https://fenwiki.example/rain"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"
PAGE = (
    '<!doctype html><title>Rainfall</title><meta name="author" content="Ada Fen">'
    f'<link rel="license" href="{BY_SA}">'
)
LINE = f"[Rainfall](<{URL}>), by Ada Fen, in fenwiki.example, [CC BY-SA 4.0](<{BY_SA}>)"


@pytest.fixture
def cite(run: Callable[..., Any], place: Path) -> Callable[..., Any]:
    """Runs ``check --cite`` on a page of these octets, offline."""

    def call(style: str, *options: str, body: str = PAGE, headers: str = "") -> Any:
        (place / "body").write_text(body)
        (place / "headers").write_text(f"HTTP/1.1 200 OK\nContent-Type: text/html\n{headers}\n")
        files = ("--body", "body", "--headers", "headers", "--no-robots")
        return run("check", "--cite", style, *files, *options, URL)

    return call


def test_only_the_line_is_printed(cite: Callable[..., Any]) -> None:
    done = cite("markdown")
    assert (done.code, done.out, done.err) == (0, LINE + "\n", "")


def test_with_what_was_changed(cite: Callable[..., Any]) -> None:
    assert cite("markdown", "--changes", "filtered").out == f"{LINE}. Changes: filtered.\n"


@pytest.mark.parametrize(
    ("style", "start"),
    [
        ("markdown", "[Rainfall]("),
        ("html", '<a href="'),
        ("text", "\u201cRainfall\u201d, by Ada Fen"),
        ("bibtex", "@misc{fenwiki-example-rain-f59391e1,\n"),
    ],
)
def test_each_style_ends_with_one_line_break(
    style: str, start: str, cite: Callable[..., Any]
) -> None:
    out = cite(style).out
    assert out.startswith(start)
    assert out.endswith("\n")
    assert not out.endswith("\n\n")


@pytest.mark.parametrize(
    ("headers", "options", "code"),
    [
        ("Content-Usage: train-ai=n\n", ("--use", "train-generative"), 1),
        ("Content-Usage: train-ai=n\n", (), 0),
        ("", ("--status", "503"), 3),
    ],
    ids=["a skip", "no use is asked after", "not found out"],
)
def test_the_exit_code_is_that_of_the_check(
    headers: str, options: tuple[str, ...], code: int, cite: Callable[..., Any]
) -> None:
    done = cite("text", *options, headers=headers)
    assert done.code == code
    assert len(done.out.splitlines()) == 1


@pytest.mark.parametrize("activity", ["redistribute-modified", "publish-adapted-samples"])
def test_a_licence_that_asks_what_was_changed_is_told_of(
    activity: str, cite: Callable[..., Any], place: Path
) -> None:
    (place / "lab.toml").write_text(f'activities = ["{activity}"]\n')
    done = cite("markdown", "--policy", "lab.toml")
    assert done.out == LINE + "\n"
    assert done.err == (
        f"signals-agent: {activity} is planned, and under CC BY-SA 4.0 you say what you changed: "
        "--changes 'filtered and de-duplicated'\n"
    )


@pytest.mark.parametrize(
    ("activity", "options", "body"),
    [
        ("redistribute-modified", ("--changes", "filtered"), PAGE),
        ("redistribute-modified", ("--quiet",), PAGE),
        ("mirror", (), PAGE),
        ("release-weights", (), PAGE),
        ("redistribute-modified", (), "<title>No licence</title>"),
        (
            "redistribute-modified",
            (),
            '<link rel=license href="https://creativecommons.org/publicdomain/zero/1.0/">',
        ),
    ],
    ids=[
        "it is said",
        "nothing is to be said",
        "nothing is changed",
        "weights are not the page",
        "no licence",
        "a licence that asks for nothing",
    ],
)
def test_else_standard_error_is_silent(
    activity: str, options: tuple[str, ...], body: str, cite: Callable[..., Any], place: Path
) -> None:
    (place / "lab.toml").write_text(f'activities = ["{activity}"]\n')
    assert cite("markdown", "--policy", "lab.toml", *options, body=body).err == ""


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--cite", "text", "--format", "json"), "--cite prints credit lines; it cannot be"),
        (("--cite", "text", "--format", "jsonl"), "it cannot be combined with --format jsonl"),
        (("--cite", "text", "--explain"), "it cannot be combined with --explain"),
        (("--changes", "filtered"), "--changes is for credit lines; it goes with --cite"),
        (("--cite", "apa"), "'apa' is not one of 'markdown', 'html', 'text', 'bibtex'"),
    ],
    ids=["JSON", "lines of JSON", "the tree", "changes of nothing", "a style that is none"],
)
def test_what_does_not_go_together_is_refused(
    options: tuple[str, ...], sentence: str, run: Callable[..., Any], place: Path
) -> None:
    (place / "body").write_text(PAGE)
    done = run("check", *options, "--body", "body", URL)
    assert (done.code, done.out) == (2, "")
    assert sentence in " ".join(done.err.split())


def test_entries_of_several_pages_stand_apart(run: Callable[..., Any]) -> None:
    urls = b"http://127.0.0.1:9/a\nhttp://127.0.0.1:9/b\n"
    done = run("check", "--cite", "bibtex", "--quiet", "-", stdin=urls)
    first, between, second = done.out.partition("}\n\n@misc{")
    assert first.startswith("@misc{127-0-0-1-9-a-")
    assert between
    assert second.startswith("127-0-0-1-9-b-")
    assert done.out.count("@misc{") == 2
    assert done.code == 3


def test_names_of_publishers_write_on_no_terminal(cite: Callable[..., Any]) -> None:
    done = cite("text", body="<title>\x1b]0;owned\x07 \u202eevil</title>")
    assert "\\e]0;owned\\x07 \\u{202e}evil" in done.out
    assert done.out.rstrip("\n").isprintable()
