"""What the page or feed on which an asset was found says of it (rule R36)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from signals_agent import availability
from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.gathered import IN_PAGES, Gathered, Inputs, Unit
from signals_agent.locate import data, html, http_headers, kinds
from signals_agent.model.capture import Availability, Capture, Coverage, Role
from signals_agent.model.use import Use


def look(page: Capture, inputs: Inputs, found: Gathered) -> None:
    """The page on which the asset was found, where it speaks of what it shows.

    A feed speaks of what its items link to on its own origin.
    """
    state, notes = availability.classify(Role.ASSET, page)
    found.notes.extend(notes)
    url = urls.parse(page.url).text
    capture_id = None
    if state is not Availability.NOT_LOOKED or page.status is not None:
        capture_id = found.record(Role.ASSET, page, state)
    heard = {
        carrier: tuple(pair for pair in pairs if pair[1].found_on)
        for carrier, pairs in inputs.listens.items()
    }
    units: list[Unit] = []
    if state in (Availability.PRESENT, Availability.UNREADABLE) and capture_id is not None:
        units += http_headers.locate(page, capture_id, heard["http-header"])
        if state is Availability.PRESENT and kinds.may_be_html(page):
            state = _markup(page, inputs, found, heard, capture_id, units)
        if state is Availability.PRESENT and not kinds.is_html(page) and page.body is not None:
            asset = found.chain[-1].text
            findings = data.locate(page, url, capture_id, heard, about=asset)
            units += findings.units
            found.notes.extend(findings.notes)
    found.add([_around(unit) for unit in units], page.url)
    found.coverage.append(Coverage(url, state, False, capture_id))
    if state is Availability.UNREADABLE and found.media:
        found.dark.update(Use)
        found.notes.append(availability.unreadable_note(url))
    elif state in (Availability.UNAVAILABLE, Availability.UNREACHABLE):
        found.notes.append(availability.unset_note(url, state))


def _markup(
    page: Capture,
    inputs: Inputs,
    found: Gathered,
    heard: Mapping[str, Sequence[tuple[str, Listen]]],
    capture_id: str,
    units: list[Unit],
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
        truncated=page.truncated,
    )
    units += findings.units
    found.notes.extend(findings.notes)
    whole = findings.head_complete and not page.truncated
    return Availability.PRESENT if whole else Availability.UNREADABLE


def _around(unit: Unit) -> Unit:
    """The same unit, known to stand on the page around the asset."""
    return tuple(replace(each, reach=replace(each.reach, around=True)) for each in unit)
