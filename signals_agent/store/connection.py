"""How a ledger's file is opened, and what a fault of SQLite is called in one clear sentence."""

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from signals_agent import quote
from signals_agent.errors import StoreError
from signals_agent.store import migrations

TIMEOUT: Final = 60.0
"""For how many seconds another process that writes is waited for."""

_PAGE: Final = 512
"""The octets of the smallest page that SQLite knows."""

_SAID: Final = {
    "SQLITE_BUSY": "is locked by another process; waited {timeout:g} s",
    "SQLITE_LOCKED": "is locked by another process; waited {timeout:g} s",
    "SQLITE_CORRUPT": "is damaged: {detail}",
    "SQLITE_NOTADB": "is no SQLite file, and so no ledger",
    "SQLITE_READONLY": "is read-only",
    "SQLITE_FULL": "has no room left to grow, and what was being written is not in it",
    "SQLITE_CANTOPEN": "cannot be opened: {detail}",
    "SQLITE_IOERR": "cannot be read or written: {detail}",
    "SQLITE_PERM": "may not be opened by this user",
    "SQLITE_TOOBIG": "cannot hold a text of this size",
    "SQLITE_CONSTRAINT": "refuses what would change it: {detail}",
}


@contextmanager
def told(path: str, timeout: float = TIMEOUT) -> Iterator[None]:
    """Say faults of SQLite in one sentence that names the file: ``StoreError``."""
    try:
        yield
    except sqlite3.Error as error:
        raise fault(error, path, timeout) from error
    except OverflowError as error:
        raise StoreError(
            f"the ledger {shown(path)} cannot hold a number of this size, and what was being "
            "written is not in it"
        ) from error
    except UnicodeDecodeError as error:
        # Of a file that was damaged in a text, SQLite hands it over, or quotes it, all the same.
        broken = sqlite3.DatabaseError("holds text that cannot be read")
        raise fault(broken, path, timeout) from error


def fault(error: sqlite3.Error, path: str, timeout: float = TIMEOUT) -> StoreError:
    """The sentence for a fault of SQLite."""
    name = getattr(error, "sqlite_errorname", None) or ""
    family = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR
    said = _SAID.get(family, "cannot be used: {detail}")
    detail = quote.text(str(error) or type(error).__name__, 200)
    return StoreError(f"the ledger {shown(path)} " + said.format(timeout=timeout, detail=detail))


def shown(path: str) -> str:
    """A path as a message names it."""
    return quote.text(os.fsencode(path), 300)


def connect(
    path: str, *, read_only: bool = False, create: bool = True, timeout: float = TIMEOUT
) -> sqlite3.Connection:
    """A connection to a ledger, its schema brought to the newest version.

    A missing file is made unless ``create`` is false or ``read_only`` is true; with
    ``read_only`` neither it nor what waits in its ``-wal`` is changed. Raises ``StoreError``.
    """
    make = create and not read_only
    _check_path(path, make)
    with told(path, timeout):
        connection = _open(path, read_only, make, timeout)
        try:
            _recognise(connection, path, read_only, timeout)
        except BaseException:
            connection.close()
            raise
    return connection


def _check_path(path: str, make: bool) -> None:
    """Raise for what SQLite would tell badly, or would make where nothing was asked for."""
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        if not make:
            raise StoreError(f"there is no ledger at {shown(path)}") from None
        if not Path(path).absolute().parent.is_dir():
            folder = shown(str(Path(path).absolute().parent))
            raise StoreError(
                f"the ledger {shown(path)} cannot be made: there is no folder {folder}"
            ) from None
    except (OSError, ValueError) as error:
        told_ = getattr(error, "strerror", None) or error
        raise StoreError(f"the ledger {shown(path)} cannot be opened: {told_}") from None
    else:
        if stat.S_ISDIR(found.st_mode):
            raise StoreError(f"{shown(path)} is a folder, and no ledger")
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(f"{shown(path)} is no regular file, and so no ledger")
        # SQLite takes what is shorter than a page for an empty file. Looking into it by
        # ourselves would end, on closing it, the locks that this process has on it.
        if 0 < found.st_size < _PAGE:
            raise StoreError(f"the ledger {shown(path)} is no SQLite file, and so no ledger")


def _open(path: str, read_only: bool, make: bool, timeout: float) -> sqlite3.Connection:
    address = Path(path).absolute().as_uri()
    if not read_only:
        return _opened(f"{address}?mode={'rwc' if make else 'rw'}", timeout)
    waiting = _log(path)
    alone = not _size(waiting)
    # Whoever may write takes away, on leaving, what SQLite puts beside the file to read it; and
    # takes in what waits there, which would change the file: then it is opened as read-only.
    writable = os.access(path, os.W_OK) and os.access(Path(path).absolute().parent, os.W_OK)
    if alone and writable:
        connection = _opened(f"{address}?mode=rw", timeout)
        connection.execute("PRAGMA query_only = ON")
        return connection
    try:
        return _opened(f"{address}?mode=ro", timeout)
    except sqlite3.OperationalError as error:
        # A file that nobody has open, in a folder where nothing can be made: the index that WAL
        # wants cannot be written, and is not needed, since nothing waits beside the file.
        name = getattr(error, "sqlite_errorname", "") or ""
        if alone and name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            return _opened(f"{address}?mode=ro&immutable=1", timeout)
        if not alone and name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise StoreError(
                f"the ledger {shown(path)} cannot be read here: what was written last waits in "
                f"{shown(waiting.name)} beside it; once it is opened by somebody who may write "
                "there (signals-agent ledger, say), it is taken in"
            ) from error
        raise


def _opened(address: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        address, timeout=timeout, isolation_level=None, uri=True, check_same_thread=False
    )
    try:
        # SQLite opens a file when it first reads from it.
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _recognise(connection: sqlite3.Connection, path: str, read_only: bool, timeout: float) -> None:
    """Check that the file is a ledger that we can read; an empty one becomes a ledger."""
    # Both in one statement, so that a migration that runs beside us is seen whole.
    application, version, objects = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master) "
        "FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if application != migrations.APPLICATION and (application or version or objects):
        raise StoreError(f"{shown(path)} is an SQLite file, but not a ledger of signals-agent")
    if version > migrations.KNOWN:
        raise StoreError(
            f"the ledger {shown(path)} was written by newer software: its schema is version "
            f"{version}, and this software knows {migrations.KNOWN}; nothing was changed"
        )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")
    if version < migrations.KNOWN:
        if read_only:
            raise StoreError(f"the ledger {shown(path)} {_unread(path, version)}")
        _turn_to_wal(connection, timeout)
        migrations.migrate(connection, version)
    if not read_only:
        # The indices of a million entries: what is held of them need not be read again.
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("PRAGMA wal_autocheckpoint = 16000")
        # What was acknowledged is on the disk, also when the power goes.
        connection.execute("PRAGMA synchronous = FULL")


def _unread(path: str, version: int) -> str:
    """Why a file that has not the newest schema cannot be read without being changed."""
    if version:
        return f"has the older schema {version}, and was opened for reading only"
    if not _size(Path(path)) or _size(_log(path)):
        return "is empty, and was opened for reading only"
    # A process that was killed before it took anything in leaves a file of one page.
    return (
        f"is empty, and there is no {shown(_log(path).name)} beside it; if it is a copy, entries "
        "may still wait in the -wal file beside the original: copy that file along, or copy with "
        "'signals-agent ledger ORIGINAL --copy FILE'"
    )


def _log(path: str) -> Path:
    """Where SQLite keeps what is written and not taken into the file yet."""
    return Path(os.path.realpath(path) + "-wal")


def _size(path: Path) -> int:
    """The octets of a file; none where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _turn_to_wal(connection: sqlite3.Connection, timeout: float) -> None:
    """Turn the journal to WAL, which lasts; SQLite does not wait by itself where two try it."""
    end = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            name = getattr(error, "sqlite_errorname", "") or ""
            if not name.startswith("SQLITE_BUSY") or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def is_damage(error: StoreError) -> bool:
    """Whether what was asked for is damaged, while other parts of the file may be whole."""
    cause = error.__cause__
    name = getattr(cause, "sqlite_errorname", None) or ""
    # Text that is no UTF-8 is refused by Python, without a code of SQLite.
    return isinstance(cause, sqlite3.Error) and (
        name.startswith("SQLITE_CORRUPT") or "decode to UTF-8" in str(cause)
    )


def is_unmade(error: StoreError) -> bool:
    """Whether a table, column or index was asked for that is not there."""
    name = getattr(error.__cause__, "sqlite_errorname", None)
    return isinstance(error.__cause__, sqlite3.OperationalError) and name == "SQLITE_ERROR"
