"""What the project's settings ask for, checked."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

from signals_agent import contracts
from signals_agent.errors import ConfigError, SignalsAgentError
from signals_agent.integrations import sentences, unproven
from signals_agent.model.citation import CitationStyle
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision
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
    resume: bool
    offline: bool
    nameless: bool

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
        credit_style(settings)
        tokens, nameless = _tokens(settings, policy)
        observes = policy.preset == "observe"
        ledger = str(settings.get("SIGNALS_AGENT_LEDGER") or "")
        resume = _flag(settings, "SIGNALS_AGENT_RESUME", False)
        if resume and not ledger:
            raise ConfigError(
                "SIGNALS_AGENT_RESUME needs SIGNALS_AGENT_LEDGER: "
                "what was answered before stands in the ledger"
            )
        return cls(
            run=Wishes.prepare(None, tokens, None, policy, None, "cumulative", "page", None, None),
            site_files=cast("SiteFiles", files),
            documents=_flag(settings, "SIGNALS_AGENT_DOCUMENTS", True),
            observe=_flag(settings, "SIGNALS_AGENT_OBSERVE", observes),
            passes_holds=on_hold == "pass",
            ledger=ledger,
            resume=resume,
            offline=settings.getbool("HTTPCACHE_IGNORE_MISSING"),
            nameless=nameless,
        )

    def warn(self, settings: "BaseSettings") -> None:
        """Log what the settings allow and is probably not meant."""
        if self.nameless:
            _log.warning(
                "no product token of our own is known, so publishers cannot address this crawl: "
                "set SIGNALS_AGENT_TOKEN, and USER_AGENT to go with it"
            )
        if self.observe:
            _log.info("%s", sentences.OBSERVING)
        unproven.warn(self.policy, _log)
        if self.resume and not settings.getbool("HTTPCACHE_ENABLED"):
            _log.warning(
                "SIGNALS_AGENT_RESUME without HTTPCACHE_ENABLED: what was ingested before is "
                "asked for again from its publisher"
            )
        if self.resume and settings.get("JOBDIR"):
            _log.warning(
                "SIGNALS_AGENT_RESUME with JOBDIR: after a kill, the folder %s makes Scrapy leave "
                "out what was waiting; leave JOBDIR out, or remove the folder",
                settings.get("JOBDIR"),
            )

    def passed(self, decision: Decision) -> sentences.Passed:
        """By what an asset that is held or skipped goes on nevertheless."""
        if decision is Decision.INGEST or not self.passes(decision):
            return ""
        return "under observe" if self.observe else "as held"

    def passes(self, decision: Decision) -> bool:
        """Whether an asset with this decision goes on to the callback."""
        match decision:
            case Decision.INGEST:
                return True
            case Decision.HOLD:
                return self.observe or self.passes_holds
            case Decision.SKIP:
                return self.observe

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


def enabled(settings: "BaseSettings") -> bool:
    """Whether anything is to be asked and judged at all."""
    return _flag(settings, "SIGNALS_AGENT_ENABLED", True)


def credit_style(settings: "BaseSettings") -> str:
    """The style of credit lines in items; raises ``ConfigError`` for one that is none."""
    style = settings.get("SIGNALS_AGENT_CREDIT") or "text"
    _one_of("SIGNALS_AGENT_CREDIT", style, get_args(CitationStyle))
    return cast("str", style)


def told(error: SignalsAgentError) -> SignalsAgentError:
    """The error, once it is logged: Scrapy puts a long traceback before what it says."""
    _log.critical("the crawl does not begin: %s", error)
    return error.with_traceback(None)


def product(user_agent: str) -> str:
    """The product token of a User-Agent; that of the crawler where it poses as a browser."""
    posing = _COMPATIBLE.search(user_agent)
    if posing:
        return posing[1]
    found = _PRODUCT.match(user_agent.strip())
    return found[1] if found else ""


def _tokens(settings: "BaseSettings", policy: Policy) -> tuple[tuple[str, ...], bool]:
    """Our product tokens: as set, as the policy has them, or by what Scrapy calls itself.

    And whether the last of these is no name of our own.
    """
    given = settings.get("SIGNALS_AGENT_TOKEN")
    if given:
        tokens = tuple(given.split(",")) if isinstance(given, str) else tuple(given)
        tokens = tuple(token.strip() for token in tokens)
        if not all(TOKEN.match(token) for token in tokens):
            raise ConfigError(
                f"SIGNALS_AGENT_TOKEN: {given!r} is not a product token: letters, digits, "
                "'-' and '_' only, for example ExampleBot"
            )
        return tokens, False
    if policy.tokens:
        return policy.tokens, False
    said = (
        product(settings.get("ROBOTSTXT_USER_AGENT") or ""),
        product(settings.get("USER_AGENT") or ""),
        str(settings.get("BOT_NAME") or ""),
    )
    known = [token for token in said if TOKEN.match(token) and token.lower() not in _NOBODY]
    if known:
        return (known[0],), False
    known = [token for token in said if TOKEN.match(token)]
    return (known[0] if known else "Scrapy",), True


def _flag(settings: "BaseSettings", name: str, default: bool) -> bool:
    if settings.get(name) is None:
        return default
    try:
        return settings.getbool(name)
    except ValueError:
        raise ConfigError(f"{name} is True or False; not {settings.get(name)!r}") from None


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
