"""The builder's form as a browser sends it: its text fields, and its table or file."""

from collections.abc import Callable, Mapping
from html import escape
from unicodedata import category
from urllib.parse import parse_qsl

from app.data.catalog import OWN
from app.data.text.encodings import ENCODINGS, DecodedText, decoded, decoded_again
from app.errors import InvalidTable
from app.web.budgets.processes import Handed
from app.web.builder.fields import SUGGESTED
from app.web.http.form_body import LongField, SentForm, form_in
from app.web.http.json_body import bytes_of
from app.web.http.routing import TABLE_LIMITS
from app.web.http.text import printable_part

_MOST_KEPT = 1000
_MAX_PARTS = 200
_OURS = ("mended", "uploaded", "held")
_MOST_RETURNED = 64 * 1024
"""Bytes of a table as a page holds it: a longer one stays in the browser."""


def read_build(
    body: bytes | Handed,
    content_type: str,
    most_bytes: int,
    *,
    stays: bool = False,
    pasted: bool = False,
) -> tuple[dict[str, str], InvalidTable | None]:
    """The text fields of the builder's form, and why their table cannot be one, if so.

    An uploaded file stands as the table; one that cannot be, or has more than ``most_bytes``,
    leaves what was pasted, and so does one that was chosen before a table was ``pasted``.
    ``encoded`` tells its encoding. A table that is ``held`` is too long to be sent back: the
    browser has it.

    Raises:
        InvalidTable: what was pasted has more, and the page that it stands on ``stays``.
        MalformedRequest: the form cannot be read, or has too many parts.
    """
    sent = form_in(bytes_of(body), content_type, _MAX_PARTS, LongField("table", most_bytes))
    texts = sent.fields.items()
    typed = {name: clean(name, value) for name, value in texts if name not in _OURS}
    if pasted and sent.named:
        sent = sent._replace(file=b"", named=False)
        typed = {key: text for key, text in typed.items() if key != "encoded"} | {"mended": "table"}
    if sent.excess or not _is_returned(typed.get("table", "")):
        typed["held"] = "yes"
    if (len(sent.file) or sent.excess) > most_bytes:
        error = InvalidTable("csv_bytes", pointer="/table", **TABLE_LIMITS)
        if stays and sent.excess:
            raise InvalidTable("csv_bytes", pointer="/new/table", **TABLE_LIMITS)
        return typed, error
    if sent.named and not sent.file.strip(b" \t\r\n\xef\xbb\xbf"):
        return typed, InvalidTable("csv_empty_file", pointer="/table")
    try:
        if (found := _read_again(sent, typed)) is not None:
            typed |= _as_table(typed, clean("table", found.text), found.encoding)
    except InvalidTable as unusable:
        return typed, unusable
    return typed, None


def _is_returned(table: str) -> bool:
    return len(table) <= _MOST_RETURNED and len(escape(table).encode()) <= _MOST_RETURNED


def _as_table(typed: Mapping[str, str], table: str, encoding: str) -> dict[str, str]:
    """The fields that a file's table changes; where it is held, its file stays where it is."""
    found = {"dataset": OWN, "table": table, "encoded": encoding}
    if not _is_returned(table):
        found["held"] = "yes"
        if typed.get("dataset") == OWN:
            return found
    return {**found, "uploaded": "yes"}


def _read_again(sent: SentForm, typed: Mapping[str, str]) -> DecodedText | None:
    """The text of a file, or of one that was sent before where another encoding is wanted."""
    wanted, before = typed.get("encoding", ""), typed.get("encoded", "")
    if sent.file:
        return decoded(sent.file, wanted if wanted in ENCODINGS else "")
    if before in ENCODINGS and wanted in ENCODINGS and wanted != before and "held" not in typed:
        return decoded_again(typed.get("table", "").replace("\r\n", "\n"), before, wanted)
    return None


def clean(name: str, text: str) -> str:
    """``text`` as a page can hold it: a table keeps its lines, any other field is one short one."""
    text = text.encode("utf-8", "replace").decode()
    if name == "table":
        # Of two million signs few differ.
        lost = {ord(c): "\N{REPLACEMENT CHARACTER}" for c in {*text} if not _is_kept(c)}
        return text.removeprefix("\N{BYTE ORDER MARK}").translate(lost)
    return printable_part(text)[:_MOST_KEPT]


def _is_kept(sign: str) -> bool:
    """Whether a table keeps a sign; the blanks that group thousands are no printable ones."""
    return sign.isprintable() or sign in "\t\r\n" or category(sign) == "Zs"


def with_suggestion(
    typed: Mapping[str, str], known: Callable[[str], object] = SUGGESTED.__contains__
) -> dict[str, str]:
    """The fields after a suggestion's button; it changes those of SUGGESTED, and ``known`` ones."""
    fix = dict(parse_qsl(typed.get("fix", ""), keep_blank_values=True)).items()
    changes = {name: clean(name, text) for name, text in fix if name in SUGGESTED or known(name)}
    changes |= {"mended": next(iter(changes))} if changes else {}
    return {name: text for name, text in typed.items() if name != "fix"} | changes
