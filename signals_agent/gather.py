"""Which declarations bear on one asset, from every source that was looked at."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from signals_agent import around, availability, freshness, within
from signals_agent import url as urls
from signals_agent.family import Listen
from signals_agent.gathered import Gathered, Inputs, Unit
from signals_agent.locate import answer_body, http_headers, robots_rules, site_files
from signals_agent.model.capture import Availability, Capture, Coverage, Role
from signals_agent.model.resolution import AccessAnswer, HopAccess
from signals_agent.plan import wanted_files
from signals_agent.resolve import access, hints
from signals_agent.resolve.access import Given, RobotsSource
from signals_agent.robots import match
from signals_agent.url import Url

_SOON: Final = timedelta(minutes=1)
_UNSEEN: Final = (Availability.NOT_LOOKED, Availability.UNAVAILABLE, Availability.UNREACHABLE)


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
        _look_around(inputs.found_on, inputs, found)
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
    """Header section and octets of the asset, where it is one (rules R12, R15a, R35)."""
    asset, url, heard = inputs.asset, found.chain[-1].text, inputs.listens["http-header"]
    looked = found.looked = inputs.looked or within.look(inputs, found.chain)
    declared: list[Unit] = []
    if looked.record is not None:
        if looked.state in (Availability.PRESENT, Availability.UNREADABLE):
            declared = http_headers.locate(asset, looked.record.id, heard)
        elif looked.state is Availability.UNAVAILABLE and asset.status in answer_body.STATES_TERMS:
            # On which terms there would have been an asset (rule R12).
            declared = http_headers.locate(asset, looked.record.id, heard, terms=True)
    found.take(looked, declared, url)
    if looked.state in _UNSEEN:
        found.literal_undetermined = True
        # An answer that states terms was looked at: it says on what conditions (R12, section 3).
        found.undetermined |= not looked.terms


def _look_around(page: Capture, inputs: Inputs, found: Gathered) -> None:
    """What the page or feed on which the asset was found says of it (rule R36)."""
    heard = around.listeners(inputs)
    looked = inputs.looked_around
    if looked is None:
        looked = around.look(page, inputs, heard, found.chain[-1].text, found.looked.media)
    found.looked_around = looked
    declared: list[Unit] = []
    if looked.record is not None and looked.state in (
        Availability.PRESENT,
        Availability.UNREADABLE,
    ):
        units = http_headers.locate(page, looked.record.id, heard["http-header"])
        declared = [around.marked(unit) for unit in units]
    found.take(looked, declared, page.url)


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
    # In the order given, so that the same inputs give the same result (rule R29).
    for url in [url for url in inputs.site_files if url not in states]:
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
