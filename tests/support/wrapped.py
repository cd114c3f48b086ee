"""What the tests of wrapped clients and crawlers share: what sites say, and how we ask."""

import shutil
from pathlib import Path
from typing import Any

import httpx
from wire import text

from signals_agent.store import Ledger
from signals_agent.store.verify import verify

ALLOWED = text(b"User-agent: *\nAllow: /\nDisallow: /closed\n")
MUSEUM = text(b"User-agent: *\nContent-Usage: /media train-ai=n;exceptions=cc-cr\nAllow: /\n")
NO = (b"Content-Usage", b"train-ai=n")
CREDIT = (b"Content-Usage", b"train-ai=n;exceptions=cc-cr")
USES = ["train-generative"]


def settings(**policy: object) -> dict[str, Any]:
    """An agent's arguments; what else is given is policy."""
    return {
        "token": "ExampleBot",
        "contact": "https://us.example/bot",
        "allow_private": True,
        "policy": {"uses": USES, **policy},
    }


def client_of(transport: httpx.AsyncBaseTransport, **more: Any) -> httpx.AsyncClient:
    """A client that does everything through a transport."""
    return httpx.AsyncClient(transport=transport, **more)


def written(file: Path) -> list[tuple[str, str | None]]:
    """What a ledger holds, as URL and decision in the order of writing; each recomputed alike."""
    with Ledger(file, read_only=True) as ledger:
        assert not list(verify(ledger))
        return [(entry.url, entry.decision) for entry in ledger]


def chromium() -> str | None:
    """Where a Chromium stands on this machine."""
    names = ("chromium", "chromium-browser")
    return next((found for each in names if (found := shutil.which(each))), None)
