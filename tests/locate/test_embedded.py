"""Declarations in the metadata of images, documents, sounds and films."""

import struct
import zlib
from collections.abc import Callable

import assets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import embedded
from signals_agent.locate.embedded_packet import MAX_OCTETS, MAX_PACKETS, scan
from signals_agent.locate.found import Findings
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import Located
from signals_agent.model.position import ElementPosition

URL = "https://site.example/picture"
FIELDS = (
    "plus:DataMining",
    "plus:OtherConstraints",
    "Iptc4xmpExt:LinkedEncRightsExpr",
    "Iptc4xmpExt:EmbdEncRightsExpr",
    "xmpRights:WebStatement",
    "xmpRights:UsageTerms",
    "cc:license",
    "dc:rights",
    "tdm-reservation",
    "tdm-policy",
    "rsl",
)
FAMILIES = [("licence" if "cense" in field else "any", field) for field in FIELDS]
LISTENS = [(family, Listen("embedded", field)) for family, field in FAMILIES]
JOINED = [(family, Listen("embedded", field, joined=True)) for family, field in FAMILIES]
XMP = assets.mining()
BEHIND = assets.uuid_box(XMP)
BLOCK = f"<plus:DataMining>{assets.PROHIBITED}</plus:DataMining>"
ISO = b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def found(body: bytes, *, truncated: bool = False, listens: list = LISTENS) -> Findings:
    capture = Capture(URL, status=200, body=body, truncated=truncated)
    return embedded.locate(capture, source=URL, capture_id="cap-1", listens=listens)


def all_of(findings: Findings) -> list[Located]:
    return [one for unit in findings.units for one in unit]


def said(body: bytes, **more: bool) -> list[tuple[str, str]]:
    return [(one.field, one.value.decode()) for one in all_of(found(body, **more))]


def codes(findings: Findings) -> list[str]:
    return [note.code for note in findings.notes]


def unread(findings: Findings) -> dict[str, str]:
    return {one.field: one.detail("unread") for one in all_of(findings) if one.detail("unread")}


def markup(packet: bytes = XMP) -> str:
    """What stands in a packet's frame."""
    return packet.decode().split("?>\n", 1)[1].split("\n  <?xpacket")[0]


WIDE = XMP.decode().encode("utf-16-le")
PRIV = b"XMP\x00" + XMP
FORMATS: dict[str, tuple[bytes, str]] = {
    "a JPEG": (assets.jpeg(assets.app1(XMP)), "jpeg APP1"),
    "a JPEG with fill octets before a marker": (
        assets.jpeg(b"\xff\xff" + assets.app1(XMP)),
        "jpeg APP1",
    ),
    "a PNG": (assets.png(assets.itxt(XMP)), "png iTXt"),
    "a PNG, behind its pixels": (assets.png(behind=[assets.itxt(XMP)]), "png iTXt"),
    "a PNG, as tEXt": (
        assets.png(assets.chunk(b"tEXt", b"XML:com.adobe.xmp\x00" + XMP)),
        "png tEXt",
    ),
    "a GIF": (assets.gif(XMP), "gif XMP"),
    "a GIF, in sub-blocks": (assets.gif(XMP, blocks=True), "gif XMP"),
    "a WebP": (assets.webp(XMP), "riff XMP"),
    "a TIFF, little end first": (assets.tiff(XMP), "tiff tag 700"),
    "a TIFF, big end first": (assets.tiff(XMP, ">"), "tiff tag 700"),
    "a big TIFF": (assets.tiff(XMP, big=True), "tiff tag 700"),
    "an MP4": (assets.mp4(BEHIND), "uuid box"),
    "an MP4, behind its film": (assets.mp4(assets.box(b"mdat", b"\x00" * 99), BEHIND), "uuid box"),
    "an MP4 with a long box": (
        assets.mp4(b"\x00\x00\x00\x01mdat" + struct.pack(">Q", 20) + b"film", BEHIND),
        "uuid box",
    ),
    "a film of QuickTime": (
        assets.mp4(assets.box(b"moov", assets.box(b"udta", assets.box(b"XMP_", XMP)))),
        "XMP_ box",
    ),
    "a JPEG XL": (
        b"\x00\x00\x00\x0cJXL \r\n\x87\n" + assets.box(b"xml ", XMP),
        "xml box",
    ),
    "a HEIF": (assets.heif(XMP), "item of XMP"),
    "an MP3 by ID3v2.4": (assets.id3(assets.frame(b"PRIV", PRIV)), "id3 PRIV"),
    "an MP3 by ID3v2.3": (
        assets.id3(assets.frame(b"PRIV", PRIV, 3), version=3),
        "id3 PRIV",
    ),
    "an MP3 whose tag has a head more": (
        assets.id3(b"\x00\x00\x00\x06\x01\x00", assets.frame(b"PRIV", PRIV), flags=0x40),
        "id3 PRIV",
    ),
    "an MP3 by ID3v2.3 whose tag has a head more": (
        assets.id3(
            b"\x00\x00\x00\x06" + b"\x00" * 6,
            assets.frame(b"PRIV", PRIV, 3),
            version=3,
            flags=0x40,
        ),
        "id3 PRIV",
    ),
    "a WAV": (assets.riff(b"WAVE", (b"data", b"123"), (b"_PMX", XMP)), "riff _PMX"),
    "a WAV with an ID3 tag": (
        assets.riff(b"WAVE", (b"id3 ", assets.id3(assets.frame(b"PRIV", PRIV)))),
        "id3 PRIV",
    ),
    "an AIFF": (
        b"FORM\x00\x00\x00\x00AIFFAPPL" + struct.pack(">I", len(XMP) + 4) + b"XMP " + XMP,
        "aiff APPL",
    ),
    "a PDF": (assets.pdf(assets.stream(XMP, 3)), "pdf metadata"),
    "a PDF whose catalog is out of sight": (
        assets.pdf(assets.stream(XMP, 3), metadata=None),
        "pdf metadata",
    ),
    "an SVG": (assets.svg(markup()), "svg metadata"),
    "a JPEG whose segment has a misspelt head": (
        assets.jpeg(assets.segment(0xE1, b"http://ns.adobe.com/xap/1.0/" + XMP)),
        "jpeg APP1",
    ),
    "an MP3 whose tag follows another": (
        b"ID3\x04\x00\x00\x00\x00\x00\x10" + bytes(16) + assets.id3(assets.frame(b"PRIV", PRIV)),
        "id3 PRIV",
    ),
    "an MP3 whose lengths are written as iTunes wrote them": (
        assets.id3(b"APIC\x00\x00\x01\xc8\x00\x00" + bytes(0x1C8), assets.frame(b"PRIV", PRIV, 3)),
        "by its looks",
    ),
    "a FLAC": (b"fLaC\x02\x00\x00\x04" + XMP, "by its looks"),
    "a PSD": (b"8BPS\x00\x01" + XMP, "by its looks"),
    "a file of Ogg in UTF-16": (b"OggS\x01" + WIDE, "by its looks"),
}
CODED: dict[str, tuple[bytes, str]] = {
    "a PNG whose text is compressed": (assets.png(assets.itxt(XMP, coded=True)), "png iTXt"),
    "a PNG as ImageMagick writes it": (
        assets.png(
            assets.chunk(
                b"zTXt",
                b"Raw profile type xmp\x00\x00"
                + zlib.compress(b"\nxmp\n%8d\n" % len(XMP) + XMP.hex("\n", 36).encode()),
            )
        ),
        "png zTXt",
    ),
    "a PNG with the whole segment of a JPEG": (
        assets.png(
            assets.chunk(
                b"zTXt",
                b"Raw profile type APP1\x00\x00"
                + zlib.compress(
                    b"\napp1\n%8d\n" % len(assets.XAP + XMP)
                    + (assets.XAP + XMP).hex("\n", 36).encode()
                ),
            )
        ),
        "png zTXt",
    ),
    "a PDF whose stream is compressed": (
        assets.pdf(assets.stream(XMP, 3, coded=True)),
        "pdf metadata",
    ),
    "an ID3 tag that is unsynchronised": (
        assets.id3(
            assets.frame(b"APIC", b"\xff\xe0" * 9, 3),
            assets.frame(b"PRIV", PRIV, 3),
            version=3,
            flags=0x80,
        ),
        "id3 PRIV",
    ),
    "an ID3 frame that is compressed": (
        assets.id3(assets.frame(b"PRIV", b"\x00\x00\x09\x09" + zlib.compress(PRIV), 4, 0x09)),
        "id3 PRIV",
    ),
}


@pytest.mark.parametrize(("body", "place"), FORMATS.values(), ids=FORMATS)
def test_a_packet_is_found_where_its_format_has_it(body: bytes, place: str) -> None:
    findings = found(body)
    (one,) = all_of(findings)
    assert (one.field, one.value.decode()) == ("plus:DataMining", assets.PROHIBITED)
    assert one.detail("packet") == place
    assert not one.reach.restrict_only
    position = one.declaration.position
    assert isinstance(position, ElementPosition)
    assert position.element == "plus:datamining"
    octets = bytes(one.declaration.octets)
    assert octets.replace(b"\x00", b"").startswith(b"<plus:DataMining>")
    assert body.startswith(octets, position.offset)
    assert codes(findings) == []


@pytest.mark.parametrize(("body", "place"), CODED.values(), ids=CODED)
def test_a_packet_that_is_compressed_has_the_place_of_its_code(body: bytes, place: str) -> None:
    findings = found(body)
    (one,) = all_of(findings)
    assert (one.field, one.value.decode()) == ("plus:DataMining", assets.PROHIBITED)
    assert one.detail("packet") == place
    assert bytes(one.declaration.octets) == (
        f"<plus:DataMining>{assets.PROHIBITED}</plus:DataMining>".encode()
    )
    position = one.declaration.position
    assert isinstance(position, ElementPosition)
    assert 0 < position.offset < len(body)
    assert codes(findings) == []


def test_big_endian_utf_16_is_told_from_little_endian() -> None:
    wide = "<x:a xmlns:x='y'/>" + XMP.decode()
    for codec in ("utf-16-be", "utf-16-le"):
        body = b"\x00OggS\x00" + wide.encode(codec)
        (one,) = all_of(found(body))
        octets = bytes(one.declaration.octets)
        assert octets.decode(codec).startswith("<plus:DataMining>")
        assert isinstance(one.declaration.position, ElementPosition)
        assert body.startswith(octets, one.declaration.position.offset)


def test_extended_xmp_is_put_together_in_any_order() -> None:
    filler = f"<dc:rights>{'r' * 60_000}</dc:rights>"
    long = assets.packet(f"{filler}{BLOCK}{filler.replace('r>', 'R>')}")
    parts = assets.extended(long)
    assert len(parts) == 3
    main = assets.app1(assets.packet("<cc:license>CC0-1.0</cc:license>"))
    body = assets.jpeg(main, parts[2], parts[0], parts[1])
    findings = found(body)
    by_field = {one.field: one for one in all_of(findings)}
    assert by_field["cc:license"].value == b"CC0-1.0"
    mining = by_field["plus:DataMining"]
    assert mining.detail("packet") == "jpeg extended XMP"
    assert isinstance(mining.declaration.position, ElementPosition)
    # It begins in one segment and may end in another.
    assert body.startswith(b"<plus:DataMining", mining.declaration.position.offset)
    assert codes(findings) == []


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(lambda parts: parts[1:], id="the first part is missing"),
        pytest.param(lambda parts: [parts[0], parts[2]], id="a part in the middle is missing"),
        pytest.param(lambda parts: parts[:-1], id="the last part is missing"),
    ],
)
def test_extended_xmp_with_a_gap_fails_closed(parts: Callable[[list[bytes]], list[bytes]]) -> None:
    long = assets.packet(f"<dc:rights>{'r' * 150_000}</dc:rights>")
    findings = found(assets.jpeg(*parts(assets.extended(long))))
    assert unread(findings) == dict.fromkeys(
        ("plus:DataMining", "cc:license"), "parts of it are missing"
    )
    assert "embedded-unread" in codes(findings)


STRUCTURE = (
    "<Iptc4xmpExt:LinkedEncRightsExpr><rdf:Bag><rdf:li {open}>"
    "<Iptc4xmpExt:RightsExprEncType>odrl</Iptc4xmpExt:RightsExprEncType>"
    "<Iptc4xmpExt:LinkedRightsExpr>https://r.example/1</Iptc4xmpExt:LinkedRightsExpr>"
    "{close}</rdf:li></rdf:Bag></Iptc4xmpExt:LinkedEncRightsExpr>"
)
LINKED = [("Iptc4xmpExt:LinkedEncRightsExpr", "https://r.example/1")]


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        pytest.param(
            assets.packet(attributes=f'plus:DataMining="{assets.PROHIBITED}"'),
            [("plus:DataMining", assets.PROHIBITED)],
            id="an attribute",
        ),
        pytest.param(
            assets.packet(f'<plus:DataMining rdf:resource="{assets.PROHIBITED}"/>'),
            [("plus:DataMining", assets.PROHIBITED)],
            id="a resource",
        ),
        pytest.param(
            assets.packet(
                BLOCK.replace("http", '<rdf:Description rdf:about="http').replace("</", '"/></')
            ),
            [("plus:DataMining", assets.PROHIBITED)],
            id="a node of its own",
        ),
        pytest.param(
            assets.packet(
                '<plus:DataMining rdf:parseType="Resource"><rdf:value>DMI-ALLOWED</rdf:value>'
                "</plus:DataMining>"
            ),
            [("plus:DataMining", "DMI-ALLOWED")],
            id="a value with qualifiers",
        ),
        pytest.param(
            assets.packet(BLOCK).replace(b"plus:", b"p:").replace(b":plus=", b":p="),
            [("plus:DataMining", assets.PROHIBITED)],
            id="another prefix",
        ),
        pytest.param(
            assets.packet(BLOCK).replace(b"ldf/xmp/1.0/", b"LDF/1.0/"),
            [("plus:DataMining", assets.PROHIBITED)],
            id="the other namespace of PLUS",
        ),
        pytest.param(
            assets.packet(BLOCK).replace(b"http://ns.useplus.org", b"https://ns.useplus.org"),
            [("plus:DataMining", assets.PROHIBITED.replace("http:", "https:"))],
            id="a namespace by https",
        ),
        pytest.param(
            assets.packet(BLOCK).replace(b"ns.useplus.org/ldf/xmp", b"elsewhere.example"),
            [],
            id="our prefix on a namespace of others",
        ),
        pytest.param(
            assets.packet(BLOCK).replace(b"xmlns:plus=", b"title="),
            [("plus:DataMining", assets.PROHIBITED)],
            id="our prefix that is bound to nothing",
        ),
        pytest.param(
            assets.packet(
                "<xmpRights:UsageTerms><rdf:Alt>"
                '<rdf:li xml:lang="de-DE">Nur mit Erlaubnis</rdf:li>'
                '<rdf:li xml:lang="x-default">By permission only</rdf:li>'
                "</rdf:Alt></xmpRights:UsageTerms>"
            ),
            [("xmpRights:UsageTerms", "By permission only")],
            id="alternatives in languages",
        ),
        pytest.param(
            assets.packet(
                '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default"/>'
                '<rdf:li xml:lang="en">© Ada</rdf:li></rdf:Alt></dc:rights>'
            ),
            [("dc:rights", "© Ada")],
            id="a default that is empty",
        ),
        pytest.param(
            assets.packet(
                "<plus:DataMining><rdf:Bag><rdf:li>DMI-ALLOWED</rdf:li>"
                "<rdf:li>DMI-PROHIBITED</rdf:li><rdf:li>DMI-ALLOWED</rdf:li></rdf:Bag>"
                "</plus:DataMining>"
            ),
            [("plus:DataMining", "DMI-ALLOWED"), ("plus:DataMining", "DMI-PROHIBITED")],
            id="a bag, each value once",
        ),
        pytest.param(
            assets.packet(
                "<dc:rights><cc:Agent><dc:title>Ada Wren</dc:title></cc:Agent></dc:rights>"
                "<cc:license><cc:License "
                'rdf:about="http://creativecommons.org/licenses/by/4.0/"/></cc:license>'
            ),
            [
                ("dc:rights", "Ada Wren"),
                ("cc:license", "http://creativecommons.org/licenses/by/4.0/"),
            ],
            id="as drawing programs write it",
        ),
        pytest.param(
            assets.packet(
                "<tdm:reservation>1</tdm:reservation><tdm:policy>https://p.example/</tdm:policy>"
            ),
            [("tdm-reservation", "1"), ("tdm-policy", "https://p.example/")],
            id="TDMRep",
        ),
        pytest.param(
            assets.packet("<tdm:reservation>1</tdm:reservation>").replace(
                b"ns/tdmrep/", b"ns/tdmrep#"
            ),
            [("tdm-reservation", "1")],
            id="TDMRep by its other namespace",
        ),
        pytest.param(
            assets.packet(attributes='Iptc4xmpExt:DMI-PROHIBITED-AIMLTRAINING="true"'),
            [("plus:DataMining", "DMI-PROHIBITED-AIMLTRAINING")],
            id="an old property named like a value",
        ),
        pytest.param(
            assets.packet("<Iptc4xmpExt:DMI-PROHIBITED/>"),
            [("plus:DataMining", "DMI-PROHIBITED")],
            id="an old property without a value",
        ),
        pytest.param(
            assets.packet("<Iptc4xmpExt:DMI-PROHIBITED>false</Iptc4xmpExt:DMI-PROHIBITED>"),
            [("plus:DataMining", "DMI-PROHIBITED=false")],
            id="an old property that is denied",
        ),
        pytest.param(
            assets.packet(STRUCTURE.format(open='rdf:parseType="Resource"', close="")),
            LINKED,
            id="a structure",
        ),
        pytest.param(
            assets.packet(
                STRUCTURE.format(open="", close="</rdf:Description>").replace(
                    "<rdf:li >", "<rdf:li><rdf:Description>"
                )
            ),
            LINKED,
            id="a structure as a node",
        ),
        pytest.param(
            assets.packet(
                "<Iptc4xmpExt:LinkedEncRightsExpr><rdf:Bag><rdf:li "
                'Iptc4xmpExt:RightsExprEncType="odrl" '
                'Iptc4xmpExt:LinkedRightsExpr="https://r.example/1"/>'
                "</rdf:Bag></Iptc4xmpExt:LinkedEncRightsExpr>"
            ),
            LINKED,
            id="a structure in attributes",
        ),
        pytest.param(assets.packet("<plus:DataMining/>"), [], id="an empty property"),
        pytest.param(
            b"<rdf:Description xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
            b"xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/' plus:DataMining='DMI-PROHIBITED'/>",
            [("plus:DataMining", "DMI-PROHIBITED")],
            id="a description without RDF around it",
        ),
    ],
)
def test_a_property_is_read_in_every_form_that_rdf_allows(
    packet: bytes, expected: list[tuple[str, str]]
) -> None:
    findings = found(assets.jpeg(assets.app1(packet)))
    assert [(one.field, one.value.decode()) for one in all_of(findings)] == expected
    assert codes(findings) == []
    ids = [one.declaration.id for one in all_of(findings)]
    assert len(ids) == len(set(ids))


def test_an_attribute_is_shown_with_its_own_octets() -> None:
    written = assets.packet(attributes="xmpRights:Marked='True' cc:license = 'CC &amp; BY' ")
    body = assets.jpeg(assets.app1(written))
    (one,) = all_of(found(body))
    assert one.value == b"CC & BY"
    assert bytes(one.declaration.octets) == b"cc:license = 'CC &amp; BY'"
    position = one.declaration.position
    assert isinstance(position, ElementPosition)
    assert position.element == "rdf:description"
    assert body.startswith(b"<rdf:Description", position.offset)


TERMS = (
    '<{0}rsl><{0}content url="https://site.example/picture" server="https://s.example/a?b=1&amp;c=2">'
    '<{0}license><{0}prohibits type="usage">ai-train</{0}prohibits></{0}license>'
    "</{0}content></{0}rsl>"
)

WIDE_TERMS = b"\x01" + (
    TERMS.format("").replace("<rsl>", '<rsl xmlns="https://rslstandard.org/rsl">').encode("utf-16")
)


@pytest.mark.parametrize(
    ("body", "element"),
    [
        pytest.param(
            assets.jpeg(assets.app1(assets.packet(TERMS.format("rsl:")))), "rsl:rsl", id="in XMP"
        ),
        pytest.param(
            assets.jpeg(
                assets.app1(assets.packet(TERMS.format("t:")).replace(b"xmlns:rsl=", b"xmlns:t="))
            ),
            "rsl:rsl",
            id="by another prefix",
        ),
        pytest.param(
            assets.jpeg(
                assets.app1(
                    assets.packet(
                        TERMS.format("").replace(
                            "<rsl>", '<rsl xmlns="https://rslstandard.org/rsl">'
                        )
                    )
                )
            ),
            "rsl:rsl",
            id="by no prefix",
        ),
        pytest.param(
            assets.jpeg(
                assets.app1(
                    assets.packet(
                        TERMS.format("rsl:").replace("<rsl:rsl>", "").replace("</rsl:rsl>", "")
                    )
                )
            ),
            "rsl:content",
            id="the content alone",
        ),
        pytest.param(
            assets.png(
                assets.itxt(
                    TERMS.format("")
                    .replace("<rsl>", '<rsl xmlns="https://rslstandard.org/rsl">')
                    .encode(),
                    b"rsl",
                )
            ),
            "rsl:rsl",
            id="in a text of a PNG",
        ),
        pytest.param(
            assets.id3(
                assets.frame(
                    b"TXXX",
                    b"\x03RSL\x00"
                    + TERMS.format("")
                    .replace("<rsl>", '<rsl xmlns="https://rslstandard.org/rsl">')
                    .encode()
                    + b"\x00",
                )
            ),
            "rsl:rsl",
            id="in a text of an ID3 tag",
        ),
        pytest.param(
            assets.id3(b"TXX" + len(WIDE_TERMS).to_bytes(3, "big") + WIDE_TERMS, version=2),
            "rsl:rsl",
            id="in a text of an old ID3 tag, in UTF-16",
        ),
    ],
)
def test_rsl_terms_become_a_document_of_their_own(body: bytes, element: str) -> None:
    import xml.etree.ElementTree as ET

    findings = found(body)
    (one,) = all_of(findings)
    assert one.field == "rsl"
    space = "{https://rslstandard.org/rsl}"
    root = ET.fromstring(one.value)
    assert root.tag == f"{space}rsl"
    content = root[0]
    assert content.tag == f"{space}content"
    assert content.attrib == {"url": URL, "server": "https://s.example/a?b=1&c=2"}
    (prohibits,) = content.iter(f"{space}prohibits")
    assert (prohibits.attrib, prohibits.text) == ({"type": "usage"}, "ai-train")
    position = one.declaration.position
    assert isinstance(position, ElementPosition)
    assert position.element == element
    assert body.startswith(bytes(one.declaration.octets), position.offset)
    assert bytes(one.declaration.octets).rstrip(b"\x00").endswith(b">")
    assert codes(findings) == []


def test_terms_of_another_vocabulary_within_rsl_keep_their_namespace() -> None:
    import xml.etree.ElementTree as ET

    inner = (
        '<rsl:rsl><o:x xmlns:o="urn:o"><rsl:content url=""/></o:x>'
        '<y xmlns=""><rsl:z/></y></rsl:rsl>'
    )
    (one,) = all_of(found(assets.jpeg(assets.app1(assets.packet(inner)))))
    tags = [element.tag for element in ET.fromstring(one.value).iter()]
    space = "{https://rslstandard.org/rsl}"
    assert tags == [f"{space}rsl", "{urn:o}x", f"{space}content", "y", f"{space}z"]


def description(about: str, value: str = "DMI-PROHIBITED") -> str:
    return (
        f'<rdf:Description rdf:about="{about}" plus:DataMining="{value}">'
        "<cc:license>CC0-1.0</cc:license></rdf:Description>"
    )


@pytest.mark.parametrize(
    ("packet", "subjects"),
    [
        pytest.param(
            assets.packet(BLOCK, about="https://elsewhere.example/original.jpg"),
            [("page", False)],
            id="one description, by the address of the original",
        ),
        pytest.param(
            assets.packet(BLOCK, around=description("uuid:1234")),
            [("page", False)] * 3,
            id="two descriptions of no address",
        ),
        pytest.param(
            assets.packet(BLOCK, around=description(URL + "#x")),
            [("page", False)] * 3,
            id="two descriptions, of this address and of none",
        ),
        pytest.param(
            assets.packet(BLOCK, around=description("https://elsewhere.example/")),
            [("page", False), ("part", True), ("part", True)],
            id="a description of something else",
        ),
        pytest.param(
            assets.packet(around=description("https://elsewhere.example/")),
            [("part", True), ("part", True)],
            id="a description of something else, beside one that says nothing",
        ),
        pytest.param(
            assets.packet(
                BLOCK,
                about="https://elsewhere.example/original.jpg",
                around="<cc:License rdf:about='http://creativecommons.org/licenses/by/4.0/'/>",
            ),
            [("page", False)],
            id="the original, beside a description of the licence",
        ),
        pytest.param(
            assets.packet(
                BLOCK + "<xmpMM:Pantry><rdf:Bag><rdf:li>"
                '<rdf:Description plus:DataMining="DMI-PROHIBITED"/></rdf:li><rdf:li '
                'rdf:parseType="Resource"><cc:license>CC0-1.0</cc:license></rdf:li></rdf:Bag>'
                "</xmpMM:Pantry>"
            ),
            [("page", False), ("part", True), ("part", True)],
            id="an ingredient",
        ),
        pytest.param(
            assets.packet(
                "<cc:license rdf:resource='http://creativecommons.org/licenses/by/4.0/'/>",
                around="<cc:License rdf:about='http://creativecommons.org/licenses/by/4.0/'>"
                "<cc:permits rdf:resource='http://creativecommons.org/ns#Sharing'/></cc:License>",
            ),
            [("page", False)],
            id="a description of the licence",
        ),
    ],
)
def test_what_is_about_something_else_may_only_restrict(
    packet: bytes, subjects: list[tuple[str, bool]]
) -> None:
    seen = all_of(found(assets.jpeg(assets.app1(packet))))
    assert [(str(one.subject.scope), one.reach.restrict_only) for one in seen] == subjects


PICTURE = assets.stream(assets.mining("DMI-ALLOWED"), 5)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            assets.pdf(PICTURE, assets.stream(XMP, 3)),
            {"DMI-ALLOWED": "part", assets.PROHIBITED: "page"},
            id="the catalog names the document's",
        ),
        pytest.param(
            assets.pdf(PICTURE, assets.stream(XMP, 3), metadata=None),
            {"DMI-ALLOWED": "unclear", assets.PROHIBITED: "unclear"},
            id="the catalog is out of sight",
        ),
        pytest.param(
            assets.pdf(assets.stream(assets.mining("DMI-ALLOWED"), 3))
            + assets.stream(XMP, 3)
            + b"%%EOF",
            {assets.PROHIBITED: "page"},
            id="an update replaces it",
        ),
        pytest.param(
            assets.pdf(
                assets.stream(XMP, 3)
                + b"9 0 obj\n<< /Type /EmbeddedFile >>\nstream\n"
                + b" " * 1024
                + assets.pdf(assets.stream(assets.mining("DMI-ALLOWED"), 3))
                + b"\nendstream\nendobj\n"
            ),
            {"DMI-ALLOWED": "part", assets.PROHIBITED: "page"},
            id="an attached document has an object of the same number",
        ),
        pytest.param(
            assets.pdf(assets.stream(XMP, 3).replace(b" /Type /Metadata /Subtype /XML", b"")),
            {assets.PROHIBITED: "page"},
            id="the stream does not say what it is",
        ),
        pytest.param(
            b"%PDF-1.4\n1 0 obj\n<< /Length 9 >>\nstream\n" + XMP + b"endstream\n%%EOF",
            {assets.PROHIBITED: "unclear"},
            id="there is no stream of metadata at all",
        ),
    ],
)
def test_of_a_pdf_only_what_its_catalog_names_is_the_documents(
    body: bytes, expected: dict[str, str]
) -> None:
    seen = {one.value.decode(): str(one.subject.scope) for one in all_of(found(body))}
    assert seen == expected


def test_what_one_packet_says_is_one_unit_where_a_family_wants_it_so() -> None:
    inner = BLOCK + "<plus:OtherConstraints>Ask</plus:OtherConstraints>"
    body = assets.jpeg(assets.app1(assets.packet(inner)), assets.app1(XMP))
    apart = [[one.field for one in unit] for unit in found(body).units]
    assert apart == [["plus:DataMining"], ["plus:OtherConstraints"], ["plus:DataMining"]]
    units = [[one.field for one in unit] for unit in found(body, listens=JOINED).units]
    assert units == [["plus:DataMining", "plus:OtherConstraints"], ["plus:DataMining"]]


LOOKS = b"pixels" + assets.mining("DMI-ALLOWED") + b"pixels"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(assets.jpeg(assets.app1(XMP), pixels=LOOKS), id="a JPEG"),
        pytest.param(assets.png(assets.itxt(XMP), assets.chunk(b"IDAT", LOOKS)), id="a PNG"),
        pytest.param(assets.mp4(assets.box(b"mdat", LOOKS), BEHIND), id="a film"),
        pytest.param(assets.tiff(XMP) + LOOKS, id="a TIFF"),
        pytest.param(assets.riff(b"WEBP", (b"VP8 ", LOOKS), (b"XMP ", XMP)), id="a WebP"),
    ],
)
def test_what_looks_like_a_packet_in_the_picture_is_none(body: bytes) -> None:
    assert said(body) == [("plus:DataMining", assets.PROHIBITED)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xff\xd8\xff\xe0\x00\x01" + XMP, id="a segment of no length"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x04ab not a marker " + XMP, id="no marker follows"),
        pytest.param(SIGNATURE + b"\xff\xff\xff\xff12345" + XMP, id="a chunk of no name"),
        pytest.param(SIGNATURE + b"\x7f\xff\xff\xffzzzz" + XMP, id="a chunk of two gigabytes"),
        pytest.param(b"GIF89a" + b"\x00" * 7 + b"?" + XMP, id="a GIF of no known block"),
        pytest.param(
            b"RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff" + XMP, id="a WAV of no known length"
        ),
        pytest.param(ISO + b"\xff\xff\xff\xffmdat" + XMP, id="a box of four gigabytes"),
        pytest.param(ISO + b"\x00\x00\x00\x03mdat" + XMP, id="a box shorter than its head"),
        pytest.param(
            b"ID3\x04\x00\x00\x00\x00\x00\x7fTIT2\x7f\x7f\x7f\x7f\x00\x00" + XMP,
            id="an ID3 frame longer than its tag",
        ),
        pytest.param(b"II*\x00\xff\xff\xff\x7f" + XMP, id="a directory that is nowhere"),
        pytest.param(
            b"MM\x00*\x00\x00\x00\x08\xff\xff" + XMP, id="a directory of too many entries"
        ),
    ],
)
def test_where_a_format_is_not_kept_to_packets_are_found_by_their_looks(body: bytes) -> None:
    findings = found(body)
    assert [one.value.decode() for one in all_of(findings)] == [assets.PROHIBITED]
    assert all_of(findings)[0].detail("packet") == "by its looks"


def test_directories_of_a_tiff_that_go_round_end() -> None:
    body = assets.tiff(XMP, following=8)
    assert said(body) == [("plus:DataMining", assets.PROHIBITED)]


def long(size: int) -> bytes:
    return assets.packet(f"<dc:rights>{'r' * size}</dc:rights>")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(
            assets.png(assets.itxt(long(MAX_OCTETS))),
            f"it is longer than the {MAX_OCTETS} octets that are read",
            id="a packet over the cap",
        ),
        pytest.param(
            assets.png(assets.itxt(XMP + b" " * (MAX_OCTETS * 3), coded=True)),
            f"it is longer than the {MAX_OCTETS} octets that are read",
            id="a compressed packet over the cap",
        ),
        pytest.param(
            assets.pdf(assets.stream(XMP + b" " * (MAX_OCTETS // 2), 3, coded=True)),
            "it grows more than 100 times when it is inflated",
            id="a packet that grows out of nothing",
        ),
        pytest.param(
            assets.jpeg(*[assets.app1(XMP)] * (MAX_PACKETS + 5)),
            f"there are more than {MAX_PACKETS}",
            id="too many packets",
        ),
        pytest.param(
            assets.jpeg(
                assets.app1(
                    assets.packet("".join(f"<dc:rights>{n}</dc:rights>" for n in range(300)))
                )
            ),
            "more than 200 properties",
            id="too many properties",
        ),
        pytest.param(
            assets.jpeg(
                assets.app1(
                    XMP.replace(b"<x:xmpmeta", b"<!DOCTYPE x [<!ENTITY a 'b&c;'>]><x:xmpmeta")
                )
            ),
            "its document type declares entities or attributes",
            id="entities",
        ),
        pytest.param(
            assets.jpeg(assets.app1(assets.packet("<a>" * 300 + BLOCK + "</a>" * 300))),
            "elements nest deeper than 200",
            id="elements in elements",
        ),
        pytest.param(
            assets.png(assets.chunk(b"zTXt", b"XML:com.adobe.xmp\x00\x00no zlib at all")),
            "it cannot be inflated",
            id="a code that is broken",
        ),
        pytest.param(
            assets.pdf(assets.stream(XMP, 3, extra=b" /Filter [/ASCII85Decode /FlateDecode]")),
            "its filters are not known: /ASCII85Decode /FlateDecode",
            id="a filter that we do not know",
        ),
        pytest.param(
            assets.pdf(assets.stream(bytes(range(128, 250)), 3)),
            "it is no XML; it may be encrypted",
            id="a document that is encrypted",
        ),
        pytest.param(
            assets.heif(b"").replace(b"pixels", b"\x78\x9cpixels"),
            "it is named, and not among the octets",
            id="an item that is compressed",
        ),
    ],
)
def test_what_is_there_and_not_read_fails_closed(body: bytes, why: str) -> None:
    findings = found(body)
    assert {"plus:DataMining": why, "cc:license": why}.items() <= unread(findings).items()
    assert "embedded-unread" in codes(findings)
    for note in findings.notes:
        assert note.clause == "rule R39"
        assert note.summary.isprintable()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param(assets.jpeg(assets.app1(XMP)), XMP, id="a JPEG"),
        pytest.param(assets.png(assets.itxt(XMP)), XMP, id="a PNG"),
        pytest.param(assets.gif(XMP), XMP, id="a GIF"),
        pytest.param(assets.webp(XMP), XMP, id="a WebP"),
        pytest.param(assets.tiff(XMP), XMP, id="a TIFF"),
        pytest.param(assets.mp4(BEHIND), XMP, id="a film"),
        pytest.param(assets.heif(XMP), XMP, id="a HEIF"),
        pytest.param(assets.id3(assets.frame(b"PRIV", PRIV)), XMP, id="a sound"),
        pytest.param(assets.pdf(assets.stream(XMP, 3)), XMP, id="a PDF"),
    ],
)
def test_a_packet_that_is_cut_fails_closed_and_what_came_of_it_counts(
    body: bytes, where: bytes
) -> None:
    begin = body.find(where)
    behind = begin + where.find(b"</plus:DataMining>") + 20
    for truncated in (True, False):
        findings = found(body[:behind], truncated=truncated)
        assert set(unread(findings)) == {"plus:DataMining", "cc:license"}
        assert "embedded-unread" in codes(findings)
        assert assets.PROHIBITED.encode() in {one.value for one in all_of(findings)}


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        pytest.param(assets.png(behind=[assets.itxt(XMP)]), 45, id="a PNG"),
        pytest.param(assets.mp4(assets.box(b"mdat", b"x" * 500), BEHIND), 100, id="a film"),
        pytest.param(assets.webp(XMP), 40, id="a WebP"),
        pytest.param(assets.pdf(assets.stream(XMP, 3)), 40, id="a PDF"),
        pytest.param(assets.jpeg(assets.app1(XMP)), 15, id="a JPEG"),
        pytest.param(b"8BPS" + b"\x00" * 200 + XMP, 100, id="a format that is not known"),
        pytest.param(assets.svg(markup()), 130, id="an SVG"),
    ],
)
def test_what_may_stand_behind_a_cut_leaves_a_note_and_no_more(body: bytes, cut: int) -> None:
    findings = found(body[:cut], truncated=True)
    assert findings.units == ()
    assert codes(findings) == ["embedded-in-part"]
    assert found(body[:cut]).units == ()


def test_what_is_named_and_stands_behind_a_cut_fails_closed() -> None:
    for body in (assets.tiff(XMP), assets.heif(XMP)):
        findings = found(body[: body.find(XMP)], truncated=True)
        assert set(unread(findings)) == {"plus:DataMining", "cc:license"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param("bytes 0-99/2000", ["embedded-in-part"], id="a part"),
        pytest.param("bytes 0-99/100", [], id="the whole, as a part"),
    ],
)
def test_a_part_that_was_asked_for_is_taken_for_cut(fields: str, expected: list[str]) -> None:
    body = assets.png(behind=[assets.itxt(XMP)])[:100]
    capture = Capture(URL, status=206, headers=[("Content-Range", fields)], body=body)
    findings = embedded.locate(capture, source=URL, capture_id="c", listens=LISTENS)
    assert [code for code in codes(findings) if code == "embedded-in-part"] == expected


def test_a_packet_in_an_old_encoding_has_the_place_of_its_beginning() -> None:
    words = "<dc:rights>\u8457\u4f5c\u6a29</dc:rights>"
    text = markup(assets.packet(words))
    written = b'<?xml version="1.0" encoding="shift_jis"?>' + text.encode("shift_jis")
    body = assets.jpeg(assets.app1(written))
    (one,) = all_of(found(body))
    assert one.value.decode() == "\u8457\u4f5c\u6a29"
    assert isinstance(one.declaration.position, ElementPosition)
    assert one.declaration.position.offset == body.find(b"<?xml")


def test_pixels_that_are_cut_leave_no_note_where_all_metadata_came_before() -> None:
    body = assets.jpeg(assets.app1(XMP), pixels=b"\x00" * 900)[:-500]
    assert codes(found(body, truncated=True)) == []


@pytest.mark.parametrize(
    ("packet", "unread_fields", "code"),
    [
        pytest.param(
            XMP.replace(b"</rdf:RDF>", b"</x></rdf:RDF>"),
            set(),
            "embedded-broken",
            id="broken behind all that speaks",
        ),
        pytest.param(
            assets.packet("<a>", around=BLOCK),
            {"plus:DataMining", "cc:license"},
            "embedded-unread",
            id="broken before something that speaks",
        ),
    ],
)
def test_a_packet_that_is_not_well_formed_counts_as_far_as_it_goes(
    packet: bytes, unread_fields: set[str], code: str
) -> None:
    findings = found(assets.jpeg(assets.app1(packet)))
    assert set(unread(findings)) == unread_fields
    assert code in codes(findings)


def test_a_value_over_the_cap_is_not_read() -> None:
    findings = found(assets.png(assets.itxt(long(70_000))))
    (one,) = all_of(findings)
    assert one.value == b""
    assert one.detail("unread").startswith("it is longer than the 65536 octets")
    assert len(bytes(one.declaration.octets)) <= 8192


def test_an_svg_of_a_drawing_program_is_read_with_the_roots_namespaces() -> None:
    declared = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:cc="http://web.resource.org/cc/"'
    )
    inner = (
        '<rdf:RDF><cc:Work rdf:about=""><cc:license '
        'rdf:resource="http://creativecommons.org/licenses/by-sa/4.0/"/></cc:Work></rdf:RDF>'
    )
    body = assets.svg(inner, declared)
    (one,) = all_of(found(body))
    assert one.value == b"http://creativecommons.org/licenses/by-sa/4.0/"
    assert isinstance(one.declaration.position, ElementPosition)
    assert body.startswith(b"<cc:license", one.declaration.position.offset)
    assert (
        said(
            body.replace(b"<metadata>", b"<!-- <metadata>").replace(
                b"/metadata>", b"/metadata> -->"
            )
        )
        == []
    )
    assert said(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == []


def test_an_svg_that_is_larger_than_a_packet_may_be_is_read_all_the_same() -> None:
    body = assets.svg(markup()).replace(b"<rect", b"<path d='" + b"M0 0 " * 300_000 + b"'/><rect")
    assert len(body) > MAX_OCTETS
    assert said(body) == [("plus:DataMining", assets.PROHIBITED)]


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("image/jpeg", None, True),
        ("image/svg+xml", b"<svg/>", True),
        ("audio/mpeg", b"", True),
        ("video/mp4", b"", True),
        ("application/pdf; qs=0.9", b"", True),
        ("application/octet-stream", assets.webp(b""), True),
        ("", assets.pdf(), True),
        ("", b"OggS", True),
        ("", b"plain words", False),
        ("application/json", assets.jpeg(), False),
        ("application/zip", b"PK", False),
        ("binary/octet-stream", assets.jpeg(), True),
        ("application/force-download", assets.pdf(), True),
        ("application/force-download", b"plain words", False),
        ("jpeg", assets.jpeg(), True),
        ("application/vnd.adobe.photoshop", None, True),
        ("text/plain", b"%PDF-1.4", False),
    ],
)
def test_what_may_embed_metadata_is_told_by_type_or_octets(
    content_type: str, body: bytes | None, expected: bool
) -> None:
    headers = [("Content-Type", content_type)] if content_type else []
    assert embedded.may_embed(Capture(URL, status=200, headers=headers, body=body)) is expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"GIF89a", id="a GIF of its name"),
        pytest.param(b"GIF89a" + b"\x00" * 7 + b"\x2c\x00", id="a GIF that ends in a head"),
        pytest.param(b"ID3\x04", id="a tag of its name"),
        pytest.param(b"II*\x00", id="a TIFF of its name"),
        pytest.param(assets.id3(assets.frame(b"COMM", b"\x00eng\x00hello")), id="a comment"),
        pytest.param(
            assets.id3(assets.frame(b"COMM", b"\x00\x00\x00\x09" + zlib.compress(b"x"), 4, 0x09)),
            id="a comment that is compressed",
        ),
        pytest.param(assets.png(assets.chunk(b"tEXt", b"k" * 99)), id="a text without a keyword"),
        pytest.param(
            assets.png(assets.chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"x"))),
            id="a text of another keyword",
        ),
        pytest.param(assets.jpeg(assets.segment(0xE1, b"Exif\x00\x00")), id="Exif alone"),
        pytest.param(assets.pdf(metadata=None), id="a PDF without metadata"),
        pytest.param(assets.pdf(metadata=7), id="a PDF whose metadata are nowhere"),
        pytest.param(
            assets.pdf(
                b"3 0 obj\n<< /Type /Metadata /Subtype /JSON >>\nstream\n{}\nendstream\n"
            ).replace(b" /Metadata 3 0 R", b""),
            id="a PDF with metadata of another kind",
        ),
    ],
)
def test_an_asset_without_a_packet_declares_nothing(body: bytes) -> None:
    assert found(body) == Findings()


def test_nothing_in_hand_declares_nothing() -> None:
    capture = Capture(URL, status=200, headers=[("Content-Type", "image/png")])
    assert embedded.locate(capture, source=URL, capture_id="c", listens=LISTENS) == Findings()
    assert found(assets.png()) == Findings()


def test_scanning_is_linear_where_nothing_closes() -> None:
    """Each beginning looks for its end once, and what has none is the last."""
    body = b"<rdf:RDF>" * 100_000
    assert len(list(scan(body, "x"))) == 1


TAG = b"\xbc\x02\x01\x00\x00\x00\x10\x00\x08\x00\x00\x00"
MANY = " ".join(f"plus:DataMining{n}='' cc:x{n}=''" for n in range(20_000))
METADATA = b"/Type/Metadata/Subtype/XML"
HOSTILE = [
    pytest.param(b"\xff\xd8" + assets.app1(b"") * 100_000, id="empty segments"),
    pytest.param(assets.jpeg(*[assets.app1(long(60_000))] * 80), id="segments to their limit"),
    pytest.param(SIGNATURE + assets.chunk(b"tEXt", b"") * 80_000, id="empty chunks"),
    pytest.param(b"GIF89a" + b"\x00" * 7 + b"\x21\x01\x01\x00\x00" * 200_000, id="GIF blocks"),
    pytest.param(
        b"GIF89a" + b"\x00" * 7 + (b"\x21\xff\x0bXMP DataXMP<x:" + b"\x00") * 60_000,
        id="GIF packets",
    ),
    pytest.param(b"RIFF\x00\x00\x00\x00WEBP" + b"XMP \x00\x00\x00\x00" * 100_000, id="chunks"),
    pytest.param(b"II*\x00\x08\x00\x00\x00\xff\xff" + TAG * 80_000, id="one tag again and again"),
    pytest.param(assets.mp4(assets.box(b"udta", b"") * 120_000), id="empty boxes"),
    pytest.param(
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + assets.frame(b"PRIV", b"x") * 90_000, id="frames"
    ),
    pytest.param(b"%PDF-1.4" + (METADATA + b" stream\n") * 30_000, id="names in a PDF"),
    pytest.param(
        b"%PDF-1.4" + (b"1 0 obj<<" + METADATA + b"/Filter/Fl>>stream\n") * 20_000,
        id="streams in a PDF",
    ),
    pytest.param(b"%PDF-1.4" + b"1 0 obj " * 100_000, id="objects in a PDF"),
    pytest.param(b"%PDF-1.4" + b"obj/Type/Catalog/Metadata 1 0 R" * 30_000, id="catalogs in a PDF"),
    pytest.param(b"<svg>" + b"<metadata>" * 100_000, id="metadata that never ends"),
    pytest.param(b"<svg " + b"a" * 1_000_000, id="a tag that never ends"),
    pytest.param(b'<svg a="b" ' * 40_000, id="roots that never end"),
    pytest.param(
        b"RIFF\x00\x00\x00\x00WAVE"
        + b"id3 \x0a\x00\x00\x00ID3\x03\x00\x80\x7f\x7f\x7f\x7f" * 30_000,
        id="tags in chunks that claim the whole file",
    ),
    pytest.param(
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f"
        + assets.frame(b"PRIV", b"\0\0\7\7" + zlib.compress(PRIV + b" " * 900_000), 4, 9) * 500,
        id="bombs in frames",
    ),
    pytest.param(
        b"%PDF-1.4" + (b"1 0 obj<<" + METADATA + b">>stream\n") * 100_000,
        id="plain streams in a PDF that never end",
    ),
    pytest.param(b"8BPS" + b"<x:xmpmeta" * 100_000, id="packets that never end"),
    pytest.param(b"8BPS" + b"<x:xmpmeta></x:xmpmeta>" * 50_000, id="packets of nothing"),
    pytest.param(assets.svg(markup(assets.packet(attributes=MANY))), id="attributes"),
]


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_octets_end(body: bytes) -> None:
    for truncated in (False, True):
        findings = found(body, truncated=truncated)
        assert len(findings.units) < 1000
        assert len(findings.notes) <= MAX_PACKETS + 2


SEEDS = [body for body, _ in (*FORMATS.values(), *CODED.values())]


@given(st.sampled_from(SEEDS), st.data())
def test_spoilt_octets_never_raise(body: bytes, data: st.DataObject) -> None:
    spoilt = bytearray(body)
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(spoilt)))
    findings = found(bytes(spoilt[:cut]), truncated=data.draw(st.booleans()))
    for one in all_of(findings):
        assert isinstance(one.declaration.position, ElementPosition)
        if not one.detail("unread"):
            assert 0 <= one.declaration.position.offset < cut


@given(st.sampled_from(SEEDS), st.data())
def test_a_cut_never_turns_a_refusal_into_silence_once_its_packet_began(
    body: bytes, data: st.DataObject
) -> None:
    """A packet of which anything that speaks came is read, or fails closed (rule R39)."""
    name = b"<plus:DataMining"
    at = body.find(name)
    if at < 0:
        return
    cut = data.draw(st.integers(at + len(name), len(body)))
    findings = found(body[:cut], truncated=True)
    assert any(one.field == "plus:DataMining" for one in all_of(findings))


def test_a_packet_behind_the_root_of_another_fails_closed() -> None:
    """Expat ends at the root; a refusal behind it was not read (rule R39)."""
    body = assets.jpeg(assets.app1(assets.mining("DMI-UNSPECIFIED") + XMP))
    assert set(unread(found(body))) == {"plus:DataMining", "cc:license"}
    padded = assets.jpeg(assets.app1(assets.mining("DMI-UNSPECIFIED") + b"\x00" * 50))
    assert unread(found(padded)) == {}


def test_xmp_that_brotli_compressed_is_there_and_not_read() -> None:
    """An encoder of JPEG XL may compress its box of XMP (rule R39)."""
    head = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
    findings = found(head + assets.box(b"brob", b"xml \x8b\x02"))
    assert set(unread(findings)) == {"plus:DataMining", "cc:license"}
    assert codes(findings) == ["embedded-unread"]
    assert found(head + assets.box(b"brob", b"Exif\x8b\x02")) == Findings()


def test_a_compressed_frame_that_grows_too_much_fails_closed() -> None:
    """A frame of XMP's owner over the cap is not dropped (rule R39)."""
    code = zlib.compress(PRIV + b" " * 2 * MAX_OCTETS)
    body = assets.id3(assets.frame(b"PRIV", b"\x00\x00\x09\x09" + code, 4, 0x09))
    assert set(unread(found(body))) == {"plus:DataMining", "cc:license"}


def test_a_value_in_several_languages_refuses_where_any_of_them_does() -> None:
    """The property is no text, so its default language does not decide (rule R18)."""
    inner = (
        "<plus:DataMining><rdf:Alt><rdf:li xml:lang='x-default'>DMI-ALLOWED</rdf:li>"
        "<rdf:li xml:lang='en'>DMI-PROHIBITED</rdf:li></rdf:Alt></plus:DataMining>"
    )
    values = [value for _, value in said(assets.jpeg(assets.app1(assets.packet(inner))))]
    assert values == ["DMI-ALLOWED", "DMI-PROHIBITED"]


@pytest.mark.parametrize("cut", [400, 401])
def test_digits_that_are_cut_are_read_as_far_as_they_go(cut: int) -> None:
    """A refusal in what came of a packet counts, also where a digit stands alone."""
    digits = b"\nxmp\n%8d\n" % len(XMP) + XMP.hex().encode()
    text = assets.chunk(b"tEXt", b"Raw profile type xmp\x00" + digits)
    body = assets.png(text)
    at = body.index(digits) + len(digits) - 2 * (len(XMP) - XMP.index(b"</plus")) - 1 + cut % 2
    findings = found(body[: at + 60], truncated=True)
    assert ("plus:DataMining", assets.PROHIBITED) in [
        (one.field, one.value.decode()) for one in all_of(findings)
    ] or set(unread(findings)) == {"plus:DataMining", "cc:license"}
    assert codes(findings)[0] == "embedded-unread"


def test_a_segment_of_exif_in_a_png_is_no_packet() -> None:
    """ImageMagick keeps Exif under the same name."""
    digits = b"\nexif\n%8d\n" % 10 + b"Exif\x00\x00II*\x00".hex().encode()
    text = assets.chunk(b"tEXt", b"Raw profile type APP1\x00" + digits)
    assert found(assets.png(text)) == Findings()
    assert unread(found(assets.png(text)[:100], truncated=True)) == {}
