"""How looking at a source ended (rules R12 and R15)."""

import pytest

from signals_agent import availability
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


NO_CHALLENGES = {
    "another mitigation": (403, [("cf-mitigated", "block")]),
    "another field": (403, [("server", "challenge")]),
    "a signature that would be welcome": (200, [("Accept-Signature", "sig1=()")]),
}


@pytest.mark.parametrize(("status", "headers"), NO_CHALLENGES.values(), ids=NO_CHALLENGES)
def test_what_only_resembles_a_challenge(status: int, headers: list) -> None:
    assert ended(Role.ASSET, status, headers) == ("present" if status == 200 else "unavailable")


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
