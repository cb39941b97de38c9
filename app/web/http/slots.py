"""Templates that are written once with a slot for each number, and filled anew at every step.

A page gets all that a template writes; a page in view gets its figures alone: each element that
has a slot, as ``<b id class value>text</b>``, which the script copies to the element of that id.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from app.web.http.differences import SLOT, differing

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


class Written(NamedTuple):
    """Markup around slots; ``chosen`` says which texts fill them, where that is not all."""

    pieces: Sequence[str]
    chosen: Sequence[int] | None = None
    among: int = 0

    def filled(self, texts: Iterable[str]) -> Markup:
        """It with ``texts`` in its slots; ValueError if there are more or fewer."""
        if self.chosen is not None:
            all_texts = list(texts)
            if len(all_texts) != self.among:
                raise ValueError("as many texts as slots")
            texts = [all_texts[at] for at in self.chosen]
        filled = [""] * (2 * len(self.pieces) - 1)
        filled[::2] = self.pieces
        filled[1::2] = texts  # refused if they are not as many
        return Markup("".join(filled))  # noqa: S704


class SlotTemplates:
    """What templates with slots make of one structure, kept while it is used."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._lock = Lock()
        self._written: OrderedDict[Hashable, Written] = OrderedDict()
        self._room = _MOST_CHARACTERS

    def filled(self, name: str, key: Hashable, texts: Iterable[str], **context: Any) -> Markup:
        """A template with ``texts`` in its slots; ValueError if there are more or fewer.

        ``key`` is equal wherever the template makes the same of its context, but for its slots. The
        texts, numbers and names of classes, hold no character that HTML knows.
        """
        return self._of(name, key, context).filled(texts)

    def figures(self, name: str, key: Hashable, texts: Iterable[str], **context: Any) -> Markup:
        """As ``filled``, of the template only the elements that have slots."""

        def write() -> Written:
            return Written(figures_of(self._write(name, context)).split(SLOT))

        return self._kept((name, key, "figures"), write).filled(texts)

    def differences(
        self, name: str, keys: tuple[Hashable, Hashable], texts: Iterable[str],
        shown: Callable[[], Mapping[str, Any]], wanted: Callable[[], Mapping[str, Any]],
    ) -> Markup:  # fmt: skip
        """What of a template differs from what the page shows of it, as an answer to htmx.

        ``shown`` and ``wanted`` are the two contexts, ``keys`` what they are known by; ``texts``
        fill all slots of the wanted one. What the two have in common has the same texts in both.
        """

        def write() -> Written:
            old, new = (self._write(name, context()) for context in (shown, wanted))
            answer, chosen = differing(old, new)
            return Written(answer.split(SLOT), chosen, new.count(SLOT))

        return self._kept((name, keys), write).filled(texts)

    def _of(self, name: str, key: Hashable, context: Mapping[str, Any]) -> Written:
        return self._kept((name, key), lambda: Written(self._write(name, context).split(SLOT)))

    def _write(self, name: str, context: Mapping[str, Any]) -> str:
        """A template with its slots empty, and so all that it includes."""
        return self._environment.get_template(name).render(
            **{"slot": SLOT, "filled": self._empty, **context}
        )

    def _empty(self, name: str, key: Hashable, texts: Iterable[str], **context: Any) -> Markup:
        written = self._of(name, key, context)
        # Numbers come one by one; what comes at once is markup.
        at_once = isinstance(texts, tuple)
        return written.filled(texts if at_once else [SLOT] * (len(written.pieces) - 1))

    def _kept(self, key: Hashable, write: Callable[[], Written]) -> Written:
        with self._lock:
            if key in self._written:
                self._written.move_to_end(key)
                return self._written[key]
        written = write()
        with self._lock:
            if key not in self._written:  # by another thread
                self._written[key] = written
                self._room -= _size(written)
            while self._room < 0 and len(self._written) > 1:
                self._room += _size(self._written.popitem(last=False)[1])
        return written


def _size(written: Written) -> int:
    return 1000 + sum(map(len, written.pieces)) + 8 * len(written.chosen or ())
