"""Where the head of an HTML page ends, as its octets arrive."""

import re

_NEXT = re.compile(
    rb"<!--|</head(?=[\s/>])|<body(?=[\s/>])|<(script|style|title|textarea|template|noscript)(?=[\s/>])|<[a-zA-Z/!?]",
    re.IGNORECASE,
)
# Tags that neither end a head nor hold text of their own, with what stands before each: what
# most of a head is, and is passed over in one step.
_PLAIN = re.compile(
    rb"""(?:(?:[^<]++|<(?![a-zA-Z/!?]))*+"""
    rb"""<(?!!--|/head[\s/>]|(?:body|script|style|title|textarea|template|noscript)[\s/>])"""
    rb"""[a-zA-Z/!?](?:[^>"']++|"[^"]*+"|'[^']*+')*+>)++""",
    re.IGNORECASE,
)
_TAG_END = re.compile(rb"""(?:[^>"']|"[^"]*+"|'[^']*+')*+>""")


class HeadEnd:
    """Finds the first ``</head`` or ``<body`` that is markup, not text or a comment.

    Where it cannot tell, it says that the head goes on: then more of the page is read.
    Each octet is looked at a bounded number of times. ``end`` is behind the mark, once it is
    reached.
    """

    def __init__(self) -> None:
        self.end = 0
        self._at = 0
        self._need = 0

    def reached(self, octets: bytes | bytearray) -> bool:
        """Whether these octets, which only ever grow, hold the end of the head."""
        # Scanning starts again at the last construct that was still open, so it waits
        # until there is half as much again: linear in all.
        if len(octets) < self._need:
            return False
        while True:
            plain = _PLAIN.match(octets, self._at)
            if plain is not None:
                self._at = plain.end()
            found = _NEXT.search(octets, self._at)
            if found is None:
                break
            mark = found[0][:6].lower()
            if mark in (b"</head", b"<body"):
                self.end = found.end()
                return True
            end = self._past(octets, found)
            if end is None:
                self._at = found.start()
                self._need = len(octets) + (len(octets) - self._at) // 2
                return False
            self._at = end
        # A mark may be half here; the longest has nine octets and one to look ahead at.
        self._at = max(self._at, len(octets) - 12)
        return False

    @staticmethod
    def _past(octets: bytes | bytearray, found: re.Match[bytes]) -> int | None:
        """Where the construct that begins here ends; ``None`` while it is open."""
        if found[0] == b"<!--":
            end = octets.find(b"-->", found.start() + 2)
            return None if end < 0 else end + 3
        tag = _TAG_END.match(octets, found.end())
        if tag is None:
            return None
        if found[1] is None:
            return tag.end()
        closing = re.compile(rb"</" + found[1] + rb"(?=[\s/>])", re.IGNORECASE)
        close = closing.search(octets, tag.end())
        return None if close is None else close.end()
