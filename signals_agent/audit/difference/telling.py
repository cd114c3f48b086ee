"""What changed for one URL, as JSON has it: what concerns it alone, and what its site shares."""

import json
from collections.abc import Mapping
from typing import Any

from signals_agent.audit.difference.nouns import Changed, Declared, Outcome, Unseen

Items = Mapping[str, list[dict[str, Any]]]
"""What is told, by the name of its list; without those that are empty."""


def parts(found: Changed) -> tuple[Items, Items]:
    """What concerns the URL alone, and what comes of sources that speak for many.

    What has no source stands in the asset itself.
    """
    own: dict[str, list[dict[str, Any]]] = {}
    shared: dict[str, list[dict[str, Any]]] = {}
    for declared in found.declared:
        to = shared if declared.said.source else own
        to.setdefault("declarations", []).append(_declared(declared))
    for unseen in found.unseen:
        (shared if unseen.source else own).setdefault("not_found_out", []).append(_unseen(unseen))
    for each in found.outcomes:
        (shared if each.shared else own).setdefault("changes", []).append(_outcome(each))
    return own, shared


def is_own(own: Items, of_site: bool) -> bool:
    """Whether something is told of the URL that does not follow from what is told of its site."""
    unseen = own.get("not_found_out", [])
    told = "declarations" in own or "changes" in own
    return told or any(not (of_site and each.get("follows")) for each in unseen)


def record(found: Changed, own: Items, of_site: bool) -> dict[str, Any]:
    """What is told of the URL; ``of_site`` says that there is more, which is told of its site."""
    flags = {"lost": found.lost, "unweighed": found.unweighed, "of_site": of_site}
    return {
        "url": found.url,
        "site": found.site,
        "verdict": found.verdict.value,
        **{name: value for name, value in flags.items() if value},
        **{name: own.get(name, []) for name in ("declarations", "not_found_out", "changes")},
    }


def _declared(each: Declared) -> dict[str, Any]:
    said = each.said
    return {
        "kind": each.kind.value,
        "family": said.family,
        "carrier": said.carrier,
        **({"source": said.source} if said.source else {}),
        "scope": json.loads(said.scope) if said.scope else {},
        **({"before": each.before} if each.kind != "added" else {}),
        **({"after": each.after} if each.kind != "withdrawn" else {}),
    }


def _unseen(each: Unseen) -> dict[str, Any]:
    return {
        **({"source": each.source} if each.source else {}),
        "before": str(each.before),
        "after": str(each.after),
        "found_out": not each.lost,
        **({"follows": True} if each.follows else {}),
        "expressions": list(each.expressions),
    }


def _outcome(each: Outcome) -> dict[str, Any]:
    change = each.change
    return {
        "direction": "stricter" if each.tighter else "looser",
        "aspect": change.aspect.value,
        **({"use": change.use.value} if change.use is not None else {}),
        **({"subject": change.subject} if change.subject else {}),
        "before": str(change.before),
        "after": str(change.after),
    }
