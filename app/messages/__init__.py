"""What the program says outside templates, in one place, marked for translation.

Every error has a title and a sentence that names the field and what is allowed. Sentences are
``str.format`` templates.
"""

from collections.abc import Mapping
from typing import Any

from app.messages.labels import FIELD_LABELS
from app.messages.marking import N_
from app.messages.problems import INVALID_TITLE, PROBLEMS, WHOLE_REQUEST

ACTIVATIONS: Mapping[str, str] = {
    "identity": N_("identity"),
    "sigmoid": N_("sigmoid"),
    "tanh": N_("tanh"),
    "relu": N_("ReLU"),
    "leaky_relu": N_("leaky ReLU"),
    "softplus": N_("softplus"),
    "gelu": N_("GELU"),
    "softmax": N_("softmax"),
}

# In the picture there is room for a short word.
ACTIVATION_TAGS: Mapping[str, str] = {"leaky_relu": N_("leaky"), "softplus": N_("s.plus")}

LOSSES: Mapping[str, str] = {
    "half_squared_error": N_("half the squared error"),
    "squared_error": N_("squared error"),
    "mean_squared_error": N_("mean squared error"),
    "half_mean_squared_error": N_("half the mean squared error"),
    "mean_absolute_error": N_("mean absolute error"),
    "absolute_error": N_("absolute error"),
    "binary_cross_entropy": N_("binary cross-entropy"),
    "mean_binary_cross_entropy": N_("mean binary cross-entropy"),
    "softmax_cross_entropy": N_("softmax cross-entropy"),
}

OPTIMIZERS: Mapping[str, str] = {
    "sgd": N_("gradient descent"),
    "momentum": N_("momentum"),
    "nesterov": N_("Nesterov's momentum"),
    "rmsprop": N_("RMSProp"),
    "adam": N_("Adam"),
}

# What optimizers remember.
MEMORY: Mapping[str, str] = {
    "velocity": N_("velocity"),
    "mean": N_("mean"),
    "square": N_("mean square"),
}

# {a} is what the reader calls an activation, {y} a target; the sum runs over the outputs.
LOSS_FORMULAS: Mapping[str, str] = {
    "half_squared_error": "½ Σ ({a} − {y})²",
    "squared_error": "Σ ({a} − {y})²",
    "mean_squared_error": "1/n Σ ({a} − {y})²",
    "half_mean_squared_error": "1/(2n) Σ ({a} − {y})²",
    "mean_absolute_error": "1/n Σ |{a} − {y}|",
    "absolute_error": "Σ |{a} − {y}|",
    "binary_cross_entropy": "−Σ ({y} ln {a} + (1 − {y}) ln (1 − {a}))",
    "mean_binary_cross_entropy": "−1/n Σ ({y} ln {a} + (1 − {y}) ln (1 − {a}))",
    "softmax_cross_entropy": "−Σ {y} ln {a}",
}

BIAS_UPDATES: Mapping[str, str] = {
    "none": N_("biases fixed"),
    "per_neuron": N_("biases learn"),
    "shared": N_("biases learn, one per layer"),
}

HIDDEN_DELTAS: dict[str, str] = {
    "exact": N_("hidden deltas from the weights of the forward pass"),
    "updated": N_("hidden deltas from weights already updated (a slip)"),
}

# What stands in the headline: only what is out of the ordinary.
HIDDEN_DELTAS_NAMED: Mapping[str, str] = HIDDEN_DELTAS | {"exact": ""}

CONVENTIONS: Mapping[str, str] = {
    "loss": N_("The error"),
    "bias_update": N_("Biases"),
    "hidden_deltas": N_("Hidden deltas"),
}

CONVENTIONS_SAID = N_("The conventions are open: the rules that this calculation follows.")

COMPARED: Mapping[str, str] = {
    "left": N_(
        "{left} at step {left_step} has the smaller error: {left_loss} against {right_loss} "
        "of {right} at step {right_step}."
    ),
    "right": N_(
        "{right} at step {right_step} has the smaller error: {right_loss} against {left_loss} "
        "of {left} at step {left_step}."
    ),
    "same": N_("Both have the same error: {left_loss}."),
}
CURVE_VALUE = N_("step {step}: error {loss}")
BRANCH_ROOT = N_("from the beginning, η {rate}")
BRANCH_LATER = N_("from step {step}, where the link begins, η {rate}")
BRANCH_FROM = N_("left {parent} at step {step}: {what}")
CHANGED_INPUTS, CHANGED_TARGETS = N_("other inputs"), N_("other targets")
UNCHANGED = N_("nothing changed")
MORE_CHANGES = N_("{count} more")

THEMES: Mapping[str, str] = {
    "auto": N_("like the system"),
    "light": N_("light"),
    "dark": N_("dark"),
}

# What a screen reader says after an action, and what stands above the picture.
SAID: Mapping[str, str] = {
    "start": N_("Step 0: nothing computed yet. Forward shows what the network answers."),
    "forward": N_("Forward pass at step {step}: the error is {loss}."),
    "fell": N_("Step {step}: the error fell from {before} to {after}."),
    "rose": N_("Step {step}: the error rose from {before} to {after}."),
    "same": N_("Step {step}: the error stayed at {after}."),
    "taken_back": N_("Taken back to step {step}: the error is {loss}."),
    "reset": N_("Reset to step {step}: nothing computed yet; the learning rate is {rate}."),
    "walk_start": N_("Step {step}: nothing computed yet."),
    "redone": N_("Step {step} again: the error is {loss}."),
    "edited": N_("Changed. With these values the error is {loss}."),
    "edited_start": N_("Changed. Nothing is computed with these values yet."),
    "branch": N_("Branch {branch} at step {step}: the error is {loss}."),
    "converted": N_("Step {step} with the new rule: the error goes from {before} to {after}."),
    "rules": N_("The new rule holds from step {step} on."),
    "learning_rate": N_("The learning rate is now {rate}; the next step uses it."),
}

# An error where each step sees another batch.
NEXT_BATCH = N_("{error} (of the batch that comes next)")
OVER_ALL = N_(" Over all {samples} samples the mean error is {loss}.")
OVER_ALL_CLASSES = N_(" Over all {samples} samples the mean error is {loss}; {right} are right.")

# Beside two gradients that differ by rounding alone.
TOO_SMALL = N_("rounding")

# What is said when something else of the same moment is shown.
SHOWING: Mapping[str, str] = {
    "fields": N_("The values in the tables can be changed now."),
    "no_fields": N_("The tables show values again."),
    "digits": N_("Tables and derivations show {digits} digits."),
    "check_good": N_("Gradient check: all agree, the largest relative difference is {largest}."),
    "check_bad": N_("Gradient check: they differ by up to {largest}, relative to their size."),
    "check_early": N_("Gradient check: not computed yet, it needs the gradients of every layer."),
    "no_check": N_("The gradient check is closed."),
}

# What a phase is called: of a hidden layer among several, of the only one, of the outputs.
PHASES: Mapping[str, tuple[str, str, str]] = {
    "pre_activation": (
        N_("{pre} of hidden layer {layer}"), N_("{pre} of the hidden layer"),
        N_("{pre} of the outputs"),
    ),
    "activation": (
        N_("{act} of hidden layer {layer}"), N_("{act} of the hidden layer"),
        N_("{act} of the outputs"),
    ),
    "error": (N_("the error"), N_("the error"), N_("the error")),
    "delta": (
        N_("δ of hidden layer {layer}"), N_("δ of the hidden layer"), N_("δ of the outputs"),
    ),
    "gradient": (
        N_("gradients into hidden layer {layer}"), N_("gradients into the hidden layer"),
        N_("gradients into the outputs"),
    ),
    "moments": (
        N_("memory of hidden layer {layer}"), N_("memory of the hidden layer"),
        N_("memory of the outputs"),
    ),
    "update": (
        N_("update into hidden layer {layer}"), N_("update into the hidden layer"),
        N_("update into the outputs"),
    ),
}  # fmt: skip
PHASES_SHORT: Mapping[str, str] = {
    "pre_activation": N_("{pre} {layer}"),
    "activation": N_("{act} {layer}"),
    "error": "{loss}",
    "delta": "δ {layer}",
    "gradient": "∂w {layer}",
    "moments": "m⁺ {layer}",
    "update": "w⁺ {layer}",
}
# Phases of all layers at once: short, and in full.
WHOLE_PHASES: Mapping[str, tuple[str, str]] = {
    "moments": (N_("memory"), N_("the optimizer's memory")),
    "update": (N_("update"), N_("the update")),
}
LAYERS_SHORT: tuple[str, str, str] = (N_("L{layer}"), N_("h"), N_("o"))

# What a phase has computed, as one sentence.
PHASE_SAID: Mapping[str, str] = {
    "pre_activation": N_("{what}: weights times what comes in, plus the bias: {values}."),
    "activation": N_("{what}: the activation function at {pre}: {values}."),
    "error": N_("The error is {loss}; each output's share: {values}."),
    "delta": N_("{what}: how much the error changes with {pre}: {values}."),
    "gradient": N_("{what}: δ times what came in along each weight."),
    "moments": N_("{what}: what it keeps of earlier gradients, with the new ones."),
    "update": N_("{what}: each weight minus η times its gradient."),
    "update_remembering": N_("{what}: each weight moved as the optimizer's memory says."),
}

# What a screen reader says of a part of the picture; pieces are joined by commas.
PARTS: Mapping[str, str] = {
    "weight": N_("{name} from {source} to {target}"),
    "bias": N_("bias {name}"),
    "gradient": N_("gradient {value}"),
    "new": N_("new value {value}"),
    "frozen": N_("fixed"),
    "input": N_("{name}, input"),
    "unit": N_("{name}, {activation}"),
    "delta_of": N_("delta of {name}"),
    "target": N_("target {name}"),
    "error": N_("{activation} minus target"),
    "share": N_("share of the error from {name}"),
}


def problem_title(code: str) -> str:
    """The short heading of a problem."""
    return PROBLEMS[code][0] or INVALID_TITLE


def problem_detail(code: str, pointer: str | None, values: Mapping[str, Any]) -> str:
    """The sentence of a problem: the field, and what is allowed."""
    if not pointer:
        field = WHOLE_REQUEST
    elif pointer in FIELD_LABELS:
        field = FIELD_LABELS[pointer]
    else:
        field = pointer.removeprefix("/values").lstrip("/")
    if values.get("activation") in ACTIVATIONS:
        values = {**values, "activation": ACTIVATIONS[values["activation"]]}
    return PROBLEMS[code][1].format(field=field, **values)


def error_text(error: str, batches: int) -> str:
    """An error where a network stands: with several batches it is the next one's."""
    return NEXT_BATCH.format(error=error) if batches > 1 else error


def over_all(loss: str, samples: int, right: int | None) -> str:
    """How all samples fare, to stand behind a sentence about one batch."""
    text = OVER_ALL if right is None else OVER_ALL_CLASSES
    return text.format(loss=loss, samples=samples, right=right)


def said(code: str, **values: Any) -> str:
    """One sentence about what just happened."""
    return SAID[code].format(**values)


def activation(name: str) -> str:
    """What an activation is called."""
    return ACTIVATIONS[name]


def activation_tag(name: str) -> str:
    """What an activation is called within a unit of the picture."""
    return ACTIVATION_TAGS.get(name) or ACTIVATIONS[name]


def part(code: str, **values: Any) -> str:
    """A piece of what is said of a part of the picture."""
    return PARTS[code].format(**values)
