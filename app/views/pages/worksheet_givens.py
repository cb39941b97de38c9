"""What a worksheet gives: the samples, the parameters, and the rules in symbols."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from app import messages
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.explain.chain_rule import derive
from app.explain.derivation import Line
from app.explain.expression import Expression
from app.explain.notation import Notation
from app.explain.quantities import Quantity, every
from app.explain.step_numbers import StepNumbers
from app.explain.writers.mathml_lines import BreakableMathML
from app.messages.samples import IN_PICTURE, SPOKEN
from app.views.text.formatting import MINUS, Label, label, number, plain
from app.views.text.wording import loss_formula

MOST_SAMPLES = 24
UPDATES = ("moment", "update")
"""The lines of a derivation that tell how a parameter becomes another one."""
Rows = tuple[tuple[str, ...], ...]
# How many characters of a row a sheet of paper holds; what the heads and the space between take.
_TABLES = {"table": 85, "small": 128}
_HEAD, _BETWEEN = 6, 2


class Unmarked(BreakableMathML):
    """MathML without the badges that point at parts of the page's picture."""

    def marked(self, text: str, badge: str, role: str) -> str:
        """``text`` as it is."""
        del badge, role
        return text


@dataclass(frozen=True, slots=True)
class Given:
    """A given number by its name, and what the optimizer remembers of it, if that matters."""

    name: Label
    value: str
    memory: tuple[str, ...] = ()


def samples_of(known: StepNumbers, digits: int) -> Iterator[Given]:
    """The inputs and targets of the sample in the picture."""
    names, passed = known.spec.names, known.passed
    rows = (
        (names.units[0], passed.activations[0][0].tolist()),
        (names.targets, passed.targets[0].tolist()),
    )
    for row, values in rows:
        for name, value in zip(row, values, strict=True):
            yield Given(label(name), _short(value, digits))


def batch_of(known: StepNumbers, digits: int) -> Iterator[tuple[str, ...]]:
    """Each sample of the batch: its number, its inputs and its targets."""
    if known.samples == 1:
        return
    for place, row in enumerate(_rows(known)):
        yield (str(known.first + place), *(_short(one, digits) for one in row))


def _rows(known: StepNumbers) -> Iterator[list[float]]:
    passed = known.passed
    for place in range(min(known.samples, MOST_SAMPLES)):
        yield [*passed.activations[0][place].tolist(), *passed.targets[place].tolist()]


def size_of(batch: Sequence[tuple[str, ...]]) -> str:
    """How samples fit a sheet of paper: "table", "small" (a table), or "list"."""
    columns = [max(_HEAD, *map(len, column)) + _BETWEEN for column in zip(*batch, strict=True)]
    return next((size for size, most in _TABLES.items() if sum(columns) <= most), "list")


def parameters_of(known: StepNumbers, slots: Sequence[str], digits: int) -> Iterator[Given]:
    """Every weight, then every bias, with what is remembered of it."""
    spec, before = known.spec, known.before
    moments = before.moments if slots else ()
    for layer, rows in enumerate(spec.names.weights):
        for place, name in _placed(rows):
            kept = tuple(number(float(m.weights[layer][place]), digits) for m in moments)
            yield Given(label(name), _short(float(before.weights[layer][place]), digits), kept)
    for layer, row in enumerate(spec.names.biases):
        node = spec.names.bias_nodes[layer]
        for unit, name in enumerate((node,) if node else row):
            learns = moments if spec.bias_update != "none" else ()
            kept = tuple(number(float(m.biases[layer][unit]), digits) for m in learns)
            yield Given(label(name), _short(float(before.biases[layer][unit]), digits), kept)


def _placed(rows: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[int, int], str]]:
    for j, row in enumerate(rows):
        for i, name in enumerate(row):
            yield (j, i), name


def _short(value: float, digits: int) -> str:
    """A number as it was given, unless that has more digits than are asked for."""
    text = plain(value)
    return text.replace("-", MINUS) if len(text) <= digits + 3 else number(value, digits)


def is_rounded(known: StepNumbers, slots: Sequence[str], digits: int) -> bool:
    """Whether any number that is given has more digits than are shown."""
    remembered = known.before.moments if slots else ()
    arrays = chain.from_iterable(one.arrays() for one in (known.before, *remembered))
    given = chain(*_rows(known), *(array.ravel().tolist() for array in arrays))
    return any(float(_short(one, digits).replace(MINUS, "-")) != one for one in given)


def rules_of(known: StepNumbers, asked: Sequence[str], writer: Unmarked) -> Iterator[Rows]:
    """In symbols: each layer's activation, each output's error, the update of a weight."""
    spec = known.spec
    last = len(spec.layers) - 1
    rules = [Quantity("act", spec.names.units[layer][0], layer, 0) for layer in range(1, last + 1)]
    for quantity in (*rules, Quantity("share", spec.names.units[last][0], last, 0)):
        yield _symbolic(derive(quantity, known).lines[-1], writer)
    if "new" in asked:
        weight = next(q for q in every(spec) if q.kind == "new")
        for line in derive(weight, known).lines:
            if line.kind in UPDATES:
                yield _symbolic(line, writer)


def _symbolic(line: Line, writer: Unmarked) -> Rows:
    sides: list[Expression] = [line.left, *([line.rule] if line.rule else [])]
    head, *rest = (writer.pieces(side) for side in sides)
    row = [*head]
    for pieces in rest:
        row += [writer.led("=", pieces[0]), *pieces[1:]]
    return (tuple(row),)


def facts_of(spec: Spec, step: int, notation: Notation) -> Iterator[str]:
    """What else holds in the step that begins at ``step``, in words."""
    yield f"{notation.loss} = {loss_formula(spec, notation)}"
    yield f"η = {plain(spec.optimizer.learning_rate)}"
    yield messages.BIAS_UPDATES[spec.bias_update]
    if slots_of(spec.optimizer):
        yield messages.OPTIMIZERS[spec.optimizer.name]
    if said := messages.HIDDEN_DELTAS_NAMED[spec.hidden_deltas]:
        yield said
    seen, total = spec.batch_slice(step), len(spec.inputs)
    if total > 1:
        names = {"sample": seen.start + 1, "first": seen.start + 1, "last": seen.stop}
        alone = seen.stop - seen.start == 1
        text = IN_PICTURE["one" if alone else f"many_{spec.batch.reduction}"]
        yield SPOKEN.format(text=text.format(**names), total=total, **names)
