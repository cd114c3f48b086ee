"""The result for one asset, as it is handed out and as it is read back."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PrivateAttr
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from signals_agent.errors import UnknownUse
from signals_agent.model.attribution import Attribution
from signals_agent.model.capture import CaptureRecord, Coverage
from signals_agent.model.citation import cite
from signals_agent.model.declaration import Declaration
from signals_agent.model.later import MayBeLater
from signals_agent.model.licence import Licence, SeparateLicence
from signals_agent.model.note import Note
from signals_agent.model.obligation import Obligation
from signals_agent.model.resolution import Access
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision, Reason, Verdict

SCHEMA = "signals-agent/assessment/1"
"""The name of the result's schema; within ``/1`` fields are only added."""


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


Moment = Annotated[
    datetime,
    PlainSerializer(_rfc3339, return_type=str, when_used="json"),
    Field(),
]


@dataclass(frozen=True, slots=True)
class Tool:
    """Which software and which tables gave the result."""

    version: str
    tables: str


@dataclass(frozen=True, slots=True)
class UseAssessment:
    """The answer for one use: what was said, to the letter too, and what to do about it.

    ``obligations`` holds obligation ids, ``because`` declaration ids.
    """

    preference: Preference
    literal: Preference
    decision: Decision
    reasons: tuple[Reason, ...] = ()
    obligations: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


class _NothingIsNull(GenerateJsonSchema):
    """Describes an optional member as one that may be missing, never as ``null``."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        if described.get("default", ...) is None:
            described.pop("default")
        return described

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        inner = field["schema"]
        if inner["type"] != "default":
            return super().field_is_required(field, total)
        return inner.get("default", ...) is not None


class Assessment(BaseModel):
    """One result (schema ``signals-agent/assessment/1``): what was declared, owed and decided.

    ``uses`` has every use. ``verdict`` is there only where uses or a policy were given.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    schema_: Literal["signals-agent/assessment/1"] = Field(
        default="signals-agent/assessment/1", alias="schema"
    )
    tool: Tool
    url: str
    final_url: str
    tokens: tuple[str, ...]
    acquired_by: str | None = None
    checked_at: Moment
    valid_until: Moment | None = None
    vocabulary: str
    literal_draft: str
    access: Access
    coverage: tuple[Coverage, ...] = ()
    uses: dict[Use, UseAssessment]
    obligations: tuple[Obligation, ...] = ()
    attribution: Annotated[Attribution, MayBeLater()] | None = None
    licences: tuple[Licence, ...] = ()
    separate_licences: Annotated[tuple[SeparateLicence, ...], MayBeLater()] = ()
    declarations: tuple[Declaration, ...] = ()
    captures: tuple[CaptureRecord, ...] = ()
    notes: tuple[Note, ...] = ()
    verdict: Verdict | None = None

    # One for both: each private attribute costs every result that is made.
    _makers: tuple[Callable[[], Attribution], Callable[[], object]] | None = PrivateAttr(
        default=None
    )

    def __eq__(self, other: object) -> bool:
        """Whether two results say the same; how a credit line would be made is no part of it."""
        return isinstance(other, Assessment) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((self.url, self.final_url, self.checked_at, self.tokens))

    def with_makers(
        self, attribute: Callable[[], Attribution], evidence: Callable[[], object]
    ) -> Self:
        """The same result, able to make a credit line that was not owed, and its evidence."""
        self._makers = (attribute, evidence)
        return self

    @property
    def evidence(self) -> object:
        """What it rests on, for ``signals_agent.evidence``; ``None`` where it was read back."""
        return self._makers[1]() if self._makers is not None else None

    def obligations_for(self, use: Use | str) -> tuple[Obligation, ...]:
        """What is owed for one use; raises ``UnknownUse`` for what is none."""
        if use not in self.uses:
            raise UnknownUse(f"{use!r} is not a use; the uses are: {', '.join(Use)}")
        wanted = set(self.uses[Use(use)].obligations)
        return tuple(obligation for obligation in self.obligations if obligation.id in wanted)

    @property
    def deciding(self) -> tuple[Reason, ...]:
        """The reasons of the verdict that stand behind its decision; none without a verdict.

        A verdict also has the reasons of uses for which it would be better (rule R27: over
        uses the worst wins).
        """
        verdict = self.verdict
        if verdict is None:
            return ()
        behind = {
            reason
            for answer in map(self.uses.__getitem__, verdict.uses)
            if answer.decision is verdict.decision
            for reason in answer.reasons
        }
        return tuple(reason for reason in verdict.reasons if reason in behind)

    def citation(self, style: str = "markdown", changes: str = "") -> str:
        """The credit line, ready to use: ``markdown``, ``html``, ``text`` or ``bibtex``.

        ``changes`` says what was changed, where something was; a licence may ask for it.
        """
        made = self.attribution
        if made is None and self._makers is not None:
            made = self._makers[0]()
        if made is None:
            made = Attribution(url=self.final_url, text=self.final_url)
        return cite(made, style, changes)

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """The result as a dictionary; absent facts are left out, nothing is ``None``."""
        return super().model_dump(**{"by_alias": True, "exclude_none": True, **options})

    def model_dump_json(self, **options: Any) -> str:
        """The result as JSON; absent facts are left out, nothing is null."""
        return super().model_dump_json(**{"by_alias": True, "exclude_none": True, **options})


def json_schema(mode: JsonSchemaMode = "serialization") -> dict[str, Any]:
    """The JSON Schema (2020-12) of one result."""
    schema = Assessment.model_json_schema(by_alias=True, schema_generator=_NothingIsNull, mode=mode)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        **json.loads(json.dumps(schema)),
    }
