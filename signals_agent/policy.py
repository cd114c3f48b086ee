"""The recipient's own choices: who it is, what it intends, what it has committed to."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal, Self, TypeAlias

from pydantic import (
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from signals_agent import mistakes, vocabulary
from signals_agent.contradictions import Contradictory, among, contradictions
from signals_agent.errors import PolicyError
from signals_agent.model.licence import Activity
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision
from signals_agent.promises import (
    Agreement,
    Commitment,
    Keys,
    LicensorStatement,
    in_force,
)
from signals_agent.proof import EvidenceCheck, Found, Outcome
from signals_agent.syntax import toml_places

__all__ = [
    "TOKEN",
    "Agreement",
    "Commitment",
    "LicensorStatement",
    "On",
    "Policy",
    "Preset",
    "Recipient",
    "Tightened",
    "UserType",
    "Vendor",
    "Waiting",
    "check_token",
    "in_force",
]

Preset = Literal["standard", "strict", "observe"]
UserType = Literal["commercial", "non-commercial", "education", "government", "personal"]
Vendor = Literal["bing", "google"]
Waiting = Literal["hold", "skip"]
Tightened = Literal["keep", "drop"]

TOKEN = re.compile(r"[A-Za-z0-9_-]+\Z")
"""A product token, as rule R13a compares them."""

_Places: TypeAlias = Callable[[], Mapping[toml_places.Path, int]]
"""Looks for lines by path; called only where something is wrong."""
_POLICY: Final = "policy"
_STORED: Final = {"stored": True}
"""Context of validation: what is read was a policy when it was stored, and is not judged again."""


class Recipient(Keys):
    """Who we are, where a declaration distinguishes recipients (rule R18, RSL)."""

    user: UserType | None = None
    country: str | None = None

    @field_validator("country")
    @classmethod
    def _two_letters(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Z]{2}", value):
            raise ValueError("a country is two capital letters (ISO 3166-1), for example DE")
        return value


class On(Keys):
    """What to do where nothing else decides (rule R26).

    ``tightened`` is about what was ingested earlier, when its declarations are stricter
    by now (rule R38); it decides no verdict.
    """

    unknown: Decision = Decision.INGEST
    caution: Decision = Decision.HOLD
    undetermined: Waiting = "hold"
    unreadable: Waiting = "hold"
    no_licence: Decision = Decision.INGEST
    tightened: Tightened = "keep"


_STRICT: Final[dict[str, Any]] = {
    "training_crawlers_refused": "disallow",
    "on": On(unknown=Decision.HOLD),
}
"""What the preset ``strict`` starts from, where it differs from the others."""


class Policy(Keys):
    """The recipient's policy (rule R26); the keys are those of the policy file.

    Without one, the preset ``standard``. A preset sets defaults, and what is given
    overrides it; what is given without a ``name`` is called ``standard, changed``, say, so
    that nobody takes it for the preset. Raises ``PolicyError``.
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
                return {**_STRICT, **given, "on": {"unknown": Decision.HOLD, **on}}
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

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Self:
        if info.context is _STORED:
            return self
        found = dict.fromkeys(
            contradictions(
                self.commitment,
                self.agreement,
                self.statement,
                self.activities,
                self.recipient.user,
            )
        )
        if found:
            raise Contradictory(tuple(found))
        if self.name is None and not self._is_preset():
            # Frozen to its callers; within its own making it is named.
            self.__dict__["name"] = f"{self.preset}, changed"
        return self

    def _is_preset(self) -> bool:
        """Whether nothing differs from what the preset starts from."""
        starts = _STRICT if self.preset == "strict" else {}
        return all(
            getattr(self, name) == starts.get(name, field.default)
            for name, field in type(self).model_fields.items()
            if name not in ("preset", "name")
        )

    def __init__(self, **keys: Any) -> None:
        try:
            super().__init__(**keys)
        except ValidationError as error:
            raise _mistaken(error, _POLICY, dict, keys) from None

    @property
    def label(self) -> str:
        """What to call the policy in a verdict: its name, or that of the preset that it is."""
        return self.name or self.preset

    @property
    def sha256(self) -> str:
        """The SHA-256 of the policy as canonical JSON, 64 hexadecimal digits."""
        document = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()

    @property
    def checks(self) -> tuple[EvidenceCheck, ...]:
        """Every piece of evidence that the policy puts forward, and how checking it ended."""
        tables: dict[str, Sequence[Commitment | Agreement | LicensorStatement]] = {
            "commitment": self.commitment,
            "agreement": self.agreement,
            "statement": self.statement,
        }
        return tuple(
            EvidenceCheck(
                table, place, each.subject, key, value, found.outcome, found.text, found.counts
            )
            for table, entries in tables.items()
            for place, each in enumerate(entries, 1)
            for key, value, found in each.checks()
        )

    def checked(self, folder: str | Path) -> "Policy":
        """The same policy, with the files that its evidence names looked at.

        Names are seen from ``folder``. The files are looked at once, here; what was found is
        kept with the policy and is no part of its SHA-256.
        """
        at = Path(folder)
        return self.model_copy(
            update={
                "commitment": tuple(each.checked(at) for each in self.commitment),
                "agreement": tuple(each.checked(at) for each in self.agreement),
            }
        )

    def record(self) -> dict[str, Any]:
        """The policy and what its evidence came to, as JSON values (for ``from_record``)."""
        return {
            "policy": self.model_dump(mode="json", by_alias=True, exclude_none=True),
            "evidence": {
                "commitment": [asdict(each.found) for each in self.commitment],
                "agreement": [asdict(each.found) for each in self.agreement],
            },
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Policy":
        """The policy as it was when it was recorded: no file is looked at again (rule R29).

        Raises ``PolicyError`` for what is no record.
        """
        try:
            policy = cls._made(record["policy"], _POLICY, dict, _STORED)
            found = {
                table: tuple(
                    each.having(Found(Outcome(said["outcome"]), said["text"], said["counts"]))
                    for each, said in zip(entries, record["evidence"][table], strict=True)
                )
                for table, entries in (
                    ("commitment", policy.commitment),
                    ("agreement", policy.agreement),
                )
            }
        except (KeyError, TypeError, ValueError) as error:
            raise PolicyError(f"this is no record of a policy: {error}") from None
        return policy.model_copy(update=found)

    @classmethod
    def make(
        cls,
        document: Mapping[str, Any],
        name: str | None = None,
        folder: str | Path | None = None,
    ) -> "Policy":
        """A policy from parsed TOML; raises ``PolicyError`` with one line for each mistake.

        ``name`` is that of what has none of its own. Without a ``folder`` no file that its
        evidence names is looked at, and what rests on one does not count (see ``checked``).
        """
        return cls._from(document, name, folder, dict)

    @classmethod
    def _from(
        cls,
        document: object,
        name: str | None,
        folder: str | Path | None,
        places: _Places,
    ) -> "Policy":
        if not isinstance(document, Mapping):
            raise PolicyError(
                f"a policy is made of a mapping of keys, not of {type(document).__name__}; "
                "signals_agent.Policy.load(path) reads a file, and Policy.parse(text) its text"
            )
        keys = {**document, "name": name} if name and not document.get("name") else document
        policy = cls._made(keys, name or _POLICY, places)
        return policy if folder is None else policy.checked(folder)

    @classmethod
    def _made(
        cls,
        keys: Mapping[str, Any],
        said: str,
        places: _Places,
        context: dict[str, bool] | None = None,
    ) -> "Policy":
        policy = cls.__new__(cls)
        try:
            # As the constructor of pydantic does it, which takes no context.
            cls.__pydantic_validator__.validate_python(
                dict(keys), self_instance=policy, context=context
            )
        except ValidationError as error:
            raise _mistaken(error, said, places, {} if context is _STORED else keys) from None
        return policy

    @classmethod
    def parse(
        cls, text: str, name: str | None = None, folder: str | Path | None = None
    ) -> "Policy":
        """A policy from TOML text; raises ``PolicyError``. For ``folder`` see ``make``."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"{name or 'policy'} is not TOML: {error}") from None
        return cls._from(document, name, folder, lambda: toml_places.of(text))

    @classmethod
    def load(cls, path: str | Path) -> "Policy":
        """A policy from a file; its name is the file's. Raises ``PolicyError``.

        The files that its evidence names are looked for from the policy file's folder.
        """
        file = Path(path)
        try:
            text = file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError(f"cannot read the policy {file}: {error}") from None
        return cls.parse(text, file.name, file.parent)


@lru_cache(maxsize=1024)
def check_token(value: object) -> str:
    """The token, where it is a product token; raises ``ValueError`` where not (rule R13a)."""
    if not isinstance(value, str) or not TOKEN.match(value):
        raise ValueError(
            f"{value!r} is not a product token: letters, digits, '-' and '_' only, "
            "for example ExampleBot"
        )
    return value


def _mistaken(
    error: ValidationError, name: str, places: _Places, keys: Mapping[str, Any]
) -> PolicyError:
    """What is raised for a policy that is none: one line for each mistake.

    A contradiction is told beside the other mistakes, and does not wait until they are mended.
    """
    found = error.errors(include_url=False, include_context=True)
    told = any(isinstance(each.get("ctx", {}).get("error"), Contradictory) for each in found)
    besides = () if told else dict.fromkeys(among(keys))
    known = partial(mistakes.known_keys, Policy)
    return PolicyError("\n".join(mistakes.lines(found, name, known, places(), besides)))
