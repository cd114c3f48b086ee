"""How much, of what and by whom, in the words of the valuation records."""

from collections.abc import Iterable
from decimal import Decimal

from signals_agent import wording
from signals_agent.corpus.contributions.account import Sum
from signals_agent.corpus.contributions.valuation import Valuation
from signals_agent.corpus.held import Extent
from signals_agent.corpus.member import Debt
from signals_agent.model.obligation import ObligationKind

CLAIM = "as declared; a person has to confirm it before anything is given"
"""Said of each beneficiary that a declaration names (rule R24)."""

TITLES = {
    ObligationKind.DIRECT_CONTRIBUTION: "direct contribution",
    ObligationKind.ECOSYSTEM_CONTRIBUTION: "ecosystem contribution",
    ObligationKind.PAYMENT: "payment",
}


def signal(debt: Debt) -> str:
    """By which signal and version something is asked."""
    return f"{debt.signal} {debt.signal_version or ''}".strip()


def and_more(each: Valuation) -> str:
    """That there are more wordings than are shown."""
    return f" / and {each.more_asked} more wordings" if each.more_asked else ""


def number(count: int) -> str:
    """A number as people read it: ``1,000,000``."""
    return f"{count:,}"


def count(many: int, one: str, several: str | None = None) -> str:
    """So many of something."""
    return f"{number(many)} {one if many == 1 else several or one + 's'}"


def amount(value: Decimal) -> str:
    """An amount as sums of money are written: whole, or with two decimals at least."""
    return f"{value:.2f}" if value.as_tuple().exponent == -1 else f"{value:f}"


def sums(several: Iterable[Sum]) -> str:
    """Amounts, currency by currency."""
    return wording.series([f"{each.currency} {amount(each.amount)}" for each in several])


def share(part: float) -> str:
    """A share in percent that is never rounded to none or to all."""
    if 0 < part < 0.001:
        return "under 0.1 %"
    if 0.999 < part < 1:
        return "over 99.9 %"
    return f"{100 * part:.1f} %"


def measured(kind: str, found: int, of: int, assets: int) -> str:
    """So many octets or tokens, and of how many assets they are known."""
    if not of:
        return f"{kind} not known"
    known = f" (of {count(of, 'asset')}; of the rest they are not known)" if of < assets else ""
    return f"{number(found)} {kind}{known}"


def use(extent: Extent, part: float | None = None) -> str:
    """How much it is in one line, and what part of the corpus where it is a part of one."""
    of = "" if part is None else f", {share(part)} of the corpus"
    return "; ".join(
        (
            count(extent.assets, "asset") + of,
            measured("bytes", extent.bytes, extent.measured, extent.assets),
            measured("tokens", extent.tokens, extent.counted, extent.assets),
        )
    )
