"""What programs print around a table's rows: heads, frames, counts, and signs for what is left out.

What stands for rows that were not printed is refused, as is text that holds no table as rows.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from app.data.numbers.number_formats import written_number
from app.data.text.encodings import POINTER
from app.data.text.refusals import printable, refuse_all
from app.errors import InvalidInput, InvalidTable

CUT = frozenset(("..", "...", "\N{HORIZONTAL ELLIPSIS}", "\N{VERTICAL ELLIPSIS}"))
"""What programs print for rows and columns that they leave out."""
_MOST_ECHOED, _LOOKED_AT = 40, 200
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
        r"(?:\w+\.)*Series\()|import [\w.]+(?: as \w+)?\s*\n|from [\w.]+ import |"
        r"<tf\.|<class '|\[np\."
    ),
    "SQL": r"(?:insert into|create table|select)\s",
    "wikitext": r"\{\|",
    "Mathematica": r"(?:\w+ *= *)?(?:\{\s*)?(?:\{\s*\"|<\|)|dataset\[",
    "MATLAB": r"(?:\w+ *=\s*)?struct(?:\(| with fields:)",
}
_STARTS = {name: re.compile(rf"\s*(?:{text})", re.IGNORECASE) for name, text in _FOREIGN.items()}
# What all of a text's lines are then.
_LINES = {
    "R": re.compile(r"(?P<sure>\s*\[[0-9]+\] .*)|\s*\$\w+|\s*\[\[[0-9]+\]\]"),
    "YAML": re.compile(
        r"(?P<sure>\s*(?:- ++)*+(?:[^\W\d][\w .-]*|\"[^\"]*\"|'[^']*'):(?:[ ].*)?)|---.*|"
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
    r"\s*(?:shape: \([0-9, ]+\)|[0-9]+ ?[×x] ?[0-9]+ [^\W\d][^,;\t|]*|[0-9]+-element .*:|"
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
_COMPLEX = re.compile(r"(?<=[0-9]) ([-+]) ([0-9.]++[ij])\b")
_ROW_LABEL = re.compile(r"\s*\[[0-9]+,\]")
_STATA_ROW = re.compile(r"\s*[0-9]+\. (?=\|)")
_STATA_FRAME = re.compile(r"[|+]|-{3,}")
_TYPE = re.compile(
    r"<\S+>|(?:[fiu](?:8|16|32|64|128)|(?:u?int|float)[0-9]*|str|string[0-9]*|bool|boolean|cat|"
    r"date|time|datetime\S*|enum|double|bigint|u?(?:tiny|small|huge)int|integer|varchar|text|any|"
    r"decimal\S*|missing|char)\??",
    re.IGNORECASE,
)


# --- what is refused ------------------------------------------------------------------------


def refuse_foreign(lines: Sequence[str]) -> None:
    """Refuse text that holds no table as rows, by the name of what it is."""
    filled = [line for line in lines if line.strip()]
    text = "\n".join(line[:_LOOKED_AT] for line in filled[:_LOOKED_AT])
    for name, summary in _SUMMARIES.items():
        if summary.search(text):
            raise InvalidTable("csv_summary", pointer=POINTER, name=name)
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


def refuse_unprinted(lines: Sequence[str]) -> None:
    """Refuse lines that stand for rows, columns or numbers that a program did not print."""
    refuse_all(
        InvalidInput(
            "csv_left_out", pointer=POINTER, line=at, text=printable(line.strip())[:_MOST_ECHOED]
        )
        for at, line in enumerate(lines, start=1)
        if line.strip() and (_is_cut(line) or _is_gap_of_rows(lines, at - 1))
    )


def refuse_parts(lines: Sequence[str]) -> None:
    """Refuse tables that pandas or R printed in parts, as their lines would have been too long.

    pandas ends the names with a backslash; in R's next part the same rows' names begin anew.
    """
    filled = [at for at, line in enumerate(lines) if line.strip()]
    if any(sign in lines[at] for at in filled[:2] for sign in ",;\t|"):
        return
    ends = [at for at in filled[:1] if lines[at].rstrip().endswith(" \\")]
    first = [lines[at].split(None, 1)[0] for at in filled]
    size = first.index(first[1], 2) - 1 if first[1:2] and first[1] in first[2:] else 0
    again = size > 2 and len(first) % size == 0 and len({*first[1:size]}) == size - 1
    if again and all(
        first[at : at + size][1:] == first[1:size] and not _has_number(lines[filled[at]])
        for at in range(0, len(first), size)
    ):
        ends = [filled[size]]
    if ends:
        raise InvalidTable("csv_parts", pointer=POINTER, line=ends[0] + 1)


def _has_number(line: str) -> bool:
    return any(map(written_number, line.split()))


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
    found = _unframed(lines) if framed else _unmarked(lines)
    found = ["" if _COUNTED.fullmatch(line) else _COMPLEX.sub(r"\1\2", line) for line in found]
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


def _unmarked(lines: Sequence[str]) -> list[str]:
    """Lines without R's and Stata's own numbers of rows, with pipes for the marks of wikis."""
    filled = [line for line in lines if line.strip()]
    if len(filled) > 1 and all(map(_ROW_LABEL.match, filled[1:])):
        return [_ROW_LABEL.sub("", line) for line in lines]
    if any(map(_STATA_ROW.match, filled[:_LOOKED_AT])):
        return [_STATA_FRAME.sub(" ", _STATA_ROW.sub("", line)) for line in lines]
    wiki = filled[0].strip() if filled else ""
    for mark, one in (("||", "|"), ("^", "|")):
        if wiki.startswith(mark) and wiki.endswith(mark) and len(wiki) > 2:
            return [line.replace(mark, one) for line in lines]
    return [*lines]


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
