"""Which 8-bit encoding a text of few letters is in, by the alphabets that these letters make up.

Statistics need more text than a table of a few rows has. Yet no language has both letters of
"Plzeò, Mìsto", which Czech has if they are read as Windows-1250 has them: Plzeň, Město.
"""

import re
from itertools import pairwise

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’"
ALPHABETS = (
    ("cp1252", "äöüß áéíñóúü àáâãçéêíóôúü àèéìîòóù åäöæøéü áèéëïóöü äõöüšž àçèéíïòóúü "
               "àâçèéêëîïôœùûüÿ"),
    ("cp1254", "çğıöşüâîûi̇"),
    ("cp1250", "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîşţ čćđšž"),
    ("cp1252", "áéíóúýþæðö"),
    ("cp1257", "ąčęėįšųūž āčēģīķļņšūž"),
    ("cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    ("cp1251", _RUSSIAN), ("koi8_r", _RUSSIAN),
)  # fmt: skip
"""Encodings in the order of trust, each with its languages' letters beyond ASCII; of Icelandic the
þ, ð and ý are ş, ğ and ı of Turkish, which more people write."""
_CYRILLIC = {"cp1251", "koi8_r"}
_SIGNS_BEHIND = "°²³’”»–—…®™€£µªº\N{NO-BREAK SPACE}"
# Letters that stand in few places: Spanish ñ before vowels, Italian ì at the end of words; Greek
# has an ending s of its own, and no Russian word begins with ь.
_MISPLACED = re.compile(
    rf"ñ(?![aeiouáéíóú])|œ(?![uid])|[ìù](?=\w)|[¹²³£¿¡](?=[^\W\d])(?<=\w.)|[³£](?=[^\W\d])|"
    rf"(?<=[^\W\d_])[^\w\s!-~{_SIGNS_BEHIND}]|(?-i:ς(?=\w)|σ\b)|\b[ьъы]",
    re.IGNORECASE,
)
_ACCENTED = re.compile("[άέήίόύώΐΰ]", re.IGNORECASE)


def encodings_of(content: bytes) -> tuple[str, ...]:
    """The encodings whose languages may have written ``content``, the likeliest first.

    () if there are none, or Cyrillic ones that are alike.
    """
    found = [name for name, alphabets in ALPHABETS if _fits(content, name, alphabets)]
    return () if {*found} == _CYRILLIC else tuple(found)


def _fits(content: bytes, encoding: str, alphabets: str) -> bool:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
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
    told = bool(beyond) or encoding == "cp1252"  # signs alone tell nothing
    return told and any(beyond <= {*alphabet} for alphabet in alphabets.split())
