"""What one declaration of RSL comes to: it names a document, or holds one."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.family import Context
from signals_agent.model.capture import Availability, Role
from signals_agent.model.declaration import Declaration, Located, Scope
from signals_agent.model.document import Document, Naming
from signals_agent.model.ids import identify
from signals_agent.model.licence import Licence, LicenceScope
from signals_agent.model.note import Note, Severity
from signals_agent.model.obligation import Party
from signals_agent.model.position import ElementPosition
from signals_agent.model.statement import Answer, Preference, Reading, Statement
from signals_agent.model.use import USES, Use
from signals_agent.robots import match
from signals_agent.rsl import links
from signals_agent.rsl.answers import About, Heard, Where, hear
from signals_agent.rsl.asks import Frame
from signals_agent.rsl.links import ACCESS, ANCHOR, DOCUMENT, HEADER, LINK, SCRIPT, SITE
from signals_agent.rsl.nouns import Content, License, Rsl
from signals_agent.rsl.read import read, read_fragment
from signals_agent.rsl.terms import Recipient

FAMILY: Final = "rsl"

_TERMS_OF_ACCESS: Final = (401, 402, 403, 451)
_WHERE: Final = {"feed": Where.FEED, "embedded": Where.EMBEDDED}
_NOT_LOOKED_AT: Final = (Availability.UNREACHABLE, Availability.NOT_LOOKED)


@dataclass(slots=True)
class Sheet:
    """One declaration being read: what it rests on, and what is to be said of it."""

    located: Located
    context: Context
    notes: list[Note] = field(default_factory=list)
    elements: dict[str, Declaration] = field(default_factory=dict)

    @property
    def own(self) -> Declaration:
        """The declaration that is read."""
        return self.located.declaration

    def named(self) -> Reading:
        """What names a document; nothing is licensed where none can be had (rule R18)."""
        if not self.located.value.strip():
            self.say("unnamed", "it names no document, and says nothing", warning=False)
            return self.reading()
        found = links.named(self.located.value, self.own.source)
        if found is None:
            shown = quote.text(self.located.value, 200)
            return self.refused(f"what is named is no http or https URL: {shown}")
        if found.relative:
            summary = f"the document must be named by an absolute URL; it is read as {found.url}"
            self.say("relative", quote.text(summary))
        names = (Naming(found.url, Role.LICENCE_DOCUMENT, True),)
        document = self.context.documents.get(found.url)
        state = document.availability if document else Availability.NOT_LOOKED
        shown = quote.text(found.url, 300)
        if document is None or state in _NOT_LOOKED_AT:
            summary = f"{shown} could not be looked at ({state}): what it licenses is not known"
            self.say("undetermined", summary)
            return self.reading(_of_every_use(Preference.UNDETERMINED), names=names)
        if state is not Availability.PRESENT:
            return self.refused(f"{shown} is {state}", names)
        rsl = read(document.body, document.content_type)
        party = _foreign(self.own.source, found.url)
        frame = Frame(found.url, "0.9" if rsl.draft else "1.0", party)
        return self.heard(rsl, Where.DOCUMENT, frame, shown, document, names)

    def held(self) -> Reading:
        """A document that stands in a page, a feed or an embedded place."""
        where = _WHERE.get(self.own.carrier, Where.INLINE)
        rsl = read_fragment(self.located.value)
        frame = Frame(self.own.source, "0.9" if rsl.draft else "1.0")
        return self.heard(rsl, where, frame, "what stands there")

    def heard(
        self,
        rsl: Rsl,
        where: Where,
        frame: Frame,
        shown: str,
        document: Document | None = None,
        names: tuple[Naming, ...] = (),
    ) -> Reading:
        """What a document says of the asset."""
        for finding in rsl.findings:
            self.say(finding.code, quote.text(finding.summary), warning=finding.warning)
        if rsl.failure or not rsl.contents:
            why = rsl.failure or "it names nothing that it licenses"
            return self.refused(f"{shown}: {quote.text(why, 200)}", names)

        def cite(content: Content, licence: License | None) -> str:
            return self.cite(document, content, licence) if document else self.own.id

        about = _about(self.located, self.context)
        heard = hear(rsl, where, about, frame, cite)
        if heard.failure:
            self.elements.clear()
            self.say("over-cap", heard.failure, clause="rule R39")
            return self.refused(f"{shown}: {heard.failure}", names)
        for told in heard.told:
            self.say(told.code, told.summary, warning=told.warning, because=told.because)
        if heard.access:
            details = (*self.located.details, (ACCESS, " ".join(heard.access)))
            self.located = replace(self.located, details=details)
        return self.reading(heard.answers, heard.dark, names, self._licences(heard))

    def _licences(self, heard: Heard) -> tuple[Licence, ...]:
        if not heard.licences:
            return ()
        from signals_agent.licences import declared

        return tuple(
            declared.make(terms, because=self.ids((each,))) for terms, each in heard.licences
        )

    def refused(self, why: str, names: tuple[Naming, ...] = ()) -> Reading:
        """Nothing is licensed (rule R18)."""
        self.say("not-licensed", f"no licence can be had: {why}")
        return self.reading(_of_every_use(Preference.DISALLOW), names=names)

    def unread(self, why: str) -> Reading:
        """A declaration of which a cap kept the rest from being read (rule R39)."""
        self.say("over-cap", f"it was not read: {quote.text(why, 200)}", clause="rule R39")
        return self.reading(dark=USES)

    def cite(self, document: Document, content: Content, licence: License | None) -> str:
        """The id of an element of a document, which from now on stands in the result."""
        element = licence or content
        position = ElementPosition("license" if licence else "content", element.offset)
        place = f"element {position.element} {position.offset}"
        made = identify("dec", FAMILY, DOCUMENT, document.url, place, element.octets)
        if made not in self.elements:
            self.elements[made] = Declaration(
                id=made,
                family=FAMILY,
                carrier=DOCUMENT,
                source=document.url,
                position=position,
                expression=element.octets.decode("utf-8", "replace"),
                octets=element.octets,
                scope=Scope(path=content.url or None),
                capture=document.capture,
            )
        return made

    def say(
        self,
        code: str,
        summary: str,
        *,
        warning: bool = True,
        because: tuple[str, ...] = (),
        clause: str = "rule R18",
    ) -> None:
        """Leave a note, at the element that it is about."""
        elsewhere = self.elements.get(because[0]) if because else None
        self.notes.append(
            Note(
                code=f"rsl-{code}",
                severity=Severity.WARNING if warning else Severity.INFO,
                summary=summary,
                clause=clause,
                because=self.ids(because),
                position=(elsewhere or self.own).position,
            )
        )

    def ids(self, because: Iterable[str]) -> tuple[str, ...]:
        """What an answer rests on, and before it what led there."""
        return tuple(dict.fromkeys((self.own.id, *because)))

    def reading(
        self,
        answers: Iterable[Answer] = (),
        dark: Iterable[Use] = (),
        names: tuple[Naming, ...] = (),
        licences: tuple[Licence, ...] = (),
    ) -> Reading:
        """What was made of the declaration, all of it because of it."""
        if _outside_head(self.located):
            summary = "outside the head of a page it is about a part of it, and only restricts"
            self.say("outside-head", summary, warning=False, clause="rule R35")
        statement = Statement(
            family=FAMILY,
            unit=(self.located,),
            declarations=(self.own, *self.elements.values()),
            answers=tuple(
                replace(
                    one,
                    because=self.ids(one.because),
                    overruled=tuple((term, self.ids(ids)) for term, ids in one.overruled),
                )
                for one in answers
            ),
            unreadable=tuple(use for use in USES if use in set(dark)),
            licences=licences,
        )
        return Reading((statement,), tuple(dict.fromkeys(self.notes)), names)


def _of_every_use(preference: Preference) -> tuple[Answer, ...]:
    return tuple(Answer(use, preference) for use in USES)


def limited(located: Located, context: Context) -> Located:
    """The same, restricting only where it is about a part, or where it states terms of access."""
    terms = context.status in _TERMS_OF_ACCESS and located.declaration.carrier == HEADER
    if located.subject.scope is LicenceScope.PAGE and not terms and not _outside_head(located):
        return located
    return replace(located, reach=replace(located.reach, restrict_only=True))


def _outside_head(located: Located) -> bool:
    """Whether it stands in a page, and not in its head (rule R35)."""
    found = located.declaration
    return found.carrier in (LINK, ANCHOR, SCRIPT) and (
        located.reach.restrict_only or found.scope.element == "body"
    )


def _about(located: Located, context: Context) -> About:
    """Which asset a document is asked about: of an earlier hop's robots.txt that hop (R16)."""
    recipient = Recipient(context.user, context.country)
    unknown = About(None, context.target, recipient)
    if located.declaration.carrier == "feed" and located.subject.scope is not LicenceScope.PAGE:
        return unknown  # an item of the feed that is the asset
    try:
        asset = urls.parse(context.url)
        if located.declaration.carrier != SITE:
            return About(asset, context.target, recipient)
        origin = urls.parse(located.declaration.source).origin
        if target := located.detail("target"):
            return About(urls.parse(origin + target), match.target(target), recipient)
    except InvalidURL:
        return unknown
    return About(asset, context.target, recipient) if origin == asset.origin else unknown


def _foreign(source: str, document: str) -> Party | None:
    """Who names a document that stands on another site: whoever hosts it declares nothing."""
    try:
        origin = urls.parse(source).origin
        if origin == urls.parse(document).origin:
            return None
    except InvalidURL:
        return None
    return Party(name=origin.partition("://")[2], url=origin, inferred=True)
