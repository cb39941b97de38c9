"""What the page announces after a command, a phase, a run, or a link that shows something else."""

from collections.abc import Mapping

from app.messages.marking import N_, Texts

# What a screen reader says after an action, and what stands above the diagram.
AFTER_COMMAND: Texts = {
    "start": N_("Step 0. Nothing computed yet."),
    "forward": N_("Forward pass done. The error is {loss}."),
    "fell": N_("Step {step}: the error fell from {before} to {after}."),
    "rose": N_("Step {step}: the error rose from {before} to {after}."),
    "same": N_("Step {step}: the error stayed at {after}."),
    "fell_of_batch": N_("Step {step}: this batch’s error fell from {before} to {after}."),
    "rose_of_batch": N_("Step {step}: this batch’s error rose from {before} to {after}."),
    "same_of_batch": N_("Step {step}: this batch’s error stayed at {after}."),
    "fell_of_one": N_("Step {step}: the error of sample {sample} fell from {before} to {after}."),
    "rose_of_one": N_("Step {step}: the error of sample {sample} rose from {before} to {after}."),
    "same_of_one": N_("Step {step}: the error of sample {sample} stayed at {after}."),
    "take-back": N_("Step taken back. You are at step {step}; the error is {loss}."),
    "phases-back": N_("Phases taken back. You are at step {step}; the error is {loss}."),
    "phases_back_start": N_("Phases taken back. You are at step {step}, nothing computed yet."),
    "rewind": N_("You are at step {step}; the error is {loss}."),
    "reset": N_(
        "Back at step {step}, nothing computed yet. Learning rate {rate}. Redo brings your steps "
        "back."
    ),
    "walk_start": N_("Step {step}. Nothing computed yet."),
    "redo": N_("Step {step} redone. The error is {loss}."),
    "edit": N_("Value changed. The error is now {loss}."),
    "edited_start": N_("Value changed. Nothing computed with it yet."),
    "branch": N_("You are on branch {branch}, step {step}. The error is {loss}."),
    "converted": N_(
        "Step {step} recomputed with the new rule: the error went from {before} to {after}."
    ),
    "rules": N_("The new rule applies from step {step} on."),
    "learning-rate": N_("Learning rate set to {rate}. It applies from the next step."),
}

# An error where each step sees another batch, or another sample.
ERROR_OF_THIS: Texts = {
    "batch": N_("{error} (of this batch)"),
    "one": N_("{error} (of sample {sample})"),
}
OVER_ALL = N_(" Mean error over all {samples} samples: {loss}.")
OVER_ALL_CLASSES = N_(
    " Mean error over all {samples} samples: {loss}; {right} classified correctly."
)

# The phases of a step come in four acts.
ACTS: Texts = {
    "forward": N_("Forward"),
    "error": N_("Error"),
    "backward": N_("Backward"),
    "update": N_("Update"),
}
ACT_QUESTIONS: Texts = {
    "forward": N_("What does it answer?"),
    "error": N_("How wrong is that?"),
    "backward": N_("Who is to blame?"),
    "update": N_("Do better."),
}

# What a phase has computed: the numbers first; many of them are all that a phone has room for.
AFTER_PHASE: Texts = {
    "many": N_("{what}: {values}."),
    "pre_activation": N_("{what}: {values}. Each input times its weight, summed, plus the bias."),
    "activation": N_("{what}: {values}. The activation function, applied to {pre}."),
    "delta": N_("{what}: {values}. How strongly the error reacts to {pre}."),
    "gradient": N_("{what}: δ times the value that came in along each weight."),
    "gradient_mean": N_(
        "{what}: δ times the value that came in along each weight, averaged over samples "
        "{first}–{last}."
    ),
    "gradient_sum": N_(
        "{what}: δ times the value that came in along each weight, summed over samples "
        "{first}–{last}."
    ),
    "moments": N_("{what}: earlier gradients, blended with the new ones."),
    "update": N_("{what}: new weight = weight − η × gradient."),
    "update_remembering": N_("{what}: the optimizer moves each weight, using what it remembers."),
}

ANOTHER_NETWORK = N_("The class now follows another network: {name}.")
"""What a class hears when whoever drives goes on with another network; the usual comes next."""

# Whose numbers a phase's sentence tells, where there are several samples.
OF_SAMPLE = N_("{values} (sample {sample})")

# What the error phase has computed, by what E is more than its outputs' parts. Those parts, and the
# error that they add up to, are always of one sample.
ERROR_OF: Texts = {
    "outputs": N_("The error is {loss}, the sum of {values}."),
    "output": N_("The error is {loss}."),
    "outputs_of_many": N_("The error of sample {sample} is {loss}, the sum of {values}."),
    "output_of_many": N_("The error of sample {sample} is {loss}."),
    "decay": N_("The error is {loss}, weight decay included."),
    "mean": N_("The error is {loss}, the mean over samples {first}–{last}."),
    "mean_decay": N_(
        "The error is {loss}, the mean over samples {first}–{last} plus weight decay."
    ),
    "sum": N_("The error is {loss}, the sum over samples {first}–{last}."),
    "sum_decay": N_("The error is {loss}, the sum over samples {first}–{last} plus weight decay."),
}
OWN_ERROR: Texts = {
    "outputs": N_("Sample {sample}: {own}, the sum of {values}."),
    "output": N_("Sample {sample}: {own}."),
}

# Why a run ended: one sentence.
AFTER_RUN: Texts = {
    "count": N_("Ran {steps:step|steps}, to step {step}. The error went from {before} to {after}."),
    "reached": N_(
        "Stopped at step {step}: the error is {after}, at or below your goal of {until}."
    ),
    "already": N_("Nothing to do: the error is {after}, already at or below {until}."),
    "not_reached": N_(
        "Ran {steps:step|steps}, to step {step}. The error is {after}, still above {until}."
    ),
    "stopped": N_("Stopped at step {step}: the error is {after}."),
    "diverged": N_(
        "The run stopped at step {step}: in step {next} a number grew too large to represent. "
        "Everything so far is kept. Try a smaller learning rate."
    ),
    "full": N_(
        "The run stopped at step {step}: this network’s history is full. "
        "Everything so far is kept. Delete the history to continue."
    ),
    "late": N_(
        "The run stopped at step {step} because it reached the time limit. Press Run to continue."
    ),
    "moved_on": N_(
        "The run stopped: this network was changed in another window. You now see its current "
        "state."
    ),
    "closing": N_(
        "The run stopped at step {step} because the server is shutting down. "
        "Everything so far is kept."
    ),
}

# The same where each step sees another batch, or another sample: the error is the mean over all
# samples, which is said after it.
_AFTER_RUN_OF_BATCHES: Texts = {
    "count": N_("Ran {steps:step|steps}, to step {step}."),
    "reached": N_(
        "Stopped at step {step}: the next batch’s error is at or below your goal of {until}."
    ),
    "already": N_("Nothing to do: the next batch’s error is already at or below {until}."),
    "not_reached": N_(
        "Ran {steps:step|steps}, to step {step}. The next batch’s error is still above {until}."
    ),
    "stopped": N_("Stopped at step {step}."),
}
_AFTER_RUN_OF_SAMPLES: Texts = {
    **_AFTER_RUN_OF_BATCHES,
    "reached": N_(
        "Stopped at step {step}: the next sample’s error is at or below your goal of {until}."
    ),
    "already": N_("Nothing to do: the next sample’s error is already at or below {until}."),
    "not_reached": N_(
        "Ran {steps:step|steps}, to step {step}. The next sample’s error is still above {until}."
    ),
}
AFTER_RUN_OF_OWN: Mapping[str, Texts] = {
    "": {}, "batch": _AFTER_RUN_OF_BATCHES, "one": _AFTER_RUN_OF_SAMPLES,
}  # fmt: skip

# How far a run towards another goal than its batches' error has come, and why it ended.
GOAL_TOLD: Texts = {
    "all": N_("the mean error over all training samples is {value}"),
    "accuracy": N_("{value} of the training samples are classified correctly"),
    "tolerance": N_("no output is further than {value} from its target"),
}
AFTER_GOAL: Texts = {
    "reached": N_("Stopped at step {step}: {told}. Your goal was {until}."),
    "already": N_("Nothing to do: {told}. Your goal was {until}."),
    "not_reached": N_(
        "Ran {steps:step|steps}, to step {step}: {told}. Your goal of {until} is not reached."
    ),
}
RUN_GOALS: Texts = {
    "loss": N_("{loss} ≤"),
    "batch": N_("next batch’s {loss} ≤"),
    "one": N_("next sample’s {loss} ≤"),
    "all": N_("{loss} of all samples ≤"),
    "accuracy": N_("accuracy ≥"),
    "tolerance": N_("outputs within"),
}
"""What the choice of a run's goal says; the number follows. "loss" is that of the only batch."""

# What is said when something else of the same moment is shown.
AFTER_LINK: Texts = {
    "fields": N_("You can now edit the values in the tables."),
    "no_fields": N_("Editing is off."),
    "bias_nodes": N_("Biases are drawn as nodes where there is room."),
    "bias_rows": N_("Biases are drawn as rows."),
    "digits": N_("Formulas and tables show {digits} digits, the diagram 4."),
    "check_rounding": N_("Gradient check passed: all gradients agree to within rounding."),
    "check_good": N_(
        "Gradient check passed: all gradients agree (largest relative difference {largest})."
    ),
    "check_bad": N_("Gradient check failed: gradients differ by up to {largest} (relative)."),
    "check_early": N_(
        "The gradient check needs the gradients of every layer. Finish the step first."
    ),
    "no_check": N_("Gradient check closed."),
}
