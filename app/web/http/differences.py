"""What of a page's markup differs from the markup that it shows.

An element that stays gets the attributes that differ; where more differs, it comes anew. Which of
the two is shorter is found from the innermost elements outwards.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

SLOT = "\0"
_TAG = re.compile(r"<(/?)([\w-]+)([^<>]*)>")
_ATTRIBUTE = re.compile(r'([\w:-]+)(?:="([^"]*)")?')
_NAME = re.compile(r"[A-Za-z][\w-]*")
_TWIN = "s-"
"""What the id of an element of the small drawing begins with; the script copies figures there."""


@dataclass
class _Element:
    """An element of some markup: ``texts`` are before, between and after its ``children``.

    ``slots`` is how many slots are before it in all the markup; ``drawn``: it is inside an SVG.
    """

    tag: str
    written: str
    slots: int
    drawn: bool = False
    markup: str = ""
    texts: list[str] = field(default_factory=list)
    children: "list[_Element]" = field(default_factory=list)

    @cached_property
    def attributes(self) -> dict[str, str]:
        """Its attributes: most elements are as they were, and nobody asks."""
        return dict(_ATTRIBUTE.findall(self.written))

    @property
    def id(self) -> str:
        """Its id, if a selector can name it."""
        name = self.attributes.get("id", "")
        return name if _NAME.fullmatch(name) else ""


class _Change(NamedTuple):
    """Attributes to set of an element of this ``id``, or an element to put at ``place``."""

    id: str
    place: str
    markup: str
    slots: range
    shown: _Element


def differing(shown: str, wanted: str) -> tuple[str, list[int]]:
    """An answer to htmx that makes of the elements of ``shown`` those of ``wanted``.

    Both have slots. Returned are the answer, with slots, and which of those of ``wanted`` these
    are, counted from 0. The outermost elements have ids and stay, or come anew as a whole.
    ValueError if their ids are not the same.
    """
    old, new = _parsed(shown), _parsed(wanted)
    if _names(old.children) != _names(new.children):
        raise ValueError("other elements than those that are shown")
    changes = [
        change
        for before, after in zip(old.children, new.children, strict=True)
        for change in _shortest(before, after, f"#{after.id}")
    ]
    of_attributes = {one.id: one for one in changes if one.id}
    set_ = [*of_attributes.values(), *_twins(new, of_attributes)]
    figures = "".join(one.markup for one in sorted(set_, key=lambda one: one.id.startswith(_TWIN)))
    anew = [one for one in changes if not one.id]
    if figures:
        figures = f'<hx-partial hx-target="#main" hx-swap="figures">{figures}</hx-partial>'
    answer = figures + "".join(map(_partial, anew))
    return answer, [slot for one in anew for slot in one.slots]


def _parsed(markup: str) -> _Element:
    root = _Element("", "", 0)
    waiting, at, slots = [(root, 0)], 0, 0
    for found in _TAG.finditer(markup):
        parent, began = waiting[-1]
        text = markup[at : found.start()]
        parent.texts.append(text.strip())
        slots += text.count(SLOT)
        closing, tag, attributes = found.groups()
        at = found.end()
        if closing:
            parent.markup = markup[began:at]
            waiting.pop()
            continue
        inside = parent.drawn or parent.tag == "svg"
        element = _Element(tag, attributes, slots, inside, found[0])
        slots += attributes.count(SLOT)
        parent.children.append(element)
        if not attributes.endswith("/"):
            waiting.append((element, found.start()))
    return root


def _shortest(old: _Element, new: _Element, place: str) -> list[_Change]:
    """The shorter of ``_within`` and all of ``new``."""
    slots = range(new.slots, new.slots + new.markup.count(SLOT))
    whole = _Change("", place, new.markup, slots, new)
    below = _within(old, new, place)
    if below is None or sum(map(_length, below)) > _length(whole):
        return [whole]
    return below


def _within(old: _Element, new: _Element, place: str) -> list[_Change] | None:
    """What differs of an element and in it; None if it cannot stay."""
    if old.markup == new.markup:
        return []
    changed = [name for name, text in new.attributes.items() if old.attributes.get(name) != text]
    lost = old.attributes.keys() - new.attributes.keys()
    if lost or (changed and not new.id) or any(SLOT in new.attributes[name] for name in changed):
        return None
    if old.texts != new.texts or _names(old.children) != _names(new.children):
        return None
    found = [_set(new, changed)] if changed else []
    pairs = zip(old.children, new.children, strict=True)
    for number, (before, after) in enumerate(pairs, start=1):
        at = f"#{after.id}" if after.id else f"{place}>:nth-child({number})"
        found += _shortest(before, after, at)
    return found


def _names(elements: list[_Element]) -> list[tuple[str, str | None]]:
    return [(one.tag, one.attributes.get("id")) for one in elements]


def _set(element: _Element, names: list[str]) -> _Change:
    texts = "".join(f' {name}="{element.attributes[name]}"' for name in names)
    return _Change(element.id, "", f'<i id="{element.id}"{texts}></i>', range(0), element)


def _twins(new: _Element, changed: dict[str, _Change]) -> Iterator[_Change]:
    """The attributes that elements of the small drawing keep, where those of the wide one differ.

    The script would otherwise copy them.
    """
    twins = {one.id.removeprefix(_TWIN): one for one in _below(new) if one.id.startswith(_TWIN)}
    for name, change in changed.items():
        twin = twins.get(name)
        if twin and twin.id not in changed:
            names = [key for key in twin.attributes if f' {key}="' in change.markup and key != "id"]
            yield _set(twin, names)


def _below(element: _Element) -> Iterator[_Element]:
    for child in element.children:
        yield child
        yield from _below(child)


def _length(change: _Change) -> int:
    return len(change.markup if change.id else _partial(change))


def _partial(change: _Change) -> str:
    swap, markup = "outerMorph", change.markup
    if change.shown.drawn:
        # What is parsed inside an SVG belongs to it.
        swap, markup = "outerMorph strip:true", f"<svg>{markup}</svg>"
    return f'<hx-partial hx-target="{change.place}" hx-swap="{swap}">{markup}</hx-partial>'
