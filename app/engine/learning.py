"""How a network learns: its optimizer's settings, the limits of each, and which fit together."""

from dataclasses import dataclass

from app.engine.schedules import SCHEDULES
from app.engine.validation import SpecError, check_choice, check_range

MOMENTUM_FORMS = ("classical", "accumulated", "averaged")
EPSILON_FORMS = ("outside", "inside", "uncorrected")
WEIGHT_DECAY_FORMS = ("gradient", "decoupled", "loss")
CLIPPINGS = ("none", "value", "norm", "torch_norm")
CORRECTING = ("adam", "amsgrad")
"""The optimizers whose bias correction is a choice."""
MAX_EPSILON = 1000.0


@dataclass(frozen=True, slots=True)
class Optimizer:
    """How gradients change parameters; the formulas stand in ``updates.update_formulas``.

    Attributes:
        learning_rate: the step's size, dimensionless.
        momentum: how much of the last velocity is kept, in [0, 1).
        momentum_form: "classical": v <- momentum v - rate g, p <- p + v; "accumulated" (as
            PyTorch): v <- momentum v + g, p <- p - rate v; "averaged": v <- momentum v +
            (1 - momentum) g, p <- p - rate v. Nesterov's knows the first two.
        decay: RMSProp's share of the last mean square that is kept, in [0, 1).
        beta1, beta2: Adam's and its kin's, for their mean and their mean square, in [0, 1).
        epsilon: added to the root of the mean square, from 0 to ``MAX_EPSILON``; some frameworks
            advise 1.
        epsilon_form: "outside" the root, as Kingma and Ba's algorithm 1 and PyTorch; "inside" it;
            for Adam also outside the root of the "uncorrected" mean square, with both corrections
            in the rate: Kingma and Ba's section 2, Keras and TensorFlow.
        bias_correction: whether Adam makes up for means that began at zero, as Kingma and Ba do;
            some calculations by hand leave it out.
        weight_decay: how much of a weight is taken off, in [0, 1]; 0 for none.
        weight_decay_form: "gradient": weight_decay * weight is added to the gradient (L2);
            "decoupled": rate * weight_decay * weight is taken off beside it (Loshchilov and
            Hutter 2019); "loss": the loss has weight_decay / 2 times the sum of squared weights,
            and every gradient is one of all of it. Otherwise the loss never includes it.
        decay_biases: whether biases decay too, as PyTorch does; textbooks decay weights only.
        dampening: what accumulated momentum takes off each gradient but the first, in [0, 1), as
            PyTorch's SGD.
        momentum_decay: how fast NAdam's share of the mean grows to beta1, in [0, 1], as PyTorch
            and Keras do by 0.004; at 0 it is beta1 from the first step on.
        centred: whether RMSProp takes the square of the mean off the mean square (Graves 2013).
        schedule: how the rate changes from step to step, one of ``SCHEDULES``; the other three
            are its numbers: a factor in [0, 1], a count of steps from 1 on, and a rate.
        clipping: what happens to a gradient before anything else: "value" keeps each entry
            within ``clip_limit``, "norm" shortens all of them together where their norm is above
            it (Pascanu et al. 2013), "torch_norm" does so with 1e-6 added to the norm.
    """

    name: str = "sgd"
    learning_rate: float = 0.5
    momentum: float = 0.9
    momentum_form: str = "classical"
    decay: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    epsilon_form: str = "outside"
    bias_correction: bool = True
    weight_decay: float = 0.0
    weight_decay_form: str = "gradient"
    decay_biases: bool = False
    dampening: float = 0.0
    momentum_decay: float = 0.0
    centred: bool = False
    schedule: str = "constant"
    schedule_factor: float = 0.5
    schedule_steps: int = 10
    schedule_floor: float = 0.0
    clipping: str = "none"
    clip_limit: float = 1.0

    def rate_at(self, step: int) -> float:
        """The rate of the step from ``step`` to ``step + 1``, counted from 0."""
        return SCHEDULES[self.schedule].rate(
            self.learning_rate, float(step), self.schedule_factor,
            float(self.schedule_steps), self.schedule_floor,
        )  # fmt: skip


def check_optimizer(optimizer: Optimizer) -> None:
    """Raise SpecError unless every setting is within its limits and they fit together."""
    for name, allowed in (
        ("momentum_form", MOMENTUM_FORMS),
        ("epsilon_form", EPSILON_FORMS),
        ("weight_decay_form", WEIGHT_DECAY_FORMS),
        ("schedule", SCHEDULES),
        ("clipping", CLIPPINGS),
    ):
        check_choice(f"/optimizer/{name}", getattr(optimizer, name), allowed)
    for name in ("momentum", "decay", "beta1", "beta2", "dampening"):
        check_range(f"/optimizer/{name}", getattr(optimizer, name), below=True)
    for name in ("weight_decay", "schedule_factor", "momentum_decay"):
        check_range(f"/optimizer/{name}", getattr(optimizer, name))
    _check_least("schedule_steps", optimizer.schedule_steps, 1)
    _check_least("schedule_floor", optimizer.schedule_floor, 0)
    _check_least("epsilon", optimizer.epsilon, 0)
    if optimizer.epsilon > MAX_EPSILON:
        raise SpecError("/optimizer/epsilon", "maximum", maximum=int(MAX_EPSILON))
    if not optimizer.clip_limit > 0.0:
        raise SpecError("/optimizer/clip_limit", "above_zero")
    _check_together(optimizer)


def _check_least(name: str, value: float, minimum: int) -> None:
    if not value >= minimum:
        raise SpecError(f"/optimizer/{name}", "minimum", minimum=minimum)


def _check_together(optimizer: Optimizer) -> None:
    if optimizer.name == "nesterov" and optimizer.momentum_form == "averaged":
        raise SpecError("/optimizer/momentum_form", "nesterov_averaged")
    if optimizer.dampening and optimizer.momentum_form != "accumulated":
        raise SpecError("/optimizer/dampening", "dampening_form")
    corrects = optimizer.name in CORRECTING and optimizer.bias_correction
    if optimizer.epsilon_form == "uncorrected" and not corrects:
        raise SpecError("/optimizer/epsilon_form", "nothing_corrected")
