"""What the address of a file on a hub of datasets, models or code tells of it: no more than that.

Hugging Face and the raw files of GitHub say in their addresses whose repository it is.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from signals_agent import url as urls
from signals_agent.errors import InvalidURL

_HUGGING_FACE: Final = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_GITHUB_RAW: Final = "raw.githubusercontent.com"
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_KINDS: Final = frozenset({"datasets", "models", "spaces"})
# What follows a repository's name, so that an old name without an owner (squad) is known.
_VIEWS: Final = frozenset({"blob", "croissant", "raw", "resolve", "revision", "tree", "parquet"})
_FILES: Final = frozenset({"blob", "raw", "resolve"})
# First parts of paths of the hub that nobody owns.
_NOBODY: Final = frozenset(
    {
        "api",
        "blog",
        "brand",
        "chat",
        "collections",
        "docs",
        "enterprise",
        "front",
        "inference",
        "join",
        "languages",
        "learn",
        "login",
        "logout",
        "models",
        "new",
        "notifications",
        "organizations",
        "papers",
        "posts",
        "pricing",
        "privacy",
        "search",
        "settings",
        "support",
        "tasks",
        "terms-of-service",
        "welcome",
    }
)

# What stands below somebody's name there, and is no model of theirs.
_THEIRS: Final = frozenset(
    {"activity", "collections", "datasets", "followers", "following", "likes", "models", "spaces"}
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as its address names it.

    ``hub`` is the name of the hub, ``name`` that of the repository, with its owner's in
    front; ``page`` and ``owner_page`` are URLs. ``is_card`` says that the address is the
    repository's own: its page, its card, or what the hub says of it.
    """

    hub: str
    name: str
    owner: str | None
    page: str
    owner_page: str | None
    is_card: bool


def repository(url: str) -> Repository | None:
    """The repository that an address is of; ``None`` where it does not tell. Never raises."""
    try:
        parsed = urls.parse(url)
    except InvalidURL:
        return None
    if parsed.host != _GITHUB_RAW and parsed.host not in _HUGGING_FACE:
        return None
    path = [unquote(each) for each in parsed.target.partition("?")[0].split("/") if each]
    return _on_github(path) if parsed.host == _GITHUB_RAW else _on_hugging_face(path)


def _on_github(path: list[str]) -> Repository | None:
    # Owner, repository, revision, file; a branch may be written refs/heads/main.
    if len(path) < 4 or not all(_NAME.fullmatch(each) for each in path[:2]):
        return None
    file = path[5:] if path[2:4] in (["refs", "heads"], ["refs", "tags"]) else path[3:]
    page = f"https://github.com/{path[0]}"
    return Repository(
        "GitHub",
        "/".join(path[:2]),
        path[0],
        f"{page}/{path[1]}",
        page,
        is_card=_is_readme(file),
    )


def _on_hugging_face(path: list[str]) -> Repository | None:
    api = path[:1] == ["api"]
    rest = path[1:] if api else path
    kind = "models"
    if rest and rest[0] in _KINDS:
        kind, rest = rest[0], rest[1:]
    elif api or not rest or rest[0] in _NOBODY:
        return None
    plain = kind == "models"
    if plain and not api and (len(path) != len(rest)):
        return None  # /models is the list of all of them
    alone = len(rest) == 1 and not (plain and not api)
    if alone or (len(rest) > 1 and rest[1] in _VIEWS):
        named, view = rest[:1], rest[1:]
    else:
        named, view = rest[:2], rest[2:]
    if plain and not api and named[1:] and named[1] in _THEIRS:
        return None
    whole = (len(named) == 2 or alone or bool(view)) and bool(named)
    if not whole or not all(_NAME.fullmatch(each) for each in named):
        return None
    base = "https://huggingface.co/"
    owner = named[0] if len(named) == 2 else None
    name = "/".join(named)
    return Repository(
        "Hugging Face",
        name,
        owner,
        base + ("" if plain else f"{kind}/") + name,
        base + owner if owner else None,
        is_card=api or not view or (view[0] in _FILES and _is_readme(view[2:])),
    )


def _is_readme(file: list[str]) -> bool:
    return len(file) == 1 and file[0].lower() in ("readme.md", "readme", "readme.rst", "readme.txt")
