"""A wild web on loopback in a process of its own: hundreds of origins, a third of it broken.

``python tests/support/wild_farm.py COUNT LOG`` prints one line of JSON, the addresses of
the origins by number, and serves until its standard input ends. What it was asked is written to
the file LOG (``wild_watch`` reads it); a line on standard input has all of it written out,
and is answered by ``written``.
"""

import asyncio
import contextlib
import json
import signal
import socket
import ssl
import struct
import sys
import time
from collections import Counter
from pathlib import Path
from typing import BinaryIO

from wild import LEFT, Web, trait
from wild_answers import script
from wire import Do, Script

LONGEST = 60.0
"""Seconds after which whatever hangs, stalls or dribbles ends."""
_IDLE = 90.0
_HERE = Path(__file__).parent
_CERTIFICATES = {
    "secure": "loopback.pem",
    "self-signed": "loopback-unknown.pem",
    "expired": "loopback-expired.pem",
}


class Farm:
    """All origins of a web, and the log of what they were asked."""

    def __init__(self, log: BinaryIO) -> None:
        self._log = log
        self.web = Web(())
        self.open: Counter[int] = Counter()
        self.running: Counter[int] = Counter()
        self.times: Counter[tuple[int, str]] = Counter()
        self._servers: list[asyncio.Server] = []
        self._sockets: list[socket.socket] = []

    async def start(self, count: int) -> None:
        """Open so many origins."""
        self.web = Web([await self._open(number) for number in range(count)])

    async def _open(self, number: int) -> str:
        like = trait(number)
        if like.name == "name-error":
            return f"http://nobody-{number}.invalid"
        # Addresses of their own, where there are such, so that hosts differ and not ports alone.
        # The certificates are for 127.0.0.1.
        host = (
            "127.0.0.1"
            if like.scheme == "https"
            else f"127.0.{1 + number // 250}.{1 + number % 250}"
        )
        sock = socket.socket()
        try:
            sock.bind((host, 0))
        except OSError:
            host = "127.0.0.1"
            sock.bind((host, 0))
        if like.name == "port-closed":
            self._sockets.append(sock)
        else:
            context = None
            if like.name in _CERTIFICATES:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(_HERE / _CERTIFICATES[like.name])
            loop = asyncio.get_running_loop()
            self._servers.append(
                await loop.create_server(
                    lambda: Connection(self, number), sock=sock, ssl=context, backlog=512
                )
            )
        return f"{like.scheme}://{host}:{sock.getsockname()[1]}"

    def asked(self, number: int, target: str) -> Script:
        """What to do for a request, which is written down."""
        if len(self.times) < 100_000:
            self.times[number, target] += 1
        self.note(number, target)
        return script(self.web, number, target, self.times[number, target])

    def note(self, number: int, what: str) -> None:
        """Write down that a target was asked for, or that one was left (``LEFT``)."""
        self._log.write(
            b"%.6f %d %d %d %s\n"
            % (
                time.time(),
                number,
                self.open[number],
                self.running[number],
                what.encode("latin-1"),
            )
        )

    def flush(self) -> None:
        """Everything that was asked so far is in the file."""
        self._log.flush()

    def close(self) -> None:
        """Let go of everything."""
        for server in self._servers:
            server.close()
        for sock in self._sockets:
            sock.close()


class Connection(asyncio.Protocol):
    """One connection to an origin: one request after the other."""

    def __init__(self, farm: Farm, number: int) -> None:
        self._farm = farm
        self._number = number
        self._buffer = b""
        self._playing: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._farm.open[self._number] += 1
        self._idle = asyncio.get_running_loop().call_later(_IDLE, transport.abort)

    def connection_lost(self, error: Exception | None) -> None:
        self._farm.open[self._number] -= 1
        self._writable.set()
        if self._idle is not None:
            self._idle.cancel()
        if self._playing is not None:
            self._playing.cancel()

    def eof_received(self) -> None:
        # Who has left is not sent the rest, and what it asked for is no longer under way.
        self._transport.abort()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        if trait(self._number).name == "no-tls":
            # What came is the beginning of a conversation in TLS.
            self._transport.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            self._transport.close()
            return
        self._buffer += data
        if len(self._buffer) > 65536:
            self._transport.abort()
        self._next()

    def _next(self) -> None:
        while self._playing is None and b"\r\n\r\n" in self._buffer:
            head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
            self._farm.running[self._number] += 1
            steps = self._farm.asked(self._number, head.split(b" ", 2)[1].decode("latin-1"))
            if len(steps) == 1 and isinstance(steps[0], bytes):
                self._transport.write(steps[0])
                self._farm.running[self._number] -= 1
            else:
                self._playing = asyncio.ensure_future(self._play(steps))
                self._playing.add_done_callback(self._played)

    def _played(self, task: asyncio.Task[None]) -> None:
        self._farm.running[self._number] -= 1
        self._playing = None
        if task.cancelled():
            self._farm.note(self._number, LEFT)
        if task.cancelled() or self._transport.is_closing():
            return
        self._next()

    async def _play(self, steps: Script) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                for step in steps:
                    if isinstance(step, bytes):
                        await self._send(step)
                    elif step is Do.CLOSE:
                        self._transport.close()
                    elif step is Do.RESET:
                        sock = self._transport.get_extra_info("socket")
                        # With no time to linger, closing sends RST instead of FIN.
                        sock.setsockopt(
                            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                        )
                        self._transport.abort()
                    elif step is Do.HANG:
                        await asyncio.sleep(LONGEST)
                    else:
                        async with contextlib.aclosing(step()) as pieces:  # type: ignore[type-var]  # all of ours are generators
                            async for piece in pieces:
                                await self._send(piece)
        except TimeoutError:
            self._transport.abort()

    async def _send(self, octets: bytes) -> None:
        self._transport.write(octets)
        # Also where nobody waits, others come first.
        await (asyncio.sleep(0) if self._writable.is_set() else self._writable.wait())


async def main(count: int, log: Path) -> None:
    """Serve until standard input ends, or a signal says stop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, stop.set)
    with log.open("ab", buffering=1 << 16) as file:
        farm = Farm(file)
        await farm.start(count)
        print(json.dumps(farm.web.origins), flush=True)

        def told() -> None:
            if not sys.stdin.buffer.raw.read(4096):
                loop.remove_reader(sys.stdin)
                stop.set()
                return
            farm.flush()
            print("written", flush=True)

        loop.add_reader(sys.stdin, told)
        await stop.wait()
        farm.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
