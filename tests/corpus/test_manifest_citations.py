"""The credit line of the reader is that of the package, octet for octet, whatever the facts."""

from dataclasses import replace
from pathlib import Path

import pytest
import travelling
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.corpus.member import Footing, Member
from signals_agent.model.attribution import Attribution, LicenceName
from signals_agent.model.citation import cite, line
from signals_agent.model.obligation import Party
from signals_agent.preference_manifest import Manifest

HOSTILE = (
    "](javascript:alert(1)) [x](https://evil.example/)",
    "<script>alert(1)</script>",
    "line\nbreak\r\n\n# heading",
    "right\u202eto left\u2066",
    "back\\slash \\] \\",
    "`code` *em* _em_ ~~no~~ | cell |",
    "&copy; &#x3c;b&#x3e;",
    "https://evil.example/ www.evil.example a@b.example",
    "- item",
    "1. item",
    "   # heading",
    "\x00\x1b]0;owned\x07\x7f\x85",
    "\u2028\u2029\ufeff\u00ad",
    "\U0001f426 \u4e2d\u6587 \u0627\u0644",
    "x" * 13_000,
    "ends with a stop.",
    "Photo: Ada Fen",
    "(c) 2020 Ada",
    " blank in front",
)
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=30)
MAYBE = st.none() | TEXTS
URLS = st.sampled_from(
    (
        "https://fenwiki.example/rain",
        "https://fenwiki.example/rain/",
        "https://ada:secret@fenwiki.example/?a=1&copy=2",
        "https://evil.example/a>b)<c \u202e\"'",
        "mailto:ada@fenwiki.example",
        "javascript:alert(1)",
        "https://long.example/" + "x" * 9000,
        "no URL",
    )
)
NAMES = ("CC BY 4.0", "MIT", "MIT-0", "CC BY-SA 4.0", "")
LICENCES = st.lists(
    st.builds(LicenceName, st.sampled_from(NAMES) | TEXTS, st.none() | URLS), max_size=3
)


@st.composite
def attributions(draw: st.DrawFn) -> Attribution:
    licences = tuple(draw(LICENCES))
    names = " and ".join(each.name for each in licences)
    made = Attribution(
        url=draw(URLS),
        text="",
        collection=draw(MAYBE),
        title=draw(MAYBE),
        creators=tuple(draw(st.lists(TEXTS, max_size=3))),
        licence=draw(st.sampled_from((names or None, None, "MIT-0 and MIT"))),
        licence_url=draw(st.none() | URLS),
        credit_text=draw(MAYBE),
        credit_url=draw(st.none() | URLS),
        copyright_notice=draw(MAYBE),
        licences=licences,
    )
    # A text that holds half a character is none that a file can hold.
    plain = {
        name: value.encode("utf-8", "replace").decode()
        for name in ("collection", "title", "credit_text", "copyright_notice")
        if (value := getattr(made, name))
    }
    made = replace(made, **plain)
    return replace(made, text=line(made))


def agree(folder: Path, attributions: list[Attribution], changes: str) -> None:
    members = [
        Member(
            f"https://source.example/{number}",
            Party("A"),
            Footing(),
            "a test",
            credit=each,
        )
        for number, each in enumerate(attributions)
    ]
    with travelling.of_members(members) as holdings:
        travelling.manifest(holdings, folder)
    with Manifest.open(folder) as manifest:
        for member, each in zip(members, attributions, strict=True):
            for style in ("markdown", "html", "text"):
                found = manifest.citation(member.url, style, changes)
                assert found == cite(each, style, changes), style


@given(st.lists(attributions(), min_size=1, max_size=8), st.sampled_from(("", "Changes: cut. ")))
def test_any_facts_make_the_same_line(
    tmp_path_factory: pytest.TempPathFactory, made: list[Attribution], changes: str
) -> None:
    agree(tmp_path_factory.mktemp("manifest") / "corpus", made, changes)


def test_hostile_facts_make_the_same_line(tmp_path: Path) -> None:
    made = []
    for one in HOSTILE:
        for facts in (
            {"title": one},
            {"title": one, "collection": one},
            {"collection": one, "creators": (one, "Bo")},
            {"credit_text": one, "credit_url": "https://credit.example/"},
            {"licence": one, "licence_url": "https://licence.example/&copy;"},
            {"title": "T", "copyright_notice": one, "licence": "MIT", "credit_text": one},
            {
                "title": "T",
                "licence": f"{one} and MIT",
                "licences": (
                    LicenceName(one, "https://l.example/"),
                    LicenceName("MIT", "https://m.example/"),
                ),
            },
        ):
            each = Attribution(**{"url": "https://fenwiki.example/rain", "text": "", **facts})  # type: ignore[arg-type]  # any fact may be given
            made.append(replace(each, text=line(each)))
    agree(tmp_path / "corpus", made, "cut|*short*\n")
