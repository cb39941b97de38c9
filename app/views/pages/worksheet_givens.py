"""What a worksheet gives: the samples, the parameters, and the rules in symbols."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from app import messages
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.explain.chain_rule import derive
from app.explain.derivation import Line
from app.explain.notation import Notation
from app.explain.quantities import Quantity, every
from app.explain.step_numbers import StepNumbers
from app.explain.writers.mathml import BreakableMathML
from app.messages.samples import IN_PICTURE, SPOKEN
from app.views.text.formatting import MINUS, Label, given, label, number, plain
from app.views.text.wording import Rows, loss_formula, rows_of

MOST_SAMPLES = 24
UPDATES = ("moment", "update")
"""The kinds of lines that lead from a parameter to its new value."""
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
    for quantity in every(known.spec):
        if quantity.kind in ("input", "target"):
            yield Given(label(quantity.name), _short(known.value(quantity), digits))


def batch_of(known: StepNumbers, digits: int) -> Iterator[tuple[str, ...]]:
    """Each sample of the batch: its number, its inputs and its targets."""
    if known.samples == 1:
        return
    for place, row in enumerate(_rows(known)):
        yield (str(known.first + place), *(_short(one, digits) for one in row))


def _rows(known: StepNumbers) -> Iterator[list[float]]:
    passed = known.trace.forward
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
    for part in spec.names.parameters():
        learns = moments if part.kind == "weight" or spec.bias_update != "none" else ()
        kept = tuple(number(part.of(moment), digits) for moment in learns)
        yield Given(label(part.name), _short(part.of(before), digits), kept)


def _short(value: float, digits: int) -> str:
    """A number as it was given, unless that has more digits than are asked for."""
    return given(value, digits) or number(value, digits)


def is_rounded(known: StepNumbers, slots: Sequence[str], digits: int) -> bool:
    """Whether any number that is given has more digits than are shown."""
    remembered = known.before.moments if slots else ()
    arrays = chain.from_iterable(one.arrays() for one in (known.before, *remembered))
    values = chain(*_rows(known), *(array.ravel().tolist() for array in arrays))
    return any(float(_short(one, digits).replace(MINUS, "-")) != one for one in values)


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
    return rows_of(replace(line, numbers=None, value=None), writer)


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
