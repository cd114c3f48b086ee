"""Results as text to be understood at a glance."""

from collections import Counter
from collections.abc import Iterable, Iterator

from signals_agent import quote, wording
from signals_agent.model.assessment import Assessment, UseAssessment
from signals_agent.model.capture import Availability
from signals_agent.model.declaration import Declaration
from signals_agent.model.note import Note, Severity
from signals_agent.model.obligation import Obligation
from signals_agent.model.position import FieldPosition
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, Reason
from signals_agent.terminal import PLAIN, Screen, pad, underline, wrap
from signals_agent.vocabulary import LITERAL

_DECISION = {
    Decision.INGEST: ("green", "bold"),
    Decision.HOLD: ("yellow", "bold"),
    Decision.SKIP: ("red", "bold"),
}
_PREFERENCE = {
    Preference.DISALLOW: ("red",),
    Preference.UNDETERMINED: ("yellow",),
    Preference.CONDITIONAL: ("yellow",),
    Preference.ALLOW: ("green",),
    Preference.UNKNOWN: ("dim",),
}
_SEVERITY = {Severity.INFO: ("dim",), Severity.WARNING: ("yellow",), Severity.ERROR: ("red",)}

_USE, _SAID, _DECIDED = 18, 14, 27


class Writer:
    """Writes one result in full, or several in short with a line that sums them up."""

    def __init__(self, screen: Screen = PLAIN, several: bool = False) -> None:
        """``several`` results are written in short."""
        self._screen = screen
        self._several = several
        self._count = 0
        self._verdicts: Counter[Decision] = Counter()
        self._decisions: dict[Use, Counter[Decision]] = {}

    def begin(self) -> str:
        """Nothing."""
        return ""

    def add(self, assessment: Assessment) -> str:
        """One block of lines; an empty line stands between two."""
        self._count += 1
        if assessment.verdict is not None:
            self._verdicts[assessment.verdict.decision] += 1
        for use, answer in assessment.uses.items():
            self._decisions.setdefault(use, Counter())[answer.decision] += 1
        block = _Block(assessment, self._screen)
        lines = block.short() if self._several else block.full()
        text = "".join(line.rstrip() + "\n" for line in lines)
        return text if self._count == 1 else "\n" + text

    def end(self) -> str:
        """The line that sums up several results; nothing after a single one."""
        if not self._several or not self._count:
            return ""
        urls = f"{self._count} {'URL' if self._count == 1 else 'URLs'}"
        if self._verdicts:
            return f"\n{urls}: {_counts(self._verdicts)}.\n"
        uses = "; ".join(f"{use} {_counts(found)}" for use, found in self._decisions.items())
        lines = wrap(f"{urls}, for each use: {uses}.", self._screen.columns, rest="  ")
        return "\n" + "".join(line + "\n" for line in lines)


def _counts(found: Counter[Decision]) -> str:
    return ", ".join(f"{found[each]} {each}" for each in Decision if found[each])


class _Block:
    """The lines about one result."""

    def __init__(self, assessment: Assessment, screen: Screen) -> None:
        self._a = assessment
        self._screen = screen
        self._owed = {obligation.id: obligation for obligation in assessment.obligations}
        verdict = assessment.verdict
        self._shown: tuple[Use, ...] = verdict.uses if verdict else tuple(assessment.uses)

    def full(self) -> Iterator[str]:
        """Decision, uses, what is owed, evidence, what was not looked at."""
        yield from self._headline()
        yield from self._why()
        yield ""
        yield from self._table()
        yield from self._other_uses()
        yield from self._duties()
        yield from self._evidence()
        yield from self._general_notes()
        yield from self._coverage()
        if self._a.valid_until is not None:
            yield ""
            yield f"Good until {self._a.valid_until:%Y-%m-%d %H:%M} UTC."

    def short(self) -> Iterator[str]:
        """Decision, uses, and one line for each declaration behind them."""
        yield from self._headline()
        yield from self._access()
        yield from self._table(heading=False)
        behind = {each for use in self._shown for each in self._a.uses[use].because}
        for declaration in self._a.declarations:
            if declaration.id in behind:
                said = quote.text(declaration.expression, 60)
                yield from self._wrap(f"{wording.where(declaration)}: {said}", "  because ")
        yield from self._coverage(heading=False)

    # -- decision ----------------------------------------------------------------------------

    def _headline(self) -> Iterator[str]:
        verdict = self._a.verdict
        decision = ""
        if verdict is not None:
            decision = self._paint(verdict.decision.upper(), *_DECISION[verdict.decision]) + "  "
        yield decision + self._paint(quote.text(self._a.url, 2000), "bold")
        if self._a.final_url != self._a.url:
            yield f"      redirected to {quote.text(self._a.final_url, 2000)}"

    def _why(self) -> Iterator[str]:
        verdict = self._a.verdict
        if verdict is None:
            yield from self._wrap(
                "One answer for each use follows; --use or --policy gives one decision.", "      "
            )
        else:
            deciding = [self._a.uses[use] for use in verdict.uses]
            behind = {
                reason
                for use in deciding
                if use.decision is verdict.decision
                for reason in use.reasons
            }
            for reason in verdict.reasons:
                if reason in behind:
                    yield from self._reason(reason, "      ")
            uses = wording.series([use.value for use in verdict.uses])
            policy = quote.text(verdict.policy.name)
            yield from self._wrap(f"For {uses}, by the policy {policy}.", "      ")
        yield from self._access()

    def _access(self) -> Iterator[str]:
        access = self._a.access
        if access.answer is AccessAnswer.ALLOWED:
            return
        for hop in access.hops:
            if hop.answer is AccessAnswer.ALLOWED:
                continue
            if hop.answer is AccessAnswer.UNDETERMINED:
                text = "access undetermined: its robots.txt could not be looked at"
            else:
                line = f", {wording.position(hop.position)}" if hop.position else ""
                rule = f": {quote.text(hop.rule)}" if hop.rule else ""
                text = f"access refused by robots.txt{line}{rule}"
            several = f" ({quote.text(hop.url, 200)})" if len(access.hops) > 1 else ""
            for line in self._wrap(text + several, "      "):
                yield self._paint(line, "red")

    def _reason(self, reason: Reason, indent: str) -> Iterator[str]:
        yield from self._wrap(f"{quote.text(reason.text)} ({reason.code})", indent)

    # -- uses --------------------------------------------------------------------------------

    def _table(self, heading: bool = True) -> Iterator[str]:
        if heading:
            yield "  " + self._paint(
                pad("use", _USE) + pad("said", _SAID) + pad("decision", _DECIDED) + "owed", "dim"
            )
        for use in self._shown:
            yield from self._row(use, self._a.uses[use])

    def _row(self, use: Use, answer: UseAssessment) -> Iterator[str]:
        codes = ", ".join(dict.fromkeys(reason.code.value for reason in answer.reasons))
        decided = f"{answer.decision}: {codes}" if codes else answer.decision.value
        binding = wording.owed(self._due(answer, binding=True)) or "nothing"
        start = 2 + _USE + _SAID
        gap = 1 if len(decided) >= _DECIDED else _DECIDED - len(decided)
        owed = wrap(
            binding, max(self._screen.columns, start + _DECIDED + 24), " " * (start + _DECIDED)
        )
        yield (
            "  "
            + pad(use, _USE)
            + self._paint(answer.preference, *_PREFERENCE[answer.preference])
            + " " * (_SAID - len(answer.preference))
            + self._paint(answer.decision, *_DECISION[answer.decision])
            + decided[len(answer.decision) :]
            + " " * gap
            + owed[0].lstrip()
        )
        yield from owed[1:]
        if use in LITERAL and answer.literal is not answer.preference:
            text = f"a plain AIPREF recipient reads: {answer.literal}"
            yield " " * (2 + _USE) + self._paint(text, "dim")

    def _due(self, answer: UseAssessment, binding: bool) -> Iterator[Obligation]:
        for each in answer.obligations:
            if self._owed[each].binding is binding:
                yield self._owed[each]

    def _other_uses(self) -> Iterator[str]:
        others = [
            f"{use} {answer.preference}"
            for use, answer in self._a.uses.items()
            if use not in self._shown
        ]
        if others:
            yield from self._wrap(", ".join(others), "  " + pad("not asked for:", _USE))

    # -- obligations -------------------------------------------------------------------------

    def _duties(self) -> Iterator[str]:
        due: dict[str, list[Use]] = {}
        for use in self._shown:
            for each in self._a.uses[use].obligations:
                due.setdefault(each, []).append(use)
        if not due or (self._a.verdict and self._a.verdict.decision is Decision.SKIP):
            return
        yield ""
        yield self._paint("What is owed", "bold")
        unmet = set(self._a.verdict.unmet) if self._a.verdict else set()
        for each, uses in due.items():
            yield from self._duty(self._owed[each], uses, each in unmet)
        if self._a.attribution is not None:
            yield from self._wrap(quote.text(self._a.attribution.text, 2000), "  credit line: ")

    def _duty(self, due: Obligation, uses: list[Use], unmet: bool) -> Iterator[str]:
        title = f"  {due.kind}"
        to = quote.text(due.to.name) + (" (inferred from the address)" if due.to.inferred else "")
        signal = quote.text(due.signal) + _version(due)
        asked = f"to {to}, for {wording.series([use.value for use in uses])}, by {signal}"
        state = "" if due.binding else ", advisory"
        lines = wrap(asked + state, self._screen.columns, title + " ", "      ")
        yield self._paint(title, "bold") + lines[0][len(title) :]
        yield from lines[1:]
        if unmet:
            yield "      " + self._paint("the policy does not commit to it", "yellow")
        yield from self._wrap(due.text, "      ")
        if due.terms_url:
            yield f"      terms: {quote.text(due.terms_url, 2000)}"

    # -- evidence ----------------------------------------------------------------------------

    def _evidence(self) -> Iterator[str]:
        yield ""
        yield self._paint("Evidence", "bold")
        if not self._a.declarations:
            looked = sum(1 for each in self._a.coverage if each.availability in _LOOKED)
            sources = "1 source" if looked == 1 else f"{looked} sources"
            if looked:
                yield f"  Nothing was declared in the {sources} that could be looked at."
            else:
                yield "  No source could be looked at, so nothing is known of what is declared."
        for number, declaration in enumerate(self._a.declarations, 1):
            yield from self._declaration(number, declaration)

    def _declaration(self, number: int, declaration: Declaration) -> Iterator[str]:
        limits = wording.scope(declaration)
        about = f" ({limits})" if limits else ""
        head = f"{wording.where(declaration)}{about} of {quote.text(declaration.source, 2000)}"
        yield from self._wrap(head, f"  {number}. ")
        yield from _octets(declaration, self._screen, "       ")
        decides = [use for use, answer in self._a.uses.items() if declaration.id in answer.because]
        if decides:
            groups: dict[Preference, list[str]] = {}
            for use in decides:
                groups.setdefault(self._a.uses[use].preference, []).append(use.value)
            said = "; ".join(
                f"{preference} for {wording.series(uses)}" for preference, uses in groups.items()
            )
            yield from self._wrap(said, "     -> ")
        for note in self._notes_of(declaration):
            yield from self._note(note, "     ")

    def _notes_of(self, declaration: Declaration) -> list[Note]:
        """Those that stand first for it: a note about several is shown once."""
        return [
            note
            for note in declaration.notes
            if not note.because or note.because[0] == declaration.id
        ]

    def _general_notes(self) -> Iterator[str]:
        shown = {note for each in self._a.declarations for note in self._notes_of(each)}
        rest = [note for note in self._a.notes if note not in shown]
        if rest:
            yield ""
            yield self._paint("Notes", "bold")
            for note in rest:
                yield from self._note(note, "  ")

    def _note(self, note: Note, indent: str) -> Iterator[str]:
        severity = note.severity.value
        place = f" ({wording.position(note.position)})" if note.position else ""
        said = f"{quote.text(note.code)}: {quote.text(note.summary)}"
        text = f"{said}{place} [{quote.text(note.clause)}]"
        lines = wrap(text, self._screen.columns, indent + pad(severity, 8))
        yield (
            indent
            + self._paint(severity, *_SEVERITY[note.severity])
            + lines[0][len(indent) + len(severity) :]
        )
        yield from lines[1:]

    def _coverage(self, heading: bool = True) -> Iterator[str]:
        missing = [each for each in self._a.coverage if each.availability not in _LOOKED]
        if not missing:
            return
        if heading:
            yield ""
            yield self._paint("Not everything was looked at", "bold")
        captures = {capture.id: capture for capture in self._a.captures}
        for each in missing:
            need = "required" if each.required else "optional"
            capture = captures.get(each.capture or "")
            text = f"{wording.source(each)}: {wording.looked(each, capture)} ({need})"
            yield from self._wrap(text, "  ")

    # -- lines -------------------------------------------------------------------------------

    def _paint(self, text: str, *styles: str) -> str:
        return self._screen.paint(text, *styles)

    def _wrap(self, text: str, first: str) -> list[str]:
        return wrap(text, self._screen.columns, first)


def _version(due: Obligation) -> str:
    return f" {quote.text(due.signal_version)}" if due.signal_version else ""


_LOOKED = frozenset({Availability.PRESENT, Availability.ABSENT})


def _octets(declaration: Declaration, screen: Screen, indent: str) -> Iterable[str]:
    place = declaration.position
    named = f"{quote.text(place.field)}: " if isinstance(place, FieldPosition) else ""
    room = screen.columns - len(indent)
    excerpt = underline(declaration.octets, declaration.expression, room, named)
    return indent + excerpt.line, indent + screen.paint(excerpt.marks, "cyan")
