"""What the program says outside templates, marked for translation; here, the field's own names.

Sentences are ``str.format`` templates.
"""

from typing import Any

from app.messages.marking import N_, Texts

ACTIVATIONS: Texts = {
    "identity": N_("identity"),
    "sigmoid": N_("sigmoid"),
    "tanh": N_("tanh"),
    "relu": N_("ReLU"),
    "leaky_relu": N_("leaky ReLU"),
    "softplus": N_("softplus"),
    "gelu": N_("GELU"),
    "bipolar_sigmoid": N_("bipolar sigmoid"),
    "scaled_tanh": N_("scaled tanh (LeCun)"),
    "elu": N_("ELU"),
    "selu": N_("SELU"),
    "silu": N_("SiLU"),
    "mish": N_("Mish"),
    "hard_sigmoid": N_("hard sigmoid"),
    "step": N_("step"),
    "softmax": N_("softmax"),
}

# In the diagram there is room for a short word.
ACTIVATION_TAGS: Texts = {
    "leaky_relu": N_("leaky"),
    "softplus": N_("s.plus"),
    "bipolar_sigmoid": N_("bip.σ"),
    "scaled_tanh": N_("s.tanh"),
    "hard_sigmoid": N_("hard σ"),
}

LOSSES: Texts = {
    "half_squared_error": N_("half the squared error"),
    "squared_error": N_("squared error"),
    "mean_squared_error": N_("mean squared error"),
    "half_mean_squared_error": N_("half the mean squared error"),
    "mean_absolute_error": N_("mean absolute error"),
    "absolute_error": N_("absolute error"),
    "binary_cross_entropy": N_("binary cross-entropy"),
    "mean_binary_cross_entropy": N_("mean binary cross-entropy"),
    "softmax_cross_entropy": N_("softmax cross-entropy"),
    "huber": N_("Huber"),
    "mean_huber": N_("mean Huber"),
    "hinge": N_("hinge"),
    "squared_hinge": N_("squared hinge"),
    "logistic": N_("logistic (targets ±1)"),
    "perceptron": N_("perceptron"),
}

OPTIMIZERS: Texts = {
    "sgd": N_("gradient descent"),
    "momentum": N_("momentum"),
    "nesterov": N_("Nesterov’s momentum"),
    "rmsprop": N_("RMSProp"),
    "rmsprop_momentum": N_("RMSProp with momentum"),
    "adagrad": N_("Adagrad"),
    "adam": N_("Adam"),
    "amsgrad": N_("AMSGrad"),
    "adamax": N_("Adamax"),
    "nadam": N_("NAdam"),
}

# What optimizers remember.
MEMORY: Texts = {
    "velocity": N_("velocity"),
    "mean": N_("mean"),
    "square": N_("mean square"),
    "total": N_("sum of squares"),
    "largest": N_("largest"),
    "momenta": N_("product of momenta"),
}

# {a} is what the reader calls an activation, {y} a target; the sum runs over the outputs.
LOSS_FORMULAS: Texts = {
    "half_squared_error": "½ Σ ({a} − {y})²",
    "squared_error": "Σ ({a} − {y})²",
    "mean_squared_error": "1/n Σ ({a} − {y})²",
    "half_mean_squared_error": "1/(2n) Σ ({a} − {y})²",
    "mean_absolute_error": "1/n Σ |{a} − {y}|",
    "absolute_error": "Σ |{a} − {y}|",
    "binary_cross_entropy": "−Σ ({y} ln {a} + (1 − {y}) ln (1 − {a}))",
    "mean_binary_cross_entropy": "−1/n Σ ({y} ln {a} + (1 − {y}) ln (1 − {a}))",
    "softmax_cross_entropy": "−Σ {y} ln {a}",
    "huber": "Σ H({a} − {y})",
    "mean_huber": "1/n Σ H({a} − {y})",
    "hinge": "Σ max(0, 1 − {y} {a})",
    "squared_hinge": "Σ max(0, 1 − {y} {a})²",
    "logistic": "Σ ln (1 + e^(−{y} {a}))",
    "perceptron": "Σ ({a} − {y}) net",
}

# Where a step has several samples, E is more than that.
LOSS_OF_BATCH: Texts = {
    "mean": N_("{formula}, averaged over the samples of a step"),
    "sum": N_("{formula}, summed over the samples of a step"),
}

BIAS_UPDATES: Texts = {
    "none": N_("biases fixed"),
    "per_neuron": N_("biases trained"),
    "shared": N_("one trained bias per layer"),
}

HIDDEN_DELTAS = {
    "exact": N_("hidden δ use the weights of the forward pass (correct)"),
    "updated": N_("hidden δ use already-updated weights (a common mistake)"),
}

# What stands in the headline: only what is out of the ordinary.
HIDDEN_DELTAS_NAMED: Texts = HIDDEN_DELTAS | {"exact": ""}

CONVENTIONS_SAID = N_("Conventions: the rules this calculation follows.")

CURVE_VALUE = N_("Step {step}: {loss}")
CURVE_MEAN = N_("Step {step}: mean {loss}")
NOT_YET_COMPUTED = N_("not yet computed")
# By whose error a step has: of all samples, of a batch or of one sample.
CURVES: Texts = {
    "": N_("Line chart of {loss}, steps {first} to {steps}; highest value {top}"),
    "batch": N_(
        "Line chart of the mean {loss} over all training samples, steps {first} to {steps}; "
        "highest value {top}. The points are the errors of single batches."
    ),
    "one": N_(
        "Line chart of the mean {loss} over all training samples, steps {first} to {steps}; "
        "highest value {top}. The points are the errors of single samples."
    ),
}
CURVE_KEYS: Texts = {
    "": "",
    "batch": N_("line: mean of all training samples; points: batches"),
    "one": N_("line: mean of all training samples; points: one each"),
}

THEMES: Texts = {"auto": N_("Match system"), "light": N_("Light"), "dark": N_("Dark")}
SPEEDS: Texts = {
    "off": N_("Off"),
    "slow": N_("Slow"),
    "normal": N_("Normal"),
    "fast": N_("Fast"),
}

# What the Share dialog calls ready-made embeds.
PRESET_NAMES: Texts = {
    "figure": N_("Figure"), "stepper": N_("Stepper"), "lab": N_("Lab"), "own": N_("Own choice"),
}  # fmt: skip
TAB_NAMES: Texts = {
    "explain": N_("Explain"), "numbers": N_("Numbers"), "charts": N_("Charts"), "data": N_("Data"),
}  # fmt: skip

# What the Share dialog calls the controls of a frame.
CONTROL_NAMES: Texts = {
    "step": N_("Backprop step"),
    "take-back": N_("Take back"),
    "redo": N_("Redo"),
    "reset": N_("Reset"),
    "forward": N_("Forward pass"),
    "rate": N_("Learning rate"),
    "run": N_("Run"),
    "phases": N_("Phases"),
    "samples": N_("Choose a sample"),
    "panel": N_("Explanations"),
    "numbers": N_("All numbers"),
    "edit": N_("Edit values and conventions"),
    "curve": N_("Error by step"),
}

# What a screen reader says of a part of the diagram; pieces are joined by commas.
PARTS: Texts = {
    "weight": N_("{name} from {source} to {target}"),
    "bias": N_("bias {name}"),
    "shared_bias": N_("bias {name} into {target}, one for the whole layer"),
    "gradient": N_("gradient {value}"),
    "new": N_("new value {value}"),
    "frozen": N_("fixed"),
    "input": N_("{name}, input"),
    "input_column": N_("{name}, input {activation}"),
    "target_column": N_("target {name}, {activation}"),
    "unit": N_("{name}, {activation}"),
    "delta_of": N_("delta of {name}"),
    "target": N_("target {name}"),
    "error": N_("{activation} minus target"),
    "share": N_("{name}’s part of the error"),
    "share_of_sample": N_("{name}’s part of this sample’s error"),
}


def activation(name: str) -> str:
    """What an activation is called."""
    return ACTIVATIONS[name]


def activation_tag(name: str) -> str:
    """What an activation is called within a unit of the diagram."""
    return ACTIVATION_TAGS.get(name) or ACTIVATIONS[name]


def part(code: str, **values: Any) -> str:
    """A piece of what is said of a part of the diagram."""
    return PARTS[code].format(**values)
