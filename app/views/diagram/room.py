"""How much room pages have for the wide drawing, and how much it needs to be read.

The latter are CSS classes, with a rule each in the style sheet: where a page has less, it shows the
small drawing.
"""

import math
from typing import NamedTuple

from app.views.diagram.shapes import Layout

# The least scale that a page keeps by scrolling, and the size of the smallest text, in pixels,
# below which there is the small drawing: less where that would have no folds to open.
_SCALE, _LEAST_TEXT, _LEAST_LARGE = 0.6, 11.0, 10.3
_NARROWEST, _NARROWEST_LARGE, _WIDEST_NARROW = 4, 5, 8
_ACROSS, _DOWN = 100, 20


class Space(NamedTuple):
    """The room for a drawing, and the least size of its texts and of its rows of one line."""

    width: float
    height: float
    text: float
    row: float


# On a screen of 1366 by 768, and what a row with the sample in view takes of it.
DESK, _PROJECTOR, _ROW_OF_SAMPLES = Space(952, 430, 12, 17), Space(1332, 448, 16.4, 23.4), 46.0


def room_of(*, projected: bool, samples: int) -> Space:
    """The room that a drawing has at a desk or, ``projected``, before a class."""
    room = _PROJECTOR if projected else DESK
    return room._replace(height=room.height - _ROW_OF_SAMPLES * (samples > 1))


def is_readable(drawn: Layout, room: Space) -> bool:
    """Whether a drawing's smallest text is large enough where there is so much room."""
    scale = min(room.width / drawn.width, room.height / drawn.height)
    return drawn.style.text * scale >= room.text


def least_room(drawn: Layout) -> str:
    """Below how many hundreds of pixels across, or twenties of pixels down, is the small one."""
    scale = (_LEAST_TEXT if drawn.style.full else _LEAST_LARGE) / drawn.style.text
    across = min(round(drawn.width * scale / _ACROSS), _WIDEST_NARROW)
    if any(fold.open for fold in drawn.folds):
        return f"n{across}"  # it scrolls down
    return f"n{across} h{int(drawn.height * scale / _DOWN)}"


def size(drawn: Layout) -> str:
    """The form of the wide drawing, how wide it is at least, and the room that it needs."""
    style, hundreds = drawn.style, drawn.width * _SCALE / _ACROSS
    if style.full:
        latest = drawn.row is not None and not drawn.row.arrow
        form = f"full lines{style.lines}" + " close" * style.close + " latest" * latest
        width = max(int(hundreds), _NARROWEST)
    else:
        form = "compact" + " tall" * any(fold.open for fold in drawn.folds)
        width = max(math.ceil(hundreds), _NARROWEST_LARGE)
    return f"{form} w{width} {least_room(drawn)}"
