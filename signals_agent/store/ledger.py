"""The ledger: how it is opened, and how assessments are appended to it."""

import os
from collections.abc import Iterable
from itertools import islice
from types import TracebackType
from typing import Final, Self

from signals_agent.errors import UsageError
from signals_agent.evidence import of as evidence_of
from signals_agent.model.assessment import Assessment
from signals_agent.store import writing
from signals_agent.store.connection import TIMEOUT
from signals_agent.store.file import File
from signals_agent.store.tightening import Watcher

_TOGETHER: Final = 64
"""How many assessments are written in one transaction."""


class Ledger(Watcher):
    """Assessments in one SQLite file; nothing that was appended is changed later.

    Many processes may append to one file, each with a ``Ledger`` of its own; within a
    process it may be used by several threads. An ``append`` that returned is on the disk.
    ``read_only`` changes neither the file nor the ``-wal`` beside it. ``create=False`` refuses
    to make a file that is missing. ``timeout`` is in seconds: how long others that write are
    waited for. Raises ``StoreError`` where the file cannot be used: locked, damaged, read-only,
    full, missing, no ledger, or written by newer software.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        read_only: bool = False,
        create: bool = True,
        timeout: float = TIMEOUT,
    ) -> None:
        self.file = File(path, read_only=read_only, create=create, timeout=timeout)

    @property
    def path(self) -> str:
        """Where the ledger is."""
        return self.file.path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; doing so twice does no harm."""
        self.file.close()

    def append(self, assessment: Assessment) -> str:
        """Write one assessment down, with all that it rests on; its id in the ledger.

        All of it in one transaction, or nothing. The same assessment again (the same inputs,
        result and time) is written once, whoever appends it. Raises ``StoreError``, and
        ``EvidenceError`` where what the assessment rests on is no longer at hand: one that was
        read back from JSON.
        """
        return self.append_many((assessment,))[0]

    def append_many(self, assessments: Iterable[Assessment]) -> list[str]:
        """Write several down, up to 64 in one transaction; their ids in order.

        Where it fails, the transactions before are written, and of the last one nothing.
        """
        waiting = iter(assessments)
        ids: list[str] = []
        while batch := [self._record(each) for each in islice(waiting, _TOGETHER)]:
            with self.file.writing() as connection:
                writing.write_many(connection, batch)
            ids += [each.key for each in batch]
        return ids

    @staticmethod
    def _record(assessment: Assessment) -> writing.Record:
        """The rows, made before the file is locked for writing."""
        if not isinstance(assessment, Assessment):
            raise UsageError(f"a ledger takes an Assessment, not {type(assessment).__name__}")
        held = evidence_of(assessment)
        return writing.record(assessment, held.document, held.blobs, held.text)
