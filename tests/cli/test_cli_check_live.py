"""``check`` on live sites, here the bundled publishers on loopback."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from signals_agent.cli import live
from signals_agent.demo.publishers import load
from signals_agent.demo.server import Servers

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def origins() -> Iterator[dict[str, str]]:
    """The loopback origin of every bundled publisher, served in a thread."""
    ready, done = threading.Event(), threading.Event()
    found: dict[str, str] = {}

    async def serve() -> None:
        async with Servers(load()) as servers:
            found.update(servers.origins)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield found
    done.set()
    thread.join()


LIVE = ("check", "--allow-private", "--token", "ExampleBot", "--max-retry-after", "0")


def test_a_cc_signal_in_a_header_is_held_with_both_elements_unmet(
    run: Callable[..., Any], origins: dict[str, str]
) -> None:
    url = origins["wrenfield-library"] + "/local-history/ferry"
    done = run(*LIVE, "--use", "train-generative", "--format", "json", url)
    assert (done.code, done.err) == (1, "")
    (result,) = json.loads(done.out)["results"]
    answer = result["uses"]["train-generative"]
    assert (answer["preference"], answer["literal"]) == ("conditional", "unknown")
    kinds = {due["id"]: due["kind"] for due in result["obligations"]}
    assert [kinds[each] for each in result["verdict"]["unmet"]] == [
        "credit",
        "ecosystem-contribution",
    ]


def test_answers_come_in_the_order_of_the_input(
    run: Callable[..., Any], origins: dict[str, str]
) -> None:
    paths = ["/wiki/heron", "/", "/talk/heron", "/wiki/heron"]
    urls = [origins["fenwiki"] + path for path in paths]
    done = run(*LIVE, "--format", "jsonl", "-", stdin="\r\n".join(["", *urls, ""]).encode())
    assert [json.loads(line)["url"] for line in done.out.splitlines()] == urls
    assert done.code == 0


def test_a_site_that_answers_nothing_is_3_and_never_ingest(
    run: Callable[..., Any], origins: dict[str, str]
) -> None:
    for name, path in (("cold-kettle", "/"), ("loose-wire", "/schedule")):
        for use in ((), ("--use", "search")):
            done = run(*LIVE, *use, "--format", "jsonl", origins[name] + path)
            assert done.code == 3
            decisions = {each["decision"] for each in json.loads(done.out)["uses"].values()}
            assert "ingest" not in decisions


def test_a_finding_goes_before_what_could_not_be_found_out(
    run: Callable[..., Any], origins: dict[str, str]
) -> None:
    urls = [origins["cold-kettle"] + "/", origins["fenwiki"] + "/talk/heron"]
    done = run(*LIVE, "--use", "train-other", *urls)
    assert done.code == 1
    assert done.out.endswith("\n2 URLs: 1 hold, 1 skip.\n")


def test_a_private_address_is_asked_only_when_allowed(
    run: Callable[..., Any], origins: dict[str, str]
) -> None:
    url = origins["wrenfield-library"] + "/"
    assert run("check", "--token", "X", url).code == 3
    assert run("check", "--token", "X", "--allow-private", url).code == 0


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        pytest.param((), True, id="on the default token"),
        pytest.param(("-q",), False, id="quiet"),
        pytest.param(("--token", "MyBot"), False, id="with a token"),
        pytest.param(("--policy", "lab.toml"), False, id="with the policy's token"),
    ],
)
def test_a_live_run_on_the_default_token_warns(
    options: tuple[str, ...],
    warned: bool,
    run: Callable[..., Any],
    place: Path,
    origins: dict[str, str],
) -> None:
    (place / "lab.toml").write_text('tokens = ["LabBot"]\n')
    done = run("check", "--allow-private", *options, origins["wrenfield-library"] + "/")
    assert done.code == 0
    assert done.err == (
        "signals-agent: fetching as SignalsAgent; say who you are: "
        "--token YourBot --contact https://...\n"
        if warned
        else ""
    )


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--proxy", "http://u:secret@", "a proxy is an http URL: http://HOST:PORT"),
        ("--proxy", "ftp://u:secret@a.example", "a proxy is an http URL: http://HOST:PORT"),
        ("--ca-bundle", "none.pem", "cannot read the certificates in none.pem"),
    ],
)
def test_a_bad_way_out_is_the_only_line(
    option: str, value: str, said: str, run: Callable[..., Any]
) -> None:
    done = run("check", option, value, "http://127.0.0.1:9/")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"signals-agent: {said}")
    assert done.err.count("\n") == 1
    assert "secret" not in done.err


def test_urls_may_begin_with_a_byte_order_mark(
    run: Callable[..., Any], origins: dict[str, str]
) -> None:
    url = origins["fenwiki"] + "/"
    done = run(*LIVE, "--format", "jsonl", "-", stdin=b"\xef\xbb\xbf" + url.encode() + b"\n")
    assert json.loads(done.out)["url"] == url


def test_limits_reach_the_fetcher(run: Callable[..., Any], origins: dict[str, str]) -> None:
    url = origins["tern-museum"] + "/media/thimble.png"
    followed = run(*LIVE, "--format", "jsonl", url)
    assert followed.code == 0
    assert json.loads(followed.out)["final_url"].startswith(origins["tern-cdn"])
    assert run(*LIVE, "--max-redirects", "0", url).code == 3


def test_nobody_reading_on_is_quiet(origins: dict[str, str], place: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [
                sys.executable,
                *("-c", "from signals_agent.cli import main; main()"),
                *LIVE,
                *("--use", "train-other", origins["fenwiki"] + "/talk/heron"),
            ],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            cwd=place,
            env={"PYTHONPATH": str(ROOT)},
        )
    assert done.stderr == b""
    assert done.returncode == 1


# A process that runs in the background of a shell is born deaf to SIGINT.
HEARING = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from signals_agent.cli import main\n"
)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
@pytest.mark.parametrize("module", ["click", "signals_agent.cli.check", "pydantic", "aiohttp"])
def test_ctrl_c_while_modules_are_loaded_is_130(place: Path, module: str) -> None:
    script = f"""{HEARING}
import os, sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script, *LIVE, "http://127.0.0.1:9/"],
        capture_output=True,
        check=False,
        cwd=place,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout) == (130, b"")
    assert done.stderr.strip() == b"signals-agent: interrupted"


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
def test_ctrl_c_while_a_site_is_silent_is_130(place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with subprocess.Popen(
            [sys.executable, "-c", HEARING + "main()", *LIVE, url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=place,
            env={"PYTHONPATH": str(ROOT)},
        ) as asking:
            connection, _ = silent.accept()
            with connection:
                asking.send_signal(signal.SIGINT)
                out, err = asking.communicate(timeout=30)
    assert (asking.returncode, out) == (130, b"")
    assert err.strip() == b"signals-agent: interrupted"


def test_answers_wait_for_earlier_ones_within_bounds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first answer is the last to come: no more than the allowed number wait for it."""
    asked: list[str] = []
    running = [0, 0]

    class Slow:
        def __init__(self, **_: object) -> None:
            self.first = asyncio.Event()

        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None:
            return None

        async def assess(self, url: str) -> str:
            asked.append(url)
            running[0] += 1
            running[1] = max(running)
            if url == "0":
                await self.first.wait()
            elif len(asked) >= 6:
                self.first.set()
            await asyncio.wait_for(self.first.wait(), 5) if url == "5" else None
            running[0] -= 1
            return url

    import signals_agent.agent

    monkeypatch.setattr(signals_agent.agent, "Agent", Slow)
    monkeypatch.setattr(live, "AHEAD", 6)
    monkeypatch.setattr(live, "CONCURRENCY", 3)
    answers: list[object] = []
    urls = [str(number) for number in range(20)]
    live.run(urls, {}, answers.append, progress=True)
    assert answers == urls
    assert running[1] <= 3
    assert "\r20/20" in capsys.readouterr().err


def test_what_breaks_an_answer_ends_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled: list[str] = []

    class Broken:
        def __init__(self, **_: object) -> None:
            pass

        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None:
            return None

        async def assess(self, url: str) -> str:
            if url == "bad":
                await asyncio.wait_for(started.wait(), 5)
                raise RuntimeError("broken")
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(url)
                raise
            return url

    import signals_agent.agent

    started = asyncio.Event()
    monkeypatch.setattr(signals_agent.agent, "Agent", Broken)
    with pytest.raises(RuntimeError, match="broken"):
        live.run(["bad", "endless"], {}, lambda result: None)
    assert cancelled == ["endless"]
