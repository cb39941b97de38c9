"""Fisher's iris data, from the copy that scikit-learn installs; scikit-learn is not imported."""

import csv
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path

from app.data.generated import Dataset, one_hot
from app.engine.parameters import frozen_array

NAME = "iris"
SOURCE = (
    "R. A. Fisher, The use of multiple measurements in taxonomic problems, "
    "Annals of Eugenics 7 (1936) 179-188; the copy that scikit-learn distributes"
)
COLUMNS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
_PLACE = "sklearn/datasets/data/iris.csv"


@lru_cache(maxsize=1)
def iris() -> Dataset:
    """150 flowers of three species; they take turns, where the file has one after the other.

    The file's first line holds the number of rows, of columns, and the species' names.
    """
    path = Path(str(distribution("scikit-learn").locate_file(_PLACE)))
    head, *rows = csv.reader(path.read_text(encoding="ascii").splitlines())
    species = tuple(head[2:])
    labels = [int(row[-1]) for row in rows]
    by_turns = sorted(range(len(rows)), key=lambda i: (labels[:i].count(labels[i]), labels[i]))
    inputs = [[float(cell) for cell in rows[i][:-1]] for i in by_turns]
    targets = one_hot([labels[i] for i in by_turns], len(species))
    return Dataset(frozen_array(inputs), targets, COLUMNS, ("species",), species)
