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
        "literals": N_("The choice for cells such as 01234"),
        "total": N_("The last line"),
        "transposed": N_("Each sample"),
        "dates": N_("The order of dates"),
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
        **{f"units.{row}": N_("The number of units") for row in range(1, 9)},
        **{f"activation.{row}": N_("The activation") for row in range(1, 9)},
    }.items()
}

_IGNORE = ("role.{index}=ignore&roles_of={mark}", N_("Ignore column {column}"))
_OMIT = ("omit={omit}", N_("Leave out line {lines}"))
_NO_VALUE = ("missing={missing}", N_("{marks}: no value"))
_WORDS = ("literals=words", N_("They are words"))
_TURN = ("transposed=yes", N_("Each column is a sample"))
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
    "dampening_form": (
        ("momentum_form=accumulated", N_("Use accumulated")),
        ("dampening=0", N_("Use 0")),
    ),
    "unknown_parameter": (("frozen=", N_("Freeze none")),),
    "smoothing_loss": (("label_smoothing=0", N_("Use 0")),),
    "step_loss": (
        ("output_activation=step", N_("Use step outputs")),
        ("loss=mean_squared_error", N_("Use mean squared error")),
    ),
    "targets_signs": (
        ("loss=mean_squared_error&output_activation=", N_("Use mean squared error")),
    ),
    "nothing_corrected": (("epsilon_form=outside", N_("Use √s + ε")),),
    "batch_larger": (
        ("batch_size={maximum}", N_("Use {maximum}")),
        ("batch=full&batch_size=", N_("Use all samples")),
    ),
    "minimum": (("{field}={minimum}", N_("Use {minimum}")),),
    "maximum": (("{field}={maximum}", N_("Use {maximum}")),),
    "too_many_weights": (("{units}", N_("Use {layers}")),),
    "open_list": (
        ("{point_field}", "{point}"),
        ("{apart_field}", "{apart}"),
    ),
    "open_matrix": (
        ("{point_field}", N_("Each row is a unit")),
        ("{apart_field}", N_("Each column is a unit")),
    ),
    "open_indices": (
        ("{point_field}", N_("{label} leads from {first} to {second}")),
        ("{apart_field}", N_("{label} leads into {first} from {second}")),
    ),
    "csv_open_header": (
        ("header=yes", N_("Line {line} names the columns")),
        ("header=no", N_("Line {line} is data")),
    ),
    "csv_open_decimal": (
        ("decimal=.", N_("{cell} is {point}")),
        ("decimal=,", N_("{cell} is {comma}")),
    ),
    "csv_mixed_decimal": (
        ("decimal=each", N_("{cell} is {value}, {other} is {other_value}")),
        _IGNORE,
    ),
    "csv_open_literal": (
        ("literals=numbers", N_("{cell} is {value}")),
        ("literals=words", N_("{cell} is a word")),
    ),
    "csv_open_time": (
        ("literals=numbers", N_("{cell} is a time")),
        ("literals=words", N_("{cell} is a word")),
    ),
    "csv_open_nines": (("literals=numbers", N_("{marks}: a number")), _NO_VALUE),
    "csv_words_or_numbers": (_IGNORE, _WORDS),
    "csv_open_spelling": (
        ("merge=yes", N_("One word")),
        ("merge=no", N_("Different words")),
    ),
    "csv_open_total": (
        ("total=yes", N_("Leave out line {line}")),
        ("total=no", N_("Line {line} is data")),
    ),
    "csv_open_subtotals": (
        _OMIT,
        ("total=no", N_("Keep line {lines} as data")),
    ),
    "csv_open_turn": (("transposed=no", N_("Each row is a sample")), _TURN),
    "csv_columns": (_TURN,),
    "csv_open_date": (
        ("dates=month", N_("{cell} is {month}")),
        ("dates=day", N_("{cell} is {day}")),
        ("dates=year", N_("{cell} is {year}")),
    ),
    "csv_open_blanks": (
        ("delimiter=grouped", N_("{cell} is one number")),
        ("delimiter=blank", N_("Each blank separates columns")),
    ),
    "csv_open_rows": (
        ("delimiter=semicolon", N_("{cell} is one number")),
        ("delimiter=comma", N_("{cell} is a row")),
    ),
    "csv_missing": (
        ("gaps=omit", N_("Leave out rows with gaps: {rows}")),
        ("gaps=mean", N_("Fill gaps with the mean")),
        ("gaps=frequent", N_("Fill gaps with the most frequent value")),
    ),
    "csv_ragged": (_OMIT,),
    "csv_attributes": (_OMIT,),
    "csv_label": (_OMIT,),
    "csv_left_out": (_OMIT,),
    "csv_columns_left_out": (("role.{index}=ignore&roles_of={mark}", N_("Go on without them")),),
    "csv_scaled": (_OMIT,),
    "csv_quote": (_OMIT,),
    "csv_number": (
        ("decimal=each", N_("Read each cell by its own decimal sign")),
        _WORDS,
        _IGNORE,
        _OMIT,
        _NO_VALUE,
    ),
    "csv_percent": (_IGNORE, _OMIT),
    "csv_unit": (_IGNORE, _OMIT),
    "csv_date": (_WORDS, _IGNORE, _OMIT),
    "csv_time": (
        ("literals=minutes", N_("{cell} is {minutes} minutes")),
        ("literals=hours", N_("{cell} is {hours} hours")),
        _WORDS,
        _IGNORE,
        _OMIT,
    ),
    "csv_range": (
        ("standardise=yes", N_("Standardise")),
        _NO_VALUE,
        _IGNORE,
        _OMIT,
    ),
    "csv_inputs": (_IGNORE,),
    "csv_words": (_IGNORE,),
    "csv_classes": (_IGNORE,),
    "csv_whole": (("classes=no", N_("The target is a number")),),
}
"""For each error what would do instead: fields with their new values, and the button's text."""
FIX_OPEN: Texts = {
    "": N_("Use {value}"),
    "nothing": N_("Leave it empty"),
    "hidden": N_("Hidden layers: {value}"),
}

BUILT: Texts = {
    "waiting": N_("Paste a table or choose a file to start."),
    "ready": N_("Network {shape} with {weights} weights, ready to create."),
    "table": N_("Read {rows} rows and {columns} columns. Network {shape}."),
    "table_one": N_("Read one row and {columns} columns. Network {shape}."),
    "wrong": N_("Please fix: {first}"),
}
