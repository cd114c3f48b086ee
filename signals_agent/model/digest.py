"""The SHA-256 of some octets, worked out only when somebody asks for it."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class Digest:
    """A SHA-256 as 64 hexadecimal digits, equal to that text; in JSON it is that text.

    Hashing a page costs a third of parsing it, and most results are never written down,
    so the octets are kept until the digest is first wanted, and let go then.
    """

    __slots__ = ("_octets", "_text")

    def __init__(self, octets: bytes | None, text: str = "") -> None:
        self._octets = octets
        self._text = text

    @property
    def hexdigest(self) -> str:
        """The digits."""
        if self._octets is not None:
            self._text = sha256(self._octets).hexdigest()
            self._octets = None
        return self._text

    def __str__(self) -> str:
        return self.hexdigest

    def __repr__(self) -> str:
        return f"Digest({self.hexdigest!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digest | str) and self.hexdigest == str(other)

    def __hash__(self) -> int:
        return hash(self.hexdigest)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: "GetCoreSchemaHandler"
    ) -> "CoreSchema":
        from pydantic_core import core_schema

        text = core_schema.str_schema(pattern="^[0-9a-f]{64}$")
        read = core_schema.no_info_after_validator_function(lambda given: cls(None, given), text)
        return core_schema.json_or_python_schema(
            json_schema=read,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), read]),
            serialization=core_schema.plain_serializer_function_ser_schema(str, return_schema=text),
        )
