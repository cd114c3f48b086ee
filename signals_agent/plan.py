"""What to fetch next, given the captures so far; it fetches nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from signals_agent import url as urls
from signals_agent.family import Family, SiteFile
from signals_agent.model.capture import Capture, Role
from signals_agent.model.document import Naming
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

    ``documents`` are those that declarations name, by URL.

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
    named: Sequence[Naming] = (),
) -> tuple[Want, ...]:
    """What to fetch now: robots.txt, then the site files, then the asset; empty when done.

    ``named`` are the documents that declarations name, as far as these are known; each is
    wanted before the asset where it is named before, and after it otherwise, behind the
    robots.txt of its origin. What robots.txt refuses, or might refuse, is never wanted.
    ``lifted`` says whether an agreement lifts the refusal for a URL (rule R34).
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
    documents = _documents(known, named, sets, lifted)
    if documents:
        return documents
    return () if known.asset is not None else (Want(Role.ASSET, here.text),)


def _documents(
    known: Known, named: Sequence[Naming], sets: TokenSets, lifted: Callable[[str], bool]
) -> tuple[Want, ...]:
    """The documents that are named and may be asked for, or first the robots.txt of their origins.

    What is refused is left out: it stays *not-looked* (rule R15a).
    """
    missing = [each for each in named if each.url not in known.documents]
    at = {each.url: urls.parse(each.url) for each in missing}
    unknown = dict.fromkeys(url.origin for url in at.values() if url.origin not in known.robots)
    if unknown:
        return tuple(Want(Role.ROBOTS, access.robots_url(origin)) for origin in unknown)
    return tuple(
        Want(each.role, each.url)
        for each in missing
        if _may_fetch(
            access.source(at[each.url].origin, known.robots[at[each.url].origin]),
            at[each.url],
            sets,
            lifted,
        )
    )


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
