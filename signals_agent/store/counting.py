"""How much a ledger holds."""

from typing import Any

from signals_agent.model.verdict import Decision
from signals_agent.store import writing
from signals_agent.store.entry import Count
from signals_agent.store.file import File


def count(file: File) -> Count:
    """How many there are of what a ledger keeps, and the chain that stands for all of it."""

    def one(query: str) -> Any:
        found = file.rows(query)
        return found[0][0] if found else None

    with file.reading():  # one turn for all
        decisions = dict(file.rows("SELECT decision, count(*) FROM assessments GROUP BY decision"))
        return Count(
            assessments=sum(decisions.values()),
            urls=one("SELECT count(DISTINCT url) FROM assessments"),
            ingested=decisions.get(Decision.INGEST.value, 0),
            held=decisions.get(Decision.HOLD.value, 0),
            skipped=decisions.get(Decision.SKIP.value, 0),
            without_verdict=decisions.get(None, 0),
            captures=one("SELECT count(*) FROM captures"),
            declarations=one("SELECT count(*) FROM declarations"),
            obligations=one("SELECT count(*) FROM obligations"),
            blobs=one("SELECT count(*) FROM blobs"),
            octets=one("SELECT coalesce(sum(length(octets)), 0) FROM blobs"),
            chain=one("SELECT chain FROM assessments ORDER BY id DESC LIMIT 1") or writing.FIRST,
        )
