"""A TDM policy, as nouns and as what it offers."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.odrl.nouns import Action, Purpose
from signals_agent.odrl.offer import Asking, offer
from signals_agent.odrl.read import MAX_OCTETS, MAX_RULES, read
from signals_agent.syntax import lenient_json

AT = "https://site.example/policy.json"
ASKING = Asking("https://site.example/a", "https://site.example/a")
DUTY = {"action": "compensate"}


def policy(**more: Any) -> dict[str, Any]:
    return {"profile": "http://www.w3.org/ns/tdmrep", **more}


def permitting(**more: Any) -> bytes:
    return json.dumps(policy(permission=[{"action": "tdm:mine", **more}])).encode()


def test_a_permission_keeps_its_place_and_its_octets() -> None:
    written = '{"action": "tdm:mine",\n "duty": [{"action": "compensate"}], "label": "Übung"}'
    body = '\ufeff{"permission": [ {"action": "x"}, ' + written + " ]}"
    other, one = read(body.encode()).permissions
    assert (other.pointer, other.mines, other.actions) == ("/permission/0", False, ("x",))
    assert (one.pointer, one.octets) == ("/permission/1", written.encode())
    assert [(duty.action, duty.written) for duty in one.duties] == [
        (Action.COMPENSATE, "compensate")
    ]


@pytest.mark.parametrize(
    "action",
    [
        "tdm:mine",
        "mine",
        "http://www.w3.org/ns/tdmrep#mine",
        "https://www.w3.org/ns/tdmrep/mine",
        "http://www.w3.org/ns.tdmrep#mine",
        {"@id": "tdm:mine"},
        {"rdf:value": {"@id": "tdm:mine"}},
        ["tdm:mine"],
        [{"http://www.w3.org/1999/02/22-rdf-syntax-ns#value": {"@id": "tdm:mine"}}],
    ],
    ids=str,
)
def test_mining_has_many_spellings(action: object) -> None:
    (one,) = read(permitting(action=action)).permissions
    assert one.mines


@pytest.mark.parametrize(
    "action",
    [
        "odrl:mine",
        "Tdm:Mine",
        "tdm:mining",
        "use",
        "http://www.w3.org/ns/tdmrep-2#mine",
        "",
        None,
        1,
        True,
        {},
        [],
        ["tdm:mine", "distribute"],
        [["tdm:mine", "use"]],
    ],
    ids=str,
)
def test_what_is_not_quite_mining_is_not_mining(action: object) -> None:
    (one,) = read(permitting(action=action)).permissions
    assert not one.mines


@pytest.mark.parametrize(
    ("right", "purpose"),
    [
        ("tdm:research", Purpose.RESEARCH),
        ("research", Purpose.RESEARCH),
        ({"@id": "http://www.w3.org/ns/tdmrep#non-research"}, Purpose.NON_RESEARCH),
        (["tdm:commercial"], Purpose.NON_RESEARCH),
        ("science", None),
        (["tdm:research", "tdm:non-research"], None),
        (None, None),
    ],
    ids=str,
)
def test_a_purpose_is_one_of_two_or_not_understood(right: object, purpose: Purpose | None) -> None:
    limit = {"leftOperand": "purpose", "odrl:operator": {"@id": "odrl:eq"}, "rightOperand": right}
    (one,) = read(permitting(constraint=limit)).permissions
    assert one.purposes == ((purpose,) if purpose else ())
    assert one.unknown == (() if purpose else ("constraint",))


@pytest.mark.parametrize(
    "limit",
    [
        "tdm:research",
        {"or": [{"leftOperand": "purpose", "operator": "eq", "rightOperand": "tdm:research"}]},
        {"leftOperand": "dateTime", "operator": "lt", "rightOperand": "2024-01-01"},
        {"leftOperand": "purpose", "rightOperand": "tdm:research"},
        {"leftOperand": "purpose", "operator": "eq", "rightOperand": "tdm:research", "status": 1},
        {"@id": "#nowhere"},
        [[]],
        {},
    ],
    ids=str,
)
def test_a_constraint_of_another_shape_is_not_understood(limit: object) -> None:
    (one,) = read(permitting(constraint=[limit])).permissions
    assert one.purposes == ()
    expected = () if limit == [[]] else ("constraint",)
    assert one.unknown == expected


@pytest.mark.parametrize("name", ["constraints", "odrl:constraint", "constraint"])
@pytest.mark.parametrize("where", ["policy", "permission", "action"])
def test_a_limit_counts_wherever_and_however_it_is_named(name: str, where: str) -> None:
    limit = {"leftOperand": "dateTime", "operator": "lt", "rightOperand": "2024-01-01"}
    one: dict[str, Any] = {"action": "tdm:mine", "duty": DUTY}
    whole = policy(permission=[one])
    if where == "policy":
        whole[name] = limit
    elif where == "permission":
        one[name] = limit
    else:
        one["action"] = {"rdf:value": "tdm:mine", "refinement": limit}
    made = offer(read(json.dumps(whole).encode()), AT, ASKING)
    assert made.terms == ()
    assert [each.code for each in made.findings] == ["policy-unknown-constraint"]


@pytest.mark.parametrize(
    ("duty", "price"),
    [
        ({"leftOperand": "payAmount", "rightOperand": 5, "unit": "EUR"}, "5 EUR"),
        (
            {
                "leftOperand": {"@id": "odrl:payAmount"},
                "rightOperand": {"@value": "5.00"},
                "unit": {"@id": "http://cvx.iptc.org/iso4217a/EUR"},
            },
            "5.00 EUR",
        ),
        ({"leftOperand": "payAmount", "rightOperand": "5"}, "5"),
        ({"leftOperand": "dateTime", "rightOperand": "5"}, ""),
    ],
    ids=["number", "objects", "without a unit", "no price"],
)
def test_a_price_is_read_as_it_is_written(duty: dict[str, Any], price: str) -> None:
    (one,) = read(permitting(duty={**DUTY, "constraint": [duty]})).permissions
    assert [each.price for each in one.duties] == [price]
    (term,) = offer(read(permitting(duty={**DUTY, "constraint": [duty]})), AT, ASKING).terms
    assert (f" {price}." in term.text) == bool(price)


def test_two_prices_are_one_payment() -> None:
    duties = [
        {**DUTY, "constraint": {"leftOperand": "payAmount", "rightOperand": price, "unit": "EUR"}}
        for price in (5, 6)
    ]
    (term,) = offer(read(permitting(duty=duties)), AT, ASKING).terms
    assert term.text.endswith("The policy asks for 5 EUR, 6 EUR.")


@pytest.mark.parametrize(
    ("assigner", "name", "url"),
    [
        ("https://p.example/x", "p.example", "https://p.example/x"),
        ({"@id": "https://p.example/"}, "p.example", "https://p.example/"),
        ({"uid": "https://p.example", "vcard:fn": "P"}, "P", "https://p.example/"),
        ({"fn": "P", "hasURL": {"@id": "/tdm"}}, "P", "https://site.example/tdm"),
        (
            {"vcard:nickname": "P", "vcard:hasEmail": "mailto:a@p.example"},
            "P",
            "mailto:a@p.example",
        ),
        ({"uid": "urn:isni:1", "vcard:hasTelephone": "tel:+1"}, "urn:isni:1", None),
        ({"vcard:fn": " P \n & Co\t"}, "P & Co", None),
        (
            {"uid": "https://p.example", "vcard:fn": "javascript:x"},
            "javascript:x",
            "https://p.example/",
        ),
        ({"fn": "P", "hasURL": "javascript:alert(1)"}, "P", None),
    ],
    ids=str,
)
def test_the_assigner_is_the_declaring_party(assigner: object, name: str, url: str | None) -> None:
    body = json.dumps(policy(assigner=assigner, permission={"action": "mine", "duty": DUTY}))
    (term,) = offer(read(body.encode()), AT, ASKING).terms
    assert term.party is not None
    assert (term.party.name, term.party.url, term.party.inferred) == (name, url, False)


@pytest.mark.parametrize("assigner", [None, {}, [], "", {"vcard:hasTelephone": "tel:+1"}], ids=str)
def test_without_a_name_the_declaring_party_is_inferred(assigner: object) -> None:
    body = json.dumps(policy(assigner=assigner, permission={"action": "mine", "duty": DUTY}))
    (term,) = offer(read(body.encode()), "https://lawyers.example/p", ASKING).terms
    assert term.party is not None
    assert (term.party.name, term.party.inferred) == ("site.example", True)


def test_terms_are_found_where_licences_are_to_be_had() -> None:
    page = {"uid": "https://p.example", "vcard:hasURL": "https://p.example/licensing"}
    for assigner, expected in ((page, "https://p.example/licensing"), ("https://p.example", AT)):
        body = json.dumps(policy(assigner=assigner, permission={"action": "mine", "duty": DUTY}))
        (term,) = offer(read(body.encode()), AT, ASKING).terms
        assert term.terms_url == expected
        assert term.binding


@pytest.mark.parametrize(
    ("target", "asset", "covered"),
    [
        ("https://site.example", "/a/b", True),
        ("https://SITE.example:443/a", "/a", True),
        ("https://site.example/a", "/a/b", True),
        ("https://site.example/a", "/a?x=1", True),
        ("https://site.example/a?x=1", "/a?x=1&y=2", True),
        ("https://site.example/a?x=1", "/a?x=12", False),
        ("https://site.example/a", "/ab", False),
        ("https://site.example/A", "/a", False),
        ("https://site.example/%61/", "/a/b", True),
        ("http://site.example/", "/a", False),
        ("https://sub.site.example/", "/a", False),
        ("https://site.example/*.pdf$", "/x/y.pdf", True),
        ("https://site.example/*.pdf$", "/x/y.pdfx", False),
        ("/a/", "/a/b", True),
        ("", "/a", False),
        ("urn:x:y", "/a", False),
        ("#all", "/a", False),
        ({"@id": "https://site.example/a"}, "/a", True),
        ({"@type": "AssetCollection", "source": "https://site.example/"}, "/a", False),
    ],
    ids=str,
)
def test_a_target_covers_what_stands_below_it(target: object, asset: str, covered: bool) -> None:
    read_as = read(permitting(duty=DUTY, target=target))
    made = offer(read_as, AT, Asking("https://site.example" + asset, ASKING.named_in))
    assert bool(made.terms) == covered


@pytest.mark.parametrize("key", ["prohibition", "odrl:prohibition", "prohibitions"])
@pytest.mark.parametrize("value", [{"action": "distribute"}, [{}], "x"], ids=str)
def test_any_prohibition_leaves_the_reservation(key: str, value: object) -> None:
    body = json.dumps(policy(permission=[{"action": "mine", "duty": DUTY}], **{key: value}))
    made = offer(read(body.encode()), AT, ASKING)
    assert (made.terms, [each.code for each in made.findings]) == ((), ["policy-prohibits"])


@pytest.mark.parametrize("kind", ["Agreement", "Request", "Ticket", "odrl:Assertion", "", {}, 1])
def test_what_is_no_offer_is_refused(kind: object) -> None:
    whole = policy(permission=[{"action": "mine", "duty": DUTY}]) | {"@type": kind}
    assert read(json.dumps(whole).encode()).failure


@pytest.mark.parametrize("kind", ["Offer", "Set", "Policy", "odrl:Offer", ["Offer", "Policy"], []])
def test_what_may_be_an_offer_is_read(kind: object) -> None:
    whole = policy(permission=[{"action": "mine", "duty": DUTY}]) | {"@type": kind}
    assert read(json.dumps(whole).encode()).failure == ""


@pytest.mark.parametrize(
    ("body", "page", "failure"),
    [
        (b"<!doctype html>", True, "it is markup"),
        (b"\xef\xbb\xbf \n<html>", True, "it is markup"),
        (b"<rdf:RDF/>", False, "it is markup"),
        (b"hello", False, "it is no JSON"),
        (b"", False, "it is no JSON"),
        (b"{}{}", False, "it is no JSON"),
        (b"[]", False, "it is JSON, but no policy of ODRL"),
        (b"null", False, "it is JSON, but no policy of ODRL"),
        (b'{"permission": [], "permission": []}', False, "it gives its permissions twice"),
    ],
    ids=repr,
)
def test_what_cannot_be_read_says_why(body: bytes, page: bool, failure: str) -> None:
    found = read(body)
    assert (found.page, found.failure, found.permissions) == (page, failure, ())


def test_only_a_slip_is_called_one() -> None:
    assert not read(permitting(duty=DUTY)).salvaged
    for slip in (
        b'{"permission": [{}],}',
        b'/* */ {"permission": [{}]}',
        b'{"a": 1 "permission": []}',
    ):
        assert read(slip).salvaged
        assert not read(slip).failure


CAPPED = {
    "octets": permitting(duty=DUTY) + b" " * MAX_OCTETS,
    "depth": b'{"permission":' + b"[" * 100_000,
    "permissions": json.dumps({"permission": [{"action": "mine"}] * 5000}).encode(),
    "duties": permitting(duty=[DUTY] * (MAX_RULES + 1)),
    "common duties": json.dumps({"permission": [], "duty": [DUTY] * 5000}).encode(),
    "constraints": permitting(constraint=[{}] * (MAX_RULES + 1)),
    "prices": permitting(duty={**DUTY, "constraint": [{}] * (MAX_RULES + 1)}),
    "targets": permitting(target=["/a"] * (MAX_RULES + 1)),
    "assigners": json.dumps({"permission": [], "assigner": ["x"] * 9000}).encode(),
    "a permission's octets": permitting(label="x" * 9000),
}


@pytest.mark.parametrize("name", CAPPED)
def test_over_a_cap_nothing_is_read(name: str) -> None:
    found = read(CAPPED[name])
    assert found.failure
    assert found.permissions == ()


def test_a_reference_to_something_long_is_not_followed() -> None:
    long = {"@id": "#d", "action": "compensate", "note": "x" * 9000}
    graph = [policy(permission={"action": "mine", "duty": {"@id": "#d"}}), long]
    (one,) = read(json.dumps({"@graph": graph}).encode()).permissions
    assert [duty.action for duty in one.duties] == [None]


HOSTILE = {
    "members": b'{"permission":[],' + b'"a":1,' * 40_000 + b'"b":1}',
    "targets": json.dumps(policy(target=["/x"] * 49, permission=[{"action": "mine"}] * 50)),
    "references": json.dumps(
        {
            "@graph": [
                {"@id": "#d", "action": "attribute", **{f"_{i}": 1 for i in range(700)}},
                policy(permission=[{"action": "mine", "duty": ["#d"] * 90}]),
                *({"@id": f"#{i}"} for i in range(9000)),
            ]
        }
    ),
    "context": json.dumps(
        policy(permission=[]) | {"@context": [{f"a{i}": f"a{i + 1}:"} for i in range(7000)]}
    ),
    "contexts in a graph": json.dumps(
        {
            "@context": {f"a{i}": "b:" for i in range(8000)},
            "@graph": [{"@context": {}, "permission": []}] * 3000,
        }
    ),
    "policies of one name": json.dumps(
        [{"@id": "#o", "permission": [], **{f"a{i}": 1 for i in range(7000)}}]
        + [{"@id": "#o", "permission": []}] * 3000
    ),
    "strings": '{"permission":[{"action":"' + "\\u0020" * 40_000 + '"}]}',
    "commas": '{"permission":[' + "1 " * 100_000,
    "comments": "/*" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_takes_long(name: str) -> None:
    body = HOSTILE[name]
    octets = body if isinstance(body, bytes) else body.encode()
    assert len(octets) <= MAX_OCTETS
    before = time.process_time()
    offer(read.__wrapped__(octets, b""), AT, ASKING)
    assert time.process_time() - before < 3


TERMS = st.sampled_from(
    [
        "tdm:mine",
        "mine",
        "use",
        "compensate",
        "obtainConsent",
        "attribute",
        "purpose",
        "eq",
        "tdm:research",
        "Offer",
        "http://www.w3.org/ns/tdmrep",
        "https://site.example/",
        "#a",
        "",
    ]
)
KEYS = st.sampled_from(
    [
        "permission",
        "prohibition",
        "obligation",
        "duty",
        "constraint",
        "action",
        "target",
        "assigner",
        "assignee",
        "profile",
        "@type",
        "@id",
        "uid",
        "@graph",
        "@context",
        "refinement",
        "leftOperand",
        "operator",
        "rightOperand",
        "unit",
        "rdf:value",
        "fn",
        "attributedParty",
        "x",
    ]
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | TERMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


@given(TREES, st.integers(0, 40))
def test_nothing_that_is_sent_raises(tree: object, cut: int) -> None:
    text = json.dumps(tree)
    for body in (text.encode(), text[:cut].encode(), text.replace(",", "").encode("utf-16")):
        made = offer(read(body), AT, ASKING)
        assert bool(made.terms) == (made.permission is not None)
        assert made.terms or made.findings


@given(TREES)
def test_a_prohibition_or_an_unknown_duty_is_never_lost(tree: object) -> None:
    """Whatever else a policy holds, what forbids or is not known stands against its offer."""
    base = policy(permission=[{"action": "mine", "duty": DUTY, "target": "https://site.example/"}])
    assert offer(read(json.dumps(base).encode()), AT, ASKING).terms
    for more in ({"prohibition": {"action": tree}}, {"duty": [{"action": "x"}, tree]}):
        assert offer(read(json.dumps(base | more).encode()), AT, ASKING).terms == ()


@given(st.lists(st.sampled_from(["{", "}", "[", "]", '"a"', ":", "1", " ", ","]), max_size=14))
def test_without_commas_more_is_read_and_nothing_else_changes(pieces: list[str]) -> None:
    text = "".join(pieces)
    strict, free = lenient_json.read(text), lenient_json.read(text, commas=False)
    if strict.broken is None:
        assert repr(free) == repr(strict)


EXPIRED = {"leftOperand": "dateTime", "operator": "lt", "rightOperand": "2020-01-01"}
MINE = {"action": "tdm:mine", "duty": [DUTY]}


@pytest.mark.parametrize(
    "more",
    [
        {"validUntil": "2020-01-01"},
        {"refinement": [EXPIRED]},
        {"remedy": [DUTY]},
        {"Prohibition": [{"action": "tdm:mine"}]},
        {"verbietet": "tdm:mine"},
        {"@nest": {"prohibition": [{"action": "tdm:mine"}]}},
        {"@included": [{"prohibition": [{"action": "tdm:mine"}]}]},
        {"targets": ["https://other.example/"]},
        {"assignees": ["https://other.example/"]},
        {"http://www.w3.org/ns/odrl/prohibition": [{"action": "tdm:mine"}]},
        {"dct:valid": "2020"},
    ],
    ids=str,
)
def test_what_stands_beside_the_permissions_and_is_not_known_limits_them(more: Any) -> None:
    body = json.dumps(policy(permission=[MINE], **more)).encode()
    assert offer(read(body), AT, ASKING).terms == ()


@pytest.mark.parametrize(
    "more",
    [
        {"assignee": None, "prohibition": [], "validUntil": None},
        {"dct:issued": "2024-01-01", "version": "1.1", "language": "fr"},
        {"conflict": "prohibit", "vcard:hasURL": "https://site.example/contact"},
    ],
    ids=str,
)
def test_what_says_nothing_of_limits_limits_nothing(more: Any) -> None:
    body = json.dumps(policy(permission=[MINE], **more)).encode()
    assert offer(read(body), AT, ASKING).terms


def test_a_permission_is_not_limited_by_null() -> None:
    assert offer(read(permitting(duty=[DUTY], assignee=None)), AT, ASKING).terms


@pytest.mark.parametrize(
    "more",
    [
        {"action": {"@id": "tdm:mine", "constraint": [EXPIRED]}},
        {"action": {"@id": "tdm:mine", "refinements": [EXPIRED]}},
        {"action": {"@id": "tdm:mine", "output": "x"}},
        {"target": {"@id": "https://site.example/", "refinement": [EXPIRED]}},
        {"target": {"@type": "AssetCollection", "source": "https://other.example/"}},
        {"target": {}},
        {"target": ""},
        {"target": False},
        {"schema:validThrough": "2020"},
        {"duty": [{**DUTY, "consequence": [{"action": "delete"}]}]},
        {"duty": [{**DUTY, "duty": [{"action": "delete"}]}]},
        {"duty": [{"action": {"rdf:value": "attribute", "output": "x"}}]},
    ],
    ids=str,
)
def test_what_limits_a_permission_further_within_is_never_lost(more: Any) -> None:
    body = permitting(**{"duty": [DUTY], **more})
    # Named in a folder, where a target that is empty would be the folder itself.
    assert offer(read(body), "https://site.example/", ASKING).terms == ()


def test_an_action_that_is_named_twice_is_not_understood() -> None:
    body = b'{"permission":[{"action":{"@id":"tdm:mine","@id":"print"},"duty":["compensate"]}]}'
    assert offer(read(body), AT, ASKING).terms == ()
    assert offer(read(body.replace(b',"@id":"print"', b"")), AT, ASKING).terms


@pytest.mark.parametrize(
    "graph",
    [
        [{"@type": "Offer", "permission": ["#p"]}, {"@id": "#p", **MINE}, {"@id": "#p", "x": 1}],
        [{"@type": "Offer", "permission": [{"@id": "#p", **MINE}]}, {"@id": "#p", "assignee": 1}],
        [{"@id": "#o", "permission": [MINE]}, {"@id": "#o", "assignee": "x"}],
        [{"@id": "#o", "permission": [MINE]}, {"@id": "urn:x", "hasPolicy": "#o"}],
        [{"@type": "Offer", "permission": [MINE]}, {"@type": "Prohibition", "action": "use"}],
        [{"@type": "Offer", "permission": [MINE]}, {"@graph": [{"prohibition": [MINE]}]}],
        [{"@type": "Offer", "permission": [MINE]}, [{"prohibition": [MINE]}]],
        [
            {
                "permission": [
                    {**MINE, "target": "https://site.example/"},
                ]
            },
            {"@id": "https://site.example/", "@type": "AssetCollection", "refinement": [EXPIRED]},
        ],
    ],
    ids=str,
)
def test_what_a_graph_says_elsewhere_is_never_lost(graph: list[Any]) -> None:
    assert offer(read(json.dumps({"@graph": graph}).encode()), AT, ASKING).terms == ()


def test_lists_inside_a_list_are_not_passed_over() -> None:
    body = json.dumps([policy(permission=[MINE]), [policy(prohibition=[MINE])]]).encode()
    assert offer(read(body), AT, ASKING).terms == ()


def test_a_policy_may_be_named_like_the_site_that_it_is_for() -> None:
    body = json.dumps(
        policy(uid="https://site.example/", target="https://site.example/", permission=[MINE])
    ).encode()
    assert offer(read(body), AT, ASKING).terms


@pytest.mark.parametrize(
    "whole",
    [
        {"@id": "#o", "@graph": [{"@id": "#o", "permission": [MINE]}]},
        {"@graph": [{"@id": "#o", "permission": ["#p"]}, {"@id": "#p"}, {"@id": "#p", **MINE}]},
        [{"@id": "#o", "permission": [MINE]}, {"@id": "#o", "permission": [MINE]}],
    ],
    ids=["a graph and its policy", "a mere mention", "two policies"],
)
def test_one_name_in_two_places_is_no_harm_where_nothing_is_lost(whole: Any) -> None:
    assert offer(read(json.dumps(whole).encode()), AT, ASKING).terms


@pytest.mark.parametrize("nothing", [None, [], [None]], ids=str)
def test_what_is_null_in_a_permission_leaves_what_stands_beside_it(nothing: object) -> None:
    one = {**MINE, "target": nothing, "assigner": nothing, "action": nothing}
    beside = {"action": "tdm:mine", "assigner": {"fn": "Press"}}
    there = policy(permission=[one], target="https://site.example/", **beside)
    elsewhere = policy(permission=[one], target="https://other.example/", **beside)
    (term,) = offer(read(json.dumps(there).encode()), AT, ASKING).terms
    assert term.party is not None
    assert term.party.name == "Press"
    assert offer(read(json.dumps(elsewhere).encode()), AT, ASKING).terms == ()
