"""A file's bytes as text: Unicode if they are valid, else the likeliest 8-bit encoding.

Text with one letter beyond ASCII is hardly ever valid UTF-8 by chance. Of the others,
alphabets tell those of Latin script apart, as statistics of a few lines err, and charset-normalizer
tells scripts apart. The encoding that was read is shown, and may be told.
"""

import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from app.data.text.alphabets import encodings_of
from app.errors import InvalidTable

POINTER = "/table"
USUAL = "cp1252"
ENCODINGS = (
    USUAL, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2",
    "koi8_r", "mac_roman", "cp850", "cp852", "cp866", "iso8859_15", "mac_cyrillic", "shift_jis",
    "gb18030", "big5", "euc_kr",
)  # fmt: skip
"""The encodings that are no Unicode, as Python names them."""
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_FORMATS = {
    b"%PDF-": "PDF", b"MATLAB 5.0 MAT-file": "MATLAB", b"MATLAB 7.3 MAT-file": "MATLAB",
    b"\x89HDF\r\n": "HDF5", b"\x93NUMPY": "NumPy", b"PAR1": "Parquet", b"\x89PNG\r\n": "PNG",
    b"{\\rtf": "RTF",
}  # fmt: skip
"""What files of other programs begin with."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_LOOKED_AT, _LEAST_TOLD = 50_000, 3


class DecodedText(NamedTuple):
    """A file's text, without its byte order mark, and the name of its encoding."""

    text: str
    encoding: str


def decoded(content: bytes, encoding: str = "") -> DecodedText:
    """A file's text in ``encoding``, one of ENCODINGS, or "" to find it out.

    Raises InvalidTable if it is a workbook, a file of another program, or no text.
    """
    if content.startswith(_WORKBOOKS) and _CONTROL.search(content[:4].decode("latin-1")):
        raise InvalidTable("csv_workbook", pointer=POINTER)
    for sign, form in _FORMATS.items():
        if content.startswith(sign):
            raise InvalidTable("csv_format", pointer=POINTER, format=form)
    for name in (encoding,) if encoding else _candidates(content):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return DecodedText(text.removeprefix("\N{BYTE ORDER MARK}"), name)
    raise InvalidTable("csv_text", pointer=POINTER)


def decoded_again(text: str, encoding: str, wanted: str) -> DecodedText:
    """A text that was read in one of ENCODINGS, in the one that is ``wanted``.

    Raises InvalidTable if it is none there.
    """
    try:
        return decoded(text.encode(encoding), wanted)
    except UnicodeEncodeError:
        raise InvalidTable("csv_text", pointer=POINTER) from None


def _candidates(content: bytes) -> tuple[str, ...]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    if b"\0" in content:
        # Without a mark: of ASCII signs every second byte is 0.
        odd, even = content[1::2].count(0), content[::2].count(0)
        if max(odd, even) * 4 < len(content) or min(odd, even) * 10 > max(odd, even):
            return ()
        return ("utf-16-le" if odd > even else "utf-16-be",)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bit(content)
    return ("utf-8",)


def _eight_bit(content: bytes) -> tuple[str, ...]:
    """The likeliest of ENCODINGS, the usual one first among equals."""
    looked = b"\n".join(line for line in content.splitlines() if not line.isascii())[:_LOOKED_AT]
    if found := encodings_of(looked):
        return (*found, USUAL)
    if sum(byte > 127 for byte in looked) < _LEAST_TOLD:
        return (USUAL,)
    guessed = from_bytes(looked, cp_isolation=[*ENCODINGS])
    least = min((one.chaos for one in guessed), default=0.0)
    likely = [name for one in guessed if one.chaos <= least for name in one.could_be_from_charset]
    return tuple(sorted(likely, key=lambda name: name != USUAL)) or (USUAL,)
