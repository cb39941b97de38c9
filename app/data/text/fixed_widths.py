"""Columns of a fixed width: what programs print, a column's cells below each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.data.numbers.number_formats import written_number
from app.data.text.encodings import POINTER
from app.errors import InvalidTable

_TWO_NUMBERS = re.compile(r"[-+.,0-9eE]+(?: [-+.,0-9eE]+)+")
_LOOKED_AT, _MOST_WIDTH = 200, 4_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row's cells, without the blanks around them, and the line that it begins on, from 1."""

    line: int
    cells: tuple[str, ...]


def wide_cells(lines: Sequence[str]) -> list[list[str]]:
    """Each line's cells where two blanks and more separate them, [] unless all agree."""
    wide = [re.split(" {2,}", line.strip(), maxsplit=_LOOKED_AT) for line in lines if line.strip()]
    sizes = {len(cells) for cells in wide[1:]}
    even = len(sizes) == 1 and len(wide[0]) in (max(sizes), max(sizes) - 1) and max(sizes) > 1
    # Two numbers in a cell may be thousands if the names say that it is one column.
    named = even and not any(" " in name or written_number(name) for name in wide[0])
    if not even or (not named and any(map(_holds_two, wide))):
        return []
    return [] if len(wide[0]) < max(sizes) and _names_apart(lines) else wide


def _names_apart(lines: Sequence[str]) -> bool:
    """Whether words of the first line that one blank parts stand above cells of their own."""
    first, *rest = [line for line in lines if line.strip()]
    inner = [found.span() for found in re.finditer(r"\S+(?= \S)", first)]
    return any(line[low:high].strip() for low, high in inner for line in rest[:_LOOKED_AT])


def _holds_two(cells: Sequence[str]) -> bool:
    return any(_TWO_NUMBERS.fullmatch(cell) for cell in cells)


def fixed_rows(lines: Sequence[str]) -> list[TableRow]:
    """Rows of columns that stand below each other, apart by blanks in every line."""
    filled = lines[:_LOOKED_AT]
    if wide := wide_cells(filled):
        places = [at for at, line in enumerate(filled, start=1) if line.strip()]
        return [TableRow(at, tuple(cells)) for at, cells in zip(places, wide, strict=True)]
    if edges := _aligned_edges(filled):
        return _cut_at(filled, edges)
    edges = _with_whole_names(_edges(filled), [line for line in filled if line.strip()])
    _refuse_split_names(filled, edges)
    return _cut_at(filled, edges)


def _edges(filled: Sequence[str]) -> list[tuple[int, int]]:
    """From where to where there is something in any line, apart by blanks in every line."""
    width = max((len(line) for line in filled), default=0)
    used = [any(line[i : i + 1].strip() for line in filled) for i in range(min(width, _MOST_WIDTH))]
    edges: list[tuple[int, int]] = []
    for i, inside in enumerate(used):
        if inside and (i == 0 or not used[i - 1]):
            edges.append((i, i + 1))
        elif inside:
            edges[-1] = (edges[-1][0], i + 1)
    return edges


def _cut_at(filled: Sequence[str], edges: Sequence[tuple[int, int]]) -> list[TableRow]:
    return [
        TableRow(at, tuple(line[low:high].strip() for low, high in edges))
        for at, line in enumerate(filled, start=1)
        if line.strip()
    ]


def _with_whole_names(edges: list[tuple[int, int]], lines: Sequence[str]) -> list[tuple[int, int]]:
    """The columns, a word of a name above nothing being part of the name beside it."""
    found: list[tuple[int, int]] = []
    open_ = False
    for low, high in edges:
        empty = not any(line[low:high].strip() for line in lines[1:])
        if found and low - found[-1][1] == 1 and (open_ or empty):
            found[-1] = (found[-1][0], high)
            open_ = open_ and empty
        else:
            found.append((low, high))
            open_ = empty
    return found


# --- names with blanks ----------------------------------------------------------------------


def is_aligned(lines: Sequence[str]) -> bool:
    """Whether R or pandas printed the lines, with blanks in the names of columns."""
    return bool(_aligned_edges([line.expandtabs() for line in lines]))


def _aligned_edges(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The columns of such a print, [] if it is none.

    Nothing stands above the rows' own names, and each column's name ends where all its cells do.
    """
    first, *rest = [line for line in lines if line.strip()] or [""]
    if not first.startswith(" ") or "\t" in first or any(line.startswith(" ") for line in rest):
        return []
    edges = _edges(rest)
    ends = [high for _, high in edges]
    spans = [*zip([0, *ends], ends, strict=False)]
    names = [first[low:high].strip() for low, high in spans]
    if len(edges) < 3 or names[0] or not all(names[1:]) or len(first.rstrip()) != ends[-1]:
        return []
    if not any(" " in name for name in names) or not _tells_rows(
        [line[: ends[0]] for line in rest]
    ):
        return []
    whole = all(first[end : end + 1].strip() == "" for end in ends)
    return spans if whole and all(_ends_at(line, ends[1:]) for line in (first, *rest)) else []


def _ends_at(line: str, ends: Sequence[int]) -> bool:
    return all(line[end - 1 : end].strip() for end in ends)


def _tells_rows(cells: Sequence[str]) -> bool:
    """Whether the first column has names of rows, or their numbers, which grow."""
    numbers = [int(cell) for cell in cells if cell.strip().isdecimal()]
    if len(numbers) < len(cells):
        return not any(map(written_number, cells)) and len({*cells}) == len(cells)
    return all(low < high for low, high in pairwise(numbers))


def _refuse_split_names(filled: Sequence[str], edges: Sequence[tuple[int, int]]) -> None:
    """Refuse names of several words that stand neither at the left nor the right of their cells."""
    places = [at for at, line in enumerate(filled) if line.strip()]
    first, *rest = [filled[at] for at in places] or [""]
    for low, high in edges:
        name = first[low:high]
        cells = [line[low:high] for line in rest if line[low:high].strip()]
        if " " not in name.strip() or not cells:
            continue
        left = min(len(cell) - len(cell.lstrip()) for cell in cells)
        right = max(len(cell.rstrip()) for cell in cells)
        if len(name) - len(name.lstrip()) != left and len(name.rstrip()) != right:
            raise InvalidTable(
                "csv_ragged", pointer=POINTER, line=places[0] + 1, count=len(first.split()),
                first=places[1] + 1, expected=len(edges),
            )  # fmt: skip
