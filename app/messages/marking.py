"""Marking texts for translation."""


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark ``text`` for extraction; it is translated where it is used."""
    return text


_ = N_
"""Marks a text that is used where it stands."""
