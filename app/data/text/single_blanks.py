"""Tables whose blanks or tabs were lost or mixed on the way: from pages, mails, old files."""

import re
from collections.abc import Sequence

from app.data.numbers.gaps import is_gap
from app.data.numbers.number_formats import written_number
from app.data.text.encodings import POINTER
from app.data.text.fixed_widths import TableRow
from app.errors import InvalidTable

_LEAST_NUMBERS, _FEW_ROWS = 3, 5
_PAIR = re.compile(r"[-+]?(?:0|[1-9][0-9]*+),[0-9]++")
_PAIRS = re.compile(rf"{_PAIR.pattern}(?:,{_PAIR.pattern})++")


def evenly_parted(lines: list[str]) -> list[str]:
    """The lines with one separator throughout, where several were meant as one.

    Raises InvalidTable where there are more names than columns, as some have a blank in them.
    """
    filled = [at for at, line in enumerate(lines) if line.strip()]
    texts = [lines[at] for at in filled]
    if len(texts) < 2 or any(";" in line for line in texts):
        return lines
    if any("|" in line for line in texts):
        mended = _without_bars(texts)
    elif any("\t" in line for line in texts):
        mended = _without_doubled_tabs(texts)
    elif parted := _with_decimal_commas(texts):
        mended = parted
    elif any("  " in line.strip() for line in texts):
        return lines
    else:
        _refuse_split_name(texts, filled)
        mended = _with_names_of_rows(texts)
    found = dict(zip(filled, mended, strict=True))
    return [found.get(at, line) for at, line in enumerate(lines)]


def _without_bars(lines: Sequence[str]) -> Sequence[str]:
    """The lines of a truth table, A B | Y, with tabs between all columns."""
    rows = [re.split(r"[|\s]+", line.strip()) for line in lines]
    parts = [line.split("|") for line in lines]
    bars = {len(part) for part in parts} == {2} and len({*map(len, rows)}) == 1
    wide = bars and all(len(part[0].split()) > 1 for part in parts)
    if wide and all(map(written_number, (cell for row in rows[1:] for cell in row))):
        return ["\t".join(row) for row in rows]
    return lines


def _without_doubled_tabs(lines: Sequence[str]) -> Sequence[str]:
    """The lines with one tab for several, or for the blanks before it, as in old files."""
    if all(map(_is_blank_row, (line.split("\t")[0] for line in lines))):
        parted = [line.split("\t", 1) for line in lines]
        return ["\t".join([*cell.split(), *rest]) for cell, *rest in parted]
    sizes = {line.count("\t") for line in lines}
    rows = [re.split("\t+", line.strip()) for line in lines]
    even = len(sizes) > 1 and len({*map(len, rows)}) == 1
    if even and all(map(written_number, (cell.strip() for row in rows[1:] for cell in row))):
        return ["\t".join(row) for row in rows]
    return lines


def _with_decimal_commas(lines: Sequence[str]) -> Sequence[str]:
    """The lines of 1,5, 2,5, 3 with tabs between their cells; () unless all are so."""
    if any('"' in line for line in lines):
        return ()
    rows = [re.split(", +", line.strip()) for line in lines]
    body = [cell for row in rows[1:] for cell in row]
    even = len({*map(len, rows)}) == 1 and len(rows[0]) > 1
    whole = all("," not in cell or written_number(cell) for cell in (*rows[0], *body))
    return [*map("\t".join, rows)] if even and whole and any("," in cell for cell in body) else ()


def refuse_open_commas(text: str, rows: Sequence[TableRow]) -> None:
    """Refuse rows of 1,5,2,5, or a lone one of 1,5, 2,5, 3: nothing tells what commas are."""
    row, lines = rows[0], re.split("\r\n?|\n", text)
    if len(rows) > 1 and not _may_be_decimal([lines[one.line - 1] for one in rows], rows):
        return
    line = lines[row.line - 1].strip().rstrip(",")
    cells = _PAIR.findall(line) if _PAIRS.fullmatch(line) else re.split(", +", line)
    within = [at for at, cell in enumerate(cells, start=1) if "," in cell]
    numbers = all(cell.count(",") < 2 and written_number(cell) for cell in cells)
    if len(cells) > 1 and within and numbers:
        raise InvalidTable(
            "csv_open_commas", pointer=POINTER, line=row.line, cell=cells[within[0] - 1],
            commas=", ".join(map(str, within)), point="; ".join(cells), apart="; ".join(row.cells),
        )  # fmt: skip


def _may_be_decimal(lines: Sequence[str], rows: Sequence[TableRow]) -> bool:
    """Whether several rows may be decimal numbers as they are in 1,5,2,5, and not whole ones.

    What would stand behind commas has zeros in front, or one figure throughout; of few rows any.
    """
    if len({len(row.cells) for row in rows}) > 1 or not all(
        map(_PAIRS.fullmatch, (line.strip() for line in lines))
    ):
        return False
    columns = [*zip(*(row.cells for row in rows), strict=True)]
    behind = columns[1::2]
    padded = any(len(cell) > 1 and cell[0] == "0" for column in behind for cell in column)
    bits = all({*column} <= {"0", "1"} for column in columns)
    few = len(rows) <= _FEW_ROWS and not bits
    return padded or few or (not bits and all(len({*column}) == 1 for column in behind))


def _is_blank_row(cell: str) -> bool:
    """Whether what should be a cell is a row of numbers with blanks between them."""
    words = cell.split()
    return len(words) >= _LEAST_NUMBERS and not written_number(cell) and all(map(_is_number, words))


def _is_number(cell: str) -> bool:
    return bool(written_number(cell)) or is_gap(cell, numbers=True)


def _with_names_of_rows(lines: Sequence[str]) -> Sequence[str]:
    """The lines with tabs where R's names of rows have blanks: Mazda RX4 21.0 6 160."""
    names, *rows = [line.split() for line in lines]
    size = len(names)
    if size < 2 or any(map(_is_number, names)) or any("," in line for line in lines):
        return lines
    sizes = {len(row) - size for row in rows}
    if min(sizes) < 1 or sizes == {1} or any(written_number(row[0]) for row in rows):
        return lines
    kinds = [{_is_number(row[at - size]) for row in rows} for at in range(size)]
    if any(len(kind) > 1 for kind in kinds) or {True} not in kinds:
        return lines
    cells = ([" ".join(row[:-size]), *row[-size:]] for row in rows)
    return ["\t".join(["", *names]), *map("\t".join, cells)]


def _refuse_split_name(lines: Sequence[str], places: Sequence[int]) -> None:
    """Refuse names with one too many beside R's or pandas' numbers of rows, where none stands."""
    names, *rows = [line.split() for line in lines]
    numbers = [row[0] for row in rows]
    counted = any(numbers == [str(at + i) for i in range(len(rows))] for at in (0, 1))
    apart = lines[0][:1] == " " and not any(line[:1] == " " for line in lines[1:])
    if apart and counted and {*map(len, rows)} == {len(names)} and not any(map(_is_number, names)):
        raise InvalidTable(
            "csv_ragged", pointer=POINTER, line=places[0] + 1, count=len(names) + 1,
            first=places[1] + 1, expected=len(names),
        )  # fmt: skip
