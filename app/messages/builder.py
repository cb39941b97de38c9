"""What the builder says: its choices in words, and what its buttons beside an error offer."""

from collections.abc import Mapping

from app.messages import ACTIVATIONS, LOSSES, OPTIMIZERS
from app.messages.data import DATASETS, INITIALIZATIONS, ROLES
from app.messages.marking import N_

BATCHES: Mapping[str, str] = {
    "one": N_("one sample a step"),
    "mini": N_("mini-batches"),
    "full": N_("all samples a step"),
}
DELIMITERS: Mapping[str, str] = {
    "comma": N_("comma"),
    "semicolon": N_("semicolon"),
    "tab": N_("tab"),
}
_YES_NO: Mapping[str, str] = {"yes": N_("yes"), "no": N_("no")}
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "dataset": DATASETS,
    "standardise": _YES_NO,
    "shuffle": {"yes": N_("shuffled by the seed"), "no": N_("as in the table")},
    "delimiter": DELIMITERS,
    "header": {"yes": N_("column names"), "no": N_("a sample")},
    "classes": {"yes": N_("classes"), "no": N_("values")},
    "role": ROLES,
    "hidden": {"0": N_("none"), **{str(n): str(n) for n in range(1, 9)}},
    "activation": ACTIVATIONS,
    "output_activation": ACTIVATIONS,
    "loss": LOSSES,
    "bias_update": {
        "per_neuron": N_("each unit learns its own"),
        "shared": N_("each layer learns one"),
        "none": N_("none (they stay at zero)"),
    },
    "scheme": INITIALIZATIONS,
    "batch": BATCHES,
    "reduction": {"sum": N_("sum over the batch"), "mean": N_("mean over the batch")},
    "optimizer": OPTIMIZERS,
    "momentum_form": {
        "classical": N_("classical: v ← μ v − η g"),
        "accumulated": N_("accumulated: v ← μ v + g"),
        "averaged": N_("averaged: v ← μ v + (1 − μ) g"),
    },
    "epsilon_form": {
        "outside": "√s + ε",
        "inside": "√(s + ε)",
        "uncorrected": N_("√s + ε, rate corrected (Keras)"),
    },
    "weight_decay_form": {
        "gradient": N_("L2: g ← g + λ w"),
        "decoupled": N_("decoupled: w ← w − η λ w"),
    },
    "bias_correction": _YES_NO,
    "decay_biases": _YES_NO,
}
"""The options of each choice, in the order of the page."""
SCHEMES: Mapping[str, str] = {"keep": N_("those it began with")}
SAMPLES_KEPT = N_("the present samples")
SAMPLES_OF = N_("the present samples ({name})")
AUTOMATIC = N_("{value} (auto)")
FOLLOWS = N_("as the data needs")

FIXES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "softmax_hidden": (("{field}=sigmoid", N_("Use sigmoid")),),
    "softmax_single": (
        ("output_activation=sigmoid&loss=", N_("Use sigmoid")),
        ("outputs=2&output_activation=softmax&loss=", N_("Use two outputs")),
    ),
    "sigmoid_loss": (
        ("output_activation=sigmoid", N_("Use sigmoid outputs")),
        ("loss=mean_squared_error", N_("Use mean squared error")),
    ),
    "softmax_loss": (
        ("output_activation=softmax&outputs=", N_("Use softmax outputs")),
        ("output_activation=sigmoid&loss=binary_cross_entropy", N_("Use binary cross-entropy")),
    ),
    "targets_unit": (("loss=mean_squared_error&output_activation=", N_("Use mean squared error")),),
    "targets_unity": (
        ("loss=mean_squared_error&output_activation=", N_("Use mean squared error")),
    ),
    "nesterov_averaged": (
        ("momentum_form=classical", N_("Use classical")),
        ("momentum_form=accumulated", N_("Use accumulated")),
    ),
    "nothing_corrected": (("epsilon_form=outside", N_("Use √s + ε")),),
    "batch_larger": (
        ("batch_size={maximum}", N_("Use {maximum}")),
        ("batch=full&batch_size=", N_("Use all samples")),
    ),
    "minimum": (("{field}={minimum}", N_("Use {minimum}")),),
    "maximum": (("{field}={maximum}", N_("Use {maximum}")),),
    "too_many_weights": (("{units}", N_("Use {layers}")),),
}
"""For each error what would do instead: fields with their new values, and the button's text."""
FIX_OPEN: Mapping[str, str] = {"": N_("Use {value}"), "hidden": N_("Hidden layers: {value}")}

BUILT: Mapping[str, str] = {
    "waiting": N_("Paste a table or choose a file; the network then follows your data."),
    "batch": N_("{batch} of {size}"),
    "ready": N_("Network {shape}, {weights} weights; ready to be created."),
    "table": N_("Rows read: {rows}, columns: {columns}. Network {shape}."),
    "wrong": N_("Not possible as it stands: {first}"),
}
