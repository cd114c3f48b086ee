"""What a recipient has bound itself to: commitments, agreements, what licensors have told it."""

import re
from abc import abstractmethod
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    field_validator,
    model_validator,
)

from signals_agent import proof
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.use import Use
from signals_agent.proof import Found, Outcome

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _day(value: object) -> object:
    """The value, where it is a day; pydantic alone would take a number for seconds."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"{value!s} is not a day: year-month-day is accepted, such as 2027-12-31")


Day = Annotated[date, BeforeValidator(_day)]
Check = tuple[str, str, Found]
"""A key, its value, and what checking it found."""

_AGREED = frozenset({ObligationKind.PAYMENT, ObligationKind.PERMISSION, ObligationKind.REPORTING})
_CONTRIBUTIONS = frozenset(
    {ObligationKind.DIRECT_CONTRIBUTION, ObligationKind.ECOSYSTEM_CONTRIBUTION}
)


_Checked = TypeVar("_Checked", bound="Keys")


class Keys(BaseModel):
    """A table of the policy file: an unknown key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _Shown(Keys):
    """An entry that a URL or a file shows; what looking for it found goes with the entry.

    A file's name is seen from the folder of the policy file.
    """

    _found: Found = PrivateAttr(default=proof.ASSERTED)

    def model_post_init(self, context: Any, /) -> None:
        """Notes what can be said without looking at a file."""
        self._found = self._look(None)

    @abstractmethod
    def _look(self, folder: Path | None) -> Found:
        """What is there of what shows it; without a folder no file is looked for."""

    @property
    def found(self) -> Found:
        """What looking for what shows it found."""
        return self._found

    def having(self, found: Found) -> Self:
        """The same entry, with what was found for it."""
        copy = self.model_copy()
        copy._found = found
        return copy

    def checked(self, folder: Path) -> Self:
        """The same entry, with the file that it names looked for from a folder."""
        return self.having(self._look(folder))


def _faultless(entry: _Checked, faults: list[str]) -> _Checked:
    """The entry, where nothing is wrong with it as a whole; else all faults, one a line."""
    if faults:
        raise ValueError("\n".join(faults))
    return entry


class Commitment(_Shown):
    """What the recipient has bound itself to do, for whom, and what shows it.

    ``to`` is ``*`` (everyone), a declaring party's name, an origin, a URL pattern or a
    path pattern. ``expires`` is the last day on which it counts. ``evidence`` is a URL, or
    a file's name as seen from the folder of the policy file.
    """

    kind: ObligationKind
    to: Said = "*"
    evidence: Said | None = None
    osaid: Said | None = None
    ceiling: Said | None = None
    expires: Day | None = None

    @field_validator("osaid")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        return value if value is None else proof.check_url(value)

    @field_validator("evidence")
    @classmethod
    def _url_or_file(cls, value: str | None) -> str | None:
        return proof.check_url(value) if value and proof.is_url(value) else value

    @field_validator("ceiling")
    @classmethod
    def _is_amount(cls, value: str | None) -> str | None:
        return value if value is None else proof.check_amount(value)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = []
        if self.osaid is not None and self.kind is not ObligationKind.OPEN:
            faults.append("osaid stands only in a commitment of kind open")
        if "://" in self.to:
            try:
                urls.parse(self.to)
            except InvalidURL as error:
                faults.append(f"to: {error}")
        if self.kind in _AGREED:
            # What shows it is of no use then, and is not asked for.
            faults.append(
                f"{self.kind} cannot be promised one-sidedly: it takes an [[agreement]] "
                f'with answers = ["{self.kind}"]'
            )
            return _faultless(self, faults)
        everyone = not self.to.strip("*") or self.to.startswith("/")
        if self.kind is ObligationKind.DIRECT_CONTRIBUTION and everyone and self.ceiling is None:
            faults.append("a direct-contribution to everyone needs a ceiling (rule R26)")
        elif (
            self.evidence is None
            and self.osaid is None
            and not (self.kind in _CONTRIBUTIONS and self.ceiling is not None)
        ):
            faults.append("a commitment needs evidence: a URL or a file that shows it")
        return _faultless(self, faults)

    def _look(self, folder: Path | None) -> Found:
        if self.evidence is None:
            return proof.ASSERTED
        if self.kind is ObligationKind.OPEN:
            return proof.of_openness(self.evidence, folder)
        return proof.of_evidence(self.evidence, folder)

    @property
    def subject(self) -> str:
        """What to call it in a sentence."""
        return f"the commitment to {self.kind}" + (f" for {self.to}" if self.to != "*" else "")

    def flaw(self, now: datetime) -> str | None:
        """Why it does not count at a time, as a sentence without a full stop; else ``None``."""
        if not in_force(None, self.expires, now):
            return f"{self.subject} expired on {self.expires}"
        # For open either is enough: an assertion of OSAID conformance rests on no MOF class.
        if self._found.counts or self.osaid is not None:
            return None
        return f"{self.subject}: {self._found.text}"

    def checks(self) -> Iterator[Check]:
        """Every piece of evidence that it puts forward, and how checking it ended."""
        if self.evidence is not None:
            yield "evidence", self.evidence, self._found
        if self.osaid is not None:
            yield "osaid", self.osaid, proof.ASSERTED
        if self.ceiling is not None:
            text = "a currency of ISO 4217 and an amount"
            yield "ceiling", self.ceiling, Found(Outcome.HOLDS, text)


class Agreement(_Shown):
    """A contract with a party, and what it covers (rule R34); both dates count as days in force.

    ``document`` is a URL, or a file's name as seen from the folder of the policy file.
    """

    party: Said
    origins: tuple[str, ...]
    paths: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()
    activities: tuple[Activity, ...] = ()
    answers: tuple[ObligationKind, ...] = ()
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    document: Said | None = None
    sha256: str | None = None

    @field_validator("origins")
    @classmethod
    def _origins(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if not values:
            raise ValueError(
                "an agreement names at least one origin, for example https://press.example"
            )
        return tuple(_origin(value) for value in values)

    @field_validator("paths")
    @classmethod
    def _paths(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not value.startswith("/"):
                raise ValueError(f"a path begins with '/': {value!r}")
        return values

    @field_validator("document")
    @classmethod
    def _url_or_file(cls, value: str | None) -> str | None:
        return proof.check_url(value) if value and proof.is_url(value) else value

    @field_validator("sha256")
    @classmethod
    def _digest(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", value):
            raise ValueError("sha256 is 64 hexadecimal digits")
        return value.lower() if value else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = []
        if not self.uses and not self.activities:
            faults.append("an agreement names the uses or activities that it covers")
        if self.sha256 and not self.document:
            faults.append("sha256 is that of a document; name the document")
        return _faultless(self, faults)

    def _look(self, folder: Path | None) -> Found:
        if self.document is None:
            return proof.ASSERTED
        return proof.of_document(self.document, self.sha256, folder)

    @property
    def subject(self) -> str:
        """What to call it in a sentence."""
        return f"the agreement with {self.party}"

    def flaw(self, now: datetime) -> str | None:
        """Why it does not count at a time, as a sentence without a full stop; else ``None``."""
        if not in_force(None, self.until, now):
            return f"{self.subject} expired on {self.until}"
        if not in_force(self.from_, None, now):
            return f"{self.subject} begins only on {self.from_}"
        return None if self._found.counts else f"{self.subject}: {self._found.text}"

    def checks(self) -> Iterator[Check]:
        """Every piece of evidence that it puts forward, and how checking it ended."""
        if self.document is not None:
            yield "document", self.document, self._found


class LicensorStatement(Keys):
    """What a licensor says beyond its licence, with where it says so."""

    licence: str
    origins: tuple[str, ...]
    activity: Activity
    answer: Literal["ok", "caution", "no"]
    url: Said

    @field_validator("url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        return proof.check_url(value)

    @property
    def subject(self) -> str:
        """What to call it in a sentence."""
        return f"the statement on {self.licence}"

    def checks(self) -> Iterator[Check]:
        """Every piece of evidence that it puts forward, and how checking it ended."""
        yield "url", self.url, proof.ASSERTED

    @field_validator("origins")
    @classmethod
    def _origins(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if not values:
            raise ValueError("a statement names at least one origin")
        return tuple(_origin(value) for value in values)


def in_force(first: date | None, last: date | None, now: datetime) -> bool:
    """Whether a day lies in a span of which both ends count, in UTC."""
    today = now.astimezone(UTC).date()
    return (first is None or first <= today) and (last is None or today <= last)


def _origin(value: str) -> str:
    try:
        parsed = urls.parse(value)
    except InvalidURL as error:
        raise ValueError(str(error)) from None
    if parsed.target != "/":
        raise ValueError(f"an origin has no path: {value!r}; put the path into paths")
    return parsed.origin
