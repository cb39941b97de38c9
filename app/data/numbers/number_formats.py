"""How a number is written: point or comma, thousands, per cent, currency and unit.

A sign that may be a decimal sign or one of thousands, as in 12,345, leaves two readings.
"""

import math
import re
from typing import NamedTuple

from app.data.numbers.scripts import NO_CENTS, plain_fractions, plain_powers, plain_signs

SIGNS = (".", ",")
EACH = "each"
"""Each cell by the sign that it shows itself, where a column mixes both."""
FRACTION, PADDED, GRADE = "fraction", "padded", "grade"
"""Cells that may be numbers or words: 1/2, 01234, and 3-."""
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
_BLANKS = f"{NO_BREAK}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}"
_PLAIN_BLANKS = str.maketrans(
    {
        **dict.fromkeys(_BLANKS, " "),
        **dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}`٬", "'"),
        "\N{EN DASH}": "-",
    }
)
_DECIMAL = "\N{ARABIC DECIMAL SEPARATOR}"
CURRENCY = (
    r"(?:R|[A-Z]{1,2})?\$|[€£¥₹₩₽₺₴₪₫฿₦₱₵₡₲]|EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|"
    r"BRL|INR|CNY|RMB|TRY|AUD|CAD|NZD|ZAR|MXN|RUB|UAH|S?Fr\.|kr\.?|zł|Kč|Ft|lei|лв\.?|руб\.?|TL|Rs\.?"
)
# Units that are no words: behind a number they are left out, as a currency is.
UNIT = (
    r"(?:[kcmµμn]?m|[kmµμ]?g|[mcd]?l|[kM]?W|kWh|[mk]?V|mA|[kM]?Hz|h?Pa|kN|k?J|kcal|bar|mol|min|"
    r"ms|inch|lbs?|oz|mph|km/h|m/s|mg/dl|mmol/l|kg/m[²2]|[cmk]?m[²³])|°|° ?[CF]"
)
# Of them, those that may stand close: 170cm, while 5m may be five million.
_CLOSE_UNIT = r"[cmk]m|[km]g|[mc]l|kWh?|[km]V|mA|[kM]?Hz|h?Pa|ms|km/h|m/s|mg/dl|kg/m[²2]"
_DRESSED = re.compile(
    rf"(?P<open>\()?(?P<sign>[+-])? ?(?:(?P<before>{CURRENCY}) *)?(?P<inner>[+-])?"
    rf"(?P<core>[0-9.,][0-9., ']*+(?:[eEdD][+-]?[0-9]+)?)"
    rf"(?P<percent> ?[%‰])?(?: *(?P<after>{CURRENCY}|(?<= )(?:{UNIT})|{_CLOSE_UNIT}|° ?[CF]|°))?"
    rf"(?P<behind>-)?(?P<close>\))?"
)
# As accountants write less than nothing, and nothing.
_LESS = re.compile(rf"(?P<before>{CURRENCY}) *\((?P<core>[0-9.,' ]+)\)")
_NOTHING = re.compile(rf"(?P<before>{CURRENCY}) *-|- *(?P<after>{CURRENCY})")
# As people write them, and Mathematica: 1.5×10^3, 1.5*^3.
_POWER = re.compile(r"(?: ?[×x*·⋅] ?10(?:\^|\*\*)\(?|\*\^)([+-]?[0-9]+)\)?$")
_FRACTION = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<whole>[0-9]{1,9}) )?(?P<above>[0-9]{1,9}) ?/ ?(?P<below>[0-9]{1,9})"
    rf"(?: *(?P<unit>{CURRENCY}|(?<= )(?:{UNIT})|{_CLOSE_UNIT}))?"
)
_INFINITY = re.compile(r"[+-]?(?:inf|infinity|infinite|∞)", re.IGNORECASE)
_UNDERSCORED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:_[0-9]{3})+(?:\.[0-9]+)?")
_GRADE = re.compile(r"[0-9]{1,2}-")
_ZERO_FIRST = re.compile(r"0[0-9]+")
# Not of a power: 1·10^3.
MIDDLE_DOT = re.compile("(?<=[0-9])\N{MIDDLE DOT}(?=[0-9])(?!10(?:\\^|\\*\\*|[⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]))")
_ENTERED = re.compile(r"[-+]?[0-9][0-9.,]*+|[-+]?[.,][0-9]++")
# What is a word at the first look, as most cells are that are none of the others.
_WORD = re.compile(rf"(?=[a-z])(?!inf|{CURRENCY})[a-z]\w*+", re.ASCII | re.IGNORECASE)
# What was read is not given back, or a long cell would be tried in quadratically many ways.
_PLAIN = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]{1,4})?")


def _core(decimal: str, thousands: str) -> re.Pattern[str]:
    point, group = re.escape(decimal), re.escape(thousands)
    grouped = rf"[1-9][0-9]{{0,2}}(?:(?P<by>[{group} '])[0-9]{{3}})(?:(?P=by)[0-9]{{3}})*"
    indian = rf"[1-9][0-9]?(?:{group}[0-9]{{2}})+{group}[0-9]{{3}}"
    whole = rf"(?:{indian}|{grouped}|[0-9]+)"
    return re.compile(rf"(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eEdD][+-]?[0-9]{{1,4}})?")


_LONGEST = 1_000
_SHIFTS = {"": 0, "%": -2, "‰": -3}
_GROUP = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}(?:[eE][+-]?[0-9]{1,4})?")
_CORES = {".": _core(".", ","), ",": _core(",", ".")}


class WrittenNumber(NamedTuple):
    """A cell taken apart: its value by each of SIGNS, None where it is none, and its dress.

    ``currency`` is its currency or unit; ``kind`` says why it may be a word all the same: it is
    a FRACTION, PADDED with zeros, or a GRADE.
    """

    point: float | None
    comma: float | None
    percent: bool = False
    currency: str = ""
    kind: str = ""

    def value(self, decimal: str) -> float | None:
        """Its value if ``decimal`` is the decimal sign; by EACH, if only one of them fits."""
        if decimal == EACH:
            one = self.comma if self.point is None else self.point
            return None if self.is_open else one
        return self.point if decimal == "." else self.comma

    @property
    def is_open(self) -> bool:
        """Whether both signs give a number, and not the same."""
        return None not in (self.point, self.comma) and self.point != self.comma

    @property
    def shown_sign(self) -> str:
        """The one of SIGNS that an open number has; "" if it is not open."""
        if self.point is None or self.comma is None or self.point == self.comma:
            return ""
        return "." if abs(self.point) < abs(self.comma) else ","


def written_number(cell: str) -> WrittenNumber | None:
    """A cell as a number, or None if it is none by either sign; a very long one is none."""
    if len(cell) > _LONGEST or _WORD.fullmatch(cell):
        return None
    if _PLAIN.fullmatch(cell):  # most cells are that, and this is quicker
        return _plain_number(cell, cell)
    if "," in cell and _PLAIN.fullmatch(text := cell.replace(",", ".", 1)):
        return _plain_number(text, cell)
    if (plain := plain_signs(cell)) != cell:
        return written_number(plain)
    if (plain := plain_fractions(cell)) != cell:
        return _of_fraction(plain)
    text = cell.translate(_PLAIN_BLANKS).strip()
    # Decimal signs that group no thousands: the Arabic one, and a middle dot, as in Britain.
    if (plain := MIDDLE_DOT.sub(".", text.replace(_DECIMAL, "."))) != text:
        one = written_number(plain)
        return one._replace(comma=one.point) if one and one.point is not None else None
    if (cents := NO_CENTS.search(text)) and "," in cents[0] and "," not in text[: cents.start()]:
        one = written_number(NO_CENTS.sub("", text))  # 1.234,- has a decimal comma
        return one._replace(point=None) if one and one.comma is not None else None
    if text.startswith("=") and _ENTERED.fullmatch(text[1:]):
        return written_number(text[1:])
    if text.startswith('="') and text.endswith('"'):
        return written_number(text[2:-1])  # as Excel keeps a number's digits
    text = _LESS.sub(r"(\g<before>\g<core>)", _POWER.sub(r"e\1", plain_powers(text)))
    if special := _special(text):
        return special
    found = _DRESSED.fullmatch(text)
    if found is None or (found["open"] is None) != (found["close"] is None):
        return None
    signs = [s for s in (found["sign"], found["inner"], found["behind"], found["open"]) if s]
    if len(signs) > 1 or (found["before"] and found["after"]):
        return None
    less, core = bool(signs) and signs[0] in ("-", "("), found["core"].rstrip(" ")
    shift = _SHIFTS[(found["percent"] or "").strip()]
    point, comma = (_value(core, sign, less=less, shift=shift) for sign in SIGNS)
    if point is None and comma is None:
        return None
    kind = GRADE if _GRADE.fullmatch(text) else ""
    return WrittenNumber(point, comma, bool(shift), found["before"] or found["after"] or "", kind)


def _of_fraction(plain: str) -> WrittenNumber | None:
    """A number that had ½ or LaTeX, now ``plain``; of ½% only the whole fraction is per cent."""
    text = plain.rstrip()
    one = written_number(text[:-1]) if text.endswith(("%", "‰")) else None
    if one is None or one.kind != FRACTION or one.point is None:
        one = written_number(plain)
        return one._replace(kind="") if one else None
    value = one.point / 10 ** -_SHIFTS[text[-1]]
    return WrittenNumber(value, value, percent=True)


def _special(text: str) -> WrittenNumber | None:
    """Infinity, a fraction such as 1/3 or 1 1/2 km, digits that underscores group, or $ -."""
    if found := _NOTHING.fullmatch(text):
        return WrittenNumber(0.0, 0.0, currency=found["before"] or found["after"])
    if _INFINITY.fullmatch(text):
        value = -math.inf if text.startswith("-") else math.inf
        return WrittenNumber(value, value)
    if _UNDERSCORED.fullmatch(text):
        value = float(text)
        return WrittenNumber(value, value)
    found = _FRACTION.fullmatch(text)
    if found is None or not int(found["below"]):
        return None
    value = int(found["whole"] or 0) + int(found["above"]) / int(found["below"])
    value = -value if found["sign"] == "-" else value
    return WrittenNumber(value, value, currency=found["unit"] or "", kind=FRACTION)


def _plain_number(text: str, cell: str) -> WrittenNumber:
    """A number that may have one sign, as the ``cell`` has it, a point in ``text``."""
    value = float(text)
    if text == cell and "." not in cell:
        return WrittenNumber(value, value, kind=PADDED if _ZERO_FIRST.fullmatch(cell) else "")
    other = float(text.replace(".", "")) if _GROUP.fullmatch(cell) else None
    return WrittenNumber(value, other) if text == cell else WrittenNumber(other, value)


def _value(core: str, decimal: str, *, less: bool, shift: int) -> float | None:
    """A number without its dress, times ten to the power ``shift``."""
    if not _CORES[decimal].fullmatch(core):
        return None
    thousands = "," if decimal == "." else "."
    plain = core.replace(thousands, "").replace(" ", "").replace("'", "").replace(decimal, ".")
    mantissa, _, exponent = plain.lower().replace("d", "e").partition("e")
    return float(f"{'-' * less}{mantissa}e{int(exponent or 0) + shift}")
