"""Whether what a policy puts forward as evidence is there, and is what it is said to be."""

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256 as digest_of
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.errors import InvalidURL

MAX_DESCRIPTION: Final = 5 * 1024 * 1024
"""Octets of a model description that are read (rule R39)."""

MAX_DOCUMENT: Final = 1024 * 1024 * 1024
"""Octets of an agreement's document that are read for its SHA-256 (rule R39)."""

_CHUNK: Final = 1024 * 1024
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
        return _not_looked_for("its evidence", value)
    try:
        _begun(folder, value, fragment=True).close()
    except _Flawed as flaw:
        return _fails(f"its evidence {flaw} ({_shown(value)})")
    return Found(Outcome.HOLDS, "the file is there and can be read")


def of_openness(value: str, folder: Path | None) -> Found:
    """What evidence for *open* comes to: the MOF class of the description that it names.

    No class can be told from a URL, which is not fetched: it is not enough.
    """
    if is_url(value):
        text = (
            "its evidence is a URL, which is not fetched, so its class cannot be told; name a "
            "copy of the model's description, or assert OSAID conformance with osaid"
        )
        return Found(Outcome.NOT_CHECKED, text, counts=False)
    if folder is None:
        return _not_looked_for("its evidence", value)
    # Reading YAML is slow to load, and few policies name a description.
    from signals_agent import openness

    try:
        with _begun(folder, value) as opened:
            octets = _read(opened, MAX_DESCRIPTION + 1)
        if len(octets) > MAX_DESCRIPTION:
            raise _Flawed(f"is larger than {MAX_DESCRIPTION} octets")
    except _Flawed as flaw:
        return _fails(f"its evidence {flaw} ({_shown(value)})")
    judged = openness.of_file(octets, Path(value).name)
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
        text = (
            "its document is a URL, which is not fetched, so its sha256 cannot be checked; "
            "name a copy"
        )
        return Found(Outcome.NOT_CHECKED, text, counts=False)
    if folder is None:
        return _not_looked_for("its document", value)
    try:
        with _begun(folder, value) as opened:
            if sha256 is None:
                return Found(Outcome.HOLDS, "the file is there and can be read; no sha256 is given")
            digest = _digest(opened)
    except _Flawed as flaw:
        return _fails(f"its document {flaw} ({_shown(value)})")
    if digest != sha256:
        return _fails(
            f"its document differs from its sha256 ({_shown(value)} has {digest[:12]}...)"
        )
    return Found(Outcome.HOLDS, "the file is there, and its sha256 is the one given")


def _not_looked_for(what: str, value: str) -> Found:
    """A file of a policy without a folder: who cannot look cannot rely on it."""
    text = f"{what} was not looked for, since no folder was named to look from ({_shown(value)})"
    return Found(Outcome.NOT_CHECKED, text, counts=False)


def _shown(value: str) -> str:
    return quote.text(value, MAX_SHOWN)


class _Flawed(Exception):
    """A file is not as it should be; the message goes on from *its evidence*."""


def _begun(folder: Path, value: str, *, fragment: bool = False) -> BinaryIO:
    """The regular file that a name stands for, open at its begin; raises ``_Flawed``.

    It never waits: a pipe that nobody writes to, or a device, is no file.
    """
    file = folder / value
    try:
        if fragment and "#" in value and not file.exists():
            # A place within a document, such as ``model-card.md#sources``.
            file = folder / value.split("#", 1)[0]
        if file.is_dir():
            raise _Flawed("is not a file")
        opened = open(file, "rb", opener=_at_once)  # noqa: SIM115  # Path has no opener
    except FileNotFoundError:
        raise _Flawed("is not there") from None
    except (OSError, ValueError) as error:
        raise _Flawed(f"cannot be read: {_why(error)}") from None
    try:
        if not S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise _Flawed("is not a file")
        if not _read(opened, 1):
            raise _Flawed("is empty")
        opened.seek(0)
    except OSError as error:
        opened.close()
        raise _Flawed(f"cannot be read: {_why(error)}") from None
    except _Flawed:
        opened.close()
        raise
    return opened


def _at_once(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _read(opened: BinaryIO, most: int) -> bytes:
    try:
        # Of a file that has nothing yet, ``None`` comes.
        return opened.read(most) or b""
    except OSError as error:
        raise _Flawed(f"cannot be read: {_why(error)}") from None


def _digest(opened: BinaryIO) -> str:
    made = digest_of()
    seen = 0
    while chunk := _read(opened, _CHUNK):
        seen += len(chunk)
        if seen > MAX_DOCUMENT:
            raise _Flawed(f"is larger than {MAX_DOCUMENT} octets")
        made.update(chunk)
    return made.hexdigest()


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
