"""The form of the rows in which the numbers of weights and biases stand."""

import math
from functools import lru_cache
from itertools import chain

from app.engine.names import Names
from app.views.diagram.shapes import DetailLevel, RowForm
from app.views.diagram.spaces import DESK
from app.views.diagram.text_fit import text_width
from app.views.text.formatting import label

NAME_ROOM = 32
"""What a row keeps free for an ordinary name."""
_LETTER, _MOST_NAME = 15.0, 104
"""How wide a letter of a name may be, and the most room that names take."""


@lru_cache(maxsize=256)
def name_room(names: Names) -> int:
    """The room that rows keep for the names of weights and biases, in steps."""
    weights = (name for layer in names.weights for row in layer for name in row)
    pairs = zip(names.bias_nodes, names.biases, strict=True)
    biases = (name for node, row in pairs for name in ([node] if node else row))
    longest = max(text_width(label(name).text) for name in chain(weights, biases))
    room = math.ceil((longest * _LETTER + 9) / 10) * 10 - 8
    return min(max(room, NAME_ROOM), _MOST_NAME)


def row_form(
    style: DetailLevel, names: float, *, update: bool = True, height: float = DESK.row
) -> RowForm:
    """The form of a drawing's rows; the longest name takes ``names``.

    Those of one line have a ``height``, and room for the old and the new value or, without
    ``update``, for one.
    """
    if style.small:
        return RowForm(96, 15, 20, 24, 0, 22, 0, 96, 74)
    if style.lines == 1:
        value = names + 1
        if not update:
            return RowForm(value + 77, height, 4, value, 0, value - 2, value + 37, value + 74, 78)
        ends = (value + 78, value + 85, value + 122, value + 158)
        return RowForm(value + 162, height, 4, value, *ends, 75)
    more = names - NAME_ROOM
    places = (42 + more, 136.5 + more, 146 + more, 190 + more, 228 + more)
    return RowForm(236 + more, 35 if style.close else 40, 10, *places, 88)
