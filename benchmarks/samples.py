"""Real pages and robots.txt files, where they lie beside the checkout; else made-up ones."""

import gzip
from pathlib import Path

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


def pages() -> tuple[list[bytes], str]:
    """Whole HTML pages as octets, and what they are."""
    found = [gzip.decompress(file.read_bytes()) for file in sorted(DATA.glob("pages/*.html.gz"))]
    if found:
        return found, f"{len(found)} real pages"
    filler = b"<p>" + b"The quick brown fox jumps over the lazy dog. " * 40 + b"</p>\n"
    head = (
        b"<!doctype html><html><head><title>Made up</title>"
        + b'<meta name="viewport" content="width=device-width">' * 12
        + b'<meta name="robots" content="index, follow, max-image-preview:large"></head><body>'
    )
    return [head + filler * n for n in range(20, 110, 2)], "45 made-up pages"


def robots_files() -> tuple[list[bytes], str]:
    """robots.txt files as octets, and what they are."""
    found = (
        [file.read_bytes() for file in sorted((DATA / "robots").iterdir())] if DATA.is_dir() else []
    )
    if found:
        return found, f"{len(found)} real robots.txt files"
    group = b"User-agent: %s\n" + b"".join(b"Disallow: /path/%d/*\n" % n for n in range(40)) + b"\n"
    made = [b"".join(group % name for name in (b"*", b"GPTBot", b"CCBot")) for _ in range(60)]
    return made, "60 made-up robots.txt files"
