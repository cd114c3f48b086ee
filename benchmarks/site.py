"""Many small origins on loopback, in one process, answering as fast as they can."""

import asyncio
import sys

PAGE = (
    b"<!doctype html><html><head><title>A page</title>"
    b'<meta name="viewport" content="width=device-width"></head><body>'
    + b"<p>Words, words, words.</p>" * 200
    + b"</body></html>"
)
ROBOTS = b"User-agent: *\nAllow: /\nContent-Usage: train-genai=n;exceptions=cc-cr\n"


def _response(status: bytes, kind: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    return head % (status, kind, len(body)) + body


ANSWERS = {
    b"/robots.txt": _response(b"200 OK", b"text/plain", ROBOTS),
    b"/.well-known/tdmrep.json": _response(b"404 Not Found", b"text/plain", b"no"),
}
ANSWER = _response(b"200 OK", b"text/html; charset=utf-8", PAGE)


class _Origin(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            self.transport.write(ANSWERS.get(head.split(b" ", 2)[1], ANSWER))


async def main(count: int) -> None:
    """Open ``count`` origins, print them on one line, and serve until stopped."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(_Origin, "127.0.0.1", 0) for _ in range(count)]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    print(" ".join(f"http://127.0.0.1:{port}" for port in ports), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
