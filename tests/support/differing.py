"""Answers for a few URLs that say one thing or another, and states that hold them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ledgers import START

import signals_agent as sa
from signals_agent.audit.difference import Changed, Differ
from signals_agent.audit.difference.states import Held
from signals_agent.evidence import Evidence, as_stored
from signals_agent.store.runs import Run
from signals_agent.store.writing import canonical

ORIGIN = "https://press.example"
OPEN = b"User-agent: *\nAllow: /\n"
SIGNAL = b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n"
CREDIT = b"User-agent: *\nContent-Usage: train-genai=n;exceptions=cc-cr\nAllow: /\n"
CLOSED = b"User-agent: *\nDisallow: /\n"
TDM = b'[{"location": "/*", "tdm-reservation": 1}]'
YES, NO = ("Content-Usage", "train-ai=y"), ("Content-Usage", "train-ai=n")
ON_CREDIT = ("Content-Usage", "train-genai=n;exceptions=cc-cr")
BY, BY_NC = (
    ("Link", f'<https://creativecommons.org/licenses/{name}/4.0/>; rel="license"')
    for name in ("by", "by-nc")
)
PAGE = b"<html><head><title>x</title></head><body><p>x</body></html>"


def answer(
    url: str = f"{ORIGIN}/a",
    *said: tuple[str, str],
    robots: object = OPEN,
    tdm: object = sa.ABSENT,
    body: bytes = PAGE,
    status: int = 200,
    day: int = 0,
    policy: Mapping[str, Any] | None = None,
    **more: Any,
) -> sa.Assessment:
    """What a page comes to, that says this in its header section."""
    now = START.replace(day=START.day + day)
    capture = sa.Capture(url, status, [("Content-Type", "text/html"), *said], body, fetched_at=now)
    if isinstance(robots, bytes):
        origin = "/".join(url.split("/")[:3])
        robots = sa.Capture(f"{origin}/robots.txt", 200, (), robots, fetched_at=now)
    return sa.assess(
        capture,
        robots=robots,
        site_files={"/.well-known/tdmrep.json": tdm},
        policy=sa.Policy.make({"uses": ["train-generative"], **(policy or {})}),
        now=now,
        **{"token": "ExampleBot", **more},
    )


VARIANTS: Sequence[Mapping[str, Any]] = (
    {"said": ()},
    {"said": (YES,)},
    {"said": (NO,)},
    {"said": (ON_CREDIT,)},
    {"said": (BY,)},
    {"said": (BY_NC, YES)},
    {"said": (), "robots": SIGNAL},
    {"said": (), "robots": CREDIT},
    {"said": (NO,), "robots": CREDIT},
    {"said": (), "tdm": TDM},
    {"said": (YES,), "tdm": TDM, "robots": SIGNAL},
    {"said": (), "robots": sa.ABSENT},
)
"""What a site may say, every source of it looked at, and nothing refused."""

BLIND: Sequence[Mapping[str, Any]] = (
    *VARIANTS,
    {"said": (NO,), "robots": CLOSED},
    {"said": (), "robots": sa.UNREACHABLE},
    {"said": (YES,), "robots": SIGNAL, "tdm": sa.UNREACHABLE},
    {"said": (), "status": 404},
    {"said": (), "status": 503, "robots": SIGNAL},
    {"said": (NO,), "status": 403},
)
"""The same, and what could not be looked at."""


@lru_cache(maxsize=512)
def variant(url: str, which: int, day: int = 0) -> sa.Assessment:
    """One of what a site may say, at a URL."""
    given = dict(BLIND[which])
    return answer(url, *given.pop("said"), day=day, **given)


@dataclass
class Made:
    """A state made of answers by URL; ``None`` stands for one that was not asked."""

    answers: Mapping[str, sa.Assessment | None]
    label: str = "made"
    run: Run | None = None
    looked_into: list[int] = field(default_factory=list)

    def rows(self) -> Iterator[Held]:
        for number, url in enumerate(sorted(self.answers), 1):
            found = self.answers[url]
            yield Held(url, number if found else 0, text(found) if found else "")

    def evidence(self, entry: int) -> Evidence:
        self.looked_into.append(entry)
        found = self.answers[sorted(self.answers)[entry - 1]]
        assert found is not None
        return as_stored(found)


def text(of: sa.Assessment) -> str:
    """A result as a store has it."""
    return canonical(of.model_dump(mode="json"))


def differ(
    before: Mapping[str, sa.Assessment | None],
    after: Mapping[str, sa.Assessment | None],
    **options: Any,
) -> tuple[Differ, dict[str, Changed]]:
    """What changed, by URL, with what counted it."""
    made = Differ(Made(before), Made(after), **options)
    return made, {each.url: each for each in made.changes()}


def changed(before: sa.Assessment, after: sa.Assessment, **options: Any) -> Changed | None:
    """What changed for one URL."""
    return differ({before.url: before}, {before.url: after}, **options)[1].get(before.url)
