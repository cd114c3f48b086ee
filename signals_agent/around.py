"""What the page or feed on which an asset was found says of it (rule R36)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from signals_agent import availability
from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.gathered import IN_PAGES, AssetFindings, Inputs, Unit, record_of
from signals_agent.locate import data, html, kinds
from signals_agent.model.capture import Availability, Capture, Coverage, Role

Heard: TypeAlias = Mapping[str, tuple[tuple[str, Listen], ...]]
"""Who listens on the page around, by carrier."""


def listeners(inputs: Inputs) -> Heard:
    """Who listens on such a page, by carrier."""
    return {
        carrier: tuple(pair for pair in pairs if pair[1].found_on)
        for carrier, pairs in inputs.listens.items()
    }


def look(page: Capture, inputs: Inputs, heard: Heard, asset: str, media: str) -> AssetFindings:
    """The page on which the asset was found, where its octets speak of what it shows.

    A feed speaks of what its items link to on its own origin. ``asset`` is the asset's
    URL, and ``media`` is ``image`` where it is one.
    """
    state, notes = availability.classify(Role.ASSET, page)
    found = AssetFindings(notes=[*notes])
    url = urls.parse(page.url).text
    if state is not Availability.NOT_LOOKED or page.status is not None:
        found.record = record_of(Role.ASSET, page, state, found.notes)
    if state is Availability.PRESENT and found.record is not None:
        if kinds.may_be_html(page):
            state = _markup(page, inputs, found, heard, found.record.id)
        if state is Availability.PRESENT and not kinds.is_html(page) and page.body is not None:
            findings = data.locate(page, url, found.record.id, heard, about=asset)
            found.units += findings.units
            found.notes += findings.notes
    found.units = tuple(marked(unit) for unit in found.units)
    found.state = state
    found.coverage += (Coverage(url, state, False, found.record.id if found.record else None),)
    if state is Availability.UNREADABLE and media:
        found.dark = True
        found.notes.append(availability.unreadable_note(url))
    elif state in (Availability.UNAVAILABLE, Availability.UNREACHABLE):
        found.notes.append(availability.unset_note(url, state))
    return found


def _markup(
    page: Capture, inputs: Inputs, found: AssetFindings, heard: Heard, capture_id: str
) -> Availability:
    """What the markup of the page around says, and whether all of it could be looked at."""
    if page.body is None:
        return Availability.UNREADABLE
    part = page.status == 206 and not availability.whole_in_part(page)
    if part or availability.still_coded(page, page=True):
        return Availability.UNREADABLE
    if not kinds.is_html(page):
        return Availability.PRESENT
    findings = html.locate(
        page.body,
        (page.field_lines(b"content-type") or (b"",))[-1],
        source=urls.parse(page.url).text,
        capture_id=capture_id,
        listens=heard["html-meta"],
        tokens=tuple(token for tokens in inputs.sets for token in tokens),
        claims={carrier: heard[carrier] for carrier in IN_PAGES if heard[carrier]},
    )
    found.units += findings.units
    found.notes += findings.notes
    # Where it was cut, it does not matter whether its head had ended before.
    whole = findings.head_complete and not page.truncated
    return Availability.PRESENT if whole else Availability.UNREADABLE


def marked(unit: Unit) -> Unit:
    """The same unit, known to stand on the page around the asset."""
    return tuple(replace(each, reach=replace(each.reach, around=True)) for each in unit)
