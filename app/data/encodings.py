"""A file's bytes as text: UTF-8, UTF-16 or Windows-1252, told apart by what can be none of them.

The order is fixed and needs no statistics, which err on files of a few lines: text of Windows-1252
with one letter beyond ASCII is hardly ever valid UTF-8.
"""

import re

from app.errors import InvalidTable

POINTER = "/table"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def decoded(content: bytes) -> str:
    """A file's text, without its byte order mark.

    Raises InvalidTable if it is a workbook, or no text.
    """
    if content.startswith(_WORKBOOKS) and _CONTROL.search(content[:4].decode("latin-1")):
        raise InvalidTable("csv_workbook", pointer=POINTER)
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text.removeprefix("\N{BYTE ORDER MARK}")
    raise InvalidTable("csv_text", pointer=POINTER)


def _candidates(content: bytes) -> tuple[str, ...]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    if b"\0" in content:
        # Without a mark: of ASCII signs every second byte is 0.
        odd, even = content[1::2].count(0), content[::2].count(0)
        if max(odd, even) * 4 < len(content) or min(odd, even) * 10 > max(odd, even):
            return ()
        return ("utf-16-le" if odd > even else "utf-16-be",)
    return ("utf-8", "cp1252")
