"""A live server that asks for payment, or challenges, in place of the asset (rules R12, R27)."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from wire import Wire, answer, html, moved, text

import signals_agent as sa
from signals_agent.agent import Agent

ROOT = Path(__file__).parents[2]
SAID = ((b"Content-Usage", b"train-genai=y"), (b"tdm-reservation", b"0"))
PRICE = (b"crawler-price", b"USD 0.25")
LICENCE = (b"WWW-Authenticate", b'Basic realm="a", License error="invalid_token"')
OFFER = json.dumps(
    {
        "x402Version": 1,
        "accepts": [{"maxAmountRequired": "10000", "network": "base", "extra": {"name": "USDC"}}],
    }
).encode()
PAGE = b"<html><head><meta name='content-usage' content='train-genai=n'></head><p>x"
TYPE = (b"Content-Type", b"text/html")
USE = "train-generative"


def terms(status: int, *fields: tuple[bytes, bytes], body: bytes = PAGE) -> bytes:
    return answer(body, *fields, *SAID, status=status)


HELD = {
    "a bare 402": (terms(402, TYPE), "access-terms", 1),
    "a price": (terms(402, TYPE, PRICE), "access-terms", 1),
    "x402": (terms(402, (b"Content-Type", b"application/json"), body=OFFER), "access-terms", 1),
    "a licence": (terms(401, TYPE, LICENCE), "access-terms", 1),
    "a price at 403": (terms(403, TYPE, PRICE), "access-terms", 1),
    "a coding that nobody knows": (
        terms(402, TYPE, PRICE, (b"Content-Encoding", b"zebra")),
        "access-terms",
        1,
    ),
    "a challenge at 200": (terms(200, TYPE, (b"cf-mitigated", b"challenge")), "", 3),
    "a challenge at 200 that would not be decoded": (
        terms(200, TYPE, (b"cf-mitigated", b"challenge"), (b"Content-Encoding", b"zebra")),
        "",
        3,
    ),
    "a challenge at 402": (terms(402, TYPE, PRICE, (b"cf-mitigated", b"challenge")), "", 3),
    "a challenge without content": (
        terms(202, (b"x-amzn-waf-action", b"challenge"), body=b""),
        "",
        3,
    ),
}
SKIPPED = {
    "451 with a price": terms(451, TYPE, PRICE),
    "401 of another scheme": terms(401, TYPE, (b"WWW-Authenticate", b"Basic realm=License")),
    "403": terms(403, TYPE),
}
AGREEMENT = {
    "party": "Press",
    "uses": [USE],
    "answers": ["payment", "permission"],
}


@pytest.mark.parametrize("agreed", [False, True], ids=["", "agreed"])
@pytest.mark.parametrize(("sent", "reason", "code"), HELD.values(), ids=HELD)
async def test_what_stands_in_the_place_of_the_asset_is_held(
    make_agent: Callable[..., Agent], site: Wire, sent: bytes, reason: str, code: int, agreed: bool
) -> None:
    site.on("/robots.txt", text(b""))
    site.on("/page", sent)
    policy = {"agreement": [{**AGREEMENT, "origins": [site.origin]}]} if agreed else {}
    async with make_agent(uses=[USE], policy=sa.Policy.make(policy)) as agent:
        result = await agent.assess(site.url("/page"))
    assert result.verdict is not None
    assert result.verdict.decision == "hold"
    codes = [each.code.value for each in result.verdict.reasons]
    assert codes == ["agreement"] * agreed + [reason or "asset-unreachable"]
    assert {each.family for each in result.declarations} == ({"access"} if reason else set())
    owed = {each.kind.value for each in result.obligations if each.binding}
    assert owed == ({"payment"} if reason else set())
    assert bool(result.verdict.unmet) == (bool(reason) and not agreed)


@pytest.mark.parametrize("sent", SKIPPED.values(), ids=SKIPPED)
async def test_an_answer_that_offers_no_terms_is_no_asset(
    make_agent: Callable[..., Agent], site: Wire, sent: bytes
) -> None:
    site.on("/robots.txt", text(b""))
    site.on("/page", sent)
    async with make_agent(uses=[USE]) as agent:
        result = await agent.assess(site.url("/page"))
    assert result.verdict is not None
    assert result.verdict.decision == "skip"
    assert [each.code.value for each in result.verdict.reasons] == ["no-asset"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        *((sent, code) for sent, _, code in HELD.values()),
        *((sent, 1) for sent in SKIPPED.values()),
    ],
    ids=[*HELD, *SKIPPED],
)
async def test_the_exit_code_says_so(site: Wire, tmp_path: Path, sent: bytes, code: int) -> None:
    site.on("/robots.txt", text(b""))
    site.on("/page", sent)
    options = ["--allow-private", "--token", "ExampleBot", "--max-retry-after", "0"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", "from signals_agent.cli import main; main()", "check", "--use", USE),
        *(*options, site.url("/page")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    out, err = await process.communicate()
    assert process.returncode == code, (out, err)


async def test_a_policy_behind_a_redirect_to_another_host_offers_what_it_says(
    agent: Agent, site: Wire, other: Wire
) -> None:
    policy = {
        "permission": [{"action": "tdm:mine", "duty": "obtainConsent"}],
        "prohibition": None,
    }
    site.on("/robots.txt", text(b""))
    site.on("/page", html(b"<p>", (b"tdm-reservation", b"1"), (b"tdm-policy", b"/p.json")))
    site.on("/p.json", moved(other.url("/elsewhere.json")))
    other.on("/robots.txt", text(b""))
    kind = (b"Content-Type", b"application/json")
    other.on("/elsewhere.json", answer(json.dumps(policy).encode(), kind))
    result = await agent.assess(site.url("/page"))
    assert result.uses[sa.Use(USE)].preference == "conditional"
    (due,) = [each for each in result.obligations if each.binding and each.signal != "tdmrep"]
    assert (due.signal, due.to.url, due.to.inferred) == ("tdmrep:obtainConsent", site.origin, True)
