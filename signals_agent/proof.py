"""Whether what a policy puts forward as evidence is there, and is what it is said to be."""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.errors import InvalidURL

MAX_DESCRIPTION: Final = 5 * 1024 * 1024
"""Octets of a model description that are read (rule R39)."""

_AMOUNT: Final = re.compile(r"([A-Z]{3}) ([0-9]{1,15}(?:\.[0-9]{1,4})?)\Z")

MAX_SHOWN: Final = 200
"""Characters of a name that a sentence shows."""

CURRENCIES: Final = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
    KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905  # a list of words reads better so
)
"""The currencies of ISO 4217 in which one can be paid (funds codes, metals and tests left out)."""


class Outcome(StrEnum):
    """How checking a piece of evidence ended."""

    HOLDS = "holds"
    ASSERTED = "asserted"
    NOT_CHECKED = "not-checked"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Found:
    """What checking one piece of evidence found; ``counts`` says whether it may be relied on."""

    outcome: Outcome
    text: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """One check of a policy: of which entry, of which of its keys, and how it ended.

    ``entry`` is the table's name, ``place`` counts from 1 within it, ``about`` says which
    entry in words.
    """

    entry: str
    place: int
    about: str
    key: str
    value: str
    outcome: Outcome
    text: str
    counts: bool


ASSERTED: Final = Found(Outcome.ASSERTED, "a URL, taken as it is said: it is not fetched")


def _fails(text: str) -> Found:
    return Found(Outcome.FAILS, text, counts=False)


def is_url(value: str) -> bool:
    """Whether evidence names a URL; anything else is the name of a file."""
    return "://" in value


def check_url(value: str) -> str:
    """The URL as given; raises ``ValueError`` where it is none of http or https."""
    try:
        urls.parse(value)
    except InvalidURL as error:
        raise ValueError(str(error)) from None
    return value


def check_amount(value: str) -> str:
    """The amount as given; raises ``ValueError`` where it is no ISO 4217 code and number."""
    form = _AMOUNT.match(value)
    if form is None or not float(form[2]):
        raise ValueError(
            f"{value!r} is not an amount: a currency code of ISO 4217 and a number above nothing, "
            "for example EUR 20000"
        )
    if form[1] not in CURRENCIES:
        raise ValueError(f"{form[1]} is not a currency code of ISO 4217")
    return value


def of_evidence(value: str, folder: Path | None) -> Found:
    """What a commitment's evidence comes to; a file is looked for from ``folder``."""
    if is_url(value):
        return ASSERTED
    if folder is None:
        return _not_looked_for("its evidence")
    file = _find(folder, value, fragment=True)
    if isinstance(file, Found):
        return _said("its evidence", file, value)
    return Found(Outcome.HOLDS, "the file is there and can be read")


def of_openness(value: str, folder: Path | None) -> Found:
    """What evidence for *open* comes to: the MOF class of the description that it names."""
    if is_url(value):
        return ASSERTED
    if folder is None:
        return _not_looked_for("its evidence")
    file = _find(folder, value)
    if isinstance(file, Found):
        return _said("its evidence", file, value)
    # Reading YAML is slow to load, and few policies name a description.
    from signals_agent import openness

    try:
        with file.open("rb") as opened:
            octets = opened.read(MAX_DESCRIPTION + 1)
    except OSError as error:
        return _fails(f"its evidence cannot be read: {error.strerror or error} ({_shown(value)})")
    if len(octets) > MAX_DESCRIPTION:
        return _fails(f"its evidence is larger than {MAX_DESCRIPTION} octets ({_shown(value)})")
    judged = openness.of_file(octets, file.name)
    if not judged.open:
        return _fails(f"its evidence is {judged.reason} ({_shown(value)})")
    outcome = Outcome.HOLDS if judged.by_class else Outcome.ASSERTED
    return Found(outcome, judged.reason)


def of_document(value: str, sha256: str | None, folder: Path | None) -> Found:
    """What an agreement's document comes to, against its SHA-256 where one is given.

    A SHA-256 that is given and cannot be held against the document fails closed.
    """
    if is_url(value):
        if sha256 is None:
            return ASSERTED
        text = "its document is a URL, which is not fetched, so its sha256 cannot be checked"
        return Found(Outcome.NOT_CHECKED, text, counts=False)
    if folder is None:
        if sha256 is None:
            return _not_looked_for("its document")
        text = "its document was not looked for, so its sha256 is not checked"
        return Found(Outcome.NOT_CHECKED, text, counts=False)
    file = _find(folder, value)
    if isinstance(file, Found):
        return _said("its document", file, value)
    if sha256 is None:
        return Found(Outcome.HOLDS, "the file is there and can be read; no sha256 is given")
    try:
        with file.open("rb") as opened:
            digest = file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        return _fails(f"its document cannot be read: {error.strerror or error} ({_shown(value)})")
    if digest != sha256:
        return _fails(
            f"its document differs from its sha256 ({_shown(value)} has {digest[:12]}...)"
        )
    return Found(Outcome.HOLDS, "the file is there, and its sha256 is the one given")


def _not_looked_for(what: str) -> Found:
    text = f"{what} was not looked for: the policy was not read from a file"
    return Found(Outcome.NOT_CHECKED, text)


def _shown(value: str) -> str:
    return quote.text(value, MAX_SHOWN)


def _said(what: str, found: Found, value: str) -> Found:
    return _fails(f"{what} {found.text} ({_shown(value)})")


def _find(folder: Path, value: str, *, fragment: bool = False) -> Path | Found:
    """The regular file that a name stands for and that can be read, else what is wrong."""
    file = folder / value
    try:
        if fragment and "#" in value and not file.exists():
            # A place within a document, such as ``model-card.md#sources``.
            file = folder / value.split("#", 1)[0]
        if not file.exists():
            return _fails("is not there")
        if not file.is_file():
            return _fails("is not a file")
        with file.open("rb") as opened:
            if not opened.read(1):
                return _fails("is empty")
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        return _fails(f"cannot be read: {said}")
    return file
