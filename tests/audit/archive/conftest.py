"""Archives to be judged, written record by record, and what judging them comes to."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from signals_agent import Policy
from signals_agent.store import Ledger, Verification, packing, verify, writing
from signals_agent.wishes import Wishes

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno"


class Press:
    """Writes archives record by record; ``hours`` counts from noon."""

    OK, PLAIN, MISSING, NOON = OK, PLAIN, MISSING, NOON

    @staticmethod
    def record(url: str, block: bytes, hours: float = 0, **fields: str) -> bytes:
        at = (NOON + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
        said = {
            "WARC-Type": "response",
            "WARC-Record-ID": f"<urn:{url}:{hours}>",
            "WARC-Target-URI": url,
            "WARC-Date": at,
            "Content-Length": str(len(block)),
        } | {name.replace("_", "-"): value for name, value in fields.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items() if value)
        return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"

    @classmethod
    def page(cls, url: str, hours: float = 0, text: bytes = b"<p>words", **fields: str) -> bytes:
        return cls.record(url, OK + text, hours, **fields)

    @classmethod
    def robots(cls, origin: str, lines: bytes, hours: float = 0) -> bytes:
        return cls.record(f"{origin}/robots.txt", PLAIN + lines, hours)

    @classmethod
    def moved(cls, url: str, to: str, hours: float = 0, status: int = 301) -> bytes:
        head = f"HTTP/1.1 {status} Moved\r\nLocation: {to}\r\n\r\n".encode()
        return cls.record(url, head, hours)


@pytest.fixture
def press() -> type[Press]:
    return Press


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    def write(*records: bytes, name: str = "a.warc") -> str:
        path = tmp_path / name
        path.write_bytes(b"".join(records))
        return str(path)

    return write


def wishes(policy: Policy | None = None, **more: Any) -> Wishes:
    told = {"uses": None if policy else ["train-generative"], "depth": "page"} | more
    return Wishes.prepare(
        told.get("token", "ExampleBot"),
        (),
        told.get("acquired_by"),
        policy,
        told["uses"],
        "cumulative",
        told["depth"],
        told.get("now", NOON + timedelta(days=20)),
        None,
    )


class Bench:
    """Judges archives; results are told as the store will have them."""

    wishes = staticmethod(wishes)

    @staticmethod
    def all(files: str | Sequence[str], **more: Any) -> list[Any]:
        # Only here, for without fastwarc there is none.
        from signals_agent.audit.archive import judged

        paths = [files] if isinstance(files, str) else files
        return list(judged(paths, run=more.pop("run", None) or wishes(), **more))

    @classmethod
    def results(cls, files: str | Sequence[str], **more: Any) -> list[dict[str, Any]]:
        return [cls.result(each) for each in cls.all(files, **more)]

    @staticmethod
    def result(made: Any) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(packing.unpack(made.record.row[-2]))
        return told

    @staticmethod
    def looked(result: dict[str, Any]) -> dict[str, str]:
        """How looking at each source ended."""
        return {each["source"]: each["availability"] for each in result["coverage"]}

    @staticmethod
    def verified(made: Sequence[Any], path: Path) -> int:
        """Write all into a ledger, and recompute every one from what stands there."""
        with Ledger(path) as ledger:
            with ledger.file.writing() as connection:
                writing.write_many(connection, [each.record for each in made])
            counted = Verification()
            assert list(verify(ledger, counted)) == []
            return counted.equal


@pytest.fixture
def bench() -> type[Bench]:
    return Bench
