"""A table in a request: its text, and how to read it."""

from typing import Annotated

from pydantic import Field

from app.data.catalog import MAX_SEED, MAX_TEST_SHARE
from app.data.csv_samples import GAPS, ROLES
from app.data.csv_table import MAX_NAME
from app.data.data_columns import LITERALS
from app.data.numbers.number_formats import EACH, SIGNS
from app.data.numbers.written_dates import ORDERS, PIVOTS
from app.data.table_rows import MAX_COLUMNS
from app.data.text.table_lines import DELIMITERS
from app.web.http.json_body import Model
from app.web.networks.choices import one_of, one_or_each


class TableModel(Model):
    """A table as CSV, and how to read it; what is left out, or null, is as in the builder."""

    csv: str
    delimiter: one_of(*DELIMITERS) | None = None  # type: ignore[valid-type]
    header: bool | None = None
    roles: Annotated[list[one_of(*ROLES)], Field(max_length=MAX_COLUMNS)] | None = None  # type: ignore[valid-type]
    classes: bool | None = None
    decimal: one_of(*SIGNS, EACH) | None = None  # type: ignore[valid-type]
    literals: one_or_each(*LITERALS, most=MAX_COLUMNS) | None = None  # type: ignore[valid-type]
    total: bool | None = None
    transposed: bool | None = None
    dates: one_of(*ORDERS) | None = None  # type: ignore[valid-type]
    pivot: Annotated[int, Field(ge=PIVOTS[0], le=PIVOTS[1])] | None = None
    commas: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=MAX_COLUMNS)] | None = (
        None
    )
    omit: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=1000)] | None = None
    missing: (
        Annotated[list[Annotated[str, Field(max_length=MAX_NAME)]], Field(max_length=64)] | None
    ) = None
    gaps: one_of(*GAPS) | None = None  # type: ignore[valid-type]
    merge: bool | None = None
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] | None = None
    test_share: Annotated[float, Field(ge=0, le=MAX_TEST_SHARE)] | None = None
    standardise: bool | None = None
    shuffle: bool | None = None
