"""Every error, answered once: as problem+json, as an htmx fragment, or as a page."""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from pydantic import ValidationError
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from app.engine.validation import SpecError
from app.errors import (
    InvalidInput,
    InvalidTable,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    RefusedDocument,
    TakebackError,
    TooLarge,
    UnsupportedEncoding,
)
from app.messages.problems import PROBLEMS, problem_detail, problem_title
from app.web.http.observation import request_id
from app.web.http.routing import TABLE_LIMITS
from app.web.http.templating import Templates, is_htmx

T = TypeVar("T")

_log = logging.getLogger("takeback.web")
_MOST_ERRORS = 10
_RETRY_SECONDS = "30"
DEEPEST = 200
"""So many levels of lists and objects inside a body's own does pydantic read."""
# What a log calls an answer that speaks of an attack, a limit or a failure, by status or code.
_EVENTS: Mapping[int | str, str] = {
    413: "body_refused", 415: "body_refused", 429: "limit_reached", 503: "limit_reached",
    507: "store_full", "storage_unavailable": "store_unavailable",
    "storage_set_aside": "store_damaged", "host_refused": "host_refused",
}  # fmt: skip
VARY = "HX-Request, HX-Request-Type, Accept"

# Our codes for pydantic's errors; those that we raise inside pydantic carry their codes already.
_CODES: Mapping[str, str] = {
    theirs: ours
    for ours, all_theirs in {
        "unknown_field": "extra_forbidden",
        "finite": "finite_number",
        "number": "float_type float_parsing",
        "whole_number": "int_type int_parsing int_parsing_size int_from_float",
        "text": "string_type string_unicode",
        "boolean": "bool_type",
        "list": "list_type",
        "object": "dict_type model_type model_attributes_type dataclass_type",
        "minimum": "greater_than_equal",
        "above": "greater_than",
        "below": "less_than",
        "maximum": "less_than_equal",
        "min_length": "too_short",
        "max_length": "too_long",
        "max_characters": "string_too_long",
        "name_pattern": "string_pattern_mismatch",
        "malformed": "json_invalid",
    }.items()
    for theirs in all_theirs.split()
}
# What their sentences need, by its names in pydantic's context.
_VALUES: Mapping[str, str] = {
    "ge": "minimum", "gt": "minimum", "min_length": "minimum", "lt": "maximum", "le": "maximum",
    "max_length": "maximum", "maximum": "maximum", "allowed": "allowed", "expected": "expected",
    "point": "point", "comma": "comma",
}  # fmt: skip


def from_validation(errors: Sequence[Mapping[str, Any]]) -> list[InvalidInput]:
    """pydantic's errors as ours; the input is never echoed."""
    found: list[InvalidInput] = []
    for error in errors[:_MOST_ERRORS]:
        code = error["type"] if error["type"] in PROBLEMS else _CODES.get(error["type"], "invalid")
        pointer = _pointer(error["loc"])
        context = error.get("ctx", {}).items()
        values = {_VALUES[name]: _plain(value) for name, value in context if name in _VALUES}
        if code == "malformed":
            too_deep = "recursion limit" in str(error.get("ctx", {}).get("error"))
            found.append(MalformedRequest("too_deep" if too_deep else None, limit=DEEPEST))
        elif pointer is None and code in ("missing", "object"):
            found.append(MalformedRequest("not_an_object"))
        else:
            found.append(InvalidInput(code, pointer=pointer, **values))
    return found


def read_query(read: Callable[[Mapping[str, Any]], T], query: Mapping[str, Any]) -> T:
    """What ``read`` makes of a query. Raises InvalidInput: the first parameter that is wrong."""
    try:
        return read({**query})
    except ValidationError as error:
        raise from_validation(error.errors())[0] from None


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pointer(location: Sequence[int | str]) -> str | None:
    """A JSON pointer that can always be written: surrogates and over-long keys are cut."""
    texts = (str(part).encode("utf-8", "replace").decode() for part in location)
    texts = ("".join(c if c.isprintable() else "?" for c in text[:40]) for text in texts)
    return "".join("/" + text.replace("~", "~0").replace("/", "~1") for text in texts) or None


def as_errors(error: Exception) -> list[TakebackError]:
    """Any exception as our own, first the one that decides the status."""
    if isinstance(error, InvalidTable):
        return [error, *error.others]
    if isinstance(error, RefusedDocument):
        return [*error.errors]
    if isinstance(error, SpecError):
        return [error.under("/spec")]
    if isinstance(error, TakebackError):
        return [error]
    if isinstance(error, ValidationError):
        return [*from_validation(error.errors(include_url=False, include_input=False))]
    more = {"event": "failure", "code": TakebackError.code}
    _log.exception("unexpected error", exc_info=error, extra=more)
    return [TakebackError()]


def report(error: TakebackError) -> None:
    """Log the error of an answer, if whoever watches over the server wants to know of it."""
    if event := _EVENTS.get(error.code) or _EVENTS.get(error.status):
        more = {"event": event, "code": error.code, "status": error.status}
        _log.warning("a request was answered with %s", error.code, extra=more)


def from_status(status: int, request: Request) -> TakebackError:
    """The error that an HTTP status alone stands for, as the answer to ``request``."""
    if status == 405:
        return MethodNotAllowed(allow=_allowed_methods(request))
    if status == 413 and getattr(request.scope.get("route"), "holds_table", False):
        return TooLarge("csv_bytes", pointer="/new/table", **TABLE_LIMITS)
    if status == 413:
        return TooLarge(limit=request.scope.get(MAX_BODY_SIZE_SCOPE_KEY, request.app.max_body_size))
    known = {404: NotFound, 415: UnsupportedEncoding}
    return known.get(status, MalformedRequest if 400 <= status < 500 else TakebackError)()


def _allowed_methods(request: Request) -> str:
    """Every method that some route answers at the request's path."""
    matching = (r for r in request.app.routes if r.matches(request.scope)[0] is not Match.NONE)
    allowed = {method for route in matching for method in getattr(route, "methods", None) or ()}
    return ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))


def problem(errors: Sequence[TakebackError]) -> dict[str, Any]:
    """RFC 9457 problem details of ``errors``, the first of which decides."""
    first = errors[0]
    body: dict[str, Any] = {
        "type": f"urn:takeback:problem:{first.code}",
        "title": problem_title(first.code),
        "status": first.status,
        "detail": detail(first),
        "code": first.code,
        "request_id": request_id(),
    }
    if first.pointer is None:
        return body
    blaming = [error for error in errors if error.pointer is not None]
    each = [{"pointer": e.pointer, "code": e.code, "detail": detail(e)} for e in blaming]
    return {**body, "pointer": first.pointer, "errors": each}


def detail(error: TakebackError) -> str:
    """The sentence of an error."""
    return problem_detail(error.code, error.pointer, error.values)


def error_headers(error: TakebackError) -> dict[str, str]:
    """The headers that an error brings with it."""
    if isinstance(error, MethodNotAllowed) and "allow" in error.values:
        return {"allow": str(error.values["allow"])}
    if "retry_after" in error.values:
        return {"retry-after": str(math.ceil(float(str(error.values["retry_after"]))))}
    return {"retry-after": _RETRY_SECONDS} if error.status == 503 else {}


def wants_json(request: Request) -> bool:
    """Whether an error is for a program: under the API, or asked for as JSON."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    accept = request.headers.get("accept", "")
    asked = "json" in accept and "text/html" not in accept
    return asked or path.startswith(("/api/", "/health/"))


def respond(request: Request, errors: Sequence[TakebackError], templates: Templates) -> Response:
    """``errors`` in the form that the request can read."""
    first = errors[0]
    report(first)
    headers = {"cache-control": "no-store", "vary": VARY, **error_headers(first)}
    if wants_json(request):
        body = orjson.dumps(problem(errors))
        return Response(body, first.status, headers, "application/problem+json")
    details = [*map(detail, errors)]
    if first.status >= 500 and is_htmx(request) and "seen" in request.query_params:
        # What looks every other second says itself that nobody answers, and takes that back.
        return Response(status_code=first.status, headers=headers)
    context = {
        "status": first.status, "title": problem_title(first.code), "details": details,
        "is_passing": first.status == 503 and request.method == "GET",
        "seeks_class": first.code in ("classroom_not_found", "no_such_code", "no_code"),
        "request_id": request_id(), "table_at": "",
    }  # fmt: skip
    if first.code == "csv_bytes":
        # A file that is so large was not looked at.
        pasted = first.status != 413 or request.headers.get("hx-source") == "textarea#f-table"
        context["table_at"] = "w-f-table" if pasted else "w-f-file"
    name = "problem_update.html" if is_htmx(request) else "problem.html"
    return templates.response(request, name, context, status=first.status, headers=headers)
