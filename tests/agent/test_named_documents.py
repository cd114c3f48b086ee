"""Documents that declarations name are looked for too, as far as robots.txt lets us (R15a, R18)."""

from collections.abc import Callable

import pytest
from wire import Do, Wire, answer, endless, html, moved, text

import signals_agent as sa
from signals_agent.agent import Agent
from signals_agent.limits import Limits

RSL = (b"Content-Type", b"application/rsl+xml")


def licence(inner: str, **attributes: str) -> bytes:
    told = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<rsl xmlns="https://rslstandard.org/rsl"{told}>{inner}</rsl>'.encode()


FREE = '<content url="/"><license><permits type="usage">all</permits></license></content>'
CREDIT = (
    '<content url="/"><license><permits type="usage">all</permits>'
    '<payment type="attribution"/></license></content>'
)
REFUSED = '<content url="/"><license><prohibits type="usage">all</prohibits></license></content>'


def naming(wire: Wire, path: str = "/license.xml") -> bytes:
    return f"License: {wire.url(path)}\nUser-agent: *\nAllow: /\n".encode()


def preference(result: sa.Assessment, use: str = "train-generative") -> str:
    return result.uses[sa.Use(use)].preference.value


def decision(result: sa.Assessment, use: str = "train-generative") -> str:
    return result.uses[sa.Use(use)].decision.value


def ended(result: sa.Assessment, url: str) -> str:
    return next(each.availability.value for each in result.coverage if each.source == url)


async def test_a_licence_named_in_robots_txt_is_asked_for_before_the_page(
    agent: Agent, site: Wire
) -> None:
    site.on("/robots.txt", text(naming(site)))
    site.on("/license.xml", answer(licence(CREDIT), RSL))
    site.on("/page", html(b"<p>"))
    result = await agent.assess(site.url("/page"))
    assert site.asked == ["/robots.txt", "/.well-known/tdmrep.json", "/license.xml", "/page"]
    assert preference(result) == "conditional"
    assert [each.kind.value for each in result.obligations if each.binding] == ["credit"]
    assert ended(result, site.url("/license.xml")) == "present"
    roles = {capture.url: capture.role.value for capture in result.captures}
    assert roles[site.url("/license.xml")] == "licence-document"


async def test_what_the_licence_refuses_is_not_fetched(agent: Agent, site: Wire) -> None:
    site.on("/robots.txt", text(naming(site)))
    site.on("/license.xml", answer(licence(REFUSED), RSL))
    site.on("/page", html(b"<p>"))
    result = await agent.assess(site.url("/page"))
    assert "/page" not in site.asked
    assert decision(result) == "skip"
    permit = await agent.permit(site.url("/page"))
    assert permit.answer.value == "skip"


async def test_a_licence_is_asked_for_once_for_all_pages(agent: Agent, site: Wire) -> None:
    site.on("/robots.txt", text(naming(site)))
    site.on("/license.xml", answer(licence(FREE), RSL))
    for path in ("/a", "/b", "/c"):
        site.on(path, html(b"<p>"))
        assert preference(await agent.assess(site.url(path))) == "allow"
    assert site.asked.count("/license.xml") == 1


async def test_different_paths_get_the_terms_of_their_own(agent: Agent, site: Wire) -> None:
    inner = FREE + REFUSED.replace('url="/"', 'url="/private/"')
    site.on("/robots.txt", text(naming(site)))
    site.on("/license.xml", answer(licence(inner), RSL))
    for path in ("/a", "/private/b", "/c"):
        site.on(path, html(b"<p>"))
    found = [preference(await agent.assess(site.url(path))) for path in ("/a", "/private/b", "/c")]
    assert found == ["allow", "disallow", "allow"]


async def test_a_licence_that_a_page_links_is_asked_for_after_it(agent: Agent, site: Wire) -> None:
    link = f'<{site.url("/own.xml")}>; rel="license"; type="application/rsl+xml"'.encode()
    site.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))
    site.on("/own.xml", answer(licence(CREDIT), RSL))
    site.on("/page", html(b"<p>", (b"Link", link)))
    result = await agent.assess(site.url("/page"))
    assert site.asked[-2:] == ["/page", "/own.xml"]
    assert preference(result) == "conditional"


async def test_robots_txt_of_the_document_s_own_origin_is_asked_first(
    agent: Agent, site: Wire, other: Wire
) -> None:
    site.on("/robots.txt", text(naming(other)))
    site.on("/page", html(b"<p>"))
    other.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))
    other.on("/license.xml", answer(licence(FREE), RSL))
    result = await agent.assess(site.url("/page"))
    assert other.asked == ["/robots.txt", "/license.xml"]
    assert preference(result) == "allow"


@pytest.mark.parametrize(
    "robots",
    [
        pytest.param(text(b"User-agent: *\nDisallow: /\n"), id="refused"),
        pytest.param(answer(status=503), id="unreachable"),
    ],
)
async def test_a_document_that_may_not_be_asked_for_leaves_it_undetermined(
    agent: Agent, site: Wire, other: Wire, robots: bytes
) -> None:
    site.on("/robots.txt", text(naming(other)))
    site.on("/page", html(b"<p>"))
    other.on("/robots.txt", robots)
    other.on("/license.xml", answer(licence(FREE), RSL))
    result = await agent.assess(site.url("/page"))
    assert "/license.xml" not in other.asked
    assert preference(result) == "undetermined"
    assert decision(result) == "hold"
    assert ended(result, other.url("/license.xml")) == "not-looked"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((answer(status=404),), "disallow", id="404"),
        pytest.param((answer(status=401),), "disallow", id="401"),
        pytest.param((answer(status=402),), "disallow", id="402"),
        pytest.param((html(b"<html><p>home</html>"),), "disallow", id="a page in its place"),
        pytest.param((answer(b"", RSL),), "disallow", id="nothing in it"),
        pytest.param((answer(status=503),), "undetermined", id="503"),
        pytest.param((answer(status=429),), "undetermined", id="429"),
        pytest.param((Do.RESET,), "undetermined", id="reset"),
        pytest.param(
            (answer(b"x", (b"cf-mitigated", b"challenge"), status=403),),
            "undetermined",
            id="a challenge",
        ),
        pytest.param(
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/rsl+xml\r\n\r\n",
                b'<rsl xmlns="https://rslstandard.org/rsl">' + FREE.encode(),
                endless(b"<!-- -->" * 1000),
            ),
            "disallow",
            id="without end",
        ),
    ],
)
async def test_a_licence_that_cannot_be_had_licenses_nothing(
    make_agent: Callable[..., Agent],
    site: Wire,
    steps: tuple[bytes, ...],
    expected: str,
) -> None:
    site.on("/robots.txt", text(naming(site)))
    site.on("/license.xml", *steps)
    site.on("/page", html(b"<p>"))
    async with make_agent(limits=Limits(max_retry_after=0.0)) as agent:
        result = await agent.assess(site.url("/page"))
    assert preference(result) == expected
    assert decision(result) == ("skip" if expected == "disallow" else "hold")


async def test_redirects_of_a_document_are_followed_where_robots_txt_lets_us(
    agent: Agent, site: Wire, other: Wire
) -> None:
    site.on("/robots.txt", text(naming(site)))
    site.on("/license.xml", moved(other.url("/moved.xml")))
    site.on("/page", html(b"<p>"))
    other.on("/robots.txt", text(b"User-agent: *\nDisallow: /refused.xml\n"))
    other.on("/moved.xml", moved("/refused.xml"))
    result = await agent.assess(site.url("/page"))
    assert "/refused.xml" not in other.asked
    assert preference(result) == "undetermined"


async def test_a_tdm_policy_is_asked_for_and_one_that_is_gone_leaves_the_reservation(
    agent: Agent, site: Wire
) -> None:
    policy = b"""{"@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Offer",
        "profile": "http://www.w3.org/ns/tdmrep", "uid": "https://x.example/p",
        "assigner": {"vcard:fn": "X Press"},
        "permission": [{"action": "tdm:mine", "duty": [{"action": "compensate"}]}]}"""
    site.on("/robots.txt", text(b""))
    site.on("/policy.json", answer(policy, (b"Content-Type", b"application/ld+json")))
    reserved = (b"tdm-reservation", b"1")
    for path in ("/policy.json", "/gone.json"):
        named = (b"tdm-policy", site.url(path).encode())
        site.on(f"/page{path}", html(b"<p>", reserved, named))
    paid = await agent.assess(site.url("/page/policy.json"))
    assert preference(paid) == "conditional"
    assert [(due.kind.value, due.to.name) for due in paid.obligations if due.binding] == [
        ("payment", "X Press")
    ]
    gone = await agent.assess(site.url("/page/gone.json"))
    assert preference(gone) == "disallow"
    assert ended(gone, site.url("/gone.json")) == "absent"


@pytest.mark.parametrize("uses", [["train-generative"], ["train-generative", "search"], None])
async def test_a_policy_is_looked_at_before_a_reservation_skips_the_page(
    make_agent: Callable[..., Agent], site: Wire, uses: list[str] | None
) -> None:
    site.on("/robots.txt", text(b""))
    site.on(
        "/.well-known/tdmrep.json",
        answer(b'[{"location": "/", "tdm-reservation": 1, "tdm-policy": "/policy.json"}]'),
    )
    site.on(
        "/policy.json",
        answer(b"""{"@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Offer",
        "profile": "http://www.w3.org/ns/tdmrep", "assigner": {"vcard:fn": "X Press"},
        "permission": [{"action": "tdm:mine", "duty": [{"action": "obtainConsent"}]}]}"""),
    )
    site.on("/page", html(b"<p>"))
    async with make_agent(uses=uses) as agent:
        result = await agent.assess(site.url("/page"))
        permit = await agent.permit(site.url("/page"))
    assert preference(result) == "conditional"
    assert decision(result) == "hold"
    assert permit.answer.value == "fetch"
    assert site.asked.count("/policy.json") == 1


async def test_nothing_is_looked_for_where_robots_txt_refuses(agent: Agent, site: Wire) -> None:
    site.on("/robots.txt", text(naming(site) + b"Disallow: /page\n"))
    result = await agent.assess(site.url("/page"))
    assert site.asked == ["/robots.txt"]
    assert decision(result) == "skip"


async def test_the_same_documents_in_hand_give_the_same_answer(agent: Agent, site: Wire) -> None:
    site.on("/robots.txt", text(naming(site)))
    site.on("/license.xml", answer(licence(CREDIT, max_age="3"), RSL))
    site.on("/page", html(b"<p>"))
    known = await agent.look(site.url("/page"))
    live = await agent.assess(site.url("/page"))
    assert known.asset is not None
    offline = sa.assess(
        known.asset,
        robots=known.robots,
        site_files=known.site_files,
        documents=known.documents,
        token="ExampleBot",
        now=live.checked_at,
    )
    volatile = {"checked_at": True, "valid_until": True, "captures": {"__all__": {"fetched_at"}}}
    told, heard = (each.model_dump(mode="json", exclude=volatile) for each in (live, offline))
    assert heard == told


async def test_many_documents_are_looked_at_up_to_a_cap(agent: Agent, site: Wire) -> None:
    lines = "".join(f"License: {site.url(f'/{number}.xml')}\n" for number in range(40))
    site.on("/robots.txt", text(f"{lines}User-agent: *\nAllow: /\n".encode()))
    for number in range(40):
        site.on(f"/{number}.xml", answer(licence(FREE), RSL))
    site.on("/page", html(b"<p>"))
    result = await agent.assess(site.url("/page"))
    assert sum(path.endswith(".xml") for path in site.asked) == 16
    assert preference(result) == "undetermined"
    assert "documents-over-cap" in {note.code for note in result.notes}
