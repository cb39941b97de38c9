"""Data over the API: the data sets that a Spec may name; CSV in, a Spec that fits it out."""

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app.data.catalog import IRIS, IRIS_SOURCE, OPTIONS, OWN, dataset_named
from app.data.csv_samples import TableUse, dataset_of, gap_rows
from app.data.csv_table import Table, read_table
from app.data.table_questions import variants
from app.data.text.encodings import POINTER
from app.data.text.refusals import printable
from app.data.text.table_lines import count_lines
from app.errors import InvalidInput, InvalidTable
from app.lab.builder import data_defaults, dataset_samples, defaults, spec_data
from app.messages.data import DATASETS
from app.web.api.openapi import PROBLEMS
from app.web.api.response_models import DatasetModel
from app.web.api.routing import PREFIX, ApiRoute, SheetRoute
from app.web.api.table_body import TableModel
from app.web.budgets.processes import LARGE
from app.web.http.application import pool_of
from app.web.http.json_body import Model, as_json, json_response
from app.web.http.routing import MAX_TABLE_BYTES, TABLE_LIMITS
from app.web.networks.bodies import SpecModel

router = APIRouter(prefix=PREFIX, tags=["data"], route_class=ApiRoute)
_MOST_ROWS = 5


@router.get("/datasets", response_model=list[DatasetModel])
async def list_datasets(_: Request) -> Response:
    """The data sets that a Spec's ``data`` may name, with their options."""
    found = {name: dataset_named(name, {}) for name in OPTIONS}
    listing = [
        {
            "name": name, "title": DATASETS[name], "kind": one.kind, "columns": one.columns,
            "targets": one.target_columns, "outputs": one.targets.shape[1],
            "classes": one.classes, "options": OPTIONS[name],
            "source": IRIS_SOURCE if name == IRIS else "",
        }
        for name, one in found.items()
    ]  # fmt: skip
    return json_response(listing)


class TableColumnModel(Model):
    """A column: what it holds, and what it is used as."""

    name: str
    holds: str
    distinct: int
    role: str
    ignored: str
    gaps: int
    decimal: str
    percent: bool
    currency: str
    is_whole: bool
    variants: list[str]


class TableAnswerModel(Model):
    """A table as it was read, and a network that fits it."""

    delimiter: str
    decimal: str
    header: bool
    rows: int
    comments: list[int]
    factor: str
    gap_rows: int
    columns: list[TableColumnModel]
    first_rows: list[list[str]]
    spec: SpecModel


async def read_csv(request: Request, body: TableModel) -> Response:
    """Read a table; the Spec in the answer can be posted as it is, or changed first."""
    try:
        pool, is_large = pool_of(request), len(body.csv) > LARGE
        read = pool.apart if is_large else pool.made
        return json_response(orjson.Fragment(await read(_read, body, fits="build")))
    except InvalidTable as error:
        for one in (error, *error.others):
            at = (one.pointer or "").removeprefix("/new")
            one.pointer = "/csv" if at == POINTER else at
        raise


router.add_api_route(
    "/tables", read_csv, methods=["POST"], response_model=TableAnswerModel, responses=PROBLEMS,
    route_class_override=SheetRoute,
)  # fmt: skip


def _read(body: TableModel) -> bytes:
    """The answer, as JSON."""
    if len(body.csv.encode("utf-8", "replace")) > MAX_TABLE_BYTES:
        raise InvalidTable("csv_bytes", pointer=POINTER, **TABLE_LIMITS)
    _check_numbers("omit", body.omit, count_lines(body.csv))
    told = body.literals or ""
    literals = told if isinstance(told, str) else [one or "" for one in told]
    table = read_table(
        body.csv, delimiter=body.delimiter or "", header=body.header,
        decimal=body.decimal or "", omit=body.omit or (),
        literals=literals,
        dates=body.dates or "", pivot=body.pivot or 0, commas=body.commas or (),
        total=body.total, missing=body.missing or (), transposed=body.transposed,
    )  # fmt: skip
    _check_numbers("commas", body.commas, len(table.names))
    roles = tuple(body.roles or table.proposed_roles())
    for field, listed in (("roles", roles), ("literals", literals)):
        if not isinstance(listed, str) and len(listed) != len(table.names):
            raise InvalidInput("length", pointer=f"/{field}", expected=len(table.names))
    told = body.model_dump(include={*data_defaults(OWN)}, exclude_none=True)
    options = data_defaults(OWN, len(table.rows)) | told
    use = TableUse(roles, body.classes, body.gaps or "", body.merge, bool(options["standardise"]))
    samples = dataset_samples(OWN, dataset_of(table, use), options)
    return as_json({
        "delimiter": table.delimiter, "decimal": table.decimal, "header": table.header,
        "rows": len(table.rows), "comments": table.comments,
        "factor": table.factor, "gap_rows": gap_rows(table, roles),
        "columns": [_column(table, i, role) for i, role in enumerate(roles)],
        "first_rows": [[*map(printable, row.cells)] for row in table.rows[:_MOST_ROWS]],
        "spec": spec_data(defaults({}, samples), samples),
    })  # fmt: skip


def _check_numbers(field: str, numbers: Sequence[int] | None, most: int) -> None:
    """Refuse numbers of lines or columns that the table does not have."""
    for at, number in enumerate(numbers or ()):
        if number > most:
            raise InvalidInput("maximum", pointer=f"/{field}/{at}", maximum=most)


def _column(table: Table, index: int, role: str) -> dict[str, Any]:
    """What a column holds, and how its cells were read."""
    column = table.columns[index]
    numeric = column.is_numeric
    return {
        "name": column.name, "holds": "numbers" if table.numeric[index] else "words",
        "distinct": table.distinct(index), "role": role,
        "ignored": table.ignored[index] if role == "ignore" else "",
        "gaps": sum(column.gaps), "decimal": column.decimal if numeric else "",
        "percent": numeric and column.written.percent,
        "currency": column.written.currency if numeric else "",
        "is_whole": column.is_whole,
        "variants": [] if numeric else [*map(printable, variants(column))],
    }  # fmt: skip
