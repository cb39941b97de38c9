"""What a table's columns are used as unless told: as inputs, as targets, or not at all."""

import re
from collections.abc import Collection, Sequence

from app.data.data_columns import DataColumn
from app.data.numbers.like_numbers import number_in_front, scaled_numbers
from app.data.numbers.number_formats import written_number

MOST_LABELS = 32
"""The most different words of a column that is a target or, one-hot, an input."""
_YES_WORDS = "yes y true t 1 on ja j wahr oui o vrai si sí s vero verdadero"
_NO_WORDS = "no n false f 0 off nein falsch non faux falso"
YES, NO = frozenset(_YES_WORDS.split()), frozenset(_NO_WORDS.split())
# What columns that tell rows apart are called.
_ROW_NUMBERS = re.compile(
    r"#|id|.*[ _.-]id|index|idx|no\.?|nr\.?|n°|№|row|row[ _.]?(names?|no|number|id)|obs|rownames|"
    r"observation|sample|case|record|instance|instant|unnamed: 0(\.[0-9]+)?|lfd\.? ?nr\.?|nummer|"
    r"level_[0-9]|s[rl]?\.? ?no\.?|serial([ _.]?(no|number))?|rowid|uid|seq|lp\.?|番号|序号|№ ?п/п"
)
_CAMEL_ID = re.compile(r".*[a-z](Id|ID)")
_LEAST_COUNTED = 3
# What targets are called: alone anywhere, as the first column, or numbered.
_TARGETS = re.compile(r"targets?|labels?|outcome|response|dependent|desired|expected|ziel(?:wert)?")
_FIRST = re.compile(r"y|class|output|klasse")
_NUMBERED = re.compile(
    r"(y|t|target|output|out|o|d|label|class|desired|expected)[ _.]?\(?[0-9]{1,2}\)?"
)


def ignored_columns(columns: Sequence[DataColumn], *, header: bool) -> tuple[str, ...]:
    """For each column why it is no input or target unless asked for, "" if nothing is wrong.

    Reasons are "empty", "dates", "counts" (the rows, or names them by numbers), "labels" (them),
    "unread" (figures that are no numbers) and "words".
    """
    return tuple(_reason(column, at, header=header) for at, column in enumerate(columns))


def _reason(column: DataColumn, at: int, *, header: bool) -> str:
    if column.holds == "numbers":
        return "counts" if _counts_rows(column, at, header=header) else ""
    if column.nominal and _may_be_classes(column) and not _is_constant(column):
        return ""
    if column.holds == "words":
        spelt = {word.casefold() for word in column.words}
        if _is_yes_or_no(spelt) or _is_asked(column):
            return ""
        labels = len(spelt) == len(column.cells) > 1
        return "words" if not labels else "unread" if column.literal else "labels"
    return column.holds


def _is_yes_or_no(spelt: Collection[str]) -> bool:
    """Whether words say yes and no, of which one is 1 and one is 0."""
    words = {*spelt}
    return words <= YES | NO and bool(words & YES) and bool(words & NO)


def _is_asked(column: DataColumn) -> bool:
    """Whether a click makes numbers of its cells, as of 30k and of 1.5 (0.2)."""
    known = column.words if column.literal else ()
    readings = (scaled_numbers(known), number_in_front(known))
    return bool(known) and any(all(map(written_number, cells)) for cells in readings)


def _counts_rows(column: DataColumn, at: int, *, header: bool) -> bool:
    cells = column.cells
    if column.name == str(at + 1):  # without a name
        counts = tuple(str(number) for number in range(len(cells) + 1))
        if cells in (counts[:-1], counts[1:]):
            return header or (at == 0 and len(cells) >= _LEAST_COUNTED)
        # Beside columns with names it is what pandas and R call the rows: after a choice, any.
        named = header and at == 0 and len(cells) > 1 and all(map(str.isdecimal, cells))
    else:
        named = bool(
            _ROW_NUMBERS.fullmatch(column.name.casefold()) or _CAMEL_ID.fullmatch(column.name)
        )
    return named and len(set(cells)) == len(cells)


def proposed_roles(columns: Sequence[DataColumn], ignored: Sequence[str]) -> tuple[str, ...]:
    """The targets are those that are called so, else the last column that may be one.

    Numbers beside them are inputs, and words whose labels the text tells, or that say yes and no.
    Other words and dates are ignored, and so is what only counts or names the rows, unless there is
    nothing else but yes and no.
    """
    targets = _targets(columns, ignored)
    fitting = ("", "words", "dates", "unread", "counts", "labels")
    others = [at for at in range(len(columns)) if at not in targets]
    inputs: list[int] = []
    for reason in fitting:
        inputs += [at for at in others if ignored[at] == reason and not _is_constant(columns[at])]
        used = [columns[at] for at in inputs]
        if any(one.holds != "words" or one.nominal or one.literal or reason for one in used):
            break
    inputs = inputs or others
    # What stands for columns that were not printed is asked about, as inputs are.
    cut = {at for at in others if columns[at].is_cut}
    roles = dict.fromkeys({*inputs, *cut}, "input") | dict.fromkeys(targets, "target")
    return tuple(roles.get(at, "ignore") for at in range(len(columns)))


def _may_be_classes(column: DataColumn) -> bool:
    """Whether words may be classes: not too many, nor one throughout, unless rows are few."""
    few = len(column.cells) < _LEAST_COUNTED
    return (len(column.words) > 1 or few) and len(column.words) <= MOST_LABELS


def _is_constant(column: DataColumn) -> bool:
    """Whether it is one word throughout, from which nothing can be learnt."""
    return column.holds == "words" and len(column.words) < 2


def _targets(columns: Sequence[DataColumn], ignored: Sequence[str]) -> set[int]:
    fits = [
        at
        for at, column in enumerate(columns)
        if ignored[at] == "" or (ignored[at] == "words" and _may_be_classes(column))
    ]
    names = [column.name.casefold() for column in columns]
    stems = [found[1] if (found := _NUMBERED.fullmatch(name)) else "" for name in names]
    last = next((at for at in reversed(fits) if at), len(columns) - 1)
    # The last columns of one name, numbered, are targets together: y1, y2.
    row = [at for at in fits if at <= last and stems[at] and stems[at] == stems[last]]
    numbers = all(columns[at].holds == "numbers" for at in row)
    if numbers and 1 < len(row) < len(fits) and row == fits[-len(row) :]:
        return {*row}
    told = [at for at in fits if _TARGETS.fullmatch(names[at])]
    if not told and fits and fits[0] == min(_used(ignored), default=0):
        told = [at for at in fits[:1] if _FIRST.fullmatch(names[at])]
    if len(told) == 1 and len(fits) > 1 and not is_target_name(names[last]):
        return {*told}
    return {last}


def _used(ignored: Sequence[str]) -> list[int]:
    return [at for at, reason in enumerate(ignored) if reason not in ("counts", "empty")]


def is_target_name(name: str) -> bool:
    """Whether targets are called so."""
    name = name.casefold()
    return bool(_TARGETS.fullmatch(name) or _FIRST.fullmatch(name) or _NUMBERED.fullmatch(name))
