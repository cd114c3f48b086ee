"""A small HTTP server that gives each example publisher an origin of its own on loopback."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self

from signals_agent.demo.publishers import Publisher, Response

_LONGEST: Final = 64 * 1024


class Servers:
    """Serves publishers while its ``async with`` block is open, each at a free port.

    ``origins`` maps a publisher's name to its origin. The server puts these in place of
    the publishers' ``https://<host>`` wherever it sends one. ``requests`` holds the name of
    the publisher and the target of every request that came, in order.
    """

    def __init__(self, publishers: Sequence[Publisher]) -> None:
        """Nothing listens before the block is entered."""
        self._publishers = tuple(publishers)
        self._servers: list[asyncio.Server] = []
        self.origins: dict[str, str] = {}
        self.requests: list[tuple[str, str]] = []

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        for publisher in self._publishers:
            server = await asyncio.start_server(
                _Site(self, publisher).serve, "127.0.0.1", 0, limit=_LONGEST
            )
            self._servers.append(server)
            port = server.sockets[0].getsockname()[1]
            self.origins[publisher.name] = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        for server in self._servers:
            server.close()
        for server in self._servers:
            await server.wait_closed()

    def placed(self, text: str) -> str:
        """The text with every publisher's loopback origin in place of its written one."""
        for publisher in self._publishers:
            text = text.replace(publisher.origin, self.origins[publisher.name])
        return text

    def named(self, text: str) -> str:
        """The text with every publisher's host in place of its loopback origin."""
        for publisher in self._publishers:
            text = text.replace(self.origins[publisher.name], publisher.origin)
        return text


class _Site:
    """One publisher at its port: one request a connection."""

    def __init__(self, servers: Servers, publisher: Publisher) -> None:
        self._servers = servers
        self._publisher = publisher

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = request.split(b"\r\n", 1)[0].split(b" ", 2)
            self._servers.requests.append((self._publisher.name, target.decode("latin-1")))
            path = target.split(b"?", 1)[0].decode("latin-1")
            response = self._publisher.respond(path)
            if response.reset:
                writer.transport.abort()
                return
            writer.write(self._octets(response, head=method == b"HEAD"))
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, OSError):
            pass
        finally:
            writer.close()

    def _octets(self, response: Response, head: bool) -> bytes:
        body = response.body
        if dict(response.headers).get(b"Content-Type", b"").startswith((b"text/", b"application/")):
            body = self._servers.placed(body.decode()).encode()
        lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}".encode()]
        for name, value in response.headers:
            lines.append(name + b": " + self._servers.placed(value.decode()).encode())
        lines += [b"Content-Length: %d" % len(body), b"Connection: close", b"", b""]
        return b"\r\n".join(lines) + (b"" if head else body)
