"""A table's columns in their roles, as samples; what cannot be used is refused by its cell."""

from collections.abc import Iterator, Sequence

from app.data.csv_table import MAX_NAME, POINTER, Table, printable, refuse_all
from app.data.generated import Dataset, one_hot
from app.engine.activations import Array
from app.engine.parameters import frozen_array
from app.errors import InvalidInput, InvalidTable

ROLES = ("input", "target", "ignore")
MAX_CLASSES = 32
MAX_VALUE = 1e6
_MOST_ECHOED = 20


def dataset_of(
    table: Table, roles: Sequence[str] | None = None, *, classes: bool | None = None
) -> Dataset:
    """The samples that a table holds.

    There is one of ROLES for each column, or None for what is proposed. ``classes`` says whether
    a target of whole numbers stands for classes; words always do. Raises InvalidTable if a cell
    cannot be used as its column's role asks; errors name line and column.
    """
    roles = table.proposed_roles() if roles is None else roles
    inputs = [i for i, role in enumerate(roles) if role == "input"]
    targets = [i for i, role in enumerate(roles) if role == "target"]
    for columns, code in ((inputs, "role_input"), (targets, "role_target")):
        if not columns:
            raise InvalidTable(code, pointer=POINTER)
    if are_classes(table, roles, classes=classes):
        return _classified(table, inputs, targets[0])
    refuse_all(_faults(table, [*inputs, *targets], ()))
    names = [tuple(table.names[i] for i in columns) for columns in (inputs, targets)]
    return Dataset(_numbers(table, inputs), _numbers(table, targets), *names)


def are_classes(table: Table, roles: Sequence[str], *, classes: bool | None = None) -> bool:
    """Whether the target stands for classes; raises InvalidTable if others stand beside it."""
    targets = [i for i, role in enumerate(roles) if role == "target"]
    words = [i for i in targets if not table.numeric[i]]
    if not words and not classes:
        return False
    if len(targets) > 1:
        column = table.place((words or targets)[0])
        raise InvalidTable("csv_mixed_targets", pointer=POINTER, column=column)
    return True


def _classified(table: Table, inputs: Sequence[int], target: int) -> Dataset:
    refuse_all(_faults(table, inputs, (target,)))
    cells = [row.cells[target] for row in table.rows]
    if table.numeric[target]:
        # 1 and 1.0 are one class.
        cells = [str(int(table.number(cell) or 0)) for cell in cells]
    else:
        cells = [printable(cell) for cell in cells]
    names = sorted(set(cells), key=int if table.numeric[target] else None)
    if not 2 <= len(names) <= MAX_CLASSES:
        raise InvalidTable(
            "csv_classes", pointer=POINTER,
            column=table.place(target), count=len(names), limit=MAX_CLASSES,
        )  # fmt: skip
    targets = one_hot([names.index(cell) for cell in cells], len(names))
    columns = tuple(table.names[i] for i in inputs)
    return Dataset(_numbers(table, inputs), targets, columns, (table.names[target],), tuple(names))


def _numbers(table: Table, columns: Sequence[int]) -> Array:
    rows = [[table.number(row.cells[i]) or 0.0 for i in columns] for row in table.rows]
    return frozen_array(rows)


def _faults(table: Table, numbers: Sequence[int], classes: Sequence[int]) -> Iterator[InvalidInput]:
    """What is wrong with the cells, line by line."""
    for row in table.rows:
        for column in sorted((*numbers, *classes)):
            code = _fault(table, row.cells[column], column, named=column in classes)
            if code:
                limit = MAX_NAME if code == "csv_long" else int(MAX_VALUE)
                cell = printable(row.cells[column])
                shown = cell if len(cell) <= _MOST_ECHOED else cell[:_MOST_ECHOED] + "…"
                yield InvalidInput(
                    code, pointer=POINTER,
                    line=row.line, column=table.place(column), cell=shown, limit=limit,
                    example=f"0{table.decimal}5",
                )  # fmt: skip


def _fault(table: Table, cell: str, column: int, *, named: bool) -> str:
    """The code of what is wrong with a cell, or ""; a class is named by words or numbers."""
    if not cell:
        return "csv_missing"
    if named and not table.numeric[column]:
        return "csv_long" if len(cell) > MAX_NAME else ""
    value = table.number(cell)
    if value is None:
        return "csv_number"
    if not abs(value) <= MAX_VALUE:
        return "csv_range"
    return "csv_whole" if named and not value.is_integer() else ""
