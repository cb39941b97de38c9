"""Which sample stands in the picture, and what the step in view has to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from app.edits import Edit, named_edit
from app.engine.backprop import ForwardPass, forward_of
from app.engine.network import Spec
from app.errors import InvalidInput
from app.explain.quantities import Quantity
from app.explain.step_numbers import Known
from app.messages import samples as words
from app.moment import Moment, moment_of
from app.phases import Progress
from app.standing import Standing

_OF_THE_SAMPLE = ("input", "target", "pre", "act", "error", "share", "delta")
_OF_THE_BATCH = ("loss", "loss_after", "weight", "bias")


@dataclass(frozen=True)
class Seen:
    """A sample in view.

    A sample outside the step's batch has its own forward pass, with the parameters that the step
    begins with; the step computes nothing else of it.

    Attributes:
        standing: the network.
        index: which of its samples, counted from 0.
    """

    standing: Standing
    index: int

    @property
    def spec(self) -> Spec:
        """The network as the step in view uses it."""
        return self.standing.shown_spec

    @property
    def batch(self) -> slice:
        """The samples of the step in view."""
        return self.spec.batch_slice(self.standing.shown.step - 1)

    @property
    def total(self) -> int:
        """How many samples there are."""
        return len(self.spec.inputs)

    @property
    def inside(self) -> bool:
        """Whether the step in view uses this sample."""
        return bool(self.batch.start <= self.index < self.batch.stop)

    @property
    def own(self) -> "Seen":
        """This sample, or the step's own where this one is outside its batch."""
        return self if self.inside else Seen(self.standing, int(self.batch.start))

    @property
    def row(self) -> int:
        """Its place in the batch; 0 outside."""
        return self.index - int(self.batch.start) if self.inside else 0

    @cached_property
    def apart(self) -> ForwardPass | None:
        """The forward pass of a sample outside the batch."""
        if self.inside:
            return None
        return forward_of(self.spec, self.standing.shown.before, self.index)

    def moment(self, progress: Progress) -> Moment:
        """The step in view as this sample has it."""
        return moment_of(self.spec, self.standing.shown, progress, self.row, self.apart)

    def lacks(self, quantity: Quantity) -> bool:
        """Whether the step never computes that number for this sample."""
        return not self.inside and quantity.kind == "delta"

    def known(self, quantity: Quantity) -> Known:
        """The numbers that a derivation of ``quantity`` speaks of."""
        trace = self.standing.shown
        if self.apart is not None and quantity.kind in _OF_THE_SAMPLE and not self.lacks(quantity):
            return Known(self.spec, replace(trace, forward=self.apart))
        return Known(self.spec, trace, self.row)

    @property
    def names(self) -> dict[str, int]:
        """The numbers that sentences name, counted from 1."""
        first, last = int(self.batch.start) + 1, int(self.batch.stop)
        return {"sample": self.index + 1, "total": self.total, "first": first, "last": last}

    @property
    def alone(self) -> bool:
        """Whether the step uses a single sample."""
        return bool(self.batch.stop - self.batch.start == 1)

    def note(self, quantity: Quantity) -> str:
        """Of which samples a derivation speaks, or "" where there is only one."""
        if self.total == 1 or quantity.kind not in (*_OF_THE_SAMPLE, *_OF_THE_BATCH):
            return ""
        if self.lacks(quantity):
            return (words.NO_DELTA_ONE if self.alone else words.NO_DELTA).format(**self.names)
        if quantity.kind in _OF_THE_SAMPLE:
            code = "one" if self.inside else "apart"
        elif self.alone:
            code = "one" if self.inside else "batch_of_one"
        else:
            code = "many" if self.inside else "many_apart"
        return words.NOTES[code].format(**self.names)

    @property
    def text(self) -> str:
        """How this sample belongs to the step in view."""
        where = "one" if self.alone else "many"
        code = where if self.inside else f"apart_{where}"
        if code == "many":
            code += f"_{self.spec.batch.reduction}"
        return words.IN_PICTURE[code].format(**self.names)

    @property
    def sentence(self) -> str:
        """The same as a sentence."""
        return words.SAID.format(text=self.text, **self.names)


@dataclass(frozen=True, slots=True)
class SampleView:
    """The sample in view, ready to print.

    Attributes:
        number, total: which of how many.
        before, after: the numbers of its neighbours; after the last one comes the first.
        text, sentence: how it belongs to the step in view.
        epoch: which pass through the samples the step belongs to, or "" where each is one.
    """

    number: int
    total: int
    before: int
    after: int
    text: str
    epoch: str
    sentence: str


def sample_view(seen: Seen) -> SampleView | None:
    """What the page says of the sample in view; nothing where there is only one."""
    if seen.total == 1:
        return None
    step, batches = seen.standing.shown.step - 1, seen.spec.batches
    place = {"epoch": step // batches + 1, "batch": step % batches + 1, "batches": batches}
    return SampleView(
        seen.index + 1,
        seen.total,
        (seen.index - 1) % seen.total + 1,
        (seen.index + 1) % seen.total + 1,
        seen.text,
        words.EPOCH.format(**place) if batches > 1 else "",
        seen.sentence,
    )


def seen_in(standing: Standing, sample: int | None = None, counted_from: int = 0) -> Seen:
    """The sample that a reader chose, or the first one of the step in view.

    Args:
        standing: the network.
        sample: which of its samples, or None for the step's own.
        counted_from: the number of the first one.

    Raises:
        InvalidInput: there is no such sample.
    """
    spec = standing.shown_spec
    if sample is None:
        return Seen(standing, int(spec.batch_slice(standing.shown.step - 1).start))
    index, last = sample - counted_from, len(spec.inputs) - 1
    if not 0 <= index <= last:
        raise InvalidInput(
            "no_such_sample", pointer="/sample", minimum=counted_from, maximum=last + counted_from
        )
    return Seen(standing, index)


def edit_of(standing: Standing, number: int | None, values: Mapping[str, float]) -> Edit:
    """New values by name, inputs and targets those of the sample in view.

    Args:
        standing: the network.
        number: the sample's, counted from 1; None for the step's own.
        values: the new values.

    Raises:
        InvalidInput: there is no such sample, or a name is unknown.
    """
    return named_edit(standing.present, seen_in(standing, number, 1).index, values)
