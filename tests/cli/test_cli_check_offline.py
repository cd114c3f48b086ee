"""``check`` on files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from signals_agent.cli.offline import header_section
from signals_agent.errors import ConfigError

URL = "https://library.example/ferry"
HTML = b"<!doctype html><title>The ferry</title><p>Sideways."
STRICT = 'preset = "strict"\nuses = ["train-generative"]\n'


@pytest.fixture
def offline(run: Callable[..., Any], place: Path) -> Callable[..., Any]:
    """Runs ``check`` on a page with these header lines, on a site that is otherwise silent."""

    def call(headers: str, *options: str, body: bytes = HTML, robots: str = "--no-robots") -> Any:
        section = f"HTTP/1.1 200 OK\nContent-Type: text/html\n{headers}\n"
        (place / "headers").write_bytes(section.encode())
        (place / "body").write_bytes(body)
        (place / "strict.toml").write_text(STRICT)
        files = ["--headers", "headers", "--body", "body"]
        return run("check", *files, *([robots] if robots else []), *options, URL)

    return call


USE = ("--use", "train-generative")


@pytest.mark.parametrize(
    ("headers", "options", "code"),
    [
        pytest.param("", USE, 0, id="silence is ingested"),
        pytest.param("", (), 0, id="silence without a use"),
        pytest.param("Content-Usage: train-ai=y", USE, 0, id="a yes"),
        pytest.param("Content-Usage: train-ai=n", USE, 1, id="a no is a skip"),
        pytest.param("Content-Usage: train-ai=n", (), 0, id="without a use a no is found out"),
        pytest.param("Content-Usage: train-ai=n", ("--use", "search"), 0, id="a no to another use"),
        pytest.param("Content-Usage: train-ai=n;exceptions=cc-cr", USE, 1, id="a hold for unmet"),
        pytest.param("Content-Usage: ask me!", USE, 1, id="a hold for unreadable"),
        pytest.param("", ("--policy", "strict.toml"), 1, id="a hold because nobody spoke"),
        pytest.param("", (*USE, "--status", "404"), 1, id="no asset is a skip"),
        pytest.param("", ("--status", "404"), 0, id="no asset is found out"),
        pytest.param("", (*USE, "--status", "503"), 3, id="an asset that was unreachable"),
        pytest.param("", ("--status", "503"), 3, id="the same without a use"),
    ],
)
def test_the_exit_code(
    headers: str, options: tuple[str, ...], code: int, offline: Callable[..., Any]
) -> None:
    assert offline(headers, *options).code == code


@pytest.mark.parametrize("options", [USE, ()], ids=["with a use", "without a use"])
def test_robots_txt_that_was_not_looked_at_is_3_and_never_ingest(
    options: tuple[str, ...], offline: Callable[..., Any]
) -> None:
    done = offline("Content-Usage: train-ai=y", *options, "--format", "json", robots="")
    assert done.code == 3
    uses = json.loads(done.out)["results"][0]["uses"]
    assert "ingest" not in {answer["decision"] for answer in uses.values()}


def test_a_cc_signal_is_held_naming_both_elements_as_unmet(offline: Callable[..., Any]) -> None:
    done = offline("Content-Usage: train-genai=n;exceptions=cc-cr-ec", *USE)
    assert done.code == 1
    assert done.out.startswith(f"HOLD  {URL}\n")
    assert (
        "not committed to: credit to library.example, ecosystem-contribution to library.example"
        in " ".join(done.out.split())
    )
    assert "a plain AIPREF recipient reads: unknown" in done.out


def test_with_commitments_to_both_it_is_ingested_carrying_both(
    offline: Callable[..., Any], place: Path
) -> None:
    (place / "lab.toml").write_text(
        '[[commitment]]\nkind = "credit"\nevidence = "https://lab.example/card"\n'
        '[[commitment]]\nkind = "ecosystem-contribution"\nevidence = "https://lab.example/gift"\n'
    )
    done = offline(
        "Content-Usage: train-genai=n;exceptions=cc-cr-ec",
        *USE,
        *("--policy", "lab.toml", "--format", "json"),
    )
    assert done.code == 0
    (result,) = json.loads(done.out)["results"]
    assert result["verdict"]["decision"] == "ingest"
    kinds = {due["id"]: due["kind"] for due in result["obligations"]}
    carried = {kinds[each] for each in result["verdict"]["obligations"]}
    assert {"credit", "ecosystem-contribution"} <= carried
    assert result["verdict"]["policy"]["name"] == "lab.toml"


def test_robots_txt_and_site_files_are_read(run: Callable[..., Any], place: Path) -> None:
    (place / "robots.txt").write_bytes(b"User-agent: *\nContent-Usage: / train-ai=n\nAllow: /\n")
    (place / "tdm=rep.json").write_bytes(b'[{"location": "/", "tdm-reservation": 1}]')
    (place / "body").write_bytes(HTML)
    done = run(
        "check",
        *("--body", "body", "--robots", "robots.txt"),
        *("--site-file", "/.well-known/tdmrep.json=tdm"),
        URL,
    )
    assert done.code == 2
    (place / "tdm").write_bytes((place / "tdm=rep.json").read_bytes())
    done = run(
        "check",
        *("--body", "body", "--robots", "robots.txt", "--format", "jsonl"),
        *("--site-file", "/.well-known/tdmrep.json=tdm"),
        URL,
    )
    result = json.loads(done.out)
    assert {each["family"] for each in result["declarations"]} == {"aipref", "tdmrep"}
    assert result["uses"]["other-analysis"]["preference"] == "disallow"


def test_a_missing_site_file_can_be_said(offline: Callable[..., Any]) -> None:
    def coverage(*options: str) -> dict[str, str]:
        (result,) = json.loads(offline("", *options, "--format", "json").out)["results"]
        return {each["source"]: each["availability"] for each in result["coverage"]}

    path = "/.well-known/tdmrep.json"
    assert coverage()[f"https://library.example{path}"] == "not-looked"
    assert coverage("--no-site-file", path)[f"https://library.example{path}"] == "absent"


def test_the_body_may_come_from_standard_input(run: Callable[..., Any]) -> None:
    page = b'<!doctype html><meta name="content-usage" content="train-ai=n"><p>x'
    done = run("check", "--no-robots", "--body", "-", *USE, URL, stdin=page)
    assert done.code == 1
    assert done.out.startswith("SKIP")


def result_of(done: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_what_is_over_a_cap_is_cut_as_a_fetch_would_cut_it(offline: Callable[..., Any]) -> None:
    page = b"<!doctype html><title>x</title><p>" + b"x" * 500
    page += b"<meta name=content-usage content='train-ai=n'>"

    def seen(*options: str) -> tuple[int, str]:
        result = result_of(offline("", "--format", "jsonl", *options, body=page))
        (length,) = [each["bytes"] for each in result["captures"] if each["role"] == "asset"]
        return length, result["uses"]["train-other"]["decision"]

    assert seen()[0] == len(page)
    assert seen("--max-body-bytes", "100") == (100, "hold")
    result = result_of(offline("X-A: b", "--format", "jsonl", "--max-header-bytes", "10"))
    sources = {each["source"]: each["availability"] for each in result["coverage"]}
    assert sources[URL] == "unreadable"


def test_a_site_file_over_its_cap_is_unreadable(offline: Callable[..., Any], place: Path) -> None:
    (place / "tdm").write_bytes(b"[" + b" " * 1024 * 1024 + b"]")
    path = "/.well-known/tdmrep.json"
    result = result_of(offline("", "--site-file", f"{path}=tdm", "--format", "jsonl"))
    sources = {each["source"]: each["availability"] for each in result["coverage"]}
    assert sources[f"https://library.example{path}"] == "unreadable"


@pytest.mark.parametrize(
    "option",
    [
        ("--proxy", "http://127.0.0.1:9"),
        ("--ca-bundle", "none.pem"),
        ("--host-delay", "1"),
        ("--timeout", "5"),
        ("--allow-private",),
    ],
    ids=" ".join,
)
def test_options_on_fetching_are_refused_with_files_unless_they_stand_in_the_configuration(
    option: tuple[str, ...], offline: Callable[..., Any], place: Path
) -> None:
    done = offline("", *option)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"signals-agent: {option[0]} is about fetching; with files nothing is fetched\n"
    )
    (place / "signals-agent.toml").write_text(
        'proxy = "http://127.0.0.1:9"\nca-bundle = "none.pem"\nhost-delay = 1\n'
        "timeout = 5\nallow-private = true\n"
    )
    assert offline("").code == 0


def test_only_robots_txt_leaves_the_asset_not_looked_at(
    run: Callable[..., Any], place: Path
) -> None:
    (place / "robots.txt").write_bytes(b"User-agent: *\nDisallow: /\n")
    done = run("check", "--robots", "robots.txt", "--format", "json", *USE, URL)
    (result,) = json.loads(done.out)["results"]
    assert (done.code, result["access"]["answer"]) == (1, "disallowed")
    sources = {each["source"]: each["availability"] for each in result["coverage"]}
    assert sources[URL] == "not-looked"


def test_an_explanation_underlines_the_expression(offline: Callable[..., Any]) -> None:
    done = offline("Content-Usage: train-ai=n;exceptions=cc-cr", "--explain")
    lines = done.out.splitlines()
    marked = next(number for number, line in enumerate(lines) if "^^^" in line)
    start = lines[marked].index("^")
    length = lines[marked].count("^")
    assert lines[marked - 1][start : start + length] == "train-ai=n;exceptions=cc-cr"
    assert "by rule R7\n" in done.out
    assert "docs/" not in done.out


def test_the_policy_names_our_tokens_unless_the_command_line_does(
    offline: Callable[..., Any], place: Path
) -> None:
    (place / "lab.toml").write_text('tokens = ["LabBot", "LabBot-News"]\n')

    def tokens(*options: str) -> list[str]:
        done = offline("", "--policy", "lab.toml", "--format", "jsonl", *options)
        found: list[str] = json.loads(done.out)["tokens"]
        return found

    assert tokens() == ["LabBot", "LabBot-News"]
    assert tokens("--token", "OtherBot") == ["OtherBot"]


def test_a_policy_may_come_from_standard_input(offline: Callable[..., Any]) -> None:
    # Standard input is empty here: an empty policy is the preset standard, for every use.
    done = offline("", "--policy", "-", "--format", "jsonl")
    assert json.loads(done.out)["verdict"]["policy"]["name"] == "standard input"


@pytest.mark.parametrize(
    ("octets", "status", "lines"),
    [
        pytest.param(b"", None, (), id="an empty file"),
        pytest.param(
            b"HTTP/1.1 404 Not Found\r\nA: 1\r\n\r\n", 404, ((b"A", b"1"),), id="CRLF and a status"
        ),
        pytest.param(b"HTTP/2 200\nA: 1", 200, ((b"A", b"1"),), id="HTTP/2 without a phrase"),
        pytest.param(b"A: 1\nA: 2\n", None, ((b"A", b"1"), (b"A", b"2")), id="LF, repeated"),
        pytest.param(b"A: 1,\r\n\t2\r\n", None, ((b"A", b"1, 2"),), id="a folded line"),
        pytest.param(b"A :  1 \t\n", None, ((b"A", b"1"),), id="blanks round name and value"),
        pytest.param(b"A:\xff\x00\n", None, ((b"A", b"\xff\x00"),), id="octets that are no text"),
        pytest.param(
            b"HTTP/1.1 301 Moved\nA: 1\n\nHTTP/1.1 200 OK\nB: 2\n\n",
            200,
            ((b"B", b"2"),),
            id="of two sections the last",
        ),
    ],
)
def test_a_header_file(
    octets: bytes, status: int | None, lines: tuple[tuple[bytes, bytes], ...]
) -> None:
    assert header_section(octets, "headers") == (status, lines)


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        pytest.param(
            b"A: 1\nno colon\n", "headers: line 2 is not a header field line", id="no colon"
        ),
        pytest.param(b"<html>: x\n", "line 1 is not a header field line", id="HTML"),
        pytest.param(b" A: 1\n", "line 1 is not a header field line", id="folded from nothing"),
        pytest.param(b"A: 1\n\n<p>", "give the body as --body FILE", id="a body after the section"),
    ],
)
def test_a_header_file_that_is_none(octets: bytes, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        header_section(octets, "headers")
