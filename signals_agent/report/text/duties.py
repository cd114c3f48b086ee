"""What is owed, in a text report: what binds first, then what a licence asks in other cases."""

from collections.abc import Iterator
from typing import Final

from signals_agent import quote, wording
from signals_agent.model.assessment import Assessment
from signals_agent.model.obligation import Basis, Obligation, ObligationKind
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, ReasonCode
from signals_agent.report.text import decision
from signals_agent.terminal import Screen, wrap

_UNCOMMITTED: Final = "the policy does not commit to it"
_NO_AGREEMENT: Final = "it takes an agreement, and none in the policy answers it"
_AGREED: Final = (ObligationKind.PAYMENT, ObligationKind.PERMISSION, ObligationKind.REPORTING)


def lines(result: Assessment, screen: Screen) -> Iterator[str]:
    """Each obligation once; nothing where the asset is skipped."""
    uses = decision.shown(result)
    owed = {each.id: each for each in result.obligations}
    due: dict[str, list[Use]] = {}
    for use in uses:
        for each in result.uses[use].obligations:
            due.setdefault(each, []).append(use)
    if not due or (result.verdict and result.verdict.decision is Decision.SKIP):
        return
    waiting = {each for each in due if not _triggered(owed[each])}
    unmet = set(result.verdict.unmet) if result.verdict else set()
    if len(waiting) < len(due):
        yield ""
        yield screen.paint("What is owed", "bold")
        for each, asking in due.items():
            if each not in waiting:
                answered = _answered(owed[each], result)
                yield from _duty(owed[each], asking, uses, each in unmet, answered, screen)
    if waiting:
        planned = result.verdict is not None and bool(result.verdict.activities)
        yield from _waiting([owed[each] for each in due if each in waiting], planned, screen)
    # Where a licence counts, its section ends with the credit line.
    if result.attribution is not None and not any(each.governs for each in result.licences):
        yield from wrap(
            quote.text(result.attribution.text, 12_000), screen.columns, "  credit line: "
        )


def _answered(due: Obligation, result: Assessment) -> str:
    """By what in the policy an obligation is met, for a use that is decided by that."""
    if result.verdict is None:
        return ""
    agreed = [each for each in result.verdict.reasons if each.code is ReasonCode.AGREEMENT]
    if due.kind in _AGREED and agreed:
        return "answered by the " + quote.text("; ".join(each.text for each in agreed), 500)
    return "the policy answers for it" + (": a commitment or an agreement" if agreed else "")


def _triggered(due: Obligation) -> bool:
    return due.binding or due.basis is not Basis.LICENCE


def _duty(
    due: Obligation,
    asking: list[Use],
    shown: tuple[Use, ...],
    unmet: bool,
    answered: str,
    screen: Screen,
) -> Iterator[str]:
    title = f"  {due.kind}"
    to = quote.text(due.to.name) + (" (inferred from the address)" if due.to.inferred else "")
    if not due.to.inferred and due.to.url and due.to != due.beneficiary:
        to += f" ({quote.text(due.to.url, 500)})"
    every = len(asking) == len(shown) > 2
    uses = "every use" if every else wording.series([use.value for use in asking])
    state = "" if due.binding else ", advisory"
    said = f"to {to}, for {uses}, by {_signal(due)}{state}"
    first, *rest = wrap(said, screen.columns, title + " ", "      ")
    yield screen.paint(title, "bold") + first[len(title) :]
    yield from rest
    if due.binding and not unmet and answered:
        yield "      " + screen.paint(answered, "green")
    if unmet:
        waiting = _NO_AGREEMENT if due.kind in _AGREED else _UNCOMMITTED
        yield "      " + screen.paint(waiting, "yellow")
    yield from wrap(due.text, screen.columns, "      ")
    yield from _beneficiary(due, screen)
    if due.terms_url:
        yield f"      terms: {quote.text(due.terms_url, 2000)}"


def _beneficiary(due: Obligation, screen: Screen) -> Iterator[str]:
    """Whom a contribution is for, where the declaration says so; a claim (rule R24)."""
    if due.beneficiary is None:
        return
    at = f", {quote.text(due.beneficiary.url, 2000)}" if due.beneficiary.url else ""
    said = f"{quote.text(due.beneficiary.name)}{at} (as declared; confirm before anything is paid)"
    yield from wrap(said, screen.columns, "      for the benefit of ", "        ")


def _waiting(owed: list[Obligation], planned: bool, screen: Screen) -> Iterator[str]:
    """What licences ask in cases that nobody plans: told, and told apart from what binds."""
    yield ""
    why = "no planned activity calls for it" if planned else "no activity is planned"
    yield screen.paint("What a licence would ask", "bold") + f" (not binding: {why})"
    before = ""
    for due in owed:
        signal = _signal(due)
        if signal != before:
            before = signal
            to = quote.text(due.to.name)
            inferred = " (inferred from the address)" if due.to.inferred else ""
            yield from wrap(f"{signal}, to {to}{inferred}", screen.columns, "  ", "      ")
            if due.terms_url:
                yield f"      terms: {quote.text(due.terms_url, 2000)}"
        yield from wrap(due.text, screen.columns, f"      {due.kind}: ", "        ")


def _signal(due: Obligation) -> str:
    signal = quote.text(due.signal)
    version = quote.text(due.signal_version) if due.signal_version else ""
    return signal if not version or version in signal.split("-") else f"{signal} {version}"
