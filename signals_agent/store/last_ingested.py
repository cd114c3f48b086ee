"""What a corpus is made of: each asset that a ledger says was ingested, once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from signals_agent.store import stored
from signals_agent.store.reading import Reader

_TOGETHER: Final = 64

_LAST: Final = f"""
SELECT a.id, a.url, a.result,
    EXISTS (
        SELECT 1 FROM assessments o
        WHERE o.url = a.url AND o.id <> a.id
    )
FROM assessments a
WHERE a.decision = 'ingest' AND a.id > ?
AND NOT EXISTS (
    SELECT 1 FROM assessments b
    WHERE b.final_url = a.final_url AND b.decision = 'ingest'
    AND (b.checked_at, b.id) > (a.checked_at, a.id)
)
ORDER BY a.id LIMIT {_TOGETHER}
"""


@dataclass(frozen=True, slots=True)
class LastIngested:
    """An asset as it was ingested the last time; ``result`` is its JSON, as it was appended.

    ``looked_at_again`` says that the ledger has other entries of its URL.
    """

    number: int
    url: str
    result: str
    looked_at_again: bool


def last_ingested(ledger: Reader) -> Iterator[LastIngested]:
    """Each asset of a ledger that was ingested, by where it was found in the end.

    In the order of writing, read as they are asked for; raises ``StoreError``.
    """
    after = 0
    while rows := ledger.file.rows(_LAST, (after,)):
        for number, url, result, again in rows:
            yield LastIngested(number, url, stored.result_text(result, number), bool(again))
        after = rows[-1][0]


def policies(ledger: Reader) -> tuple[tuple[str, str], ...]:
    """The policies by which assets were ingested: their names and SHA-256s."""
    return tuple(
        ledger.file.rows(
            "SELECT DISTINCT policy_name, policy_sha256 FROM assessments "
            "WHERE decision = 'ingest' AND policy_sha256 IS NOT NULL ORDER BY 1, 2"
        )
    )
