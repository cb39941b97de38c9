"""Tables over the JSON API: CSV in, its columns and a Spec that fits its samples out."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.data.catalog import OWN
from app.data.csv_samples import dataset_of
from app.data.csv_table import POINTER, Table, read_table
from app.errors import InvalidInput, InvalidTable
from app.lab.builder import data_defaults, dataset_samples, defaults, spec_data
from app.web.api.openapi import PROBLEMS
from app.web.api.routing import PREFIX, ApiRoute
from app.web.http.json_body import Model, json_response
from app.web.networks.bodies import SpecModel, TableModel

router = APIRouter(prefix=PREFIX, tags=["data"], route_class=ApiRoute, responses=PROBLEMS)
_MOST_ROWS = 5


class TableColumnModel(Model):
    """A column: what it holds, and what it is used as."""

    name: str
    holds: str
    distinct: int
    role: str


class TableAnswerModel(Model):
    """A table as it was read, and a network that fits it."""

    delimiter: str
    decimal: str
    header: bool
    rows: int
    columns: list[TableColumnModel]
    first_rows: list[list[str]]
    spec: SpecModel


@router.post("/tables", response_model=TableAnswerModel)
async def read_csv(_: Request, body: TableModel) -> Response:
    """Read a table; the Spec in the answer can be posted as it is, or changed first."""
    try:
        return json_response(_answer(body))
    except InvalidTable as error:
        others = [_repointed(other) for other in error.others]
        first = _repointed(error)
        raise InvalidTable(
            first.code, pointer=first.pointer, others=others, **first.values
        ) from None


def _repointed(error: InvalidInput) -> InvalidInput:
    """The same error, told to the API's field."""
    pointer = "/csv" if error.pointer == POINTER else error.pointer
    return InvalidInput(error.code, pointer=pointer, **error.values)


def _answer(body: TableModel) -> dict[str, Any]:
    table = read_table(body.csv, delimiter=body.delimiter or "", header=body.header)
    roles = tuple(body.roles or table.proposed_roles())
    if len(roles) != len(table.names):
        raise InvalidInput("length", pointer="/roles", expected=len(table.names))
    found = dataset_of(table, roles, classes=body.classes)
    told = body.model_dump(include={*data_defaults(OWN)}, exclude_none=True)
    samples = dataset_samples(OWN, found, data_defaults(OWN) | told)
    return {
        "delimiter": table.delimiter,
        "decimal": table.decimal,
        "header": table.header,
        "rows": len(table.rows),
        "columns": [_column(table, i, role) for i, role in enumerate(roles)],
        "first_rows": [row.cells for row in table.rows[:_MOST_ROWS]],
        "spec": spec_data(defaults({}, samples), samples),
    }


def _column(table: Table, index: int, role: str) -> dict[str, Any]:
    return {
        "name": table.names[index],
        "holds": "numbers" if table.numeric[index] else "words",
        "distinct": table.distinct(index),
        "role": role,
    }
