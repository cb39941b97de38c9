"""What requests may contain: types, ranges and sizes, each refused by name.

Everything is strict (no "1" for 1, no true for 1), finite and closed to unknown fields. Whether
the parts of a Spec fit together is the engine's to say.
"""

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from app.data.catalog import MAX_NOISE, MAX_SEED, MAX_SIZE, MAX_TEST_SHARE, MIN_SIZE, OPTIONS, OWN
from app.data.csv_samples import MAX_STANDARDISED
from app.data.csv_table import MAX_ROWS as MAX_SAMPLES
from app.data.numbers.written_dates import DATES, ORDERS
from app.engine import learning, network
from app.engine.activations import ACTIVATIONS, LEAKY_SLOPE
from app.engine.initialization import DEFAULT_SCALE, INITIALIZATIONS
from app.engine.losses import HUBER_DELTA, LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.schedules import SCHEDULES
from app.lab.limits import MAX_NUMBER, MAX_STEPS, MAX_WEIGHTS
from app.lab.links.codec import MAX_LENGTH
from app.lab.runs import BATCH, GOALS
from app.web.http.json_body import Model
from app.web.http.text import is_showable
from app.web.networks.choices import one_of

MAX_RATE = 1000.0
MAX_LAYERS, MAX_UNITS = 10, 64
MAX_COUNT, MAX_RUN = 10_000, MAX_STEPS
NAME_PATTERN = r"^[A-Za-z0-9α-ωΑ-Ω][A-Za-z0-9_'α-ωΑ-Ω]{0,15}$"

FiniteNumber = Annotated[float, Field(ge=-MAX_NUMBER, le=MAX_NUMBER, allow_inf_nan=False)]
RateNumber = Annotated[float, Field(ge=0, le=MAX_RATE, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Limit = Annotated[float, Field(gt=0, le=MAX_NUMBER, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
LongName = Annotated[str, Field(pattern=NAME_PATTERN.replace("{0,15}", "{0,40}"))]
Units = Annotated[int, Field(ge=1, le=MAX_UNITS)]
# Of a long list only the first error is said: to collect thousands takes seconds.
NumberList = Annotated[list[FiniteNumber], Field(max_length=MAX_UNITS, fail_fast=True)]
NameList = Annotated[list[Name], Field(max_length=MAX_UNITS)]


_BATCH_SIZES = {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "full"}], "default": 1}


def _batch_size(value: Any) -> Any:
    if value == "full" or (type(value) is int and 1 <= value <= MAX_SAMPLES):
        return value
    raise PydanticCustomError("bad_batch_size", "batch size", {"maximum": MAX_SAMPLES})


class OptimizerModel(Model):
    """How gradients change parameters."""

    name: one_of(*OPTIMIZERS) = "sgd"  # type: ignore[valid-type]
    learning_rate: RateNumber = 0.5
    momentum: Fraction = 0.9
    momentum_form: one_of(*learning.MOMENTUM_FORMS) = "classical"  # type: ignore[valid-type]
    decay: Fraction = 0.9
    beta1: Fraction = 0.9
    beta2: Fraction = 0.999
    epsilon: Annotated[float, Field(ge=0, le=learning.MAX_EPSILON, allow_inf_nan=False)] = 1e-8
    epsilon_form: one_of(*learning.EPSILON_FORMS) = "outside"  # type: ignore[valid-type]
    bias_correction: bool = True
    weight_decay: Share = 0.0
    weight_decay_form: one_of(*learning.WEIGHT_DECAY_FORMS) = "gradient"  # type: ignore[valid-type]
    decay_biases: bool = False
    dampening: Fraction = 0.0
    momentum_decay: Share = 0.0
    centred: bool = False
    schedule: one_of(*SCHEDULES) = "constant"  # type: ignore[valid-type]
    schedule_factor: Share = 0.5
    schedule_steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] = 10
    schedule_floor: RateNumber = 0.0
    clipping: one_of(*learning.CLIPPINGS) = "none"  # type: ignore[valid-type]
    clip_limit: Limit = 1.0


class BatchModel(Model):
    """Which samples a step sees."""

    size: Annotated[int | str, PlainValidator(_batch_size), WithJsonSchema(_BATCH_SIZES)] = 1
    reduction: one_of(*network.REDUCTIONS) = "sum"  # type: ignore[valid-type]


class SampleModel(Model):
    """One sample."""

    inputs: NumberList
    targets: NumberList


class InitializationModel(Model):
    """Weights drawn by a scheme from a seed; biases begin at zero."""

    scheme: one_of(*INITIALIZATIONS)  # type: ignore[valid-type]
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    scale: FiniteNumber = DEFAULT_SCALE

    @field_validator("scale")
    @classmethod
    def _fits_the_scheme(cls, scale: float, told: ValidationInfo) -> float:
        # No half width and no standard deviation is below zero; a constant may be.
        if scale < 0 and told.data.get("scheme") in ("uniform", "normal"):
            raise PydanticKnownError("greater_than_equal", {"ge": 0})
        return scale


def _bias_names(rows: list[Any]) -> list[Any]:
    for row in rows:
        names = [row] if isinstance(row, str) else row
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise PydanticCustomError("bad_bias_names", "bias names")
        if not all(re.fullmatch(NAME_PATTERN, name) for name in names):
            raise PydanticCustomError("name_pattern", "name pattern")
    return rows


BiasRows = Annotated[
    list[Any], Field(max_length=MAX_LAYERS), AfterValidator(_bias_names),
    WithJsonSchema(TypeAdapter(list[str | list[str]]).json_schema()),
]  # fmt: skip


class NamesModel(Model):
    """What each part is called; what is left out is numbered."""

    inputs: NameList | None = None
    hidden: Annotated[list[NameList], Field(max_length=MAX_LAYERS)] | None = None
    outputs: NameList | None = None
    targets: NameList | None = None
    weights: Annotated[list[list[NameList]], Field(max_length=MAX_LAYERS)] | None = None
    biases: BiasRows | None = None


def _showable(text: str) -> str:
    if not is_showable(text):
        raise PydanticCustomError("not_showable", "text to show")
    return text


Text = Annotated[str, Field(max_length=200), AfterValidator(_showable)]
TextList = Annotated[list[Text], Field(max_length=MAX_UNITS)]


_Moment = Annotated[float, Field(ge=-MAX_STANDARDISED, le=MAX_STANDARDISED, allow_inf_nan=False)]
MomentList = Annotated[list[_Moment], Field(max_length=MAX_UNITS)]


def _decimal_signs(text: str) -> str:
    if not re.fullmatch("[.,]+", text):
        raise PydanticCustomError("choice", "choice", {"allowed": "“.”, “,”, “.,”, “,.” …"})
    return text


DecimalSigns = Annotated[str, Field(max_length=MAX_UNITS), AfterValidator(_decimal_signs)]


class DataModel(Model):
    """A data set to draw samples from; beside samples, the record of where they come from."""

    name: one_of(*OPTIONS, OWN)  # type: ignore[valid-type]
    noise: Annotated[float, Field(ge=0, le=MAX_NOISE)] | None = None
    size: Annotated[int, Field(ge=MIN_SIZE, le=MAX_SIZE)] | None = None
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] | None = None
    test_share: Annotated[float, Field(ge=0, le=MAX_TEST_SHARE)] | None = None
    standardise: bool | None = None
    shuffle: bool | None = None
    columns: TextList | None = None
    targets: TextList | None = None
    classes: TextList | None = None
    means: MomentList | None = None
    scales: MomentList | None = None
    target_means: MomentList | None = None
    target_scales: MomentList | None = None
    source: Text | None = None
    decimal: DecimalSigns | None = None
    zeros: Annotated[list[Text], Field(max_length=2 * MAX_UNITS)] | None = None
    dates: one_of(*ORDERS, DATES) | None = None  # type: ignore[valid-type]


class SpecModel(Model):
    """A network and its data."""

    layers: Annotated[list[Units], Field(min_length=2, max_length=MAX_LAYERS)]
    activations: Annotated[list[one_of(*ACTIVATIONS)], Field(max_length=MAX_LAYERS)]  # type: ignore[valid-type]
    loss: one_of(*LOSSES) = "half_squared_error"  # type: ignore[valid-type]
    optimizer: OptimizerModel = OptimizerModel()
    bias_update: one_of(*network.BIAS_UPDATES) = "per_neuron"  # type: ignore[valid-type]
    hidden_deltas: one_of(*network.HIDDEN_DELTAS) = "exact"  # type: ignore[valid-type]
    slope_at_zero: Share = 0.0
    leaky_slope: Share = LEAKY_SLOPE
    huber_delta: Limit = HUBER_DELTA
    label_smoothing: Fraction = 0.0
    frozen: Annotated[list[LongName], Field(max_length=MAX_WEIGHTS)] | None = None
    batch: BatchModel = BatchModel()
    samples: (
        Annotated[list[SampleModel], Field(min_length=1, max_length=MAX_SAMPLES, fail_fast=True)]
        | None
    ) = None
    test_samples: (
        Annotated[list[SampleModel], Field(max_length=MAX_SAMPLES, fail_fast=True)] | None
    ) = None
    data: DataModel | None = None
    weights: (
        Annotated[
            list[Annotated[list[NumberList], Field(max_length=MAX_UNITS, fail_fast=True)]],
            Field(max_length=MAX_LAYERS),
        ]
        | None
    ) = None
    biases: Annotated[list[NumberList], Field(max_length=MAX_LAYERS)] | None = None
    initialization: InitializationModel | None = None
    names: NamesModel | None = None


class LinkNamesModel(NamesModel):
    """The names in a link, where a bias may be named for its layer and its unit: ``b1_h1``."""

    biases: list[LongName | list[LongName]] | None = None


class LinkSpecModel(SpecModel):
    """The Spec in a link."""

    names: LinkNamesModel | None = None


class LinkModel(Model):
    """A link, as it stands in an address after ``/at/``."""

    link: Annotated[str, Field(max_length=MAX_LENGTH)]


class ForwardModel(Model):
    """New inputs for the sample in view, if any."""

    inputs: NumberList | None = None


class CountModel(Model):
    """How many steps."""

    count: Annotated[int, Field(ge=1, le=MAX_COUNT)] = 1


class RunModel(Model):
    """How many steps at most, and the error, or another goal, at which to end earlier."""

    count: Annotated[int, Field(ge=1, le=MAX_RUN)]
    until: Annotated[float, Field(ge=0, le=MAX_NUMBER, allow_inf_nan=False)] | None = None
    goal: one_of(*GOALS) = BATCH  # type: ignore[valid-type]


class RewindModel(Model):
    """Which step to return to."""

    step: Annotated[int, Field(ge=0)]


class ResetModel(Model):
    """Whether to drop every step and branch, or keep them reachable."""

    forget: bool = False


class PhaseModel(Model):
    """Where to go in a step: "next", "back", "finish", or a phase's key."""

    to: Annotated[str, Field(max_length=40)] = "next"


class BranchModel(Model):
    """Which branch to look at, and where on it."""

    branch: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=0)] | None = None


class EditModel(Model):
    """New values by name; what is left out stays, and null is no value."""

    weights: Annotated[dict[str, FiniteNumber], Field(max_length=MAX_WEIGHTS)] = None  # type: ignore[assignment]
    biases: Annotated[dict[str, FiniteNumber], Field(max_length=MAX_WEIGHTS)] = None  # type: ignore[assignment]
    inputs: NumberList = None  # type: ignore[assignment]
    targets: NumberList = None  # type: ignore[assignment]
    learning_rate: RateNumber = None  # type: ignore[assignment]
    loss: one_of(*LOSSES) = None  # type: ignore[valid-type]
    bias_update: one_of(*network.BIAS_UPDATES) = None  # type: ignore[valid-type]
    hidden_deltas: one_of(*network.HIDDEN_DELTAS) = None  # type: ignore[valid-type]
    redo_step: bool = False
    sample: Annotated[int, Field(ge=0)] = None  # type: ignore[assignment]
