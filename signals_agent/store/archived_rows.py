"""How the answers of archives come into the store of their run: listed and answered at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from signals_agent import url as urls
from signals_agent.store import writing
from signals_agent.store.file import File
from signals_agent.store.run_names import RunNames
from signals_agent.store.runs import Run
from signals_agent.store.writing import Record


@dataclass(frozen=True, slots=True)
class Archived:
    """A response of an archive, with the record of its answer.

    ``source`` is the file that it stands in, and ``line`` the offset there, 0 where none
    leads to it.
    """

    url: str
    source: str
    line: int
    record: Record


class ArchivedRows:
    """The rows of one run of archives."""

    def __init__(self, file: File, run: Run) -> None:
        self._file = file
        self._run = run.number
        self._names = RunNames(run)

    def count(self) -> int:
        """How many there are: so many are behind a run that goes on."""
        ((count,),) = self._file.rows("SELECT count(*) FROM listed WHERE run = ?", (self._run,))
        return int(count)

    def write(self, answers: Sequence[Archived]) -> None:
        """Write answers down with all that they rest on: all of them, or none."""
        try:
            with self._file.writing() as connection:
                entries = writing.write_many(connection, [each.record for each in answers])
                connection.executemany(
                    "INSERT INTO listed (run, host, url, input, line, rank, assessment) "
                    "VALUES (?, ?, ?, ?, ?, 0, ?)",
                    [
                        (
                            self._run,
                            self._names.host(connection, urls.parse(each.url).origin),
                            each.url,
                            self._names.input(connection, each.source),
                            each.line,
                            entry,
                        )
                        for each, entry in zip(answers, entries, strict=True)
                    ],
                )
        except BaseException:
            self._names.forget()
            raise
