"""What is fetched next (rules R15a, R16): nothing that robots.txt refuses, each thing once."""

import pytest

import signals_agent as sa
from signals_agent.families import FAMILIES
from signals_agent.model.capture import Role
from signals_agent.plan import Known, Want, next_wants
from signals_agent.resolve.access import Given

ORIGIN = "https://example.org"
URL = ORIGIN + "/a"
ROBOTS = Want(Role.ROBOTS, ORIGIN + "/robots.txt")
TDMREP = Want(Role.SITE_FILE, ORIGIN + "/.well-known/tdmrep.json")
ASSET = Want(Role.ASSET, URL)


def wants(
    robots: Given | None = None, files: dict[str, Given] | None = None, lifted: bool = False
) -> tuple[Want, ...]:
    known = Known(URL, robots={} if robots is None else {ORIGIN: robots}, site_files=files or {})
    return next_wants(known, families=FAMILIES, tokens=["ExampleBot"], lifted=lambda url: lifted)


def test_robots_txt_comes_first_and_the_asset_last() -> None:
    assert wants() == (ROBOTS,)
    assert wants(b"") == (TDMREP,)
    assert wants(b"", {TDMREP.url: sa.ABSENT}) == (ASSET,)


@pytest.mark.parametrize("robots", [sa.UNREACHABLE, sa.NOT_LOOKED])
def test_nothing_is_fetched_where_access_is_undetermined(robots: Given) -> None:
    assert wants(robots) == ()


def test_nothing_is_fetched_where_access_is_refused_unless_an_agreement_lifts_it() -> None:
    refused = b"User-agent: *\nDisallow: /a\n"
    assert wants(refused) == ()
    assert wants(refused, {TDMREP.url: sa.ABSENT}, lifted=True) == (ASSET,)


def test_a_refused_site_file_is_not_asked_for() -> None:
    assert wants(b"User-agent: *\nDisallow: /.well-known/\n") == (ASSET,)


def test_when_everything_is_there_nothing_is_wanted() -> None:
    known = Known(
        URL,
        asset=sa.Capture(URL, status=200),
        robots={ORIGIN: b""},
        site_files={TDMREP.url: sa.ABSENT},
    )
    assert next_wants(known, families=FAMILIES, tokens=["ExampleBot"]) == ()


def test_extended_sources_are_wanted_only_when_asked_for() -> None:
    known = Known(URL, robots={ORIGIN: b""})
    default = next_wants(known, families=FAMILIES, tokens=["X"])
    extended = next_wants(known, families=FAMILIES, tokens=["X"], sources="extended")
    assert set(default) <= set(extended)
