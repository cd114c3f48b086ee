"""What a caller asks for, checked: tokens, policy, uses, and the sources handed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from signals_agent import url as urls
from signals_agent import vocabulary
from signals_agent.errors import UsageError
from signals_agent.families import FAMILIES
from signals_agent.family import Family
from signals_agent.gathered import Inputs, claims_of, listens_of
from signals_agent.model.capture import Availability, Capture
from signals_agent.model.use import Use
from signals_agent.policy import Policy, check_token
from signals_agent.resolve import access
from signals_agent.resolve.access import Given

DEFAULT_TOKEN = "SignalsAgent"
"""The product token where the caller names none."""

DEPTHS = ("headers", "head", "page")
"""How much of an asset may be read (rule R15a)."""

RobotsInput: TypeAlias = Given | Mapping[str, Given]
"""robots.txt of the asset's origin, or of several origins by origin."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """A caller's wishes, checked; ``uses`` is ``None`` where there is to be no verdict."""

    tokens: tuple[str, ...]
    acquired_by: str | None
    policy: Policy
    uses: tuple[Use, ...] | None
    vocabulary: str
    depth: str
    now: datetime
    families: Sequence[Family]

    @classmethod
    def prepare(
        cls,
        token: str | None,
        tokens: Iterable[str],
        acquired_by: str | None,
        policy: Policy | None,
        uses: Iterable[Use | str] | None,
        draft: str,
        depth: str,
        now: datetime | None,
        families: Sequence[Family] | None,
    ) -> "Wishes":
        """Check what a caller gave; raises ``UsageError`` for what cannot be."""
        chosen = _policy(policy)
        if isinstance(tokens, str) or isinstance(uses, str):
            raise UsageError("tokens and uses are lists of names, not one text")
        named = tuple(dict.fromkeys((*((token,) if token is not None else ()), *tokens)))
        named = named or chosen.tokens or (DEFAULT_TOKEN,)
        crawler = acquired_by or chosen.acquired_by
        for each in (*named, *((crawler,) if crawler else ())):
            try:
                check_token(each)
            except ValueError as error:
                raise UsageError(str(error)) from None
        vocabulary.table(draft)
        if depth not in DEPTHS:
            raise UsageError(f"unknown depth {depth!r}; accepted: {', '.join(DEPTHS)}")
        if now is not None and not _aware(now):
            raise UsageError("now must be an aware time, for example datetime.now(UTC)")
        intended = (
            tuple(dict.fromkeys(vocabulary.use(str(use)) for use in uses))
            if uses is not None
            else None
        )
        if not intended:
            intended = (chosen.uses or tuple(Use)) if policy is not None else None
        return cls(
            named,
            crawler,
            chosen,
            intended,
            draft,
            depth,
            now or datetime.now(UTC),
            families or FAMILIES,
        )


_STANDARD = Policy()
_SHOWN = 100
"""Characters of a file's name that a sentence shows."""
_SOURCES = (Capture, bytes, Availability)


def _aware(moment: object) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is not None


def _are_captures(given: object) -> bool:
    return isinstance(given, Sequence) and all(isinstance(each, Capture) for each in given)


def _are_mappings(*given: object) -> bool:
    return all(each is None or isinstance(each, Mapping) for each in given)


def _policy(given: object) -> Policy:
    """The policy, from what a caller may hand in: one, its keys, or none."""
    if given is None:
        return _STANDARD
    if isinstance(given, Policy):
        return given
    if isinstance(given, Mapping):
        return Policy.make(given)
    load = "signals_agent.Policy.load(path)"
    if isinstance(given, str) and "\n" not in given and len(given) <= _SHOWN:
        load = f"signals_agent.Policy.load({given!r})"
    raise UsageError(
        f"policy is a signals_agent.Policy or a mapping of its keys, not {type(given).__name__}; "
        f"to read a file: {load}"
    )


_LISTENS = listens_of(FAMILIES)
_CLAIMS = claims_of(_LISTENS)


def inputs_of(
    wishes: Wishes,
    capture: Capture,
    robots: RobotsInput,
    hops: Sequence[Capture],
    site_files: Mapping[str, Given] | None,
    documents: Mapping[str, Given] | None,
    found_on: Capture | None,
) -> Inputs:
    """The sources handed in, by where they stand; raises ``UsageError`` for what is none."""
    if not isinstance(capture, Capture):
        raise UsageError(f"assess takes a Capture, not {type(capture).__name__}")
    origin = urls.parse(capture.url).origin
    by_origin: dict[str, Given] = {}
    if isinstance(robots, Mapping):
        by_origin = {urls.parse(key).origin: value for key, value in robots.items()}
    elif isinstance(robots, Capture):
        by_origin = {urls.parse(robots.url).origin: robots}
    elif robots is not None:
        by_origin = {origin: robots}
    if not _are_captures(hops):
        raise UsageError("hops is a list of Captures, the redirects in order")
    if not _are_mappings(site_files, documents):
        raise UsageError("site_files and documents are mappings from a path or URL to a source")
    if found_on is not None and not isinstance(found_on, Capture):
        raise UsageError(f"found_on is a Capture, not {type(found_on).__name__}")
    for value in (
        *by_origin.values(),
        *(site_files or {}).values(),
        *(documents or {}).values(),
    ):
        if not isinstance(value, _SOURCES):
            raise UsageError(
                "a source is a Capture, bytes, or ABSENT, UNREACHABLE, NOT_LOOKED; "
                f"not {type(value).__name__}"
            )
    files = {
        (origin + key if key.startswith("/") else urls.parse(key).text): value
        for key, value in (site_files or {}).items()
    }
    own = wishes.families is not FAMILIES
    listens = listens_of(wishes.families) if own else _LISTENS
    return Inputs(
        asset=capture,
        hops=tuple(hops),
        robots=by_origin,
        site_files=files,
        documents={urls.parse(key).text: value for key, value in (documents or {}).items()},
        found_on=found_on,
        sets=access.token_sets(wishes.tokens, wishes.acquired_by),
        depth=wishes.depth,
        sources=wishes.policy.sources,
        families=wishes.families,
        listens=listens,
        claims=claims_of(listens) if own else _CLAIMS,
        now=wishes.now,
    )
