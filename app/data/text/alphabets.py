"""Which 8-bit encoding a text of few letters is in, by the alphabets that these letters make up.

Statistics need more text than a table of a few rows has. Yet no language has both letters of
"Plzeò, Mìsto", which Czech has if they are read as Windows-1250 has them: Plzeň, Město.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_WESTERN = "äöüß áéíñóúü àáâãçéêíóôúü àèéìîòóù åäöæøéü áèéëïóöü äõöüšž àçèéíïòóúü àâçèéêëîïôœùûüÿ"
_CENTRAL = "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîşţ čćđšž"
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’"
ALPHABETS = (
    ("cp1252", _WESTERN),
    ("cp1254", "çğıöşüâîûi̇"),
    ("cp1250", _CENTRAL),
    ("cp1252", "áéíóúýþæðö"),
    ("cp1257", "ąčęėįšųūž āčēģīķļņšūž"),
    ("cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    ("cp1251", _RUSSIAN), ("koi8_r", _RUSSIAN),
)  # fmt: skip
"""Encodings in the order of trust, each with its languages' letters beyond ASCII; of Icelandic the
þ, ð and ý are ş, ğ and ı of Turkish, which more people write."""
_OLDER = (
    ("mac_roman", _WESTERN), ("cp850", _WESTERN), ("iso8859_15", _WESTERN),
    ("iso8859_2", _CENTRAL), ("cp852", _CENTRAL), ("cp866", _RUSSIAN), ("mac_cyrillic", _RUSSIAN),
)  # fmt: skip
"""Those of DOS, of Macs and of ISO, tried where none of the others fits."""
_CYRILLIC = {"cp1251", "koi8_r", "cp866", "mac_cyrillic"}
_IN_WORDS = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z\x80-\xff]")
_COMMON = frozenset("оеаинтсрвлкмдпу")
_SIGNS_BEHIND = "°²³’”»–—…®™€£µªº\N{NO-BREAK SPACE}"
# Letters that stand in few places: Spanish ñ before vowels, Italian ì at the end of words; Greek
# has an ending s of its own, no Russian word begins with ь, and no word mixes alphabets (µm does).
_MISPLACED = re.compile(
    rf"ñ(?![aeiouáéíóú])|œ(?![uid])|[ìù](?=\w)|[¹²³£¿¡](?=[^\W\d])(?<=\w.)|[³£](?=[^\W\d])|"
    rf"(?<=[^\W\d_])[^\w\s!-~{_SIGNS_BEHIND}]|(?-i:ς(?=\w)|σ\b)|\b[ьъы]|"
    r"(?<=[^\W\d_])[”»…®™€£](?=[^\W\d_])|[®™†‡¶](?=[^\W\d_])|[¡øřųψ][CF]\b|\b[æćęζêš][mglsVAFWN]\b|"
    r"(?<!\w)[ÛŰŪ](?!\w)|[¤\u2500-\u259f]|[α-λν-ωа-яё][a-z]|[a-z][α-λν-ωа-яё]",
    re.IGNORECASE,
)
_ACCENTED = re.compile("[άέήίόύώ]", re.IGNORECASE)
_DASHES = re.compile("(?<=[^\\W\\d_])[–—](?=[^\\W\\d_])")


def encodings_of(content: bytes) -> tuple[str, ...]:
    """The encodings whose languages may have written ``content``, the likeliest first.

    () if there are none, or Cyrillic ones that are alike.
    """
    for known in (ALPHABETS, _OLDER if _IN_WORDS.search(content) else ()):
        found = [name for name, alphabets in known if _fits(content, name, alphabets)]
        if len(found) > 1 and {*found} <= _CYRILLIC:
            return _by_letters(content, found)
        if found:
            return tuple(found)
    return ()


def _by_letters(content: bytes, names: Sequence[str]) -> tuple[str, ...]:
    """Cyrillic encodings, the one with most of the common letters first; () if two have as many."""
    counts = {name: sum(c in _COMMON for c in content.decode(name).lower()) for name in names}
    first, second, *_ = sorted(names, key=counts.__getitem__, reverse=True)
    return (first, second) if counts[first] > counts[second] else ()


def _fits(content: bytes, encoding: str, alphabets: str) -> bool:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    beyond_ascii = {c for c in text if not c.isascii()}
    if beyond_ascii - {*"–—"} and _DASHES.search(text):
        return False  # ó and ñ of a Mac
    if _MISPLACED.search(text) or any(
        one.islower() and other.isupper() and not other.isascii() for one, other in pairwise(text)
    ):
        return False
    words = re.findall(r"[^\W\d_]{3,}", text)
    if encoding == "cp1253" and sum(len(_ACCENTED.findall(w)) == 1 for w in words) * 2 < len(words):
        return False  # nearly every Greek word has one accent
    # Portuguese has õ in õe alone, where Hungarian has ő.
    text = text.replace("õe", "e") if encoding == "cp1252" else text
    letters = {low for c in set(text) if c.isalpha() and c not in "ªºµ" for low in c.lower()}
    beyond = {c for c in letters if not c.isascii()}
    # Signs alone tell nothing, but for some that tables have.
    told = bool(beyond) or encoding == "cp1252" or not beyond_ascii - {*"°€µ"}
    return told and any(beyond <= {*alphabet} for alphabet in alphabets.split())
