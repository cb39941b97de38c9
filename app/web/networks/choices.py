"""Words that requests may choose from."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError


def one_of(*allowed: str) -> Any:
    """A string out of ``allowed``."""

    def check(value: str) -> str:
        if value not in allowed:
            raise PydanticCustomError("choice", "choice", {"allowed": ", ".join(allowed)})
        return value

    return Annotated[str, Field(json_schema_extra={"enum": list(allowed)}), AfterValidator(check)]


def one_or_each(*allowed: str, most: int) -> Any:
    """A string out of ``allowed`` for all, or one or null for each of ``most`` at most."""
    one = {"type": "string", "enum": list(allowed)}
    each = {"type": "array", "items": {"anyOf": [one, {"type": "null"}]}, "maxItems": most}

    def check(value: Any) -> Any:
        known = [*allowed, None] if isinstance(value, list) else allowed
        if not all(told in known for told in (value if isinstance(value, list) else [value])):
            raise PydanticCustomError("choice", "choice", {"allowed": ", ".join(allowed)})
        if isinstance(value, list) and len(value) > most:
            raise PydanticCustomError("max_length", "max_length", {"max_length": most})
        return value

    return Annotated[Any, PlainValidator(check), WithJsonSchema({"anyOf": [one, each]})]
