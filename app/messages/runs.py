"""What is said of runs: how they ended, and why one is refused."""

from collections.abc import Mapping

from app.messages.marking import N_

# Why a run ended: one sentence.
RAN: Mapping[str, str] = {
    "count": N_("Ran from step {start} to step {step}: the error went from {before} to {after}."),
    "reached": N_("Step {step}: the error is {after}, which is {until} or less; the run ended."),
    "already": N_("No step taken: at step {step} the error is {after}, {until} or less already."),
    "not_reached": N_(
        "Ran from step {start} to step {step}: the error is {after}, still above {until}."
    ),
    "stopped": N_("Stopped at step {step}: the error is {after}."),
    "diverged": N_(
        "The run ended at step {step}: at step {next} a number becomes too large to represent. "
        "What was computed stays; lower the learning rate, then go on."
    ),
    "full": N_(
        "The run ended at step {step}: this network's history takes as much room as it may. "
        "What was computed stays; start afresh to go on."
    ),
    "late": N_(
        "The run ended at step {step}, after as many seconds as a page may wait. "
        "What was computed stays; run again to go on."
    ),
    "moved_on": N_(
        "The run ended: the network was changed elsewhere. You now see it as it stands."
    ),
    "closing": N_(
        "The run ended at step {step}: the server is about to stop. What was computed stays."
    ),
}

RUN_LABELS: Mapping[str, str] = {
    "/count": N_("The number of steps (count)"),
    "/until": N_("The error to end at (until)"),
}

# code: (title, sentence), as in ``problems``
RUN_PROBLEMS: Mapping[str, tuple[str, str]] = {
    "diverged": (
        N_("The weights ran away"),
        N_(
            "At step {step} a number became too large to represent, or undefined, as zero "
            "divided by zero with ε = 0. Nothing was changed; "
            "lower the learning rate or take fewer steps, then try again."
        ),
    ),
    "busy": (
        N_("Busy"),
        N_("{limit} runs are going on at this server, which is its limit. Try again shortly."),
    ),
    "run_too_long": (
        "",
        N_(
            "{field}: a network can be trained for {most} steps; "
            "from here {limit} more are possible."
        ),
    ),
    "run_too_large": (
        "",
        N_(
            "{field}: the history of {count} steps of a network of this size is too large to keep; "
            "at most {limit} are possible."
        ),
    ),
}
