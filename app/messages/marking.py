"""Marking texts for translation, and whole numbers in sentences."""

from collections.abc import Mapping

Texts = Mapping[str, str]
"""Marked texts by a code."""


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark ``text`` for extraction; it is translated where it is used."""
    return text


def _(text: str) -> str:
    """Mark ``text``, which is used at once."""
    return text


class Count(int):
    """A whole number in a sentence: ``{n}`` gives "1,200", ``{n:step|steps}`` "1 step".

    With the nouns of further units, each sixty of the one before, seconds are rounded up to the
    largest unit that they fill twice or exactly: ``{t:second|seconds|minute|minutes}``.
    """

    def __format__(self, form: str) -> str:
        """The number by ``form``, which may be a noun for one and a noun for any other number."""
        one, *nouns = form.split("|")
        if not nouns:
            return format(int(self), form or ",")
        many, *larger = nouns
        if larger and (self >= 120 or self == 60):
            return format(Count(-(-self // 60)), "|".join(larger))
        return f"{int(self):,} {one if self == 1 else many}"


class Listed(str):
    """A list with commas in a sentence: ``{n:line|lines}`` gives "line 4" or "lines 4, 6"."""

    def __format__(self, form: str) -> str:
        """The list behind a noun for one and a noun for several, if ``form`` has them."""
        one, bar, many = form.partition("|")
        return f"{many if ',' in self else one} {self!s}" if bar else format(str(self), form)


def counted(values: Mapping[str, object]) -> dict[str, object]:
    """``values``, where a sentence may write each whole number as a ``Count``."""
    return {key: Count(one) if type(one) is int else one for key, one in values.items()}
