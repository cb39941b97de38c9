"""How much room pages have for the wide drawing, and how much it needs to be read.

The latter are CSS classes, with a rule each in the style sheet: where a page has less, it shows the
small drawing.
"""

import math
from typing import NamedTuple

from app.views.diagram.shapes import Layout

# The least scale that a page keeps by scrolling, and the size of the smallest text, in pixels,
# below which there is the small drawing: less where that would show fewer units.
_SCALE, _LEAST_TEXT, _LEAST_LARGE = 0.6, 12.0, 10.3
_NARROWEST, _NARROWEST_LARGE = 4, 5
_STEP = 20
_WIDEST_NARROW, _WIDEST_NARROW_LARGE = 47, 40


class Space(NamedTuple):
    """The room for a drawing, and the least size of its texts and of its rows of one line.

    Where it ``follows`` the phase, of a drawing that is too large a part is shown.
    """

    width: float
    height: float
    text: float
    row: float
    follows: bool = False


Spaces = tuple[Space, ...]

# On a screen of 1280 by 720, one of 1024 by 700, projectors of 1366 by 768 and of 1024 by 768; and
# what a row with the sample in view takes of each.
DESK, _NARROW, _PROJECTOR, _PROJECTOR_NARROW = (
    Space(880, 380, 12, 15),
    Space(640, 360, 12, 15),
    Space(1332, 458, 16.9, 18.2, follows=True),
    Space(998, 458, 16.9, 18.2, follows=True),
)
# The least text of a projector, as a share of its height, and a diagram's share of its width.
_SHARE, _ACROSS = 0.022, 0.976
_LEAST_ASPECT, _MOST_ASPECT = 13, 17
_ROW_OF_SAMPLES, _ROW_OF_SAMPLES_NARROW = 60.0, 80.0


def spaces_of(small: Layout, *, projected: bool, samples: int) -> Spaces:
    """The spaces that a drawing has at desks or, ``projected``, before a class.

    Where the ``small`` drawing has no rows, the wide one is made for narrow desks, too.
    """
    many = samples > 1
    if projected:
        wide, narrow = (
            one._replace(height=402, row=16) if many else one
            for one in (_PROJECTOR, _PROJECTOR_NARROW)
        )
        return (wide,) if small.row and is_readable(small, narrow) else (wide, narrow)
    desk = DESK._replace(height=DESK.height - _ROW_OF_SAMPLES * many)
    narrow = _NARROW._replace(height=_NARROW.height - _ROW_OF_SAMPLES_NARROW * many)
    return (desk,) if small.row else (desk, narrow)


def is_readable(drawn: Layout, space: Space) -> bool:
    """Whether a drawing's smallest text is large enough where there is so much room."""
    scale = min(space.width / drawn.width, space.height / drawn.height)
    return drawn.style.text * scale >= space.text


def least_space(drawn: Layout, small: Layout) -> str:
    """Below how many twenties of pixels across or down is the ``small`` one.

    And, where that has rows, below how many tenths of its height across a projector.
    """
    same = all(one.folded == two.folded for one, two in zip(drawn.nodes, small.nodes, strict=True))
    scale = (_LEAST_TEXT if same else _LEAST_LARGE) / drawn.style.text
    most = _WIDEST_NARROW if drawn.style.full else _WIDEST_NARROW_LARGE
    across = min(math.ceil(drawn.width * scale / _STEP), most)
    if drawn.follows or any(fold.open for fold in drawn.folds):
        return f"n{across}"  # it scrolls down
    space = f"n{across} h{math.ceil(drawn.height * scale / _STEP)}"
    aspect = math.ceil(10 * drawn.width * _SHARE / drawn.style.text / _ACROSS)
    shown = drawn.style.full and small.row and _LEAST_ASPECT < aspect <= _MOST_ASPECT
    return f"{space} a{aspect}" if shown else space


def size(drawn: Layout, least: str) -> str:
    """The form of the wide drawing, how wide it is, and the ``least`` room that it needs."""
    style, hundreds = drawn.style, drawn.width * _SCALE / 100
    if style.full:
        form = f"full lines{style.lines}" + " close" * style.close + " latest" * drawn.latest
        width = max(int(hundreds), _NARROWEST)
    else:
        form = "compact" + " tall" * any(fold.open for fold in drawn.folds)
        width = max(math.ceil(hundreds), _NARROWEST_LARGE)
    return f"{form} w{width} {least}"
