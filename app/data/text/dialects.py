"""A text's rows: what separates its columns, and what quotes its cells.

The standard library's csv reads quotes and line ends. What it must be told is found here: the
separator and the quotes, by which the most lines agree and the fewest cells hold leftovers.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from app.data.numbers.number_formats import NO_BREAK, written_number
from app.data.text.encodings import POINTER
from app.data.text.fixed_widths import TableRow, fixed_rows, is_aligned, wide_cells
from app.data.text.table_lines import DELIMITERS, table_lines
from app.errors import InvalidTable

BLANKS = ("blank", "fixed", "grouped")
_LEFTOVER = re.compile(r"[\t;|]|\S {3,8}\S|[0-9] +[-+.0-9]+,|^[-+.0-9]+ +[-+]?[0-9.]+$")
# Thousands that blanks group: 1 000,5.
_GROUPED = re.compile(r"(?<![0-9.,])([0-9]{1,3})((?: [0-9]{3})+)(?![0-9])(?=[.,]|\s|$)")
_LOOKED_AT = 200
_MOST_CELLS = _LOOKED_AT * 64
_MOST_COLUMNS, _MOST_SIGNS = 1_000, 20_000
"""So many cells has no row that could be used, nor so many separators a line, words included."""


@dataclass(frozen=True, slots=True)
class SplitText:
    """A text's rows, with the name of the separator.

    ``comments`` are the lines that were left out as comments; ``names`` those of the columns where
    the text itself says them apart from its rows (Weka's ARFF), else (), and ``labels`` which
    labels it says that some of these columns hold. ``factor`` is what its numbers were multiplied
    by, "" for nothing.
    """

    rows: tuple[TableRow, ...]
    delimiter: str
    comments: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    labels: Mapping[int, frozenset[str]] = field(default_factory=dict)
    open_blanks: tuple[int, str] | tuple[()] = ()
    factor: str = ""


def split_text(text: str, delimiter: str = "", omit: Iterable[int] = ()) -> SplitText:
    """The rows of ``text``, without the lines ``omit``; ``delimiter`` is a name of DELIMITERS.

    Raises InvalidTable if there are none, or no separator fits.
    """
    text_lines = table_lines(text, delimiter, omit)
    lines = text_lines.lines
    sure = delimiter or text_lines.told
    if not delimiter:
        _refuse_one_column(lines)
    name = sure or ("fixed" if is_aligned(lines) else _delimiter_of(lines))
    rows = tuple(_trimmed(_rows(lines, name)))
    found: tuple[int, str] | tuple[()] = ()
    if not sure and name in ("blank", "fixed"):
        found = _open_blanks(lines)
        grouped = tuple(_trimmed(_rows(lines, "grouped"))) if found else ()
        if not _alike(grouped) or _named(rows):
            found = ()
        elif _named(grouped) and not (_counted(rows) or _has_row_names(rows)):
            name, rows, found = "grouped", grouped, ()
    if not rows:
        raise InvalidTable("csv_empty", pointer=POINTER)
    told = text_lines.comments, text_lines.names, text_lines.labels
    return SplitText(rows, name, *told, found, text_lines.factor)


# --- separators and quotes ------------------------------------------------------------------


def _delimiter_of(lines: list[str]) -> str:
    """The separator by which the most lines agree and the fewest cells hold leftovers."""
    filled = [line for line in lines if line.strip()][:_LOOKED_AT]
    if _named_by_commas(filled):
        return "comma"
    scores: dict[str, float] = {}
    refusal = InvalidTable("csv_delimiter", pointer=POINTER)
    # Among lines with tabs, one with blanks for them is no row with gaps.
    separated = any(
        sum(sign in line.strip() for line in filled) * 2 > len(filled) for sign in "\t;|"
    )
    for name in DELIMITERS:
        if name == "grouped" or (name in BLANKS and separated):
            continue
        try:
            rows = list(_trimmed(_rows(filled, name, strict=False)))
        except InvalidTable as error:
            refusal = error if error.code == "csv_columns" else refusal
            continue
        sizes = Counter(len(row.cells) for row in rows)
        columns, agree = max(sizes.items(), key=lambda item: item[1], default=(0, 0))
        every = (cell for row in rows if len(row.cells) == columns for cell in row.cells)
        cells = [*islice(every, _MOST_CELLS)]
        if columns < 2 or (name in ("blank", "fixed") and not any(map(written_number, cells))):
            continue
        signed = any(re.search("[,;|\t]", cell) for cell in rows[0].cells)
        if name == "fixed" and signed and not rows[0].cells[-1]:
            continue  # the blanks are within cells
        bare = cells if name in BLANKS else [_ungrouped(cell) for cell in cells]
        clean = sum(not _LEFTOVER.search(cell) for cell in bare) / len(cells)
        # A header that is one short, as R writes it, agrees, unless other signs separate it.
        short = len(rows) > 2 and len(rows[0].cells) == columns - 1 and not signed
        scores[name] = (agree + short) / len(rows) * clean * (_fixedness(filled, name))
    if not scores:
        raise refusal
    return max(scores, key=lambda name: scores[name])


def _named_by_commas(lines: list[str]) -> bool:
    """Whether commas part the names in the first line, and every line into as many cells."""
    if any(sign in line.strip() for line in lines for sign in ("\t", ";", "|", "  ")):
        return False
    return bool(lines) and "," in lines[0] and _named(_rows(lines, "comma", strict=False))


def _refuse_one_column(lines: Sequence[str]) -> None:
    """Refuse lines that each have one number, and perhaps a separator behind it."""
    filled = [line.strip() for line in lines if line.strip()]
    bare = [line.rstrip(";|").rstrip() for line in filled]
    ended = all(one != line for one, line in zip(bare[1:], filled[1:], strict=True))
    parted = "\t;| " if ended else "\t;| ,"
    if any(sign in line for line in bare for sign in parted):
        return
    if bare[1:] and all(map(written_number, bare[1:])):
        raise InvalidTable("csv_one_column", pointer=POINTER)


def _open_blanks(lines: Sequence[str]) -> tuple[int, str] | tuple[()]:
    """The first line below the first whose blanks may group thousands, with that number, or ()."""
    filled = [(at, line.strip()) for at, line in enumerate(lines, start=1) if line.strip()]
    below = filled[1:] or filled
    if any("\t" in line for _, line in filled):
        return ()
    written = re.compile(_GROUPED.pattern + r"[.,]?[0-9]*")
    grouped = ((at, found[0]) for at, line in below if (found := written.search(line)))
    return next(grouped, ())


def _alike(rows: Sequence[TableRow]) -> bool:
    sizes = {len(row.cells) for row in rows}
    return len(sizes) == 1 and max(sizes) > 1


def _named(rows: Sequence[TableRow]) -> bool:
    """Whether the first row has a name for each column of the others."""
    names = rows[0].cells if rows else ()
    return _alike(rows) and all(names) and not any(map(written_number, names))


def _counted(rows: Sequence[TableRow]) -> bool:
    """Whether the rows below the first begin with their numbers, as R writes them."""
    first = [row.cells[0] for row in rows[1:]]
    return first in ([str(i + at) for i in range(len(first))] for at in (0, 1))


def _has_row_names(rows: Sequence[TableRow]) -> bool:
    """Whether the first row is one short, and the others begin with words, as R names them."""
    names = len(rows[0].cells) if rows else 0
    return all(len(row.cells) == names + 1 and not written_number(row.cells[0]) for row in rows[1:])


def _ungrouped(text: str) -> str:
    return _GROUPED.sub(lambda found: found[1] + found[2].replace(" ", NO_BREAK), text)


def _fixedness(lines: Sequence[str], name: str) -> float:
    """How much a fixed width is preferred: where two blanks and more part what one does not."""
    if name != "fixed":
        return 1.0
    wide = wide_cells(lines)
    return 1.1 if any(" " in cell for cells in wide for cell in cells) else 0.9


def _rows(lines: list[str], name: str, *, strict: bool = True) -> list[TableRow]:
    if name == "fixed":
        return fixed_rows(lines)
    sign = DELIMITERS[name]
    if sign == " ":  # blanks at the ends of lines separate nothing
        lines = [
            _ungrouped(line).rstrip() if name == "grouped" else line.rstrip() for line in lines
        ]
    if (most := max((line.count(sign) for line in lines), default=0)) > _MOST_SIGNS:
        raise _too_wide(most + 1)
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
        if len(stripped) > _MOST_COLUMNS < sum(map(bool, stripped)):
            raise _too_wide(len(stripped))
        if any(stripped):
            found.append(TableRow(line, stripped))
        line = reader.line_num + 1


def _too_wide(count: int) -> InvalidTable:
    return InvalidTable("csv_columns", pointer=POINTER, count=count, limit=64)


def _quote_of(lines: list[str], sign: str) -> str:
    """The quotation mark around cells; a double one unless only single ones stand there."""
    text = "\n".join(lines[:_LOOKED_AT])
    edge = re.escape(sign)
    # Where blanks separate, the last one is the edge: a long row of them is gone through once.
    blanks = "" if sign == " " else "[ ]*"
    single = re.search(rf"(?m)(?:^|{edge}){blanks}'(?:[^'\n]|'')*+'{blanks}(?={edge}|$)", text)
    double = re.search(rf'(?m)(?:^|{edge}){blanks}"', text)
    return "'" if single and not double else '"'


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
