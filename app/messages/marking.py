"""Marking texts for translation."""

from collections.abc import Mapping

Texts = Mapping[str, str]
"""Marked texts by a code."""


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark ``text`` for extraction; it is translated where it is used."""
    return text


def _(text: str) -> str:
    """Mark ``text``, which is used at once."""
    return text
