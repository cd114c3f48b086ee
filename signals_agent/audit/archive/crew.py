"""Processes that do pieces of work, and hand back what came of them in order."""

import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, Protocol

from signals_agent.audit.archive.work import Setup, Worker
from signals_agent.errors import SignalsAgentError, StoreError

_AHEAD: Final = 2
"""Pieces that a process is given at once, so that it never waits for the next."""
_WINDOW: Final = 4
"""For each process, so many pieces may be done before the one that is due."""
_SMALL: Final = 32 * 1024

Tell = Callable[[Any], None]


class Crew(Protocol):
    """Who does the work."""

    def map(self, tasks: Iterable[Any], tell: Tell) -> Iterator[Any]:
        """What came of each piece, in order; ``tell`` hears how far pieces are."""
        ...

    def close(self) -> None:
        """Give up what is under way."""
        ...


class Alone:
    """This process does it all."""

    def __init__(self, setup: Setup) -> None:
        self._worker = Worker(setup)

    def map(self, tasks: Iterable[Any], tell: Tell) -> Iterator[Any]:
        """One piece after the other."""
        for task in tasks:
            yield self._worker.do(task, tell)

    def close(self) -> None:
        """Let go of all files."""
        self._worker.close()


@dataclass(slots=True)
class _Member:
    process: BaseProcess
    line: "Connection[Any, Any]"
    given: deque[int] = field(default_factory=deque)


class Many:
    """Several processes do it, each a fresh one (``spawn``).

    The program that starts them must be one that can be imported without running
    (``if __name__ == "__main__"``). They end with this one, however it ends.
    """

    def __init__(self, setup: Setup, jobs: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._members: list[_Member] = []
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, setup), daemon=True)
            process.start()
            # Theirs alone is left, so that each side hears when the other is gone.
            theirs.close()
            self._members.append(_Member(process, ours))

    def map(self, tasks: Iterable[Any], tell: Tell) -> Iterator[Any]:
        """What came of each piece, in order, however soon it was done.

        Raises what a piece raised, and ``SignalsAgentError`` where a process is gone.
        """
        waiting = enumerate(tasks)
        done: dict[int, Any] = {}
        due = given = 0
        more = True
        while True:
            while more and given - due < _WINDOW * len(self._members):
                member = min(self._members, key=lambda each: len(each.given))
                if len(member.given) >= _AHEAD:
                    break
                number, task = next(waiting, (-1, None))
                more = number >= 0
                if more:
                    self._give(member, number, task)
                    given += 1
            if due in done:
                due += 1
                yield done.pop(due - 1)
                # What has come in the meantime frees somebody for the next piece.
                self._hear(done, tell, 0)
                continue
            if not more and due == given:
                return
            self._hear(done, tell, None)

    def close(self) -> None:
        """End all processes, whatever they are at."""
        for member in self._members:
            member.line.close()
            member.process.terminate()
        for member in self._members:
            member.process.join()
            member.process.close()
        self._members = []

    def _give(self, member: _Member, number: int, task: Any) -> None:
        member.given.append(number)
        try:
            member.line.send(task)
        except OSError:
            raise self._gone(member) from None

    def _hear(self, done: dict[int, Any], tell: Tell, seconds: float | None) -> None:
        """Take in what members have to say."""
        lines = {member.line: member for member in self._members if member.given}
        for line in wait(list(lines), seconds):
            member = lines[line]  # type: ignore[index]  # only what was asked for is ready
            try:
                word, value = member.line.recv()
            except (EOFError, OSError):
                raise self._gone(member) from None
            match word:
                case "far":
                    tell(value)
                case "failed":
                    raise value
                case "done":
                    done[member.given.popleft()] = value
                case _:
                    done[member.given.popleft()] = _fetched(Path(value))

    def _gone(self, member: _Member) -> SignalsAgentError:
        member.process.join(5)
        code = member.process.exitcode
        how = f"by signal {-code}" if code is not None and code < 0 else f"with exit code {code}"
        return SignalsAgentError(
            f"a process that was reading archives ended {how}, for want of memory perhaps; "
            "what it was at is not lost: go on with fewer processes (--jobs)"
        )


def _fetched(path: Path) -> Any:
    """What a member wrote into a file, which is taken away."""
    with path.open("rb") as file:
        value = pickle.load(file)  # noqa: S301  # of this run's own making
    path.unlink()
    return value


def _serve(line: "Connection[Any, Any]", setup: Setup) -> None:
    """Do what one is told until nobody is there any more."""
    # Ctrl-C reaches all processes of a terminal; the first one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = Worker(setup)
    count = 0
    try:
        while True:
            task = line.recv()
            try:
                value = worker.do(task, lambda far: line.send(("far", far)))
                octets = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
                answer = ("done", value)
                if len(octets) > _SMALL:
                    # A pipe holds little: who sends much through it waits until it is read.
                    count += 1
                    name = f"done-{multiprocessing.current_process().pid}-{count}"
                    path = Path(setup.folder) / name
                    path.write_bytes(octets)
                    answer = ("file", str(path))
            except (BrokenPipeError, ConnectionResetError):
                return
            except OSError as error:
                failed = StoreError(f"a working file cannot be used: {error.strerror}")
                line.send(("failed", failed))
                continue
            except Exception as error:
                line.send(("failed", _sendable(error)))
                continue
            line.send(answer)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _sendable(error: Exception) -> Exception:
    """The error, or its words where it cannot cross to another process."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  # of this run's own making
    except Exception:
        return SignalsAgentError(f"{type(error).__name__}: {error}")
    return error
