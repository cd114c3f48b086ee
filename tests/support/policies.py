"""Policies of a recipient, from text and from files, and what one comes to for a page."""

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from press import NOW, PAGE, page

import signals_agent as sa
from signals_agent.openness.components import PARTS

CONTRACT = b"%PDF-1.7 what was agreed"
DIGEST = sha256(CONTRACT).hexdigest()
ORIGIN = "https://press.example"
AGREED = (
    f'[[agreement]]\nparty = "Press"\norigins = ["{ORIGIN}"]\nuses = ["train-generative"]\n'
    'document = "press.pdf"\n'
)
"""An agreement that a file shows."""
ASSERTED = AGREED.replace("press.pdf", "https://vault.example/press.pdf")
"""The same, shown by a URL, which nobody looks at."""
CREDIT = '[[commitment]]\nkind = "credit"\nevidence = "https://us.example/card"\n'
REFUSED = ("Content-Usage", "train-ai=n")
STATED = (
    '[[statement]]\nlicence = "CC-BY-ND-4.0"\norigins = ["https://d.example"]\n'
    'activity = "mirror"\nanswer = "ok"\nurl = "https://d.example/faq"\n'
)
"""A licensor's statement."""


def owing(exceptions: str) -> sa.Capture:
    """A page that may be trained on by whom meets these signals."""
    return page(PAGE, ("Content-Usage", f"train-ai=n;exceptions={exceptions}"))


def verdict(
    capture: sa.Capture, policy: sa.Policy, now: datetime = NOW, robots: Any = sa.ABSENT
) -> tuple[str, str]:
    """The decision for training a generative model, and all its reasons as one text."""
    result = sa.assess(
        capture, robots=robots, policy=policy, uses=["train-generative"], now=now, token="OurBot"
    )
    assert result.verdict is not None
    return result.verdict.decision.value, " | ".join(each.text for each in result.verdict.reasons)


def load(place: Path, text: str) -> sa.Policy:
    """The policy of a file in a folder, with this text."""
    (place / "policy.toml").write_text(text)
    return sa.Policy.load(place / "policy.toml")


def described(parts: int, licence: str = "Apache-2.0") -> str:
    """A model's description with the first so many components of the framework."""
    names = [each.name for each in PARTS[:parts]]
    parted = [{"name": name, "license": licence} for name in names]
    return json.dumps(
        {
            "framework": {"name": "Model Openness Framework", "version": "1.0"},
            "release": {"name": "M", "producer": "P", "license": {}, "components": parted},
        }
    )
