"""ai.txt and trust.txt: which lines stand in the result, and what no fixture can show."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.families import FAMILIES
from signals_agent.families.ai_txt import AI_TXT
from signals_agent.families.trust_txt import TRUST_TXT
from signals_agent.family import Context, Family
from signals_agent.model.declaration import Declaration, Located, Reach, Scope
from signals_agent.model.position import LinePosition, PointerPosition
from signals_agent.model.statement import Answer, Preference, Reading, Statement, strictness
from signals_agent.model.use import Use
from signals_agent.plan import wanted_files
from signals_agent.robots import match

ORIGIN = "https://site.example"
TRAINING = (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER)
SITE_FILES = pytest.mark.parametrize("family", [AI_TXT, TRUST_TXT], ids=lambda one: one.name)


def whole(family: Family, body: bytes, path: str = "", **reach: bool) -> Located:
    path = path or family.site_files[0].path
    declaration = Declaration(
        f"dec-{path}",
        family.name,
        "site-file",
        ORIGIN + path,
        PointerPosition(""),
        "",
        body,
        Scope(),
        "cap",
    )
    return Located(declaration, body, Reach(**reach), path)


def about(path: str = "/photos/a.jpg", *tokens: str) -> Context:
    target = match.target(path)
    return Context(ORIGIN + path, target, tokens or ("examplebot",))


def read(family: Family, body: bytes, path: str = "/photos/a.jpg") -> Reading:
    return family.read((whole(family, body),), about(path))


def answers(family: Family, body: bytes, path: str = "/photos/a.jpg") -> dict[Use, Preference]:
    settled = family.settle(read(family, body, path).statements, about(path))
    return {one.use: one.preference for one in settled.answers}


@pytest.mark.parametrize(
    ("family", "body", "line", "column", "octets", "expression", "scope"),
    [
        (
            AI_TXT,
            b"\xef\xbb\xbfUser-Agent: *\r\nDisallow: /x\r\n  Disallow:*.jpg # pictures\r\n",
            3,
            3,
            b"  Disallow:*.jpg # pictures",
            "Disallow:*.jpg",
            Scope(token="*", path="*.jpg"),
        ),
        (
            AI_TXT,
            b"User-Agent: ExampleBot\nDisallow: /\nDisallow: *\n",
            2,
            1,
            b"Disallow: /",
            "Disallow: /",
            Scope(token="ExampleBot", path="/"),
        ),
        (
            AI_TXT,
            b"\xef\xbb\xbfDisallow: *.jpg",
            1,
            4,
            b"\xef\xbb\xbfDisallow: *.jpg",
            "Disallow: *.jpg",
            Scope(token="*", path="*.jpg"),
        ),
        (
            AI_TXT,
            b"Site-Name: Example\nTraining: deny # all of it\n",
            2,
            1,
            b"Training: deny # all of it",
            "Training: deny",
            Scope(token="*", path="/"),
        ),
        (
            TRUST_TXT,
            b"member=x\r\r\n\tDataTrainingAllowed = No # all of it\n",
            3,
            2,
            b"\tDataTrainingAllowed = No # all of it",
            "DataTrainingAllowed = No",
            Scope(),
        ),
    ],
    ids=[
        "the longest rule of ai.txt, with its comment",
        "the first of equal rules, for our token",
        "behind a byte order mark",
        "a refusal of another format",
        "the record of trust.txt",
    ],
)
def test_the_deciding_line_is_a_declaration_of_its_own(
    family: Family,
    body: bytes,
    line: int,
    column: int,
    octets: bytes,
    expression: str,
    scope: Scope,
) -> None:
    (statement,) = read(family, body).statements
    (declaration,) = statement.declarations
    assert declaration.position == LinePosition(line, column)
    assert declaration.octets == octets
    assert declaration.expression == expression
    assert declaration.scope == scope
    assert {one.because for one in statement.answers} == {(declaration.id,)}


def test_a_line_keeps_its_id_wherever_the_asset_stands() -> None:
    body = b"User-Agent: *\nDisallow: /photos/\nDisallow: /texts/\n"
    (here,) = read(AI_TXT, body, "/photos/a").statements
    (there,) = read(AI_TXT, body, "/photos/b").statements
    (other,) = read(AI_TXT, body, "/texts/b").statements
    assert here.declarations == there.declarations
    assert here.declarations[0].id != other.declarations[0].id


def test_one_file_is_read_for_each_asset_for_itself() -> None:
    body = b"User-Agent: *\nDisallow: *.jpg\nDisallow: /texts/\nAllow: /texts/open/\n"
    found = {
        path: bool(answers(AI_TXT, body, path))
        for path in ("/a.jpg", "/a.png", "/texts/a", "/texts/open/a", "/texts/open/a.jpg", "/")
    }
    assert found == {
        "/a.jpg": True,
        "/a.png": False,
        "/texts/a": True,
        "/texts/open/a": False,
        "/texts/open/a.jpg": False,
        "/": False,
    }


def test_the_files_are_wanted_with_extended_sources_only() -> None:
    ours = {file.path for family in (AI_TXT, TRUST_TXT) for file in family.site_files}
    assert ours == {"/ai.txt", "/trust.txt", "/.well-known/trust.txt"}
    assert ours <= {file.path for file in wanted_files(FAMILIES, "extended")}
    assert ours.isdisjoint({file.path for file in wanted_files(FAMILIES)})


def test_what_may_only_restrict_allows_nothing() -> None:
    one = whole(TRUST_TXT, b"datatrainingallowed=yes", restrict_only=True)
    (statement,) = TRUST_TXT.read((one,), about()).statements
    assert statement.answers == statement.unreadable == ()


def test_files_that_disagree_are_both_named() -> None:
    bodies = {"/trust.txt": b"datatrainingallowed=yes", "/.well-known/trust.txt": b"x\n"}
    bodies["/.well-known/trust.txt"] += b"datatrainingallowed=no"
    made = [
        TRUST_TXT.read((whole(TRUST_TXT, body, path),), about()).statements[0]
        for path, body in bodies.items()
    ]
    settled = TRUST_TXT.settle(made, about())
    (note,) = settled.notes
    assert set(note.because) == {one.declarations[0].id for one in made}
    assert {one.because for one in settled.answers} == {(made[1].declarations[0].id,)}


def said(family: Family, path: str | None, preference: Preference, *uses: Use) -> Statement:
    one = whole(family, b"")
    declaration = replace(one.declaration, scope=Scope(path=path))
    made = tuple(Answer(use, preference, (), (declaration.id,)) for use in uses)
    return Statement(family.name, (one,), (declaration,), made)


@pytest.mark.parametrize(
    ("family", "path", "preference", "uses", "written"),
    [
        (AI_TXT, None, Preference.DISALLOW, TRAINING, b"User-Agent: *\nDisallow: /\n"),
        (AI_TXT, "*.jpg", Preference.DISALLOW, TRAINING, b"User-Agent: *\nDisallow: *.jpg\n"),
        (AI_TXT, "/a\nb", Preference.DISALLOW, TRAINING, b"User-Agent: *\nDisallow: /a%0Ab\n"),
        (AI_TXT, "/a#b", Preference.DISALLOW, TRAINING, None),
        (AI_TXT, None, Preference.ALLOW, TRAINING, None),
        (AI_TXT, None, Preference.DISALLOW, TRAINING[:1], None),
        (AI_TXT, None, Preference.DISALLOW, (), None),
        (TRUST_TXT, None, Preference.DISALLOW, TRAINING, b"datatrainingallowed=no\n"),
        (TRUST_TXT, None, Preference.ALLOW, TRAINING, b"datatrainingallowed=yes\n"),
        (TRUST_TXT, None, Preference.ALLOW, TRAINING[:1], None),
        (TRUST_TXT, None, Preference.DISALLOW, (*TRAINING, Use.SEARCH), None),
        (TRUST_TXT, None, Preference.DISALLOW, (), None),
    ],
)
def test_the_file_is_written_where_it_can_say_so(
    family: Family,
    path: str | None,
    preference: Preference,
    uses: tuple[Use, ...],
    written: bytes | None,
) -> None:
    assert family.write(said(family, path, preference, *uses)) == written


RULES = st.lists(
    st.tuples(
        st.sampled_from(["Allow", "Disallow", "Disallow-Training"]),
        st.sampled_from(["/", "*", "/photos/", "/photos/a.jpg", "*.jpg", "*.png", ".jpg", "x", ""]),
    ),
    max_size=6,
)
AGENTS = st.sampled_from([b"User-agent: *\n", b"User-agent: ExampleBot\n", b""])


@given(agent=AGENTS, rules=RULES, added=st.sampled_from([b"/", b"*", b"*.jpg", b"/photos/", b"x"]))
def test_a_further_disallow_in_the_group_never_relaxes(
    agent: bytes, rules: list[tuple[str, str]], added: bytes
) -> None:
    body = agent + "".join(f"{key}: {value}\n" for key, value in rules).encode()
    before, after = answers(AI_TXT, body), answers(AI_TXT, body + b"Disallow: " + added + b"\n")
    assert before.keys() <= after.keys()
    assert set(after.values()) <= {Preference.DISALLOW}


RECORDS = st.lists(
    st.sampled_from(
        [
            b"datatrainingallowed=yes",
            b"datatrainingallowed=no",
            b"datatrainingallowed=ask",
            b"datatrainingallowed: yes",
            b"contact=x",
        ]
    ),
    max_size=4,
)


@given(
    records=RECORDS,
    added=st.sampled_from([b"datatrainingallowed=no", b"DATA_TRAINING_ALLOWED: no"]),
)
def test_a_further_record_never_relaxes(records: list[bytes], added: bytes) -> None:
    before = answers(TRUST_TXT, b"\n".join(records))
    after = answers(TRUST_TXT, b"\n".join([*records, added]))
    for use in TRAINING:
        rank = [strictness(found.get(use, Preference.UNKNOWN)) for found in (before, after)]
        assert rank == sorted(rank)
    if b"datatrainingallowed=ask" in records and b"datatrainingallowed=no" not in records:
        assert Preference.ALLOW not in after.values()


@SITE_FILES
@given(body=st.binary(max_size=300))
def test_any_octets_are_read_without_raising_and_allow_nothing(family: Family, body: bytes) -> None:
    assert Preference.ALLOW not in answers(family, body).values()


MEGABYTE = 1024 * 1024


@SITE_FILES
@pytest.mark.parametrize(
    "body",
    [
        b"\x00" * MEGABYTE,
        b"\r" * MEGABYTE,
        b"Disallow: /" + b"*a" * (MEGABYTE // 2),
        b"User-Agent: *\n" + b"Disallow: *a*b*c*d\n" * (MEGABYTE // 19),
        b"User-Agent: *\n" + b"".join(b"Disallow: *.x%d\n" % each for each in range(60_000)),
        b"datatrainingallowed" + b" " * MEGABYTE + b"x",
        b"data-" * (MEGABYTE // 5),
        b"=" * MEGABYTE,
        b"\xff\xfe" + b"d\x00" * (MEGABYTE // 2),
    ],
    ids=[
        "nothing but NUL",
        "nothing but CR",
        "one endless pattern",
        "many patterns with stars",
        "many file types",
        "a megabyte of blanks",
        "the beginning of a name again and again",
        "nothing but separators",
        "one endless line in UTF-16",
    ],
)
def test_a_megabyte_of_anything_is_read(family: Family, body: bytes) -> None:
    path = "/" + "a" * 4000 + ".jpg"
    first = answers(family, body, path)
    assert Preference.ALLOW not in first.values()
    assert answers(family, body, path) == first


@pytest.mark.parametrize("types", ["*.jpg, *.png", "*.png *.jpg", ".png;.jpg", "*.JPG,*.png,"])
def test_a_refusal_may_list_file_types_on_one_line(types: str) -> None:
    """No line of the format does, and each is refused in plain words (rule R11)."""
    body = f"User-Agent: *\nDisallow: {types}\n".encode()
    reading = read(AI_TXT, body)
    assert [note.code for note in reading.notes] == ["ai-txt-salvaged"]
    assert set(answers(AI_TXT, body)) == set(TRAINING)
    assert answers(AI_TXT, body, "/text.html") == {}
    (statement,) = reading.statements
    assert set(answers(AI_TXT, AI_TXT.write(statement) or b"")) == set(TRAINING)


def test_an_allow_that_lists_file_types_takes_nothing_back() -> None:
    """Only a refusal is salvaged (rule R11)."""
    body = b"User-Agent: *\nDisallow: /\nAllow: *.png, *.jpg\n"
    assert set(answers(AI_TXT, body)) == set(TRAINING)
