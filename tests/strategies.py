"""Random networks for Hypothesis. Activations, losses and the rest come from the registries."""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS
from app.engine.learning import (
    CLIPPINGS,
    CORRECTING,
    EPSILON_FORMS,
    MOMENTUM_FORMS,
    WEIGHT_DECAY_FORMS,
)
from app.engine.losses import LOSSES, SMOOTHED
from app.engine.network import BIAS_UPDATES, REDUCTIONS, Spec
from app.engine.optimizers import OPTIMIZERS
from app.engine.schedules import SCHEDULES
from app.lab.spec_json import optimizer_fields, spec_from_data

ELEMENTWISE = sorted(name for name, rule in ACTIVATIONS.items() if not rule.joint)

# A failing test need not explain itself for minutes.
THOROUGH = settings(
    max_examples=70,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
QUICK = settings(THOROUGH, max_examples=30)


def thousandths(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers with three decimals: easy to read when a test fails."""
    return st.integers(round(low * 1000), round(high * 1000)).map(lambda n: n / 1000)


def row(length: int, low: float = -2, high: float = 2) -> st.SearchStrategy[list[float]]:
    """A list of ``length`` numbers."""
    return st.lists(thousandths(low, high), min_size=length, max_size=length)


def matrix(rows: int, columns: int) -> st.SearchStrategy[list[list[float]]]:
    """A list of ``rows`` lists of ``columns`` numbers."""
    return st.lists(row(columns), min_size=rows, max_size=rows)


def targets_of(length: int, loss: str) -> st.SearchStrategy[list[float]]:
    """Targets that a loss takes; for one that needs it, they sum to 1."""
    if LOSSES[loss].signs:
        return st.lists(st.sampled_from([-1.0, 1.0]), min_size=length, max_size=length)
    if not LOSSES[loss].unity:
        return row(length, 0.01, 0.99)
    picks = st.lists(st.integers(1, 9), min_size=length, max_size=length)
    return picks.map(lambda parts: [part / sum(parts) for part in parts])


@st.composite
def optimizers(draw: st.DrawFn) -> dict[str, Any]:
    """An optimizer with all its choices; mostly the plain one."""
    name = draw(st.sampled_from(["sgd", "sgd", *sorted(OPTIMIZERS)]))
    forms = MOMENTUM_FORMS[:2] if name == "nesterov" else MOMENTUM_FORMS
    corrects = draw(st.booleans())
    roots = EPSILON_FORMS if name in CORRECTING and corrects else EPSILON_FORMS[:2]
    data = {
        "name": name,
        "learning_rate": draw(thousandths(0.01, 1)),
        "momentum": draw(thousandths(0, 0.95)),
        "momentum_form": draw(st.sampled_from(forms)),
        "decay": draw(thousandths(0, 0.99)),
        "beta1": draw(thousandths(0, 0.95)),
        "beta2": draw(thousandths(0.5, 0.999)),
        "epsilon": draw(st.sampled_from([1e-8, 1e-3])),
        "epsilon_form": draw(st.sampled_from(roots)),
        "bias_correction": corrects,
        "weight_decay": draw(st.sampled_from([0.0, 0.0, 0.1])),
        "weight_decay_form": draw(st.sampled_from(WEIGHT_DECAY_FORMS)),
        "decay_biases": draw(st.booleans()),
        "dampening": draw(st.sampled_from([0.0, 0.0, 0.3])),
        "momentum_decay": draw(st.sampled_from([0.0, 0.004])),
        "centred": draw(st.booleans()),
        "schedule": draw(st.sampled_from(["constant", "constant", *SCHEDULES])),
        "schedule_factor": draw(thousandths(0.3, 1)),
        "schedule_steps": draw(st.integers(1, 5)),
        "schedule_floor": draw(thousandths(0, 0.1)),
        "clipping": draw(st.sampled_from(["none", "none", *CLIPPINGS])),
        "clip_limit": draw(thousandths(0.01, 1)),
    }
    if data["momentum_form"] != "accumulated":
        data["dampening"] = 0.0
    silent = {key for key in ("dampening", "centred", "momentum_decay") if not data[key]}
    used = {"name", *optimizer_fields(data)} - silent
    return {key: value for key, value in data.items() if key in used}


@st.composite
def spec_data(
    draw: st.DrawFn,
    *,
    bias_updates: tuple[str, ...] = BIAS_UPDATES,
    most_layers: int = 5,
    most_units: int = 5,
    most_samples: int = 5,
) -> dict[str, Any]:
    """A Spec in the API's JSON shape, without names."""
    units = st.integers(1, most_units)
    layers = draw(st.lists(units, min_size=2, max_size=most_layers))
    activations = [draw(st.sampled_from(ELEMENTWISE)) for _ in layers[1:]]
    loss = draw(st.sampled_from(sorted(LOSSES)))
    activations[-1] = LOSSES[loss].match or draw(st.sampled_from(sorted(ACTIVATIONS)))
    if activations[-1] == "softmax" and layers[-1] == 1:
        layers[-1] = 2
    bias_update = draw(st.sampled_from(bias_updates))
    count = draw(st.integers(1, most_samples))
    samples = [
        {"inputs": draw(row(layers[0])), "targets": draw(targets_of(layers[-1], loss))}
        for _ in range(count)
    ]
    return {
        "layers": layers,
        "activations": activations,
        "loss": loss,
        "optimizer": draw(optimizers()),
        "slope_at_zero": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "leaky_slope": draw(st.sampled_from([0.01, 0.2])),
        **({"huber_delta": draw(st.sampled_from([0.5, 1.0]))} if "huber" in loss else {}),
        **({"label_smoothing": 0.1} if loss in SMOOTHED and draw(st.booleans()) else {}),
        "bias_update": bias_update,
        "batch": {
            "size": draw(st.one_of(st.integers(1, count), st.just("full"))),
            "reduction": draw(st.sampled_from(REDUCTIONS)),
        },
        "samples": samples,
        "weights": [draw(matrix(rows, columns)) for columns, rows in pairwise(layers)],
        "biases": [
            [draw(thousandths(-2, 2))] * length if bias_update == "shared" else draw(row(length))
            for length in layers[1:]
        ],
    }


def specs(**limits: Any) -> st.SearchStrategy[Spec]:
    """A Spec; ``limits`` as for ``spec_data``."""
    return spec_data(**limits).map(spec_from_data)
