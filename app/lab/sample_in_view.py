"""The sample in view: its numbers in the step in view, and its place in the batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.engine.backprop import forward_of
from app.engine.network import Spec
from app.errors import InvalidInput
from app.explain.quantities import Quantity
from app.explain.step_numbers import StepNumbers
from app.lab.edits import Edit, named_edit, unknown_values
from app.lab.lab import Lab
from app.lab.limits import MAX_NUMBER
from app.lab.moment import Moment
from app.lab.own_units import from_own_value, own_column, own_text, own_value
from app.lab.phases import Progress
from app.lab.step_values import StepValues, step_values_of
from app.lab.typed_inputs import typed_cell

OWN = "own."
"""What stands before the name of an input or a target whose value is in the table's units."""
OF_THE_SAMPLE = ("input", "target", "pre", "act", "error", "share", "delta")


@dataclass(frozen=True)
class SampleInView:
    """A sample in view: the one at ``index``, from 0.

    A sample outside the step's batch has its own forward pass, with the parameters that the step
    begins with; the step computes nothing else of it.
    """

    standing: Moment
    index: int

    @property
    def spec(self) -> Spec:
        """The network as the step in view uses it."""
        return self.standing.shown_spec

    @cached_property
    def batch(self) -> slice:
        """The samples of the step in view."""
        return self.spec.batch_slice(self.standing.base_step)

    @property
    def total(self) -> int:
        """How many samples there are."""
        return len(self.spec.inputs)

    @property
    def inside(self) -> bool:
        """Whether the step in view uses this sample."""
        return bool(self.batch.start <= self.index < self.batch.stop)

    @property
    def own(self) -> "SampleInView":
        """This sample, or the step's own where this one is outside its batch."""
        return self if self.inside else SampleInView(self.standing, int(self.batch.start))

    @property
    def row(self) -> int:
        """Its place in the batch; 0 outside."""
        return self.index - int(self.batch.start) if self.inside else 0

    @cached_property
    def _step_numbers(self) -> StepNumbers:
        return StepNumbers(self.spec, self.standing.shown, self.row)

    @cached_property
    def _outside_numbers(self) -> StepNumbers | None:
        """The forward pass of a sample outside the batch, in place of the batch's."""
        if self.inside:
            return None
        trace = self.standing.shown
        passed = forward_of(self.spec, trace.before, self.index)
        return StepNumbers(self.spec, replace(trace, forward=passed))

    def moment(self, progress: Progress) -> StepValues:
        """The step in view as this sample has it."""
        return step_values_of(self._step_numbers, progress, self._outside_numbers)

    def has_no(self, quantity: Quantity) -> bool:
        """Whether the step never computes ``quantity`` for this sample."""
        return quantity.kind == "delta" and not self.inside

    def numbers(self, quantity: Quantity) -> StepNumbers:
        """The numbers that ``quantity`` is derived from."""
        outside = quantity.kind in OF_THE_SAMPLE and quantity.kind != "delta"
        return (outside and self._outside_numbers) or self._step_numbers

    @property
    def names(self) -> dict[str, int]:
        """The numbers that sentences name, counted from 1."""
        first, last = int(self.batch.start) + 1, int(self.batch.stop)
        return {"sample": self.index + 1, "total": self.total, "first": first, "last": last}

    @property
    def alone(self) -> bool:
        """Whether the step uses a single sample."""
        return bool(self.batch.stop - self.batch.start == 1)


def sample_in_view(
    standing: Moment, sample: int | None = None, counted_from: int = 0
) -> SampleInView:
    """The sample that a reader chose, or the first one of the step in view.

    ``counted_from`` is the number of the first sample. Raises InvalidInput if it does not exist.
    """
    spec = standing.shown_spec
    if sample is None:
        return SampleInView(standing, int(spec.batch_slice(standing.base_step).start))
    least, most = counted_from, len(spec.inputs) - 1 + counted_from
    if not least <= sample <= most:
        raise InvalidInput("no_such_sample", pointer="/sample", minimum=least, maximum=most)
    return SampleInView(standing, sample - counted_from)


@dataclass(frozen=True, slots=True)
class TypedEdit:
    """What stands typed in the fields of a page: it holds before any command.

    ``values`` are by name, inputs and targets those of the sample with this number from 1, or of
    the step's own for None; ``own`` are texts for some of these, in the units of the table.
    """

    values: Mapping[str, float]
    sample: int | None = None
    learning_rate: float | None = None
    own: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, lab: Lab) -> Lab:
        """The Lab after it.

        Raises InvalidInput if there is no such sample or name, or a text cannot be read.
        """
        lab = lab.edited(Edit(learning_rate=self.learning_rate))
        if not (self.values or self.own):
            return lab
        index = sample_in_view(lab, self.sample, 1).index
        own = {name: _own(lab.present, index, name, text) for name, text in self.own.items()}
        return lab.edited(named_edit(lab.present, index, {**self.values, **own}))


def _own(spec: Spec, sample: int, name: str, text: str) -> float:
    """The network's number for an input or a target that was typed in the units of the table.

    What still says the present value leaves it, digit for digit.
    """
    part = spec.names.find(name)
    if part is None or not (part.kind == "target" or (part.kind, part.layer) == ("unit", 0)):
        raise (unknown_values(spec, [name]) or [InvalidInput("missing", pointer="/values")])[0]
    layer, table = (-1, spec.targets) if part.kind == "target" else (0, spec.inputs)
    now, pointer = float(table[sample, part.unit]), f"/values/{OWN}{name}"
    if text.strip() == own_text(spec, layer, part.unit, now):
        return now
    column = own_column(spec, layer, part.unit)
    try:
        own = typed_cell(column, text, spec.data.dates if spec.data else "")
    except InvalidInput as error:
        raise InvalidInput(error.code, pointer=pointer, **error.values) from None
    value = from_own_value(spec, layer, part.unit, own)
    if not abs(value) <= MAX_NUMBER:
        code, most = ("maximum", MAX_NUMBER) if value > 0 else ("minimum", -MAX_NUMBER)
        most = own_value(spec, layer, part.unit, most) or most
        raise InvalidInput(code, pointer=pointer, **{code: most})
    return value
