"""Texts about the sample in view."""

from typing import NamedTuple

from app.engine.network import Spec
from app.explain.quantities import Quantity
from app.lab.sample_in_view import OF_THE_SAMPLE, SampleInView
from app.messages import samples
from app.views.text.table_row import table_row

_OF_THE_BATCH = ("loss", "loss_after", "weight", "bias")


def own_error_of(spec: Spec) -> str:
    """Whose error a step has: "" for that of all samples, else "batch", or "one" of a sample."""
    return "" if spec.batches < 2 else "one" if spec.batch.size == 1 else "batch"


def sample_note(seen: SampleInView, quantity: Quantity) -> str:
    """The samples that a derivation belongs to, or "" where there is only one."""
    if seen.total == 1 or quantity.kind not in (*OF_THE_SAMPLE, *_OF_THE_BATCH, "by_input"):
        return ""
    if seen.has_no(quantity):
        return (samples.NO_DELTA_ONE if seen.alone else samples.NO_DELTA).format(**seen.names)
    if quantity.kind in OF_THE_SAMPLE:
        code = "one" if seen.inside else "apart"
    elif seen.alone:
        code = "one" if seen.inside else "batch_of_one"
    else:
        code = "batch" if quantity.kind in _OF_THE_BATCH else "many"
        code += "" if seen.inside else "_apart"
    return samples.NOTES[code].format(**seen.names)


def sample_text(seen: SampleInView) -> str:
    """How this sample belongs to the step in view."""
    where = "one" if seen.alone else "many"
    code = where if seen.inside else f"apart_{where}"
    if code == "many":
        code += f"_{seen.spec.batch.reduction}"
    return samples.IN_PICTURE[code].format(**seen.names)


def sample_sentence(seen: SampleInView) -> str:
    """The same as a sentence."""
    return samples.SPOKEN.format(text=sample_text(seen), **seen.names)


class SampleView(NamedTuple):
    """Which sample of how many is in view, its neighbours, and how it belongs to the step in view.

    ``before`` and ``after`` are their numbers; after the last sample comes the first. ``epoch``
    says which pass through the samples the step belongs to, "" where each step is such a pass,
    and ``of_error`` whose the step's error is; ``row`` is the sample in the units of its table, ""
    where these are the network's. ``of_units`` and ``of_gradients`` say whose the numbers in the
    tables are.
    """

    number: int
    total: int
    inside: bool
    before: int
    after: int
    text: str
    epoch: str
    of_error: str
    sentence: str
    row: str
    of_units: str
    of_gradients: str


def sample_view(seen: SampleInView) -> SampleView | None:
    """The sample in view, ready to print; None where there is only one."""
    if seen.total == 1:
        return None
    step, batches = seen.standing.base_step, seen.spec.batches
    place = {"epoch": step // batches + 1, "batch": step % batches + 1, "batches": batches}
    own = own_error_of(seen.spec)
    epoch = samples.EPOCH[own].format(**place) if own else ""
    of_error = samples.OF_ERROR["one" if seen.alone else own].format(**seen.names)
    before, after = ((seen.index + by) % seen.total + 1 for by in (-1, 1))
    texts = sample_text(seen), epoch, of_error, sample_sentence(seen)
    row = table_row(seen.spec, seen.spec.inputs[seen.index], seen.spec.targets[seen.index])
    of_units = samples.OF_UNITS["inside" if seen.inside else "apart"].format(**seen.names)
    over = "one" if seen.alone else seen.spec.batch.reduction
    of_gradients = samples.OF_GRADIENTS[over].format(**seen.names)
    return SampleView(
        seen.index + 1, seen.total, seen.inside, before, after, *texts, row, of_units, of_gradients
    )
