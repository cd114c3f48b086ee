"""What the licences of a content come to: the table, the alternatives, what is asked."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.model.obligation import ObligationKind, Party
from signals_agent.model.statement import Preference, strictness
from signals_agent.model.use import Use
from signals_agent.robots import match
from signals_agent.rsl.asks import COLLECTIVES, PAYMENTS, Frame, asked
from signals_agent.rsl.coverage import Cover, covers
from signals_agent.rsl.nouns import Content, Copyright, License, Payment, Reporting, Rule
from signals_agent.rsl.terms import TIERS, Recipient, Said, weigh
from signals_agent.rsl.tokens import USAGE
from signals_agent.url import parse

FRAME = Frame("https://site.example/license.xml")
NOBODY = Recipient()
GENERATIVE, OTHER, INPUT, SEARCH, ANALYSIS = Use
D, A, C = Preference.DISALLOW, Preference.ALLOW, Preference.CONDITIONAL


def permits(*tokens: str, about: str = "usage") -> Rule:
    return Rule(True, about, tokens)


def prohibits(*tokens: str, about: str = "usage") -> Rule:
    return Rule(False, about, tokens)


def licence(*rules: Rule, pay: Sequence[str] = (), doubt: bool = False) -> License:
    return License(rules, tuple(Payment(kind) for kind in pay), restricts_only=doubt)


def content(*licences: License) -> Content:
    return Content("/", licences)


def answers(said: Said) -> dict[Use, Preference]:
    return {w.use: w.preference for w in said.words if w.preference is not None}


def dark(said: Said) -> set[Use]:
    return {word.use for word in said.words if word.preference is None}


GOVERNS = {
    "ai-train": {GENERATIVE, OTHER},
    "ai-input": {INPUT},
    "ai-index": {INPUT},
    "search": {SEARCH},
    "ai-all": {GENERATIVE, OTHER, INPUT},
    "all": set(Use),
}


def test_every_word_of_rsl_governs_something() -> None:
    assert set(GOVERNS) == set(USAGE)
    assert {token for tiers in TIERS.values() for tier in tiers for token in tier} == set(USAGE)


@pytest.mark.parametrize("token", USAGE)
def test_a_word_governs_the_uses_that_the_table_gives_it(token: str) -> None:
    refused = answers(weigh(content(licence(prohibits(token))), NOBODY, FRAME))
    assert refused == dict.fromkeys(GOVERNS[token], D)
    allowed = answers(weigh(content(licence(permits(token))), NOBODY, FRAME))
    assert allowed == {use: A if use in GOVERNS[token] else D for use in Use}


@pytest.mark.parametrize(
    ("rule", "recipient", "ours"),
    [
        pytest.param(permits("education", about="user"), Recipient("education"), True, id="named"),
        pytest.param(permits("Education", about="user"), Recipient("education"), True, id="case"),
        pytest.param(permits("personal", about="user"), Recipient("education"), False, id="other"),
        pytest.param(permits("education", about="user"), NOBODY, False, id="we are silent"),
        pytest.param(
            permits("EU", about="user"), Recipient("education", "DE"), False, id="no user"
        ),
        pytest.param(prohibits("education", about="user"), Recipient("education"), False, id="not"),
        pytest.param(
            prohibits("personal", about="user"), Recipient("education"), True, id="not us"
        ),
        pytest.param(prohibits("personal", about="user"), NOBODY, False, id="maybe us"),
        pytest.param(permits("de", about="geo"), Recipient(country="DE"), True, id="country"),
        pytest.param(permits("EU", about="geo"), Recipient(country="DE"), True, id="member"),
        pytest.param(permits("EU", about="geo"), Recipient(country="GB"), False, id="no member"),
        pytest.param(permits("UK", about="geo"), Recipient(country="GB"), True, id="UK is GB"),
        pytest.param(prohibits("EL", about="geo"), Recipient(country="GR"), False, id="EL is GR"),
        pytest.param(prohibits("EU", about="geo"), Recipient(country="FR"), False, id="not there"),
    ],
)
def test_whom_a_licence_is_for(rule: Rule, recipient: Recipient, ours: bool) -> None:
    said = weigh(content(licence(rule, permits("all"))), recipient, FRAME)
    assert answers(said) == dict.fromkeys(Use, A if ours else D)
    assert [one.code for one in said.remarks] == ([] if ours else ["recipient-unmatched"])


def test_a_licence_that_is_not_ours_prohibits_us_nothing() -> None:
    theirs = licence(permits("commercial", about="user"), prohibits("all"))
    said = weigh(content(theirs, licence(permits("all"))), Recipient("education"), FRAME)
    assert answers(said) == dict.fromkeys(Use, A)


@pytest.mark.parametrize(
    ("permitted", "prohibited", "noted"),
    [
        pytest.param("ai-train", "all", True, id="narrow beside broad"),
        pytest.param("ai-train", "ai-all", True, id="narrow beside less broad"),
        pytest.param("ai-train", "ai-train", True, id="the same"),
        pytest.param("ai-all", "ai-train", False, id="broad beside narrow"),
        pytest.param("all", "ai-all", False, id="broadest beside broad"),
    ],
)
def test_what_is_prohibited_is_refused_however_it_is_permitted(
    permitted: str, prohibited: str, noted: bool
) -> None:
    said = weigh(content(licence(permits(permitted), prohibits(prohibited))), NOBODY, FRAME)
    assert answers(said)[GENERATIVE] is D
    assert ("permit-and-prohibit" in {one.code for one in said.remarks}) is noted


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(
    ("least", "more"),
    [("free", "attribution"), ("attribution", "contribution"), ("contribution", "crawl")],
)
def test_the_least_demanding_alternative_counts(least: str, more: str, first: int) -> None:
    both = [licence(permits("all"), pay=[least]), licence(permits("all"), pay=[more])]
    said = weigh(content(*(both[::-1] if first else both)), NOBODY, FRAME)
    for word in said.words:
        assert {term.signal for term in word.terms} == ({f"rsl:{least}"} - {"rsl:free"})
    noted = [one for one in said.remarks if one.code == "alternatives"]
    assert [one.licences for one in noted] == [(0, 1)]
    assert all(use in noted[0].summary for use in Use)


def test_alternatives_that_ask_for_the_same_are_no_choice() -> None:
    said = weigh(content(licence(permits("all")), licence(permits("all"))), NOBODY, FRAME)
    assert said.remarks == ()


def test_a_licence_in_doubt_leaves_what_it_permits_in_the_dark() -> None:
    said = weigh(content(licence(permits("ai-train"), doubt=True)), NOBODY, FRAME)
    assert dark(said) == {GENERATIVE, OTHER}
    assert answers(said) == dict.fromkeys((INPUT, SEARCH, ANALYSIS), D)


RULES = st.builds(
    Rule,
    st.booleans(),
    st.sampled_from(["usage", "usage", "usage", "user", "geo", "time"]),
    st.lists(
        st.sampled_from([*USAGE, "train-ai", "x:y", "education", "EU", "DE", ""]), max_size=3
    ).map(tuple),
)
PAYMENT = st.builds(Payment, st.sampled_from(["free", "attribution", "contribution", "use", "?"]))
LICENCES = st.lists(
    st.builds(
        License,
        st.lists(RULES, max_size=4).map(tuple),
        st.lists(PAYMENT, max_size=2).map(tuple),
        st.lists(st.builds(Reporting, st.just("audit")), max_size=1).map(tuple),
        st.just(()),
        st.booleans(),
        st.integers(0, 99),
    ),
    max_size=4,
)
RECIPIENTS = st.builds(
    Recipient, st.sampled_from(["", "education", "commercial"]), st.sampled_from(["", "DE", "US"])
)


def ranks(said: Said) -> dict[Use, int]:
    return {use: strictness(preference) for use, preference in answers(said).items()}


@given(LICENCES, RECIPIENTS)
def test_the_order_of_licences_and_rules_does_not_matter(
    licences: list[License], recipient: Recipient
) -> None:
    turned = [replace(one, rules=one.rules[::-1]) for one in reversed(licences)]
    one = weigh(content(*licences), recipient, FRAME)
    other = weigh(content(*turned), recipient, FRAME)

    def plain(said: Said) -> set[object]:
        return {(word.use, word.preference, word.terms) for word in said.words}

    assert plain(one) == plain(other)


@given(LICENCES, RECIPIENTS, st.sampled_from(USAGE), st.integers(0, 3))
def test_a_further_prohibition_never_relaxes(
    licences: list[License], recipient: Recipient, token: str, at: int
) -> None:
    if not licences:
        return
    before = weigh(content(*licences), recipient, FRAME)
    at %= len(licences)
    # Only where something of use is said already: a payment alone holds for every use, and
    # beside a prohibition for none.
    if not any(rule.about == "usage" for rule in licences[at].rules):
        return
    licences[at] = replace(licences[at], rules=(*licences[at].rules, prohibits(token)))
    after = weigh(content(*licences), recipient, FRAME)
    for use in Use:
        assert ranks(after).get(use, 0) >= ranks(before).get(use, 0)
        assert use not in dark(before) or use in dark(after) or ranks(after)[use] == strictness(D)


@given(LICENCES, RECIPIENTS)
def test_what_restricts_only_never_permits(licences: list[License], recipient: Recipient) -> None:
    doubtful = [replace(one, restricts_only=True) for one in licences]
    said = weigh(content(*doubtful), recipient, FRAME)
    assert set(answers(said).values()) <= {D}


@given(LICENCES, RECIPIENTS)
def test_each_use_has_one_answer_and_each_answer_its_terms(
    licences: list[License], recipient: Recipient
) -> None:
    said = weigh(content(*licences), recipient, FRAME)
    heard = [word.use for word in said.words if word.preference is not None]
    assert len(heard) == len(set(heard))
    for word in said.words:
        assert bool(word.terms) is (word.preference is C)


@pytest.mark.parametrize("kind", [*PAYMENTS, "barter"])
def test_money_is_a_payment_with_its_price_and_its_terms(kind: str) -> None:
    payment = Payment(
        kind, "https://site.example/terms", "", "0.01", "USD", ("application/x402+json",)
    )
    (term,) = asked(License(payments=(payment,)), content(), FRAME)
    assert term.kind is ObligationKind.PAYMENT
    assert term.signal == f"rsl:{kind}"
    assert term.terms_url == "https://site.example/terms"
    for told in ("0.01 USD", "application/x402+json"):
        assert told in term.text
    assert term.signal_version == "1.0"


@pytest.mark.parametrize("host", [*COLLECTIVES, *("api." + host for host in COLLECTIVES)])
@pytest.mark.parametrize("place", ["standard", "custom", "server"])
def test_a_contribution_that_points_to_a_collective_is_for_it(host: str, place: str) -> None:
    url = f"https://{host}/x"
    at = {"standard": "", "custom": "", "server": "", place: url}
    payment = Payment("contribution", at["standard"], at["custom"])
    term = asked(License(payments=(payment,)), Content("/", server=at["server"]), FRAME)[0]
    assert term.kind is ObligationKind.ECOSYSTEM_CONTRIBUTION
    assert term.beneficiary == Party(host, f"https://{host}", inferred=False)
    assert term.party is None


@pytest.mark.parametrize(
    "url", ["", "https://rslcollective.org.evil.example/", "https://xrslcollective.org/", "urn:x"]
)
def test_a_contribution_that_points_elsewhere_is_for_who_asks(url: str) -> None:
    rights = Copyright("Ada", "person", "ada@site.example")
    (term,) = asked(
        License(payments=(Payment("contribution", url),)), Content("/", copyright=rights), FRAME
    )
    assert term.kind is ObligationKind.DIRECT_CONTRIBUTION
    assert term.party == term.beneficiary == Party("Ada", "mailto:ada@site.example", False)


@pytest.mark.parametrize(
    ("rights", "party"),
    [
        pytest.param(
            Copyright("Ada", url="/me"), Party("Ada", "https://site.example/me", False), id="page"
        ),
        pytest.param(
            Copyright("", email="a@b.example"),
            Party("a@b.example", "mailto:a@b.example", False),
            id="mail",
        ),
        pytest.param(Copyright("Ada", email="a@b c"), Party("Ada", None, False), id="no mail"),
        pytest.param(Copyright(" "), None, id="nobody"),
        pytest.param(Copyright("Ada\x1b[31m"), Party("Ada\\e[31m", None, False), id="controls"),
    ],
)
def test_who_holds_the_rights_is_a_claim(rights: Copyright, party: Party | None) -> None:
    term = asked(licence(pay=["attribution"]), Content("/", copyright=rights), FRAME)[0]
    assert term.party == party


def test_a_document_of_another_host_is_owed_to_who_names_it() -> None:
    site = Party("site.example", "https://site.example")
    frame = Frame("https://rslcollective.org/royalty.xml", declaring=site)
    (term,) = asked(licence(pay=["contribution"]), content(), frame)
    assert term.party == site
    assert term.beneficiary is None


def test_what_is_asked_keeps_what_publishers_write_on_one_line() -> None:
    hostile = "x\x1b[2J\n" * 200
    one = License(
        payments=(Payment(hostile, hostile, hostile, hostile, hostile, (hostile,)),),
        reporting=(Reporting(hostile, hostile, hostile),),
    )
    for term in asked(one, Content("/", server=hostile, encrypted=True, terms=hostile), FRAME):
        assert term.text.isprintable()
        assert term.signal.isprintable()
        assert len(term.text) < 2000


COVERS = [
    ("/", "https://a.example/x", Cover(1, True)),
    ("/x", "https://a.example/x/y", Cover(2, True)),
    ("/x$", "https://a.example/x/y", None),
    ("/*.pdf$", "https://a.example/d/a.pdf", Cover(7, True)),
    ("*.pdf", "https://a.example/d/a.pdf", Cover(5, True)),
    ("/x?id=*", "https://a.example/x?id=7", Cover(7, True)),
    (" /x \n", "https://a.example/x", Cover(2, True)),
    ("/x#part", "https://a.example/x", Cover(2, True)),
    ("/%7Ea", "https://a.example/~a", Cover(3, True)),
    ("https://a.example", "https://a.example/x", Cover(1, True)),
    ("HTTPS://A.EXAMPLE:443/x", "https://a.example/x", Cover(2, True)),
    ("//a.example/x", "https://a.example/x", Cover(2, True)),
    ("https://a.example:8443/", "https://a.example/x", None),
    ("https://b.example/", "https://a.example/x", None),
    ("https://*.a.example/", "https://b.a.example/x", Cover(1, True)),
    ("https://*.a.example/", "https://c.b.a.example/x", Cover(1, True)),
    ("https://*.a.example/", "https://ba.example/x", None),
    ("https://*.a.example/", "http://b.a.example/x", None),
    ("https://*/", "https://a.example/x", Cover(1, False)),
    ("https://a.*/", "https://a.example/x", Cover(1, False)),
    ("https://a.example*", "https://a.example/x", Cover(1, False)),
    ("x", "https://a.example/x", Cover(2, False)),
    ("a.example/x", "https://a.example/x", Cover(2, False)),
    ("a.example:443/x", "https://a.example/x", Cover(2, False)),
    ("b.example/x", "https://a.example/x", None),
    ("urn:isbn:1", "https://a.example/x", None),
    ("https://[", "https://a.example/x", None),
]


@pytest.mark.parametrize(
    ("written", "asset", "cover"), COVERS, ids=[f"{w!r} for {a}" for w, a, _ in COVERS]
)
def test_what_a_content_is_about(written: str, asset: str, cover: Cover | None) -> None:
    url = parse(asset)
    assert covers(written, url, match.target(url.target)) == cover


@given(st.text(min_size=1, max_size=30))
def test_coverage_is_total(written: str) -> None:
    url = parse("https://a.example/x")
    covers(written, url, b"/x")


@given(st.text("ab/*$.?%", max_size=12))
def test_a_path_covers_itself(path: str) -> None:
    url = parse("https://a.example/" + path)
    written = url.target.replace("*", "%2A").replace("$", "%24")
    cover = covers(written, url, match.target(url.target))
    # Two slashes begin a host.
    assert cover is not None or written.startswith("//")
