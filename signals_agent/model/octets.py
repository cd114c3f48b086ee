"""Raw octets in a noun, and how they stand in JSON."""

from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class _StandardBase64:
    """Tells pydantic, where it is used, that these bytes are RFC 4648 section 4 base64 in JSON."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: "GetCoreSchemaHandler"
    ) -> "CoreSchema":
        import base64

        from pydantic_core import core_schema

        def decode(text: str) -> bytes:
            return base64.b64decode(text, validate=True)

        def encode(value: bytes) -> str:
            return base64.b64encode(value).decode("ascii")

        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(
                decode, core_schema.str_schema()
            ),
            python_schema=core_schema.union_schema(
                [
                    core_schema.bytes_schema(strict=True),
                    core_schema.no_info_after_validator_function(
                        decode, core_schema.str_schema(strict=True)
                    ),
                ]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(
                encode, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )


Octets = Annotated[bytes, _StandardBase64()]
