"""Forms as browsers send them, taken apart within bounds: to be called beside the event loop."""

import asyncio
import re
from collections.abc import AsyncGenerator
from typing import NamedTuple
from urllib.parse import unquote

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.errors import MalformedRequest
from app.web.budgets.parameters import LONGEST, check_names, check_parameters

# The bytes of a quoted character stay together.
_PIECE = re.compile(
    r"(?:%[0-9A-F]{2}|.){1,10000}+(?:%[89AB][0-9A-F]){0,3}+", re.DOTALL | re.IGNORECASE
)
_AT_ONCE = 64 * 1024
MULTIPART, URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"


class SentForm(NamedTuple):
    """A form's text fields and its file, b"" if there is none; ``named``: it has a name.

    ``excess`` is how many bytes the long field has if these are too many; then it is left out.
    """

    fields: dict[str, str]
    file: bytes = b""
    excess: int = 0
    named: bool = False


class LongField(NamedTuple):
    """The one field of a form that may hold a text of many lines, and its most bytes."""

    name: str
    most: int


def form_in(body: bytes, content_type: str, fields: int, long: LongField) -> SentForm:
    """The form in a body.

    Raises:
        MalformedRequest: it is none, or has more than so many ``fields``.
        InvalidInput: a field stands in it twice.
    """
    if content_type.partition(";")[0].strip().lower() == URLENCODED:
        return _urlencoded(body, fields, long)
    kind, options = parse_options_header(content_type)
    boundary, charset = options.get(b"boundary"), options.get(b"charset", b"utf-8")
    if kind.lower() != MULTIPART.encode() or not boundary or charset.lower() != b"utf-8":
        raise MalformedRequest("malformed_form", maximum=fields)
    end = b"--%b--" % boundary
    if not (body.startswith(end) or b"\r\n" + end in body):  # cut off
        raise MalformedRequest("malformed_form", maximum=fields)
    if body.count(b"--" + boundary) > fields + 2:  # one for the file, one at the end
        raise MalformedRequest("too_many_fields", limit=fields)
    parser = _Parser(Headers({"content-type": content_type}), _pieces(body), max_files=1,
                     max_fields=fields, max_part_size=len(body))  # fmt: skip
    try:
        items = asyncio.run(parser.parse()).multi_items()
    except MultiPartException:
        raise MalformedRequest("malformed_form", maximum=fields) from None
    files, named = [], False
    for _, value in items:
        if isinstance(value, UploadFile):
            named = named or bool(value.filename)
            with value.file as file:
                files.append(file._file.getvalue())  # type: ignore[attr-defined]  # no copy of it
    check_names(name for name, _ in items)
    texts = {name: value for name, value in items if isinstance(value, str)}
    for name, text in texts.items():
        if name != long.name and len(text) > LONGEST:
            raise MalformedRequest("parameter_too_long", limit=f"{LONGEST:,}")
    text = texts.get(long.name, "")
    parts = (text[at : at + _AT_ONCE] for at in range(0, len(text), _AT_ONCE))
    sent = sum(len(part.encode("utf-8", "replace")) for part in parts)
    if sent <= long.most:
        return SentForm(texts, b"".join(files), 0, named)
    return SentForm({**texts, long.name: ""}, b"".join(files), sent, named)


def _urlencoded(body: bytes, fields: int, long: LongField) -> SentForm:
    mark = f"{long.name}=".encode()
    check_parameters(body, fields, apart=mark)
    others, sent = [], 0
    for one in body.split(b"&"):
        # Three bytes for one where something is quoted.
        size = len(one) - len(mark) - 2 * one.count(b"%") if one.startswith(mark) else 0
        sent = max(sent, size)
        others.append(one if size <= long.most else mark)
    pairs = (one.decode("latin-1").partition("=") for one in others if one)
    texts = {_unquoted(name): _unquoted(value) for name, _, value in pairs}
    return SentForm(texts, excess=sent * (sent > long.most))


def _unquoted(text: str) -> str:
    """As ``unquote_plus``, which takes 80 times as much memory as a text that is all quoted."""
    return "".join(unquote(piece[0]) for piece in _PIECE.finditer(text.replace("+", " ")))


class _Parser(MultiPartParser):
    spool_max_size = 2**31  # the body is in memory already


async def _pieces(body: bytes) -> AsyncGenerator[bytes, None]:
    for at in range(0, len(body), _AT_ONCE):  # the parser copies what it takes apart
        yield body[at : at + _AT_ONCE]
