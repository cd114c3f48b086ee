"""The marks by which a gateway's challenge is told from the source in whose place it stands."""

import re
from dataclasses import dataclass
from typing import Final

from signals_agent.model.capture import Capture

READ_AT_MOST: Final = 4096
"""Octets of a body that are searched for a mark."""


@dataclass(frozen=True, slots=True)
class FieldMark:
    """A header field that only a gateway's own answer carries.

    ``value`` is what a whole field value must be, in any case. With ``statuses`` the mark
    counts at these alone, without at any (rule R15).
    """

    sent_by: str
    field: bytes
    value: re.Pattern[bytes]
    statuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyMark:
    """Octets that stand near the beginning of a gateway's own page, and on no other."""

    sent_by: str
    octets: bytes


def _field(sent_by: str, field: str, value: bytes, statuses: tuple[int, ...] = ()) -> FieldMark:
    pattern = re.compile(value, re.IGNORECASE | re.DOTALL)
    return FieldMark(sent_by, field.encode("ascii"), pattern, statuses)


FIELD_MARKS: Final[tuple[FieldMark, ...]] = (
    # Every challenge page has it, and "challenge" is its only value: developers.cloudflare.com
    # /cloudflare-challenges/challenge-types/challenge-pages/detect-response
    _field("Cloudflare", "cf-mitigated", rb"challenge"),
    # 202 challenge, 405 captcha: docs.aws.amazon.com/waf/latest/APIReference/API_ChallengeAction
    # and API_CaptchaAction. The body is empty where no HTML was asked for.
    _field("AWS WAF", "x-amzn-waf-action", rb"challenge|captcha"),
    # 403 or 429, seen in the open (github.com/microlinkhq/is-antibot); "deny" is a refusal.
    _field("Vercel Firewall", "x-vercel-mitigated", rb"challenge"),
    # 202, and a refresh to /.well-known/sgcaptcha/: github.com/woocommerce/woocommerce/issues/52896
    _field("SiteGround", "sg-captcha", rb"challenge"),
    # 1 is an interstitial, 2 a captcha (docs.datadome.co/reference/validate-request, by way of
    # github.com/microlinkhq/is-antibot). "x-datadome: protected" is on every answer, and no mark.
    _field("DataDome", "x-dd-b", rb"[12]"),
    # The rule that fired (DDOS22, EVA079), at 403: github.com/D4-project/Plum-Island/issues/121
    # and Ekultek/WhatWaf/issues/1164. "x-sucuri-id" is on every answer, and no mark.
    _field("Sucuri", "x-sucuri-block", rb".+"),
    # Set on the challenge page, which is a 200 unless configured, and taken back later:
    # github.com/TecharoHQ/anubis lib/http.go and anubis.go (the suffix since 1.27).
    _field(
        "Anubis", "set-cookie", rb"techaro\.lol-anubis-cookie-verification(?:-[0-9a-f]+)?=[^;\s].*"
    ),
    # A signature of the request is asked for (RFC 9421 5.1), and would be let in.
    _field("Web Bot Auth", "accept-signature", rb".*", (401, 403)),
)
"""Marks in the header section, each with who sends it and where that is written or was seen."""

BODY_MARKS: Final[tuple[BodyMark, ...]] = (
    # The page's own options. "/cdn-cgi/challenge-platform/" is injected into ordinary pages too:
    # developers.cloudflare.com/cloudflare-challenges/concepts/how-challenges-work
    BodyMark("Cloudflare", b"_cf_chl_opt"),
    # The frame with the incident, at 403 and 503, and the script with two hashes, at 200: both in
    # github.com/microlinkhq/is-antibot/pull/60 and ziplokk1/incapsula-cracker-py3. With one
    # hash it is injected into ordinary pages (webrecorder/browsertrix-crawler/issues/1135).
    BodyMark("Imperva", b"/_Incapsula_Resource?CWUDNSAI="),
    BodyMark("Imperva", b"/_Incapsula_Resource?SWJIYLWA=5074a744e2e3d891814e9a2dace20bd4,"),
    # Where captcha and interstitial are loaded from, at 401 and 403; the ordinary tag is not.
    BodyMark("DataDome", b"captcha-delivery.com"),
    # The element that a block page must have; "_pxAppId" is on ordinary pages too:
    # the examples of github.com/PerimeterX/perimeterx-nginx-plugin
    BodyMark("HUMAN (PerimeterX)", b'id="px-captcha"'),
    # The page's script, in answers to GET: github.com/germondai/trawl/pull/82
    BodyMark("AWS WAF", b"window.gokuProps"),
    # github.com/woocommerce/woocommerce/issues/52896; HEAD has no field that says so.
    BodyMark("SiteGround", b"/.well-known/sgcaptcha/"),
    # github.com/microlinkhq/is-antibot/pull/21, where the status was configured.
    BodyMark("Anubis", b'id="anubis_challenge"'),
)
"""Marks near the beginning of a body, each with who sends it and where that was seen."""


def by_field(capture: Capture) -> str:
    """Who challenged, told from the header section alone; empty where nobody did."""
    for mark in FIELD_MARKS:
        for line in capture.field_lines(mark.field):
            if mark.statuses and capture.status not in mark.statuses:
                break
            if mark.value.fullmatch(line.strip()):
                return mark.sent_by
    return ""


def by_body(capture: Capture) -> str:
    """Who challenged, told from the beginning of the body; empty where nobody did.

    Whether a body of that status can be a challenge is for the caller to know.
    """
    beginning = (capture.body or b"")[:READ_AT_MOST]
    return next((mark.sent_by for mark in BODY_MARKS if mark.octets in beginning), "")
