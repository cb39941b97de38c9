"""Templates that are written once with a slot for each number, and filled anew at every step.

A page gets all that a template writes; a page in view gets its figures alone: each element that
has a slot, as ``<b id class value>text</b>``, which the script copies to the element of that id.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

SLOT = "\0"
_MOST_CHARACTERS = 8_000_000
"""Of all templates together: a small network's page has some 30,000, the largest a million."""
_ELEMENT = re.compile(r"<(\w+)([^<>]*)>(?:([^<]*\0[^<]*)</\1>)?")
_ATTRIBUTE = re.compile(r' [\w-]+="[^"]*\0[^"]*"')
_ID = re.compile(r' id="[^"]*"')


def figures_of(written: str) -> str:
    """The elements that have slots: ``b`` with the text of the element, ``i`` where that stays.

    ValueError if a slot is in an element without an id, or in a text with elements beside it.
    """
    figures = []
    for _, attributes, text in _ELEMENT.findall(written):
        changing = "".join(_ATTRIBUTE.findall(attributes))
        if not changing and not text:
            continue
        (name,) = _ID.findall(attributes)
        tag = "b" if text else "i"
        figures.append(f"<{tag}{name}{changing}>{text}</{tag}>")
    brief = "".join(figures)
    if brief.count(SLOT) != written.count(SLOT):
        raise ValueError("a text with a slot must be all that its element holds")
    return brief


class SlotTemplates:
    """What templates with slots make of one structure, kept while it is used."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._lock = Lock()
        self._written: OrderedDict[Hashable, list[str]] = OrderedDict()
        self._room = _MOST_CHARACTERS

    def filled(self, name: str, key: Hashable, texts: Iterable[str], **context: Any) -> Markup:
        """A template with ``texts`` in its slots; ValueError if there are more or fewer.

        ``key`` is equal wherever the template makes the same of its context, but for its slots. The
        texts, numbers and names of classes, hold no character that HTML knows.
        """
        return _joined(self._pieces((name, key), name, context), texts)

    def figures(self, name: str, key: Hashable, texts: Iterable[str], **context: Any) -> Markup:
        """As ``filled``, of the template only the elements that have slots."""
        return _joined(self._pieces((name, key, "figures"), name, context, brief=True), texts)

    def _pieces(
        self, key: Hashable, name: str, context: dict[str, Any], *, brief: bool = False
    ) -> list[str]:
        with self._lock:
            if key in self._written:
                self._written.move_to_end(key)
                return self._written[key]
        written = self._environment.get_template(name).render(slot=SLOT, **context)
        pieces = (figures_of(written) if brief else written).split(SLOT)
        with self._lock:
            if key not in self._written:  # by another thread
                self._written[key] = pieces
                self._room -= _size(pieces)
            while self._room < 0 and len(self._written) > 1:
                self._room += _size(self._written.popitem(last=False)[1])
        return pieces


def _size(pieces: list[str]) -> int:
    return 1000 + sum(map(len, pieces))


def _joined(pieces: list[str], texts: Iterable[str]) -> Markup:
    filled = [""] * (2 * len(pieces) - 1)
    filled[::2] = pieces
    filled[1::2] = texts  # refused if they are not as many
    return Markup("".join(filled))  # noqa: S704
