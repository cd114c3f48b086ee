"""The recipient's own choices: who it is, what it intends, what it has committed to."""

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from signals_agent import url as urls
from signals_agent import vocabulary
from signals_agent.errors import InvalidURL, PolicyError
from signals_agent.model.licence import Activity
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision

Preset = Literal["standard", "strict", "observe"]
UserType = Literal["commercial", "non-commercial", "education", "government", "personal"]
Vendor = Literal["bing", "google"]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Waiting = Literal["hold", "skip"]

TOKEN = re.compile(r"[A-Za-z0-9_-]+\Z")
"""A product token, as rule R13a compares them."""

_AGREED = frozenset({ObligationKind.PAYMENT, ObligationKind.PERMISSION, ObligationKind.REPORTING})


_POLICY = "policy"
_CONTRIBUTIONS = frozenset(
    {ObligationKind.DIRECT_CONTRIBUTION, ObligationKind.ECOSYSTEM_CONTRIBUTION}
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Recipient(_Strict):
    """Who we are, where a declaration distinguishes recipients (rule R18, RSL)."""

    user: UserType | None = None
    country: str | None = None

    @field_validator("country")
    @classmethod
    def _two_letters(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Z]{2}", value):
            raise ValueError("a country is two capital letters (ISO 3166-1), for example DE")
        return value


class On(_Strict):
    """What to do where nothing else decides (rule R26)."""

    unknown: Decision = Decision.INGEST
    caution: Decision = Decision.HOLD
    undetermined: Waiting = "hold"
    unreadable: Waiting = "hold"
    no_licence: Decision = Decision.INGEST


class Commitment(_Strict):
    """What the recipient has bound itself to do, for whom, and what shows it.

    ``to`` is ``*`` (everyone), a declaring party's name, an origin, a URL pattern or a
    path pattern. ``expires`` is the last day on which it counts.
    """

    kind: ObligationKind
    to: Said = "*"
    evidence: Said | None = None
    osaid: Said | None = None
    ceiling: Said | None = None
    expires: date | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind in _AGREED:
            raise ValueError(
                f"{self.kind} cannot be promised one-sidedly: it takes an [[agreement]] "
                f'with answers = ["{self.kind}"]'
            )
        if self.osaid is not None and self.kind is not ObligationKind.OPEN:
            raise ValueError("osaid stands only in a commitment of kind open")
        if "://" in self.to:
            try:
                urls.parse(self.to)
            except InvalidURL as error:
                raise ValueError(f"to: {error}") from None
        everyone = not self.to.strip("*") or self.to.startswith("/")
        if self.kind is ObligationKind.DIRECT_CONTRIBUTION and everyone and self.ceiling is None:
            raise ValueError("a direct-contribution to everyone needs a ceiling (rule R26)")
        contribution = self.kind in _CONTRIBUTIONS and self.ceiling is not None
        if self.evidence is None and self.osaid is None and not contribution:
            raise ValueError("a commitment needs evidence: a URL or a file that shows it")
        return self


class Agreement(_Strict):
    """A contract with a party, and what it covers (rule R34); both dates count as days in force."""

    party: str
    origins: tuple[str, ...]
    paths: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()
    activities: tuple[Activity, ...] = ()
    answers: tuple[ObligationKind, ...] = ()
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    document: str | None = None
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

    @field_validator("sha256")
    @classmethod
    def _digest(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", value):
            raise ValueError("sha256 is 64 hexadecimal digits")
        return value.lower() if value else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.uses and not self.activities:
            raise ValueError("an agreement names the uses or activities that it covers")
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError(f"the agreement ends ({self.until}) before it begins ({self.from_})")
        if self.sha256 and not self.document:
            raise ValueError("sha256 is that of a document; name the document")
        return self


class LicensorStatement(_Strict):
    """What a licensor says beyond its licence, with where it says so."""

    licence: str
    origins: tuple[str, ...]
    activity: Activity
    answer: Literal["ok", "caution", "no"]
    url: str

    @field_validator("origins")
    @classmethod
    def _origins(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if not values:
            raise ValueError("a statement names at least one origin")
        return tuple(_origin(value) for value in values)


class Policy(_Strict):
    """The recipient's policy (rule R26); the keys are those of the policy file.

    Without one, the preset ``standard``. A preset sets defaults, and what is given
    overrides it. Raises ``PolicyError`` through ``load``, ``parse`` and ``make``.
    """

    preset: Preset = "standard"
    name: str | None = None
    tokens: tuple[str, ...] = ()
    acquired_by: str | None = None
    uses: tuple[Use, ...] = ()
    activities: tuple[Activity, ...] = ()
    sources: Literal["default", "extended"] = "default"
    vendor_semantics: tuple[Vendor, ...] = ()
    training_crawlers_refused: Literal["note", "disallow"] = "note"
    recipient: Recipient = Recipient()
    on: On = On()
    commitment: tuple[Commitment, ...] = ()
    agreement: tuple[Agreement, ...] = ()
    statement: tuple[LicensorStatement, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _apply_preset(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and given.get("preset") == "strict":
            on = given.get("on", {})
            if isinstance(on, On):
                on = {name: getattr(on, name) for name in on.model_fields_set}
            if isinstance(on, Mapping):
                return {
                    "training_crawlers_refused": "disallow",
                    **given,
                    "on": {"unknown": Decision.HOLD, **on},
                }
        return given

    @field_validator("uses", mode="before")
    @classmethod
    def _uses(cls, values: Any) -> Any:
        if isinstance(values, list | tuple):
            named = (vocabulary.use(value) if isinstance(value, str) else value for value in values)
            return tuple(dict.fromkeys(named))
        return values

    @field_validator("tokens")
    @classmethod
    def _tokens(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            check_token(value)
        return values

    @field_validator("acquired_by")
    @classmethod
    def _acquired_by(cls, value: str | None) -> str | None:
        return value if value is None else check_token(value)

    def __init__(self, **keys: Any) -> None:
        try:
            super().__init__(**keys)
        except ValidationError as error:
            raise PolicyError(_explain(error, _POLICY)) from None

    @property
    def label(self) -> str:
        """What to call the policy in a verdict: its name, or its preset's."""
        return self.name or self.preset

    @property
    def sha256(self) -> str:
        """The SHA-256 of the policy as canonical JSON, 64 hexadecimal digits."""
        document = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()

    @classmethod
    def make(cls, document: Mapping[str, Any], name: str | None = None) -> "Policy":
        """A policy from parsed TOML; raises ``PolicyError`` with one line for each mistake."""
        try:
            policy = cls(**document)
        except PolicyError as error:
            lines = str(error).splitlines()
            said = (f"{name or _POLICY}{line.removeprefix(_POLICY)}" for line in lines)
            raise PolicyError("\n".join(said)) from None
        return policy if policy.name or not name else policy.model_copy(update={"name": name})

    @classmethod
    def parse(cls, text: str, name: str | None = None) -> "Policy":
        """A policy from TOML text; raises ``PolicyError``."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"{name or 'policy'} is not TOML: {error}") from None
        return cls.make(document, name)

    @classmethod
    def load(cls, path: str | Path) -> "Policy":
        """A policy from a file; its name is the file's. Raises ``PolicyError``."""
        file = Path(path)
        try:
            text = file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError(f"cannot read the policy {file}: {error}") from None
        return cls.parse(text, file.name)


@lru_cache(maxsize=1024)
def check_token(value: object) -> str:
    """The token, where it is a product token; raises ``ValueError`` where not (rule R13a)."""
    if not isinstance(value, str) or not TOKEN.match(value):
        raise ValueError(
            f"{value!r} is not a product token: letters, digits, '-' and '_' only, "
            "for example ExampleBot"
        )
    return value


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


def _known_keys(location: tuple[str | int, ...]) -> list[str]:
    """The keys that are accepted where an unknown one was found."""
    sections: dict[str, type[BaseModel]] = {
        "recipient": Recipient,
        "on": On,
        "commitment": Commitment,
        "agreement": Agreement,
        "statement": LicensorStatement,
    }
    model = sections.get(str(location[0]), Policy) if len(location) > 1 else Policy
    return [field.alias or name for name, field in model.model_fields.items()]


def _explain(error: ValidationError, name: str) -> str:
    """One line for each mistake: where it is, what is wrong, what is accepted."""
    lines = []
    for mistake in error.errors(include_url=False, include_context=True):
        location = mistake["loc"]
        where = ".".join(str(part) if isinstance(part, str) else f"{part + 1}" for part in location)
        if mistake["type"] == "extra_forbidden":
            known = _known_keys(location)
            close = difflib.get_close_matches(str(location[-1]), known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; accepted: {', '.join(known)}"
            lines.append(f"{name}: unknown key {where!r}{hint}")
        else:
            message = mistake["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {where}: {message}" if where else f"{name}: {message}")
    return "\n".join(lines)
