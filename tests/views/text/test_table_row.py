"""A sample as its table has it."""

from app.data.csv_samples import TableUse, dataset_of
from app.data.csv_table import read_table
from app.engine.network import Spec
from app.lab.builder import data_defaults, dataset_samples, defaults, spec_data
from app.lab.spec_json import spec_from_data
from app.views.text.table_row import table_row

NUMBERS = "height,weight,age\n170,65,30\n182,80,41\n165,58,25\n175,77,38\n"
WORDS = "colour,size,kind\nred,1,ant\ngreen,2,bee\nblue,3,ant\nred,4,cat\n"


def rows_of(text: str, *, standardise: bool) -> set[str]:
    options = {**data_defaults("own", 4), "standardise": standardise}
    use = TableUse(("input", "input", "target"))
    samples = dataset_samples("own", dataset_of(read_table(text), use), options)
    spec: Spec = spec_from_data(spec_data(defaults({}, samples), samples))
    return {table_row(spec, x, y) for x, y in zip(spec.inputs, spec.targets, strict=True)}


def test_a_standardised_sample_is_told_in_the_units_of_its_table() -> None:
    assert rows_of(NUMBERS, standardise=True) == {
        "In the table: height = 170 and weight = 65. Target: age = 30.",
        "In the table: height = 182 and weight = 80. Target: age = 41.",
        "In the table: height = 165 and weight = 58. Target: age = 25.",
        "In the table: height = 175 and weight = 77. Target: age = 38.",
    }
    assert rows_of(NUMBERS, standardise=False) == {""}


def test_words_are_told_as_words() -> None:
    for standardise in (True, False):
        assert rows_of(WORDS, standardise=standardise) == {
            "In the table: colour = red and size = 1. Target: kind = ant.",
            "In the table: colour = green and size = 2. Target: kind = bee.",
            "In the table: colour = blue and size = 3. Target: kind = ant.",
            "In the table: colour = red and size = 4. Target: kind = cat.",
        }
