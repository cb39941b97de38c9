"""What answers contain, for OpenAPI."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.lab.links.codec import MAX_LENGTH
from app.web.http.json_body import Model
from app.web.networks.bodies import SpecModel


class ParametersModel(Model):
    """weights[l][j][i] goes from unit i of layer l to unit j of layer l + 1."""

    weights: list[list[list[float]]]
    biases: list[list[float]]


class ForwardStateModel(Model):
    """The forward pass at the present parameters, of the sample in view."""

    pre_activations: list[list[float] | None]
    activations: list[list[float] | None]
    loss: float | None
    loss_shares: list[float] | None


class WalkedParametersModel(Model):
    """New parameters by layer; null where the update is not computed yet."""

    weights: list[list[list[float]] | None]
    biases: list[list[float] | None]


class WalkModel(Model):
    """Of a step that is walked, what its phases have computed so far; null is not computed."""

    deltas: list[list[float] | None] | None
    weight_gradients: list[list[list[float]] | None]
    bias_gradients: list[list[float] | None]
    parameters_after: WalkedParametersModel
    optimizer_state_after: dict[str, Any] | None


class OptimizerStateModel(Model):
    """What the optimizer remembers, in the parameters' shapes; age counts its updates."""

    age: int
    velocity: ParametersModel | None = None
    mean: ParametersModel | None = None
    square: ParametersModel | None = None


class BranchStateModel(Model):
    """A timeline: where it left its parent, and how far it goes."""

    index: int
    parent: int | None
    start: int
    last_step: int


class TraceModel(ForwardStateModel):
    """The step that led here; gradients and losses are over its batch."""

    step: int
    sample: int
    learning_rate: float
    parameters_before: ParametersModel
    deltas: list[list[float]] | None
    weight_gradients: list[list[list[float]]]
    bias_gradients: list[list[float]]
    parameters_after: ParametersModel
    optimizer_state_before: OptimizerStateModel
    optimizer_state_after: OptimizerStateModel
    loss_after: float


class StateModel(Model):
    """A network as it stands."""

    id: str
    version: int
    step: int
    first_step: int
    last_step: int
    phase: Annotated[
        str, Field(description='"start", "forward", "updated", or the key of a phase while walking')
    ]
    position: int
    phases: list[str]
    walking: bool
    branch: int
    branches: list[BranchStateModel]
    example: str | None
    spec: SpecModel
    parameters: ParametersModel
    optimizer_state: OptimizerStateModel
    sample: int
    forward: ForwardStateModel
    walk: WalkModel | None
    trace: TraceModel | None
    loss_history: list[float]


class RunOutcomeModel(Model):
    """Where a run began and why it ended.

    "count": all steps are taken; "not_reached": they are, but the error is larger than chosen;
    "reached": it is not; "already": it was so before the first step; "diverged": the next step
    would not be finite; "full": the history has no room; "late": it took too long;
    "moved_on": somebody else changed the network meanwhile, and nothing of the run is kept.
    """

    start: int
    ending: str


class RunStateModel(StateModel):
    """A network as it stands after a run."""

    run: RunOutcomeModel


class PublishedModel(Model):
    """A number that a source printed, beside the exact one."""

    what: str
    printed: str
    exact: float | str
    verdict: str
    why: str
    quantity: str | None
    negated: bool


class ExampleModel(Model):
    """A worked example by another author."""

    slug: str
    title: str
    source: str
    url: str
    about: str
    notation: str
    spec: SpecModel
    published: list[PublishedModel]
    notes: list[str]


class OptionModel(Model):
    """An option of a data set, with its limits."""

    default: float | bool
    minimum: float | None
    maximum: float | None


class DatasetModel(Model):
    """A data set; classes are empty where targets are values."""

    name: str
    title: str
    kind: str
    columns: list[str]
    targets: list[str]
    outputs: int
    classes: list[str]
    options: dict[str, OptionModel]
    source: str


class ProblemErrorModel(BaseModel):
    """One field that cannot be used."""

    pointer: str
    code: str
    detail: str


class ProblemModel(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    pointer: str | None = None
    errors: list[ProblemErrorModel] = []


class WritingsModel(Model):
    """An expression as plain text, LaTeX and MathML."""

    text: str
    latex: str
    mathml: str


class SymbolicModel(Model):
    """What a line is about, and what that equals in symbols."""

    left: WritingsModel
    right: WritingsModel | None


class DerivationLineModel(Model):
    """One equation; ``expression`` is its exact right-hand side, as Python reads it."""

    kind: str
    meaning: str
    badge: str | None
    role: str | None
    symbolic: SymbolicModel
    substituted: WritingsModel | None
    expression: str | None
    value: float | None
    shown: str | None
    remark: str | None
    latex: str
    text: str
    sentence: str


class PathModel(Model):
    """A path from a weight to the error, and what it adds to the gradient."""

    through: list[str]
    value: float | None


class DerivationModel(Model):
    """Where a number comes from; null is not computed yet."""

    quantity: str
    kind: str
    question: str
    step: int
    sample: int
    note: str | None
    phase: str | None
    computed: bool
    pending: str | None
    symbol: WritingsModel
    value: float | None
    shown: str | None
    lines: list[DerivationLineModel]
    paths: list[PathModel]
    latex: str
    text: str
    sentence: str


class ScoreModel(Model):
    """The mean of samples' own losses, and the share that is classified rightly, 0 to 1.

    A loss that is not finite is null; so is an accuracy where targets are no classes.
    """

    samples: int
    loss: float | None
    accuracy: float | None


class ObstacleModel(Model):
    """What the network gets stuck on.

    ``kind`` is symmetric, saturated, dead or flat (slope 0 everywhere), with the units; rate (it is
    0) or frozen (all parameters are); or overshoot (the update raised the error of its own batch)
    or against (the mean over all training samples), from before to after.
    """

    kind: str
    units: list[str]
    before: float
    after: float


class EvaluationModel(Model):
    """The scores at the present parameters; test is null where there are no test samples."""

    step: int
    training: ScoreModel
    test: ScoreModel | None
    obstacles: list[ObstacleModel]


class CheckedModel(Model):
    """A parameter's gradient, derived and by central differences."""

    name: str
    analytic: float
    numeric: float
    relative_difference: float


class GradientCheckModel(Model):
    """All of them; the largest difference leaves out fixed biases and what is rounding alone.

    That is a difference of 1e-9 or less; so many times the loss where that is above 1, and
    0.1 / (1 - a) times where a binary cross-entropy's output a is nearly 1.

    They agree where it is below 1e-7; at a kink of an activation or of a loss they need not.
    """

    step: int
    largest_relative_difference: float
    agree: bool
    at_kink: bool
    parameters: list[CheckedModel]


class LinkedModel(Model):
    """A link to the moment at which a network stands."""

    link: Annotated[str, Field(max_length=MAX_LENGTH)]
    url: str
