"""Who may go on with an audit: one process at a time, known by a lock that dies with it."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from signals_agent import quote
from signals_agent.errors import StoreError
from signals_agent.store.connection import shown

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_SUFFIX: Final = "-owner"


class Owner:
    """The one process that runs an audit in a store; use ``with``.

    It holds a lock on a small file beside the store, which the system lets go of however the
    process ends. Raises ``StoreError`` where another process has it.
    """

    def __init__(self, store: str) -> None:
        self._store = store
        self._path = Path(os.path.realpath(store) + _SUFFIX)
        self._file = -1

    def __enter__(self) -> Self:
        while True:
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                raise StoreError(
                    f"{shown(str(self._path))} cannot be made, which keeps two audits from one "
                    f"store: {error.strerror}"
                ) from None
            try:
                _lock(self._file)
            except OSError:
                who = quote.text(os.read(self._file, 100), 100)
                os.close(self._file)
                raise StoreError(
                    f"another process{f' ({who})' if who else ''} runs an audit in "
                    f"{shown(self._store)}; wait until it has ended, or take another --store"
                ) from None
            if _is(self._file, self._path):
                break
            # Its last owner took it away after we had opened it.
            os.close(self._file)
        os.ftruncate(self._file, 0)
        os.write(self._file, f"number {os.getpid()}".encode("ascii"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # While it is still locked: whoever opens it by its name from now on makes a new one.
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def _is(file: int, path: Path) -> bool:
    """Whether the file that is open still has its name."""
    try:
        named = path.stat()
    except OSError:
        return False
    opened = os.fstat(file)
    return (opened.st_dev, opened.st_ino) == (named.st_dev, named.st_ino)
