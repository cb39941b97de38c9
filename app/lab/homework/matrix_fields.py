"""Which numbers of a network a matrix or list gives, by its shape and by the names at its edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.data.numbers.number_lists import NumberRows
from app.engine.names import Names
from app.errors import InvalidInput


class MatrixFields(NamedTuple):
    """The names of numbers, in the order of the rows.

    ``reading`` says what of a matrix is a unit: "rows" or "columns", and with biases among them
    "rows_biases" or "columns_biases"; "" of a list.
    """

    fields: Sequence[str]
    reading: str = ""


@dataclass(frozen=True)
class _Layer:
    """What one layer's numbers are called: rows of weights, and a bias for each unit."""

    units: tuple[str, ...]
    sources: tuple[str, ...]
    weights: tuple[tuple[str, ...], ...]
    biases: tuple[str, ...]


def matrix_fields(names: Names, name: str, found: NumberRows) -> MatrixFields:
    """The numbers from ``name`` on that ``found`` gives.

    A matrix gives a layer's weights, each row those of a unit or, where its shape or the names at
    its edges say so, each column; with one number more they have the bias last. It may also have
    the rows from one unit to the last of a layer. A list gives numbers of the same kind.

    Raises InvalidInput about ``name`` if a matrix or the names at its edges fit no weights, or a
    matrix fits both ways.
    """
    at = next((at for at, block in enumerate(names.weights) if any(name in r for r in block)), None)
    rows, columns = len(found.rows), len(found.rows[0])
    pointer = f"/values/{name}"
    is_ragged = len({*map(len, found.rows)}) > 1  # which only what is named may be
    is_matrix = rows > 1 and columns > 1 and not is_ragged
    if at is None:
        if is_matrix:
            raise InvalidInput("list_matrix", pointer=pointer, rows=rows, columns=columns)
        return MatrixFields(_following(names, name))
    layer = _layer(names, at)
    known = {*_plain([one for units in names.units for one in units])}
    outputs = dict(zip(_plain(names.targets), _plain(names.units[-1]), strict=True))
    named = (found.row_names, found.column_names)
    if rows == 1 and found.labels:
        named = ((), found.labels)
    edges = [[outputs.get(one, one) for one in _plain(edge)] for edge in named]
    if known & {*edges[0], *edges[1]} and not is_ragged:
        return _labelled(layer, found, edges, known, pointer)
    if not is_matrix:
        return MatrixFields(_following(names, name))
    return _shaped(names, layer, name, found)


def _following(names: Names, name: str) -> list[str]:
    weights, biases = (
        [*dict.fromkeys(part.name for part in names.parts(kind))] for kind in ("weight", "bias")
    )
    kinds: tuple[Sequence[str], ...] = (names.units[0], weights, biases, names.targets)
    same = next(kind for kind in kinds if name in kind)
    return [*same[[*same].index(name) :]]


def _layer(names: Names, at: int) -> _Layer:
    block, node = names.weights[at], names.bias_nodes[at]
    biases = (node,) * len(block) if node else names.biases[at]
    return _Layer(names.units[at + 1], names.units[at], block, biases)


def _shaped(names: Names, layer: _Layer, name: str, found: NumberRows) -> MatrixFields:
    """The numbers of a matrix whose shape alone says what they are."""
    rows, columns = len(found.rows), len(found.rows[0])
    units, sources = len(layer.units), len(layer.sources)
    by_rows, by_columns = _by_rows(names, layer, name, rows, columns), None
    if name == layer.weights[0][0] and columns == units and rows in (sources, sources + 1):
        biases = [layer.biases] * (rows - sources)
        fields = (*zip(*layer.weights, strict=True), *biases)
        reading = "columns_biases" if biases else "columns"
        by_columns = MatrixFields([one for row in fields for one in row], reading)
    if by_rows and by_columns:
        point, apart = (_filled(one, found) for one in (by_rows, by_columns))
        if point != apart:
            raise InvalidInput(
                "open_matrix", pointer=f"/values/{name}",
                point=named_list(point), apart=named_list(apart),
                point_reading=by_rows.reading, apart_reading=by_columns.reading,
            )  # fmt: skip
    if placed := by_rows or by_columns:
        return placed
    raise InvalidInput(
        "list_shape", pointer=f"/values/{name}", rows=rows, columns=columns, units=units,
        inputs=sources, more=sources + 1, first=layer.weights[0][0],
    )  # fmt: skip


def _by_rows(
    names: Names, layer: _Layer, name: str, rows: int, columns: int
) -> MatrixFields | None:
    """The numbers of so many rows that are units; from ``name`` on to the last unit of a layer."""
    if name == layer.weights[0][0] and (rows, columns) == (
        len(layer.units), len(layer.sources) + 1
    ):  # fmt: skip
        pairs = zip(layer.weights, layer.biases, strict=True)
        return MatrixFields([one for row, bias in pairs for one in (*row, bias)], "rows_biases")
    incoming = [row for block in names.weights for row in block]
    begin = next((at for at, row in enumerate(incoming) if row[0] == name), len(incoming))
    taken = incoming[begin : begin + rows]
    ends = {block[-1] for block in names.weights}
    fits = len(taken) == rows and taken[-1] in ends and all(len(row) == columns for row in taken)
    return MatrixFields([one for row in taken for one in row], "rows") if fits else None


def _filled(placed: MatrixFields, found: NumberRows) -> dict[str, str]:
    numbers = [one for row in found.rows for one in row]
    return dict(zip(placed.fields, numbers, strict=True))


def named_list(numbers: Mapping[str, str]) -> str:
    """Numbers by name as a list that is read so."""
    return "; ".join(f"{name} = {number}" for name, number in numbers.items())


# --- names at the edges -----------------------------------------------------------------------


def _labelled(
    layer: _Layer, found: NumberRows, edges: Sequence[Sequence[str]], known: set[str], pointer: str
) -> MatrixFields:
    """The numbers of a matrix by the names of units beside its rows, above its columns, or both."""
    for by_columns in (False, True):
        of_units, of_sources = edges[::-1] if by_columns else edges
        counts = len(found.rows), len(found.rows[0])
        units = _places(layer.units, of_units, counts[by_columns], known)
        sources = _places((*layer.sources, ""), of_sources, counts[not by_columns], known)
        placed = len({*units}) == len(units) > 0 and len({*sources}) == len(sources) > 0
        if not placed or not {*sources} >= {*range(len(layer.sources))}:
            continue
        table = [[(*layer.weights[unit], layer.biases[unit])[source] for source in sources]
                 for unit in units]  # fmt: skip
        rows = zip(*table, strict=True) if by_columns else table
        reading = ("columns" if by_columns else "rows") + "_biases" * (
            len(layer.sources) in sources
        )
        return MatrixFields([one for row in rows for one in row], reading)
    raise InvalidInput(
        "list_names", pointer=pointer, units=", ".join(layer.units),
        inputs=", ".join(layer.sources), names=", ".join((*found.row_names, *found.column_names)),
    )  # fmt: skip


def _plain(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.casefold().replace("_", "") for name in names)


def _places(
    among: Sequence[str], names: Sequence[str], count: int, known: set[str]
) -> tuple[int, ...]:
    """Where so many ``names`` stand ``among`` these, () if one does not; in order without names.

    "" is where a bias stands, whatever it is called.
    """
    if not known & {*names}:
        whole = count == len(among) or (among[-1] == "" and count == len(among) - 1)
        return tuple(range(count)) if whole else ()
    plain = [*_plain(among)]
    if among[-1] == "":
        names = ["" if name.startswith("b") and name not in plain else name for name in names]
    return tuple(map(plain.index, names)) if {*names} <= {*plain} else ()
