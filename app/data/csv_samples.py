"""A table's columns in their roles, as samples; what cannot be used is refused by its cell."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from app.data.cell_faults import cell_faults
from app.data.column_roles import MOST_LABELS, YES
from app.data.csv_table import MAX_NAME, Table
from app.data.data_columns import DataColumn
from app.data.dates import zero_of
from app.data.generated import Dataset, one_hot
from app.data.table_headers import is_same_unit, named_apart, unit_of
from app.data.table_questions import open_spellings, plain_text, questions, variants
from app.data.table_rows import MAX_COLUMNS
from app.data.text.cut_names import cut_name
from app.data.text.encodings import POINTER
from app.data.text.refusals import printable, refuse_all
from app.engine.activations import Array
from app.engine.parameters import frozen_array
from app.errors import InvalidTable

ROLES = ("input", "target", "ignore")
GAPS = ("omit", "mean", "frequent")
"""What may be done about gaps: leave their rows out, or fill them with the column's mean or with
its most frequent value."""
MAX_CLASSES = MOST_LABELS
MAX_VALUE = 1e6
MAX_STANDARDISED = 1e15
"""The largest value of a column that is standardised: its samples are small."""


@dataclass(frozen=True, slots=True)
class TableUse:
    """What a table's columns are used for, and how.

    Attributes:
        roles: one of ROLES for each column; None for what is proposed.
        classes: whether a target of whole numbers stands for classes; words always do.
        gaps: one of GAPS, or "" to refuse cells that stand for no value.
        merge: whether spellings of one word are one; None to ask where there are some.
        standardised: whether values may be as large as MAX_STANDARDISED.
        linear: whether those of targets may, too.
    """

    roles: Sequence[str] | None = None
    classes: bool | None = None
    gaps: str = ""
    merge: bool | None = None
    standardised: bool = False
    linear: bool = True

    def limit(self, *, target: bool) -> float:
        """The largest value that is let through."""
        return MAX_STANDARDISED if self.standardised and (self.linear or not target) else MAX_VALUE


def dataset_of(table: Table, use: TableUse | None = None) -> Dataset:
    """The samples that a table holds.

    Raises InvalidTable if it has two readings, or a cell cannot be used as its column's role asks;
    errors name line and column. Inputs of words become units of 0 and 1, one for each word, or one
    for two words.
    """
    use = use or TableUse()
    roles = table.proposed_roles() if use.roles is None else use.roles
    inputs = [i for i, role in enumerate(roles) if role == "input"]
    targets = [i for i, role in enumerate(roles) if role == "target"]
    for columns, code in ((inputs, "role_input"), (targets, "role_target")):
        if not columns:
            raise InvalidTable(code, pointer=POINTER)
    refuse_all(questions(table, (*inputs, *targets)))
    if use.merge is None:
        refuse_all(islice(open_spellings(table, sorted((*inputs, *targets))), 1))
    labels = are_classes(table, roles, classes=use.classes)
    decimal = _decimal_of([table.columns[i] for i in inputs])
    used = ((i, table.columns[i]) for i in (*inputs, *targets))
    dates = {i: c for i, c in used if c.holds == "dates"}
    orders = {c.order for c in dates.values() if c.order and not c.is_clock}
    earliest = {i: zero_of(c.cells, c.order, c.pivot) for i, c in dates.items()}
    table = filled(table, inputs, targets, use.gaps)
    limits = use.limit(target=False), use.limit(target=True)
    refuse_all(cell_faults(table, [*inputs, *targets], targets, limits, named=labels))
    values, units, zeros, given = _inputs(table, inputs, earliest, merge=bool(use.merge))
    goal_zeros = () if labels else tuple(earliest.get(i, "") for i in targets)
    zeros = (*zeros, *goal_zeros) if any(goal_zeros) else zeros
    told = (decimal, zeros if any(zeros) else (), orders.pop() if len(orders) == 1 else "")
    if labels:
        goals, names = _labelled(table, targets[0], merge=bool(use.merge))
        one = (table.names[targets[0]],)
        return Dataset(values, goals, units, one, names, *told, shares=(given, ()))
    goals = frozen_array([[*row] for row in _by_rows(table, targets)])
    wanted = [table.columns[i] for i in targets]
    names, others = tuple(map(_with_unit, wanted)), _told_shares([*map(_share, wanted)])
    return Dataset(values, goals, units, names, (), *told, shares=(given, others))


def _with_unit(column: DataColumn) -> str:
    """A column's name, with the unit that its cells have, if that is not in it."""
    name = f"{column.name} ({column.unit})"
    known = is_same_unit(unit_of(column.name), column.unit)
    told = not column.unit or known or len(name) > MAX_NAME
    return column.name if told else name


def _share(column: DataColumn) -> float:
    """What a column's numbers are multiplied by in the table."""
    return {"%": 100.0, "‰": 1000.0}.get(column.unit, 1.0)


def _told_shares(shares: Sequence[float]) -> tuple[float, ...]:
    return tuple(shares) if {*shares} - {1.0} else ()


def _decimal_of(inputs: Sequence[DataColumn]) -> str:
    """A comma if inputs have decimal commas; a sign for each where some have, some have not.

    A point if commas group thousands in one, "" if nothing tells.
    """
    signs = [one.decimal if one.holds == "numbers" else "" for one in inputs]
    if "," not in signs:
        grouped = (one.holds == "numbers" and "," in "".join(one.cells) for one in inputs)
        return "." if any(grouped) else ""
    differ = {*signs} - {"", ","}
    return "".join("," if one == "," else "." for one in signs) if differ else ","


def are_classes(table: Table, roles: Sequence[str], *, classes: bool | None = None) -> bool:
    """Whether the target stands for classes; raises InvalidTable if others stand beside it."""
    targets = [i for i, role in enumerate(roles) if role == "target"]
    words = [i for i in targets if not table.columns[i].is_numeric]
    if not words and not classes:
        return False
    if len(targets) > 1:
        column = table.place((words or targets)[0])
        raise InvalidTable("csv_mixed_targets", pointer=POINTER, column=column)
    return True


# --- gaps -----------------------------------------------------------------------------------


def gap_rows(table: Table, roles: Sequence[str]) -> int:
    """How many rows have gaps in the columns in use."""
    used = [table.columns[i].gaps for i, role in enumerate(roles) if role != "ignore"]
    return sum(map(any, zip(*used, strict=True)))


def filled(table: Table, inputs: Sequence[int], targets: Sequence[int], gaps: str) -> Table:
    """The table without gaps, by one of GAPS; words are always filled with the most frequent.

    A row whose target is a gap is left out: nothing is to be learnt from it.
    """
    if not gaps:
        return table
    must = (*inputs, *targets) if gaps == "omit" else targets
    kept = [at for at in range(len(table.rows)) if not any(table.columns[i].gaps[at] for i in must)]
    if not kept:
        raise InvalidTable("csv_all_gaps", pointer=POINTER, count=len(table.rows))
    columns = list(table.columns)
    for i in inputs:
        if any(columns[i].gaps):
            columns[i] = _filled_column(columns[i], gaps)
    columns = [_rows_of(column, kept) for column in columns]
    return replace(table, columns=tuple(columns), rows=tuple(table.rows[at] for at in kept))


def _filled_column(column: DataColumn, gaps: str) -> DataColumn:
    known = [c for c, gap in zip(column.cells, column.gaps, strict=True) if not gap]
    if gaps == "omit" or not known:
        return column
    usual = Counter(known).most_common(1)[0][0]
    value = next(v for c, v in zip(column.cells, column.values, strict=True) if c == usual)
    if gaps == "mean" and column.is_numeric:
        values = [v for v in column.values if v is not None]
        value = sum(values) / len(values) if values else None
        usual = plain_text(value)
    return _with(
        column,
        [usual if gap else c for c, gap in zip(column.cells, column.gaps, strict=True)],
        [value if gap else v for v, gap in zip(column.values, column.gaps, strict=True)],
    )


def _rows_of(column: DataColumn, kept: Sequence[int]) -> DataColumn:
    cells, values = column.cells, column.values
    return _with(column, [cells[at] for at in kept], [values[at] for at in kept])


def _with(column: DataColumn, cells: Sequence[str], values: Sequence[float | None]) -> DataColumn:
    found = replace(column, cells=tuple(cells))
    found.__dict__["values"] = tuple(values)  # where a cached property keeps them
    return found


# --- columns as arrays ----------------------------------------------------------------------


def _by_rows(table: Table, columns: Sequence[int]) -> Iterator[tuple[float, ...]]:
    return zip(*([v or 0.0 for v in table.columns[i].values] for i in columns), strict=True)


def _inputs(
    table: Table, columns: Sequence[int], earliest: Mapping[int, str], *, merge: bool
) -> tuple[Array, tuple[str, ...], tuple[str, ...], tuple[float, ...]]:
    """Every input, a column of words as one unit for each word, and what each is called.

    Then what each is 0 for: the ``earliest`` date of its column, or the other of two words, or "".
    Last what each is multiplied by in the table.
    """
    arrays: list[list[float]] = []
    names: list[str] = []
    zeros: list[str] = []
    shares: list[float] = []
    for i in columns:
        column = table.columns[i]
        if column.is_numeric:
            arrays.append([v or 0.0 for v in column.values])
            names.append(_with_unit(column))
            zeros.append(earliest.get(i, ""))
            shares.append(_share(column))
            continue
        cells = _words(column, merge=merge)
        words = sorted(set(cells), key=lambda word: (word.casefold() in YES, word))
        if not 2 <= len(words) <= MOST_LABELS:
            raise InvalidTable(
                "csv_words", pointer=POINTER, column=table.place(i), index=i + 1,
                count=len(words), limit=MOST_LABELS,
            )  # fmt: skip
        own = words[1:] if len(words) == 2 else words
        arrays += [[float(cell == word) for cell in cells] for word in own]
        name, told = _unit_names(column.name, words, table.names)
        names += [f"{name}={word}" for word in told[-len(own) :]]
        shares += [1.0] * len(own)
        zeros += [told[0] if len(words) == 2 else ""] * len(own)
        if len(arrays) > MAX_COLUMNS:  # before thousands of rows are as many times as long
            raise InvalidTable(
                "csv_inputs", pointer=POINTER, column=table.place(i), index=i + 1, limit=MAX_COLUMNS
            )
    values = frozen_array(list(zip(*arrays, strict=True)))
    return values, tuple(names), tuple(zeros), _told_shares(shares)


def _unit_names(
    column: str, words: Sequence[str], among: Sequence[str]
) -> tuple[str, Sequence[str]]:
    """A column's name and its words, cut so that its units' names, name=word, are not too long."""
    room = MAX_NAME - 1 - max(map(len, words))
    name = cut_name(column, max(room, MAX_NAME // 3), among)
    return name, _short(words, MAX_NAME - 1 - len(name))


def _short(words: Sequence[str], most: int) -> list[str]:
    """Words as names of so many characters ``most``, told apart."""
    names = [printable(word) for word in words]
    return named_apart([cut_name(name, most, names) for name in names], most)


def _words(column: DataColumn, *, merge: bool) -> list[str]:
    same = variants(column) if merge else {}
    return [same.get(cell, cell) for cell in column.cells]


def _labelled(table: Table, target: int, *, merge: bool) -> tuple[Array, tuple[str, ...]]:
    column = table.columns[target]
    order: Callable[[str], int] | None = None
    if column.is_numeric:
        # 1 and 1.0 are one class.
        cells, order = [str(int(v or 0)) for v in column.values], int
    else:
        cells = [printable(cell) for cell in _words(column, merge=merge)]
    names = sorted(set(cells), key=order)
    if not 2 <= len(names) <= MAX_CLASSES:
        raise InvalidTable(
            "csv_classes", pointer=POINTER,
            column=table.place(target), count=len(names), limit=MAX_CLASSES, index=target + 1,
        )  # fmt: skip
    places = {name: at for at, name in enumerate(names)}
    return one_hot([places[cell] for cell in cells], len(names)), tuple(_short(names, MAX_NAME))
