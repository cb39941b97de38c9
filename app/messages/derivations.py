"""What phases are called; what derivations ask and mean, and how expressions are read out."""

from app.messages.marking import N_, Texts

# What a derivation answers.
QUESTIONS: Texts = {
    "input": N_("What goes in at {name}?"),
    "target": N_("What should come out at {name}?"),
    "value": N_("What is {name} now?"),
    "pre": N_("What arrives at {name}?"),
    "act": N_("What does {name} answer?"),
    "delta": N_("How much does the error change with what arrives at {name}?"),
    "share": N_("How much does {name} add to the error?"),
    "error": N_("How far is {name} from its target?"),
    "loss": N_("How wrong is the network?"),
    "loss_after": N_("How wrong is it after this update?"),
    "weight": N_("How much does {name} matter to the error?"),
    "bias": N_("How much does {name} matter to the error?"),
    "new": N_("What does {name} become?"),
    "velocity": N_("How fast does {name} move?"),
    "mean": N_("What is the running mean of {name}'s gradient?"),
    "square": N_("What is the running mean square of {name}'s gradient?"),
}
TITLES: Texts = {
    "input": N_("Input {name}"),
    "target": N_("Target {name}"),
    "value": N_("Value of {name}"),
    "pre": N_("Pre-activation of {name}"),
    "act": N_("Activation of {name}"),
    "delta": N_("Delta of {name}"),
    "share": N_("Share of {name}"),
    "error": N_("Output minus target at {name}"),
    "loss": N_("Error"),
    "loss_after": N_("Error after the update"),
    "weight": N_("Gradient of {name}"),
    "bias": N_("Gradient of {name}"),
    "new": N_("New value of {name}"),
    "velocity": N_("Velocity of {name}"),
    "mean": N_("Mean gradient of {name}"),
    "square": N_("Mean squared gradient of {name}"),
}

# What a line of a derivation means.
MEANINGS: Texts = {
    "given_input": N_("given: it comes from the sample"),
    "given_target": N_("given: it comes from the sample"),
    "given_value": N_("its value before this step's update"),
    "pre": N_("each weight times what comes in along it, plus the bias"),
    "act": N_("the {activation} function at that sum"),
    "share": N_("{name} against its target {target}"),
    "loss": N_("the shares of all outputs together"),
    "loss_after": N_("the shares of all outputs, with the new weights"),
    "loss_samples": N_("the sum over the {count} samples of the batch"),
    "loss_samples_mean": N_("the mean over the {count} samples of the batch"),
    "loss_after_samples": N_("the sum over the {count} samples of the batch"),
    "loss_after_samples_mean": N_("the mean over the {count} samples of the batch"),
    "error": N_("what came out minus what should have"),
    "delta": N_("what delta stands for"),
    "chain": N_("the chain rule"),
    "loss_slope": N_("How wrong is {name}?"),
    "carried": N_("How wrong do the next units say {name} is? Their deltas, carried back."),
    "carried_updated": N_(
        "The deltas of the next units, carried back by weights that this step has already changed. "
        "That is a slip: the result is no gradient."
    ),
    "slope": N_("How steep is the {activation} of {name} there?"),
    "source": N_("What came in along {name}?"),
    "bias_source": N_("A bias is added as it is."),
    "shared_bias": N_("{name} matters through every unit of its layer: the sum of their deltas"),
    "product": N_("multiplied"),
    "path": N_("path {number}: through {route}"),
    "paths": N_("all {count} paths together"),
    "only_path": N_("there is no other path"),
    "samples": N_("the sum over the {count} samples of the batch"),
    "samples_mean": N_("the mean over the {count} samples of the batch"),
    "update": N_("the update: against the gradient, η times as far"),
    "frozen": N_("fixed: no update changes {name}"),
    "update_remembering": N_("the update, with what the optimizer remembers"),
    "decayed": N_("weight decay: the gradient also pulls {name} towards zero"),
    "shrunk": N_("weight decay: {name} shrinks a little before it is moved"),
    "velocity": N_("velocity: what is left of the last move, and this gradient"),
    "mean": N_("mean: mostly the old one, and a little of this gradient"),
    "square": N_("mean square: mostly the old one, and a little of this gradient squared"),
    "corrected_mean": N_("the mean began at zero; this makes up for it"),
    "corrected_square": N_("the mean square began at zero; this makes up for it"),
    "corrected_rate": N_("mean and mean square began at zero; this rate makes up for both"),
    "joint_chain": N_("every output depends on {name}: the chain rule through all of them"),
    "joint_filled": N_("each derivative written out"),
    "joint_slope": N_("all of it in numbers"),
    "matched_sigmoid": N_(
        "a (1 − a) cancels: with this loss a sigmoid output's delta is its error. "
        "How wrong is {name}?"
    ),
    "matched_softmax": N_(
        "a cancels in each term, and the targets sum to 1: what is left is the error of "
        "{name} alone. How wrong is it?"
    ),
}
DIRECTIONS: Texts = {
    "down": N_("Positive gradient: making {name} smaller makes the error smaller."),
    "up": N_("Negative gradient: making {name} larger makes the error smaller."),
    "flat": N_("Gradient zero: a small change of {name} leaves the error as it is."),
}
REST_LISTED = N_("… stands for the other {rest} samples.")
MANY_PATHS = N_(
    "{count} paths lead from here to the error. Too many to list one by one: the deltas of the "
    "next layer have gathered them."
)
SPOKEN = N_("{question} {value}, that is {numbers}.")
NOT_YET = N_("It is not computed yet.")
FROM_SHOWN = N_("The digits shown would give {other}; {value} comes from the exact factors.")
ZERO_LOG = N_("0 times the logarithm of 0 counts as 0, its limit.")
PENDING = N_("Not computed yet: the phase “{phase}” does it.")
PENDING_UPDATE = N_("The update comes with the phase “{phase}”.")

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
    "pre_activation": N_("{pre} of {place}"),
    "activation": N_("{act} of {place}"),
    "error": N_("the error"),
    "delta": N_("δ of {place}"),
    "gradient": N_("gradients into {place}"),
    "moments": N_("memory of {place}"),
    "update": N_("update into {place}"),
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
PLACES = (N_("hidden layer {layer}"), N_("the hidden layer"), N_("the outputs"))
PLACES_SHORT = (N_("L{layer}"), N_("h"), N_("o"))
# Phases of all layers at once: short, and in full.
WHOLE_PHASES = {
    "moments": (N_("memory"), N_("the optimizer's memory")),
    "update": (N_("update"), N_("the update")),
}
