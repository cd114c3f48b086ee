"""Keeps each exchange in WARC files, written beside the event loop by a thread of its own."""

import os
import re
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from signals_agent.errors import StoreError
from signals_agent.model.capture import Capture, Role
from signals_agent.recording import records

GIB: Final = 1024 * 1024 * 1024
_MOST_WAITING: Final = 64 * 1024 * 1024
"""Octets that may wait to be written; whoever brings more waits for room."""
_OVERHEAD: Final = 2048
"""Octets that a capture is taken to need beside its body."""


class Recorder:
    """Writes what was fetched to ``NAME-00001.warc.gz`` and so on; use ``with``.

    ``take`` is to be shown each exchange once (``Agent(witness=recorder.take)``), from any
    thread. A file of more than ``max_bytes`` octets is followed by another one. Every
    record is a gzip member of its own and is written whole before the next one: after a
    sudden end all but the last can be read. No file is ever opened again: each recorder
    begins at the next free number. ``depth`` is how much of an asset is read, so that a
    part is not taken for the whole.

    Raises ``StoreError`` where the folder cannot be written, and from then on with every
    call: nothing goes unrecorded without a word. The caller ends its run then.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        software: str,
        user_agent: str,
        max_bytes: int = GIB,
        name: str = "signals",
        depth: str = "page",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folder, self._name, self._max_bytes = Path(folder), name, max_bytes
        self._maker = records.Maker(software, user_agent, depth)
        self._now = now
        self._files: list[Path] = []
        self._file: FileIO | None = None
        self._about = ""
        self._size = self._held = 0
        lock = threading.Lock()
        self._arrived, self._written = threading.Condition(lock), threading.Condition(lock)
        self._waiting: deque[tuple[Capture, Role]] = deque()
        self._octets = 0
        self._taken = self._done = 0
        self._closing = False
        self._failure: Exception | None = None
        self._said = ""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._open()
        except OSError as error:
            self._leave()
            raise StoreError(self._words(error)) from None
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.close()
        except StoreError:
            # What is under way has said it already, or says something else that matters more.
            if error is None:
                raise

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were begun, in order."""
        return tuple(self._files)

    @property
    def written(self) -> int:
        """How many exchanges are in them."""
        return self._done

    def take(self, capture: Capture, role: Role) -> None:
        """Keep one exchange. It returns at once unless the disk is far behind.

        Raises ``StoreError`` once something could not be written, and after ``close``.
        """
        octets = _OVERHEAD + len(capture.body or b"")
        with self._written:
            while self._octets > _MOST_WAITING and self._failure is None:
                self._written.wait()
            self._check()
            if self._closing:
                raise StoreError(f"the record in {self._folder} is closed")
            self._waiting.append((capture, role))
            self._octets += octets
            self._taken += 1
            self._arrived.notify()

    def flush(self) -> None:
        """Wait until all that was taken so far is in its file: before answers are committed.

        It then outlives the process, though not the machine. Raises ``StoreError``.
        """
        with self._written:
            taken = self._taken
            while self._done < taken and self._failure is None:
                self._written.wait()
            self._check()

    def close(self) -> None:
        """Write what is waiting, and end. Raises ``StoreError`` where not all could be kept."""
        with self._arrived:
            self._closing = True
            self._arrived.notify()
        self._thread.join()
        self._check()

    def _work(self) -> None:
        try:
            while (each := self._next()) is not None:
                capture, role = each
                self._write(capture, role)
                with self._written:
                    self._octets -= _OVERHEAD + len(capture.body or b"")
                    self._done += 1
                    self._written.notify_all()
            self._finish()
        except Exception as error:  # whatever it was, it is told to those who wait
            self._leave()
            with self._written:
                self._failure, self._said = error, self._words(error)
                self._waiting.clear()
                self._written.notify_all()

    def _next(self) -> tuple[Capture, Role] | None:
        with self._arrived:
            while not self._waiting:
                if self._closing:
                    return None
                self._arrived.wait()
            return self._waiting.popleft()

    def _write(self, capture: Capture, role: Role) -> None:
        octets = self._records(capture, role)
        if self._held and self._size + len(octets) > self._max_bytes:
            self._finish()
            self._open()
            # A record names the first record of its file.
            octets = self._records(capture, role)
        self._append(octets)
        self._held += 1

    def _records(self, capture: Capture, role: Role) -> bytes:
        return records.exchange(self._maker, capture, role, self._now(), self._about, self._held)

    def _open(self) -> None:
        """Begin the next file, which nobody else has begun."""
        number = self._last() + 1
        while True:
            path = self._folder / f"{self._name}-{number:05d}.warc.gz"
            try:
                self._file = FileIO(path, "xb")
                break
            except FileExistsError:
                number += 1
        self._files.append(path)
        self._size = self._held = 0
        self._about, octets = records.warcinfo(self._maker, path.name, self._now())
        self._append(octets)

    def _last(self) -> int:
        """The highest number in use."""
        pattern = re.compile(re.escape(self._name) + r"-(\d{1,9})\.warc\.gz")
        found = (pattern.fullmatch(each.name) for each in self._folder.iterdir())
        return max((int(each[1]) for each in found if each), default=0)

    def _append(self, octets: bytes) -> None:
        assert self._file is not None
        left = memoryview(octets)
        while left:
            left = left[self._file.write(left) or 0 :]
        self._size += len(octets)

    def _finish(self) -> None:
        """The file is complete, and on the disk."""
        assert self._file is not None
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        if not self._held:
            self._files.pop().unlink()

    def _leave(self) -> None:
        """Give the file up at the last record that is whole."""
        if self._file is not None:
            with suppress(OSError):
                self._file.truncate(self._size)
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _check(self) -> None:
        if self._failure is not None:
            raise StoreError(self._said) from self._failure

    def _words(self, error: Exception) -> str:
        where = self._files[-1] if self._files else self._folder
        why = error.strerror if isinstance(error, OSError) else None
        lost = self._taken - self._done
        after = f"; the last {lost} of {self._taken} exchanges are not in it" if lost else ""
        return f"cannot record what is fetched in {where}: {why or type(error).__name__}{after}"
