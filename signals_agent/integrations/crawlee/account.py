"""What became of every request: its result handed on and counted first, then kept and told."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeAlias

from crawlee.errors import ContextPipelineInterruptedError

from signals_agent.integrations import mistakes, sentences
from signals_agent.integrations.tally import Tally, decision_of
from signals_agent.model.assessment import Assessment
from signals_agent.model.verdict import Decision
from signals_agent.pipeline import Permit

OnAssessment: TypeAlias = Callable[[Assessment], object]

_MOST_ANSWERS: Final = 10_000

_log = logging.getLogger(__name__)


class Account:
    """The results of one run, by the key of their requests, and what is said of them."""

    def __init__(self, on_assessment: OnAssessment | None, *, observes: bool, passes: bool) -> None:
        """``passes`` says that what is held reaches the handler."""
        self._on_assessment = on_assessment
        self._observes = observes
        self._passes_held = passes
        self._answers: OrderedDict[str, Assessment] = OrderedDict()
        self._advised: set[str] = set()
        self.broken: Exception | None = None
        """What ``on_assessment`` raised."""
        self.tally = Tally()
        if observes:
            _log.info("%s", sentences.OBSERVING)

    def of(self, key: str) -> Assessment | None:
        """The result for a request."""
        return self._answers.get(key)

    def keep(self, key: str, answer: Assessment) -> None:
        """Keep the result for a request."""
        self._answers[key] = answer
        while len(self._answers) > _MOST_ANSWERS:
            self._answers.popitem(last=False)

    def take_back(self, key: str) -> None:
        """Count an attempt no more that is made again."""
        before = self._answers.pop(key, None)
        if before is not None:
            self.tally.take_back(before)

    def add(self, answer: Assessment) -> None:
        """Hand a result to the caller's own, then count it."""
        if self._on_assessment is not None:
            try:
                self._on_assessment(answer)
            except Exception as error:
                self.broken = error
                raise
        self.tally.add(answer)

    def passes(self, url: str, answer: Assessment) -> bool:
        """Whether a response reaches the handler; told where it is no *ingest* and does."""
        decision = decision_of(answer)
        if decision is Decision.INGEST:
            return True
        if self._observes:
            self.tell(url, answer, "under observe")
            return True
        if decision is Decision.HOLD and self._passes_held:
            self.tell(url, answer, "as held")
            return True
        return False

    def refused(self, url: str, permit: Permit) -> ContextPipelineInterruptedError:
        """What ends a request that may not be sent; it is counted."""
        self.tally.add_permit(permit)
        return self.interrupted(url, permit)

    def interrupted(self, url: str, answer: Assessment | Permit) -> ContextPipelineInterruptedError:
        """What ends the processing of a request: it counts as handled, and is not tried again."""
        self.tell(url, answer)
        return ContextPipelineInterruptedError(sentences.line(answer, url))

    def tell(self, url: str, answer: Assessment | Permit, passed: sentences.Passed = "") -> None:
        """Log an answer that is no *ingest*; once what to do where it is our own doing."""
        said = sentences.line(answer, url, passed)
        _log.info("%s", said)
        advice = mistakes.advice(answer.notes)
        if advice and advice not in self._advised:
            self._advised.add(advice)
            _log.warning("%s; %s", said, advice)
