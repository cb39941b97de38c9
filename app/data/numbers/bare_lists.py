"""A list or matrix without what is plainly no entry: names, calls, options, LaTeX's commands."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.data.numbers.scripts import (
    LATEX_FRACTION,
    LATEX_THOUSANDS,
    latex_fraction,
    plain_signs,
)

ROW_END = "\N{RETURN SYMBOL}"
"""What stands for the end of a line where a text has to be one line."""
_SIGNS = str.maketrans({
    "٫": ".", "٬": None, "،": ", ", "؛": ";", "、": ", ", ROW_END: "\n", "\r": "\n",
    "\N{ZERO WIDTH SPACE}": None, "\N{BYTE ORDER MARK}": None, "\N{SOFT HYPHEN}": None,
})  # fmt: skip
_GROUPING = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
# Names: w1, w_{11}, W^{(1)}, \mathbf{W}_1, w[0], w(1), θ₁. What follows a sign is not given back.
_NAME = (
    r"(?<![\w.\\])\\?[^\W\d_]\w*+(?:\{\w*+\})?(?:\.\w++|[_^](?:\{[^{}]*+\}|\(\w*+\)|\\?\w++)|"
    r"\[[\d,: ]*+\]|\(\d[\d, ]*+\))*+"
)
_OPTION = (
    r"(?:,[ \n]?)?(?<![\w.])(?:dtype|device|requires_grad|grad_fn|shape|order|copy|ndmin|weak_type)"
    r" ?= ?(?:<[^<>]*+>|\([^()]*+\)|[\w.:<]++(?:\([^()]*+\))?)"
)
_CALL = (
    r"(?<![\w.])(?:\w++\.)*+(?:n?d?array|asarray|matrix|mat|(?:as_|float|double)?tensor|parameter|"
    r"variable|constant|c|list|tuple|vector|rbind|single|double) ?[(\[{]"
)
_COMMAND = (
    r"\\(?:(?:left|right|bigg?[lrm]?)(?![a-z]) ?(?:[\[\](){}|.]|\\[{}|])?|[hv]?phantom\{-\}|"
    r"(?:hline|(?:top|mid|bottom)rule|q?quad|displaystyle)(?![a-z])|[,;:!()\[\] ])|\$"
)
_POWER = r" ?(?:\\cdot|\\times|[·×*]) ?10\^(?:\{([-+]?\d++)\}|([-+]?\d++))"
_QUOTED = re.compile(r"""(?<!\w)(["'])([^"'\n]*+)\1(,?)""")
_R_MATRIX = r"(?<![\w.])matrix\((?:data ?= ?)?c\(([^()]*+)\)((?:, ?[^(),]++)*+)\)"


def _unquoted(text: str) -> str:
    """A text without quotation marks; where they hold commas, those between them separate."""
    tab = any("," in found[2] for found in _QUOTED.finditer(text))
    return _QUOTED.sub(lambda found: found[2] + ("\t" if found[3] and tab else found[3]), text)


def _labelled(found: re.Match[str]) -> str:
    """A name that is given a value, in letters and figures, and a plain sign for that."""
    name = unicodedata.normalize("NFKC", re.sub(r"\\(?:math|bold|text)\w*+|[\W_]", "", found[1]))
    return f"{name}="


def _decimal_comma(found: re.Match[str]) -> str:
    """A point for LaTeX's decimal comma; a plain comma where it may group thousands."""
    text, at = found.string, found.start()
    before = re.search(r"\d*$", text[max(0, at - 4) : at])
    after = re.match(r"\d*", text[found.end() : found.end() + 4])
    grouped = before and after and re.fullmatch(r"[1-9]\d{0,2} \d{3}", f"{before[0]} {after[0]}")
    return "," if grouped else "."


def _r_vector(found: re.Match[str]) -> str:
    """What R prints of a vector, in one line."""
    return re.sub(r"(?:^|\n)\[\d++\] ", " ", found[0])


def _r_rows(found: re.Match[str]) -> str:
    """R's matrix in rows; as it is if its options do not say how many."""
    cells, told = found[1].split(","), {"nrow": "", "ncol": "", "byrow": ""}
    unnamed = iter(told)
    for option in found[2].split(",")[1:]:
        name, equals, value = option.strip().rpartition("=")
        told[name.strip() if equals else next(unnamed, "")] = value.strip()
    rows, columns = (int(told[key]) if told[key].isdecimal() else 0 for key in ("nrow", "ncol"))
    rows = rows or (len(cells) // columns if columns else 1)
    if {*told} - {"nrow", "ncol", "byrow"} or not rows or len(cells) % rows or (
        columns not in (0, len(cells) // rows)
    ):  # fmt: skip
        return found[0].replace("matrix(", "(")
    by_row, wide = told["byrow"] in ("T", "TRUE"), len(cells) // rows
    split = (cells[at * wide :][:wide] if by_row else cells[at::rows] for at in range(rows))
    return "".join(f"[{','.join(row)}]" for row in split)


_RULES: Sequence[tuple[str, str | Callable[[re.Match[str]], str]]] = (
    (r"[^\S\n\t" + _GROUPING + "]+", " "),
    (rf"(?<!\d)[{_GROUPING}]|[{_GROUPING}](?!\d\d\d)", " "),
    (r" ?([\t\n]) ?", r"\1"),
    (r"\.\.\. ?\n", " "),  # MATLAB goes on
    (r"(?<=\d) ?/ ?(?=\d)", "/"),
    # A table in Markdown: its ruler, and the signs at the ends of its lines.
    (r"(?m)^(?=.*---)[-:+ ]*+\|[-:+| ]*+$\n?", ""),
    (r"(?m)^\| ?| ?\|$", ""),
    (r" ?\| ?", "\t"),
    # What R prints beside rows and above columns.
    (r"(?m)^(?:\[,\d++\] ?)++$\n?", ""),
    (r"(?m)^\[\d++,\] (?=[^\[\s])", ""),
    (r"\A\[1\] [^\[\]]++(?:\[\d++\] [^\[\]]++)*+\Z", _r_vector),
    (_R_MATRIX, _r_rows),
    (r"parameter containing:", ""),
    (_OPTION, ""),
    (r"(?<![\w.])(?:np\.|numpy\.)?(?:float|int|double|single)\d*+\(([^()\[\]{}]*+)\)", r"\1"),
    (_CALL, "["),
    (r"(?<=\d)\{,\}(?=\d)", _decimal_comma),
    (LATEX_FRACTION, latex_fraction),
    (LATEX_THOUSANDS, "\N{NO-BREAK SPACE}"),
    (r"\*\^", "e"),
    (rf"(?<=\d){_POWER}", r"e\1\2"),
    (r"\\(?=[{}])", ""),
    (r"\\\\(?:\[\w++\])? ?\n?", ";"),
    (r"\\begin ?\{\w++\*?\}(?:\[\w*+\])?(?:\{[lcr|@ ]*+\})?", "["),
    (r"\\end ?\{\w++\*?\}", "]"),
    (rf"({_NAME}) ?(?:<-|:=|&? ?==?|:|\\approx) ?\n*+\t?", _labelled),
    (r"(?m)(^|[;\[] ?)([^\W\d_]{1,5}_?\d{1,3})[ \t](?=[-+]?[.\d])", r"\1\2="),
    (_COMMAND, " "),
    (r"(?<=\w=)[ \n]++\t?", ""),
    (r" ?& ?", "\t"),
    (r" +", " "),
    (r" ?([\t\n;]) ?", r"\1"),
)
"""What is put for what, in this order; each looks at any part of the text a few times at most."""
_COMPILED = tuple((re.compile(rule, re.IGNORECASE), new) for rule, new in _RULES)


class BareRows(NamedTuple):
    """The rows of a text: entries, names as in ``w1=0.1``, and tabs, commas and blanks.

    ``bracketed``: brackets hold them, and ``parted``: semicolons between these part them, which
    in ``lists`` separate the entries of each innermost pair where there are several, as in
    [[0,1; 0,2]; [0,3; 0,4]]. ``several``: they hold more than one list or matrix. ``wraps``: a row
    may go on in the next line. ``stray`` is what stands where no entry can be, "" for nothing.
    """

    rows: list[str]
    bracketed: bool = False
    parted: bool = False
    lists: Sequence[str] = ()
    several: bool = False
    wraps: bool = False
    stray: str = ""


_BRACKET = re.compile(r"([\[\](){}])")
_OPENING, _CLOSING = frozenset("[({"), frozenset("])}")
_DEEPEST = 16
_OUTSIDE = re.compile(r"[,;]?\s*+(?P<label>[^\s=]++=)?")


def bare_rows(text: str) -> BareRows:
    """The rows of a list or matrix, read no further than what holds and separates its entries.

    In nested brackets the innermost ones are rows; else lines are, and what semicolons part.
    """
    text = plain_signs(text).translate(_SIGNS)
    if re.search(r"[\[{&]", text):
        text = text.replace("\t", " ")  # where code or LaTeX goes to the next column
    text = _unquoted(text).strip(" \n")
    is_latex = "\\begin" in text
    for rule, new in _COMPILED:
        text = rule.sub(new, text)
    if not _BRACKET.search(text):
        return _lines(text)
    found = _groups(text)
    return found._replace(bracketed=not is_latex)


def _lines(text: str) -> BareRows:
    """The rows of a text without brackets. An empty line between single numbers is a gap."""
    lines = [line.rstrip("; ") for line in text.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0]:
        del lines[0]
    wraps = len(lines) > 1 and all(line.endswith(",") for line in lines[:-1] if line)
    if wraps:
        lines = [line.removesuffix(",") for line in lines]
    if any(re.search(r"[\t ]|,(?!\d)", line) for line in lines):
        rows = [part.strip(" ") for line in lines if line for part in line.split(";")]
    else:
        rows = [line.replace(";", "\t") for line in lines]
        parts = lines[0].split(";") if len(lines) == 1 else []
        if _may_be_rows(parts):
            return BareRows(parts, parted=True, lists=rows)
    return BareRows(rows, wraps=wraps)


def _may_be_rows(parts: Sequence[str]) -> bool:
    """Whether semicolons may end rows, as in MATLAB, and commas separate: not in 0,15;0,2."""
    commas = {part.count(",") for part in parts}
    decimals = all(part.lstrip("-+").startswith("0,") for part in parts)
    if len(parts) < 2 or len(commas) > 1 or commas == {0}:
        return False
    return commas != {1} or not decimals or all(part.endswith((",0", ",1")) for part in parts)


def _groups(text: str) -> BareRows:
    """The rows of a text with brackets; what stands outside the innermost ones may name them."""
    parts = ["", *_BRACKET.split(text), ""]
    groups: list[str] = []
    label, depth = "", 0
    around: list[int] = []
    within: list[tuple[int, ...]] = []
    for at in range(0, len(parts) - 2, 2):
        before, part, after = parts[at], parts[at + 1].strip(), parts[at + 2]
        depth += (after in _OPENING) - (after in _CLOSING)
        around = [*around, at] if after in _OPENING else around[:-1] if after else around
        if before in _OPENING and after in _CLOSING:
            # One number in parentheses is less than nothing to accountants.
            lone = before == "(" and not re.search(r"[\s,;]", part)
            groups.append(label + (f"({part})" if lone else part))
            within.append(tuple(around))
            label = ""
            continue
        outside = _OUTSIDE.fullmatch(part)
        if outside is None or not 0 <= depth <= _DEEPEST:
            return BareRows(groups, stray=" ".join(part.split()) or after)
        label = outside["label"] or label
    if depth or label:
        return BareRows(groups, stray=label or parts[-2] or before)
    rows = [row for one in groups for row in _parted(one, alone=len(groups) == 1)]
    parted = any(";" in one for one in groups)
    lists = [_parted(one.replace(";", "\t"), alone=False)[0] for one in groups]
    return BareRows(
        rows, bracketed=True, parted=parted, lists=lists if parted and len(groups) > 1 else (),
        several=_is_several(within), wraps=len(groups) == 1 and not parted,
    )  # fmt: skip


def _is_several(within: Sequence[tuple[int, ...]]) -> bool:
    """Whether rows, each ``within`` these brackets, lie at two depths or not side by side."""
    held = Counter(bracket for around in within for bracket in around)
    shared = {
        (len(around), next((one for one in reversed(around) if held[one] > 1), -1))
        for around in within
    }
    return len(shared) > 1


def _parted(group: str, *, alone: bool) -> list[str]:
    """The rows in a pair of brackets: lines too if it is the only one, as in MATLAB."""
    group = group.replace(",\n", ", ") if alone else group.replace("\n", " ")
    return [row.strip(" ") for row in re.split(r";?\n++|;", group.strip("\n ").rstrip(";\n "))]
