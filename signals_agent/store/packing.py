"""How a result and its evidence are packed: zlib, with a dictionary that ships with the package."""

import zlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from signals_agent.errors import StoreError

LONGEST: Final = 16 * 1024 * 1024
"""Octets of a text that is packed; a longer one is kept as it is, and none is unpacked to more."""

DICTIONARIES: Final = {0xF8C7D5BE: "dictionary-0001.txt"}
"""The dictionaries by their Adler-32, by which a packed text names its own (RFC 1950 2.2).

None is ever changed or taken out, since what was packed with it could not be read again; with
the last one is packed.
"""

_LEVEL: Final = 3
_HEADER: Final = 6
"""Octets of a zlib header that names a dictionary."""

_NAMES_ONE: Final = 0x20
"""FDICT: the bit of the second octet that says so."""


class Unreadable(ValueError):
    """What is stored is none; the message says what is wrong with it."""


def pack(text: str) -> str | bytes:
    """A text as it is stored; as it is, where packing would make it no shorter."""
    octets = text.encode()
    if len(octets) > LONGEST:
        return text
    packer = _packer().copy()
    packed: bytes = packer.compress(octets) + packer.flush()
    return packed if len(packed) < len(octets) else text


def unpack(stored: object, name: str = "text") -> str:
    """The text that is stored, packed or as it is; raises ``Unreadable``.

    ``name`` is what the message calls it.
    """
    if isinstance(stored, str):
        return stored
    if not isinstance(stored, bytes):
        raise Unreadable(f"its {name} is no text")
    octets = _unpacked(stored, name)
    # Packing keeps what it cannot make shorter: so nothing much can be hidden between the octets.
    if len(octets) <= len(stored):
        raise Unreadable(f"its {name} is packed into more octets than it has")
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"its {name} is no text") from None


def unpacked(stored: object) -> str:
    """The text of a ``result`` or ``evidence`` of a ledger, as another program reads its columns.

    Packed or, in older ledgers, as it is; raises ``StoreError`` where it is damaged.
    """
    try:
        return unpack(stored, "value")
    except Unreadable as error:
        raise StoreError(f"what is stored is no result, nor evidence: {error}") from None


def _unpacked(stored: bytes, name: str) -> bytes:
    known = len(stored) > _HEADER and stored[1] & _NAMES_ONE
    if not known or int.from_bytes(stored[2:_HEADER], "big") not in DICTIONARIES:
        raise Unreadable(f"its {name} is no text, nor packed as this software packs it")
    try:
        reader = _reader(stored[:_HEADER]).copy()
        octets: bytes = reader.decompress(stored[_HEADER:], LONGEST + 1)
    except zlib.error:
        raise Unreadable(f"its {name} is damaged: it cannot be unpacked") from None
    if len(octets) > LONGEST:
        raise Unreadable(f"its {name} is damaged: unpacked it is longer than {LONGEST} octets")
    if not reader.eof:
        raise Unreadable(f"its {name} is damaged: its end is missing")
    if reader.unused_data:
        raise Unreadable(f"its {name} is damaged: beyond its end there are other octets")
    return octets


@lru_cache(maxsize=16)
def _reader(header: bytes) -> Any:
    """What has read a header, and taken in the dictionary that it names."""
    known = DICTIONARIES[int.from_bytes(header[2:], "big")]
    reader = zlib.decompressobj(zdict=_dictionary(known))
    reader.decompress(header)
    return reader


@cache
def _packer() -> Any:
    """What has taken the dictionary in already: a copy of it is made faster than a new one."""
    *_, name = DICTIONARIES.values()
    return zlib.compressobj(_LEVEL, zdict=_dictionary(name))


@cache
def _dictionary(name: str) -> bytes:
    # Whoever checks the sources out may have got other ends of lines.
    found = (files("signals_agent.store") / name).read_bytes().replace(b"\r\n", b"\n")
    if DICTIONARIES.get(zlib.adler32(found)) != name:
        raise StoreError(
            f"the file {name} of signals-agent itself is damaged, and without it neither can a "
            "ledger be written nor what stands in it be read: install signals-agent again"
        )
    return found
