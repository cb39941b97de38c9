"""The title of each error, and its sentence, which names the field and what is allowed."""

from collections.abc import Mapping
from typing import Any

from app.messages import ACTIVATIONS
from app.messages.budgets import BUDGET_PROBLEMS
from app.messages.conventions import UNFIT
from app.messages.data_problems import DATA_PROBLEMS
from app.messages.fields import FIELD_LABELS
from app.messages.marking import N_, Texts, counted

_TITLES: Texts = {
    N_("Too large"): (
        "too_many_parts long_text body_too_large head_too_large too_many_headers too_many_keys "
        "too_deep"
    ),
    N_("Unsupported request"): (
        "unsupported_upload unsupported_encoding unsupported_type too_many_fields query_too_long "
        "parameter_too_long unsupported_build_form unsupported_form if_match unknown_query "
        "parameter_twice"
    ),
    N_("Could not be read"): (
        "import_text import_json malformed cut_off export_bare not_an_object malformed_form "
        "huge_number key_twice bad_http two_lengths"
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
    N_("No such network"): "network_not_found network_damaged",
    N_("No such example"): "example_not_found",
    N_("No such class"): "classroom_not_found class_gone follows_no_more no_code no_such_code",
    N_("No such number"): "no_such_quantity",
    N_("Method not allowed"): "method_not_allowed",
    N_("Unknown host name"): "host_refused",
    N_("The network has moved on"): "version_conflict precondition_failed",
    N_("Softmax belongs at the output"): "softmax_hidden",
    N_("Softmax needs at least two outputs"): "softmax_single",
    N_("This loss needs probabilities"): "sigmoid_loss softmax_loss",
    N_("This loss needs steps"): "step_loss",
    N_("Targets must be −1 or 1"): "targets_signs",
    N_("Targets must be from 0 to 1"): "targets_unit",
    N_("Targets must sum to 1"): "targets_unity",
    N_("Not available"): "nesterov_averaged nothing_corrected dampening_form clipped_late "
    "smoothing_loss forged_mark question_over question_gone gone_on",
    N_("Not a setting of this optimizer"): "unused_option unused_without",
    N_("Out of range"): "unit_range unit_range_open above_zero",
    N_("Full"): "capacity capacity_share classrooms_full answers_full followers_full",
    N_("Too many requests"): "too_many_requests too_many_guesses guessed_by_all",
    N_("No room left"): "storage_full storage_share",
    N_("Storage unavailable"): "storage_unavailable",
    N_("Storage was damaged"): "storage_set_aside",
    N_("Nothing to take back"): "nothing_to_take_back",
    N_("Nothing to redo"): "nothing_to_redo",
    N_("This is the first phase"): "nothing_before",
    N_("Not yet computed"): "not_computed",
}
"""Titles with the codes of their errors; any other error has _INVALID_TITLE."""
_INVALID_TITLE = N_("Please check this value")
_TITLE_OF = {code: title for title, codes in _TITLES.items() for code in codes.split()}

PROBLEMS: Texts = {
    "internal": N_("Something went wrong on our side. Nothing was changed. Please try again."),
    "not_found": N_("There is no page at this URL."),
    "network_not_found": N_(
        "This network does not exist or has expired: networks that nobody uses are removed after a "
        "while. Start again from an example."
    ),
    "network_damaged": N_(
        "What was stored of this network is damaged and cannot be read. Start again from an "
        "example."
    ),
    "example_not_found": N_("There is no example of that name. Available: {allowed}."),
    "no_such_quantity": N_("This network has no number of that name. Available: {allowed}."),
    "method_not_allowed": N_("That method is not supported here."),
    "host_refused": N_(
        "The server does not answer to the host name in this request. Use the URL that its "
        "administrator gave you."
    ),
    "version_conflict": N_(
        "This network was changed in another window, so your click was not applied. You now see "
        "its current state; please try again."
    ),
    "precondition_failed": N_(
        "The network is at version {version:d}, not the one in If-Match. Nothing was changed."
    ),
    "if_match": N_('If-Match must be an ETag of this network, such as "3", or *.'),
    "softmax_hidden": N_(
        "{field}: softmax turns outputs into probabilities; in a hidden layer it would only "
        "discard information. Try sigmoid."
    ),
    "softmax_single": N_(
        "{field}: softmax of a single output is always 1. Try sigmoid (with binary cross-entropy), "
        "or two outputs."
    ),
    "sigmoid_loss": N_(
        "{field}: binary cross-entropy compares each output with a probability, so it needs "
        "sigmoid outputs, not {activation}. Try sigmoid outputs, or mean squared error."
    ),
    "softmax_loss": N_(
        "{field}: softmax cross-entropy compares probabilities that sum to 1, so it needs softmax "
        "outputs, not {activation}. Try softmax outputs, or binary cross-entropy with sigmoid "
        "outputs."
    ),
    "targets_unit": N_(
        "{field}: with cross-entropy, and with the perceptron’s rule, every target must be "
        "between 0 and 1."
    ),
    "targets_unity": N_(
        "{field}: with softmax cross-entropy, the targets of a sample must sum to 1; these sum to "
        "{total}."
    ),
    "unused_option": N_("{field}: {optimizer} has no such setting. It is used by: {allowed}."),
    **UNFIT,
    "unit_range": N_("{field} must be between 0 and 1."),
    "unit_range_open": N_("{field} must be at least 0 and less than 1."),
    "capacity": N_("This server is full: its limit is {limit:network|networks}. Try again later."),
    "capacity_share": N_(
        "This server is nearly full: {held} of its {limit} networks were created from your IP "
        "address, and the rest is reserved for others. Delete some of yours, or try again later."
    ),
    "too_many_requests": N_(
        "Your IP address has sent more than {amount:request|requests} of this kind in "
        "{seconds:second|seconds|minute|minutes|hour|hours}. Nothing was changed; try again in "
        "{wait:second|seconds|minute|minutes|hour|hours}."
    ),
    "storage_share": N_(
        "The server’s storage is nearly full, mostly with networks from your IP address, so this "
        "one cannot grow. Delete some of yours, or try again later."
    ),
    "storage_full": N_(
        "The server’s disk is full. Nothing was changed; existing networks can still be viewed."
    ),
    "storage_unavailable": N_(
        "The server cannot reach its storage right now. Nothing was changed."
    ),
    "nothing_to_take_back": N_("Nothing to take back: this network starts at step {step}."),
    "nothing_to_redo": N_("Nothing to redo: this is the last step."),
    "nothing_before": N_("You are already at the first phase."),
    "missing": N_("{field} is required."),
    "unknown_field": N_("Unknown field: {field}."),
    "unknown_name": N_("{field}: this network has no such name. Available: {allowed}."),
    "name_twice": N_("{field}: the name {name} is used twice. Names must differ."),
    "name_reserved": N_("{field}: the name {name} is reserved. Please choose another."),
    "name_pattern": N_(
        "{field} must be 1 to 16 letters, digits, _ or ', starting with a letter or digit."
    ),
    "finite": N_("{field} must be a finite number."),
    "number": N_("{field} must be a number."),
    "decimal_number": N_("{field} must be a number, such as 0.5."),
    "whole_number": N_("{field} must be a whole number, in digits only."),
    "unknown_query": N_("{field} is not allowed in the URL; send values in the body."),
    "text": N_("{field} must be text."),
    "list": N_("{field} must be a list."),
    "object": N_("{field} must be an object."),
    "boolean": N_("{field} must be true or false."),
    "minimum": N_("{field} must be at least {minimum}."),
    "above": N_("{field} must be greater than {minimum}."),
    "below": N_("{field} must be less than {maximum}."),
    "maximum": N_("{field} must be at most {maximum}."),
    "choice": N_("{field} must be one of: {allowed}."),
    "history_and_last": N_("Ask for history=none or for the last losses, not both."),
    "length": N_("{field} must have exactly {expected:entry|entries}."),
    "min_length": N_("{field} must have at least {minimum:entry|entries}."),
    "max_length": N_("{field} must have at most {maximum:entry|entries}."),
    "max_characters": N_("{field} must have at most {maximum} characters."),
    "matrix_shape": N_(
        "{field} must have {rows:row|rows} (one per unit of the next layer) of "
        "{columns:number|numbers} (one per unit of this layer)."
    ),
    "weight_names_shape": N_("{field} must have the same shape as the weights."),
    "ragged": N_("{field} must have rows of equal length."),
    "sample_shape": N_(
        "{field}: each sample must have {inputs:input|inputs} and {targets:target|targets}."
    ),
    "shared_bias_differs": N_(
        "{field} must be the same for the whole layer, because it shares one bias."
    ),
    "weights_and_initialization": N_(
        "{field}: give either weights or an initialization, not both."
    ),
    "example_or_spec": N_("Give exactly one of these: an example, a spec or an export."),
    "layer_sizes": N_(
        "{field} must be 2 to 10 layer sizes between 1 and 1000, joined by hyphens, for example "
        "2-3-1."
    ),
    "batch_larger": N_(
        '{field} must be at most {maximum}, the number of training samples; "full" uses all of '
        "them."
    ),
    **BUDGET_PROBLEMS,
    **DATA_PROBLEMS,
    "diverged": N_(
        "At step {step} a number became too large or undefined. Nothing was changed. Try a smaller "
        "learning rate or fewer steps."
    ),
    "run_too_long": N_(
        "{field}: a network can be trained for {most} steps; from here {limit} more are possible."
    ),
    "run_too_large": N_(
        "{field}: the history of {count:step|steps} of this network is too large to keep. Try up "
        "to {limit:step|steps}."
    ),
    "link_damaged": N_(
        "Part of this link is missing or altered. Copy the whole link again, or ask the sender for "
        "a new one."
    ),
    "link_too_long": N_("Takeback links have at most {limit} characters."),
    "link_format": N_("This link was made by a different version of Takeback."),
    "link_refused": N_(
        "This link describes an invalid network: something is missing, too large or out of range."
    ),
    "link_outdated": N_(
        "This link refers to an example or data set that has changed here since, so we cannot show "
        "exactly what was shared."
    ),
    "link_too_large": N_(
        "This network is too large for a link ({count} characters; the limit is {limit}). Export "
        "it as a file instead."
    ),
    "long_text": N_(
        "The request contains a text of more than {limit} characters. No network has such a long "
        "one."
    ),
    "too_many_parts": N_(
        "The request contains “{mark}” more than {limit} times, which is the limit."
    ),
    "not_an_export": N_("{field}: this is not a Takeback export, which has {expected} here."),
    "bad_table": N_(
        "{field} must be a table of numbers, or the number of the spec that already has it."
    ),
    "nothing_to_import": N_("Choose a file, or paste its contents."),
    "unsupported_upload": N_("Send the file as form data: multipart/form-data."),
    "import_twice": N_("Choose a file or paste its contents, not both."),
    "import_text": N_("The file is not UTF-8 text."),
    "import_json": N_("This is not a Takeback file. To load a table of data, use Build."),
    "must_be": N_("{field} must be {expected}."),
    "parent_first": N_(
        "{field} must be the number of an earlier branch, or null for one from the start."
    ),
    "age_of_step": N_(
        "{field} (number of optimizer updates) must be a whole number from 0 to {maximum}."
    ),
    "origin_differs": N_(
        "{field}: the layers differ from those of the example {name}; use null to open it as a "
        "network of its own."
    ),
    "does_not_follow": N_("{field}: these numbers do not match the previous step."),
    "picture_too_large": N_("{field}: this diagram can be enlarged at most {limit} times."),
    "bad_batch_size": N_('{field} must be a whole number from 1 to {maximum}, or "full".'),
    "bad_bias_names": N_("{field} must be a name or a list of names."),
    "too_many_weights": N_(
        "{field}: that is {count:weight|weights} ({sum}); the limit is {limit}. {fits} would fit."
    ),
    "too_much_work": N_(
        "{field}: that run is too long for one go: {count:step|steps} × {weights:weight|weights} × "
        "{samples:sample|samples} per step is {work}, and the limit is {most}. Try up to "
        "{limit:step|steps}."
    ),
    "too_many_steps": N_("{field}: a network can be trained for at most {limit} steps."),
    "too_many_edits": N_(
        "This network was edited at {limit} of its steps, which is the limit. Delete the history "
        "to continue."
    ),
    "history_full": N_(
        "This network’s history would exceed {limit} MB, which is the limit. Delete the history to "
        "continue."
    ),
    "too_many_branches": N_(
        "This network has {limit} branches, which is the limit. Delete the history to continue."
    ),
    "biases_differ": N_(
        "{field}: the biases of layer {layer} differ, so they cannot be shared. Make them equal "
        "first, or go back to a step where they were."
    ),
    "check_too_large": N_(
        "{field}: this network is too large for a gradient check with this many samples. Four "
        "forward passes for each of {parameters} parameters, with {weights:weight|weights} and "
        "{samples:sample|samples}, is {work}; the limit is {limit}. A batch of "
        "{fits:sample|samples} would fit."
    ),
    "not_computed": N_("Not yet computed. Go to the next phase, or finish the step."),
    "loss_not_finite": N_("These values make the error infinite or undefined."),
    "not_foldable": N_("{field}: this network has no layer {layer} with more than {most} units."),
    "no_such_unit": N_("{field}: no unit of that name has incoming weights. Try {allowed}."),
    "no_such_sample": N_("{field} must be a whole number from {minimum} to {maximum}."),
    "bad_query": N_("{field} must be one of: {allowed}."),
    "invalid": N_("{field} cannot be used."),
}

_WHOLE_REQUEST = N_("The request")


def problem_title(code: str) -> str:
    """The short heading of a problem."""
    return _TITLE_OF.get(code, _INVALID_TITLE)


def problem_detail(code: str, pointer: str | None, values: Mapping[str, Any]) -> str:
    """The sentence of a problem: the field, and what is allowed."""
    named = (pointer or "").removeprefix("/values").lstrip("/").removeprefix("own.")
    field = FIELD_LABELS.get(pointer, named) if pointer else _WHOLE_REQUEST
    if values.get("activation") in ACTIVATIONS:
        values = {**values, "activation": ACTIVATIONS[values["activation"]]}
    return PROBLEMS[code].format(field=field, **counted(values))
