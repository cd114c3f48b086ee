"""A server that sends the very octets it is told to, and remembers what it was asked."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from enum import Enum, auto
from types import TracebackType
from typing import Self


class Do(Enum):
    """What the server does besides sending octets."""

    CLOSE = auto()
    RESET = auto()
    HANG = auto()


Stream = Callable[[], AsyncIterator[bytes]]
Step = bytes | Do | Stream
Script = tuple[Step, ...]


def answer(
    body: bytes = b"", *fields: tuple[bytes, bytes], status: int = 200, length: int | None = None
) -> bytes:
    """A well-formed answer; ``length`` lies about how long the body is."""
    lines = [b"HTTP/1.1 %d Said" % status]
    lines += [name + b": " + value for name, value in fields]
    lines.append(b"Content-Length: %d" % (len(body) if length is None else length))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def html(body: bytes, *fields: tuple[bytes, bytes]) -> bytes:
    return answer(body, (b"Content-Type", b"text/html; charset=utf-8"), *fields)


def text(body: bytes, *fields: tuple[bytes, bytes]) -> bytes:
    return answer(body, (b"Content-Type", b"text/plain"), *fields)


def moved(location: str | bytes, status: int = 302) -> bytes:
    where = location.encode() if isinstance(location, str) else location
    return answer(b"", (b"Location", where), status=status)


def endless(piece: bytes) -> Stream:
    """The same octets again and again, until nobody reads them."""

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield piece

    return pieces


class Wire:
    """One origin on a free loopback port; use ``async with``.

    ``asked`` holds the request targets in order, ``heads`` the request heads as sent,
    ``starts`` when each came (loop time). A path without a script is a 404.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._scripts: dict[str, list[Script]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self.connections = 0
        self.holds: dict[str, asyncio.Event] = {}
        self.arrived: dict[str, asyncio.Event] = {}
        self.running = 0
        self.most_running = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", 0, ssl=self._context
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def origin(self) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return self.origin + path

    def on(self, path: str, *steps: Step) -> None:
        """What to do when the path is asked for; said again, it is for the next time.

        The last script holds for all further times.
        """
        self._scripts.setdefault(path, []).append(steps)

    def hold(self, path: str) -> asyncio.Event:
        """Answers to this path wait until the event is set."""
        return self.holds.setdefault(path, asyncio.Event())

    def arrival(self, path: str) -> asyncio.Event:
        """An event that is set once the path has been asked for."""
        return self.arrived.setdefault(path, asyncio.Event())

    def times(self, path: str) -> int:
        return self.asked.count(path)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            # To wait for the farewell of a peer that has left would be to wait for ever.
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        target = head.split(b" ", 2)[1].decode("latin-1")
        self.heads.append(head)
        self.asked.append(target)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            if target in self.arrived:
                self.arrived[target].set()
            if target in self.holds:
                await self.holds[target].wait()
            scripts = self._scripts.get(target, [(answer(b"", status=404),)])
            return await self._play(scripts.pop(0) if len(scripts) > 1 else scripts[0], writer)
        finally:
            self.running -= 1

    async def _play(self, script: Script, writer: asyncio.StreamWriter) -> bool:
        for step in script:
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            elif step is Do.CLOSE:
                writer.close()
                return False
            elif step is Do.RESET:
                sock = writer.get_extra_info("socket")
                # With no time to linger, closing sends RST instead of FIN.
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return False
            elif step is Do.HANG:
                await asyncio.Event().wait()
            else:
                async for piece in step():
                    writer.write(piece)
                    await writer.drain()
        return True
