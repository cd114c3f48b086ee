"""What the licences of one RSL content come to for a recipient, use by use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from signals_agent import quote
from signals_agent.model.obligation import Term
from signals_agent.model.statement import Preference
from signals_agent.model.use import USES, Use
from signals_agent.rsl import tokens
from signals_agent.rsl.asks import CONTRIBUTION, Frame, access, asked, demand
from signals_agent.rsl.nouns import Content, License, Rule

TIERS: Final[dict[Use, tuple[tuple[str, ...], ...]]] = {
    Use.TRAIN_GENERATIVE: (("ai-train",), ("ai-all",), ("all",)),
    Use.TRAIN_OTHER: (("ai-train",), ("ai-all",), ("all",)),
    Use.MODEL_INPUT: (("ai-input", "ai-index"), ("ai-all",), ("all",)),
    Use.SEARCH: (("search",), ("all",)),
    Use.OTHER_ANALYSIS: (("all",),),
}
"""Which usage tokens govern a use, narrow to broad (rules, section 3)."""

_ALSO: Final = {"UK": "GB", "EL": "GR"}
"""Countries by the two letters that people write, and by those of ISO 3166-1."""

_IN_ONE: Final = (
    "permitted and prohibited in one scope, or permitted narrowly and prohibited broadly, it "
    "counts as prohibited"
)
_IN_ANOTHER: Final = "permitted in one licence and prohibited in another, it is prohibited"
_CHOICE: Final = "of the licences that permit it the least demanding counts"

_GOVERNING: Final = {
    use: frozenset(token for tier in tiers for token in tier) for use, tiers in TIERS.items()
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who we are: a user type and a country, empty where the policy is silent."""

    user: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said about a content: a note's code without its family.

    ``licences`` are the indices of the licences it is about; none: the content itself.
    """

    code: str
    summary: str
    warning: bool = True
    licences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """One answer for one use, and the licences behind it; none: the content itself.

    ``preference`` is ``None`` where the use is governed and left in the dark. ``besides``
    says that it is only what access takes, where no licence speaks of the use.
    """

    use: Use
    preference: Preference | None
    terms: tuple[Term, ...] = ()
    licences: tuple[int, ...] = ()
    overruled: tuple[Term, ...] = ()
    besides: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a content says: at most one answer for a use, a use in the dark beside it or not."""

    words: tuple[Word, ...] = ()
    remarks: tuple[Remark, ...] = ()


class _Says(Enum):
    """What one licence says of one use."""

    PROHIBITED = "prohibited"
    OMITTED = "omitted"
    PERMITTED = "permitted"
    DARK = "dark"
    SILENT = "silent"


@lru_cache(maxsize=1024)
def weigh(content: Content, recipient: Recipient, frame: Frame) -> Said:
    """Bring the licences of a content to one answer for each use (rule R18).

    They are alternatives: of those that are for us and permit a use the least demanding
    counts, but what one of them prohibits is prohibited. Where none is for us, nothing is
    licensed.
    """
    remarks: list[Remark] = []
    ours: list[int] = []
    for index, licence in enumerate(content.licenses):
        why = _not_ours(licence, recipient)
        if why:
            remarks.append(Remark("recipient-unmatched", why, licences=(index,)))
        else:
            ours.append(index)
    if content.licenses and not ours:
        every = tuple(range(len(content.licenses)))
        return Said(
            tuple(Word(use, Preference.DISALLOW, (), every) for use in USES), tuple(remarks)
        )
    terms = {index: asked(content.licenses[index], content, frame) for index in ours}
    for index in ours:
        remarks += _remarks(content.licenses[index], index)
    words: list[Word] = []
    clashes: dict[tuple[str, tuple[int, ...]], list[Use]] = {}
    needed = access(content, frame)
    for use in USES:
        says = {index: _says(content.licenses[index], use) for index in ours}
        words += _word(use, says, content.licenses, terms, needed, clashes)
    remarks += [_clash(why, licences, uses) for (why, licences), uses in clashes.items()]
    return Said(tuple(words), tuple(dict.fromkeys(remarks)))


def _word(
    use: Use,
    says: dict[int, _Says],
    licences: Sequence[License],
    terms: dict[int, tuple[Term, ...]],
    needed: tuple[Term, ...],
    clashes: dict[tuple[str, tuple[int, ...]], list[Use]],
) -> Iterator[Word]:
    """What alternatives come to for one use; a use in the dark stands beside an answer."""
    by = {kind: tuple(i for i, said in says.items() if said is kind) for kind in _Says}
    permitting = sorted(by[_Says.PERMITTED], key=lambda index: demand(terms[index]))
    if prohibiting := by[_Says.PROHIBITED]:
        overruled = terms[permitting[0]] if permitting else ()
        for index in prohibiting:
            if _permits_as_narrowly(licences[index], use):
                clashes.setdefault((_IN_ONE, (index,)), []).append(use)
                overruled = overruled or terms[index]
        if permitting:
            both = (*prohibiting, *by[_Says.PERMITTED])
            clashes.setdefault((_IN_ANOTHER, both), []).append(use)
        yield Word(use, Preference.DISALLOW, (), prohibiting, overruled)
        return
    if permitting:
        least = permitting[0]
        if len(permitting) > 1 and demand(terms[permitting[-1]]) != demand(terms[least]):
            clashes.setdefault((_CHOICE, by[_Says.PERMITTED]), []).append(use)
        asks = terms[least]
        answer = Preference.CONDITIONAL if asks else Preference.ALLOW
        yield Word(use, answer, asks, (least,))
    elif by[_Says.OMITTED]:
        yield Word(use, Preference.DISALLOW, (), by[_Says.OMITTED])
        return
    elif needed:
        yield Word(use, Preference.CONDITIONAL, needed, (), besides=True)
    if by[_Says.DARK]:
        yield Word(use, None, (), by[_Says.DARK])


def _clash(why: str, licences: tuple[int, ...], uses: list[Use]) -> Remark:
    code = "alternatives" if why == _CHOICE else "permit-and-prohibit"
    return Remark(code, f"{', '.join(uses)}: {why}", why != _CHOICE, licences)


def _not_ours(licence: License, recipient: Recipient) -> str:
    """Why a licence is not for us; empty where it is."""
    for rule in licence.rules:
        if rule.about not in ("user", "geo"):
            continue
        us = recipient.user if rule.about == "user" else recipient.country
        what = "kinds of user" if rule.about == "user" else "places"
        if not us:
            return f"the licence distinguishes {what}, and the policy does not say which is ours"
        if _names(rule, us) is not rule.permits:
            named = quote.text(" ".join(rule.tokens), 100)
            verb = "is only for" if rule.permits else "is not for"
            return f"the licence {verb} {named}, and we are {us}"
    return ""


def _names(rule: Rule, us: str) -> bool:
    """Whether a rule names us, in any case; a country also by the union that it is in."""
    named = {token.upper() for token in rule.tokens}
    us = us.upper()
    if rule.about == "user":
        return us in named
    named = {_ALSO.get(token, token) for token in named}
    us = _ALSO.get(us, us)
    return us in named or ("EU" in named and us in tokens.EUROPEAN_UNION)


def _known(rule: Rule, token: str) -> bool:
    """Whether a word is one that a rule of its kind may hold."""
    match rule.about:
        case "usage":
            return token in tokens.USAGE
        case "user":
            return token.lower() in tokens.USER
        case "geo":
            return tokens.GEO.fullmatch(token.upper()) is not None
    return False


def _usage(licence: License, *, permits: bool) -> list[Rule]:
    return [rule for rule in licence.rules if rule.about == "usage" and rule.permits is permits]


def _prohibited(licence: License) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """The usage that is prohibited, the slips among its words, and the words not understood."""
    known: set[str] = set()
    slips: list[str] = []
    unknown: list[str] = []
    for token in (token for rule in _usage(licence, permits=False) for token in rule.tokens):
        if token in tokens.USAGE:
            known.add(token)
        elif meant := tokens.prohibited(token):
            known.update(meant)
            slips.append(token)
        else:
            unknown.append(token)
    return frozenset(known), tuple(slips), tuple(unknown)


def _says(licence: License, use: Use) -> _Says:
    """What a licence that is for us says of a use (rule R18)."""
    prohibited, _, unknown = _prohibited(licence)
    if prohibited & _GOVERNING[use]:
        return _Says.PROHIBITED
    permits = _usage(licence, permits=True)
    if permits:
        said = _Says.PERMITTED
        if not all(_GOVERNING[use].intersection(rule.tokens) for rule in permits):
            return _Says.OMITTED  # a list of what is permitted is closed
    elif (licence.payments or licence.reporting) and not _usage(licence, permits=False):
        said = _Says.PERMITTED
    else:
        said = _Says.SILENT
    doubtful = licence.restricts_only or _doubts(licence)
    if unknown or (doubtful and said is _Says.PERMITTED):
        return _Says.DARK
    return said


def _doubts(licence: License) -> bool:
    """Whether a licence limits itself by what we cannot tell: then it permits us nothing."""
    for rule in licence.rules:
        if rule.about == "usage":
            continue
        if rule.about not in ("user", "geo") or (
            not rule.permits and any(not _known(rule, token) for token in rule.tokens)
        ):
            return True
    return False


def _permits_as_narrowly(licence: License, use: Use) -> bool:
    """Whether a use is permitted by a word as narrow as the one that prohibits it, or narrower."""
    prohibited, _, _ = _prohibited(licence)
    permitted = {token for rule in _usage(licence, permits=True) for token in rule.tokens}
    named = permitted | prohibited
    narrowest = next(tier for tier in TIERS[use] if named.intersection(tier))
    return bool(permitted.intersection(narrowest))


def _remarks(licence: License, index: int) -> Iterator[Remark]:
    at = (index,)
    usage = [rule for rule in licence.rules if rule.about == "usage"]
    _, slips, unknown = _prohibited(licence)
    strange = [
        token
        for rule in licence.rules
        for token in rule.tokens
        if rule.permits and not _known(rule, token)
    ]
    if slips:
        shown = quote.text(" ".join(slips), 100)
        yield Remark("slip", f"no word of RSL, read where it prohibits: {shown}", licences=at)
    if strange:
        shown = quote.text(" ".join(strange), 100)
        yield Remark(
            "unknown-token", f"permits nothing, for RSL has no such word: {shown}", licences=at
        )
    if unknown:
        shown = quote.text(" ".join(unknown), 100)
        yield Remark("unknown-token", f"prohibits what cannot be told: {shown}", licences=at)
    if not usage and not licence.payments and not licence.reporting:
        yield Remark(
            "empty",
            "the licence neither permits nor prohibits a usage, nor asks for a "
            "payment or a report: it says nothing about use",
            licences=at,
        )
    if any(payment.kind == CONTRIBUTION for payment in licence.payments):
        yield Remark(
            "contribution-ambiguous",
            "RSL does not say whether a contribution is to the publisher or to an ecosystem; it "
            "is read as the latter only where it points to a collective",
            warning=False,
            licences=at,
        )
