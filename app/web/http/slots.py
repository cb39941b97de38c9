"""Templates that are written once with a slot for each number, and filled anew at every step."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

SLOT = "\0"
_MOST = 256


class SlotTemplates:
    """What templates with slots make of one structure, kept while it is used.

    Args:
        environment: the templates.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._lock = Lock()
        self._written: OrderedDict[Hashable, list[str]] = OrderedDict()

    def filled(self, name: str, key: Hashable, texts: Iterable[str], **context: Any) -> Markup:
        """A template with ``texts`` in its slots.

        Args:
            name: the template's.
            key: equal wherever the template makes the same of its context, but for its slots.
            texts: one for each slot, in order: numbers and names of classes, which hold no
                character that HTML knows.
            context: what else the template prints.

        Raises:
            ValueError: there are more slots than texts, or fewer.
        """
        pieces = self._pieces((name, key), name, context)
        filled = [pieces[0]]
        for text, piece in zip(texts, pieces[1:], strict=True):
            filled += (text, piece)
        return Markup("".join(filled))  # noqa: S704

    def _pieces(self, key: Hashable, name: str, context: dict[str, Any]) -> list[str]:
        with self._lock:
            if key in self._written:
                self._written.move_to_end(key)
                return self._written[key]
        template = self._environment.get_template(name)
        pieces = template.render(slot=SLOT, **context).split(SLOT)
        with self._lock:
            self._written[key] = pieces
            if len(self._written) > _MOST:
                self._written.popitem(last=False)
        return pieces
