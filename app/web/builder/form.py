"""The builder's form as a browser sends it, and as an address holds it."""

import zlib
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.data.csv_table import decoded
from app.errors import InvalidTable, MalformedRequest, UnsupportedMediaType
from app.web.builder.fields import FIELDS
from app.web.http.text import media_type_of

_MOST_KEPT = 1000
_MAX_PARTS = 200
_OURS = ("mended", "uploaded")


async def read_build(
    request: Request, most_bytes: int
) -> tuple[dict[str, str], InvalidTable | None]:
    """The text fields of the builder's form, and why their table cannot be one, if so.

    An uploaded file stands as the table; one that cannot be, or has more than ``most_bytes``,
    leaves what was pasted.

    Raises:
        UnsupportedMediaType: the body is no form.
        MalformedRequest: it cannot be read, or has too many parts.
    """
    if media_type_of(request) not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise UnsupportedMediaType("unsupported_build_form")
    try:
        most = request.app.state.settings.max_import_bytes
        async with request.form(max_files=1, max_fields=_MAX_PARTS, max_part_size=most) as data:
            parts = list(data.multi_items())
            files = [value for name, value in parts if name == "file"]
            content = [await file.read() for file in files if isinstance(file, UploadFile)]
    except HTTPException as unread:
        if unread.status_code != 400:
            raise
        raise MalformedRequest("malformed_form", maximum=_MAX_PARTS) from None
    texts = ((name, value) for name, value in parts if isinstance(value, str))
    typed = {name: clean(name, value) for name, value in texts if name not in _OURS}
    table = content[0] if any(content) else typed.get("table", "").encode()
    if len(table) > most_bytes:
        error = InvalidTable("csv_bytes", pointer="/table", count=len(table), limit=most_bytes)
        return typed, error
    if any(content):
        try:
            typed |= {"table": clean("table", decoded(table)), "uploaded": "yes"}
        except InvalidTable as unusable:
            return typed, unusable
    return typed, None


def clean(name: str, text: str) -> str:
    """``text`` as a page can hold it: a table keeps its lines, any other field is one short one."""
    text = text.encode("utf-8", "replace").decode()
    if name == "table":
        return "".join(c if c.isprintable() or c in "\t\r\n" else "\N{REPLACEMENT CHARACTER}"
                       for c in text.removeprefix("\N{BYTE ORDER MARK}"))  # fmt: skip
    return "".join(c for c in text if c.isprintable())[:_MOST_KEPT]


def with_suggestion(typed: Mapping[str, str]) -> dict[str, str]:
    """The fields after the button of a suggestion was pressed, if one was."""
    fix = dict(parse_qsl(typed.get("fix", ""), keep_blank_values=True))
    changes = {name: clean(name, text) for name, text in fix.items() if name in FIELDS}
    changes |= {"mended": next(iter(changes))} if changes else {}
    return {name: text for name, text in typed.items() if name != "fix"} | changes


def shareable(typed: Mapping[str, str]) -> str:
    """What was chosen, as the query of an address, without a table."""
    names = (name for name in FIELDS if not name.startswith("role."))
    chosen = {name: typed[name] for name in names if typed.get(name, "").strip()}
    chosen.setdefault("dataset", "xor")
    return urlencode(chosen)


def fingerprint(names: Sequence[str]) -> str:
    """What tells one table's columns from another's, so that roles stay with theirs."""
    return f"{zlib.crc32(repr(tuple(names)).encode()):08x}"
