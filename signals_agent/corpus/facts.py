"""What only a person can say of a corpus: its name, who made it, what was decided about it."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, field_validator

from signals_agent import mistakes
from signals_agent import url as urls
from signals_agent.errors import ConfigError, InvalidURL
from signals_agent.model.licence import Activity
from signals_agent.promises import Keys, Said
from signals_agent.syntax import toml_places

Access = Literal["private", "on-request", "public"]


class Creator(Keys):
    """Somebody who made the corpus."""

    name: Said
    affiliation: Said | None = None
    orcid: Said | None = None
    url: Said | None = None


class Means(Keys):
    """What the recipient says of its means, for contributions in good faith (rule R10a)."""

    stated: Said
    ceiling: Said | None = None
    period: Said | None = None


class Answered(Keys):
    """What a person says of one item of the checklist: who, when, and what shows it."""

    by: Said
    on: date
    evidence: Said
    note: Said | None = None


class Checklist(Keys):
    """The items that nobody can compute (licences, *Checklist*); each missing one is open."""

    licence_text_confirmed: Answered | None = None
    publisher_faq_recorded: Answered | None = None
    research_only_documented: Answered | None = None
    nd_stored_apart: Answered | None = None
    redistribution_ruled_out: Answered | None = None
    checkpoint_policy_stated: Answered | None = None
    legal_review: Answered | None = None
    attribution_templates: Answered | None = None
    access_control: Answered | None = None
    audited_again_by: date | None = None


class Facts(Keys):
    """The file ``corpus.toml``; every key may be left out, an unknown one is refused.

    ``activities`` are what is planned with the corpus; without them those of the policy.
    Raises ``ConfigError`` through ``make`` and ``load``.
    """

    name: Said | None = None
    title: Said | None = None
    description: Said | None = None
    version: Said | None = None
    url: Said | None = None
    doi: Said | None = None
    released: date | None = None
    language: tuple[Said, ...] = ()
    licence: Said | None = None
    activities: tuple[Activity, ...] = ()
    access: Access | None = None
    creator: tuple[Creator, ...] = ()
    means: Means | None = None
    checklist: Checklist = Checklist()

    @field_validator("url")
    @classmethod
    def _web(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                urls.parse(value)
            except InvalidURL as error:
                raise ValueError(str(error)) from None
        return value

    @classmethod
    def make(
        cls,
        document: Mapping[str, Any],
        name: str = "corpus.toml",
        places: Mapping[toml_places.Path, int] | None = None,
    ) -> "Facts":
        """The facts from parsed TOML; raises ``ConfigError``, one line for each mistake.

        ``places`` are the lines of its keys, as far as known.
        """
        try:
            return cls(**document)
        except ValidationError as error:
            found: Any = error.errors(include_url=False)
            known = partial(mistakes.known_keys, cls)
            said = mistakes.lines(found, name, known, places or {})
            raise ConfigError("\n".join(said)) from None

    @classmethod
    def load(cls, path: str | Path) -> "Facts":
        """The facts from a file; raises ``ConfigError``."""
        file = Path(path)
        try:
            text = file.read_text("utf-8-sig")
            document = tomllib.loads(text)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"cannot read {file}: {error}") from None
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{file} is not TOML: {error}") from None
        return cls.make(document, file.name, toml_places.of(text))
