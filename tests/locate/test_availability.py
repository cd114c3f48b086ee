"""How looking at a source ended (rules R12 and R15)."""

import pytest

import signals_agent as sa
from signals_agent import availability, challenge_marks
from signals_agent.model.capture import Availability, Capture, Role

URL = "https://site.example/x"


def ended(role: Role, status: int | None, headers=(), body: bytes | None = b"x", **given) -> str:
    kind = given.pop("kind", "")
    capture = Capture(URL, status, headers, body, **given)
    return str(availability.classify(role, capture, kind=kind)[0])


BY_STATUS = {
    #      asset, robots.txt, site file, licence document
    200: ("present", "present", "present", "present"),
    203: ("present", "present", "present", "present"),
    204: ("absent", "present", "present", "present"),
    205: ("absent", "present", "present", "present"),
    206: ("present", "unreadable", "unreadable", "unreadable"),
    301: ("not-looked", "unreachable", "unavailable", "unreachable"),
    304: ("not-looked", "unreachable", "unavailable", "unreachable"),
    400: ("unavailable",) * 4,
    401: ("unavailable",) * 4,
    402: ("unavailable",) * 4,
    403: ("unavailable",) * 4,
    404: ("absent",) * 4,
    410: ("absent",) * 4,
    429: ("unreachable",) * 4,
    451: ("unavailable",) * 4,
    500: ("unreachable",) * 4,
    503: ("unreachable",) * 4,
    599: ("unreachable",) * 4,
    100: ("unreachable",) * 4,
    0: ("unreachable",) * 4,
    999: ("unreachable",) * 4,
}
ROLES = (Role.ASSET, Role.ROBOTS, Role.SITE_FILE, Role.LICENCE_DOCUMENT)


@pytest.mark.parametrize(("status", "expected"), BY_STATUS.items(), ids=map(str, BY_STATUS))
def test_by_status(status: int, expected: tuple[str, ...]) -> None:
    assert tuple(ended(role, status) for role in ROLES) == expected
    assert ended(Role.POLICY_DOCUMENT, status) == expected[3]


@pytest.mark.parametrize("role", Role)
def test_what_the_fetcher_says_is_believed(role: Role) -> None:
    for each in Availability:
        assert ended(role, 200, availability=each) == each
        assert ended(role, None, body=b"", availability=each) == each


CHALLENGES = {
    "Cloudflare": (200, [("CF-Mitigated", " Challenge ")]),
    "Cloudflare at 403": (403, [("cf-mitigated", "challenge")]),
    "AWS challenge": (202, [("x-amzn-waf-action", "challenge")]),
    "AWS captcha": (405, [("x-amzn-waf-action", "captcha")]),
    "Vercel": (429, [("x-vercel-mitigated", "challenge")]),
    "SiteGround": (202, [("SG-Captcha", "challenge")]),
    "DataDome's interstitial": (403, [("x-datadome", "protected"), ("X-DD-B", "1")]),
    "DataDome's captcha": (401, [("x-dd-b", "2")]),
    "Sucuri": (403, [("X-Sucuri-Block", "EVA079")]),
    "Anubis": (200, [("Set-Cookie", "techaro.lol-anubis-cookie-verification=0198f074; Path=/")]),
    "Anubis since 1.27": (
        503,
        [("Set-Cookie", "techaro.lol-anubis-cookie-verification-1a2b3c4d=0198f074; Path=/")],
    ),
    "a signature is asked for": (403, [("Accept-Signature", 'sig1=("@authority")')]),
    "without a status": (None, [("cf-mitigated", "challenge")]),
    "in the second line": (200, [("cf-mitigated", ""), ("cf-mitigated", "challenge")]),
}


@pytest.mark.parametrize(("status", "headers"), CHALLENGES.values(), ids=CHALLENGES)
@pytest.mark.parametrize("role", Role)
def test_a_challenge_is_not_the_source(role: Role, status: int, headers: list) -> None:
    state, notes = availability.classify(role, Capture(URL, status, headers, b"<html>"))
    assert state is Availability.UNREACHABLE
    assert [note.code for note in notes] == ["access-challenge"]


def test_every_field_mark_is_shown() -> None:
    shown = {name.lower().encode() for _, lines in CHALLENGES.values() for name, _ in lines}
    assert {mark.field for mark in challenge_marks.FIELD_MARKS} <= shown


@pytest.mark.parametrize(("status", "headers"), CHALLENGES.values(), ids=CHALLENGES)
def test_nothing_is_read_from_a_challenge(status: int, headers: list) -> None:
    said = [*headers, ("Content-Usage", "train-ai=y, search=n"), ("Content-Type", "text/html")]
    body = b'<html><head><meta name="content-usage" content="train-ai=n"></head></html>'
    result = sa.assess(
        Capture(URL, status, said, body), robots=sa.ABSENT, site_files={}, token="ExampleBot"
    )
    assert result.declarations == ()
    assert "access-challenge" in {note.code for note in result.notes}
    for answer in result.uses.values():
        assert answer.preference == "undetermined"
        assert answer.decision == "hold"
        assert [reason.code for reason in answer.reasons] == ["asset-unreachable"]


def test_a_challenge_without_content_is_no_empty_page() -> None:
    mark = [("x-amzn-waf-action", "challenge")]
    for given in (None, Availability.ABSENT):
        assert ended(Role.ASSET, 202, mark, b"", availability=given) == "unreachable"
    assert ended(Role.ASSET, 202, [], b"", availability=Availability.ABSENT) == "absent"


@pytest.mark.parametrize("given", [Availability.PRESENT, Availability.UNREADABLE])
@pytest.mark.parametrize("role", Role)
def test_a_challenge_that_came_in_part_is_a_challenge(role: Role, given: Availability) -> None:
    """A page that was cut, or would not be decoded, is marked in its header section."""
    capture = Capture(URL, 200, [("cf-mitigated", "challenge")], b"<html>", availability=given)
    assert availability.classify(role, capture)[0] is Availability.UNREACHABLE


@pytest.mark.parametrize("given", [None, Availability.PRESENT, Availability.UNREADABLE])
@pytest.mark.parametrize("status", [302, 304, 401, 402, 403, 404, 451, 500])
def test_only_a_2xx_is_an_asset_whatever_came_of_its_body(
    status: int, given: Availability | None
) -> None:
    """Rule R12; what the answer states on access is said all the same (rule R27)."""
    said = [("Content-Usage", "train-genai=y"), ("tdm-reservation", "1")]
    capture = Capture(URL, status, [*said, ("crawler-price", "USD 1")], b"", availability=given)
    assert ended(Role.ASSET, status, availability=given) == ended(Role.ASSET, status)
    result = sa.assess(capture, robots=sa.ABSENT, site_files={}, token="ExampleBot")
    assert {each.family for each in result.declarations} <= {"access"}
    stated = status in (401, 402, 403)
    assert bool(availability.terms_of_access(capture)) is stated
    for answer in result.uses.values():
        assert answer.decision != "ingest"
        assert ("access-terms" in [reason.code for reason in answer.reasons]) is stated


NO_CHALLENGES = {
    "another mitigation": (403, [("cf-mitigated", "block")]),
    "another field": (403, [("server", "challenge")]),
    "a signature that would be welcome": (200, [("Accept-Signature", "sig1=()")]),
    "a refusal by Vercel": (403, [("x-vercel-mitigated", "deny")]),
    "an action that only counted": (200, [("x-amzn-waf-action", "count")]),
    "DataDome on every answer": (200, [("x-datadome", "protected"), ("x-datadome-cid", "A")]),
    "Sucuri on every answer": (200, [("x-sucuri-id", "19002"), ("x-sucuri-block", "")]),
    "Imperva on every answer": (200, [("x-iinfo", "21-1 NNYN"), ("x-cdn", "Incapsula")]),
    "Anubis taking its cookie back": (
        200,
        [("Set-Cookie", "techaro.lol-anubis-cookie-verification=; Max-Age=0")],
    ),
    "Anubis's pass": (200, [("Set-Cookie", "techaro.lol-anubis-auth=ey; Path=/")]),
}


@pytest.mark.parametrize(("status", "headers"), NO_CHALLENGES.values(), ids=NO_CHALLENGES)
def test_what_only_resembles_a_challenge(status: int, headers: list) -> None:
    assert ended(Role.ASSET, status, headers) == ("present" if status == 200 else "unavailable")


PAGES = {
    "Cloudflare": b"<html><script>(function(){window._cf_chl_opt={cvId:'3'};}());</script>",
    "Imperva's frame": b'<html><iframe src="/_Incapsula_Resource?CWUDNSAI=23&edet=15"></iframe>',
    "Imperva's script": (
        b'<html><script src="/_Incapsula_Resource?SWJIYLWA='
        b'5074a744e2e3d891814e9a2dace20bd4,719d34d31c8e3a6e6fffd425f7e032f3"></script>'
    ),
    "DataDome": b"<html><script>var dd={'host':'geo.captcha-delivery.com'}</script>",
    "PerimeterX": b'<html><div id="px-captcha"></div>',
    "AWS": b"<html><script>window.gokuProps = {};</script>",
    "SiteGround": b'<html><meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F">',
    "Anubis": b'<html><script id="anubis_challenge" type="application/json">{}</script>',
}


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_a_challenge_is_told_by_its_page(body: bytes) -> None:
    """Where no asset can be, at any status; elsewhere where markup cannot be (rule R15)."""
    for status in (202, 401, 402, 403, 405, 429, 503):
        for role in Role:
            assert ended(role, status, body=body) == "unreachable"
    assert ended(Role.ASSET, 200, body=body) == "present"
    assert ended(Role.ASSET, 404, body=body) == "absent"
    for role in set(Role) - {Role.ASSET, Role.HOP}:
        assert ended(role, 200, body=body) == "unreachable"
        assert ended(role, 404, body=body) == "unreachable"
        assert ended(role, 200, body=b"# " + body) == "present"


def test_every_body_mark_is_shown_and_only_the_beginning_is_searched() -> None:
    marks = [mark.octets for mark in challenge_marks.BODY_MARKS]
    assert all(any(mark in page for page in PAGES.values()) for mark in marks)
    for mark in marks:
        assert ended(Role.ASSET, 403, body=b"<html>" + b" " * 5000 + mark) == "unavailable"


def test_what_gateways_put_into_ordinary_pages_is_no_mark() -> None:
    ordinary = (
        b"<html><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
        b'<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3&ns=2">'
        b"</script><script>window._pxAppId='PX1'</script><title>Just a moment</title>"
    )
    assert ended(Role.ASSET, 403, body=ordinary) == "unavailable"


def test_nothing_in_hand_is_not_looked_and_octets_in_hand_are_present() -> None:
    assert ended(Role.ASSET, None, body=b"") == "not-looked"
    assert ended(Role.ASSET, None, body=None) == "not-looked"
    assert ended(Role.ASSET, None, body=b"x") == "present"
    assert ended(Role.ASSET, None, [("Content-Usage", "train-ai=n")], b"") == "present"
    assert ended(Role.ASSET, 200, [("Content-Length", "0")], b"") == "absent"
    assert ended(Role.ASSET, None, [("Content-Usage", "train-ai=n")], None) == "present"
    assert ended(Role.SITE_FILE, None, body=b"<html>", kind="json") == "absent"


SOFT = {
    "HTML": (b"<!DOCTYPE html><title>Not found</title>", "absent"),
    "HTML after a mark and blanks": (b"\xef\xbb\xbf \r\n<html>", "absent"),
    "UTF-16": ("\ufeff<html>".encode("utf-16-le"), "absent"),
    "JSON": (b'[{"location": "/"}]', "present"),
    "text that is no JSON": (b"tdm-reservation = 1", "present"),
    "nothing": (b"", "present"),
    "markup inside": (b'["<html>"]', "present"),
}


@pytest.mark.parametrize(("body", "expected"), SOFT.values(), ids=SOFT)
@pytest.mark.parametrize("kind", ["json", "text"])
def test_markup_in_place_of_a_site_file(body: bytes, expected: str, kind: str) -> None:
    """The octets decide, never the Content-Type alone."""
    for content_type in ("text/html", "application/json"):
        capture = Capture(URL, 200, [("Content-Type", content_type)], body)
        state, notes = availability.classify(Role.SITE_FILE, capture, kind=kind)
        assert state == expected
        assert [note.code for note in notes] == (
            ["site-file-soft-404"] if expected == "absent" else []
        )


def test_markup_elsewhere_is_for_its_reader() -> None:
    for role in (Role.ASSET, Role.ROBOTS, Role.LICENCE_DOCUMENT, Role.POLICY_DOCUMENT):
        assert ended(role, 200, body=b"<html>") == "present"


def test_a_cap_makes_documents_unreadable_and_no_others() -> None:
    cut = {role: ended(role, 200, truncated=True) for role in Role}
    assert {role for role, state in cut.items() if state == "unreadable"} == {
        Role.ROBOTS,
        Role.SITE_FILE,
        Role.LICENCE_DOCUMENT,
        Role.POLICY_DOCUMENT,
    }
    assert ended(Role.ROBOTS, 200, truncated=True, body=b"# x\n" * 128_000) == "present"
    assert ended(Role.SITE_FILE, 200, truncated=True, body=b"<html>", kind="json") == "absent"


RSL_LINK = '<https://site.example/l.xml>; rel="license"; type="application/rsl+xml"'
TERMS = {
    "402": (402, [], True),
    "401 with a licence scheme": (401, [("WWW-Authenticate", 'License error="no_token"')], True),
    "403 with a licence scheme among others": (
        403,
        [("WWW-Authenticate", 'Basic realm="a"'), ("WWW-Authenticate", "license")],
        True,
    ),
    "a realm of that name": (401, [("WWW-Authenticate", 'Basic realm="a, License b"')], False),
    "a scheme that begins so": (401, [("WWW-Authenticate", "Licensed")], False),
    "401 with an RSL link": (401, [("Link", RSL_LINK)], True),
    "403 with an RSL link after another": (
        403,
        [("Link", f"</style.css>; rel=preload, {RSL_LINK}")],
        True,
    ),
    "parameters in another order and case": (
        403,
        [("Link", "</l>; TYPE=application/rsl+xml ;REL=License")],
        True,
    ),
    "an ordinary licence link": (403, [("Link", "</l>; rel=license")], False),
    "an RSL link that is no licence": (
        403,
        [("Link", "</l>; rel=x; type=application/rsl+xml")],
        False,
    ),
    "the parts in two links": (
        403,
        [("Link", '</a>; rel="license", </b>; type="application/rsl+xml"')],
        False,
    ),
    "a bare 403": (403, [], False),
    "404 with a link": (404, [("Link", RSL_LINK)], False),
    "200 with a link": (200, [("Link", RSL_LINK)], False),
    "a challenge at 402": (402, [("cf-mitigated", "challenge")], False),
    "403 with a price": (403, [("crawler-price", "USD 0.01")], True),
    "401 with offers": (401, [("PAYMENT-REQUIRED", "e30=")], True),
    "403 that only says why": (403, [("crawler-error", "CrawlerForbidden")], False),
    "451 with a price": (451, [("crawler-price", "USD 0.01")], False),
    "200 with a price": (200, [("crawler-price", "USD 0.01")], False),
    "License as the token of another scheme": (
        401,
        [("WWW-Authenticate", "Bearer License")],
        False,
    ),
    "License as a parameter": (401, [("WWW-Authenticate", "Basic License=x")], False),
    "RSL among the types of another link": (
        403,
        [("Link", '</l>; rel=license; title="; type=application/rsl+xml"')],
        False,
    ),
}


@pytest.mark.parametrize(("status", "headers", "expected"), TERMS.values(), ids=TERMS)
def test_terms_of_access(status: int, headers: list, expected: bool) -> None:
    said = availability.terms_of_access(Capture(URL, status, headers))
    assert bool(said) is expected
    assert said.startswith(str(status)) or not expected


def test_hostile_fields_are_read_in_linear_time() -> None:
    for value in (
        "<" * 60_000,
        "<>;" * 20_000,
        '<>;a="' * 10_000,
        '"\\' * 30_000,
        ",License" * 8000,
    ):
        fields = [("Link", value), ("WWW-Authenticate", value)]
        availability.terms_of_access(Capture(URL, 401, fields))


def test_notes_name_the_url_without_its_userinfo() -> None:
    capture = Capture("https://user:secret@site.example/x", 200, [("cf-mitigated", "challenge")])
    (note,) = availability.classify(Role.ASSET, capture)[1]
    made = availability.fetch_note("guard-refused", capture)
    assert "https://site.example/x" in note.summary
    assert "https://site.example/x" in made.summary
    assert "secret" not in note.summary + made.summary
    assert made.code == "guard-refused"
    assert availability.fetch_note("new-code", capture).summary.startswith("new code")
    assert availability.same_everywhere(URL).code == "site-file-soft-404"
