"""The same requests and nothing else: a bare loop on the transport that is used by default."""

import asyncio
import sys
from pathlib import Path

import httpx
from httpx_aiohttp import AiohttpTransport

CONCURRENCY = 64


async def main(urls: list[str]) -> None:
    """Fetch every URL, 64 at a time."""
    limits = httpx.Limits(max_connections=CONCURRENCY * 2, max_keepalive_connections=CONCURRENCY)
    transport = AiohttpTransport(limits=limits)
    queue = iter(urls)
    async with httpx.AsyncClient(transport=transport, timeout=30) as client:

        async def worker() -> None:
            for url in queue:
                await client.get(url)

        await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text("utf-8").split()))
