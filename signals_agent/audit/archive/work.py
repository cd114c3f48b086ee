"""The two pieces of work: a file to be read, and responses to be judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from signals_agent.audit.archive import folder as folders
from signals_agent.audit.archive import reading
from signals_agent.audit.archive.found import forget
from signals_agent.audit.archive.judging import Judge
from signals_agent.audit.archive.nouns import Judged
from signals_agent.audit.archive.reading import Read, ReadTask
from signals_agent.audit.archive.web import Web
from signals_agent.families import FAMILIES
from signals_agent.family import Family
from signals_agent.gathered import Inputs
from signals_agent.limits import Limits
from signals_agent.model.capture import Capture
from signals_agent.wishes import Wishes, inputs_of


@dataclass(frozen=True, slots=True)
class JudgeTask:
    """Responses of a file, from an offset of what was located in it; ``first`` is a number.

    The first ``skip`` of them were judged before.
    """

    file: int
    at: int
    first: int
    skip: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What every process has to know; ``families`` only where they are not those built in."""

    run: Wishes
    folder: str
    limits: Limits
    families: Sequence[Family] | None

    @classmethod
    def of(cls, run: Wishes, folder: Path, limits: Limits) -> "Setup":
        """The same, fit to be sent to another process."""
        own = None if run.families is FAMILIES else run.families
        return cls(replace(run, families=()), str(folder), limits, own)


class Worker:
    """Does pieces of work, in whatever process it is."""

    def __init__(self, setup: Setup) -> None:
        self._run = replace(setup.run, families=setup.families or FAMILIES)
        self._folder, self._limits = Path(setup.folder), setup.limits
        nothing = Capture("http://nowhere.invalid/")
        self._template: Inputs = inputs_of(self._run, nothing, {}, (), None, None, None)
        self._web: Web | None = None
        self._judge: Judge | None = None

    def close(self) -> None:
        """Let go of all files."""
        if self._web is not None:
            self._web.close()

    def do(self, task: ReadTask | JudgeTask, tell: Callable[[Any], None]) -> Any:
        """Do one piece; ``tell`` hears how far it is."""
        match task:
            case ReadTask():
                return self._read(task, tell)
            case JudgeTask():
                return self._judged(task)

    def _read(self, task: ReadTask, tell: Callable[[Any], None]) -> Read:
        return reading.read(task, self._folder, self._template, self._limits, tell)

    def _judged(self, task: JudgeTask) -> list[Judged]:
        if self._judge is None:
            self._web = Web(self._folder, self._run.depth, self._limits)
            self._judge = Judge(self._run, self._template, self._web, self._limits)
        with folders.located(self._folder, task.file).open("rb") as file:
            found = folders.read(file, task.at)
        forget()
        return [
            self._judge.judge(task.first + order, each)
            for order, each in enumerate(found)
            if order >= task.skip
        ]
