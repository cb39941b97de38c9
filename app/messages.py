"""What the program says outside templates, in one place, marked for translation.

Every error has a title and a sentence that names the field and what is allowed. Sentences are
``str.format`` templates; ``translate`` is gettext, or nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark ``text`` for extraction; it is translated where it is used."""
    return text


# code: (title, sentence)
PROBLEMS: Mapping[str, tuple[str, str]] = {
    "internal": (
        N_("Something went wrong"),
        N_("The server made a mistake. Nothing was changed; please try again."),
    ),
    "not_found": (N_("Not found"), N_("There is nothing at this address.")),
    "network_not_found": (
        N_("No such network"),
        N_(
            "No network has this address. Networks that nobody used for a while expire; "
            "start again from an example."
        ),
    ),
    "example_not_found": (
        N_("No such example"),
        N_("No worked example has this name. Known ones: {allowed}."),
    ),
    "method_not_allowed": (
        N_("Method not allowed"),
        N_("This address does not answer that method."),
    ),
    "malformed": (N_("Not readable"), N_("The request's body is not valid JSON.")),
    "not_an_object": (N_("Not readable"), N_("The request's body must be a JSON object.")),
    "body_too_large": (
        N_("Too large"),
        N_("The request's body is larger than {limit} bytes, which is the limit."),
    ),
    "unsupported_encoding": (
        N_("Not understood"),
        N_("Compressed request bodies are not accepted; send it plain."),
    ),
    "unsupported_type": (
        N_("Not understood"),
        N_("Send the body as application/json."),
    ),
    "unsupported_form": (
        N_("Not understood"),
        N_("Send the fields as a form does: application/x-www-form-urlencoded."),
    ),
    "version_conflict": (
        N_("The network has moved on"),
        N_(
            "It was changed elsewhere since this page was drawn, so nothing was done. "
            "You now see it as it stands; please look, then try again."
        ),
    ),
    "precondition_failed": (
        N_("The network has moved on"),
        N_(
            "It stands at version {version}, which is not the one in If-Match. Nothing was changed."
        ),
    ),
    "if_match": (
        N_("Not understood"),
        N_('If-Match must be an ETag of this network, such as "3", or *.'),
    ),
    "diverged": (
        N_("The weights ran away"),
        N_(
            "At step {step} a number became too large to represent. Nothing was changed; "
            "lower the learning rate or take fewer steps, then try again."
        ),
    ),
    "capacity": (
        N_("Full"),
        N_(
            "This server holds {limit} networks, which is its limit. "
            "Try again later; networks that nobody uses make room."
        ),
    ),
    "storage_full": (
        N_("No room left"),
        N_("The server's disk is full. Nothing was changed, and what is stored can be read."),
    ),
    "storage_unavailable": (
        N_("Storage unavailable"),
        N_("The server cannot reach its storage right now. Nothing was changed."),
    ),
    "nothing_to_take_back": (
        N_("Nothing to take back"),
        N_("This is step 0, where the network began."),
    ),
    # The rest have one title: the request was read, but a field of it cannot be used.
    "missing": ("", N_("{field} is required.")),
    "unknown_field": ("", N_("{field} is not a known field.")),
    "unknown_name": ("", N_("{field} has a name that this network lacks. Its names: {allowed}.")),
    "name_twice": ("", N_("{field}: the name {name} stands more than once; names must differ.")),
    "name_pattern": (
        "",
        N_("{field} must be 1 to 16 letters, digits, _ or ', beginning with a letter or digit."),
    ),
    "finite": ("", N_("{field} must be a finite number.")),
    "number": ("", N_("{field} must be a number.")),
    "decimal_number": ("", N_("{field} must be a number, such as 0.5.")),
    "whole_number": ("", N_("{field} must be a whole number.")),
    "text": ("", N_("{field} must be text.")),
    "list": ("", N_("{field} must be a list.")),
    "object": ("", N_("{field} must be an object.")),
    "boolean": ("", N_("{field} must be true or false.")),
    "minimum": ("", N_("{field} must be at least {minimum}.")),
    "above": ("", N_("{field} must be greater than {minimum}.")),
    "maximum": ("", N_("{field} must be at most {maximum}.")),
    "choice": ("", N_("{field} must be one of: {allowed}.")),
    "length": ("", N_("{field} must have exactly {expected} entries.")),
    "min_length": ("", N_("{field} must have at least {minimum} entries.")),
    "max_length": ("", N_("{field} must have at most {maximum} entries.")),
    "max_characters": ("", N_("{field} must have at most {maximum} characters.")),
    "matrix_shape": (
        "",
        N_(
            "{field} must have {rows} rows (one a unit of the next layer) of {columns} numbers "
            "(one a unit of this layer)."
        ),
    ),
    "weight_names_shape": ("", N_("{field} must have the shape of the weights.")),
    "ragged": ("", N_("{field} must have rows of equal length.")),
    "sample_shape": (
        "",
        N_("{field} must each have {inputs} inputs and {targets} targets."),
    ),
    "shared_bias_differs": (
        "",
        N_("{field} must hold one value throughout, since the layer shares its bias."),
    ),
    "weights_and_initialization": (
        "",
        N_("{field} cannot stand beside weights: give one of the two."),
    ),
    "example_or_spec": ("", N_("Give either an example or a spec, not both and not neither.")),
    "bad_batch_size": ("", N_('{field} must be a whole number from 1 to {maximum}, or "full".')),
    "bad_bias_names": ("", N_("{field} must be a name, or a list of names.")),
    "too_many_weights": (
        "",
        N_("{field}: this network would have {count} weights; at most {limit} are possible."),
    ),
    "too_much_work": (
        "",
        N_(
            "{field}: {count} steps are too many at once for a network and batch of this size; "
            "at most {limit} are possible."
        ),
    ),
    "too_many_steps": ("", N_("{field}: a network can be trained for at most {limit} steps.")),
    "too_many_edits": (
        "",
        N_("This network was edited at {limit} of its steps, which is the limit; reset it."),
    ),
    "history_full": (
        "",
        N_("This network's history would take more than {limit} MB, which is the limit; reset it."),
    ),
    "loss_not_finite": ("", N_("With these values the error would not be a finite number.")),
    "bad_query": ("", N_("{field} must be one of: {allowed}.")),
    "invalid": ("", N_("{field} cannot be used.")),
}

INVALID_TITLE = N_("Not accepted")
WHOLE_REQUEST = N_("The request")

FIELD_LABELS: Mapping[str, str] = {"/learning_rate": N_("The learning rate")}

ACTIVATIONS: Mapping[str, str] = {
    "identity": N_("identity"),
    "sigmoid": N_("sigmoid"),
    "tanh": N_("tanh"),
    "relu": N_("ReLU"),
}

LOSSES: Mapping[str, str] = {
    "half_squared_error": N_("half the squared error"),
    "squared_error": N_("squared error"),
    "mean_squared_error": N_("mean squared error"),
}

# {a} is what the reader calls an activation, {y} a target; the sum runs over the outputs.
LOSS_FORMULAS: Mapping[str, str] = {
    "half_squared_error": "½ Σ ({a} − {y})²",
    "squared_error": "Σ ({a} − {y})²",
    "mean_squared_error": "1/n Σ ({a} − {y})²",
}

BIAS_UPDATES: Mapping[str, str] = {
    "none": N_("biases fixed"),
    "per_neuron": N_("biases learn"),
    "shared": N_("biases learn, one per layer"),
}

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
    "reset": N_("Reset to step 0: nothing computed yet; the learning rate is {rate}."),
    "learning_rate": N_("The learning rate is now {rate}; the next step uses it."),
}

# What a screen reader says of a part of the picture; pieces are joined by commas.
PARTS: Mapping[str, str] = {
    "weight": N_("{name} from {source} to {target}: {value}"),
    "bias": N_("bias {name}: {value}"),
    "gradient": N_("gradient {value}"),
    "new": N_("new value {value}"),
    "frozen": N_("fixed"),
    "input": N_("{name}, input: {value}"),
    "unit": N_("{name}, {activation}"),
    "delta": N_("delta {value}"),
    "target": N_("target {name}: {value}"),
    "error": N_("{activation} minus target {value}"),
    "share": N_("share of the error {value}"),
}

BATCH_ONE = N_("sample {first} of {total}")
BATCH_SUM = N_(
    "the picture shows sample {first}; the error and gradients are sums over {first} to {last}"
)
BATCH_MEAN = N_(
    "the picture shows sample {first}; the error and gradients are means over {first} to {last}"
)

Translate = Callable[[str], str]


def _plain(text: str) -> str:
    return text


def problem_title(code: str, translate: Translate = _plain) -> str:
    """The short heading of a problem."""
    return translate(PROBLEMS[code][0] or INVALID_TITLE)


def problem_detail(
    code: str, pointer: str | None, values: Mapping[str, Any], translate: Translate = _plain
) -> str:
    """The sentence of a problem: the field, and what is allowed."""
    if not pointer:
        field = translate(WHOLE_REQUEST)
    elif pointer in FIELD_LABELS:
        field = translate(FIELD_LABELS[pointer])
    else:
        field = pointer.lstrip("/")
    return translate(PROBLEMS[code][1]).format(field=field, **values)


def said(code: str, translate: Translate = _plain, **values: Any) -> str:
    """One sentence about what just happened."""
    return translate(SAID[code]).format(**values)


def batch_text(
    first: int, last: int, total: int, reduction: str, translate: Translate = _plain
) -> str:
    """Which sample stands in the picture, and which ones the step is over."""
    if first == last:
        return translate(BATCH_ONE).format(first=first, total=total)
    text = BATCH_MEAN if reduction == "mean" else BATCH_SUM
    return translate(text).format(first=first, last=last)


def part(code: str, translate: Translate = _plain, **values: Any) -> str:
    """A piece of what is said of a part of the picture."""
    return translate(PARTS[code]).format(**values)
