"""In which order the parts of a tree come, from octets to statement, rule, use and decision."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from signals_agent import quote, wording
from signals_agent.model.assessment import Assessment
from signals_agent.model.declaration import Declaration
from signals_agent.model.note import Note
from signals_agent.model.position import FieldPosition
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Reason, ReasonCode
from signals_agent.report.explain import licences
from signals_agent.terminal import PLAIN, Screen, pad, underline, wrap
from signals_agent.vocabulary import LITERAL

_APPLIES: Final = {
    "http-header": "rule R12",
    "robots-txt": "rule R13b",
    "html-meta": "rule R35",
    "html-link": "rule R35",
    "html-anchor": "rule R35",
    "rdfa": "rule R35",
    "microdata": "rule R35",
    "json-ld": "rule R35",
    "feed": "rule R36",
    "well-known": "rule R15a",
    "site-file": "rule R15a",
}
"""By which rule a declaration in this carrier reaches the asset."""

_LABEL = 13

_Item = TypeVar("_Item")


class Writer:
    """Writes one tree for each result."""

    def __init__(self, screen: Screen = PLAIN, several: bool = False) -> None:
        """The number of results does not matter."""
        del several
        self._screen = screen
        self._count = 0

    def begin(self) -> str:
        """Nothing."""
        return ""

    def add(self, assessment: Assessment) -> str:
        """One tree; an empty line stands between two."""
        self._count += 1
        text = "".join(f"{line.rstrip()}\n" for line in _Tree(assessment, self._screen).lines())
        return text if self._count == 1 else "\n" + text

    def end(self) -> str:
        """Nothing."""
        return ""


class _Tree:
    """The lines of one tree."""

    def __init__(self, assessment: Assessment, screen: Screen) -> None:
        self._a = assessment
        self._screen = screen
        self._number = {each.id: n for n, each in enumerate(assessment.declarations, 1)}
        self._captures = {capture.id: capture for capture in assessment.captures}
        self._owed = {each.id: each for each in assessment.obligations}

    def lines(self) -> Iterator[str]:
        """Sources, access, declarations with what they come to, uses, verdict."""
        yield self._bold(quote.text(self._a.url, 2000))
        if self._a.final_url != self._a.url:
            yield f"redirected to {quote.text(self._a.final_url, 2000)}"
        tokens = wording.series([quote.text(token) for token in self._a.tokens]) or "no token"
        yield (
            f"read as {tokens}, vocabulary {self._a.vocabulary}, "
            f"literal answers by vocab-{self._a.literal_draft}"
        )
        yield ""
        yield from self._sources()
        yield ""
        yield from self._access()
        for declaration in self._a.declarations:
            yield ""
            yield from self._declaration(declaration)
        yield from self._general_notes()
        yield ""
        yield from self._licences()
        yield from self._uses()
        yield from self._verdict()

    # -- sources and access ------------------------------------------------------------------

    def _sources(self) -> Iterator[str]:
        yield self._bold("Sources") + "  rule R15"
        rows = self._a.coverage
        for last, each in _marked(rows):
            need = "required" if each.required else "optional"
            capture = self._captures.get(each.capture or "")
            facts = [wording.looked(each, capture), need]
            answered = "answered" in facts[0]
            if capture is not None and capture.status is not None and not answered:
                facts.append(f"status {capture.status}")
            if capture is not None and capture.sha256:
                facts.append(f"sha256 {str(capture.sha256)[:12]}")
            text = f"{wording.source(each)}: {', '.join(facts)}"
            yield from self._branch(text, last)
        if not rows:
            yield from self._branch("none", True)

    def _access(self) -> Iterator[str]:
        answer = self._a.access.answer
        yield self._bold(f"Access: {answer}") + "  rule R13a"
        for last, hop in _marked(self._a.access.hops):
            place = f", {wording.position(hop.position)}" if hop.position else ""
            rule = f", by {quote.text(hop.rule)}" if hop.rule else ""
            text = f"{quote.text(hop.url, 2000)}: {hop.answer}{rule}{place}"
            yield from self._branch(text, last)

    # -- declarations ------------------------------------------------------------------------

    def _declaration(self, declaration: Declaration) -> Iterator[str]:
        number = self._number[declaration.id]
        yield self._bold(f"{number}. {wording.where(declaration)}")
        place = declaration.position
        named = f"{quote.text(place.field)}: " if isinstance(place, FieldPosition) else ""
        indent = "│  " + pad("octets", _LABEL)
        room = self._screen.columns - len(indent)
        excerpt = underline(declaration.octets, declaration.expression, room, named)
        yield indent + excerpt.line
        yield "│  " + " " * _LABEL + self._screen.paint(excerpt.marks, "cyan")
        limits = wording.scope(declaration)
        yield from self._labelled("source", quote.text(declaration.source, 2000))
        yield from self._labelled(
            "declaration",
            f"{declaration.id}, family {quote.text(declaration.family)}"
            + (f", {limits}" if limits else ""),
        )
        applies = _APPLIES.get(declaration.carrier)
        if applies:
            yield from self._labelled("applies", f"by {applies}")
        for label, text in self._statement(declaration):
            yield from self._labelled(label, text)
        for note in declaration.notes:
            yield from self._labelled("note", _note(note))
        yield from self._decided(declaration)

    def _statement(self, declaration: Declaration) -> Iterator[tuple[str, str]]:
        groups: dict[Preference, list[str]] = {}
        for use, answer in self._a.uses.items():
            if declaration.id in answer.because:
                groups.setdefault(answer.preference, []).append(use.value)
        for preference, uses in groups.items():
            rule = _reading_rule(declaration, preference)
            yield "statement", f"{preference} for {wording.series(uses)}, by {rule}"
        asked: dict[str, list[str]] = {}
        for due in self._a.obligations:
            if due.binding and declaration.id in due.because:
                version = f" {quote.text(due.signal_version)}" if due.signal_version else ""
                asked.setdefault(quote.text(due.signal) + version, []).append(due.kind.value)
        for signal, kinds in asked.items():
            yield "statement", f"{signal} asks for {wording.series(kinds)}"
        named = list(licences.statements(declaration, self._a))
        yield from named
        decided = any(answer.because for answer in self._a.uses.values())
        told = bool(groups or asked or named)
        if text := wording.overruled(declaration, decides=told, others=decided):
            yield "statement", text

    def _decided(self, declaration: Declaration) -> Iterator[str]:
        uses = [use for use, answer in self._a.uses.items() if declaration.id in answer.because]
        facts = []
        for use in uses:
            answer = self._a.uses[use]
            facts.append(f"{use}: {answer.preference} -> {answer.decision}")
        facts += licences.outcomes(declaration, self._a)
        for last, fact in _marked(facts or ["no use"]):
            yield from self._branch(fact, last)

    def _general_notes(self) -> Iterator[str]:
        rest = [note for note in self._a.notes if not set(note.because) & set(self._number)]
        if rest:
            yield ""
            yield self._bold("Notes on sources")
            for last, note in _marked(rest):
                yield from self._branch(_note(note), last)

    # -- licences ----------------------------------------------------------------------------

    def _licences(self) -> Iterator[str]:
        facts = list(licences.together(self._a))
        if not facts:
            return
        yield self._bold("Licences") + "  rule R25: they answer for activities, not for uses"
        for last, fact in _marked(facts):
            yield from self._branch(fact, last)
        yield ""

    # -- uses and verdict --------------------------------------------------------------------

    def _uses(self) -> Iterator[str]:
        for use in self._a.uses:
            yield from self._use(use)

    def _use(self, use: Use) -> Iterator[str]:
        answer = self._a.uses[use]
        behind = [str(self._number[each]) for each in answer.because if each in self._number]
        yield self._bold(f"{use}: {answer.preference} -> {answer.decision}")
        facts = []
        if behind:
            word = "declaration" if len(behind) == 1 else "declarations"
            combined = "" if len(behind) == 1 else ", combined by rule R19"
            facts.append(f"said by {word} {wording.series(behind)}{combined}")
        else:
            facts.append("no declaration decides it")
        if use in LITERAL and answer.literal is not answer.preference:
            facts.append(f"a plain AIPREF recipient reads: {answer.literal}, by rule R22")
        owed = wording.owed(self._owed[each] for each in answer.obligations)
        if owed:
            facts.append(f"owed: {owed}")
        for reason in answer.reasons:
            rule = "rule R34" if reason.code is ReasonCode.AGREEMENT else "rule R27"
            facts.append(f"{_reason(reason)}, by {rule}")
        for last, fact in _marked(facts):
            yield from self._branch(fact, last)

    def _verdict(self) -> Iterator[str]:
        verdict = self._a.verdict
        if verdict is None:
            return
        yield ""
        uses = wording.series([use.value for use in verdict.uses])
        policy = f"{quote.text(verdict.policy.name)} (sha256 {verdict.policy.sha256[:12]})"
        yield self._bold(f"Verdict: {verdict.decision}")
        facts = [f"for {uses}, by the policy {policy}"]
        facts += [_reason(reason) for reason in verdict.reasons]
        for last, fact in _marked(facts):
            yield from self._branch(fact, last)

    # -- lines -------------------------------------------------------------------------------

    def _bold(self, text: str) -> str:
        return self._screen.paint(text, "bold")

    def _branch(self, text: str, last: bool) -> list[str]:
        rest = "   " if last else "│  "
        return wrap(text, self._screen.columns, "└─ " if last else "├─ ", rest + "   ")

    def _labelled(self, label: str, text: str) -> list[str]:
        return wrap(text, self._screen.columns, "│  " + pad(label, _LABEL), "│  " + " " * _LABEL)


def _marked(items: Sequence[_Item]) -> Iterator[tuple[bool, _Item]]:
    """Each item, and whether it is the last."""
    for number, item in enumerate(items, 1):
        yield number == len(items), item


def _reading_rule(declaration: Declaration, preference: Preference) -> str:
    """The rule by which an expression came to this answer."""
    if any(note.code.endswith("-salvaged") for note in declaration.notes):
        return "rule R11"
    if declaration.family == "aipref":
        return "rule R7" if preference is Preference.CONDITIONAL else "rule R2"
    return "rule R18"


def _reason(reason: Reason) -> str:
    """A reason; of one by a licence only what *Licences* does not say already."""
    said = licences.short(reason) or quote.text(reason.text, 5000)
    return f"{said} ({reason.code})"


def _note(note: Note) -> str:
    place = f" ({wording.position(note.position)})" if note.position else ""
    clause = quote.text(note.clause)
    return f"{note.severity} {quote.text(note.code)}: {quote.text(note.summary)}{place} [{clause}]"
