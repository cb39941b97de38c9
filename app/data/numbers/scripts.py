"""Digits and signs of other scripts, as ASCII has them."""

import re
from unicodedata import normalize

_SIGNS = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
        # Marks of direction, as Arabic sheets have them, and what has no width.
        **dict.fromkeys("\u200e\u200f\u061c\u200b\u2060\ufeff\u00ad"),
        **dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SMALL HYPHEN-MINUS}", "-"),
        **dict(zip("￠￡￥￦\u3000", "¢£¥₩ ", strict=True)),
        "\N{MINUS SIGN}": "-", "\N{ARABIC PERCENT SIGN}": "%",
    }
)  # fmt: skip
_SLASHES = str.maketrans(dict.fromkeys("\N{FRACTION SLASH}\N{DIVISION SLASH}", "/"))
_DIGIT = re.compile(r"[^\D0-9]")
# Prices without cents: 5,- and 5.-- and 5.—
NO_CENTS = re.compile(r"(?<=[0-9])[.,](?:-{1,2}|\N{EM DASH})(?= ?[^\d,.]*$)")
LATEX_FRACTION = (
    r"(?:(?<![\d}.,])(?P<whole>\d{1,9})|(?<![\d}]))\\[tdc]?frac ?"
    r"(?:\{ ?([-+]?[\d.,]++) ?\} ?\{ ?([\d.,]++) ?\}|(\d) ?(\d)(?!\d))"
)
LATEX_THOUSANDS = r"(?<=\d)(?:\\[, ]|~)(?=\d{3}(?!\d))"
# LaTeX's decimal comma, and its powers of ten.
_LATEX = re.compile(
    r"(?<=\d)(?:\{(?P<comma>,)\}(?=\d)|"
    r" ?\\(?:cdot|times) ?10\^(?:\{(?P<power>[-+]?\d++)\}|(?P<one>\d)))"
)
_VULGAR = re.compile("(?:(?<=([0-9])) ?)?([¼-¾⅐-⅞])(?![0-9¼-¾⅐-⅞])")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SUPERSCRIPT = re.compile("(?<=10)[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def plain_signs(text: str) -> str:
    """A text with the digits of all scripts as 0 to 9, and their signs as ASCII has them."""
    if text.isascii():
        return text
    return _DIGIT.sub(lambda digit: str(int(digit[0])), text).translate(_SIGNS)


def latex_fraction(found: re.Match[str]) -> str:
    """A match of LATEX_FRACTION as 1/2, or as 1 1/2 with a blank that separates nothing."""
    whole = f"{found['whole']}\N{NO-BREAK SPACE}" if found["whole"] else ""
    return f"{whole}{found[2] or found[4]}/{found[3] or found[5]}"


def plain_fractions(text: str) -> str:
    """A number with ½ as 1/2 and 1½ as 1 1/2, and without the commands of LaTeX."""
    if "\\" in text or "{" in text:
        text = re.sub(LATEX_THOUSANDS, "\N{NO-BREAK SPACE}", text)
        text = re.sub(LATEX_FRACTION, latex_fraction, re.sub(r"^\$(.*)\$$", r"\1", text.strip()))
        text = _LATEX.sub(
            lambda found: found["comma"] or f"e{found['power'] or found['one']}", text
        )
    if text.isascii():
        return text
    text = _VULGAR.sub(lambda found: " " * bool(found[1]) + normalize("NFKC", found[2]), text)
    return text.translate(_SLASHES)


def plain_powers(text: str) -> str:
    """A power of ten with plain figures and a factor, the sign of per cent behind, 5 for 5,-."""
    text = NO_CENTS.sub("", text)
    if "10" not in text and not text.startswith("%"):
        return text
    text = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPTS), text)
    if text.startswith("%"):
        return f"{text[1:].lstrip()}%"
    return re.sub(r"^([-+]?)10\^", r"\g<1>1×10^", text)
