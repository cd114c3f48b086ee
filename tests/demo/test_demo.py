"""The demo as it is shown: its table, its JSON, its server."""

import asyncio
import json
import re
from collections.abc import Callable
from textwrap import dedent

import jsonschema
import pytest

import signals_agent as sa
from signals_agent import report
from signals_agent.demo import table
from signals_agent.demo.publishers import load
from signals_agent.demo.run import Demo
from signals_agent.demo.server import Servers
from signals_agent.report.json import schema
from signals_agent.terminal import Screen, width


def test_the_table_shows_every_page_and_no_port(demo: Demo) -> None:
    text = table.text(demo)
    for each in demo.checked:
        assert re.search(rf"^  {re.escape(each.page.path)} ", text, re.MULTILINE)
        assert f"{each.publisher.title} ({each.publisher.kind})" in text
    assert "127.0.0.1" not in text
    assert max(width(line) for line in text.splitlines()) <= 100


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("/local-history/ferry", "if - - - - ingest credit,"),
        ("/archive/1911-storm", "no no no yes if ingest permission (agreement)"),
        ("/talk/heron", "no no no - - skip (disallow)"),
        ("/datasets/tides", "if - - - - hold credit, open (unmet)"),
        ("/2026/please-do", "- - - - - ingest nothing"),
        ("/letters/1790-open", "yes yes - - yes ingest nothing"),
        ("/schedule", "? ? ? ? ? hold (asset-unreachable)"),
    ],
)
def test_a_row(path: str, row: str, demo: Demo) -> None:
    (line,) = (line for line in table.text(demo).splitlines() if line.startswith(f"  {path} "))
    assert " ".join(line.split()[1:]) == row


def test_colour_changes_nothing_but_colour(demo: Demo) -> None:
    coloured = table.text(demo, Screen(colour=True))
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == table.text(demo)


def test_two_runs_show_the_same(demo: Demo) -> None:
    from signals_agent.demo import run

    assert table.text(asyncio.run(run.run())) == table.text(demo)


def test_the_json_holds_every_result_and_names_no_null(demo: Demo) -> None:
    document = json.loads(table.document(demo))
    assert document["schema"] == table.SCHEMA
    results = [page["result"] for each in document["publishers"] for page in each["pages"]]
    assert len(results) == len(demo.checked)
    assert "null" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", table.document(demo))


@pytest.mark.tools
def test_every_result_fits_the_schema(demo: Demo) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    for each in demo.checked:
        validator.validate(each.result.model_dump(mode="json"))
    validator.validate(json.loads(report.render("json", [each.result for each in demo.checked])))


async def asked(origin: str, request: bytes) -> bytes:
    host, port = origin.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    writer.write_eof()
    try:
        return await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


async def test_the_server_puts_loopback_origins_in_place_of_the_written_ones() -> None:
    async with Servers(load()) as servers:
        museum, cdn = servers.origins["tern-museum"], servers.origins["tern-cdn"]
        moved = await asked(museum, b"GET /media/thimble.png HTTP/1.1\r\nHost: x\r\n\r\n")
        assert moved.startswith(b"HTTP/1.1 302 Found\r\n")
        assert f"\r\nLocation: {cdn}/objects/thimble.png\r\n".encode() in moved
        image = await asked(cdn, b"GET /objects/thimble.png HTTP/1.1\r\n\r\n")
        assert image.endswith(b"IEND\xaeB`\x82")
        times = await asked(
            servers.origins["harbour-times"], b"GET /.well-known/tdmrep.json HTTP/1.1\r\n\r\n"
        )
        assert (
            f'"tdm-policy": "{servers.origins["harbour-times"]}/tdm-policy.json"'.encode() in times
        )
        assert b".example" not in times
        assert servers.named(times.decode()).count("https://harbour-times.example") == 1


@pytest.mark.parametrize(
    ("request_", "start"),
    [
        pytest.param(b"HEAD / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n", id="only the head"),
        pytest.param(b"GET /?a=1 HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n", id="a query"),
        pytest.param(b"GET /no HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 Not Found\r\n", id="nothing here"),
        pytest.param(
            b"GET /../publisher.toml HTTP/1.1\r\n\r\n", b"HTTP/1.1 404", id="out of the folder"
        ),
        pytest.param(b"GET\r\n\r\n", b"", id="no request line"),
        pytest.param(b"GET / HTTP/1.1\r\n", b"", id="cut short"),
        pytest.param(b"x" * 200_000 + b"\r\n\r\n", b"", id="too long"),
    ],
)
async def test_what_the_server_answers(request_: bytes, start: bytes) -> None:
    async with Servers(load()) as servers:
        try:
            answer = await asked(servers.origins["wrenfield-library"], request_)
        except ConnectionError:
            answer = b""
        assert answer.startswith(start)
        assert bool(answer) == bool(start)
        if request_.startswith(b"HEAD"):
            assert answer.endswith(b"\r\n\r\n")


def test_a_contradiction_as_text(offline: Callable[[str, str], sa.Assessment]) -> None:
    assert report.render("text", [offline("copper-pot", "/soup/leek")], Screen(84)) == dedent("""\
        SKIP  https://copper-pot.example/soup/leek
              train-generative is disallowed (disallow; evidence 2)
              train-other is disallowed (disallow; evidence 2)
              For train-generative, train-other, model-input, search and other-analysis, by
              the policy a small laboratory.

          use               said          decision                   owed
          train-generative  disallow      skip: disallow             nothing
                            a plain AIPREF recipient reads: allow
          train-other       disallow      skip: disallow             nothing
          model-input       conditional   ingest: clear              credit to
                                                                     copper-pot.example
                            a plain AIPREF recipient reads: unknown
          search            conditional   ingest: clear              credit to
                                                                     copper-pot.example
                            a plain AIPREF recipient reads: unknown
          other-analysis    unknown       ingest: unknown            nothing

        Evidence
          1. HTTP header, field line 1 of content-usage of
             https://copper-pot.example/soup/leek
               content-usage: train-ai=y
                              ^^^^^^^^^^
             -> overruled: a stricter declaration counts
             warning resolution-families-disagree: train-generative: aipref says allow,
                     content-signal says disallow; disallow is the stricter [rule R19]
          2. robots.txt, line 2, column 24 (group *, path /soup/) of
             https://copper-pot.example/robots.txt
               Content-Signal: /soup/ search=yes, ai-train=no, use=reference
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
             -> disallow for train-generative and train-other; conditional for model-input
                and search
             info    content-signal-path: a path before the signals is no part of their
                     specification; it limits them (line 2, column 24) [rule R18]

        Good until 2026-11-02 12:00 UTC.
        """)


def test_a_redirect_as_text(offline: Callable[[str, str], sa.Assessment]) -> None:
    assert report.render(
        "text", [offline("tern-museum", "/media/thimble.png")], Screen(84)
    ) == dedent("""\
        SKIP  https://tern-museum.example/media/thimble.png
              redirected to https://tern-cdn.example/objects/thimble.png
              train-generative is disallowed (disallow; evidence 1)
              train-other is disallowed (disallow; evidence 1)
              For train-generative, train-other, model-input, search and other-analysis, by
              the policy a small laboratory.

          use               said          decision                   owed
          train-generative  disallow      skip: disallow             nothing
                            a plain AIPREF recipient reads: unknown
          train-other       disallow      skip: disallow             nothing
          model-input       unknown       ingest: unknown            nothing
          search            unknown       ingest: unknown            nothing
          other-analysis    unknown       ingest: unknown            nothing

        Evidence
          1. robots.txt, line 2, column 24 (group *, path /media/) of
             https://tern-museum.example/robots.txt
               Content-Usage: /media/ train-ai=n
                                      ^^^^^^^^^^
             -> disallow for train-generative and train-other
             info    redirect-hop-preference: the robots.txt of an address that redirected
                     here speaks about use; what it restricts counts [rule R16]
             info    aipref-train-ai-narrowed: later drafts narrow train-ai; its disallow is
                     still read for train-other (line 2, column 24) [rule R4]

        Good until 2026-11-02 12:00 UTC.
        """)


def test_a_broken_declaration_explained(offline: Callable[[str, str], sa.Assessment]) -> None:
    text = report.render("explain", [offline("old-bridge-archive", "/council/minutes-1803")])
    _, _, tree = text.partition("\n1. ")
    assert tree.startswith(
        dedent("""\
        HTTP header, field line 1 of content-usage
        │  octets       content-usage: train-ai=n ;exceptions=cc-cr
        │                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        │  source       https://old-bridge.example/council/minutes-1803
        """)
    )
    assert (
        "│  statement    conditional for train-generative and train-other, by rule R11\n"
        "│  statement    cc-cr 0.1 asks for credit\n"
    ) in tree
    assert "aipref-salvaged" in tree
    assert "train-generative: conditional -> ingest\n├─ said by declaration 1\n" in tree
