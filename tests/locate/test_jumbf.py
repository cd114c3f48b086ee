"""C2PA manifest stores in assets, and what they say of training and data mining."""

import json
import struct
from dataclasses import replace

import assets
import manifests
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import embedded, jumbf
from signals_agent.locate.embedded_packet import MAX_STORE, MAX_STORES
from signals_agent.locate.found import Findings
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import Located
from signals_agent.model.position import ElementPosition

URL = "https://site.example/picture"
FIELD = "cawg.training-mining"
LISTENS = [("cawg", Listen("embedded", FIELD)), ("plus", Listen("embedded", "plus:DataMining"))]
STORE = manifests.saying()
LARGE = manifests.store(
    manifests.manifest(
        manifests.superbox(b"jpeg", "c2pa.thumbnail", assets.box(b"bidb", b"\xff" * 150_000)),
        manifests.assertion(manifests.REFUSED),
    )
)
ALLOWING = manifests.saying(manifests.ALLOWED)
CANONICAL = '{"entries":{"cawg.ai_generative_training":{"use":"notAllowed"}}}'


def found(body: bytes, *, truncated: bool = False, listens: list = LISTENS) -> Findings:
    capture = Capture(URL, status=200, body=body, truncated=truncated)
    return embedded.locate(capture, source=URL, capture_id="cap-1", listens=listens)


def all_of(findings: Findings) -> list[Located]:
    return [one for unit in findings.units for one in unit if one.field == FIELD]


def codes(findings: Findings) -> list[str]:
    return [note.code for note in findings.notes]


def told(body: bytes, **more: bool) -> list[tuple[str, bool]]:
    """What is said of generative training, and whether it counts freely; why it was not read."""
    return [
        (
            one.detail("unread")
            or json.loads(one.value)["entries"]["cawg.ai_generative_training"]["use"],
            not one.reach.restrict_only,
        )
        for one in all_of(found(body, **more))
    ]


MP3 = assets.frame(b"GEOB", manifests.geob(STORE))
FORMATS: dict[str, tuple[bytes, str]] = {
    "a JPEG": (assets.jpeg(*manifests.app11(STORE)), "jpeg APP11"),
    "a JPEG, in segments of a hundred octets": (
        assets.jpeg(*manifests.app11(STORE, 100)),
        "jpeg APP11",
    ),
    "a JPEG, in segments of great size": (assets.jpeg(*manifests.app11(LARGE)), "jpeg APP11"),
    "a JPEG, beside a box of another kind": (
        assets.jpeg(
            *manifests.app11(manifests.superbox(b"xml ", "other", b"x" * 40), 20, number=7),
            *manifests.app11(STORE, 100, number=8),
        ),
        "jpeg APP11",
    ),
    "a JPEG, beside a box of its own number": (
        assets.jpeg(
            *manifests.app11(manifests.superbox(b"xml ", "other", b"x" * 40), 20),
            *manifests.app11(STORE, 100),
        ),
        "jpeg APP11",
    ),
    "a PNG": (assets.png(manifests.cabx(STORE)), "png caBX"),
    "a PNG, behind its pixels": (assets.png(behind=[manifests.cabx(LARGE)]), "png caBX"),
    "a WebP": (assets.riff(b"WEBP", (b"VP8L", b"12"), (b"C2PA", STORE)), "riff C2PA"),
    "a WAV": (assets.riff(b"WAVE", (b"data", b"123"), (b"C2PA", STORE)), "riff C2PA"),
    "an MP4": (assets.mp4(manifests.uuid_box(STORE)), "uuid box of C2PA"),
    "an MP4, with a box of hashes": (
        assets.mp4(manifests.uuid_box(b"hashes", b"merkle"), manifests.uuid_box(STORE)),
        "uuid box of C2PA",
    ),
    "an AVIF": (
        assets.box(b"ftyp", b"avif\x00\x00\x00\x00") + manifests.uuid_box(STORE),
        "uuid box of C2PA",
    ),
    "a JPEG XL": (b"\x00\x00\x00\x0cJXL \r\n\x87\n" + STORE, "jumb box"),
    "a TIFF, little end first": (manifests.tiff(STORE), "tiff tag 52545"),
    "a TIFF, big end first": (manifests.tiff(STORE, ">"), "tiff tag 52545"),
    "an MP3 by ID3v2.4": (assets.id3(MP3), "id3 GEOB"),
    "an MP3 by ID3v2.3": (
        assets.id3(assets.frame(b"GEOB", manifests.geob(STORE), 3), version=3),
        "id3 GEOB",
    ),
    "a GIF": (manifests.gif(STORE), "gif C2PA"),
    "a PDF": (assets.pdf(manifests.attached(STORE)), "pdf attachment"),
    "a file of Ogg": (b"OggS\x00\x01" + STORE, "by its looks"),
    "a font": (b"OTTO\x00\x01" + STORE, "by its looks"),
}
CODED: dict[str, tuple[bytes, str]] = {
    "an SVG": (manifests.svg(STORE), "svg c2pa:manifest"),
    "an ID3 tag that is unsynchronised": (
        assets.id3(
            assets.frame(b"APIC", b"\xff\xe0" * 9, 3),
            assets.frame(b"GEOB", manifests.geob(STORE), 3),
            version=3,
            flags=0x80,
        ),
        "id3 GEOB",
    ),
    "an ID3 frame that is unsynchronised": (
        assets.id3(
            assets.frame(
                b"GEOB",
                manifests.geob(STORE.replace(b"\xff", b"\xff\x00")),
                4,
                0x02,
            )
        ),
        "id3 GEOB",
    ),
}


@pytest.mark.parametrize(("body", "place"), FORMATS.values(), ids=FORMATS)
def test_a_store_is_found_where_its_format_has_it(body: bytes, place: str) -> None:
    findings = found(body)
    (one,) = all_of(findings)
    assert one.value.decode() == CANONICAL
    assert (one.detail("packet"), one.detail("label")) == (place, FIELD)
    assert (one.detail("manifest") or "").startswith("urn:c2pa:")
    assert not one.reach.restrict_only
    position = one.declaration.position
    assert isinstance(position, ElementPosition)
    assert position.element == FIELD
    octets = bytes(one.declaration.octets)
    assert octets == manifests.cbor(manifests.REFUSED)
    # It begins there, and may go on in another segment or block.
    assert body.startswith(octets[:2], position.offset)
    if place not in ("jpeg APP11", "gif C2PA"):
        assert body.startswith(octets, position.offset)
    assert codes(findings) == []


@pytest.mark.parametrize(("body", "place"), CODED.values(), ids=CODED)
def test_a_store_that_is_coded_has_the_place_of_its_code(body: bytes, place: str) -> None:
    findings = found(body)
    (one,) = all_of(findings)
    assert one.value.decode() == CANONICAL
    assert one.detail("packet") == place
    assert isinstance(one.declaration.position, ElementPosition)
    assert 0 < one.declaration.position.offset < len(body)
    assert codes(findings) == []


def test_who_listens_for_nothing_in_a_store_hears_nothing_of_it() -> None:
    body = assets.png(manifests.cabx(STORE[:-20]))
    findings = found(body, listens=LISTENS[1:])
    assert findings.units == ()
    assert codes(findings) == []


def test_a_store_and_a_packet_are_read_side_by_side() -> None:
    body = assets.jpeg(*manifests.app11(LARGE), assets.app1(assets.mining()))
    fields = [one.field for unit in found(body).units for one in unit]
    assert fields == [FIELD, "plus:DataMining"]


@pytest.mark.parametrize(
    "label",
    ["cawg.training-mining__2", "c2pa.training-mining", "c2pa.training-mining__1", f"{FIELD}.v2"],
)
def test_further_and_older_labels_are_listened_for_as_one(label: str) -> None:
    body = manifests.store(manifests.manifest(manifests.assertion(manifests.REFUSED, label)))
    (one,) = all_of(found(assets.png(manifests.cabx(body))))
    assert one.field == FIELD
    assert one.detail("label") == label


@pytest.mark.parametrize("label", ["cawg.training-mining-x", "xcawg.training-mining", "c2pa.hash"])
def test_other_labels_are_passed_over(label: str) -> None:
    body = manifests.store(manifests.manifest(manifests.assertion(manifests.REFUSED, label)))
    assert found(assets.png(manifests.cabx(body))) == Findings()


def test_json_is_taken_as_it_is() -> None:
    written = b'{ "entries": {"cawg.ai_training": {"use": "notAllowed"}} }'
    box = manifests.superbox(b"json", FIELD, assets.box(b"json", written))
    (one,) = all_of(found(assets.png(manifests.cabx(manifests.store(manifests.manifest(box))))))
    assert one.value == bytes(one.declaration.octets) == written


OLD = manifests.manifest(manifests.assertion(manifests.ALLOWED), label="urn:c2pa:old")
NEW = manifests.manifest(manifests.assertion(manifests.REFUSED), label="urn:c2pa:new")
SILENT = manifests.manifest(label="urn:c2pa:silent")


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        pytest.param(
            manifests.store(OLD, NEW),
            [("allowed", False), ("notAllowed", True)],
            id="an ingredient before the active one",
        ),
        pytest.param(
            manifests.store(NEW, OLD),
            [("notAllowed", False), ("allowed", True)],
            id="whichever says what",
        ),
        pytest.param(
            manifests.store(OLD, SILENT),
            [("allowed", False)],
            id="an active one that says nothing",
        ),
        pytest.param(
            manifests.store(OLD, manifests.manifest(label="u", kind=b"c2um")),
            [("allowed", False)],
            id="an update of another manifest",
        ),
        pytest.param(
            manifests.store(
                manifests.manifest(
                    manifests.assertion(manifests.ALLOWED),
                    manifests.assertion(manifests.REFUSED, f"{FIELD}__1"),
                )
            ),
            [("allowed", True), ("notAllowed", True)],
            id="two assertions of one manifest",
        ),
    ],
)
def test_the_last_manifest_is_the_assets_own(
    store: bytes, expected: list[tuple[str, bool]]
) -> None:
    findings = found(assets.png(manifests.cabx(store)))
    assert told(assets.png(manifests.cabx(store))) == expected
    assert codes(findings) == []


def test_of_several_stores_none_counts_freely() -> None:
    body = assets.png(manifests.cabx(ALLOWING), manifests.cabx(STORE))
    assert told(body) == [("allowed", False), ("notAllowed", False)]


def test_what_an_update_keeps_as_the_original_is_anothers() -> None:
    body = assets.mp4(manifests.uuid_box(ALLOWING, b"original"))
    assert told(body) == [("allowed", False)]


def test_a_store_in_an_attached_document_is_a_parts() -> None:
    inner = assets.pdf(manifests.attached(ALLOWING))
    body = assets.pdf(b"7 0 obj\nstream\n" + b" " * 2000 + inner + b"\nendstream\nendobj\n")
    assert told(body) == [("allowed", False)]


IN_PIECES = manifests.app11(STORE, 30)
COMPRESSED = manifests.superbox(b"c2cm", "urn:c2pa:z", assets.box(b"brob", b"jumb" + b"\x0b\x02"))
UNREAD: dict[str, tuple[bytes, str]] = {
    "a store of another length than its chunk": (
        assets.png(manifests.cabx(STORE[:-9])),
        "it is cut",
    ),
    "a JPEG whose first segment is missing": (
        assets.jpeg(*IN_PIECES[1:]),
        "parts of it are missing",
    ),
    "a JPEG of which a segment in the middle is missing": (
        assets.jpeg(*IN_PIECES[:-2], IN_PIECES[-1]),
        "parts of it are missing",
    ),
    "a JPEG whose last segment is missing": (assets.jpeg(*IN_PIECES[:-1]), "it is cut"),
    "a manifest that is compressed": (
        assets.png(manifests.cabx(manifests.store(COMPRESSED))),
        "a manifest of it is compressed by Brotli, which is not read",
    ),
    "a box without a length": (
        assets.png(manifests.cabx(manifests.store(b"\x00\x00\x00\x03jumb" + b"\x00" * 9))),
        "a box of it has no length",
    ),
    "a box that does not say what it is": (
        assets.png(manifests.cabx(manifests.store(assets.box(b"jumb", b"")))),
        "a box of it does not say what it is",
    ),
    "something else in place of a store": (
        assets.png(manifests.cabx(assets.box(b"free", b""))),
        "it is no manifest store",
    ),
    "a box of C2PA that does not say what it is for": (
        assets.mp4(assets.box(b"uuid", manifests.C2PA_UUID + b"\x00" * 4 + b"x" * 90)),
        "it does not say what it is for",
    ),
    "a PDF whose store is compressed": (
        assets.pdf(b"5 0 obj\n<< /AFRelationship /C2PA_Manifest >>\nendobj\n"),
        "its stream is compressed",
    ),
    "an SVG whose base64 is broken": (
        assets.svg("<c2pa:manifest>%%%%</c2pa:manifest>"),
        "its base64 is broken",
    ),
    "a store of very many boxes": (
        assets.png(manifests.cabx(manifests.store(assets.box(b"free", b"") * 70_000))),
        "it has many boxes",
    ),
    "a store of very many assertions": (
        assets.png(
            manifests.cabx(
                manifests.store(
                    manifests.manifest(
                        *(manifests.assertion(b"\xa0") for _ in range(jumbf.MAX_ASSERTIONS + 1))
                    )
                )
            )
        ),
        f"it has more than {jumbf.MAX_ASSERTIONS} assertions of a kind",
    ),
    "a TIFF that names its store very often": (
        manifests.tiff(STORE, times=40),
        f"there are more than {MAX_STORES}",
    ),
    "a PNG of very many stores": (
        assets.png(*[manifests.cabx(STORE)] * 40),
        f"there are more than {MAX_STORES}",
    ),
}


LONG = f"it is longer than the {MAX_STORE} octets that are walked through"
PICTURE = b"\x00" * (MAX_STORE + 99)
UNREAD |= {
    "a PNG whose store is over the cap": (
        assets.png()[:-12] + struct.pack(">I", MAX_STORE + 1) + b"caBX" + STORE,
        LONG,
    ),
    "a JPEG whose store is over the cap": (
        assets.jpeg(*manifests.app11(STORE + PICTURE, 65_000)),
        LONG,
    ),
    "a GIF whose store is over the cap": (manifests.gif(STORE + PICTURE), LONG),
    "an SVG whose store is over the cap": (
        assets.svg(f"<c2pa:manifest>{'A' * (2 * MAX_STORE + 4)}</c2pa:manifest>"),
        LONG,
    ),
}


@pytest.mark.parametrize(("body", "why"), UNREAD.values(), ids=UNREAD)
def test_a_store_that_is_not_read_to_its_end_fails_closed(body: bytes, why: str) -> None:
    findings = found(body)
    unread = [one for one in all_of(findings) if one.detail("unread")]
    assert [one.detail("unread") for one in unread] == [why]
    assert not unread[0].reach.restrict_only
    # What it says all the same may restrict.
    assert all(one.reach.restrict_only for one in all_of(findings) if one not in unread)
    # Of an SVG the element around a store is over its own cap too.
    assert set(codes(findings)) == {"embedded-unread"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (manifests.cbor(manifests.REFUSED)[:-1], "it is no CBOR: it is cut"),
        (b"\xa1\x61a\xf9\x7e\x00", "it holds a number that is none"),
        (b"\x00" * (jumbf.MAX_ASSERTION + 1), "it is longer than the 65536 octets"),
    ],
    ids=["cut", "no number", "over the cap"],
)
def test_an_assertion_that_is_not_read_fails_closed(content: bytes, why: str) -> None:
    body = assets.png(manifests.cabx(manifests.saying(content)))
    (one,) = all_of(found(body))
    assert (one.detail("unread") or "").startswith(why)
    assert one.value == b""
    assert not one.reach.restrict_only


def test_an_assertion_in_another_form_fails_closed() -> None:
    box = manifests.superbox(b"xml ", FIELD, assets.box(b"xml ", b"<no/>"))
    (one,) = all_of(found(assets.png(manifests.cabx(manifests.store(manifests.manifest(box))))))
    assert one.detail("unread") == "its content is in a form that is not read"


def test_octets_and_numbers_have_a_form_in_json() -> None:
    value = {"b": b"\x00\x01", "a": [1, -1, 1.5, None, True], "c": "\u2028é"}
    (one,) = all_of(found(assets.png(manifests.cabx(manifests.saying(value)))))
    assert one.value.decode() == '{"a":[1,-1,1.5,null,true],"b":"AAE=","c":"\u2028é"}'


CUT_WITHIN: dict[str, bytes] = {
    "a JPEG": assets.jpeg(*manifests.app11(ALLOWING, 100)),
    "a PNG": assets.png(manifests.cabx(ALLOWING)),
    "a WebP": assets.riff(b"WEBP", (b"C2PA", ALLOWING)),
    "an MP4": assets.mp4(manifests.uuid_box(ALLOWING)),
    "a TIFF": manifests.tiff(ALLOWING),
    "an MP3": assets.id3(assets.frame(b"GEOB", manifests.geob(ALLOWING))),
    "a GIF": manifests.gif(ALLOWING),
    "an SVG": manifests.svg(ALLOWING),
    "a PDF": assets.pdf(manifests.attached(ALLOWING)),
}


@pytest.mark.parametrize("body", CUT_WITHIN.values(), ids=CUT_WITHIN)
def test_an_asset_that_is_cut_never_allows_freely(body: bytes) -> None:
    assert told(body) == [("allowed", True)]
    for end in range(0, len(body), 7):
        findings = found(body[:end], truncated=True)
        freely = [one for one in all_of(findings) if not one.reach.restrict_only]
        if b"jumdc2pa" in body[:end]:
            assert codes(findings) or any(one.value for one in freely)
        for one in freely:
            if not one.detail("unread"):
                # The store came whole; what did not come holds none of it.
                assert len(all_of(findings)) == 1
                assert json.loads(one.value) == manifests.ALLOWED


def test_a_picture_of_a_store_within_another_chunk_is_none() -> None:
    assert found(assets.png(assets.chunk(b"prVt", STORE))) == Findings()


@given(
    st.integers(0, len(STORE) - 1),
    st.binary(min_size=1, max_size=6),
    st.sampled_from(["png", "jpeg", "looks"]),
)
def test_octets_that_are_broken_never_raise(at: int, broken: bytes, form: str) -> None:
    store = STORE[:at] + broken + STORE[at + len(broken) :]
    body = {
        "png": assets.png(manifests.cabx(store)),
        "jpeg": assets.jpeg(*manifests.app11(store, 100)),
        "looks": b"OggS" + store,
    }[form]
    for one in all_of(found(body)):
        if not one.detail("unread"):
            assert (
                one.value
                == json.dumps(
                    json.loads(one.value), ensure_ascii=False, separators=(",", ":"), sort_keys=True
                ).encode()
            )


@given(st.binary(max_size=200))
def test_whatever_stands_where_a_store_should_is_read_or_fails_closed(octets: bytes) -> None:
    said = jumbf.read(octets)
    assert said.unread
    assert all(not one.own for one in said.assertions)


def test_a_box_may_give_its_length_in_eight_octets() -> None:
    inner = manifests.manifest(manifests.assertion(manifests.REFUSED))
    long = b"\x00\x00\x00\x01" + inner[4:8] + struct.pack(">Q", len(inner) + 8) + inner[8:]
    assert told(assets.png(manifests.cabx(manifests.store(long)))) == [("notAllowed", True)]


def test_what_looks_like_a_store_but_for_its_head_is_none() -> None:
    looks = STORE.replace(b"jumb", b"jamb", 1)
    assert found(b"OggS" + looks) == Findings()
    assert told(b"OggS" + looks + STORE) == [("notAllowed", True)]


def test_a_chain_of_boxes_within_boxes_is_walked_in_one_pass() -> None:
    box = b""
    for _ in range(5000):
        box = manifests.superbox(b"c2ma", "x", box)
    said = jumbf.read(manifests.store(box))
    assert said == jumbf.Store()


def test_what_was_disowned_keeps_its_place() -> None:
    whole = jumbf.read(STORE)
    cut = jumbf.read(STORE[:-1])
    assert cut.unread == "it is cut"
    assert cut.assertions == tuple(replace(each, own=False) for each in whole.assertions)
