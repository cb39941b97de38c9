"""JSON bodies: read strictly, answered with every digit."""

import json
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sized
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from json import JSONDecodeError
from typing import Any, TypeVar

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict

from app.engine.activations import Array
from app.errors import InvalidInput, MalformedRequest, TooLarge, UnsupportedMediaType
from app.lab.runs import Slices
from app.web.budgets.processes import LARGE, Handed
from app.web.http.application import pool_of
from app.web.http.problems import DEEPEST
from app.web.http.text import media_type_of, printable_part


class Model(BaseModel):
    """The base of what JSON bodies hold: strict, closed, finite."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


M = TypeVar("M", bound=Model)
_MOST_DIGITS, _MOST_KEYS = 20, 5_000
_SMALL = 64 * 1024
_PIECE = 50_000
_SCANNED = 64 * 1024
_WORDS = ("true", "false", "null")
# More of these than any network needs; parsing them all would keep everybody waiting.
_MOST_MARKS = {b"{": 50_000, b"[": 300_000, b'"': 200_000, b",": 1_200_000}


def content_of(body: bytes) -> Any:
    """What a JSON body holds, for a model to validate.

    Of a large body a model makes several copies if it reads it itself, and another for each error
    about what lies in it.

    Raises:
        TooLarge: a large body is made of too many parts.
        MalformedRequest: a key stands twice, a whole number is huge, its end is missing, or it is
            not JSON.
        UnicodeDecodeError: it is not UTF-8.
    """
    check_marks(body)
    text = body.decode("utf-8-sig")
    del body  # whoever has it nowhere else need not have both
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise MalformedRequest("too_deep", limit=DEEPEST) from None
    except JSONDecodeError as error:
        rest = text[error.pos :].strip()
        ended = any(word.startswith(rest) for word in _WORDS) or "Unterminated" in error.msg
        if ended and text.lstrip().startswith("{"):
            raise MalformedRequest("cut_off", count=len(text)) from None
        raise MalformedRequest from None


def _check_json(body: bytes) -> None:
    """Refuse what JSON parsers read in different ways, or would take too long to read.

    Whether it is JSON at all is the model's to say. Raises TooLarge and MalformedRequest.
    """
    check_marks(body)
    with suppress(ValueError, RecursionError):
        _DECODER.decode(body.decode())


def check_marks(body: bytes) -> None:
    """Raise TooLarge if a large body is made of too many parts; they are counted, not read.

    What stands within a text, such as a table, is no part.
    """
    if len(body) <= _SMALL:
        return
    # Counted in one go, these would keep everybody waiting.
    pieces = (body[at : at + _SCANNED] for at in range(0, len(body), _SCANNED))
    found = Counter[bytes]()
    for piece in pieces:
        found.update({mark: piece.count(mark) for mark in _MOST_MARKS})
    over = [mark for mark, most in _MOST_MARKS.items() if found[mark] > most]
    found = Counter[bytes]()
    for piece in _outside(body) if over else ():
        for mark in over:
            found[mark] += piece.count(mark)
            if found[mark] > (most := _MOST_MARKS[mark]):
                raise TooLarge("too_many_parts", mark=mark.decode(), limit=f"{most:,}")


def check_texts(body: bytes) -> None:
    """Raise TooLarge if a JSON body has a text of thousands of characters."""
    # One that goes on through a whole piece leaves nothing of it.
    if len(body) > _SMALL and not all(_outside(body)):
        raise TooLarge("long_text", limit=f"{_SCANNED:,}")


def _outside(body: bytes) -> Iterator[bytes]:
    """A JSON body without what its texts say, a piece at a time: others' turns come between."""
    is_text, at = False, 0
    while at < len(body):
        piece = body[at : at + _SCANNED]
        at += len(piece)
        if (len(piece) - len(piece.rstrip(b"\\"))) % 2 and at < len(body):
            piece, at = piece[:-1], at - 1  # what it escapes comes next
        parts = piece.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
        yield b"".join(parts[is_text::2]) + b'"' * (len(parts) - 1)
        is_text ^= len(parts) % 2 == 0


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if len(pairs) > _MOST_KEYS:
        raise TooLarge("too_many_keys", limit=f"{_MOST_KEYS:,}")
    for key, value in pairs:
        if key in found:
            raise MalformedRequest("key_twice", key=printable_part(key)[:40])
        found[key] = value
    return found


def _sized(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise MalformedRequest("huge_number", maximum=_MOST_DIGITS)
    return int(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=_sized)


async def read(request: Request, model: type[M], query: Collection[str] = ()) -> M:
    """The request's JSON body; an empty one is an empty object. ``query`` may be in its address.

    Raises:
        ValidationError: a field cannot be used, or the body is not JSON.
        InvalidInput: another value stands in the address.
        UnsupportedMediaType: the body is declared as something else.
    """
    _check_query(request, query)
    body = await body_of(request)
    _check_type(request, body)
    if len(body) > _SMALL:
        return await pool_of(request).made(parsed, model, body, fits="build")
    return parsed(model, body) if body else model.model_validate({})


@asynccontextmanager
async def json_sent(request: Request) -> AsyncIterator[bytes | Handed]:
    """A JSON body as ``sent``. Raises InvalidInput and UnsupportedMediaType as ``read`` does."""
    _check_query(request)
    async with sent(request) as body:
        _check_type(request, body)
        yield body


def _check_query(request: Request, query: Collection[str] = ()) -> None:
    for key in request.query_params if request.scope["query_string"] else ():
        if key not in query:
            raise InvalidInput("unknown_query", pointer=f"/{printable_part(key)[:40]}")


def _check_type(request: Request, body: Sized) -> None:
    if len(body) and media_type_of(request) != "application/json":
        raise UnsupportedMediaType


async def body_of(request: Request) -> bytes:
    """A request's body; it can be read once. ``request.body`` would keep it until the answer."""
    body = BytesIO()  # put together as it comes, or a large one would be there twice
    async for piece in request.stream():
        body.write(piece)
    return body.getvalue()


@asynccontextmanager
async def sent(request: Request) -> AsyncIterator[bytes | Handed]:
    """A request's body; it can be read once. A large one is in a file, for a process to read."""
    first, large = BytesIO(), None
    try:
        async for piece in request.stream():
            if large is None and first.tell() + len(piece) > LARGE:
                large = Handed()
                large.add(first.getvalue())
            (first.write if large is None else large.add)(piece)
        yield first.getvalue() if large is None else large
    finally:
        if large is not None:
            large.close()


def bytes_of(body: bytes | Handed) -> bytes:
    """A body that may be in a file."""
    return body.read() if isinstance(body, Handed) else body


def parsed(model: type[M], body: bytes) -> M:
    """A JSON body as a model says. Raises what ``read`` does, TooLarge and MalformedRequest."""
    body = body.removeprefix(BOM_UTF8)
    _check_json(body)
    return model.model_validate_json(body)


def written(numbers: Array) -> Slices[orjson.Fragment]:
    """An array as JSON, a piece at a time: writing holds the interpreter's lock."""
    pieces, rows = [], max(_PIECE * len(numbers) // max(numbers.size, 1), 1)
    for first in range(0, len(numbers), rows):
        piece = numbers[first : first + rows]
        pieces.append(orjson.dumps(piece, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1])
        yield
    return orjson.Fragment(b"[%b]" % b",".join(pieces))


def as_json(content: Any) -> bytes:
    """``content`` as JSON; NumPy arrays become lists, every float keeps all its digits."""
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


def json_response(content: Any, status: int = 200, **headers: str) -> Response:
    """An answer of ``content``, see ``as_json``."""
    return Response(
        as_json(content), status, {"cache-control": "no-store", **headers}, "application/json"
    )
