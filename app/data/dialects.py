"""A text's rows: what separates its columns, what quotes its cells, which lines are none of them.

The standard library's csv reads quotes and line ends. What it must be told is found here: the
separator and the quotes, by which the most lines agree and the fewest cells hold leftovers.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.data.encodings import POINTER
from app.data.number_formats import written_number
from app.errors import InvalidTable

DELIMITERS: Mapping[str, str] = {
    "tab": "\t", "semicolon": ";", "pipe": "|", "comma": ",", "blank": " ", "fixed": "",
}  # fmt: skip
"""The separators by name; "fixed" are columns of a fixed width. The first of equals is taken."""
# Programs that fill up lines repeat the sign.
_TOLD = re.compile(r'"?sep=(?P<sign>[^\r\n])(?P=sign)*"?[ ]*(?=\n|$)', re.IGNORECASE)
_RULER = re.compile(r"[|+:;,\t ]*[-=]{3,}[-=|+:;,\t ]*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_ATTRIBUTE = re.compile(r"@attribute\s+(?:'([^']*)'|\"([^\"]*)\"|(\S+))\s+(.*)", re.IGNORECASE)
_LEFTOVER = re.compile(r"[\t;|]|[0-9] +[-+.0-9]+,|^[-+.0-9]+ +[-+]?[0-9.]+$")
_COMMENTS = ("#", "%", "//")
_LOOKED_AT, _MOST_OMITTED = 200, 10_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row's cells, without the blanks around them, and the line that it begins on, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitText:
    """A text's rows, with the name of the separator.

    ``comments`` are the lines that were left out as comments; ``names`` those of the columns where
    the text itself says them apart from its rows (Weka's ARFF), else (), and ``labels`` which of
    these columns it says to hold labels.
    """

    rows: tuple[TableRow, ...]
    delimiter: str
    comments: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    labels: frozenset[int] = frozenset()


def split_text(text: str, delimiter: str = "", omit: Iterable[int] = ()) -> SplitText:
    """The rows of ``text``, without the lines ``omit``; ``delimiter`` is a name of DELIMITERS.

    Raises InvalidTable if there are none, or no separator fits.
    """
    lines = _LINE_END.split(text.removeprefix("\N{BYTE ORDER MARK}"))
    for number in omit:
        if 0 < number <= len(lines):
            lines[number - 1] = ""
    lines, names, labels = _weka(lines)
    told, lines = _told_separator(lines)
    lines, comments = _without_comments(lines, DELIMITERS.get(delimiter or told, ""))
    # A ruler below the header, as in Markdown and as databases print it.
    lines = ["" if _RULER.fullmatch(line) else line for line in lines]
    if not any(line.strip() for line in lines):
        raise InvalidTable("csv_empty", pointer=POINTER)
    name = delimiter or told or _delimiter_of(lines)
    rows = tuple(_trimmed(_rows(lines, name)))
    if not rows:
        raise InvalidTable("csv_empty", pointer=POINTER)
    return SplitText(rows, name, comments, names, labels)


def line_numbers(text: str) -> tuple[int, ...]:
    """The lines that a text such as "1, 7-9" names; ValueError if it names none, or too many."""
    found: list[int] = []
    for part in re.split("[,; ]+", text.replace("\N{EN DASH}", "-").strip()):
        first, _, last = part.partition("-")
        low, high = int(first), int(last or first)
        if not 0 < low <= high < low + _MOST_OMITTED:
            raise ValueError(part)
        found += range(low, high + 1)
    return tuple(found)


# --- lines that are no rows -----------------------------------------------------------------


def _weka(lines: list[str]) -> tuple[list[str], tuple[str, ...], frozenset[int]]:
    """Weka's ARFF: the names of its columns, and the lines with its head empty."""
    low = [line.strip().casefold() for line in lines]
    if "@data" not in low or not any(line.startswith("@relation") for line in low):
        return lines, (), frozenset()
    at = low.index("@data") + 1
    found = [match for line in lines[:at] if (match := _ATTRIBUTE.match(line.strip()))]
    names = tuple(match[1] or match[2] or match[3] for match in found)
    labels = frozenset(i for i, match in enumerate(found) if match[4].lstrip().startswith("{"))
    sparse = next((i for i in range(at, len(low)) if low[i].startswith("{")), None)
    if sparse is not None:
        raise InvalidTable("csv_sparse", pointer=POINTER, line=sparse + 1)
    return [""] * at + lines[at:], names, labels


def _told_separator(lines: list[str]) -> tuple[str, list[str]]:
    """What the first line says that separates columns, or "", and the lines with it empty."""
    found = _TOLD.match(lines[0])
    if found is None or found.end() != len(lines[0]):
        return "", lines
    for name, sign in DELIMITERS.items():
        if sign == found["sign"]:
            return name, ["", *lines[1:]]
    sign = found["sign"] if found["sign"].isprintable() else "\N{REPLACEMENT CHARACTER}"
    raise InvalidTable("csv_separator", pointer=POINTER, sign=sign)


def _without_comments(lines: list[str], sign: str) -> tuple[list[str], tuple[int, ...]]:
    """The lines with comments empty, and which these were.

    The comment above the rows names the columns if it splits as they do, as NumPy writes it; and
    where most lines begin with the mark, none is a comment.
    """
    for mark in _COMMENTS:
        marked = [i for i, line in enumerate(lines) if line.lstrip().startswith(mark)]
        filled = [i for i, line in enumerate(lines) if line.strip()]
        if not marked or len(marked) * 2 > len(filled) or _is_column(lines, marked[0], mark):
            continue
        found = list(lines)
        for i in marked:
            found[i] = ""
        rest = [line for line in found if line.strip()]
        above = [i for i in marked if not any(found[j].strip() for j in range(i))]
        if above and _names_columns(lines[above[-1]].lstrip()[len(mark) :], rest, sign):
            found[above[-1]] = lines[above[-1]].lstrip()[len(mark) :].lstrip()
            marked = [i for i in marked if i != above[-1]]
        return found, tuple(i + 1 for i in marked)
    return lines, ()


def _is_column(lines: list[str], at: int, mark: str) -> bool:
    """Whether the line begins with a column that is called by the mark."""
    return bool(re.match(rf"\s*{re.escape(mark)}[\t;,|]", lines[at]))


def _names_columns(comment: str, rest: Sequence[str], sign: str) -> bool:
    signs = [sign] if sign else [s for s in DELIMITERS.values() if s]
    for one in signs:
        cells, row = (text.split(None if one == " " else one) for text in (comment, rest[0]))
        if len(cells) == len(row) > 1 and any(map(written_number, map(str.strip, row))):
            return not any(written_number(cell.strip()) for cell in cells)
    return False


# --- separators and quotes ------------------------------------------------------------------


def _delimiter_of(lines: list[str]) -> str:
    """The separator by which the most lines agree and the fewest cells hold leftovers."""
    filled = [line for line in lines if line.strip()][:_LOOKED_AT]
    scores: dict[str, float] = {}
    for name in DELIMITERS:
        try:
            rows = list(_trimmed(_rows(filled, name, strict=False)))
        except InvalidTable:
            continue
        sizes = Counter(len(row.cells) for row in rows)
        columns, agree = max(sizes.items(), key=lambda item: item[1], default=(0, 0))
        cells = [cell for row in rows if len(row.cells) == columns for cell in row.cells]
        if columns < 2 or (name in ("blank", "fixed") and not any(map(written_number, cells))):
            continue
        clean = sum(not _LEFTOVER.search(cell) for cell in cells) / len(cells)
        # A header that is one short, as R writes it, agrees.
        short = len(rows) > 2 and len(rows[0].cells) == columns - 1
        scores[name] = (agree + short) / len(rows) * clean * (_fixedness(filled, name))
    if not scores:
        raise InvalidTable("csv_delimiter", pointer=POINTER)
    return max(scores, key=lambda name: scores[name])


def _fixedness(lines: Sequence[str], name: str) -> float:
    """How much a fixed width is preferred: where two blanks and more part what one does not."""
    if name != "fixed":
        return 1.0
    wide = [re.split(" {2,}", line.strip()) for line in lines]
    sizes = {len(cells) for cells in wide[1:]}
    even = len(sizes) == 1 and len(wide[0]) in (max(sizes), max(sizes) - 1) and max(sizes) > 1
    return 1.1 if even and any(" " in cell for cells in wide for cell in cells) else 0.9


def _rows(lines: list[str], name: str, *, strict: bool = True) -> list[TableRow]:
    if name == "fixed":
        return _fixed(lines)
    sign = DELIMITERS[name]
    text, quote = "\n".join(lines), _quote_of(lines, sign)
    try:
        return _read(text, sign, quote, strict=strict)
    except InvalidTable as error:
        # Blanks between a quote and the separator after it.
        mended = re.sub(rf"{quote}[ ]+(?={re.escape(sign)}|\n|$)", quote, text)
        if mended == text:
            raise
        try:
            return _read(mended, sign, quote, strict=strict)
        except InvalidTable:
            raise error from None


def _read(text: str, sign: str, quote: str, *, strict: bool) -> list[TableRow]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=sign, quotechar=quote,
        skipinitialspace=True, strict=strict,
    )  # fmt: skip
    found: list[TableRow] = []
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise InvalidTable("csv_quote", pointer=POINTER, line=line) from None
        if cells is None:
            return found
        stripped = tuple([cell.strip() for cell in cells])
        if any(stripped):
            found.append(TableRow(line, stripped))
        line = reader.line_num + 1


def _quote_of(lines: list[str], sign: str) -> str:
    """The quotation mark around cells; a double one unless only single ones stand there."""
    text = "\n".join(lines[:_LOOKED_AT])
    edge = re.escape(sign)
    single = re.search(rf"(?m)(?:^|{edge})[ ]*'[^'\n]*'[ ]*(?={edge}|$)", text)
    double = re.search(rf'(?m)(?:^|{edge})[ ]*"', text)
    return "'" if single and not double else '"'


def _fixed(lines: list[str]) -> list[TableRow]:
    """Rows of columns that stand below each other, apart by blanks in every line."""
    filled = [line.expandtabs() for line in lines]
    width = max((len(line) for line in filled), default=0)
    used = [any(line[i : i + 1].strip() for line in filled) for i in range(min(width, 4_000))]
    edges: list[tuple[int, int]] = []
    for i, inside in enumerate(used):
        if inside and (i == 0 or not used[i - 1]):
            edges.append((i, i + 1))
        elif inside:
            edges[-1] = (edges[-1][0], i + 1)
    edges = _with_whole_names(edges, [line for line in filled if line.strip()])
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


def _trimmed(rows: list[TableRow]) -> list[TableRow]:
    """Rows without the empty cells that a separator at the ends of lines makes."""
    sizes = Counter(len(row.cells) for row in rows)
    if not sizes:
        return rows
    usual = max(sizes, key=lambda size: (sizes[size], size == len(rows[0].cells)))
    full = [row for row in rows if len(row.cells) == usual]
    last = usual
    while last > 1 and all(not row.cells[last - 1] for row in full):
        last -= 1
    first = 1 if usual > 2 and all(not row.cells[0] for row in full) and _piped(rows) else 0
    return [_cut(row, first, last) for row in rows]


def _piped(rows: Sequence[TableRow]) -> bool:
    return all(not row.cells[0] for row in rows)


def _cut(row: TableRow, first: int, last: int) -> TableRow:
    cells = row.cells
    while len(cells) > last and not cells[-1]:
        cells = cells[:-1]
    return replace(row, cells=cells[first:]) if first or cells is not row.cells else row
