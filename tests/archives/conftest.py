"""Archives, written by warcio or octet by octet."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

WHEN = "2026-11-01T12:00:00Z"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


class Press:
    """Writes archives record by record."""

    @staticmethod
    def record(
        url: str,
        block: bytes,
        *,
        kind: str = "response",
        length: int | None = None,
        **fields: str,
    ) -> bytes:
        """A WARC record; ``length`` lies about its block."""
        said = {
            "WARC-Type": kind,
            "WARC-Record-ID": f"<urn:{url}:{kind}>",
            "WARC-Target-URI": url,
            "WARC-Date": WHEN,
            "Content-Type": "application/http; msgtype=response",
            "Content-Length": str(len(block) if length is None else length),
        } | {name.replace("_", "-"): value for name, value in fields.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items() if value)
        return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"

    @classmethod
    def page(cls, name: str, text: bytes = b"", **more: str) -> bytes:
        return cls.record(f"https://a.example/{name}", OK + b"<p>" + name.encode() + text, **more)

    @staticmethod
    def gz(*records: bytes) -> bytes:
        return b"".join(gzip.compress(each, mtime=0) for each in records)


@pytest.fixture
def press() -> type[Press]:
    return Press


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(octets: bytes, name: str = "a.warc") -> Path:
        path = tmp_path / name
        path.write_bytes(octets)
        return path

    return write


@pytest.fixture
def warcio_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes raw responses, by URL, as warcio does."""
    warcwriter = pytest.importorskip("warcio.warcwriter", reason="archives are written by warcio")

    def write(answers: dict[str, bytes], name: str = "a.warc.gz") -> Path:
        path = tmp_path / name
        with path.open("wb") as out:
            writer = warcwriter.WARCWriter(out, gzip=name.endswith(".gz"))
            for url, octets in answers.items():
                writer.write_record(
                    writer.create_warc_record(
                        url,
                        "response",
                        payload=io.BytesIO(octets),
                        warc_headers_dict={"WARC-Date": WHEN},
                    )
                )
        return path

    return write
