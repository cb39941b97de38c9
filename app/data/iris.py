"""Fisher's iris data, from ``iris.csv`` beside this module: 150 flowers, a species after the other.

The numbers are those that R. A. Fisher published in 1936 as scikit-learn's copy has them.
"""

import csv
from functools import lru_cache
from pathlib import Path

from app.data.generated import Dataset, one_hot
from app.engine.parameters import frozen_array

NAME = "iris"
SOURCE = (
    "R. A. Fisher, The use of multiple measurements in taxonomic problems, "
    "Annals of Eugenics 7 (1936) 179-188; the copy that scikit-learn distributes"
)
COLUMNS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


@lru_cache(maxsize=1)
def iris() -> Dataset:
    """150 flowers of three species, which take turns."""
    text = Path(__file__).with_name("iris.csv").read_text(encoding="ascii")
    _, *rows = csv.reader(text.splitlines())
    species = tuple(dict.fromkeys(row[-1] for row in rows))
    kinds = [[row for row in rows if row[-1] == name] for name in species]
    by_turns = [row for turn in zip(*kinds, strict=True) for row in turn]
    inputs = [[float(cell) for cell in row[:-1]] for row in by_turns]
    targets = one_hot([species.index(row[-1]) for row in by_turns], len(species))
    return Dataset(frozen_array(inputs), targets, COLUMNS, ("species",), species)
