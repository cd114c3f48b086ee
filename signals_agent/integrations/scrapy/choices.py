"""What the project's settings ask for, checked."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from signals_agent import contracts
from signals_agent.errors import ConfigError
from signals_agent.model.use import Use
from signals_agent.policy import TOKEN, Policy
from signals_agent.resolve import access
from signals_agent.resolve.access import TokenSets
from signals_agent.wishes import Wishes

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_log = logging.getLogger(__name__)

SiteFiles = Literal["default", "none", "extended"]

_PRODUCT = re.compile(r"([A-Za-z0-9_-]+)")
_COMPATIBLE = re.compile(r"\(compatible;\s*([A-Za-z0-9_-]+)")
_NOBODY: Final = frozenset({"mozilla", "scrapy", "scrapybot"})
"""Tokens by which no publisher can know this crawl from another."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The settings ``SIGNALS_AGENT_...``, as values."""

    run: Wishes
    site_files: SiteFiles
    documents: bool
    observe: bool
    passes_holds: bool
    ledger: str

    @classmethod
    def of(cls, settings: "BaseSettings") -> "Choices":
        """Read the settings; raises ``PolicyError`` or ``ConfigError`` for what cannot be."""
        policy = _policy(settings.get("SIGNALS_AGENT_POLICY"))
        files = settings.get("SIGNALS_AGENT_SITE_FILES") or policy.sources
        _one_of("SIGNALS_AGENT_SITE_FILES", files, ("default", "none", "extended"))
        if files not in ("none", policy.sources):
            policy = policy.model_copy(update={"sources": files})
        on_hold = settings.get("SIGNALS_AGENT_HOLD") or "drop"
        _one_of("SIGNALS_AGENT_HOLD", on_hold, ("drop", "pass"))
        tokens = _tokens(settings, policy)
        observe = settings.get("SIGNALS_AGENT_OBSERVE")
        return cls(
            run=Wishes.prepare(None, tokens, None, policy, None, "cumulative", "page", None, None),
            site_files=cast("SiteFiles", files),
            documents=settings.getbool("SIGNALS_AGENT_DOCUMENTS", True),
            observe=(
                policy.preset == "observe"
                if observe is None
                else settings.getbool("SIGNALS_AGENT_OBSERVE")
            ),
            passes_holds=on_hold == "pass",
            ledger=str(settings.get("SIGNALS_AGENT_LEDGER") or ""),
        )

    @property
    def policy(self) -> Policy:
        """The policy that decides."""
        return self.run.policy

    @property
    def sets(self) -> TokenSets:
        """The product tokens that are judged together (rule R31)."""
        return access.token_sets(self.run.tokens, self.run.acquired_by)

    def lifted(self, url: str) -> bool:
        """Whether an agreement lets us fetch what robots.txt refuses (rule R34)."""
        now = datetime.now(UTC)
        uses = self.run.uses or tuple(Use)
        return any(contracts.covering(self.policy, use, url, now) for use in uses)

    @property
    def by_path(self) -> bool:
        """Whether the policy itself tells paths of one origin apart."""
        return bool(self.policy.agreement) or self.policy.training_crawlers_refused == "disallow"


def product(user_agent: str) -> str:
    """The product token of a User-Agent; that of the crawler where it poses as a browser."""
    posing = _COMPATIBLE.search(user_agent)
    if posing:
        return posing[1]
    found = _PRODUCT.match(user_agent.strip())
    return found[1] if found else ""


def _tokens(settings: "BaseSettings", policy: Policy) -> tuple[str, ...]:
    """Our product tokens: as set, as the policy has them, or by what Scrapy calls itself."""
    given = settings.get("SIGNALS_AGENT_TOKEN")
    if given:
        tokens = tuple(given.split(",")) if isinstance(given, str) else tuple(given)
        tokens = tuple(token.strip() for token in tokens)
        if not all(TOKEN.match(token) for token in tokens):
            raise ConfigError(
                f"SIGNALS_AGENT_TOKEN: {given!r} is not a product token: letters, digits, "
                "'-' and '_' only, for example ExampleBot"
            )
        return tokens
    if policy.tokens:
        return policy.tokens
    said = (
        product(settings.get("ROBOTSTXT_USER_AGENT") or ""),
        product(settings.get("USER_AGENT") or ""),
        str(settings.get("BOT_NAME") or ""),
    )
    known = [token for token in said if TOKEN.match(token) and token.lower() not in _NOBODY]
    if not known:
        _log.warning(
            "no product token of our own is known, so publishers cannot address this crawl: "
            "set SIGNALS_AGENT_TOKEN, and USER_AGENT to go with it"
        )
        known = [token for token in said if TOKEN.match(token)]
    return (known[0] if known else "Scrapy",)


def _policy(given: Any) -> Policy:
    if given is None or given == "":
        return Policy()
    if isinstance(given, Policy):
        return given
    if isinstance(given, Mapping):
        return Policy.make(dict(given), "SIGNALS_AGENT_POLICY")
    return Policy.load(given)


def _one_of(name: str, value: object, accepted: tuple[str, ...]) -> None:
    if value not in accepted:
        raise ConfigError(f"{name} is one of {', '.join(accepted)}; not {value!r}")
