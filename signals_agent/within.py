"""What the asset says in its own octets, its header section aside (rules R12, R15a, R35)."""

from signals_agent import availability
from signals_agent.gathered import AssetFindings, Inputs, record_of
from signals_agent.locate import answer_body, data, html, kinds
from signals_agent.model.capture import Availability, Coverage, Role
from signals_agent.url import Url


def look(inputs: Inputs, chain: tuple[Url, ...]) -> AssetFindings:
    """Everything about an asset that its body is needed for; ``chain`` leads to it."""
    asset, url = inputs.asset, chain[-1].text
    state, notes = availability.classify(Role.ASSET, asset)
    found = AssetFindings(kinds.media(asset), availability.terms_of_access(asset), [*notes])
    record = None
    if state is not Availability.NOT_LOOKED or asset.status is not None:
        record = found.record = record_of(Role.ASSET, asset, state, found.notes)
        if state in (Availability.PRESENT, Availability.UNREADABLE):
            state = _look_at_octets(inputs, chain, found, record.id, state)
    elif asset.failure:
        # Whoever left it alone says why.
        found.notes.append(availability.failure_note(asset, state))
    found.state = state
    found.coverage += (Coverage(url, state, True, record.id if record else None),)
    if state is Availability.UNREADABLE:
        found.dark = True
        found.notes.append(availability.unreadable_note(url))
    elif (
        state is Availability.UNAVAILABLE
        and record is not None
        and asset.status in answer_body.STATES_TERMS
    ):
        # On which terms there would have been an asset, where the answer says so (rule R12).
        body = answer_body.locate(asset, record.id, inputs.listens["http-body"])
        found.units += body.units
        found.notes += body.notes
    return found


def _look_at_octets(
    inputs: Inputs,
    chain: tuple[Url, ...],
    found: AssetFindings,
    capture_id: str,
    state: Availability,
) -> Availability:
    """What the octets of an asset that is there say, by its kind, and whether all could be read."""
    asset = inputs.asset
    if asset.body is None and kinds.is_nameless(asset):
        # Neither type nor octets: what the header section says holds, and no more is known.
        found.dark = True
        found.notes.append(availability.part_note(asset))
    elif state is Availability.PRESENT and (
        kinds.is_html(asset) if asset.body is not None else kinds.may_be_html(asset)
    ):
        return _look_at_markup(inputs, chain, found, capture_id)
    elif asset.truncated and kinds.began_as_nothing(asset):
        # Cut before it could be told from a page.
        found.notes.append(availability.part_note(asset))
        return Availability.UNREADABLE
    elif kinds.is_nameless(asset) and availability.still_coded(asset, page=True):
        found.notes.append(availability.coded_note(asset))
        return Availability.UNREADABLE
    elif state is Availability.PRESENT:
        return _look_at_data(inputs, chain[-1].text, found, capture_id)
    return state


def _look_at_markup(
    inputs: Inputs, chain: tuple[Url, ...], found: AssetFindings, capture_id: str
) -> Availability:
    asset, url = inputs.asset, chain[-1].text
    if inputs.depth == "headers" or asset.body is None:
        found.coverage += (Coverage(url, Availability.NOT_LOOKED, True, capture_id, "head"),)
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
        source=url,
        capture_id=capture_id,
        listens=inputs.listens["html-meta"],
        tokens=tuple(token for tokens in inputs.sets for token in tokens),
        claims=inputs.claims,
        names=tuple(url.text for url in chain[:-1]),
        depth=inputs.depth,
        # Where a page was cut, it is unreadable wherever its head ended: to find out is a parse.
        truncated=asset.truncated and inputs.depth == "head",
    )
    found.units += findings.units
    found.notes += findings.notes
    if inputs.depth == "head":
        found.coverage += (Coverage(url, Availability.NOT_LOOKED, False, capture_id, "body"),)
    if not findings.head_complete or (asset.truncated and inputs.depth == "page"):
        found.notes.append(availability.part_note(asset))
        return Availability.UNREADABLE
    return Availability.PRESENT


def _look_at_data(inputs: Inputs, url: str, found: AssetFindings, capture_id: str) -> Availability:
    """What a feed, a dataset card or JSON-LD says of itself, where the asset is one."""
    asset = inputs.asset
    if not data.may_speak(asset):
        return _look_inside(inputs, url, found, capture_id)
    if inputs.depth == "headers" or asset.body is None:
        found.coverage += (Coverage(url, Availability.NOT_LOOKED, True, capture_id, "body"),)
        found.undetermined = True
        return Availability.PRESENT
    if availability.still_coded(asset, page=True):
        found.notes.append(availability.coded_note(asset))
        return Availability.UNREADABLE
    findings = data.locate(asset, url, capture_id, inputs.listens)
    found.units += findings.units
    found.notes += findings.notes
    if asset.truncated:
        found.notes.append(availability.part_note(asset))
        return Availability.UNREADABLE
    return _look_inside(inputs, url, found, capture_id)


def _look_inside(inputs: Inputs, url: str, found: AssetFindings, capture_id: str) -> Availability:
    """What is embedded in an image, a document or a recording.

    Where the place was not seen in which such metadata may stand, it may be there: a cap
    fails closed (rule R39), and so does a header section alone (rule R15a).
    """
    asset = inputs.asset
    # What reads such metadata is not loaded for those who meet pages alone.
    from signals_agent.locate import embedded

    if not embedded.may_embed(asset):
        return Availability.PRESENT
    if inputs.depth == "headers" or asset.body is None:
        found.coverage += (
            Coverage(url, Availability.NOT_LOOKED, True, capture_id, "embedded metadata"),
        )
        found.undetermined = True
        return Availability.PRESENT
    if asset.content_type == "image/svg+xml" and availability.still_coded(asset):
        found.notes.append(availability.coded_note(asset))
        return Availability.UNREADABLE
    findings = embedded.locate(
        asset, source=url, capture_id=capture_id, listens=inputs.listens["embedded"]
    )
    found.units += findings.units
    found.notes += findings.notes
    in_part = any(note.code == embedded.IN_PART for note in findings.notes)
    return Availability.UNREADABLE if in_part else Availability.PRESENT
