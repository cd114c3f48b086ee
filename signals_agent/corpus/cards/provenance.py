"""Where a corpus comes from, and what was looked at and is not in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the reader of a corpus knows of its making; what is not known is ``None``.

    ``crawled`` is true where it was read from ledgers alone, false where from lists alone.
    ``held`` and ``skipped`` are the URLs that were looked at and not ingested, ``tightened``
    those that were ingested, became stricter since and were dropped (rule R38), ``unread`` the
    lines that could not be read. ``policy`` is the name of the policy that decided,
    ``policy_sha256`` its hash.
    """

    crawled: bool | None = None
    held: int | None = None
    skipped: int | None = None
    tightened: int | None = None
    unread: int | None = None
    policy: str | None = None
    policy_sha256: str | None = None

    def missing(self) -> tuple[str, ...]:
        """What is not in the corpus, a sentence for each reason that is known."""
        told = (
            (self.skipped, "skipped: a publisher refuses, or a licence forbids what is planned"),
            (self.held, "held: something owed is not committed to, or could not be found out"),
            (self.tightened, "dropped: what was declared for them became stricter"),
            (self.unread, "left out: their line in the list could not be read"),
        )
        return tuple(f"{number:,} {why}." for number, why in told if number)
