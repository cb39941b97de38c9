"""Digits and signs of other scripts, as ASCII has them."""

import re

_SIGNS = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
        **dict.fromkeys("\u200e\u200f\u061c"),  # marks of direction, as Arabic sheets have them
        "\N{MINUS SIGN}": "-", "\N{ARABIC PERCENT SIGN}": "%",
    }
)  # fmt: skip
_DIGIT = re.compile(r"[^\D0-9]")


def plain_signs(text: str) -> str:
    """A text with the digits of all scripts as 0 to 9, and their signs as ASCII has them."""
    if text.isascii():
        return text
    return _DIGIT.sub(lambda digit: str(int(digit[0])), text).translate(_SIGNS)
