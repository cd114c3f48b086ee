"""How content codings are taken off a body as it arrives, within bounds."""

import zlib

_GZIP_MAGIC = b"\x1f\x8b"
_WINDOW_GZIP = 31
_WINDOW_ZLIB = 15
_WINDOW_RAW = -15
_NEVER_A_BOMB = 64 * 1024
"""Octets up to which no ratio is too great: a small page of blanks does no harm."""
MAX_CODINGS = 3

ACCEPTED = "gzip, deflate"
"""What we say that we accept, and all that we can take off."""


class Undecodable(Exception):
    """The body is not in the coding that it says it is in, or not in one that we know."""


class TooDense(Exception):
    """The body decompresses to more than the allowed multiple of what was received."""


class Body:
    """A body as it arrives: octets after decoding, at most ``cap`` of them (rule R39).

    ``codings`` are the values of the ``Content-Encoding`` field lines. ``max_ratio``
    bounds octets kept over octets received; ``None`` where the cap alone is enough.
    """

    def __init__(self, codings: tuple[bytes, ...], cap: int, max_ratio: float | None) -> None:
        self._cap = cap
        self._max_ratio = max_ratio
        self._octets = bytearray()
        self._received = 0
        self._layers = _layers(codings)
        self.full = False

    @property
    def octets(self) -> bytes:
        """What has been decoded so far."""
        return bytes(self._octets)

    @property
    def buffer(self) -> bytearray:
        """The same, not copied."""
        return self._octets

    def feed(self, chunk: bytes) -> bool:
        """Take in octets off the wire; false once the cap is hit and no more is wanted.

        Raises ``Undecodable`` and ``TooDense``.
        """
        self._received += len(chunk)
        # One octet over the cap is asked for, so that a body of just the cap is whole.
        room = self._cap - len(self._octets) + 1
        decoded = self._decode(chunk, room) if self._layers else chunk
        self._octets += decoded[:room]
        if (
            self._max_ratio is not None
            and len(self._octets) > _NEVER_A_BOMB
            and len(self._octets) > self._taken_in * self._max_ratio
        ):
            del self._octets[self._cap :]
            raise TooDense
        # Compressed octets that never decode to anything are bounded as well.
        if len(self._octets) > self._cap or self._received > self._cap + _NEVER_A_BOMB:
            del self._octets[self._cap :]
            self.full = True
        return not self.full

    @property
    def _taken_in(self) -> int:
        """Octets received, without those that nobody decoded because the cap was hit before.

        With one coding alone they are known; what they were in the outer one of two is not.
        """
        return self._received - (self._layers[0].left if len(self._layers) == 1 else 0)

    def _decode(self, chunk: bytes, room: int) -> bytes:
        """Pass a chunk through the layers, outermost first."""
        try:
            for layer in self._layers[:-1]:
                bound = self._cap + _NEVER_A_BOMB
                chunk = layer.decode(chunk, bound)
                if len(chunk) >= bound:
                    raise TooDense
            return self._layers[-1].decode(chunk, room)
        except zlib.error:
            raise Undecodable from None

    def ended_early(self) -> bool:
        """Whether a coding had not come to its end when the body did."""
        return bool(self._received) and any(not layer.ended for layer in self._layers)


class _Layer:
    """One content coding being taken off; the outermost is the last one listed.

    ``left`` are the octets of the last chunk that were not looked at, for want of room.
    """

    def __init__(self, deflate: bool) -> None:
        self._deflate = deflate
        self._window = _WINDOW_ZLIB if deflate else _WINDOW_GZIP
        self._inflater = zlib.decompressobj(self._window)
        self._head = b""
        self._started = False
        self.left = 0

    @property
    def ended(self) -> bool:
        return self._inflater.eof

    def decode(self, chunk: bytes, room: int) -> bytes:
        """At most ``room`` octets of what this chunk decodes to."""
        if self._deflate and not self._started:
            chunk = self._choose(chunk)
        parts: list[bytes] = []
        while chunk and room > 0:
            if self._inflater.eof:
                # RFC 1952 2.2 allows several members; anything else after the end is
                # padding, which every browser ignores.
                chunk, self._head = self._head + chunk, b""
                if chunk == _GZIP_MAGIC[:1]:
                    self._head = chunk
                    break
                if self._deflate or not chunk.startswith(_GZIP_MAGIC):
                    break
                self._inflater = zlib.decompressobj(self._window)
            part = self._inflater.decompress(chunk, room)
            parts.append(part)
            room -= len(part)
            chunk = self._inflater.unconsumed_tail or self._inflater.unused_data
        self.left = 0 if room > 0 else len(chunk)
        return b"".join(parts)

    def _choose(self, chunk: bytes) -> bytes:
        """Whether ``deflate`` has its zlib wrapper; many servers send it without."""
        self._head += chunk
        if len(self._head) < 2:
            return b""
        first, second = self._head[0], self._head[1]
        if first & 0x0F != 8 or (first << 8 | second) % 31:
            self._inflater = zlib.decompressobj(_WINDOW_RAW)
        self._started = True
        head, self._head = self._head, b""
        return head


def _layers(codings: tuple[bytes, ...]) -> list[_Layer]:
    layers: list[_Layer] = []
    for name in b",".join(codings).lower().split(b","):
        coding = name.strip()
        if coding in (b"", b"identity"):
            continue
        if coding not in (b"gzip", b"x-gzip", b"deflate") or len(layers) == MAX_CODINGS:
            raise Undecodable
        layers.append(_Layer(deflate=coding == b"deflate"))
    layers.reverse()
    return layers
