"""The words for requests that cannot be read, or ask for more than one request may."""

from app.messages.marking import N_, Texts

# By the code of an error; the title is in ``problems``.
BUDGET_PROBLEMS: Texts = {
    "malformed": N_("The request's body is not valid JSON."),
    "not_an_object": N_("The request's body must be a JSON object."),
    "body_too_large": N_("The request's body is larger than {limit} bytes, which is the limit."),
    "unsupported_encoding": N_("Compressed request bodies are not accepted; send it plain."),
    "unsupported_type": N_("Send the body as application/json."),
    "unsupported_build_form": N_(
        "Send the fields as a form does: multipart/form-data or application/x-www-form-urlencoded."
    ),
    "malformed_form": N_("The form cannot be read; it may hold one file and {maximum} fields."),
    "unsupported_form": N_("Send the fields as a form does: application/x-www-form-urlencoded."),
    "too_many_fields": N_("{field} has more fields than the {limit} that are possible."),
    "query_too_long": N_("The address has a query of more than {limit} bytes, which is the limit."),
    "parameter_too_long": N_(
        "A field of the form or the address has more than {limit} bytes, which is the limit."
    ),
    "too_many_keys": N_("An object of the body has more than {limit} keys, which is the limit."),
    "not_showable": N_(
        "{field} must be one line of text, without control characters and marks of direction."
    ),
    "busy": N_("{limit} runs are going on at this server, which is its limit. Try again shortly."),
    "crowded": N_("The server has too much else to hold just now. Try again shortly."),
    "stopping": N_(
        "The server is about to stop, so this was not finished. When it is back, look where the "
        "network stands, then try again."
    ),
    "unfinished": N_("The request did not arrive in time, so it was dropped. Send it again."),
    "head_too_large": N_("The request's address and headers are larger than {limit} bytes."),
    "bad_http": N_("This is no HTTP request that can be read."),
    "two_lengths": N_(
        "The request says in two ways how long its body is: Content-Length and Transfer-Encoding. "
        "Send one of them."
    ),
    "late": N_("This took longer than {limit} seconds, waiting included, so it was given up."),
    "late_steps": N_(
        "These steps took longer than {limit} seconds, waiting included, so none was taken. Half "
        "as many at a time would fit; so would a smaller batch."
    ),
    "late_picture": N_(
        "The picture took longer than {limit} seconds, waiting included, so it was given up. The "
        "SVG file, or a smaller scale, would fit."
    ),
    "late_import": N_(
        "Reading this took longer than {limit} seconds, waiting included, so it was given up. A "
        "file with fewer steps or branches, or the link to one moment, would fit."
    ),
    "late_page": N_(
        "This page took longer than {limit} seconds, waiting included, so it was given up. It "
        "would fit without its pictures (pictures=off), or for a smaller network."
    ),
    "late_build": N_(
        "This took longer than {limit} seconds, waiting included, so it was given up. A table of "
        "fewer rows or columns would fit."
    ),
}
