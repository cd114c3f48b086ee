"""What to fetch next, given the captures so far; it fetches nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from signals_agent import url as urls
from signals_agent.family import Family, SiteFile
from signals_agent.model.capture import Capture, Role
from signals_agent.model.resolution import AccessAnswer
from signals_agent.resolve import access
from signals_agent.resolve.access import Given, TokenSets
from signals_agent.robots import match


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to fetch: what for, and where."""

    role: Role
    url: str


@dataclass(frozen=True, slots=True)
class Known:
    """What has been captured so far for one URL.

    ``url`` is the hop to be fetched next, or the asset once it is there; ``hops`` are
    the redirects that were followed; ``robots`` is keyed by origin, ``site_files`` by
    the file's URL.
    """

    url: str
    hops: tuple[Capture, ...] = ()
    asset: Capture | None = None
    robots: Mapping[str, Given] = field(default_factory=dict)
    site_files: Mapping[str, Given] = field(default_factory=dict)
    documents: Mapping[str, Given] = field(default_factory=dict)


def wanted_files(families: Sequence[Family], sources: str = "default") -> tuple[SiteFile, ...]:
    """The site files that the families want, each path once (rule R15a)."""
    files: dict[str, SiteFile] = {}
    for family in families:
        for file in family.site_files:
            if file.sources == "default" or sources == "extended":
                files.setdefault(file.path, file)
    return tuple(files.values())


def next_wants(
    known: Known,
    *,
    families: Sequence[Family],
    tokens: Sequence[str],
    acquired_by: str | None = None,
    sources: str = "default",
    lifted: Callable[[str], bool] = lambda url: False,
) -> tuple[Want, ...]:
    """What to fetch now: robots.txt, then the site files, then the asset; empty when done.

    What robots.txt refuses, or might refuse, is never wanted. ``lifted`` says whether an
    agreement lifts the refusal for a URL (rule R34).
    """
    here = urls.parse(known.url)
    given = known.robots.get(here.origin)
    if given is None:
        return (Want(Role.ROBOTS, access.robots_url(here.origin)),)
    robots = access.source(here.origin, given)
    sets = _sets(tuple(tokens), acquired_by)
    if not _may_fetch(robots, here, sets, lifted) and known.asset is None:
        return ()
    files = tuple(
        Want(Role.SITE_FILE, here.origin + file.path)
        for file in wanted_files(families, sources)
        if here.origin + file.path not in known.site_files
        and _may_fetch(robots, urls.parse(here.origin + file.path), sets, lifted)
    )
    if files:
        return files
    return () if known.asset is not None else (Want(Role.ASSET, here.text),)


@lru_cache(maxsize=64)
def _sets(tokens: tuple[str, ...], acquired_by: str | None) -> TokenSets:
    return access.token_sets(tokens, acquired_by)


def _may_fetch(
    robots: access.RobotsSource, url: urls.Url, sets: TokenSets, lifted: Callable[[str], bool]
) -> bool:
    hop, _ = access.answer(robots, url, match.target(url.target), sets)
    if hop.answer is AccessAnswer.DISALLOWED:
        return lifted(url.text)
    return hop.answer is AccessAnswer.ALLOWED
