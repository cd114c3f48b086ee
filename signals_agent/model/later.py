"""What is worked out when somebody looks at it, and then stays."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

T = TypeVar("T")


class Later(Generic[T]):
    """A value that is made when it is first looked at.

    Reading what a page says of itself costs as much as reading its declarations, and most
    results are never written down.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make
        self._made: T | None = None

    @property
    def made(self) -> T:
        """The value itself."""
        if self._make is not None:
            self._made, self._make = self._make(), None
        assert self._made is not None
        return self._made

    def __getattr__(self, name: str) -> Any:
        return getattr(self.made, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.made)  # type: ignore[call-overload, no-any-return]  # only iterated where T is

    def __len__(self) -> int:
        return len(self.made)  # type: ignore[arg-type]  # only measured where T has a length

    def __bool__(self) -> bool:
        return bool(self.made)

    def __getitem__(self, index: Any) -> Any:
        return self.made[index]  # type: ignore[index]  # only where T is a sequence

    def __eq__(self, other: object) -> bool:
        return bool(self.made == (other.made if isinstance(other, Later) else other))

    def __hash__(self) -> int:
        return hash(self.made)

    def __repr__(self) -> str:
        return repr(self.made)


class MayBeLater:
    """Tells pydantic, where it is used, to take and to write a ``Later`` too."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: "GetCoreSchemaHandler"
    ) -> "CoreSchema":
        from pydantic_core import core_schema

        now = handler(source)

        def write(value: Any, inner: Callable[[Any], Any]) -> Any:
            return inner(value.made if isinstance(value, Later) else value)

        return core_schema.json_or_python_schema(
            json_schema=now,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(Later), now]),
            serialization=core_schema.wrap_serializer_function_ser_schema(write, schema=now),
        )
