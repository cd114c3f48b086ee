"""Files that are no ledger, or that cannot be used: one clear sentence, and nothing is lost."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import assessed, numbered

from signals_agent.errors import SignalsAgentError, StoreError, UsageError
from signals_agent.store import Ledger, connection, migrations, verify

Start = Callable[..., "subprocess.Popen[str]"]


def filled(path: Path, count: int = 5) -> None:
    with Ledger(path) as ledger:
        ledger.append_many(numbered(n) for n in range(count))


def a_text_file(path: Path) -> None:
    path.write_text("https://example.org/\n" * 100)


def a_short_text_file(path: Path) -> None:
    path.write_text("x")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_database_of_another(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE urls (url TEXT)")
    other.close()


def an_empty_database_of_another(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA application_id = 7")
    other.close()


def a_newer_ledger(path: Path) -> None:
    filled(path)
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {migrations.KNOWN + 1}")
    newer.close()


def a_damaged_head(path: Path) -> None:
    filled(path)
    octets = path.read_bytes()
    path.write_bytes(octets[:100] + b"\xff" * 400 + octets[500:])


def half_a_page(path: Path) -> None:
    filled(path)
    path.write_bytes(path.read_bytes()[:2000])


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


BAD = [
    pytest.param(a_text_file, "is no SQLite file, and so no ledger", id="a text file"),
    pytest.param(a_short_text_file, "is no SQLite file, and so no ledger", id="a short text file"),
    pytest.param(a_folder, "is a folder, and no ledger", id="a folder"),
    pytest.param(
        a_database_of_another,
        "is an SQLite file, but not a ledger of signals-agent",
        id="a database of another",
    ),
    pytest.param(
        an_empty_database_of_another,
        "is an SQLite file, but not a ledger of signals-agent",
        id="an empty database of another",
    ),
    pytest.param(
        a_newer_ledger,
        f"was written by newer software: its schema is version {migrations.KNOWN + 1}, and this "
        f"software knows {migrations.KNOWN}; nothing was changed",
        id="a ledger of newer software",
    ),
    pytest.param(a_damaged_head, "is damaged: ", id="a damaged beginning"),
    pytest.param(half_a_page, "is ", id="a file that was cut"),
    pytest.param(a_pipe, "is no regular file, and so no ledger", id="a pipe"),
]


@pytest.mark.parametrize("read_only", [True, False], ids=["to read", "to write"])
@pytest.mark.parametrize(("make", "said"), BAD)
def test_what_is_no_ledger_is_refused_and_left_as_it_is(
    path: Path, make: Callable[[Path], None], said: str, read_only: bool
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as caught, Ledger(path, read_only=read_only) as ledger:
        ledger.count()
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    if before is not None:
        assert path.read_bytes() == before


def test_a_missing_file_is_made_only_to_be_written(path: Path, tmp_path: Path) -> None:
    for options in ({"read_only": True}, {"create": False}):
        with pytest.raises(StoreError, match="there is no ledger at "):
            Ledger(path, **options)  # type: ignore[arg-type]  # wrong on purpose
        assert not path.exists()
    with pytest.raises(StoreError, match="there is no folder "):
        Ledger(tmp_path / "no" / "such" / "ledger.db")
    assert list(tmp_path.iterdir()) == []
    Ledger(path).close()
    with Ledger(path, read_only=True) as ledger:
        assert ledger.count().assessments == 0


def test_an_empty_file_becomes_a_ledger_but_is_none_to_read(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreError, match="is empty, and was opened for reading only"):
        Ledger(path, read_only=True)
    filled(path)
    with Ledger(path, read_only=True) as ledger:
        assert ledger.count().assessments == 5


def test_odd_names_are_names(tmp_path: Path) -> None:
    for name in ("a?mode=ro.db", "100%20.db", "ü #1.db", "file:x.db"):
        filled(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 0
        with Ledger(os.fsencode(tmp_path / name), read_only=True) as ledger:  # type: ignore[arg-type]  # wrong on purpose
            assert ledger.count().assessments == 5
    with pytest.raises(StoreError, match="null byte"):
        Ledger("a\x00b")
    with pytest.raises(UsageError, match="empty"):
        Ledger("")


def test_the_exception_has_its_place_in_the_tree() -> None:
    assert issubclass(StoreError, SignalsAgentError)
    assert not issubclass(StoreError, UsageError)


def until_refused(ledger: Ledger) -> tuple[int, str]:
    """Append until there is no room; the first that was refused, and the sentence."""
    for number in range(5, 1000):
        try:
            ledger.append(numbered(number))
        except StoreError as error:
            return number, str(error)
    raise AssertionError("there was room for all")


def test_a_full_disk_loses_nothing_and_writes_no_half(path: Path) -> None:
    filled(path)
    with Ledger(path) as ledger:
        with ledger.file.reading() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 12}")
        number, said = until_refused(ledger)
        assert "has no room left to grow" in said
        there = ledger.count().assessments
        assert there == number > 5
        assert list(verify(ledger)) == []
        with pytest.raises(StoreError, match="has no room left to grow"):
            ledger.append_many(numbered(n) for n in range(number, number + 64))
        assert ledger.count().assessments == there
        with ledger.file.reading() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        ledger.append(numbered(number))
        assert ledger.count().assessments == there + 1
        assert list(verify(ledger)) == []


def test_a_file_that_may_not_grow_loses_nothing(path: Path, process: Start) -> None:
    filled(path)
    script = """
import resource, signal, sys
from ledgers import numbered
from signals_agent.errors import StoreError
from signals_agent.store import Ledger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Ledger(sys.argv[1]) as ledger:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    try:
        for number in range(5, 1000):
            ledger.append(numbered(number))
            print(number)
    except StoreError as error:
        print(error)
"""
    growing = process(script, path)
    out, err = growing.communicate(timeout=60)
    *numbers, said = out.splitlines()
    assert err == ""
    assert said.startswith(f"the ledger {path} ")
    assert ("cannot be read or written" in said) or ("has no room left" in said)
    with Ledger(path) as ledger:
        assert ledger.count().assessments == 5 + len(numbers)
        assert list(verify(ledger)) == []


@pytest.mark.skipif(os.name != "posix", reason="permissions of files are those of POSIX")
def test_a_read_only_ledger_in_a_read_only_folder_can_be_read(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("read-only")
    path = folder / "ledger.db"
    filled(path)
    script = f"""
import sys
sys.path[:0] = {[each for each in sys.path if each]!r}
from ledgers import assessed
from signals_agent.errors import StoreError
from signals_agent.store import Ledger, verify
import os
with Ledger(sys.argv[1], read_only=True) as ledger:
    list(verify(ledger))  # all modules are loaded, while they may be
if sys.argv[2] == "as nobody":
    os.setgid(65534)
    os.setuid(65534)
    os.chdir(os.path.dirname(sys.argv[1]))
    sys.argv[1] = os.path.basename(sys.argv[1])
with Ledger(sys.argv[1], read_only=True) as ledger:
    print(ledger.count().assessments, list(verify(ledger)))
try:
    with Ledger(sys.argv[1]) as ledger:
        ledger.append(assessed())
except StoreError as error:
    print(error)
"""
    path.chmod(0o444)
    folder.chmod(0o555)
    who = "as nobody" if os.geteuid() == 0 else "as ourselves"
    above = [each for each in folder.parents if each.stat().st_uid == os.geteuid()]
    modes = {each: stat.S_IMODE(each.stat().st_mode) for each in above}
    try:
        if who == "as nobody":
            for each in above:
                each.chmod(modes[each] | 0o011)
        done = subprocess.run(
            [sys.executable, "-c", script, path, who],
            capture_output=True,
            text=True,
            check=False,
            # What measures coverage would write where nobody may.
            env={name: value for name, value in os.environ.items() if "COV" not in name},
        )
    finally:
        for each, mode in modes.items():
            each.chmod(mode)
        folder.chmod(0o755)
    assert done.stderr == ""
    read, refused = done.stdout.splitlines()
    assert read == "5 []"
    assert refused.startswith("the ledger ")
    assert "is read-only" in refused or "cannot be opened" in refused
    assert list(folder.iterdir()) == [path]


def test_reading_leaves_nothing_beside_the_file(path: Path) -> None:
    filled(path)
    before = path.read_bytes()
    with Ledger(path, read_only=True) as ledger:
        assert list(verify(ledger)) == []
        with pytest.raises(StoreError, match="is read-only"):
            ledger.append(assessed())
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_migration_that_fails_leaves_the_schema_before_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path)
    good = migrations.statements

    def second(script: str) -> list[str]:
        if script == "second":
            return ["CREATE TABLE more (id INTEGER PRIMARY KEY)", "CREATE TABLE more (again)"]
        return list(good(script))

    first = migrations._text(migrations.FILES[0])
    monkeypatch.setattr(migrations, "statements", second)
    monkeypatch.setattr(migrations, "FILES", ("first", "second"))
    monkeypatch.setattr(migrations, "KNOWN", 2)
    monkeypatch.setattr(migrations, "_text", lambda name: first if name == "first" else name)
    with pytest.raises(StoreError, match="already exists"):
        Ledger(path)
    with pytest.raises(StoreError, match="has the older schema 1, and was opened for reading only"):
        Ledger(path, read_only=True)
    monkeypatch.setattr(
        migrations, "statements", lambda script: second(script)[:1] if script == "second" else []
    )
    with Ledger(path) as ledger:
        assert ledger.count().assessments == 5
        assert ledger.file.rows("PRAGMA user_version") == [(2,)]
        assert ledger.file.rows("SELECT * FROM more") == []


def test_a_published_migration_is_never_changed() -> None:
    """What is written by one text must be what is read by the next version."""
    from hashlib import sha256

    digests = [
        sha256(migrations._text(name).encode()).hexdigest()[:16] for name in migrations.FILES
    ]
    assert digests == ["27fa1f81cd547e9f"]


def test_a_ledger_whose_schema_is_no_text_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    filled(path)
    octets = bytearray(path.read_bytes())
    begin = octets.find(b"CREATE TABLE assessments")
    assert begin > 0
    octets[begin + 3 : begin + 6] = b"\xfd\xfe\xff"
    path.write_bytes(octets)
    with pytest.raises(StoreError, match="ledger"), Ledger(path) as ledger:
        list(verify(ledger))


@pytest.mark.skipif(os.name != "posix", reason="permissions of files are those of POSIX")
def test_what_waits_beside_a_ledger_that_may_not_be_taken_in_is_named(
    path: Path, process: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """
import os, sys
from ledgers import numbered
from signals_agent.store import Ledger
ledger = Ledger(sys.argv[1])
ledger.append(numbered(1))
os._exit(0)
"""
    out, err = process(script, path).communicate(timeout=60)
    assert (out, err) == ("", "")
    assert Path(f"{path}-wal").stat().st_size
    Path(f"{path}-shm").unlink()
    # What SQLite says where it may make no file; who runs the tests may make it anywhere.
    opened = connection._opened

    def refusing(address: str, timeout: float) -> sqlite3.Connection:
        if "mode=ro" in address:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorname = "SQLITE_CANTOPEN"
            raise error
        return opened(address, timeout)

    with monkeypatch.context() as patched:
        patched.setattr(connection.os, "access", lambda path, mode: False)
        patched.setattr(connection, "_opened", refusing)
        with pytest.raises(StoreError, match=r"what was written last waits in ledger\.db-wal"):
            Ledger(path, read_only=True)
    with Ledger(path, read_only=True) as ledger:
        assert ledger.count().assessments == 1
