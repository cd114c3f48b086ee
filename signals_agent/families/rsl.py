"""Really Simple Licensing: the documents that a site, a page or a feed names or holds."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from signals_agent.family import Context, Listen, SiteFile
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.declaration import Located
from signals_agent.model.licence import Licence
from signals_agent.model.note import Note, Severity
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
)
from signals_agent.model.use import USES, Use
from signals_agent.rsl import links
from signals_agent.rsl.codes import CODES as FINDINGS
from signals_agent.rsl.links import ACCESS, ANCHOR, DOCUMENT, HEADER, LINK, SCRIPT, SITE

MAX_LINKS: Final = 10
"""Documents that one ``Link`` field line may name (rule R39)."""

LONGEST_DAYS: Final = 30
"""How long a document holds at most, and where it does not say (rules R15a, R38)."""

_ALLOW: Final = Preference.ALLOW
_RESTRICTS: Final = {SITE: "rule R13d", HEADER: "rule R12", "feed": "rule R36"}
"""By which rule a declaration that stands there may only restrict."""


@dataclass(frozen=True, slots=True)
class RslFamily:
    """RSL: group over global, page over site for each use, the rest by strictness (rule R18)."""

    name: str = "rsl"
    title: str = "Really Simple Licensing"
    specification: str = "https://rslstandard.org/rsl"
    version: str = "1.0"
    listens: tuple[Listen, ...] = (
        Listen(SCRIPT, links.MEDIA_TYPE),
        Listen(SITE, "license", site_wide=True),
        Listen(HEADER, "link", needles=(links.MEDIA_TYPE.encode(),), at="both"),
        Listen(LINK, "license"),
        Listen(ANCHOR, "license"),
        Listen("feed", "rsl-content", found_on=True),
        Listen("feed", "license", found_on=True),
        Listen("embedded", "rsl"),
    )
    site_files: tuple[SiteFile, ...] = ()
    codes: tuple[str, ...] = (
        "rsl-allow-ignored",
        "rsl-alternatives",
        "rsl-canonical-url",
        "rsl-contribution-ambiguous",
        "rsl-empty",
        "rsl-inline-content",
        "rsl-not-covered",
        "rsl-not-licensed",
        "rsl-outside-head",
        "rsl-permit-and-prohibit",
        "rsl-recipient-unmatched",
        "rsl-relative",
        "rsl-slip",
        "rsl-superseded",
        "rsl-undetermined",
        "rsl-unknown-token",
        "rsl-unnamed",
        "rsl-url-missing",
        "rsl-url-unusual",
        *(f"rsl-{code}" for code in FINDINGS),
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read what names a document, or holds one; of a field line every link to one."""
        located = unit[0]
        carrier = located.declaration.carrier
        naming = located.field in ("license", "link")
        if (
            naming
            and carrier in (LINK, ANCHOR, "feed")
            and not links.is_rsl(located.detail("type"))
        ):
            return Reading()
        # What reads documents is not loaded for those who meet none.
        from signals_agent.rsl.sheet import Sheet, limited

        if located.detail("unread") or (naming and len(located.value) > MAX_EXPRESSION):
            why = located.detail("unread") or f"it is longer than {MAX_EXPRESSION} octets"
            return Sheet(limited(located, context), context).unread(why)
        if carrier != HEADER:
            sheet = Sheet(limited(located, context), context)
            return sheet.named() if naming else sheet.held()
        found = [limited(each, context) for each in links.in_field_line(located)]
        readings = [Sheet(each, context).named() for each in found[:MAX_LINKS]]
        if len(found) > MAX_LINKS:
            why = f"it names more than {MAX_LINKS} documents"
            readings.append(Sheet(limited(located, context), context).unread(why))
        return Reading(
            tuple(one for each in readings for one in each.statements),
            tuple(one for each in readings for one in each.notes),
            tuple(one for each in readings for one in each.names),
        )

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """Page over site for each use, group over global; what only restricts comes on top."""
        ordered = sorted(statements, key=_order)
        grouped = {
            (one.unit[0].reach.bucket, _restricts_only(one))
            for one in ordered
            if _names_for_group(one)
        }
        ordered = [one for one in ordered if not _is_shadowed(one, grouped)]
        free = [one for one in ordered if not _restricts_only(one)]
        loose = [one for one in ordered if _is_loose(one)]
        over = [one for one in ordered if _restricts_only(one) and not _is_loose(one)]
        page = [one for one in free if not _of_site(one)]
        site = [one for one in free if _of_site(one)]
        notes = [
            _ignored(one)
            for one in (*over, *loose)
            if any(a.preference is _ALLOW for a in one.answers)
        ]
        of_page, of_site = _answers(page), _answers(site)
        licensed = {
            use
            for one in page
            for use in (each.use for each in one.answers)
            if use not in _access(one)
        }
        dark, dark_site = _dark(page), _dark(site)
        kept: list[Answer] = []
        lost: dict[tuple[str, ...], list[str]] = {}
        for use in USES:
            above, below = of_page.get(use), of_site.get(use)
            if above is not None and use not in licensed:
                # That access takes a token says nothing of the use: the site still does.
                kept.append(above)
                above = None
            if above is not None:
                kept.append(above)
                if below is not None and _differ(above, below):
                    because = tuple(dict.fromkeys((*above.because, *below.because)))
                    lost.setdefault(because, []).append(use)
            elif below is not None and (use not in dark or below.preference is not _ALLOW):
                # What the page leaves in the dark the site may refuse, and not allow.
                kept.append(below)
            if above is None and use in dark_site:
                dark.setdefault(use, {}).update(dark_site[use])
        notes += [_superseded(uses, because) for because, uses in lost.items()]
        for use, ids in _dark((*over, *loose)).items():
            dark.setdefault(use, {}).update(ids)
        # A line that is taken for one of the whole site goes behind the page as such a one does.
        kept += [
            each
            for one in (*over, *loose)
            for each in one.answers
            if each.preference is not _ALLOW and (one in over or each.use not in licensed)
        ]
        answers = prevailing(kept)
        return Settled(
            family=self.name,
            answers=answers,
            unreadable=tuple((use, tuple(dark[use])) for use in USES if use in dark),
            notes=tuple(dict.fromkeys(notes)),
            licences=_licences(page) or _licences(site),
            valid_until=_valid_until(ordered, answers, context),
        )

    def write(self, statement: Statement) -> bytes | None:
        """A document to stand in a page; ``None`` where one licence does not say all of it."""
        from signals_agent.rsl.write import write

        return None if statement.unreadable else write(statement.answers)


RSL: Final = RslFamily()


def _order(statement: Statement) -> tuple[str, str, str, int, str]:
    first = statement.unit[0]
    found = first.declaration
    return found.carrier, found.source, first.reach.bucket, first.reach.index, found.id


def _restricts_only(statement: Statement) -> bool:
    return statement.unit[0].reach.restrict_only


def _of_site(statement: Statement) -> bool:
    return statement.declarations[0].carrier == SITE


def _level(statement: Statement) -> str:
    return statement.unit[0].detail("level")


def _licences(statements: Iterable[Statement]) -> tuple[Licence, ...]:
    """The licences that documents name as their terms; they are those of the asset."""
    merged: dict[str, Licence] = {}
    for licence in (each for one in statements for each in one.licences):
        known = merged.get(licence.id)
        because = (*known.because, *licence.because) if known else licence.because
        unique = tuple(dict.fromkeys(because))
        merged[licence.id] = replace(licence, because=unique, governs=True)
    return tuple(merged.values())


def _is_loose(statement: Statement) -> bool:
    """Whether it is a line of another group that is taken for one of the site (rule R13d)."""
    whole = _level(statement) == "global" and not statement.unit[0].detail("target")
    return _of_site(statement) and whole and _restricts_only(statement)


def _names_for_group(statement: Statement) -> bool:
    """Whether it is a group's own; a record that names nothing replaces nothing."""
    value = statement.unit[0].value.strip()
    return _of_site(statement) and _level(statement) == "group" and bool(value)


def _is_shadowed(statement: Statement, grouped: Collection[tuple[str, bool]]) -> bool:
    """Whether a group's own takes its place (RSL 1.0, discovery in robots.txt; rule R18).

    What only restricts takes the place of nothing that may permit.
    """
    bucket = statement.unit[0].reach.bucket
    only = _restricts_only(statement)
    whole = _of_site(statement) and _level(statement) == "global"
    return whole and ((bucket, False) in grouped or (only and (bucket, True) in grouped))


def _access(statement: Statement) -> frozenset[str]:
    """The uses of which it says only what access takes, and no licence."""
    return frozenset(statement.unit[0].detail(ACCESS).split())


def _answers(statements: Iterable[Statement]) -> dict[Use, Answer]:
    return {one.use: one for one in prevailing(a for each in statements for a in each.answers)}


def _dark(statements: Iterable[Statement]) -> dict[Use, dict[str, None]]:
    found: dict[Use, dict[str, None]] = {}
    for statement in statements:
        for use in statement.unreadable:
            ids = (one.id for one in statement.declarations)
            found.setdefault(use, {}).update(dict.fromkeys(ids))
    return found


def _differ(above: Answer, below: Answer) -> bool:
    return (above.preference, set(above.terms)) != (below.preference, set(below.terms))


def _ignored(statement: Statement) -> Note:
    located = statement.unit[0]
    found = located.declaration
    return Note(
        code="rsl-allow-ignored",
        severity=Severity.INFO,
        summary="where this declaration stands it counts only where it restricts",
        clause=_RESTRICTS.get(found.carrier, "rule R35"),
        because=(found.id,),
        position=found.position,
    )


def _superseded(uses: Sequence[str], because: tuple[str, ...]) -> Note:
    return Note(
        code="rsl-superseded",
        severity=Severity.INFO,
        summary=f"{', '.join(uses)}: the page says otherwise than the site, and goes before it",
        clause="rule R18",
        because=because,
    )


def _valid_until(
    statements: Iterable[Statement], answers: Iterable[Answer], context: Context
) -> datetime | None:
    """Until when the documents hold that the answers rest on (rule R38)."""
    counted = {each for answer in answers for each in answer.because}
    counting = {
        one.source
        for statement in statements
        for one in statement.declarations
        if one.carrier == DOCUMENT and one.id in counted
    }
    if not counting:
        return None
    from signals_agent.rsl.read import age

    ends = []
    for url in counting:
        document = context.documents.get(url)
        if document is not None and document.fetched_at is not None:
            _, days = age(document.body, document.content_type)
            days = LONGEST_DAYS if days is None else min(days, LONGEST_DAYS)
            ends.append(document.fetched_at + timedelta(days=days))
    return min(ends, default=None)
