"""One exchange with a server that sends anything: each outcome is one capture."""

import dataclasses
import gzip
import random
import zlib
from collections.abc import Callable

import pytest
from wire import Do, Wire, answer, endless, html, moved, text

from signals_agent import url as urls
from signals_agent.fetch import failures
from signals_agent.fetch.client import Client
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role

HEAD = b"HTTP/1.1 200 OK\r\n"
CUT = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<html>"
SMALL = Limits(
    timeout=0.5,
    max_header_bytes=4096,
    max_body_bytes=200_000,
    max_other_bytes=1000,
    max_robots_bytes=2000,
    max_site_file_bytes=1500,
)


def encoded(body: bytes, coding: bytes, kind: bytes = b"text/html") -> bytes:
    return answer(body, (b"Content-Type", kind), (b"Content-Encoding", coding))


async def ask(
    client: Client, site: Wire, path: str = "/", role: Role = Role.ASSET, depth: str = "page"
) -> Capture:
    return await client.get(urls.parse(site.url(path)), role, depth=depth)


async def test_the_octets_arrive_as_they_were_sent(client: Client, site: Wire) -> None:
    site.on(
        "/", HEAD + b"X-a: 1\r\nSet-Cookie: k=v\r\nx-A:  caf\xe9 \r\nContent-Length: 2\r\n\r\nhi"
    )
    capture = await ask(client, site)
    assert capture.status == 200
    assert capture.headers[0] == (b"X-a", b"1")
    assert capture.field_lines(b"x-a") == (b"1", b"caf\xe9")
    assert (capture.body, capture.truncated, capture.availability) == (b"hi", False, None)
    assert capture.fetched_at is not None
    assert capture.fetched_at.tzinfo is not None
    assert capture.notes == ()


@pytest.mark.parametrize(
    "path",
    [
        "/a%7Eb",
        "/%2F",
        "/%2f%2e",
        "/a|b",
        "/\u00fc",
        "/%E4",
        "/?q=a%20b",
        "/?q=a+b&c='\"<>`{}|^",
        "/a;b=1,2:3@4",
        "/%zz",
        "/[x]^",
        "//x//y",
        "/a?b?c",
        "/a/./b/../c",
        "/?%7E",
        "/a%0D%0AX:1",
        "/\\back",
    ],
)
async def test_the_path_asked_for_is_the_path_that_was_judged(
    client: Client, site: Wire, path: str
) -> None:
    url = urls.parse(site.url(path))
    await client.get(url, Role.ASSET)
    assert site.asked == [url.target]


async def test_no_credentials_cookies_or_fragment_are_sent(client: Client, site: Wire) -> None:
    site.on("/a", answer(b"", (b"Set-Cookie", b"session=secret; Path=/")))
    url = urls.parse(site.url("/a#part").replace("//", "//user:secret@", 1))
    for _ in range(2):
        capture = await client.get(url, Role.ASSET)
    sent = b"".join(site.heads).lower()
    assert len(site.heads) == 2
    assert b"cookie" not in sent
    assert b"authorization" not in sent
    assert b"secret" not in sent
    assert b"part" not in sent
    assert "secret" not in repr(url)
    assert "secret" not in capture.url


async def test_the_user_agent_names_us_and_our_contact(
    make_client: Callable[..., Client], site: Wire
) -> None:
    await ask(make_client(contact="https://bot.example/"), site)
    await ask(make_client(), site)
    agents = [
        line
        for head in site.heads
        for line in head.split(b"\r\n")
        if line.startswith(b"user-agent")
    ]
    assert agents[0].startswith(b"user-agent: ExampleBot/")
    assert agents[0].endswith(b" (+https://bot.example/)")
    assert b"(" not in agents[1]
    assert all(b"accept-encoding: gzip, deflate\r\n" in head for head in site.heads)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        pytest.param((Do.RESET,), "reset", id="reset before the headers"),
        pytest.param((Do.CLOSE,), "reset or closed", id="closed before the headers"),
        pytest.param(
            (b"HTTP/1.1 200 OK\r\nX: 1", Do.CLOSE), "reset", id="closed within the headers"
        ),
        pytest.param((CUT, Do.CLOSE), "before the body was complete", id="cut within the body"),
        pytest.param((CUT, Do.RESET), "closed", id="reset within the body"),
        pytest.param(
            (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Do.CLOSE),
            "before the body was complete",
            id="cut between chunks",
        ),
        pytest.param(
            (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",),
            "",
            id="a chunk of garbage",
        ),
        pytest.param((b"hello there\r\n\r\n", Do.CLOSE), "not well-formed", id="no status line"),
        pytest.param((b"<html>hi</html>", Do.CLOSE), "not well-formed", id="HTTP/0.9"),
        pytest.param((b"HTTP/1.1 abc OK\r\n\r\n",), "not well-formed", id="a status of letters"),
        pytest.param((b"\x00\x01\x02\r\n\r\n",), "not well-formed", id="binary garbage"),
        pytest.param(
            (HEAD + b"no colon here\r\nContent-Length: 0\r\n\r\n",),
            "not well-formed",
            id="a malformed header line",
        ),
        pytest.param(
            (HEAD + b"Content-Length: x\r\n\r\n",), "not well-formed", id="a length of letters"
        ),
        pytest.param((Do.HANG,), "", id="no answer"),
        pytest.param((HEAD, Do.HANG), "", id="headers that stop"),
        pytest.param((CUT, Do.HANG), "", id="a body that stops"),
    ],
)
async def test_a_broken_answer_is_unreachable_and_only_that(
    make_client: Callable[..., Client], site: Wire, steps: tuple[bytes | Do, ...], words: str
) -> None:
    client = make_client(limits=SMALL)
    site.on("/broken", *steps)
    site.on("/whole", html(b"<p>here"))
    capture = await ask(client, site, "/broken")
    assert capture.availability is Availability.UNREACHABLE
    assert capture.failure
    assert words in capture.failure
    assert (await ask(client, site, "/whole")).body == b"<p>here"


async def test_what_came_before_a_cut_is_kept_as_evidence(client: Client, site: Wire) -> None:
    site.on("/", CUT, Do.CLOSE)
    capture = await ask(client, site)
    assert (capture.status, capture.body, capture.truncated) == (200, b"<html>", True)
    assert capture.content_type == "text/html"


async def test_a_body_without_a_length_ends_with_the_connection(client: Client, site: Wire) -> None:
    site.on("/", HEAD + b"Content-Type: text/html\r\n\r\nhello world", Do.CLOSE)
    capture = await ask(client, site)
    assert (capture.body, capture.availability) == (b"hello world", None)


async def test_octets_beyond_the_length_are_never_taken_for_content(
    client: Client, site: Wire
) -> None:
    site.on("/", HEAD + b"Content-Length: 5\r\n\r\nhello world", Do.CLOSE)
    capture = await ask(client, site)
    # Whether the rest is noticed before the answer has been read is a matter of chance.
    assert (capture.body, capture.availability) in (
        (b"hello", None),
        (b"", Availability.UNREACHABLE),
    )


async def test_no_connection_is_unreachable(client: Client) -> None:
    async with Wire() as gone:
        url = urls.parse(gone.url("/"))
    capture = await client.get(url, Role.ASSET)
    assert capture.availability is Availability.UNREACHABLE
    assert capture.failure == "the connection was refused"


# Headers


async def test_a_thousand_header_lines_and_a_long_one_are_read(client: Client, site: Wire) -> None:
    lines = b"".join(b"X-%d: %d\r\n" % (i, i) for i in range(1000))
    long = b"Y: " + b"a" * 30_000 + b"\r\n"
    site.on("/", HEAD + lines + long + b"Content-Length: 1\r\n\r\nx")
    capture = await ask(client, site)
    assert capture.availability is None
    assert capture.field_lines(b"x-999") == (b"999",)
    assert len(capture.field_lines(b"y")[0]) == 30_000


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((HEAD + b"X: 1\r\n" * 900 + b"\r\n",), id="many short lines"),
        pytest.param((HEAD + b"X: " + b"a" * 5000 + b"\r\n\r\n",), id="one long line"),
        pytest.param((HEAD, endless(b"X: " + b"a" * 1000 + b"\r\n")), id="lines without end"),
        pytest.param((HEAD + b"X: ", endless(b"a" * 1000)), id="a line without end"),
        pytest.param((b"HTTP/1.1 200 ", endless(b"O" * 1000)), id="a status line without end"),
        pytest.param((endless(b"HTTP/1.1 103 Early\r\nX: 1\r\n\r\n" * 40),), id="interim answers"),
    ],
)
@pytest.mark.parametrize("role", [Role.ASSET, Role.ROBOTS])
async def test_a_header_section_over_the_cap_fails_closed(
    make_client: Callable[..., Client], site: Wire, steps: tuple[bytes, ...], role: Role
) -> None:
    site.on("/", *steps)
    patient = dataclasses.replace(SMALL, timeout=20.0)
    capture = await ask(make_client(limits=patient), site, role=role)
    assert capture.failure == "the header section is longer than the cap"
    expected = Availability.UNREADABLE if role is Role.ASSET else Availability.UNREACHABLE
    assert capture.availability is expected
    assert capture.headers == ()


# Bodies


@pytest.mark.parametrize(
    ("kind", "role", "kept"),
    [
        pytest.param(b"text/html", Role.ASSET, 200_000, id="HTML"),
        pytest.param(b"application/rdf+xml", Role.ASSET, 200_000, id="XML"),
        pytest.param(b"application/ld+json", Role.ASSET, 200_000, id="JSON"),
        pytest.param(b"image/png", Role.ASSET, 1000, id="an image"),
        pytest.param(b"application/octet-stream", Role.ASSET, 1000, id="anything else"),
        pytest.param(b"application/json", Role.SITE_FILE, 1500, id="a site file"),
    ],
)
async def test_a_body_without_end_is_cut_at_its_cap(
    make_client: Callable[..., Client], site: Wire, kind: bytes, role: Role, kept: int
) -> None:
    site.on("/", HEAD + b"Content-Type: " + kind + b"\r\n\r\n", endless(b"a" * 10_000))
    capture = await ask(make_client(limits=SMALL), site, role=role)
    assert capture.body == b"a" * kept
    assert capture.truncated
    assert capture.availability is None


async def test_framing_without_end_is_given_up(
    make_client: Callable[..., Client], site: Wire
) -> None:
    site.on("/", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;", endless(b"x" * 10_000))
    patient = dataclasses.replace(SMALL, timeout=20.0)
    capture = await ask(make_client(limits=patient), site)
    assert capture.availability is Availability.UNREADABLE
    assert capture.failure == "far more octets came than a body may have"


async def test_a_body_of_just_the_cap_is_whole(
    make_client: Callable[..., Client], site: Wire
) -> None:
    site.on("/", html(b"a" * 200_000))
    capture = await ask(make_client(limits=SMALL), site)
    assert not capture.truncated
    assert len(capture.body or b"") == 200_000


async def test_of_robots_txt_enough_is_read_to_end_at_a_whole_line(
    client: Client, site: Wire
) -> None:
    site.on(
        "/robots.txt", HEAD + b"Content-Type: text/plain\r\n\r\n", endless(b"Allow: /\n" * 1000)
    )
    capture = await ask(client, site, "/robots.txt", Role.ROBOTS)
    assert capture.truncated
    assert len(capture.body or b"") >= 512_000
    assert capture.availability is None


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        pytest.param(gzip.compress(b"<p>hello"), b"gzip", id="gzip"),
        pytest.param(gzip.compress(b"<p>hello"), b"X-GZIP", id="x-gzip"),
        pytest.param(zlib.compress(b"<p>hello"), b"deflate", id="deflate"),
        pytest.param(zlib.compress(b"<p>hello")[2:-4], b"deflate", id="raw deflate"),
        pytest.param(b"<p>hello", b"identity", id="identity"),
        pytest.param(gzip.compress(b"<p>") + gzip.compress(b"hello"), b"gzip", id="two members"),
        pytest.param(gzip.compress(b"<p>hello") + b"\0" * 9, b"gzip", id="padding after the end"),
        pytest.param(gzip.compress(zlib.compress(b"<p>hello")), b"deflate, gzip", id="two codings"),
    ],
)
async def test_content_codings_are_taken_off(
    client: Client, site: Wire, body: bytes, coding: bytes
) -> None:
    site.on("/", encoded(body, coding))
    capture = await ask(client, site)
    assert (capture.body, capture.truncated, capture.failure) == (b"<p>hello", False, "")


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        pytest.param(b"<p>hello", b"gzip", id="not gzip at all"),
        pytest.param(b"<p>hello", b"br", id="a coding that we did not accept"),
        pytest.param(gzip.compress(b"<p>hello")[:10] + b"\xff" * 30, b"gzip", id="broken gzip"),
        pytest.param(gzip.compress(b"x"), b"gzip, gzip, gzip, gzip", id="too many codings"),
        pytest.param(b"\x00\xff" * 20, b"deflate", id="not deflate"),
    ],
)
async def test_a_coding_that_cannot_be_taken_off_leaves_the_source_unread(
    client: Client, site: Wire, body: bytes, coding: bytes
) -> None:
    site.on("/", encoded(body, coding))
    capture = await ask(client, site)
    assert capture.availability is Availability.UNREADABLE
    assert "coding" in capture.failure
    robots = await ask(client, site, role=Role.ROBOTS)
    assert robots.availability is Availability.UNREACHABLE  # and never a file without rules


@pytest.mark.parametrize("role", [Role.ASSET, Role.ROBOTS, Role.SITE_FILE])
@pytest.mark.parametrize(
    ("coding", "cut"),
    [
        pytest.param(b"gzip", gzip.compress(b"Allow: /\n" * 50)[:-12], id="gzip"),
        pytest.param(b"gzip", gzip.compress(b"Allow: /\n" * 50)[:5], id="not even its header"),
        pytest.param(b"gzip", gzip.compress(b"x") * 2 + gzip.compress(b"y")[:12], id="a member"),
        pytest.param(b"deflate", zlib.compress(b"Allow: /\n" * 50)[:-6], id="deflate"),
        pytest.param(b"deflate", zlib.compress(b"Allow: /\n" * 50)[2:-12], id="raw deflate"),
    ],
)
async def test_a_coding_that_breaks_off_is_a_body_that_broke_off(
    client: Client, site: Wire, role: Role, coding: bytes, cut: bytes
) -> None:
    site.on("/", encoded(cut, coding))
    capture = await ask(client, site, role=role)
    assert capture.availability is Availability.UNREACHABLE
    assert capture.truncated
    assert failures.is_transient(capture)


async def test_a_coding_that_a_cap_of_ours_cuts_is_only_truncated(
    make_client: Callable[..., Client], site: Wire
) -> None:
    site.on("/", encoded(gzip.compress(random.Random(1).randbytes(400_000)), b"gzip"))
    capture = await ask(make_client(limits=SMALL), site)
    assert (capture.truncated, capture.availability) == (True, None)
    assert len(capture.body or b"") == SMALL.max_body_bytes


BOMB = gzip.compress(b"\0" * 20_000_000)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        pytest.param(BOMB, b"gzip", id="a bomb"),
        pytest.param(gzip.compress(BOMB), b"gzip, gzip", id="a bomb in a bomb"),
        pytest.param(zlib.compress(b"\0" * 20_000_000), b"deflate", id="a deflate bomb"),
    ],
)
async def test_a_bomb_is_not_unpacked(
    client: Client, site: Wire, body: bytes, coding: bytes
) -> None:
    site.on("/", encoded(body, coding))
    capture = await ask(client, site)
    assert capture.availability is Availability.UNREADABLE
    assert len(capture.body or b"") <= Limits().max_body_bytes


async def test_a_small_dense_page_is_no_bomb(client: Client, site: Wire) -> None:
    site.on("/", encoded(gzip.compress(b" " * 60_000), b"gzip"))
    assert (await ask(client, site)).body == b" " * 60_000


async def test_compressed_octets_that_give_nothing_are_bounded_too(
    make_client: Callable[..., Client], site: Wire
) -> None:
    nothing = zlib.compressobj(wbits=31)
    first = nothing.compress(b"a") + nothing.flush(zlib.Z_FULL_FLUSH)
    empty = b"\x00\x00\x00\xff\xff" * 2000  # stored blocks of no octets
    site.on("/", HEAD + b"Content-Encoding: gzip\r\n\r\n" + first, endless(empty))
    patient = dataclasses.replace(SMALL, timeout=20.0)
    capture = await ask(make_client(limits=patient), site)
    assert capture.truncated
    assert capture.body == b"a"


@pytest.mark.parametrize("status", [404, 403, 503])
async def test_what_goes_wrong_in_the_body_of_an_error_changes_nothing(
    client: Client, site: Wire, status: int
) -> None:
    site.on("/", answer(b"junk", (b"Content-Encoding", b"gzip"), status=status))
    capture = await ask(client, site)
    assert (capture.status, capture.availability) == (status, None)


async def test_a_redirect_is_a_capture_like_any_other(client: Client, site: Wire) -> None:
    site.on("/", moved("/elsewhere"))
    capture = await ask(client, site)
    assert (capture.status, capture.field_lines(b"location")) == (302, (b"/elsewhere",))
    assert site.asked == ["/"]


# Depth


async def test_depth_headers_reads_no_body(client: Client, site: Wire) -> None:
    site.on("/", HEAD + b"Content-Type: text/html\r\nX: 1\r\n\r\n", Do.HANG)
    capture = await ask(client, site, depth="headers")
    assert (capture.body, capture.status, capture.truncated) == (None, 200, False)
    assert capture.field_lines(b"x") == (b"1",)


async def test_depth_head_reads_to_the_end_of_the_head(client: Client, site: Wire) -> None:
    head = b"<html><head><meta name=a><!-- </head> --><script>'</head>'</script><title></head>"
    rest = b"</title><meta content='</head>' name=b></head>"
    site.on("/", HEAD + b"Content-Type: text/html\r\n\r\n" + head, rest, Do.HANG)
    capture = await ask(client, site, depth="head")
    assert capture.body == head + rest
    assert capture.availability is None


async def test_depth_concerns_the_asset_alone(client: Client, site: Wire) -> None:
    site.on("/robots.txt", text(b"User-agent: *"))
    capture = await ask(client, site, "/robots.txt", Role.ROBOTS, depth="headers")
    assert capture.body == b"User-agent: *"
