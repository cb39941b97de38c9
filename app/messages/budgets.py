"""The words for requests that cannot be read or ask for too much, and for a store that cannot."""

from app.messages.asking import ASKING_PROBLEMS
from app.messages.marking import N_, Texts

# By the code of an error; the title is in ``problems``.
BUDGET_PROBLEMS: Texts = {
    "malformed": N_("The request’s body is not valid JSON."),
    "cut_off": N_(
        "This is cut off after {count:character|characters}: its end is missing. Export it again, "
        "or copy the whole of it."
    ),
    "export_bare": N_(
        'This is an exported network. Send it as the member “export” of the body: {{"export": …}}.'
    ),
    "too_deep": N_(
        "Lists and objects inside the request’s body may be nested {limit} levels deep at most."
    ),
    "huge_number": N_("A number in the request has more than {maximum} digits."),
    "key_twice": N_("The key {key} appears twice in the request."),
    "parameter_twice": N_("{field} is given twice. Give it once."),
    "not_an_object": N_("The request’s body must be a JSON object."),
    "body_too_large": N_("The request’s body is larger than the limit of {limit} bytes."),
    "unsupported_encoding": N_("Send the request body uncompressed."),
    "unsupported_type": N_("Send the body as application/json."),
    "unsupported_build_form": N_(
        "Send the fields as form data: multipart/form-data or application/x-www-form-urlencoded."
    ),
    "malformed_form": N_(
        "The form could not be read. At most one file and {maximum} fields are allowed."
    ),
    "unsupported_form": N_("Send the fields as form data: application/x-www-form-urlencoded."),
    "too_many_fields": N_("{field} has more than {limit} fields."),
    "query_too_long": N_("The URL’s query is longer than the limit of {limit} bytes."),
    "parameter_too_long": N_(
        "A field of the form or the URL is longer than the limit of {limit} bytes."
    ),
    "too_many_keys": N_("An object in the request has more than {limit} keys."),
    "not_showable": N_(
        "{field} must be one line of text, without control characters or direction marks."
    ),
    "storage_set_aside": N_(
        "The store was damaged. Everything that could be read is kept; the damaged file was set "
        "aside as {file} in the data directory. The server works, and counts as ready again as "
        "soon as you move that file away."
    ),
    "classroom_not_found": N_(
        "There is no such class, or it is over. Ask your teacher for a new code."
    ),
    "class_gone": N_("No class follows this network any more."),
    "follows_no_more": N_("No class follows this network any more. Nothing has changed."),
    "no_code": N_(
        "A code has six letters and digits, and none of 0, 1, 2, 5, B, I, L, O, S, Z. Check it "
        "letter by letter, or scan the QR code."
    ),
    "no_such_code": N_("No class has this code. Check it letter by letter, or scan the QR code."),
    "too_many_guesses": N_(
        "{amount:wrong code|wrong codes} came from your network within "
        "{seconds:second|seconds|minute|minutes|hour|hours}. Try again in "
        "{wait:second|seconds|minute|minutes|hour|hours}, or scan the QR code, which needs no code."
    ),
    "guessed_by_all": N_(
        "Somebody is guessing codes: {amount:wrong code|wrong codes} came from all networks "
        "together within {seconds:second|seconds|minute|minutes|hour|hours}. Try again in "
        "{wait:second|seconds|minute|minutes|hour|hours}, or scan the QR code, which needs no code."
    ),
    "classrooms_full": N_(
        "This server is full: its limit is {limit:class|classes} at once. Try again later."
    ),
    "followers_full": N_(
        "No place is left to follow from your network: in the server process that answered, "
        "{taken} of {limit} places are taken, {here} of them from there. A page that waits tries "
        "again every {retry_after:second|seconds}."
    ),
    **ASKING_PROBLEMS,
    "busy": N_("The server is busy with {limit:run|runs}. Please try again shortly."),
    "crowded": N_("The server has no memory to spare at the moment. Please try again shortly."),
    "stopping": N_(
        "The server is shutting down, so this was not finished. When it is back, check where the "
        "network is, then try again."
    ),
    "unfinished": N_("The request did not arrive in time and was dropped. Please send it again."),
    "too_many_headers": N_("The request has more than {limit} headers."),
    "head_too_large": N_("The request’s URL and headers are larger than {limit} bytes."),
    "bad_http": N_("This is not a valid HTTP request."),
    "two_lengths": N_(
        "The request gives the length of its body twice, with Content-Length and "
        "Transfer-Encoding. Send only one of them."
    ),
    "late": N_("This took longer than {limit} seconds, including waiting, so it was stopped."),
    "late_steps": N_(
        "These steps took longer than {limit} seconds, including waiting, so none was taken. Try "
        "half as many at a time, or a smaller batch."
    ),
    "late_picture": N_(
        "The diagram took longer than {limit} seconds, including waiting, so it was stopped. Try "
        "the SVG file, or a smaller scale."
    ),
    "late_import": N_(
        "Reading this took longer than {limit} seconds, including waiting, so it was stopped. Try "
        "a file with fewer steps or branches, or a link to one moment."
    ),
    "late_page": N_(
        "This page took longer than {limit} seconds, including waiting, so it was stopped. Try it "
        "without charts (pictures=off), or a smaller network."
    ),
    "late_build": N_(
        "This took longer than {limit} seconds, including waiting, so it was stopped. Try a table "
        "with fewer rows or columns."
    ),
}
