"""In which order the parts of a text report come, for one result and for several."""

from collections import Counter
from collections.abc import Iterator

from signals_agent import quote, wording
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model.assessment import Assessment
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision
from signals_agent.report.text import decision, duties, evidence, licences
from signals_agent.terminal import PLAIN, Screen, wrap


class Writer:
    """Writes one result in full, or several in short with a line that sums them up."""

    def __init__(self, screen: Screen = PLAIN, several: bool = False) -> None:
        """``several`` results are written in short."""
        self._screen = screen
        self._several = several
        self._count = 0
        self._licensed = False
        self._verdicts: Counter[Decision] = Counter()
        self._decisions: dict[Use, Counter[Decision]] = {}

    def begin(self) -> str:
        """Nothing."""
        return ""

    def add(self, assessment: Assessment) -> str:
        """One block of lines; an empty line stands between two."""
        self._count += 1
        self._licensed = self._licensed or bool(assessment.licences)
        if assessment.verdict is not None:
            self._verdicts[assessment.verdict.decision] += 1
        for use, answer in assessment.uses.items():
            self._decisions.setdefault(use, Counter())[answer.decision] += 1
        lines = (_short if self._several else _full)(assessment, self._screen)
        text = "".join(line.rstrip() + "\n" for line in lines)
        return text if self._count == 1 else "\n" + text

    def end(self) -> str:
        """The line that sums up several results; nothing after a single one."""
        if not self._several or not self._count:
            return ""
        urls = f"{self._count} {'URL' if self._count == 1 else 'URLs'}"
        if self._verdicts:
            said = f"{urls}: {_counts(self._verdicts)}."
        else:
            uses = "; ".join(f"{use} {_counts(found)}" for use, found in self._decisions.items())
            said = f"{urls}, for each use: {uses}."
        if self._licensed:
            said += f" {NO_ADVICE}"
        lines = wrap(said, self._screen.columns, rest="  ")
        return "\n" + "".join(line + "\n" for line in lines)


def _counts(found: Counter[Decision]) -> str:
    return ", ".join(f"{found[each]} {each}" for each in Decision if found[each])


def _full(result: Assessment, screen: Screen) -> Iterator[str]:
    """Decision, uses, licences, what is owed, evidence, what was not looked at."""
    yield from decision.headline(result, screen)
    yield from decision.why(result, screen)
    yield ""
    yield from decision.table(result, screen)
    yield from decision.other_uses(result, screen)
    yield from licences.lines(result, screen)
    yield from duties.lines(result, screen)
    yield from evidence.lines(result, screen)
    yield from evidence.general_notes(result, screen)
    yield from evidence.coverage(result, screen)
    if result.valid_until is not None:
        yield ""
        yield f"Good until {result.valid_until:%Y-%m-%d %H:%M} UTC."


def _short(result: Assessment, screen: Screen) -> Iterator[str]:
    """Decision, uses, and one line for each declaration or licence behind them."""
    yield from decision.headline(result, screen)
    yield from decision.access(result, screen)
    yield from decision.table(result, screen, heading=False)
    behind = {each for use in decision.shown(result) for each in result.uses[use].because}
    for declaration in result.declarations:
        if declaration.id in behind:
            said = quote.text(declaration.expression, 60)
            text = f"{wording.where(declaration)}: {said}"
            yield from wrap(text, screen.columns, "  because ")
    yield from licences.short(result, screen)
    yield from evidence.coverage(result, screen, heading=False)
