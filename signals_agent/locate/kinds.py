"""What kind of asset a response is, told by its media type and its octets."""

import re

from signals_agent.model.capture import Capture

_BOM_OR_SPACE = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\x00\t\n\x0b\f\r ]*+<")
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s++|<\?[^>]{0,2000}+>|<!--(?:[^-]|-(?!->)){0,4000}+-->"
    rb"|<![dD][oO][cC][tT][yY][pP][eE][^>]{0,2000}+>)*+<(?:[A-Za-z0-9_.-]{1,100}:)?html[\s/>]",
    re.IGNORECASE,
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*+<(?:\?xml|svg|rss|feed|rdf:|urlset|sitemapindex)", re.I)
_IMAGES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
)
_BOXED_IMAGE = re.compile(
    rb"RIFF....WEBP|....ftyp(?:avif|avis|heic|heix|mif1|msf1)|\xff\x0a", re.DOTALL
)
_DRAWING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.{0,2000}?-->\s*+)?<svg[\s>]",
    re.DOTALL | re.IGNORECASE,
)
_HTML_TYPE = re.compile(
    rb"(?:^|[\s,])(?:text/html|application/xhtml\+xml)(?![\w.+-])", re.IGNORECASE
)
_PAGE = "text/html"
_TYPE = re.compile(r"[a-z]+/[a-z0-9!#$&^_.+-]+")
_SAYS_NOTHING = frozenset(
    {
        "*/*",
        "application/octet-stream",
        "application/unknown",
        "binary/octet-stream",
        "unknown/unknown",
    }
)


def is_html(capture: Capture) -> bool:
    """Whether a response is read as HTML: by its media type, or by its octets.

    A type that is missing, broken or says nothing (``application/octet-stream``) does not
    hide a page. XML counts where its root is ``html``. Text that is served as text is none.
    """
    if capture.content_type == _PAGE:
        return True
    lines = capture.field_lines(b"content-type")
    if any(_HTML_TYPE.search(line) for line in lines):
        return True
    kind = capture.content_type
    body = capture.body or b""
    if kind in ("text/xml", "application/xml"):
        return _ROOT.match(body) is not None
    if is_other_kind(kind):
        return False
    if _XML.match(body):
        return _ROOT.match(body) is not None
    return _BOM_OR_SPACE.match(body) is not None


def may_be_html(capture: Capture) -> bool:
    """Whether a response of which only the header section is known may be a page."""
    if any(_HTML_TYPE.search(line) for line in capture.field_lines(b"content-type")):
        return True
    return not is_other_kind(capture.content_type)


def is_nameless(capture: Capture) -> bool:
    """Whether no media type was sent, or none that is well-formed."""
    return not _TYPE.fullmatch(capture.content_type)


def began_as_nothing(capture: Capture) -> bool:
    """Whether a body that was cut held too little to tell whether it is a page."""
    kind = capture.content_type
    if is_other_kind(kind) and kind not in ("text/xml", "application/xml"):
        return False
    beginning = (capture.body or b"").lstrip(b"\xef\xbb\xbf\x00\t\n\x0b\f\r ")
    return not beginning or _XML.match(beginning) is not None


def is_other_kind(kind: str) -> bool:
    """Whether a media type is a well-formed one of something else than HTML."""
    return bool(_TYPE.fullmatch(kind)) and kind not in _SAYS_NOTHING


def is_drawing(body: bytes) -> bool:
    """Whether XML is an SVG drawing."""
    return _DRAWING.match(body) is not None


def media(capture: Capture) -> str:
    """``image`` where the asset is an image, by type or octets, else empty (rule R36)."""
    kind = capture.content_type
    if kind == _PAGE:
        return ""
    if kind.startswith("image/"):
        return "image"
    if is_other_kind(kind):
        return ""
    body = capture.body or b""
    image = body.startswith(_IMAGES) or _BOXED_IMAGE.match(body) or is_drawing(body)
    return "image" if image else ""
