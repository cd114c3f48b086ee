"""An audit of archives from end to end: all files are read, then all responses are judged."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path

from signals_agent.audit.archive import folder as folders
from signals_agent.audit.archive.crew import Alone, Crew, Many
from signals_agent.audit.archive.index import Index
from signals_agent.audit.archive.nouns import Judged, Progress, Told
from signals_agent.audit.archive.reading import Read, ReadTask
from signals_agent.audit.archive.work import JudgeTask, Setup
from signals_agent.errors import ConfigError, UsageError
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.wishes import DEPTHS, Wishes


def judged(
    files: Sequence[str | PathLike[str]],
    *,
    robots_files: Sequence[str | PathLike[str]] = (),
    run: Wishes,
    jobs: int = 1,
    depth: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    told: Told | None = None,
    progress: Callable[[Progress], None] | None = None,
    after: int = 0,
    place: str | None = None,
) -> Iterator[Judged]:
    """Every response of archive files, judged, in the order of the input (rules R31, R32).

    robots.txt, site files and named documents are those that the files hold of the asset's
    time, and from ``robots_files`` only robots.txt and site files are taken. ``run`` says by
    which tokens, policy, uses and vocabulary, and ``depth`` (its own by default) how much of
    an asset counts. ``jobs`` processes share the work; what is handed out is the same
    whatever their number. The first ``after`` are left out: they were handed out before, by a
    run over the same files for the same wishes. ``told`` and ``progress`` hear what was read.
    ``place`` is the folder for working files, which may grow to a fraction of the archives;
    what needs much memory needs it on the disk.

    Raises ``ConfigError`` where a file cannot be opened, ``UsageError`` for a depth or a
    number that cannot be, ``StoreError`` where the disk is full, ``SignalsAgentError`` where
    a process is gone. What is in the archives never raises: it is told as lost.
    """
    if str in {type(files), type(robots_files)}:
        raise UsageError("files are a list of paths, not one text")
    if depth is not None and depth not in DEPTHS:
        raise UsageError(f"unknown depth {depth!r}; accepted: {', '.join(DEPTHS)}")
    for name, number, least in (("jobs", jobs, 1), ("after", after, 0)):
        if number < least:
            raise UsageError(f"{name} is a whole number from {least} up, not {number!r}")
    paths = [fspath(each) for each in files]
    apart = [fspath(each) for each in robots_files]
    for each in (*paths, *apart):
        _check(each)
    wanted = run if depth is None else replace(run, depth=depth)
    said = Told() if told is None else told
    said.inputs += paths
    said.robots_inputs += apart
    # Those that hold robots.txt alone come behind, so that the others keep their numbers.
    tasks = [
        ReadTask(number, path, number >= len(paths)) for number, path in enumerate((*paths, *apart))
    ]
    return _run(tasks, wanted, jobs, limits, said, progress or (lambda _: None), after, place)


def _check(path: str) -> None:
    """Raise now for what would end the run later."""
    try:
        with Path(path).open("rb"):
            pass
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None


def _run(
    tasks: Sequence[ReadTask],
    run: Wishes,
    jobs: int,
    limits: Limits,
    told: Told,
    progress: Callable[[Progress], None],
    after: int,
    place: str | None,
) -> Iterator[Judged]:
    with folders.made(place) as folder:
        setup = Setup.of(run, folder, limits)
        crew: Crew = Alone(setup) if jobs == 1 else Many(setup, jobs)
        with closing(crew):
            read = _read(tasks, folder, crew, told, progress)
            number = after
            for batch in crew.map(_batches(read, after), lambda _: None):
                for each in batch:
                    number = each.number
                    yield each
                progress(Progress(told.files, told.files, told.records, number, told.assets))


def _read(
    tasks: Sequence[ReadTask],
    folder: Path,
    crew: Crew,
    told: Told,
    progress: Callable[[Progress], None],
) -> list[Read]:
    """Read all files, and put what they hold into the index."""
    done: list[Read] = []
    under_way: dict[int, int] = {}

    def tell(far: Read) -> None:
        under_way[far.number] = far.responses
        progress(Progress(len(done), len(tasks), told.records + sum(under_way.values())))

    with closing(Index(folders.index(folder), new=True)) as index:
        for read in crew.map(tasks, tell):
            under_way.pop(read.number, None)
            rows = folders.rows(folder, read.number)
            first = 0
            for batch in folders.each(rows):
                index.add(read.number, first, batch)
                first += len(batch)
            rows.unlink()
            done.append(read)
            told.files += 1
            told.records += read.responses
            told.assets += read.assets
            told.robots += read.robots
            told.site_files += read.site_files
            told.add_losses(read.losses)
            tell(replace(read, responses=0))
        index.finish()
    return done


def _batches(read: Sequence[Read], after: int) -> Iterator[JudgeTask]:
    """What is to be judged, in order, behind what has been."""
    first = 1
    for file in read:
        for at, count in file.batches:
            if first + count > after + 1:
                yield JudgeTask(file.number, at, first, max(after + 1 - first, 0))
            first += count
