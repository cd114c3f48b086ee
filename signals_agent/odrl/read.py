"""How a TDM policy is read: ODRL JSON-LD in TDMRep's profile, and what sites make of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from signals_agent import limits
from signals_agent.odrl import known
from signals_agent.odrl.names import PROFILE, Names, is_remark
from signals_agent.odrl.nouns import Action, Assigner, Duty, Permission, Purpose, TdmPolicy
from signals_agent.odrl.tree import Node, listed, says
from signals_agent.syntax import json_values, lenient_json
from signals_agent.syntax.json_values import Text
from signals_agent.syntax.lenient_json import Array, Object, TooDeep, Value

MAX_OCTETS: Final = 256 * 1024
"""Octets of a policy; a longer one is not read (rule R39)."""
MAX_RULES: Final = 100
"""Permissions, duties, constraints, targets and parties that are read (rule R39)."""

_MARKUP: Final = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TYPES: Final = {"Offer", "Policy", "Set"}
_RULES: Final = ("permission", "prohibition", "obligation")
_PURPOSES: Final = {
    "tdm:research": Purpose.RESEARCH,
    "tdm:non-research": Purpose.NON_RESEARCH,
}
_MUCH: Final = 300


class _Unreadable(ValueError):
    """Why a document is no policy that can be read."""


@lru_cache(maxsize=64)
def read(body: bytes, content_type: bytes = b"") -> TdmPolicy:
    """What a document says as a TDM policy; never raises, and nothing is fetched for it.

    ``content_type`` is the field value; it tells only whether what is no JSON is a page.
    Slips that leave no doubt about what is meant are read (``salvaged``): comments, a comma
    too many or missing. Cached by content.
    """
    if len(body) > MAX_OCTETS:
        return TdmPolicy(failure=f"it is longer than {MAX_OCTETS // 1024} KiB")
    source = json_values.decode(body)
    if not source.clean:
        source = Text(body.decode("latin-1"), "latin-1", clean=False)
    page = b"html" in content_type.lower()
    if source.text.lstrip().startswith("<"):
        page = page or _MARKUP.search(source.text, 0, 1024) is not None
        return TdmPolicy(page=page, failure="it is markup")
    try:
        document = lenient_json.read(source.text, commas=False)
    except TooDeep:
        return TdmPolicy(failure=f"it nests deeper than {json_values.MAX_DEPTH}")
    if document.broken is not None or len(document.values) != 1:
        return TdmPolicy(page=page, failure="it is no JSON")
    try:
        permissions, prohibits = _policies(document.values[0], source)
    except _Unreadable as reason:
        return TdmPolicy(failure=str(reason))
    return TdmPolicy(permissions, prohibits, salvaged=not _is_json(source.text))


def _is_json(text: str) -> bool:
    try:
        json_values.parse(text)
    except ValueError:
        return False
    return True


def _policies(whole: Value, source: Text) -> tuple[tuple[Permission, ...], bool]:
    """What every policy of a document permits, and whether any of them prohibits."""
    nodes = _nodes(whole)
    policies = [node for node in nodes if _is_policy(node)]
    if not policies:
        raise _Unreadable("it is JSON, but no policy of ODRL")
    if any("hasPolicy" in fields for fields in (node.fields() for node in nodes)):
        raise _Unreadable("it says of other things that it is their policy")
    reader = _Reader(source)
    permissions: list[Permission] = []
    # A prohibition may stand beside the policy that it belongs to.
    prohibits = any("Prohibition" in _types(node) for node in nodes)
    for node in policies:
        fields = node.fields()
        _refuse(fields)
        prohibits = prohibits or says(fields, "prohibition")
        common = reader.common(fields)
        permissions += [
            reader.permission(each.resolved(), common) for each in listed(fields, "permission")
        ]
    return tuple(permissions), prohibits


def _nodes(whole: Value) -> list[Node]:
    """The objects that stand at the top of a document or in its graphs."""
    found: list[Node] = []
    nodes: dict[str, Node] = {}  # all but the policies, whose names are often their sites'
    described: dict[str, bool] = {}
    tops = Node(whole, "", Names(()), nodes).each()
    for top in tops:
        if isinstance(top.value, Array):
            raise _Unreadable("its policies stand in lists inside a list")
        if not isinstance(top.value, Object):
            continue
        contexts = [node.value for node in top.fields().get("@context", ())]
        names = Names(contexts)
        outer = Node(top.value, top.pointer, names, nodes)
        graphs = outer.fields().get("@graph", ())
        inner = [each for graph in graphs for each in graph.each()]
        for node in (outer, *inner):
            own = [each.value for each in node.fields().get("@context", ())]
            if node is not outer and own:
                node = Node(node.value, node.pointer, Names(own, names), nodes)
            if isinstance(node.value, Array) or (node is not outer and "@graph" in node.fields()):
                raise _Unreadable("its graphs nest")
            found.append(node)
            identifier = node.identifier()
            if not identifier or set(node.fields()) <= known.SAYS_NOTHING:
                continue
            policy = _is_policy(node)
            if described.setdefault(identifier, policy) is not policy or identifier in nodes:
                # Both hold (JSON-LD 1.1 4.1), and a reference would lead to one alone.
                raise _Unreadable("it describes the same thing in two places")
            if not policy:
                nodes[identifier] = node
    return found


def _types(node: Node) -> set[str]:
    return {node.names.of(each.identifier()) for each in listed(node.fields(), "@type")}


def _is_policy(node: Node) -> bool:
    fields = node.fields()
    return (
        bool(_types(node) & _TYPES) or "profile" in fields or any(name in fields for name in _RULES)
    )


def _refuse(fields: dict[str, list[Node]]) -> None:
    """Raise where a policy is of another kind than an offer in our profile."""
    for each in listed(fields, "@type"):
        name = each.names.of(each.identifier())
        if name not in _TYPES:
            raise _Unreadable(f"its type is {name[:60] or 'not to be read'}, which is no offer")
    for each in listed(fields, "profile"):
        written = each.identifier()
        if each.names.of(written) != PROFILE:
            raise _Unreadable("it is of another profile than that of TDMRep")
    if says(fields, "inheritFrom"):
        raise _Unreadable("it inherits from another policy")
    if len(fields.get("permission", ())) > 1:
        raise _Unreadable("it gives its permissions twice")


class _Reader:
    """Reads the rules of one document, and no more of them than ``MAX_RULES`` (rule R39)."""

    __slots__ = ("_left", "_source")

    def __init__(self, source: Text) -> None:
        self._source = source
        self._left = MAX_RULES

    def common(self, fields: dict[str, list[Node]]) -> Permission:
        """What stands beside the permissions of a policy, and so holds for each (ODRL 2.7)."""
        unknown = list(known.limiting(fields, known.BESIDE_PERMISSIONS, known.REPEATED_BESIDE))
        return self._rule("", b"", fields, unknown, ("obligation", "duty"))

    def permission(self, node: Node, common: Permission) -> Permission:
        """One permission, together with what holds for each."""
        self._count(1)
        if not isinstance(node.value, Object):
            return Permission(node.pointer, b"", mines=False, unknown=("permission",))
        written = self._source.text[node.value.begin : node.value.end]
        octets = written.encode(self._source.encoding)
        if len(octets) > limits.MAX_EXPRESSION:
            raise _Unreadable(f"a permission is longer than {limits.MAX_EXPRESSION} octets")
        fields = node.fields()
        unknown = list(known.limiting(fields, known.IN_A_PERMISSION))
        other = node.nodes.get(node.identifier(), node)
        if other.value is not node.value:
            unknown.append("what is said of it elsewhere")
        own = self._rule(node.pointer, octets, fields, unknown, ("duty",))
        return replace(
            own,
            mines=own.mines if says(fields, "action") else common.mines,
            actions=own.actions if says(fields, "action") else common.actions,
            targets=own.targets if says(fields, "target") else common.targets,
            assigner=own.assigner if says(fields, "assigner") else common.assigner,
            duties=(*common.duties, *own.duties),
            purposes=tuple(dict.fromkeys((*common.purposes, *own.purposes))),
            unknown=tuple(dict.fromkeys((*common.unknown, *own.unknown))),
        )

    def _rule(
        self,
        pointer: str,
        octets: bytes,
        fields: dict[str, list[Node]],
        unknown: list[str],
        duties: tuple[str, ...],
    ) -> Permission:
        actions = list(listed(fields, "action"))
        named = [each.names.of(_action(each)) for each in actions]
        unknown = [*unknown, *(one for each in actions for one in known.limits_of(each))]
        limiting = list(listed(fields, "constraint"))
        limiting += [one for each in actions for one in listed(each.fields(), "refinement")]
        self._count(len(limiting))
        targets = list(listed(fields, "target"))
        self._count(len(targets))
        meant = [each.resolved().fields() for each in targets]
        unknown += [one for each in meant for one in known.limiting(each, known.IN_A_TARGET)]
        purposes = [_purpose(one.resolved()) for one in limiting]
        asked = [one for name in duties for one in listed(fields, name)]
        return Permission(
            pointer=pointer,
            octets=octets,
            mines=bool(named) and all(name == "tdm:mine" for name in named),
            actions=tuple(name[:60] for name in named),
            targets=tuple(each.identifier() for each in targets),
            duties=tuple(each for one in asked for each in self._duties(one.resolved())),
            purposes=tuple(dict.fromkeys(one for one in purposes if one is not None)),
            unknown=(*unknown, *(["constraint"] if None in purposes else [])),
            assigner=self._assigner(fields, "assigner"),
        )

    def _duties(self, node: Node) -> Iterator[Duty]:
        fields = node.fields()
        actions = list(listed(fields, "action")) or ([node] if node.string else [])
        self._count(max(len(actions), 1))
        if not actions:
            yield Duty(None, "a duty without an action")
        for each in actions:
            name = each.names.of(_action(each))
            action = Action(name) if name in set(Action) else None
            if any(says(fields, rule) for rule in known.RULES_OF_A_DUTY):
                action = None  # more is asked than this
            details = list(listed(fields, "constraint"))
            details += listed(each.fields(), "refinement")
            self._count(len(details))
            price, credited = "", ""
            if action is Action.COMPENSATE:
                prices = [_price(one.resolved()) for one in details]
                price = ", ".join(dict.fromkeys(one for one in prices if one))[:_MUCH]
            elif action is Action.ATTRIBUTE:
                more = (
                    *details,
                    *known.limiting(fields, known.IN_AN_ATTRIBUTION),
                    *known.limits_of(each),
                )
                if more:
                    action = None  # more is asked than to be named
                party = self._assigner(fields, "attributedParty")
                credited = party.name if party else ""
            yield Duty(action, name[:60] or "a duty without an action", price, credited)

    def _assigner(self, fields: dict[str, list[Node]], name: str) -> Assigner | None:
        """Who offers; several are named together."""
        nodes = list(listed(fields, name))
        self._count(len(nodes))
        found = [_party(each.resolved()) for each in nodes]
        names = ", ".join(dict.fromkeys(one.name for one in found if one.name))[:_MUCH]
        return Assigner(names, found[0].url, found[0].licensing) if names else None

    def _count(self, rules: int) -> None:
        self._left -= rules
        if self._left < 0:
            raise _Unreadable(f"it holds more than {MAX_RULES} rules, targets and parties")


def _action(node: Node) -> str:
    """What an action is called: it may be an object, to hold refinements (ODRL 2.4)."""
    fields = node.fields()
    named = [each for name in ("rdf:value", "@id") for each in fields.get(name, ())]
    return named[0].identifier() if named else node.identifier()


def _purpose(node: Node) -> Purpose | None:
    """What a constraint limits a permission to; ``None`` where that is not understood."""
    fields = node.fields()
    if any(name not in known.IN_A_CONSTRAINT and not is_remark(name) for name in fields):
        return None
    said = []
    for name in ("leftOperand", "operator", "rightOperand"):
        values = [each.names.of(each.identifier()) for each in listed(fields, name)]
        if len(values) != 1:
            return None
        said += values
    return _PURPOSES.get(said[2]) if said[:2] == ["purpose", "eq"] else None


def _price(node: Node) -> str:
    """The amount that a constraint on a payment asks for, with its unit as far as it has one."""
    fields = node.fields()
    left = [node.names.of(each.identifier()) for each in listed(fields, "leftOperand")]
    if left != ["payAmount"]:
        return ""
    amounts = [each.identifier() for each in listed(fields, "rightOperand")]
    units = [re.split(r"[/#:]", each.identifier())[-1] for each in listed(fields, "unit")]
    return " ".join(" ".join((*amounts[:1], *units[:1])).split())


def _party(node: Node) -> Assigner:
    fields = node.fields()

    def first(*names: str) -> str:
        for name in names:
            for each in listed(fields, name):
                text = " ".join(each.identifier().split())
                if text:
                    return text[:_MUCH]
        return ""

    identifier = " ".join(node.identifier().split())[:_MUCH]
    page = first("vcard:hasURL")
    name = first("vcard:fn", "vcard:organization-name", "vcard:nickname")
    web = identifier if identifier.startswith(("http://", "https://")) else ""
    mail = first("vcard:hasEmail")
    return Assigner(name or identifier, web or page or mail, page, mail)
