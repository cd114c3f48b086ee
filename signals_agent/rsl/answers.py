"""What an RSL document comes to for one asset: which of its contents count, and how."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from signals_agent.model.statement import Answer, Preference, prevailing
from signals_agent.model.use import USES, Use
from signals_agent.rsl import licensed
from signals_agent.rsl.asks import Frame
from signals_agent.rsl.coverage import Cover, covers
from signals_agent.rsl.licensed import Cite
from signals_agent.rsl.nouns import Content, Rsl
from signals_agent.rsl.terms import Recipient, Said, Word, weigh
from signals_agent.url import Url

if TYPE_CHECKING:
    from signals_agent.licences.expression import Terms

MAX_LICENCES: Final = 100
"""Licences of contents that are for one asset; beyond, nothing is licensed (rule R39)."""

_ALLOW: Final = Preference.ALLOW


class Where(Enum):
    """Where a document stands, and so what its contents may be about.

    A ``document`` of its own says by path or URL what it is about; one ``inline`` in a page
    is about that page and says so by an empty URL; one in a ``feed`` is about its item and
    may say which that is; one ``embedded`` in an asset names that asset.
    """

    DOCUMENT = "document"
    INLINE = "inline"
    FEED = "feed"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class About:
    """The asset, and who wants to know: ``target`` comes from ``robots.match.target``.

    ``url`` is ``None`` where the asset's own is not known; then any content may be for it.
    """

    url: Url | None
    target: bytes
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said, a note's code without its family, and the elements it is about."""

    code: str
    summary: str
    warning: bool
    because: tuple[str, ...] = ()


@dataclass(slots=True)
class Heard:
    """What a document says of an asset: answers, each because of elements of it.

    ``dark`` pairs the uses that it governs and leaves in the dark with those elements.
    ``access`` are the uses of which it only says what access takes: of these no licence speaks.
    ``licences`` are well-known ones that it names as its terms, each with the element.
    ``failure`` says why it was not heard at all.
    """

    answers: tuple[Answer, ...] = ()
    dark: dict[Use, dict[str, None]] = field(default_factory=dict)
    access: tuple[Use, ...] = ()
    licences: "tuple[tuple[Terms, str], ...]" = ()
    told: list[Told] = field(default_factory=list)
    failure: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A content that is for the asset, what it says, and how it is cited."""

    cover: Cover
    content: Content
    said: Said
    cite: Cite

    def because(self, licences: Iterable[int]) -> tuple[str, ...]:
        made = tuple(self.cite(self.content, self.content.licenses[each]) for each in licences)
        return made or (self.cite(self.content, None),)

    def licences(self) -> Iterator["tuple[Terms, str]"]:
        return licensed.named(self.content, self.said, self.cite)

    def answer(self, word: Word) -> Answer | None:
        if word.preference is None:
            return None
        because = self.because(word.licences)
        overruled = tuple((term, because) for term in word.overruled)
        return Answer(word.use, word.preference, word.terms, because, overruled)


def hear(rsl: Rsl, where: Where, about: About, frame: Frame, cite: Cite) -> Heard:
    """Bring the contents of a document to one answer for each use (rule R18).

    For each use the longest pattern that answers counts, of equal ones the strictest. One
    that leaves a use in the dark lets those behind it restrict that use. A content that
    does not say as specified what it is about restricts, and never permits.
    """
    heard = Heard()
    parts: list[_Part] = []
    licences = 0
    for content in rsl.contents:
        cover = _cover(content, where, about, len(rsl.contents), heard.told, cite)
        if cover is not None:
            licences += max(1, len(content.licenses))
            if licences > MAX_LICENCES:
                return Heard(failure=f"more than {MAX_LICENCES} licences in it are for one asset")
            said = weigh(content, about.recipient, frame)
            parts.append(_Part(cover, content, said, cite))
    if not parts:
        summary = "the document licenses other addresses than this one, and says nothing of it"
        heard.told.append(Told("not-covered", summary, warning=False))
    for part in parts:
        heard.told += [
            Told(one.code, one.summary, one.warning, part.because(one.licences))
            for one in part.said.remarks
        ]
    tiers: dict[int, list[_Part]] = {}
    for part in parts:
        if part.cover.certain:
            tiers.setdefault(part.cover.length, []).append(part)
    unsure = [part for part in parts if not part.cover.certain]
    ordered = [tiers[length] for length in sorted(tiers, reverse=True)]
    found = [each for use in USES for each in _of_use(use, ordered, unsure, heard.dark)]
    heard.answers = prevailing(answer for answer, _ in found)
    # The narrowest content that names a licence goes before broader ones.
    naming = ([each for part in tier for each in part.licences()] for tier in ordered)
    heard.licences = tuple(next((each for each in naming if each), ()))
    spoken = {answer.use for answer, besides in found if not besides}
    heard.access = tuple(each.use for each in heard.answers if each.use not in spoken)
    return heard


def _of_use(
    use: Use, tiers: list[list[_Part]], unsure: list[_Part], dark: dict[Use, dict[str, None]]
) -> Iterator[tuple[Answer, bool]]:
    """The answers for a use, each with whether it is only what access takes."""
    for tier in tiers:
        answered = False
        only_restricts = use in dark
        for part, word in _words(use, tier):
            answer = part.answer(word)
            if answer is None:
                dark.setdefault(use, {}).update(dict.fromkeys(part.because(word.licences)))
                continue
            answered = answered or not word.besides
            if answer.preference is not _ALLOW or not only_restricts:
                yield answer, word.besides
        if answered and use not in dark:
            break
    for part, word in _words(use, unsure):
        answer = part.answer(word)
        if answer is None:
            dark.setdefault(use, {}).update(dict.fromkeys(part.because(word.licences)))
        elif answer.preference is not _ALLOW:
            yield answer, word.besides


def _words(use: Use, parts: Iterable[_Part]) -> Iterator[tuple[_Part, Word]]:
    return ((part, word) for part in parts for word in part.said.words if word.use is use)


def _cover(
    content: Content, where: Where, about: About, contents: int, told: list[Told], cite: Cite
) -> Cover | None:
    """Whether a content is for the asset, and whether it says so as specified."""
    written = (content.url or "").strip()
    if about.url is None:
        cover: Cover | None = Cover(0, certain=False)
    elif written:
        cover = covers(written, about.url, about.target)
    else:
        cover = Cover(0, certain=content.url is not None)
    if cover is None and where is not Where.EMBEDDED:
        return None
    code = summary = ""
    match where:
        case Where.DOCUMENT if not written:
            code = "url-missing"
            summary = "a content of a document of its own says nothing of what it is about"
        case Where.DOCUMENT | Where.FEED if cover is not None and written and not cover.certain:
            code, summary = "url-unusual", "neither a path nor a URL says what a content is about"
        case Where.FEED if content.url is None:
            code, summary = "url-missing", "a content of a feed's item has no url"
        case Where.INLINE if content.url is None or written or contents > 1:
            code = "inline-content"
            summary = 'in a page stands one content, with url="", and no other'
        case Where.EMBEDDED if cover is None or not written or not cover.certain:
            code = "canonical-url"
            summary = "what is embedded in an asset names that asset by its URL, and this does not"
    if not code:
        return cover
    if about.url is not None:
        told.append(Told(code, f"{summary}: it only restricts", True, (cite(content, None),)))
    return Cover(cover.length if cover else 0, certain=False)
