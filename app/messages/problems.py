"""The title of each error, and its sentence, which names the field and what is allowed."""

from collections.abc import Mapping
from typing import Any

from app.messages import ACTIVATIONS
from app.messages.budgets import BUDGET_PROBLEMS
from app.messages.builder import FORM_LABELS
from app.messages.data import DATA_PROBLEMS
from app.messages.marking import N_, Texts

_TITLES: Texts = {
    N_("Too large"): "too_many_parts body_too_large head_too_large too_many_keys",
    N_("Not understood"): (
        "unsupported_upload unsupported_encoding unsupported_type too_many_fields query_too_long "
        "parameter_too_long "
        "unsupported_build_form unsupported_form if_match unknown_query"
    ),
    N_("Not readable"): (
        "import_text import_json malformed not_an_object malformed_form huge_number key_twice "
        "bad_http two_lengths"
    ),
    N_("This link is cut off or changed"): "link_damaged",
    N_("This link is too long"): "link_too_long",
    N_("This link comes from another version"): "link_format",
    N_("This link cannot be opened"): "link_refused",
    N_("This link no longer fits"): "link_outdated",
    N_("Too large for a link"): "link_too_large",
    N_("The weights ran away"): "diverged",
    N_("Busy"): "busy crowded late late_steps late_picture late_import late_page late_build",
    N_("Stopping"): "stopping",
    N_("Too slow"): "unfinished",
    N_("Something went wrong"): "internal",
    N_("Not found"): "not_found",
    N_("No such network"): "network_not_found",
    N_("No such example"): "example_not_found",
    N_("No such number"): "no_such_quantity",
    N_("Method not allowed"): "method_not_allowed",
    N_("Not answered under this name"): "host_refused",
    N_("The network has moved on"): "version_conflict precondition_failed",
    N_("Softmax belongs at the output"): "softmax_hidden",
    N_("Softmax needs at least two outputs"): "softmax_single",
    N_("This loss needs probabilities"): "sigmoid_loss softmax_loss",
    N_("Targets must be probabilities"): "targets_unit",
    N_("Targets must sum to 1"): "targets_unity",
    N_("Not known"): "nesterov_averaged nothing_corrected",
    N_("Not used"): "unused_option",
    N_("Not in range"): "unit_range unit_range_open",
    N_("Full"): "capacity capacity_share",
    N_("Too many requests"): "too_many_requests",
    N_("No room left"): "storage_full storage_share",
    N_("Storage unavailable"): "storage_unavailable",
    N_("Nothing to take back"): "nothing_to_take_back",
    N_("Nothing to redo"): "nothing_to_redo",
    N_("Nothing to go back to"): "nothing_before",
    N_("Not computed yet"): "not_computed",
}
"""Titles with the codes of their errors; any other error has _INVALID_TITLE."""
_INVALID_TITLE = N_("Not accepted")
_TITLE_OF = {code: title for title, codes in _TITLES.items() for code in codes.split()}

PROBLEMS: Texts = {
    "internal": N_("The server made a mistake. Nothing was changed; please try again."),
    "not_found": N_("There is nothing at this address."),
    "network_not_found": N_(
        "No network has this address. Networks that nobody used for a while expire; start again "
        "from an example."
    ),
    "example_not_found": N_("No worked example has this name. Known ones: {allowed}."),
    "no_such_quantity": N_("This network has no number of that name. Known: {allowed}."),
    "method_not_allowed": N_("This address does not answer that method."),
    "host_refused": N_(
        "This server does not answer under the name that the request gave it (Host). Use the "
        "address that its host has told you."
    ),
    "version_conflict": N_(
        "It was changed elsewhere since this page was drawn, so nothing was done. You now see it "
        "as it stands; please look, then try again."
    ),
    "precondition_failed": N_(
        "It stands at version {version}, which is not the one in If-Match. Nothing was changed."
    ),
    "if_match": N_('If-Match must be an ETag of this network, such as "3", or *.'),
    "softmax_hidden": N_(
        "{field}: softmax turns the outputs into probabilities; in a hidden layer it would only "
        "discard information. Try sigmoid."
    ),
    "softmax_single": N_(
        "{field}: softmax of a single output is always 1. Try sigmoid (with binary "
        "cross-entropy), or two outputs."
    ),
    "sigmoid_loss": N_(
        "{field}: binary cross-entropy needs sigmoid outputs, not {activation}. Try sigmoid "
        "outputs, or mean squared error."
    ),
    "softmax_loss": N_(
        "{field}: softmax cross-entropy needs softmax outputs, not {activation}. Try softmax "
        "outputs, or binary cross-entropy with sigmoid outputs."
    ),
    "targets_unit": N_("{field}: with cross-entropy every target must lie between 0 and 1."),
    "targets_unity": N_(
        "{field}: with softmax cross-entropy the targets of a sample must sum to 1; they sum to "
        "{total}."
    ),
    "nesterov_averaged": N_(
        "{field}: Nesterov's momentum has no averaged form. Try classical or accumulated."
    ),
    "nothing_corrected": N_(
        "{field}: “uncorrected” only makes sense with bias correction. Use “outside” instead; "
        "without correction it is the same."
    ),
    "unused_option": N_("{field}: {optimizer} does not use it. Optimizers that do: {allowed}."),
    "unit_range": N_("{field} must lie between 0 and 1."),
    "unit_range_open": N_("{field} must be at least 0 and less than 1."),
    "capacity": N_(
        "This server holds {limit} networks, which is its limit. Try again later; networks that "
        "nobody uses make room."
    ),
    "capacity_share": N_(
        "{held} of the {limit} networks that this server can hold were created from your network "
        "address, and the little room that is left is for others. Delete some, or try again later."
    ),
    "too_many_requests": N_(
        "From your network address came more of these requests than the {amount} in {seconds} "
        "seconds that are possible. Nothing was changed; try again in {wait} seconds."
    ),
    "storage_share": N_(
        "The server's storage is nearly full, and networks from your network address fill most of "
        "it, so this one cannot grow. Delete some, or try again later."
    ),
    "storage_full": N_(
        "The server's disk is full. Nothing was changed, and what is stored can be read."
    ),
    "storage_unavailable": N_(
        "The server cannot reach its storage right now. Nothing was changed."
    ),
    "nothing_to_take_back": N_("There is nothing before step {step}, where this timeline begins."),
    "nothing_to_redo": N_("This is the last step of this timeline."),
    "nothing_before": N_("Nothing is computed here yet, and no step led here."),
    "missing": N_("{field} is required."),
    "unknown_field": N_("{field} is not a known field."),
    "unknown_name": N_("{field} has a name that this network lacks. Its names: {allowed}."),
    "name_twice": N_("{field}: the name {name} stands more than once; names must differ."),
    "name_reserved": N_(
        "{field}: the name {name} is taken by the page itself; choose another one."
    ),
    "name_pattern": N_(
        "{field} must be 1 to 16 letters, digits, _ or ', beginning with a letter or digit."
    ),
    "finite": N_("{field} must be a finite number."),
    "number": N_("{field} must be a number."),
    "decimal_number": N_("{field} must be a number, such as 0.5."),
    "whole_number": N_("{field} must be a whole number, in digits only."),
    "huge_number": N_("The request's body holds a whole number of more than {maximum} digits."),
    "key_twice": N_("The request's body has the key {key} twice."),
    "unknown_query": N_("{field} cannot stand in this address: values go into the body."),
    "text": N_("{field} must be text."),
    "list": N_("{field} must be a list."),
    "object": N_("{field} must be an object."),
    "boolean": N_("{field} must be true or false."),
    "minimum": N_("{field} must be at least {minimum}."),
    "above": N_("{field} must be greater than {minimum}."),
    "below": N_("{field} must be less than {maximum}."),
    "maximum": N_("{field} must be at most {maximum}."),
    "choice": N_("{field} must be one of: {allowed}."),
    "history_and_last": N_("Ask for history=none or for the last losses, not for both."),
    "length": N_("{field} must have exactly {expected} entries."),
    "min_length": N_("{field} must have at least {minimum} entries."),
    "max_length": N_("{field} must have at most {maximum} entries."),
    "max_characters": N_("{field} must have at most {maximum} characters."),
    "matrix_shape": N_(
        "{field} must have {rows} rows (one a unit of the next layer) of {columns} numbers (one a "
        "unit of this layer)."
    ),
    "weight_names_shape": N_("{field} must have the shape of the weights."),
    "ragged": N_("{field} must have rows of equal length."),
    "sample_shape": N_("{field} must each have {inputs} inputs and {targets} targets."),
    "shared_bias_differs": N_(
        "{field} must hold one value throughout, since the layer shares its bias."
    ),
    "weights_and_initialization": N_("{field} cannot stand beside weights: give one of the two."),
    "example_or_spec": N_("Give one of these: an example, a spec, or an export."),
    "layer_sizes": N_(
        "{field} must be 2 to 10 whole numbers from 1 to 1000 with hyphens, such as 2-3-1."
    ),
    "batch_larger": N_(
        '{field} must be at most {maximum}, the number of training samples; "full" takes them all.'
    ),
    **BUDGET_PROBLEMS,
    **DATA_PROBLEMS,
    "diverged": N_(
        "At step {step} a number became too large to represent, or undefined, as zero divided by "
        "zero with ε = 0. Nothing was changed; lower the learning rate or take fewer steps, then "
        "try again."
    ),
    "run_too_long": N_(
        "{field}: a network can be trained for {most} steps; from here {limit} more are possible."
    ),
    "run_too_large": N_(
        "{field}: the history of {count} steps of a network of this size is too large to keep; at "
        "most {limit} are possible."
    ),
    "link_damaged": N_(
        "Not all of it arrived as it was sent, so the network in it cannot be read. Copy the whole "
        "link again, or ask who sent it."
    ),
    "link_too_long": N_("A link of Takeback has at most {limit} characters."),
    "link_format": N_("It is written in a form that this server does not know."),
    "link_refused": N_(
        "It holds a network that cannot be: a part is missing, too large or out of range."
    ),
    "link_outdated": N_(
        "It names an example or a data set that this server draws with other numbers, so its "
        "network would not be the one that was shared."
    ),
    "link_too_large": N_(
        "The link would have {count} characters, and {limit} is the most. A file holds a network "
        "of any size."
    ),
    "too_many_parts": N_(
        "The request's body holds “{mark}” more than {limit} times, which is the limit."
    ),
    "not_an_export": N_(
        "{field}: this is no network that Takeback exported; that one has {expected} here."
    ),
    "bad_table": N_(
        "{field} must be a table of numbers, or the number of the spec that has it already."
    ),
    "nothing_to_import": N_("Choose a file, or paste what it holds."),
    "unsupported_upload": N_("Send the file as a form does: multipart/form-data."),
    "import_twice": N_("Choose a file or paste its text, not both."),
    "import_text": N_("The file is not text in UTF-8."),
    "import_json": N_(
        "This is no network that Takeback exported: that one is JSON, and this is not. A table of "
        "data is read under Build."
    ),
    "must_be": N_("{field} must be {expected}."),
    "parent_first": N_(
        "{field} must be the number of an earlier branch, or null for one from the beginning."
    ),
    "age_of_step": N_("{field}, the optimizer's age, must be a whole number from 0 to {maximum}."),
    "origin_differs": N_(
        "{field}: the layers are not those of the example {name}; write null to open it so."
    ),
    "does_not_follow": N_("{field}: these numbers do not follow from the ones before them."),
    "picture_too_large": N_(
        "{field}: a picture of this network can be at most {limit} times its own size."
    ),
    "bad_batch_size": N_('{field} must be a whole number from 1 to {maximum}, or "full".'),
    "bad_bias_names": N_("{field} must be a name, or a list of names."),
    "too_many_weights": N_(
        "{field}: that is {count} weights ({sum}); the limit is {limit}. {fits} would fit."
    ),
    "too_much_work": N_(
        "{field}: {count} steps x {weights} weights x {samples} samples a step is {work}; at once "
        "at most {most} are possible. {limit} steps would fit."
    ),
    "too_many_steps": N_("{field}: a network can be trained for at most {limit} steps."),
    "too_many_edits": N_(
        "This network was edited at {limit} of its steps, which is the limit; start afresh."
    ),
    "history_full": N_(
        "This network's history would take more than {limit} MB, which is the limit; start afresh."
    ),
    "too_many_branches": N_(
        "This network has {limit} branches, which is the limit; start afresh to drop them."
    ),
    "biases_differ": N_(
        "{field}: the biases of layer {layer} differ, so they cannot become one. Give them one "
        "value first, or go back to a step where they are equal."
    ),
    "check_too_large": N_(
        "{field}: four forward passes for each of {parameters} parameters, with {weights} weights "
        "and {samples} samples, is {work}; at most {limit} are possible. A batch of {fits} samples "
        "would fit."
    ),
    "not_computed": N_("This is not computed in the present phase; walk on, or finish the step."),
    "loss_not_finite": N_("With these values the error would not be a finite number."),
    "not_foldable": N_("{field}: this network has no layer {layer} of more than {most} units."),
    "no_such_unit": N_("{field}: no unit that weights lead into has this name; such as {allowed}."),
    "no_such_sample": N_("{field} must be a whole number from {minimum} to {maximum}."),
    "bad_query": N_("{field} must be one of: {allowed}."),
    "invalid": N_("{field} cannot be used."),
}

FIELD_LABELS: Texts = {
    "/learning_rate": N_("The learning rate"),
    "/loss": N_("The loss"),
    "/bias_update": N_("The rule for biases"),
    "/hidden_deltas": N_("The rule for hidden deltas"),
    **FORM_LABELS,
    "/count": N_("The number of steps (count)"),
    "/until": N_("The error to end at (until)"),
    "/across": N_("The input to the right"),
    "/up": N_("The input upwards"),
}
"""The names of fields in sentences, by their JSON pointers."""
_WHOLE_REQUEST = N_("The request")


def problem_title(code: str) -> str:
    """The short heading of a problem."""
    return _TITLE_OF.get(code, _INVALID_TITLE)


def problem_detail(code: str, pointer: str | None, values: Mapping[str, Any]) -> str:
    """The sentence of a problem: the field, and what is allowed."""
    field = FIELD_LABELS.get(pointer) if pointer else _WHOLE_REQUEST
    if pointer and field is None:
        field = pointer.removeprefix("/values").lstrip("/")
    if values.get("activation") in ACTIVATIONS:
        values = {**values, "activation": ACTIVATIONS[values["activation"]]}
    return PROBLEMS[code].format(field=field, **values)
