"""What the page announces after a command, a phase, a run, or a link that shows something else."""

from app.messages.marking import N_, Texts

# What a screen reader says after an action, and what stands above the picture.
AFTER_COMMAND: Texts = {
    "start": N_("Step 0: nothing computed yet. Forward shows what the network answers."),
    "forward": N_("Forward pass at step {step}: the error is {loss}."),
    "fell": N_("Step {step}: the error fell from {before} to {after}."),
    "rose": N_("Step {step}: the error rose from {before} to {after}."),
    "same": N_("Step {step}: the error stayed at {after}."),
    "take-back": N_("Taken back to step {step}: the error is {loss}."),
    "reset": N_("Reset to step {step}: nothing computed yet; the learning rate is {rate}."),
    "walk_start": N_("Step {step}: nothing computed yet."),
    "redo": N_("Step {step} again: the error is {loss}."),
    "edit": N_("Changed. With these values the error is {loss}."),
    "edited_start": N_("Changed. Nothing is computed with these values yet."),
    "branch": N_("Branch {branch} at step {step}: the error is {loss}."),
    "converted": N_("Step {step} with the new rule: the error goes from {before} to {after}."),
    "rules": N_("The new rule holds from step {step} on."),
    "learning-rate": N_("The learning rate is now {rate}; the next step uses it."),
}

# An error where each step sees another batch.
NEXT_BATCH = N_("{error} (of the batch that comes next)")
OVER_ALL = N_(" Over all {samples} samples the mean error is {loss}.")
OVER_ALL_CLASSES = N_(" Over all {samples} samples the mean error is {loss}; {right} are right.")

# What a phase has computed, as one sentence.
AFTER_PHASE: Texts = {
    "pre_activation": N_("{what}: weights times what comes in, plus the bias: {values}."),
    "activation": N_("{what}: the activation function at {pre}: {values}."),
    "error": N_("The error is {loss}; each output's share: {values}."),
    "delta": N_("{what}: how much the error changes with {pre}: {values}."),
    "gradient": N_("{what}: δ times what came in along each weight."),
    "moments": N_("{what}: what it keeps of earlier gradients, with the new ones."),
    "update": N_("{what}: each weight minus η times its gradient."),
    "update_remembering": N_("{what}: each weight moved as the optimizer's memory says."),
}

# Why a run ended: one sentence.
AFTER_RUN: Texts = {
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

# What is said when something else of the same moment is shown.
AFTER_LINK: Texts = {
    "fields": N_("The values in the tables can be changed now."),
    "no_fields": N_("The tables show values again."),
    "bias_nodes": N_("Biases are drawn as nodes."),
    "bias_rows": N_("Biases are drawn as rows."),
    "digits": N_("Tables and derivations show {digits} digits."),
    "check_good": N_("Gradient check: all agree, the largest relative difference is {largest}."),
    "check_bad": N_("Gradient check: they differ by up to {largest}, relative to their size."),
    "check_early": N_("Gradient check: not computed yet, it needs the gradients of every layer."),
    "no_check": N_("The gradient check is closed."),
}
