"""Which exit code --fail-on comes to."""

from pathlib import Path

import audit_stores
import pytest
from audit_stores import Listed

import signals_agent as sa
from signals_agent.audit import outcome
from signals_agent.store.snapshot import Snapshot


def told(field: str = "", robots: object = b"", uses: tuple[str, ...] = ("train-generative",)):
    headers = [("Content-Usage", field)] if field else []
    page = sa.Capture("https://a.example/", 200, headers, b"<p>")
    return sa.assess(page, robots=robots, token="ExampleBot", uses=uses or None)


INGEST, SKIP = told(), told("train-ai=n")
UNMET = told("train-ai=n;exceptions=cc-cr")
UNKNOWN = told(robots=sa.UNREACHABLE)
NO_VERDICT = told("train-ai=n", uses=())


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ([INGEST, INGEST], (0, 0, 0)),
        ([INGEST, SKIP], (1, 1, 0)),
        ([INGEST, UNMET], (0, 1, 0)),
        ([INGEST, UNKNOWN], (0, 3, 3)),
        ([UNKNOWN, UNMET], (0, 1, 3)),
        ([UNKNOWN, SKIP], (1, 1, 3)),
        ([INGEST, None], (0, 3, 3)),
        ([NO_VERDICT], (1, 1, 0)),
        ([], (0, 0, 0)),
    ],
    ids=[
        "all is ingested",
        "one is skipped",
        "one is held for what is owed",
        "one could not be found out",
        "worst counts: what is owed",
        "worst counts: skipped",
        "one was not asked",
        "without a verdict every use counts",
        "nothing",
    ],
)
def test_the_code_is_that_of_the_worst(
    tmp_path: Path, answers: list[sa.Assessment | None], codes: tuple[int, int, int]
) -> None:
    rows = [Listed(f"https://a{n}.example/", each) for n, each in enumerate(answers)]
    audit_stores.of(tmp_path / "audit.db", rows)
    with Snapshot(tmp_path / "audit.db") as made:
        found = tuple(outcome.code(made, each) for each in ("skip", "hold", "undetermined"))
    assert found == codes
