"""What phases are called; what derivations ask and mean, and how expressions are read out."""

from app.messages.marking import N_, Texts

# What a derivation answers.
QUESTIONS: Texts = {
    "input": N_("What is the input {name}?"),
    "target": N_("What is the target {name}?"),
    "value": N_("What is {name} now?"),
    "pre": N_("What does {name} receive in total?"),
    "act": N_("What does {name} output?"),
    "delta": N_("How strongly does the error react to {name}’s net input?"),
    "delta_of_sample": N_(
        "How strongly does the error of sample {sample} react to {name}’s net input?"
    ),
    "share": N_("How much does {name} add to the error?"),
    "share_of_sample": N_("How much does {name} add to the error of sample {sample}?"),
    "error": N_("How far is {name} from its target?"),
    "loss": N_("How wrong is the network before this update?"),
    "loss_after": N_("How wrong is the network after this update?"),
    "by_input": N_("How strongly does the error react to the input {name}?"),
    "by_input_of_sample": N_(
        "How strongly does the error of sample {sample} react to its input {name}?"
    ),
    "weight": N_("How strongly does the error react to {name}?"),
    "bias": N_("How strongly does the error react to {name}?"),
    "new": N_("What does {name} become?"),
    "velocity": N_("How fast is {name} moving?"),
    "mean": N_("What is the running mean of {name}’s gradient?"),
    "square": N_("What is the running mean square of {name}’s gradient?"),
    "total": N_("How large is the sum of {name}’s squared gradients?"),
    "momenta": N_("How much of {name}’s mean gradient is still missing?"),
    "largest": N_("What is the largest value that {name}’s update is divided by?"),
}
TITLES: Texts = {
    "input": N_("Input {name}"),
    "target": N_("Target {name}"),
    "value": N_("Value of {name}"),
    "pre": N_("Pre-activation of {name}"),
    "act": N_("Activation of {name}"),
    "delta": N_("δ of {name}"),
    "share": N_("{name}’s part of the error"),
    "share_of_sample": N_("{name}’s part of sample {sample}’s error"),
    "error": N_("Output minus target, {name}"),
    "loss": N_("Error"),
    "loss_after": N_("Error after the update"),
    "by_input": N_("Gradient by the input {name}"),
    "weight": N_("Gradient of {name}"),
    "bias": N_("Gradient of {name}"),
    "new": N_("New value of {name}"),
    "velocity": N_("Velocity of {name}"),
    "mean": N_("Mean gradient of {name}"),
    "square": N_("Mean squared gradient of {name}"),
    "total": N_("Sum of {name}’s squared gradients"),
    "largest": N_("Largest value so far of {name}"),
    "momenta": N_("Product of all μₜ so far, of {name}"),
}

# What a line of a derivation means.
MEANINGS: Texts = {
    "given_input": N_("Given by the sample"),
    "given_target": N_("Given by the sample"),
    "given_value": N_("Its value before this update"),
    "pre": N_("Each weight times its input, plus the bias"),
    "act": N_("Apply {activation} to that sum"),
    "share": N_("{name} compared with its target {target}"),
    "loss": N_("Added over all outputs"),
    "loss_after": N_("Added over all outputs, with the new weights"),
    "loss_samples": N_("Summed over the {count} samples of the batch"),
    "loss_samples_mean": N_("Averaged over the {count} samples of the batch"),
    "loss_after_samples": N_("Summed over the {count} samples of the batch"),
    "loss_after_samples_mean": N_("Averaged over the {count} samples of the batch"),
    "error": N_("Output minus target"),
    "delta": N_("What δ means"),
    "chain": N_("The chain rule"),
    "loss_slope": N_("How wrong is {name}?"),
    "carried": N_("How much blame do the next units pass back to {name}?"),
    "carried_updated": N_(
        "The next units’ δ, carried back by weights that this step has already changed. This is a "
        "mistake: the result is not a gradient."
    ),
    "slope": N_("How steep is {activation} at {name}?"),
    "source": N_("What came in along {name}?"),
    "bias_source": N_("A bias is simply added, so its factor is 1."),
    "shared_bias": N_("{name} acts through every unit of its layer, so their δ add up"),
    "product": N_("Multiply the factors"),
    "path": N_("Path {number}: via {route}"),
    "paths": N_("Sum over the {count} paths"),
    "only_path": N_("This is the only path"),
    "samples": N_("Summed over the {count} samples of the batch"),
    "samples_mean": N_("Averaged over the {count} samples of the batch"),
    "update": N_("The update: a step against the gradient, scaled by η"),
    "frozen": N_("Fixed: {name} is never updated"),
    "update_remembering": N_("The update, using the optimizer’s state"),
    "scheduled": N_("The learning rate of this step, by its schedule"),
    "clipped": N_("Clipping: a gradient that is too large is cut to the limit"),
    "penalised": N_("The samples, plus what weight decay adds to the error"),
    "matched_step": N_(
        "The perceptron’s rule: a step has no slope to follow, so its δ is output − target. How "
        "wrong is {name}?"
    ),
    "decayed": N_("Weight decay: an extra pull of {name} towards zero"),
    "shrunk": N_("Weight decay: {name} shrinks slightly before it moves"),
    "velocity": N_("Velocity: part of the last move, plus this gradient"),
    "mean": N_("Running mean: mostly the old value, plus a little of this gradient"),
    "square": N_(
        "Running mean square: mostly the old value, plus a little of this gradient squared"
    ),
    "total": N_("Sum of squares: each gradient squared is added, and nothing is forgotten"),
    "largest": N_("The larger of the old value and the new one"),
    "momentum_now": N_("NAdam’s share of the mean in this step: it grows towards β₁"),
    "momentum_next": N_("The share in the next step, which NAdam looks ahead to"),
    "momenta": N_("The product of all shares so far: what the mean still lacks"),
    "corrected_mean": N_("Bias correction, because the mean started at zero"),
    "corrected_square": N_("Bias correction, because the mean square started at zero"),
    "corrected_rate": N_("A corrected rate, because the mean and the mean square started at zero"),
    "joint_chain": N_("Every output depends on {name}, so the chain rule sums over all of them"),
    "joint_filled": N_("Each derivative written out"),
    "joint_slope": N_("In numbers"),
    "matched_sigmoid": N_(
        "The factor a (1 − a) cancels: with this loss, δ of a sigmoid output is just output − "
        "target. How wrong is {name}?"
    ),
    "matched_softmax": N_(
        "Everything cancels except output − target of {name} itself, because the targets sum to 1. "
        "How wrong is {name}?"
    ),
}
DIRECTIONS: Texts = {
    "down": N_("Positive gradient: lowering {name} lowers the error."),
    "up": N_("Negative gradient: raising {name} lowers the error."),
    "flat": N_("Zero gradient: a small change of {name} does not change the error."),
}
REST_LISTED = N_("… stands for {rest} more samples, {together} together.")
REST = N_("… stands for {rest} more samples.")
MANY_PATHS = N_(
    "{count} paths lead from here to the error, too many to list. The next layer’s δ already "
    "contain them all."
)
SPOKEN = N_("{question} {value}, which is {numbers}.")
NOT_YET = N_("Not yet computed.")
FROM_SHOWN = N_("With the rounded digits you would get {other}; {value} uses the exact values.")
PENDING = N_("Not yet computed. It comes in the phase “{phase}”.")
MOVED_MOST = {
    "weight": N_("These weights moved most"),
    "bias": N_("These biases moved most"),
    "both": N_("These weights and biases moved most"),
}
PENDING_UPDATE = N_("The update follows in the phase “{phase}”.")

# How expressions are said.
SPEECH: Texts = {
    "partial": N_("the derivative of {of} by {by}"),
    "+": N_("plus"),
    "-": N_("minus"),
    "*": N_("times"),
    "/": N_("divided by"),
    "power": N_("{base} to the power {exponent}"),
    "negative": N_("minus {of}"),
    "applied": N_("{function} of {of}"),
    "choice": N_("{then} if {left} is above {right}, else {otherwise}"),
    "equals": N_("equals"),
    "about": N_("is about"),
    "new": N_("new {of}"),
}

# What a phase is called, in full and short.
PHASES: Texts = {
    "pre_activation": N_("{place}, {pre}"),
    "activation": N_("{place}, {act}"),
    "error": N_("the error"),
    "delta": N_("{place}, δ"),
    "gradient": N_("{place}, gradients"),
    "moments": N_("{place}, optimizer state"),
    "update": N_("{place}, update"),
}
PHASES_SHORT: Texts = {
    "pre_activation": N_("{pre} {place}"),
    "activation": N_("{act} {place}"),
    "error": "{loss}",
    "delta": "δ {place}",
    "gradient": "∂w {place}",
    "moments": "m⁺ {place}",
    "update": "w⁺ {place}",
}
# Its place: a hidden layer among several, the only one, the outputs.
PLACES = (N_("hidden layer {layer}"), N_("hidden layer"), N_("output layer"))
PLACES_SHORT = (N_("L{layer}"), N_("h"), N_("o"))
# Phases of all layers at once: short, and in full.
WHOLE_PHASES = {
    "moments": (N_("state"), N_("the optimizer’s state")),
    "update": (N_("update"), N_("the update")),
}
