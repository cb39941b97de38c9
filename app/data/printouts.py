"""What programs print around a table's rows: heads, frames, counts, and signs for what is left out.

What stands for rows that were not printed is refused, as is text that holds no table as rows.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from app.data.encodings import POINTER
from app.data.number_lists import rows_in
from app.data.refusals import printable, refuse_all
from app.errors import InvalidInput, InvalidTable

CUT = frozenset(("..", "...", "\N{HORIZONTAL ELLIPSIS}", "\N{VERTICAL ELLIPSIS}"))
"""What programs print for rows and columns that they leave out."""
_MOST_ECHOED, _LOOKED_AT = 40, 200
# A matrix as NumPy, MATLAB, Python or Mathematica writes it, in brackets and with its name.
_MATRIX = re.compile(
    r"\s*+(?:[\w ]++(?:\[[0-9]*\])*+\s*+:?=\s*+)?(?:\w+\.)?(?:(?:array|matrix|tensor)\()?"
    r"(?P<body>(?:[\[{]|\(\s*+\()[-+\d.,;eE\s\[\](){}*^]*[\])}])"
    r"(?:,\s*\w+=[\w.:'\"]+)*\)?;?\s*",
    re.IGNORECASE,
)
_SQUARE = str.maketrans("(){}", "[][]")
# What is no table of rows: data formats, code, listings of a table's structure.
_FOREIGN = {
    "JSON": r"\[?\s*\{\s*\"[^\"]*\"\s*:",
    "HTML": r"<(?:!doctype|html|table|div|body|thead|tbody|tr)\b",
    "XML": r"<(?:\?xml|[a-z]\w*[\s>/])",
    "R": (
        r"(?:[\w.]+ *(?:<-|=) *)?(?:structure|data\.frame|c|list|tibble|tribble|matrix)\((?!\s*\[)|"
        r"rows: [0-9]+\s+columns: [0-9]+|'data\.frame':|tibble \[|classes ['‘]|list of [0-9]+\n"
    ),
    "Python": (
        r"(?:[\w.]+ *= *)?(?:\[?\s*\{\s*(?:'[^']*'|[0-9.]+|\w+)\s*:|(?:\w+\.)*(?:Data)?Frame\(|"
        r"(?:\w+\.)*Series\()|import \w|from \w+ import |<tf\.|<class '|\[np\."
    ),
    "SQL": r"(?:insert into|create table|select)\s",
    "wikitext": r"\{\|",
    "Mathematica": r"(?:\w+ *= *)?(?:\{\s*)?(?:\{\s*\"|<\|)|dataset\[",
    "MATLAB": r"(?:\w+ *=\s*)?struct(?:\(| with fields:)",
}
_STARTS = {name: re.compile(rf"\s*(?:{text})", re.IGNORECASE) for name, text in _FOREIGN.items()}
# What all of a text's lines are then.
_LINES = {
    "YAML": re.compile(
        r"(?P<sure>\s*(?:- +)*(?:[^\W\d][\w .-]*|\"[^\"]*\"|'[^']*'):(?:[ ].*)?)|---.*|"
        r"\s*-(?: .*)?|\s*#.*"
    ),
    "Python": re.compile(r"(?P<sure>\s*[^\W\d]\w* *= *[\[(].*[\])])"),
    "MATLAB": re.compile(r"(?P<sure>\s*[^\W\d]\w* *= *\[.*\] *;?)|\s*%.*"),
    "INI": re.compile(r"(?P<sure>\s*[^\W\d][\w.-]* *= *[^=;]*)|\s*\[[^\]]*\]|\s*[#;].*"),
}
# Summaries of a table: pandas' describe and info, R's summary.
_SUMMARIES = {
    "describe()": re.compile(r"^\W*count\b.*\n\W*mean\b.*\n\W*std\b", re.MULTILINE | re.IGNORECASE),
    "info()": re.compile(r"<class 'pandas|#\s+column\s+non-null count", re.IGNORECASE),
    "summary()": re.compile(r"min\. *:.*\n.*1st qu\.:", re.IGNORECASE),
}
_NAME = re.compile(r"\s*[^\W\d]\w* *=\s*")
_SIZE = re.compile(
    r"\s*(?:shape: \([0-9, ]+\)|[0-9]+ ?[×x] ?[0-9]+ [^\W\d].*|[0-9]+-element .*:|"
    r"a data\.frame: .*|a tibble: .*)\s*",
    re.IGNORECASE,
)
_PART = re.compile(r"\s*columns? [0-9]+(?: (?:through|and|to) [0-9]+)?:?\s*", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s*(?:\[[0-9]+ rows x [0-9]+ columns\]|\([0-9]+ rows?(?: affected)?\)|"
    r"[0-9]+ rows? (?:in set|selected|affected|returned)\b.*|"
    r"(?:name: .*, )?(?:length: [0-9]+, )?dtype: \w+)\s*",
    re.IGNORECASE,
)
_UNPRINTED = re.compile(
    r"[\s#\[]*+(?:ℹ|…|\.\.\.|i)? *(?:with )?(?:reached .*omitted|[0-9,]+ (?:more )?"
    r"(?:rows?|variables?|columns?|observations?)"
    r"(?: and [0-9,]+ (?:more )?(?:rows?|variables?|columns?))? ?(?:omitted|not shown)|"
    r"[0-9,]+ more (?:rows?|variables?|columns?)).*",
    re.IGNORECASE,
)
_SEPARATORS = str.maketrans(dict.fromkeys("[](){},;|&\\\t", " "))
_CUT_ROW = re.compile(r"[0-9.][,\s]\s*(?:\.\.\.|…),?\s+[-+.0-9]")
_LATEX_DOTS = re.compile(r"\\[vdlc]?dots\b")
_BOX = re.compile("[\N{BOX DRAWINGS LIGHT HORIZONTAL}-\N{BOX DRAWINGS HEAVY LEFT AND LIGHT RIGHT}]")
_BARS = re.compile("[│┃║┆┇┊┋╎╏]")
_TYPE = re.compile(
    r"<\S+>|(?:[fiu](?:8|16|32|64|128)|(?:u?int|float)[0-9]*|str|string[0-9]*|bool|boolean|cat|"
    r"date|time|datetime\S*|enum|double|bigint|u?(?:tiny|small|huge)int|integer|varchar|text|any|"
    r"decimal\S*|missing|char)\??",
    re.IGNORECASE,
)


def matrix_lines(lines: Sequence[str]) -> list[str] | None:
    """The rows of a matrix in brackets, with tabs between the numbers; None if it is none.

    Rows that each have a line of their own keep it.
    """
    found = _MATRIX.fullmatch("\n".join(lines))
    if found is None:
        return None
    body = found["body"].replace("*^", "e").translate(_SQUARE)
    rows = ["\t".join(row) for row in rows_in(body)]
    places = [at for at, line in enumerate(lines) if any(map(str.isdigit, line))]
    if len(places) != len(rows):
        return rows
    placed = [""] * len(lines)
    for at, row in zip(places, rows, strict=True):
        placed[at] = row
    return placed


# --- what is refused ------------------------------------------------------------------------


def refuse_foreign(lines: Sequence[str]) -> None:
    """Refuse text that holds no table as rows, by the name of what it is."""
    filled = [line for line in lines if line.strip()]
    text = "\n".join(line[:_LOOKED_AT] for line in filled[:_LOOKED_AT])
    for name, start in _STARTS.items():
        if start.match(text):
            raise InvalidTable("csv_format", pointer=POINTER, format=name)
    for name, form in _LINES.items():
        found = [form.fullmatch(line) for line in filled[:_LOOKED_AT]]
        if (
            len(found) > (name == "YAML")
            and all(found)
            and any(one and one["sure"] for one in found)
        ):
            raise InvalidTable("csv_format", pointer=POINTER, format=name)
    for name, summary in _SUMMARIES.items():
        if summary.search(text):
            raise InvalidTable("csv_summary", pointer=POINTER, name=name)


def refuse_unprinted(lines: Sequence[str]) -> None:
    """Refuse lines that stand for rows, columns or numbers that a program did not print."""
    refuse_all(
        InvalidInput(
            "csv_left_out", pointer=POINTER, line=at, text=printable(line.strip())[:_MOST_ECHOED]
        )
        for at, line in enumerate(lines, start=1)
        if line.strip() and (_is_cut(line) or _is_gap_of_rows(lines, at - 1))
    )


def _is_cut(line: str) -> bool:
    """Whether a line has nothing but signs of what is left out, or says that something is."""
    if _UNPRINTED.match(line):
        return True
    if "..." not in line and not any(sign in line for sign in CUT) and "dots" not in line:
        return False
    words = _BARS.sub(" ", _LATEX_DOTS.sub("...", line)).translate(_SEPARATORS).split()
    if words and all(word in CUT for word in words):
        return True
    # In a row of NumPy's; at a line's end MATLAB goes on after three points.
    return bool({"[", "]"} & {*line} and _CUT_ROW.search(line))


def _is_gap_of_rows(lines: Sequence[str], at: int) -> bool:
    """Whether R's data.table left out rows here: between numbered ones it prints three hyphens."""
    around = lines[at - 1 : at + 2]
    if lines[at].strip() != "---" or not 0 < at < len(lines) - 1:
        return False
    return all(re.match(r"\s*[0-9]+:\s", line) for line in (around[0], around[-1]))


# --- what is left out of the lines ----------------------------------------------------------


def bare_lines(lines: Sequence[str]) -> tuple[list[str], tuple[int, ...]]:
    """The lines without what is printed around a table's rows, and which heads were left out.

    Frames become pipes; a matrix that MATLAB printed in parts is put together.
    """
    framed = any(map(_BOX.search, lines[:_LOOKED_AT]))
    found = _unframed(lines) if framed else [*lines]
    found = ["" if _COUNTED.fullmatch(line) else line for line in found]
    filled = [at for at, line in enumerate(found) if line.strip()]
    heads = [
        *takewhile(lambda at: _NAME.fullmatch(found[at]) or _SIZE.fullmatch(found[at]), filled)
    ]
    if heads == filled:
        return found, ()
    for at in heads:
        found[at] = ""
    found = _without_types(found, framed=framed)
    return _joined(found), tuple(at + 1 for at in heads)


def _unframed(lines: Sequence[str]) -> list[str]:
    """Lines with pipes for the bars of a frame; Julia's one bar stands behind the rows' numbers."""
    bare = ["" if not _BOX.sub("", line).strip(" |+") else line for line in lines]
    barred = [line for line in bare if _BARS.search(line)]
    if barred and all(len(_BARS.findall(line)) == 1 for line in barred):
        return [_BARS.sub(" ", line) for line in bare]
    return [_BARS.sub("|", line) for line in bare]


def _without_types(lines: Sequence[str], *, framed: bool) -> list[str]:
    """The lines without the row of types that tibbles have below their names, and frames have."""
    found = [*lines]
    filled = [at for at, line in enumerate(lines) if line.strip(" |-\t")]
    for at in filled[1:3]:
        words = [word for word in re.split(r"[\s|]+", lines[at]) if word]
        if words and all(map(_TYPE.fullmatch, words)) and (framed or words[0].startswith("<")):
            found[at] = ""
            break
    return found


def _joined(lines: Sequence[str]) -> list[str]:
    """The lines of a matrix whose columns MATLAB prints in parts, side by side."""
    heads = [at for at, line in enumerate(lines) if _PART.fullmatch(line)]
    if not heads or any(line.strip() for line in lines[: heads[0]]):
        return [*lines]
    parts = list(_parts(lines, heads))
    if len({len(part) for part in parts}) > 1:
        raise InvalidTable("csv_parts", pointer=POINTER, line=heads[0] + 1)
    found = [""] * len(lines)
    for places in zip(*parts, strict=True):
        found[places[0]] = " ".join(lines[at].strip() for at in places)
    return found


def _parts(lines: Sequence[str], heads: Sequence[int]) -> Iterator[list[int]]:
    """The places of the filled lines of each part, one below each of ``heads``."""
    edges = [*heads, len(lines)]
    for begin, end in pairwise(edges):
        yield [at for at in range(begin + 1, end) if lines[at].strip()]
