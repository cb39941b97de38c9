"""Every error, answered once: as problem+json, as an htmx fragment, or as a page."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.engine.validation import SpecError
from app.errors import (
    InvalidInput,
    InvalidTable,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    TakebackError,
    TooLarge,
    UnsupportedEncoding,
)
from app.messages.problems import problem_detail, problem_title
from app.web.http.templating import Templates, is_htmx

T = TypeVar("T")

_log = logging.getLogger("takeback.web")
_MOST_ERRORS = 10
_RETRY_SECONDS = "30"
VARY = "HX-Request, HX-Request-Type, Accept"

# pydantic's error type: our code, and what its sentence needs from pydantic's context.
_PYDANTIC: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "missing": ("missing", {}),
    "extra_forbidden": ("unknown_field", {}),
    "finite_number": ("finite", {}),
    "float_type": ("number", {}),
    "float_parsing": ("number", {}),
    "int_type": ("whole_number", {}),
    "int_parsing": ("whole_number", {}),
    "int_parsing_size": ("whole_number", {}),
    "int_from_float": ("whole_number", {}),
    "string_type": ("text", {}),
    "string_unicode": ("text", {}),
    "bool_type": ("boolean", {}),
    "list_type": ("list", {}),
    "dict_type": ("object", {}),
    "model_type": ("object", {}),
    "model_attributes_type": ("object", {}),
    "dataclass_type": ("object", {}),
    "greater_than_equal": ("minimum", {"minimum": "ge"}),
    "greater_than": ("above", {"minimum": "gt"}),
    "less_than": ("below", {"maximum": "lt"}),
    "less_than_equal": ("maximum", {"maximum": "le"}),
    "too_short": ("min_length", {"minimum": "min_length"}),
    "too_long": ("max_length", {"maximum": "max_length"}),
    "string_too_long": ("max_characters", {"maximum": "max_length"}),
    "string_pattern_mismatch": ("name_pattern", {}),
    "json_invalid": ("malformed", {}),
    "choice": ("choice", {"allowed": "allowed"}),
    "bad_query": ("bad_query", {"allowed": "allowed"}),
    "whole_number": ("whole_number", {}),
    "decimal_number": ("decimal_number", {}),
    "layer_sizes": ("layer_sizes", {}),
    "bad_batch_size": ("bad_batch_size", {"maximum": "maximum"}),
    "bad_bias_names": ("bad_bias_names", {}),
    "name_pattern": ("name_pattern", {}),
    "not_an_export": ("not_an_export", {"expected": "expected"}),
    "bad_table": ("bad_table", {"maximum": "maximum"}),
}


def from_validation(errors: Sequence[Mapping[str, Any]], *, skip: int = 0) -> list[InvalidInput]:
    """pydantic's errors as ours; the input is never echoed.

    Args:
        errors: as ``ValidationError.errors()`` gives them.
        skip: how many parts of each location to leave out ("body", "query").
    """
    found: list[InvalidInput] = []
    for error in errors[:_MOST_ERRORS]:
        code, needed = _PYDANTIC.get(error["type"], ("invalid", {}))
        pointer = _pointer(error["loc"][skip:])
        context = error.get("ctx", {})
        values = {ours: _plain(context[theirs]) for ours, theirs in needed.items()}
        if code == "malformed":
            found.append(MalformedRequest())
        elif pointer is None and code in ("missing", "object"):
            found.append(MalformedRequest("not_an_object"))
        else:
            found.append(InvalidInput(code, pointer=pointer, **values))
    return found


def read_query(read: Callable[[Mapping[str, Any]], T], query: Mapping[str, Any]) -> T:
    """What ``read`` makes of a query.

    Raises:
        InvalidInput: a parameter cannot be used; the first one.
    """
    try:
        return read({**query})
    except ValidationError as error:
        raise from_validation(error.errors())[0] from None


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pointer(location: Sequence[int | str]) -> str | None:
    """A JSON pointer that can always be written: surrogates and over-long keys are cut."""
    if not location:
        return None
    parts = []
    for part in location:
        text = str(part).encode("utf-8", "replace").decode()
        text = re.sub(r"[\x00-\x1f\x7f]", "?", text)[:40]
        parts.append(text.replace("~", "~0").replace("/", "~1"))
    return "/" + "/".join(parts)


def as_errors(error: Exception) -> list[TakebackError]:
    """Any exception as our own, first the one that decides the status."""
    if isinstance(error, InvalidTable):
        return [error, *error.others]
    if isinstance(error, SpecError):
        return [error.under("/spec")]
    if isinstance(error, TakebackError):
        return [error]
    if isinstance(error, RequestValidationError):
        return [*from_validation(error.errors(), skip=1)] or [InvalidInput()]
    if isinstance(error, ValidationError):
        return [*from_validation(error.errors())] or [InvalidInput()]
    if isinstance(error, HTTPException):
        return [from_status(error.status_code)]
    _log.exception("unexpected error", exc_info=error)
    return [TakebackError()]


def from_status(status: int, *, body_limit: int = 0) -> TakebackError:
    """The error that an HTTP status alone stands for."""
    if status == 404:
        return NotFound()
    if status == 405:
        return MethodNotAllowed()
    if status == 413:
        return TooLarge(limit=body_limit)
    if status == 415:
        return UnsupportedEncoding()
    if 400 <= status < 500:
        return MalformedRequest()
    return TakebackError()


def problem(errors: Sequence[TakebackError]) -> dict[str, Any]:
    """RFC 9457 problem details of ``errors``, the first of which decides."""
    first = errors[0]
    body: dict[str, Any] = {
        "type": f"urn:takeback:problem:{first.code}",
        "title": problem_title(first.code),
        "status": first.status,
        "detail": detail(first),
        "code": first.code,
    }
    if first.pointer is not None:
        body["pointer"] = first.pointer
        body["errors"] = [
            {"pointer": error.pointer, "code": error.code, "detail": detail(error)}
            for error in errors
            if error.pointer is not None
        ]
    return body


def detail(error: TakebackError) -> str:
    """The sentence of an error."""
    return problem_detail(error.code, error.pointer, error.values)


def error_headers(error: TakebackError) -> dict[str, str]:
    """The headers that an error brings with it."""
    if isinstance(error, MethodNotAllowed) and "allow" in error.values:
        return {"allow": str(error.values["allow"])}
    return {"retry-after": _RETRY_SECONDS} if error.status == 503 else {}


def wants_json(request: Request) -> bool:
    """Whether an error is for a program: under the API, or asked for as JSON."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    if path.startswith(("/api/", "/health/")):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


def respond(request: Request, errors: Sequence[TakebackError], templates: Templates) -> Response:
    """``errors`` in the form that the request can read."""
    first = errors[0]
    headers = {"cache-control": "no-store", "vary": VARY, **error_headers(first)}
    if wants_json(request):
        body = orjson.dumps(problem(errors))
        return Response(body, first.status, headers, "application/problem+json")
    context = {
        "status": first.status,
        "title": problem_title(first.code),
        "details": [detail(error) for error in errors],
    }
    name = "problem_update.html" if is_htmx(request) else "problem.html"
    return templates.response(request, name, context, status=first.status, headers=headers)
