"""What is said of exports, imports and worksheets."""

from collections.abc import Mapping

from app.messages.marking import N_

# By the code of an error; the title is in ``problems``.
EXPORT_PROBLEMS: Mapping[str, str] = {
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
        "{field}: the spec is not the one of the example {name}; write null to open it so."
    ),
    "does_not_follow": N_("{field}: these numbers do not follow from the ones before them."),
    "picture_too_large": N_(
        "{field}: a picture of this network can be at most {limit} times its own size."
    ),
}

PICTURE_TITLE = N_("Network {shape} at step {step}")

# Of each kind that a worksheet can ask for: its heading, and what is to be done.
WORKSHEET_KINDS: Mapping[str, tuple[str, str]] = {
    "activations": (N_("Activations"), N_("Go forward, layer by layer.")),
    "error": (N_("Error"), N_("Compare the outputs with the targets.")),
    "deltas": (N_("Deltas"), N_("Go back from the outputs: how the error changes with each sum.")),
    "gradients": (N_("Gradients"), N_("How the error changes with each weight and bias.")),
    "new": (N_("New values"), N_("Take the step: what each weight and bias becomes.")),
}
