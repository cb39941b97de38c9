"""Why a run is refused."""

from collections.abc import Mapping

from app.messages.marking import N_

RUN_LABELS: Mapping[str, str] = {
    "/count": N_("The number of steps (count)"),
    "/until": N_("The error to end at (until)"),
}

# By the code of an error; the title is in ``problems``.
RUN_PROBLEMS: Mapping[str, str] = {
    "diverged": N_(
        "At step {step} a number became too large to represent, or undefined, as zero divided by "
        "zero with ε = 0. Nothing was changed; lower the learning rate or take fewer steps, then "
        "try again."
    ),
    "busy": N_("{limit} runs are going on at this server, which is its limit. Try again shortly."),
    "run_too_long": N_(
        "{field}: a network can be trained for {most} steps; from here {limit} more are possible."
    ),
    "run_too_large": N_(
        "{field}: the history of {count} steps of a network of this size is too large to keep; at "
        "most {limit} are possible."
    ),
}
