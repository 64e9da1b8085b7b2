"""Says in words what a request has to bring, from the models that check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel


def wanted(route: APIRoute, error: RequestValidationError) -> str:
    """Return in words what is wrong with a request, without repeating what it brought.

    Args:
        route: that was asked.
        error: what is wrong with it.
    """
    where, *names = error.errors()[0]["loc"]
    if where == "body" and route.body_field is not None:
        return f"The body must be {body_in_words(route.body_field.field_info.annotation)}."
    return f"{'.'.join(map(str, names)) or where}: {error.errors()[0]['msg'].lower()}."


def body_in_words(body: Any) -> str:
    """Return in words what a body has to be, such as '{"volume": a number from 0 to 1}'."""
    if not (isinstance(body, type) and issubclass(body, BaseModel)):
        return "JSON as the API's description has it"
    schema = body.model_json_schema()
    kinds = schema.get("$defs", {})
    fields = [f'"{name}": {_values(field, kinds)}' for name, field in schema["properties"].items()]
    some = "" if schema.get("required") or not fields else "any of "
    return f"{{{some}{', '.join(fields)}}}"


def _values(field: Mapping[str, Any], kinds: Mapping[str, Any]) -> str:
    """Return in words which values a field can have, by its JSON schema."""
    if "$ref" in field:
        return _values(kinds[field["$ref"].rpartition("/")[2]], kinds)
    if "anyOf" in field:
        return " or ".join(_values(one, kinds) for one in field["anyOf"])
    if "enum" in field:
        *most, last = (f'"{value}"' for value in field["enum"])
        return f"{', '.join(most)} or {last}" if most else last
    if field.get("type") == "number" and "minimum" in field and "maximum" in field:
        return f"a number from {field['minimum']:g} to {field['maximum']:g}"
    return str(field.get("type", "anything"))
