"""The builder's words: its options, its fields in errors, and the buttons beside these."""

from app.messages import ACTIVATIONS, LOSSES, OPTIMIZERS
from app.messages.data import DATASETS, INITIALIZATIONS, ROLES
from app.messages.marking import N_, Texts

BATCHES: Texts = {
    "one": N_("one sample a step"),
    "mini": N_("mini-batches"),
    "full": N_("all samples a step"),
}
DELIMITERS: Texts = {"comma": N_("comma"), "semicolon": N_("semicolon"), "tab": N_("tab")}
_YES_NO: Texts = {"yes": N_("yes"), "no": N_("no")}
OPTIONS: dict[str, Texts] = {
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
SCHEMES: Texts = {"keep": N_("those it began with")}
SAMPLES_KEPT = N_("the present samples")
SAMPLES_OF = N_("the present samples ({name})")
AUTOMATIC = N_("{value} (auto)")
FOLLOWS = N_("as the data needs")

# The builder's fields; their pointers begin with /new, so that no other form's are meant.
FORM_LABELS: Texts = {
    f"/new/{name}": label
    for name, label in {
        "dataset": N_("The data set"),
        "noise": N_("The noise"),
        "size": N_("The number of samples"),
        "seed": N_("The data's seed"),
        "test_share": N_("The share of test samples"),
        "table": N_("The table"),
        "header": N_("The first line"),
        "standardise": N_("Standardising"),
        "shuffle": N_("The order of the samples"),
        "delimiter": N_("What separates columns"),
        "classes": N_("The target's kind"),
        "hidden": N_("The hidden layers"),
        "all": N_("The network"),
        "decay_biases": N_("The decay of biases"),
        "outputs": N_("The number of outputs"),
        "output_activation": N_("The outputs' activation"),
        "loss": N_("The loss"),
        "optimizer": N_("The optimizer"),
        "learning_rate": N_("The learning rate"),
        "momentum": N_("The momentum"),
        "momentum_form": N_("The momentum's form"),
        "decay": N_("The decay of the mean square"),
        "beta1": "β₁",
        "beta2": "β₂",
        "epsilon": "ε",
        "epsilon_form": N_("The place of ε"),
        "bias_correction": N_("The bias correction"),
        "weight_decay": N_("The weight decay"),
        "weight_decay_form": N_("The form of weight decay"),
        "scheme": N_("The initialisation"),
        "init_scale": N_("The scale"),
        "init_seed": N_("The weights' seed"),
        "bias_update": N_("The rule for biases"),
        "batch": N_("The batch"),
        "batch_size": N_("The batch size"),
        "reduction": N_("The reduction"),
        "slope_at_zero": N_("The slope at zero"),
        "leaky_slope": N_("The leaky slope"),
        **{f"role.{column}": N_("A column's role") for column in range(1, 65)},
        **{f"units.{row}": N_("The number of units") for row in range(1, 9)},
        **{f"activation.{row}": N_("The activation") for row in range(1, 9)},
    }.items()
}

FIXES: dict[str, tuple[tuple[str, str], ...]] = {
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
FIX_OPEN: Texts = {"": N_("Use {value}"), "hidden": N_("Hidden layers: {value}")}

BUILT: Texts = {
    "waiting": N_("Paste a table or choose a file; the network then follows your data."),
    "batch": N_("{batch} of {size}"),
    "ready": N_("Network {shape}, {weights} weights; ready to be created."),
    "table": N_("Rows read: {rows}, columns: {columns}. Network {shape}."),
    "wrong": N_("Not possible as it stands: {first}"),
}
