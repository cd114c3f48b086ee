"""Which declarations bear on one asset, from every source that was looked at."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from signals_agent import around, availability, freshness
from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.gathered import Gathered, Inputs
from signals_agent.locate import (
    answer_body,
    data,
    html,
    http_headers,
    kinds,
    robots_rules,
    site_files,
)
from signals_agent.model.capture import Availability, Capture, Coverage, Role
from signals_agent.model.resolution import AccessAnswer, HopAccess
from signals_agent.model.use import Use
from signals_agent.plan import wanted_files
from signals_agent.resolve import access, hints
from signals_agent.resolve.access import Given, RobotsSource
from signals_agent.robots import match
from signals_agent.url import Url

Listens: TypeAlias = Mapping[str, tuple[tuple[str, Listen], ...]]
"""Who listens where, by carrier."""

_SOON = timedelta(minutes=1)


def gather(inputs: Inputs) -> Gathered:
    """Locate every declaration that bears on the asset, by rules R12 to R16 and R31 to R36."""
    chain = tuple(urls.parse(capture.url) for capture in (*inputs.hops, inputs.asset))
    found = Gathered(chain=chain, targets=tuple(match.target(url.target) for url in chain))
    listens = inputs.listens
    for hop in inputs.hops:
        found.record(Role.HOP, hop, Availability.PRESENT)
    _look_at_robots(inputs, found, listens["robots-txt"])
    _look_at_asset(inputs, found)
    _look_at_site_files(inputs, found)
    if inputs.found_on is not None:
        around.look(inputs.found_on, inputs, found)
    return found


def _look_at_robots(
    inputs: Inputs, found: Gathered, listens: tuple[tuple[str, Listen], ...]
) -> None:
    """Access for each hop, and the rules about usage where access is not refused (R13e)."""
    seen: dict[str, tuple[RobotsSource, str | None]] = {}
    answers: list[HopAccess] = []
    last = len(found.chain) - 1
    for index, (url, target) in enumerate(zip(found.chain, found.targets, strict=True)):
        if url.origin not in seen:
            seen[url.origin] = _robots_of(url, inputs, found)
        robots, capture_id = seen[url.origin]
        hop, notes = access.answer(robots, url, target, inputs.sets, capture_id)
        found.notes.extend(notes)
        answers.append(hop)
        if hop.answer is AccessAnswer.UNDETERMINED:
            found.undetermined = True
            found.literal_undetermined |= index == last
        if hop.answer is not AccessAnswer.ALLOWED or robots.file is None or capture_id is None:
            continue
        for order, tokens in enumerate(inputs.sets):
            units = robots_rules.locate(
                robots.file,
                tokens,
                source=robots.url,
                capture_id=capture_id,
                target=target,
                listens=listens,
                hop=index < last,
                other_token=order > 0,
            )
            found.add(units, url.text)
            found.notes.extend(robots_rules.unread_notes(units))
            if index < last:
                found.notes.extend(robots_rules.hop_notes(units))
        refused = hints.refused_training_crawlers(robots.file, target)
        if index == last and len(refused) >= hints.ENOUGH:
            found.training_refused = True
            found.notes.append(hints.note(refused))
    found.access = access.whole(answers)


def _robots_of(url: Url, inputs: Inputs, found: Gathered) -> tuple[RobotsSource, str | None]:
    given = inputs.robots.get(url.origin, Availability.NOT_LOOKED)
    robots = access.source(url.origin, _of_that_day(given, inputs, found))
    found.notes.extend(robots.notes)
    capture_id = None
    if robots.capture is not None:
        capture_id = found.record(Role.ROBOTS, robots.capture, robots.availability)
        fetched = robots.capture.fetched_at or inputs.now
        until = fetched + freshness.robots_lifetime(robots.capture)
        known = robots.availability is not Availability.UNREACHABLE
        if known and (found.valid_until is None or until < found.valid_until):
            found.valid_until = until
    found.coverage.append(Coverage(robots.url, robots.availability, True, capture_id))
    return robots, capture_id


def _look_at_asset(inputs: Inputs, found: Gathered) -> None:
    """Header section and markup of the asset, where it is one (rules R12, R15a, R35)."""
    asset, url, listens = inputs.asset, found.chain[-1], inputs.listens
    state, notes = availability.classify(Role.ASSET, asset)
    found.notes.extend(notes)
    found.media = kinds.media(asset)
    capture_id = None
    if state is not Availability.NOT_LOOKED or asset.status is not None:
        capture_id = found.record(Role.ASSET, asset, state)
    if state in (Availability.PRESENT, Availability.UNREADABLE) and capture_id is not None:
        found.add(http_headers.locate(asset, capture_id, inputs.listens["http-header"]), url.text)
        unnamed = asset.body is None and kinds.is_nameless(asset)
        if unnamed:
            # Neither type nor octets: what the header section says holds, and no more is known.
            found.dark.update(Use)
            found.notes.append(availability.part_note(asset))
        elif state is Availability.PRESENT and (
            kinds.is_html(asset) if asset.body is not None else kinds.may_be_html(asset)
        ):
            state = _look_at_markup(inputs, found, capture_id)
        elif asset.truncated and kinds.began_as_nothing(asset):
            # Cut before it could be told from a page.
            found.notes.append(availability.part_note(asset))
            state = Availability.UNREADABLE
        elif kinds.is_nameless(asset) and availability.still_coded(asset, page=True):
            found.notes.append(availability.coded_note(asset))
            state = Availability.UNREADABLE
        elif state is Availability.PRESENT:
            state = _look_at_data(inputs, found, capture_id)
    found.asset = state
    found.coverage.append(Coverage(url.text, state, True, capture_id))
    if state is Availability.UNREADABLE:
        found.dark.update(Use)
        found.notes.append(availability.unreadable_note(url.text))
    if state is Availability.UNAVAILABLE and capture_id is not None:
        _look_at_terms(asset, found, listens, capture_id)
    if state in (Availability.NOT_LOOKED, Availability.UNAVAILABLE, Availability.UNREACHABLE):
        found.literal_undetermined = True
        # An answer that states terms was looked at: it says on what conditions (R12, section 3).
        found.undetermined |= not availability.terms_of_access(asset)


def _look_at_terms(asset: Capture, found: Gathered, listens: Listens, capture_id: str) -> None:
    """On which terms there would have been an asset, where the answer says so (rule R12)."""
    if asset.status not in answer_body.STATES_TERMS:
        return
    url = found.chain[-1].text
    heard = listens["http-header"]
    found.add(http_headers.locate(asset, capture_id, heard, terms=True), url)
    body = answer_body.locate(asset, capture_id, listens["http-body"])
    found.add(body.units, url)
    found.notes.extend(body.notes)


def _look_at_markup(inputs: Inputs, found: Gathered, capture_id: str) -> Availability:
    asset, url = inputs.asset, found.chain[-1]
    if inputs.depth == "headers" or asset.body is None:
        found.coverage.append(Coverage(url.text, Availability.NOT_LOOKED, True, capture_id, "head"))
        found.undetermined = True
        return Availability.PRESENT
    if availability.still_coded(asset, page=True):
        found.notes.append(availability.coded_note(asset))
        return Availability.UNREADABLE
    if asset.status == 206 and not availability.whole_in_part(asset):
        found.notes.append(availability.part_note(asset))
        return Availability.UNREADABLE
    findings = html.locate(
        asset.body,
        (asset.field_lines(b"content-type") or (b"",))[-1],
        source=url.text,
        capture_id=capture_id,
        listens=inputs.listens["html-meta"],
        tokens=tuple(token for tokens in inputs.sets for token in tokens),
        claims=inputs.claims,
        names=tuple(url.text for url in found.chain[:-1]),
        depth=inputs.depth,
        truncated=asset.truncated,
    )
    found.add(findings.units, url.text)
    found.notes.extend(findings.notes)
    if inputs.depth == "head":
        found.coverage.append(
            Coverage(url.text, Availability.NOT_LOOKED, False, capture_id, "body")
        )
    if not findings.head_complete or (asset.truncated and inputs.depth == "page"):
        found.notes.append(availability.part_note(asset))
        return Availability.UNREADABLE
    return Availability.PRESENT


def _look_at_data(inputs: Inputs, found: Gathered, capture_id: str) -> Availability:
    """What a feed, a dataset card or JSON-LD says of itself, where the asset is one."""
    asset = inputs.asset
    if not data.may_speak(asset):
        return _look_inside(inputs, found, capture_id)
    if inputs.depth == "headers" or asset.body is None:
        url = found.chain[-1].text
        found.coverage.append(Coverage(url, Availability.NOT_LOOKED, True, capture_id, "body"))
        found.undetermined = True
        return Availability.PRESENT
    if availability.still_coded(asset, page=True):
        found.notes.append(availability.coded_note(asset))
        return Availability.UNREADABLE
    findings = data.locate(asset, found.chain[-1].text, capture_id, inputs.listens)
    found.add(findings.units, found.chain[-1].text)
    found.notes.extend(findings.notes)
    if asset.truncated:
        found.notes.append(availability.part_note(asset))
        return Availability.UNREADABLE
    return _look_inside(inputs, found, capture_id)


def _look_inside(inputs: Inputs, found: Gathered, capture_id: str) -> Availability:
    """What is embedded in an image, a document or a recording.

    Where the place was not seen in which such metadata may stand, it may be there: a cap
    fails closed (rule R39), and so does a header section alone (rule R15a).
    """
    asset, url = inputs.asset, found.chain[-1].text
    # What reads such metadata is not loaded for those who meet pages alone.
    from signals_agent.locate import embedded

    if not embedded.may_embed(asset):
        return Availability.PRESENT
    if inputs.depth == "headers" or asset.body is None:
        found.coverage.append(
            Coverage(url, Availability.NOT_LOOKED, True, capture_id, "embedded metadata")
        )
        found.undetermined = True
        return Availability.PRESENT
    if asset.content_type == "image/svg+xml" and availability.still_coded(asset):
        found.notes.append(availability.coded_note(asset))
        return Availability.UNREADABLE
    findings = embedded.locate(
        asset, source=url, capture_id=capture_id, listens=inputs.listens["embedded"]
    )
    found.add(findings.units, url)
    found.notes.extend(findings.notes)
    in_part = any(note.code == embedded.IN_PART for note in findings.notes)
    return Availability.UNREADABLE if in_part else Availability.PRESENT


def _look_at_site_files(inputs: Inputs, found: Gathered) -> None:
    """The files of the asset's own site (rules R15a, R33); none of them is required."""
    origin = found.chain[-1].origin
    captures: dict[str, tuple[Capture, str]] = {}
    wanted = wanted_files(inputs.families, inputs.sources)
    present: dict[str, tuple[Capture, str]] = {}
    states: dict[str, Availability] = {}
    for file in wanted:
        url = origin + file.path
        given = _of_that_day(inputs.site_files.get(url, Availability.NOT_LOOKED), inputs, found)
        if isinstance(given, Availability):
            states[url] = given
            continue
        capture = given if isinstance(given, Capture) else Capture(url, status=200, body=given)
        states[url], notes = availability.classify(Role.SITE_FILE, capture, kind=file.kind)
        found.notes.extend(notes)
        captures[url] = (capture, file.path)
    for url, (capture, path) in captures.items():
        if states[url] is Availability.PRESENT and _stands_elsewhere(capture, path, captures):
            states[url] = Availability.ABSENT
            found.notes.append(availability.same_everywhere(url))
        if states[url] is Availability.PRESENT:
            present[path] = (capture, found.record(Role.SITE_FILE, capture, states[url]))
        else:
            found.record(Role.SITE_FILE, capture, states[url])
    for family in inputs.families:
        for file in family.site_files:
            if file.path in present:
                capture, capture_id = present[file.path]
                units = site_files.locate(
                    capture, family=family.name, file=file, capture_id=capture_id
                )
                found.add(units, found.chain[-1].text)
    for url in inputs.site_files.keys() - states.keys():
        extended = url in (origin + file.path for file in wanted_files(inputs.families, "extended"))
        found.notes.append(availability.unused_note(url, extended=extended))
    for file in wanted:
        if states[origin + file.path] is Availability.UNREADABLE:
            found.dark.update(file.governs)
            found.notes.append(availability.unreadable_note(origin + file.path))
    for url, state in states.items():
        if state in (Availability.UNAVAILABLE, Availability.UNREACHABLE):
            found.notes.append(availability.unset_note(url, state))
        taken = next((c.id for c in found.captures.values() if c.url == url), None)
        found.coverage.append(Coverage(url, state, False, taken))


def _of_that_day(given: Given, inputs: Inputs, found: Gathered) -> Given:
    """A file as it may be used for this asset: never that of another day (rule R32)."""
    if not isinstance(given, Capture) or given.fetched_at is None:
        return given
    asset = inputs.asset.fetched_at
    apart = given.fetched_at - (asset or inputs.now)
    if abs(apart) > freshness.CEILING:
        found.notes.append(availability.another_day_note(given.url))
        return Availability.NOT_LOOKED
    if asset is not None and apart > _SOON:
        found.notes.append(availability.later_note(given.url))
    return given


def _stands_elsewhere(
    capture: Capture, path: str, others: Mapping[str, tuple[Capture, str]]
) -> bool:
    """Whether a file of another name is the same octets: a page for whatever is asked (R15)."""
    name = path.rsplit("/", 1)[-1]
    return bool(capture.body) and any(
        other.body == capture.body and elsewhere.rsplit("/", 1)[-1] != name
        for other, elsewhere in others.values()
    )
