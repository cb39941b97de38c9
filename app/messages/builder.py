"""The builder's words: its options, its fields in errors, and the buttons beside these."""

from app.messages import ACTIVATIONS, LOSSES, OPTIMIZERS
from app.messages.conventions import CLIPPINGS, SCHEDULES, SETTINGS
from app.messages.data import DATASETS, DELIMITERS, ENCODINGS, INITIALIZATIONS, ROLES
from app.messages.marking import N_, Texts

BATCHES: Texts = {
    "one": N_("One"),
    "mini": N_("Mini-batch"),
    "full": N_("All"),
}
RULES_OF_BATCHES: Texts = {
    "one": N_("one sample per step"),
    "mini": N_("mini-batches of {size}"),
    "full": N_("all samples per step"),
}
_YES_NO: Texts = {"yes": N_("Yes"), "no": N_("No")}
OPTIONS: dict[str, Texts] = {
    "dataset": DATASETS,
    "standardise": _YES_NO,
    "shuffle": {"yes": N_("Shuffled"), "no": N_("As in the table")},
    "delimiter": DELIMITERS,
    "encoding": ENCODINGS,
    "header": {"yes": N_("Column names"), "no": N_("Data")},
    "classes": {"yes": N_("A class"), "no": N_("A number")},
    "decimal": {".": N_("Point (0.5)"), ",": N_("Comma (0,5)"), "each": N_("Each by its own")},
    "literals": {
        "numbers": N_("Numbers"),
        "words": N_("Words"),
        "minutes": N_("Minutes and seconds"),
        "hours": N_("Hours and minutes"),
        "dates": N_("Dates"),
        "leading": N_("The number in front"),
        "scaled": N_("k is a thousand, M a million, B a thousand million"),
    },
    "total": {"yes": N_("Left out"), "no": N_("Data")},
    "transposed": {"no": N_("A row"), "yes": N_("A column")},
    "dates": {
        "month": N_("Month first"),
        "day": N_("Day first"),
        "year": N_("Year first"),
    },
    "gaps": {
        "omit": N_("Leave these rows out"),
        "mean": N_("Fill with the mean"),
        "frequent": N_("Fill with the most frequent"),
    },
    "merge": {"yes": N_("One word"), "no": N_("Different words")},
    "role": ROLES,
    "hidden": {str(n): str(n) for n in range(9)},
    "activation": ACTIVATIONS,
    "output_activation": ACTIVATIONS,
    "loss": LOSSES,
    "bias_update": {
        "per_neuron": N_("One per unit"),
        "shared": N_("One per layer"),
        "none": N_("None"),
    },
    "scheme": INITIALIZATIONS,
    "batch": BATCHES,
    "reduction": {"sum": N_("Sum"), "mean": N_("Mean")},
    "optimizer": OPTIMIZERS,
    "momentum_form": {
        "classical": N_("Classical: v ← μ v − η g"),
        "accumulated": N_("Accumulated: v ← μ v + g"),
        "averaged": N_("Averaged: v ← μ v + (1 − μ) g"),
    },
    "epsilon_form": {
        "outside": "√s + ε",
        "inside": "√(s + ε)",
        "uncorrected": N_("√s + ε, rate corrected (Keras)"),
    },
    "weight_decay_form": {
        "gradient": N_("L2: g ← g + λ w"),
        "decoupled": N_("Decoupled: w ← w − η λ w"),
        "loss": N_("In the error: E + ½ λ Σ w²"),
    },
    "schedule": SCHEDULES,
    "clipping": CLIPPINGS,
    "centred": _YES_NO,
    "bias_correction": _YES_NO,
    "decay_biases": _YES_NO,
}
"""The options of each choice, in the order of the page."""
FIXED = N_("Fixed, never trained")
SCHEMES: Texts = {"keep": N_("Same as now")}
SAMPLES_KEPT = N_("Current samples")
SAMPLES_OF = N_("Current samples ({name})")
AUTOMATIC = N_("Automatic: {value}")
FOLLOWS = N_("Automatic")

# The builder's fields; their pointers begin with /new, so that no other form's are meant.
FORM_LABELS: Texts = {
    f"/new/{name}": label
    for name, label in {
        "dataset": N_("The data set"),
        "noise": N_("The noise"),
        "size": N_("The number of samples"),
        "seed": N_("The seed of the data"),
        "test_share": N_("The test share"),
        "table": N_("The table"),
        "header": N_("The first line"),
        "standardise": N_("Standardise"),
        "shuffle": N_("The sample order"),
        "delimiter": N_("The separator"),
        "classes": N_("The target type"),
        "decimal": N_("The decimal sign"),
        "encoding": N_("The encoding"),
        "literals": N_("The table’s cells"),
        "total": N_("The last line"),
        "transposed": N_("Each sample"),
        "dates": N_("The order of dates"),
        "pivot": N_("The last year of two figures"),
        "commas": N_("The columns with decimal commas"),
        "omit": N_("The lines left out"),
        "missing": N_("The cells without a value"),
        "gaps": N_("The choice for gaps"),
        "merge": N_("The choice for spellings"),
        "layers": N_("The layers"),
        "hidden": N_("The hidden layers"),
        "all": N_("The network"),
        "decay_biases": N_("Bias decay"),
        "outputs": N_("The number of outputs"),
        "output_activation": N_("The output activation"),
        "loss": N_("The loss"),
        "optimizer": N_("The optimizer"),
        "learning_rate": N_("The learning rate"),
        "momentum": N_("The momentum"),
        "momentum_form": N_("The momentum’s form"),
        "decay": N_("The decay of the mean square"),
        "beta1": "β₁",
        "beta2": "β₂",
        "epsilon": "ε",
        "epsilon_form": N_("The position of ε"),
        "bias_correction": N_("The bias correction"),
        "weight_decay": N_("The weight decay"),
        "weight_decay_form": N_("The form of weight decay"),
        **SETTINGS,
        "scheme": N_("The initial weights"),
        "init_scale": N_("The scale"),
        "init_seed": N_("The seed of the weights"),
        "bias_update": N_("The biases"),
        "batch": N_("The samples per step"),
        "batch_size": N_("The batch size"),
        "reduction": N_("The reduction"),
        "slope_at_zero": N_("The slope at zero"),
        "leaky_slope": N_("The leaky slope"),
        **{f"role.{column}": N_("A column’s role") for column in range(1, 65)},
        **{f"literals.{column}": N_("A column’s cells") for column in range(1, 65)},
        **{f"units.{row}": N_("The number of units") for row in range(1, 9)},
        **{f"activation.{row}": N_("The activation") for row in range(1, 9)},
    }.items()
}

BUILT: Texts = {
    "waiting": N_("Paste a table or choose a file to start."),
    "ready": N_("Network {shape} with {weights} weights, ready to create."),
    "table": N_("Read {rows} rows and {columns} columns. Network {shape}."),
    "table_one": N_("Read one row and {columns} columns. Network {shape}."),
    "wrong": N_("Please fix: {first}"),
}
