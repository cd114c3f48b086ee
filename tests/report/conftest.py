"""Results made by hand, so that the formats are tested apart from what makes results."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from signals_agent.cc_signals import SIGNALS
from signals_agent.model.assessment import Assessment, Tool, UseAssessment
from signals_agent.model.attribution import Attribution
from signals_agent.model.capture import Availability, CaptureRecord, Coverage, Role
from signals_agent.model.declaration import Declaration, Scope
from signals_agent.model.digest import Digest
from signals_agent.model.note import Note, Severity
from signals_agent.model.obligation import Basis, Obligation, Party
from signals_agent.model.position import FieldPosition, LinePosition
from signals_agent.model.resolution import Access, AccessAnswer, HopAccess
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, PolicyRecord, Reason, ReasonCode, Verdict

URL = "https://library.example/ferry"
ROBOTS = "https://library.example/robots.txt"
TDMREP = "https://library.example/.well-known/tdmrep.json"
A, B = Digest(None, "a" * 64), Digest(None, "b" * 64)
EXPRESSION = "train-genai=n;exceptions=cc-cr-ec"
UNKNOWN = UseAssessment(
    Preference.UNKNOWN,
    Preference.UNKNOWN,
    Decision.INGEST,
    (Reason(ReasonCode.UNKNOWN, "nobody has stated a preference"),),
)
SILENT = dict.fromkeys(Use, UNKNOWN)


def make(**changes: object) -> Assessment:
    """A result about a silent page, with what is given in place of the usual."""
    usual: dict[str, object] = {
        "tool": Tool("0.1.0", "2026.11"),
        "url": URL,
        "final_url": URL,
        "tokens": ("ExampleBot",),
        "checked_at": datetime(2026, 11, 1, 12, 30, 59, 999_999, tzinfo=UTC),
        "vocabulary": "cumulative",
        "literal_draft": "08",
        "access": Access(
            AccessAnswer.ALLOWED,
            (HopAccess(URL, AccessAnswer.ALLOWED, "Allow: /", LinePosition(2, 8), "cap-2"),),
        ),
        "coverage": (
            Coverage(URL, Availability.PRESENT, True, "cap-1"),
            Coverage(ROBOTS, Availability.PRESENT, True, "cap-2"),
            Coverage(TDMREP, Availability.ABSENT, False),
        ),
        "captures": (
            CaptureRecord("cap-1", Role.ASSET, URL, Availability.PRESENT, 200, A, 512),
            CaptureRecord("cap-2", Role.ROBOTS, ROBOTS, Availability.PRESENT, 200, B, 24),
        ),
        "uses": SILENT,
    }
    return Assessment(**{**usual, **changes})


def declared(octets: bytes = EXPRESSION.encode(), **changes: object) -> Declaration:
    """A declaration in the page's header, with what is given in place of the usual."""
    made = Declaration(
        id="dec-1",
        family="aipref",
        carrier="http-header",
        source=URL,
        position=FieldPosition("content-usage", 1),
        expression=octets.decode("utf-8", "replace"),
        octets=octets,
        scope=Scope(),
        capture="cap-1",
    )
    return replace(made, **changes)


@pytest.fixture
def silent() -> Assessment:
    """A page about which everything was looked at and nobody spoke."""
    return make()


@pytest.fixture
def conditional() -> Assessment:
    """A page that asks for credit and ecosystem contribution; nothing commits to the second."""
    note = Note(
        "aipref-older-label",
        Severity.INFO,
        "train-genai is a label of an older draft",
        "rule R1",
        ("dec-1",),
        FieldPosition("content-usage", 1),
    )
    owed = tuple(
        Obligation(
            id=f"obl-{number}",
            kind=term.kind,
            binding=True,
            basis=Basis.PREFERENCE,
            signal=term.signal,
            to=Party("library.example", "https://library.example"),
            text=term.text,
            because=("dec-1",),
            signal_version=term.signal_version,
            terms_url="https://terms.example/cc-cr-ec/0.1",
        )
        for number, term in enumerate(SIGNALS["cc-cr-ec"].terms, 1)
    )
    unmet = Reason(
        ReasonCode.UNMET,
        "not committed to: ecosystem-contribution to library.example",
        ("dec-1",),
    )
    answer = UseAssessment(
        Preference.CONDITIONAL,
        Preference.UNKNOWN,
        Decision.HOLD,
        (unmet,),
        ("obl-1", "obl-2"),
        ("dec-1",),
    )
    return make(
        uses={**SILENT, Use.TRAIN_GENERATIVE: answer},
        obligations=owed,
        attribution=Attribution(
            url=URL,
            text="“The ferry”, by Odile Marsh, https://library.example/ferry",
            title="The ferry",
            creators=("Odile Marsh",),
            because=("dec-1",),
        ),
        declarations=(declared(notes=(note,)),),
        notes=(note,),
        verdict=Verdict(
            Decision.HOLD,
            (Use.TRAIN_GENERATIVE,),
            PolicyRecord("lab.toml", "c" * 64),
            (unmet,),
            ("obl-1", "obl-2"),
            ("obl-2",),
        ),
    )


@pytest.fixture
def refused() -> Assessment:
    """A page to which robots.txt refuses access."""
    reason = Reason(ReasonCode.ACCESS_REFUSED, "robots.txt refuses access (Disallow: /)")
    answer = UseAssessment(Preference.UNKNOWN, Preference.UNKNOWN, Decision.SKIP, (reason,))
    return make(
        access=Access(
            AccessAnswer.DISALLOWED,
            (HopAccess(URL, AccessAnswer.DISALLOWED, "Disallow: /", LinePosition(4, 11), "cap-2"),),
        ),
        coverage=(
            Coverage(URL, Availability.NOT_LOOKED, True),
            Coverage(ROBOTS, Availability.PRESENT, True, "cap-2"),
        ),
        uses=dict.fromkeys(Use, answer),
    )


@pytest.fixture
def undetermined() -> Assessment:
    """A page whose robots.txt could not be reached."""
    reason = Reason(ReasonCode.ACCESS_UNDETERMINED, "robots.txt could not be looked at")
    answer = UseAssessment(
        Preference.UNDETERMINED, Preference.UNDETERMINED, Decision.HOLD, (reason,)
    )
    return make(
        access=Access(AccessAnswer.UNDETERMINED, (HopAccess(URL, AccessAnswer.UNDETERMINED),)),
        coverage=(
            Coverage(URL, Availability.NOT_LOOKED, True),
            Coverage(ROBOTS, Availability.UNREACHABLE, True),
        ),
        uses=dict.fromkeys(Use, answer),
    )


@pytest.fixture
def hostile() -> Assessment:
    """A page whose publisher tries to write on our terminal."""
    escape = "\x1b]0;owned\x07\x1b[2J\r\n\u202etxt.exe\x9b31m"
    octets = b"train-ai=n\x1b[2J\x9b\xff;exceptions=" + "evil\u202e".encode()
    note = Note("aipref-" + escape, Severity.WARNING, escape, escape, ("dec-1",))
    party = Party(escape, escape, False)
    due = Obligation(
        "obl-1",
        next(iter(SIGNALS["cc-cr"].terms)).kind,
        True,
        Basis.PREFERENCE,
        escape,
        party,
        "Give credit.",
        ("dec-1",),
        escape,
        escape,
    )
    answer = UseAssessment(
        Preference.CONDITIONAL,
        Preference.UNKNOWN,
        Decision.HOLD,
        (Reason(ReasonCode.UNMET, escape, ("dec-1",)),),
        ("obl-1",),
        ("dec-1",),
    )
    return make(
        url=URL + "?" + escape,
        access=Access(
            AccessAnswer.DISALLOWED,
            (HopAccess(URL + escape, AccessAnswer.DISALLOWED, escape, LinePosition(1, 1)),),
        ),
        coverage=(Coverage(URL + escape, Availability.UNREACHABLE, True),),
        uses={**SILENT, Use.SEARCH: answer},
        obligations=(due,),
        attribution=Attribution(url=URL, text=escape, because=("dec-1",)),
        declarations=(
            declared(
                octets,
                source=URL + escape,
                position=FieldPosition(escape, 1),
                family=escape,
                carrier=escape,
                scope=Scope(escape, escape, escape, escape),
                notes=(note,),
            ),
        ),
        notes=(note, Note("robots-" + escape, Severity.ERROR, escape, escape)),
    )
