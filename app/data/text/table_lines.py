"""A text's lines before they are split: heads, comments and rulers are told from rows."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from app.data.numbers.gaps import is_gap
from app.data.numbers.number_formats import written_number
from app.data.numbers.scripts import plain_signs
from app.data.text.bracketed_rows import matrix_lines, parted_lines, refuse_longer
from app.data.text.encodings import POINTER
from app.data.text.printouts import bare_lines, refuse_foreign, refuse_parts, refuse_unprinted
from app.data.text.single_blanks import evenly_parted
from app.data.text.weka import weka_lines
from app.errors import InvalidTable

DELIMITERS: Mapping[str, str] = {
    "tab": "\t", "semicolon": ";", "pipe": "|", "comma": ",", "blank": " ", "fixed": "",
    "grouped": " ",
}  # fmt: skip
"""The separators by name; "fixed" are columns of a fixed width, "grouped" ones by blanks that also
group thousands. The first of equals is taken."""
# Programs that fill up lines repeat the sign.
_TOLD = re.compile(r'"?sep=(?P<sign>[^\r\n])(?P=sign)*+"?[ ]*(?=\n|$)', re.IGNORECASE)
_RULER = re.compile(r"[|+:;,\t ]*[-=_]{3}[-=_|+:;,\t ]*|\s*\|(?:\s*:?-{1,2}:?\s*\|)+\s*")
# The common factor that MATLAB prints above a matrix, and what stands below it.
_SCALED = re.compile(r"\s*1\.0+e[+-][0-9]+ *\*\s*")
_SCALED_ROW = re.compile(r"(?:\s+(?:[-+]?[0-9]+(?:\.[0-9]+)?|-?Inf|NaN))+\s*")
_LATEX = re.compile(
    r"\\(?:hline|(?:top|mid|bottom)rule|(?:begin|end)\{\w+\}(?:\{[^{}]*\})?|cline\{[^{}]*\})|\\\\|\\?\$"
)
_LATEX_BEGIN = re.compile(r"\\begin\{\w++\*?\}(?:\[\w*+\])?(?:\{[lcr|@ ]*+\})?")
_LATEX_WORDS = re.compile(
    r"\\(?:text(?:bf|it|rm|sf|tt)?|math(?:bf|it|rm)|bm|emph|num|multirow\{[^{}]*\}\{[^{}]*\})"
    r"\{([^{}]*)\}"
)
_LATEX_SPAN = re.compile(r"\\multicolumn\{([1-9])\}\{[^{}]*\}\{([^{}]*)\}")
_SPARSE = re.compile(r"[-+.0-9]+(?: +(?:qid|[0-9]+):\S+)+(?: *#.*)?")
_QUOTED_LINE = re.compile(r'"(?:[^"]|"")*+"')
_QUOTED_CELL = re.compile(
    r"(?<![^\t;,|])[ ]*[“„‟”«»‘‚’‹›]([^“„‟”«»‘‚’‹›\"\n]*+)[“”‟«»‘’‹›][ ]*(?![^\t;,|])"
)
_SEPARATORS = {"；": ";", "؛": ";", "｜": "|", "，": ",", "،": ",", "、": ","}
_COMMENTS = ("#", "%", "//")
_HEAD, _MOST_OMITTED, _LONGEST_RUN = 50, 10_000, 1_000
# Each run is gone through once: it begins where no equal sign stands before.
_RUNS = {sign * (_LONGEST_RUN + 1): re.compile(rf"(?<!{one}){one}{{{_LONGEST_RUN},}}+")
         for sign in " \t,;|-=_+.:#*/&" for one in [re.escape(sign)]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableLines:
    """A text's lines, those that are no rows of its table being empty.

    ``told`` is the name of the separator that the text itself tells, or ""; ``comments`` are the
    lines that were left out as comments; ``names`` those of the columns where the text says them
    apart from its rows (Weka's ARFF), else (), and ``labels`` which labels each of them may hold.
    ``factor`` is what MATLAB printed above the numbers, which are multiplied by it; "" for none.
    """

    lines: list[str]
    told: str
    comments: tuple[int, ...]
    names: tuple[str, ...]
    labels: Mapping[int, frozenset[str]] = field(default_factory=dict)
    factor: str = ""


def table_lines(text: str, delimiter: str, omit: Iterable[int]) -> TableLines:
    """The lines of ``text`` without the lines ``omit``.

    Raises InvalidTable if none is left, or the text is no table.
    """
    omitted = frozenset(omit)
    lines = _without(_squeezed(_bounded(_plain_ends(text))).split("\n"), omitted)
    if not any(map(str.strip, lines)):
        raise InvalidTable("csv_empty", pointer=POINTER)
    refuse_unprinted(lines)
    lines = _without(_plain_lines(lines, delimiter), omitted)
    lines, factor = _multiplied(lines)
    lines, heads = bare_lines(lines)
    lines, names, labels = weka_lines(lines)
    told, lines = _told_separator(lines)
    lines = evenly_parted(lines)
    lines, comments = _without_comments(
        lines, DELIMITERS.get(delimiter or told, ""), sure="%" if names else ""
    )
    # A ruler below the header, as in Markdown and as databases print it.
    lines = ["" if _RULER.fullmatch(line) else line for line in lines]
    if not any(line.strip() for line in lines):
        raise InvalidTable("csv_empty", pointer=POINTER)
    return TableLines(lines, told, tuple(sorted({*heads, *comments})), names, labels, factor)


def _without(lines: Sequence[str], omitted: Set[int]) -> list[str]:
    return ["" if at in omitted else line for at, line in enumerate(lines, start=1)]


def _plain_lines(lines: list[str], delimiter: str) -> list[str]:
    """The lines of a table, of a matrix its rows, with ASCII signs for separators.

    LaTeX has tabs for its signs.
    """
    lines = _with_latex_rows(lines)
    for rows in (matrix_lines(lines, delimiter), parted_lines(lines, delimiter)):
        if rows is not None:
            return rows
    refuse_foreign(lines)
    refuse_parts(lines)
    if any(line.rstrip().endswith("\\\\") and "&" in line for line in lines):
        return [*map(_without_latex, lines)]
    filled = [(at, line.strip()) for at, line in enumerate(lines, start=1) if line.strip()]
    if filled and all(_SPARSE.fullmatch(line) for _, line in filled):
        raise InvalidTable("csv_sparse", pointer=POINTER, line=filled[0][0])
    if filled and all(_QUOTED_LINE.fullmatch(line) for _, line in filled):
        # The whole of each line was taken for one cell when it was saved.
        lines = [line.strip()[1:-1].replace('""', '"') for line in lines]
    lines = _with_plain_quotes(lines)
    return _with_ascii_separators(lines, [line for _, line in filled])


def _with_latex_rows(lines: list[str]) -> list[str]:
    """The lines, of a matrix or table that LaTeX has in one line its rows."""
    filled = [line.strip() for line in lines if line.strip()]
    begin = _LATEX_BEGIN.search(filled[0]) if len(filled) == 1 else None
    end = filled[0].rfind("\\end{") if begin else -1
    if begin is None or end < begin.end():
        return lines
    rows = filled[0][begin.end() : end].split("\\\\")
    return [rf"{row} \\" for row in rows if row.strip()] if "&" in rows[0] else lines


def _without_latex(line: str) -> str:
    """A line of a table in LaTeX, with tabs between its cells and its words and signs plain."""
    line = _LATEX_WORDS.sub(r"\1", line)
    line = _LATEX_SPAN.sub(lambda found: found[2] + "&" * (int(found[1]) - 1), line)
    line = _LATEX.sub("", line).replace("\\pm", "±")
    return re.sub(r"\\([%_#])", r"\1", line.replace("&", "\t").replace("{,}", ","))


def _with_plain_quotes(lines: list[str]) -> list[str]:
    """The lines with ASCII marks for the typographic ones that quote whole cells."""
    if any('"' in line for line in lines):
        return lines
    return [line if line.isascii() else _QUOTED_CELL.sub(r'"\1"', line) for line in lines]


def _with_ascii_separators(lines: list[str], filled: Sequence[str]) -> list[str]:
    """The lines with an ASCII sign for the fullwidth or Arabic one that separates their columns."""
    if any(line.isascii() for line in filled):
        return lines
    for foreign, sign in _SEPARATORS.items():
        counts = {line.count(foreign) for line in filled}
        if (
            len(counts) == 1
            and 0 not in counts
            and not any(s in line for s in "\t;|," for line in filled)
        ):
            return [line.replace(foreign, sign) for line in lines]
    return lines


def _multiplied(lines: list[str]) -> tuple[list[str], str]:
    """The lines with numbers times MATLAB's common factor above them, and that factor or "".

    Refuses a second factor: what it is about cannot be told.
    """
    found = [at for at, line in enumerate(lines) if _SCALED.fullmatch(line)]
    factors = [lines[at].replace("*", "").strip() for at in found]
    if not found:
        return lines, ""
    if len({*factors}) > 1:
        raise InvalidTable("csv_scaled", pointer=POINTER, line=found[1] + 1, factor=factors[1])
    power = factors[0][factors[0].index("e") :]
    bare = ["" if at in found else line for at, line in enumerate(lines)]
    scaled = [
        re.sub(r"(?<=[0-9])(?=\s|$)", power, line) if _SCALED_ROW.fullmatch(line) else line
        for line in bare[found[0] :]
    ]
    return [*bare[: found[0]], *scaled], factors[0]


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


def _without_comments(
    lines: list[str], sign: str, *, sure: str
) -> tuple[list[str], tuple[int, ...]]:
    """The lines with comments empty, and which these were; a text may have several marks for them.

    The ``sure`` one, if any, marks nothing else in this kind of file.
    The comment above the rows names the columns if it splits as they do, as NumPy writes it.
    """
    found, marks = list(lines), dict[int, str]()
    for mark in _COMMENTS:
        for at in _marked(found, mark, sure=mark == sure):
            found[at], marks[at] = "", mark
    rest = [line for line in found if line.strip()]
    first = next((at for at, line in enumerate(found) if line.strip()), 0)
    if above := [at for at in marks if at < first]:
        at = max(above)
        names = lines[at].lstrip().removeprefix(marks[at]).lstrip()
        if _names_columns(names, rest, sign):
            found[at] = names
            del marks[at]
    return found, tuple(at + 1 for at in sorted(marks))


def _marked(lines: Sequence[str], mark: str, *, sure: bool) -> list[int]:
    """Which lines are comments with this mark.

    Where most lines begin with it, they are only if something sets them apart from the rows.
    """
    filled = [at for at, line in enumerate(lines) if line.strip()]
    found = [at for at in filled if _is_comment(lines[at], mark)]
    if not found or sure:
        return found
    rows = [lines[at] for at in filled if at not in {*found}]
    marked = [lines[at].strip() for at in found]
    spaced = all(line.startswith((f"{mark} ", f"{mark}{mark}")) for line in marked)
    head = spaced and filled[: len(found)] == found and bool(rows)
    apart = head or (len(rows) > 1 and (spaced or _are_other_lines(marked, rows)))
    many = len(found) * 2 > len(filled) and not apart
    return [] if many or _is_column(lines, found[0], mark) else found


def _are_other_lines(marked: Sequence[str], rows: Sequence[str]) -> bool:
    """Whether some sign separates the cells of all rows, and in no marked line as many."""
    for sign in "\t;|,":
        counts = {row.count(sign) for row in rows}
        if len(counts) == 1 and 0 not in counts:
            return not any(line.count(sign) in counts for line in marked)
    return False


def _is_comment(line: str, mark: str) -> bool:
    """Whether a line begins with a comment's mark, and not with a gap such as #N/A or #DIV/0!."""
    line = line.lstrip()
    if not line.startswith(mark):
        return False
    if re.match("#{3,}[\t;,|]", line):
        return False  # a spreadsheet's column that is too narrow for its numbers
    cell = re.split(r"[\t;,| ]", line)[0]
    return not cell.strip("#") or not is_gap(cell, numbers=True)


def _is_column(lines: Sequence[str], at: int, mark: str) -> bool:
    """Whether the line begins with a column that is called by the mark."""
    return bool(re.match(rf"\s*{re.escape(mark)}[\t;,|]", lines[at]))


def _names_columns(comment: str, rest: Sequence[str], sign: str) -> bool:
    signs = [sign] if sign else [s for s in DELIMITERS.values() if s]
    for one in signs:
        cells, row = (text.split(None if one == " " else one) for text in (comment, rest[0]))
        if len(cells) == len(row) > 1 and any(map(written_number, map(str.strip, row))):
            return not any(written_number(cell.strip()) for cell in cells)
    return False


def _bounded(text: str) -> str:
    """The text without the lines at its end that hold nothing; refuses one of too many lines."""
    filled = len(text.rstrip("\n\t ,;|"))
    end = text.find("\n", filled)
    refuse_longer(text.count("\n", 0, filled) + 1)
    return text if end < 0 else text[:end]


def _squeezed(text: str) -> str:
    """The text without runs of a thousand equal signs: no table has so many columns."""
    for run, pattern in _RUNS.items():
        if run in text:
            text = pattern.sub(run[:_LONGEST_RUN], text)
    return text


def _plain_ends(text: str) -> str:
    return text.removeprefix("\N{BYTE ORDER MARK}").replace("\r\n", "\n").replace("\r", "\n")


def count_lines(text: str) -> int:
    """How many lines a text has, as errors count them."""
    return _plain_ends(text).removesuffix("\n").count("\n") + 1


def line_numbers(text: str) -> tuple[int, ...]:
    """The lines that a text such as "1, 7-9" names; ValueError if it names none, or too many."""
    found: list[int] = []
    for part in re.split("[,; ]+", plain_signs(text).replace("\N{EN DASH}", "-").strip()):
        lines = re.fullmatch("([0-9]{1,9})(?:-([0-9]{1,9}))?", part)
        if lines is None:
            raise ValueError(part)
        low, high = int(lines[1]), int(lines[2] or lines[1])
        if not 0 < low <= high < low + _MOST_OMITTED:
            raise ValueError(part)
        found += range(low, high + 1)
    return tuple(found)
