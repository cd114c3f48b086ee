"""The pages of a wild web, octet by octet, as far as they are the same everywhere."""

import asyncio
import functools
import json
import zlib
from collections.abc import AsyncIterator, Callable
from email.utils import formatdate

from wire import Do, Script, Stream, answer, html, moved, text

WORDS = b"<p>Words, words, words, and then some more of them.</p>" * 12
MOST = 64 * 1024 * 1024
"""Octets after which what seems endless ends all the same."""
_PIECE = b"<p>and so on " * 5041
TYPE = b"Content-Type"
_HTML = (TYPE, b"text/html; charset=utf-8")
_NO = (b"Content-Usage", b"train-ai=n")
_MARKS = b"<html><head><title>Just a moment...</title><script>window._cf_chl_opt={}</script>"


def page(inside: bytes = b"") -> bytes:
    """A page with so much in its head."""
    return (
        b"<!doctype html><html lang=en><head><title>A page</title>"
        b"<meta name=viewport content='width=device-width'>"
        + inside
        + b"</head><body>"
        + WORDS
        + b"</body></html>"
    )


SILENT = page()
_REFUSING = page(b'<meta name="robots" content="noai">')


def _chunk(octets: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(octets), octets)


def head(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join([status, *lines]) + b"\r\n\r\n"


_CHUNKED = head(b"Content-Type: text/html", b"Transfer-Encoding: chunked")
_LONG = head(b"Content-Type: text/html", b"Content-Length: 9000")


def repeated(piece: bytes, most: int = MOST) -> Stream:
    """The same octets until there are so many."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(most // len(piece)):
            yield piece

    return pieces


def dribbled(octets: bytes, pause: float = 0.05) -> Stream:
    """One octet at a time, over and over; whoever plays it says for how long at most."""

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            for octet in octets:
                yield bytes((octet,))
                await asyncio.sleep(pause)

    return pieces


def _later(seconds: float, *steps: bytes) -> Stream:
    async def pieces() -> AsyncIterator[bytes]:
        for step in steps:
            await asyncio.sleep(seconds)
            yield step

    return pieces


def _gzip(octets: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(octets) + packer.flush()


@functools.cache
def _bomb() -> bytes:
    """50 MB of nothing in 50 KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(50)) + packer.flush()


async def _once(make: Callable[[], bytes]) -> AsyncIterator[bytes]:
    yield make()


@functools.cache
def _nested() -> bytes:
    return _gzip(_bomb())


def _coded(coding: bytes, body: bytes) -> bytes:
    return html(body, (b"Content-Encoding", coding))


def _terms(inside: bytes) -> bytes:
    return (
        b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>%s</license>'
        b"</content></rsl>" % inside
    )


RSL = b"application/rsl+xml"
TERMS = {
    "no": _terms(b'<prohibits type="usage">ai-train</prohibits>'),
    "pay": _terms(
        b'<permits type="usage">ai-train</permits><payment type="purchase">'
        b'<amount currency="EUR">5</amount></payment>'
    ),
    "credit": _terms(b'<permits type="usage">ai-train</permits><payment type="attribution"/>'),
}
_CREDIT = json.dumps(
    {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": "A page",
        "author": {"@type": "Person", "name": "Ada Fen", "url": "https://ada.example/"},
        "isPartOf": {"@type": "Collection", "name": "Fen pages"},
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
).encode()


def _usage(value: bytes, *more: tuple[bytes, bytes]) -> Script:
    return (html(SILENT, (b"Content-Usage", value), *more),)


def _said(head: bytes) -> Script:
    return (html(page(head)),)


def _rsl(name: bytes) -> Script:
    link = b'</rsl/%s.xml>; rel="license"; type="application/rsl+xml"' % name
    return (html(SILENT, (b"Link", link)),)


def _licence(url: bytes) -> Script:
    return _said(b'<link rel="license" href="%s">' % url)


def _refused(status: int, *fields: tuple[bytes, bytes]) -> Script:
    return (answer(SILENT, _HTML, *fields, status=status),)


def busy(status: int, after: bytes) -> Script:
    return (answer(b"later", (TYPE, b"text/plain"), (b"Retry-After", after), status=status),)


PAGES: dict[str, Script] = {
    "silent": (html(SILENT),),
    "plain-text": (text(b"Some words.\n" * 50),),
    "close-delimited": (
        head(b"Content-Type: text/html", status=b"HTTP/1.0 200 OK") + SILENT,
        Do.CLOSE,
    ),
    "chunked": (_CHUNKED + _chunk(SILENT[:100]) + _chunk(SILENT[100:]) + b"0\r\n\r\n",),
    "gzipped": (_coded(b"gzip", _gzip(SILENT)),),
    "deflated": (_coded(b"deflate", zlib.compress(SILENT)),),
    "one-hint": (head(b"Link: </a.css>", status=b"HTTP/1.1 103 Early Hints") + html(SILENT),),
    "trailers": (
        head(b"Content-Type: text/html", b"Transfer-Encoding: chunked", b"Trailer: Content-Usage")
        + _chunk(SILENT)
        + b"0\r\nContent-Usage: train-ai=n\r\n\r\n",
    ),
    "cookies": (
        html(SILENT, *[(b"Set-Cookie", b"c%d=%s; Path=/" % (n, b"v" * 90)) for n in range(300)]),
    ),
    "no-type": (answer(SILENT),),
    "strange-charset": (answer(SILENT, (TYPE, b"text/html; charset=klingon")),),
    "slowly": (
        head(b"Content-Type: text/html", b"Content-Length: %d" % len(SILENT)),
        _later(0.05, SILENT[:300], SILENT[300:]),
    ),
    "header-yes": _usage(b"train-ai=y"),
    "header-no": _usage(b"train-ai=n"),
    "header-no-other-label": _usage(b"search=y, train-genai=n"),
    "header-no-misspelt": _usage(b"ai-train=no"),
    "header-credit": _usage(b"train-genai=n;exceptions=cc-cr"),
    "header-credit-direct": _usage(b"train-genai=n;exceptions=cc-cr-dc"),
    "header-credit-ecosystem": _usage(b"train-genai=n;exceptions=cc-cr-ec"),
    "header-open": _usage(b"train-genai=n;exceptions=cc-cr-op"),
    "header-broken": _usage(b"%%% nonsense ="),
    "meta-no": _said(b'<meta name="content-usage" content="train-ai=n">'),
    "meta-credit": _said(
        b'<meta http-equiv="Content-Usage" content="train-ai=n;exceptions=cc-cr">'
    ),
    "meta-yes": _said(b'<meta name="content-usage" content="train-ai=y">'),
    "signal-no": (html(SILENT, (b"Content-Signal", b"search=yes, ai-train=no")),),
    "signal-search": (html(SILENT, (b"Content-Signal", b"search=no")),),
    "noai-meta": (html(_REFUSING),),
    "noai-header": (html(SILENT, (b"X-Robots-Tag", b"noai, noimageai")),),
    "noai-charset": (answer(_REFUSING, (TYPE, b"text/html; charset=x-nonsense")),),
    "tdm-header": (html(SILENT, (b"tdm-reservation", b"1")),),
    "tdm-meta": _said(b'<meta name="tdm-reservation" content="1">'),
    "tdm-none": (html(SILENT, (b"tdm-reservation", b"0")),),
    "licence-by": _licence(b"https://creativecommons.org/licenses/by/4.0/"),
    "licence-nc": _licence(b"https://creativecommons.org/licenses/by-nc-sa/4.0/"),
    "rsl-no": _rsl(b"no"),
    "rsl-pay": _rsl(b"pay"),
    "rsl-credit": _rsl(b"credit"),
    "rsl-lost": _rsl(b"lost"),
    "rsl-stalls": _rsl(b"stalls"),
    "rsl-bomb": _rsl(b"bomb"),
    "rsl-inline": _said(b'<script type="application/rsl+xml">%s</script>' % TERMS["no"]),
    "credit-data": (
        html(
            page(b'<script type="application/ld+json">%s</script>' % _CREDIT),
            (b"Content-Usage", b"train-ai=n;exceptions=cc-cr"),
        ),
    ),
    "pay-402": _refused(402),
    "licence-401": _refused(401, (b"WWW-Authenticate", b'License error="invalid_token"')),
    "price-403": _refused(403, (b"crawler-price", b"USD 0.25")),
    "plain-401": _refused(401, (b"WWW-Authenticate", b"Basic realm=a")),
    "plain-403": _refused(403),
    "law-451": _refused(451),
    "missing-404": _refused(404),
    "gone-410": _refused(410),
    "reset-before": (Do.RESET,),
    "reset-in-head": (b"HTTP/1.1 200 OK\r\nContent-Ty", Do.RESET),
    "reset-in-body": (_LONG + SILENT[:200], Do.RESET),
    "reset-in-chunks": (_CHUNKED + _chunk(SILENT[:200]), Do.RESET),
    "closed-before": (Do.CLOSE,),
    "closed-in-head": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", Do.CLOSE),
    "closed-in-body": (_LONG + SILENT, Do.CLOSE),
    "closed-in-chunks": (_CHUNKED + _chunk(SILENT), Do.CLOSE),
    "stalls-before": (Do.HANG,),
    "stalls-in-head": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", Do.HANG),
    "stalls-in-body": (_LONG + SILENT, Do.HANG),
    "dribbled-head": (b"HTTP/1.1 200 OK\r\nX: ", dribbled(b"abcdefghij")),
    "dribbled-body": (_CHUNKED, dribbled(b"1\r\nx\r\n")),
    "moved-nowhere": (answer(b"", status=302),),
    "moved-to-ftp": (moved("ftp://127.0.0.1/page"),),
    "moved-to-script": (moved("javascript:alert(1)"),),
    "moved-to-metadata": (moved("http://169.254.169.254/latest/meta-data/"),),
    "bomb": (
        head(b"Content-Type: text/html", b"Content-Encoding: gzip", b"Connection: close"),
        lambda: _once(_bomb),
        Do.CLOSE,
    ),
    "bomb-in-bomb": (
        head(b"Content-Type: text/html", b"Content-Encoding: gzip, gzip", b"Connection: close"),
        lambda: _once(_nested),
        Do.CLOSE,
    ),
    "bomb-of-members": (
        head(b"Content-Type: text/html", b"Content-Encoding: gzip", b"Connection: close"),
        repeated(_gzip(bytes(1024 * 1024))),
        Do.CLOSE,
    ),
    "brotli": (_coded(b"br", b"\x1b\x1f\x00\xf8\xa1\x9c" * 40),),
    "gzip-garbage": (_coded(b"gzip", SILENT),),
    "gzip-cut": (_coded(b"gzip", _gzip(SILENT)[:-20]),),
    "many-codings": (_coded(b"gzip, gzip, gzip, gzip, gzip", _gzip(SILENT)),),
    "endless-page": (head(b"Content-Type: text/html") + SILENT, repeated(_PIECE), Do.CLOSE),
    "endless-head": (
        head(b"Content-Type: text/html") + b"<html><head><!--",
        repeated(_PIECE),
        Do.CLOSE,
    ),
    "endless-chunks": (_CHUNKED, repeated(_chunk(b"y") * 8000), Do.CLOSE),
    "endless-empty-chunks": (_CHUNKED, repeated(b"1;" + b"e" * 4000 + b"\r\nx\r\n"), Do.CLOSE),
    "header-flood": (
        b"HTTP/1.1 200 OK\r\nX: ",
        repeated(b"a" * 65536, 10_000_000),
        b"\r\nContent-Length: 0\r\n\r\n",
    ),
    "header-lines": (
        b"HTTP/1.1 200 OK\r\n",
        repeated(b"X-Line: and another\r\n" * 1000, 2_100_000),
        b"Content-Length: 0\r\n\r\n",
    ),
    "cookie-flood": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        repeated(b"Set-Cookie: a=b; Path=/\r\n" * 500, 1_000_000),
        b"Content-Length: 0\r\n\r\n",
    ),
    "hint-flood": (
        repeated(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 500, 5_000_000),
        html(SILENT),
    ),
    "status-line-flood": (b"HTTP/1.1 200 ", repeated(b"OK " * 20000, 10_000_000)),
    "trailer-flood": (
        head(
            b"Content-Type: text/html", b"Content-Usage: train-ai=n", b"Transfer-Encoding: chunked"
        )
        + _chunk(SILENT)
        + b"0\r\n",
        repeated(b"X-Line: and another\r\n" * 1000, 30_000_000),
        Do.CLOSE,
    ),
    "challenge-200": (answer(SILENT, _HTML, (b"cf-mitigated", b"challenge")),),
    "challenge-cookie": (
        html(SILENT, (b"Set-Cookie", b"techaro.lol-anubis-cookie-verification=0123; Path=/")),
    ),
    "challenge-403": (answer(_MARKS + WORDS, _HTML, status=403),),
    "challenge-503": (answer(_MARKS + WORDS, _HTML, status=503),),
    "busy-429": busy(429, b"0"),
    "busy-429-long": busy(429, b"86400"),
    "busy-429-garbage": busy(429, b"soon, I hope"),
    "busy-503-date": busy(503, formatdate(4_000_000_000, usegmt=True).encode()),
    "broken-500": (answer(b"oh", _HTML, status=500),),
    "status-999": (answer(SILENT, _HTML, status=999),),
    "status-words": (b"HTTP/1.1 OK fine\r\nContent-Length: 2\r\n\r\nok", Do.CLOSE),
    "status-garbage": (b"\x00\x01\x02 no such thing\r\n\r\n", Do.CLOSE),
    "http-0.9": (SILENT, Do.CLOSE),
    "tls-alert": (b"\x15\x03\x01\x00\x02\x02\x46", Do.CLOSE),
    "switching": (
        head(b"Upgrade: h2c", b"Connection: Upgrade", status=b"HTTP/1.1 101 Switching Protocols"),
        b"PRI * HTTP/2.0\r\n\r\n",
        Do.CLOSE,
    ),
    "bare-lf": (
        (
            b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Usage: train-ai=n\n"
            b"Content-Length: 5\n\nhello"
        ),
        Do.CLOSE,
    ),
    "folded-field": (
        head(
            b"Content-Type: text/html",
            b"Content-Usage: train-ai\r\n =n",
            b"Content-Usage: train-genai=n",
            b"Content-Length: 5",
        )
        + b"hello",
    ),
    "space-before-colon": (
        head(b"Content-Type: text/html", b"Content-Usage : train-ai=n", b"Content-Length: 5")
        + b"hello",
        Do.CLOSE,
    ),
    "nul-in-field": (
        head(
            b"Content-Type: text/html",
            b"X: a\x00b",
            b"Content-Usage: train-ai=n",
            b"Content-Length: 5",
        )
        + b"hello",
        Do.CLOSE,
    ),
    "field-without-colon": (
        head(
            b"Content-Type: text/html",
            b"nothing",
            b"Content-Usage: train-ai=n",
            b"Content-Length: 5",
        )
        + b"hello",
        Do.CLOSE,
    ),
    "length-and-chunks": (
        head(
            b"Content-Type: text/html",
            b"Content-Usage: train-ai=n",
            b"Transfer-Encoding: chunked",
            b"Content-Length: 5",
        )
        + _chunk(SILENT)
        + b"0\r\n\r\n",
        Do.CLOSE,
    ),
    "length-too-short": (answer(_REFUSING, _HTML, _NO, length=300),),
    "smuggled-answer": (html(SILENT, _NO) + html(SILENT, (b"Content-Usage", b"train-ai=y")),),
    "two-lengths": (
        head(b"Content-Type: text/html", b"Content-Length: 5", b"Content-Length: 900") + SILENT,
        Do.CLOSE,
    ),
    "length-too-long": (answer(SILENT, _HTML, length=len(SILENT) + 5), Do.CLOSE),
    "length-negative": (answer(SILENT, _HTML, length=-5), Do.CLOSE),
    "length-words": (
        head(b"Content-Type: text/html", b"Content-Length: five") + b"hello",
        Do.CLOSE,
    ),
    "chunk-size-words": (_CHUNKED + b"many\r\n" + SILENT + b"\r\n0\r\n\r\n", Do.CLOSE),
    "chunk-size-huge": (_CHUNKED + b"f" * 40 + b"\r\n", repeated(_PIECE), Do.CLOSE),
    "chunk-extension": (_CHUNKED + b"5;", repeated(b"e" * 65536), Do.CLOSE),
    "empty-200": (html(b""),),
    "none-204": (head(TYPE + b": text/html", status=b"HTTP/1.1 204 No Content"),),
    "none-205": (answer(b"", status=205),),
    "same-304": (head(b'ETag: "a"', status=b"HTTP/1.1 304 Not Modified"),),
    "part-206": (
        answer(SILENT[:100], _HTML, (b"Content-Range", b"bytes 0-99/%d" % len(SILENT)), status=206),
    ),
    "wide-charset": (answer(_REFUSING, (TYPE, b"text/html; charset=utf-16")),),
}
