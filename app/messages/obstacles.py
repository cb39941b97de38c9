"""What a network gets stuck on, and what helps."""

from app.messages.marking import N_, Texts

OBSTACLES: Texts = {
    "symmetric": N_(
        "{units} have equal weights: they compute the same, get the same gradients and stay equal, "
        "as if they were one unit. Start them with different weights."
    ),
    "saturated": N_(
        "Saturated: {units}. For most samples the output is near the end of its range, where the "
        "slope is almost 0, so hardly any gradient gets through. Smaller weights or inputs help."
    ),
    "dead": N_(
        "Dead: {units}. For every sample the slope is 0 or almost 0, so no gradient gets "
        "through. A smaller learning rate from the start, or leaky ReLU, helps."
    ),
    "flat": N_(
        "No slope: {units}. The step function is flat everywhere, so no gradient gets through. "
        "Sigmoid or tanh helps."
    ),
    "rate": N_("The learning rate is 0, so no step changes a weight."),
    "frozen": N_("All weights and biases are frozen, so no step changes them."),
    "overshoot": N_(
        "This step overshot: the error of the very samples it learnt from rose from {before} to "
        "{after}. Take it back and try a smaller learning rate, such as {rate}."
    ),
    "against": N_(
        "One against all: the step lowered its own error, and raised the mean over "
        "all training samples from {before} to {after}. Larger batches or a smaller learning rate "
        "help."
    ),
}

# By the mark of a unit in the diagram.
STUCK: Texts = {
    "symmetric": N_("{unit}: equal to another unit"),
    "saturated": N_("{unit}: saturated"),
    "dead": N_("{unit}: dead"),
    "flat": N_("{unit}: no slope"),
}
