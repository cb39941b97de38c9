"""Schedules, clipping and other conventions: their names, and why some do not fit together."""

from app.messages.marking import N_, Texts

SCHEDULES: Texts = {
    "constant": N_("Constant"),
    "step": N_("In steps: times γ every T steps"),
    "exponential": N_("Exponential: times γ every step"),
    "cosine": N_("Cosine: down to the floor in T steps"),
}
CLIPPINGS: Texts = {
    "none": N_("None"),
    "value": N_("By value: each gradient up to ±c"),
    "norm": N_("By norm: all together up to c"),
    "torch_norm": N_("By norm, as PyTorch (‖g‖ + 10⁻⁶)"),
}
# The builder's fields, as errors call them.
SETTINGS: Texts = {
    "dampening": N_("The dampening"),
    "momentum_decay": N_("The growth of NAdam’s momentum"),
    "centred": N_("Centring"),
    "schedule": N_("The schedule"),
    "schedule_factor": N_("The schedule’s factor"),
    "schedule_steps": N_("The schedule’s steps"),
    "schedule_floor": N_("The schedule’s floor"),
    "clipping": N_("Clipping"),
    "clip_limit": N_("The clipping limit"),
    "huber_delta": N_("The threshold of Huber’s loss"),
    "label_smoothing": N_("The label smoothing"),
    "frozen": N_("Frozen weights"),
}
UNFIT: Texts = {
    "unused_without": N_("{field} is only used with: {allowed}."),
    "dampening_form": N_(
        "{field} is a setting of accumulated momentum. Leave it at 0, or choose accumulated."
    ),
    "clipped_late": N_(
        "{field}: a norm takes all gradients, but these weights change before all are known. Try "
        "clipping by value, or exact hidden-layer δ."
    ),
    "smoothing_loss": N_(
        "{field} only works with a cross-entropy. Leave it at 0 for other losses."
    ),
    "step_loss": N_(
        "{field}: the perceptron’s rule needs step outputs, not {activation}. Try step outputs."
    ),
    "targets_signs": N_("{field}: with this loss, every target must be −1 or 1."),
    "above_zero": N_("{field} must be greater than 0."),
    "unknown_parameter": N_("{field}: this network has no weight or bias called {name}."),
    "frozen_partly": N_(
        "{field}: only some biases of layer {layer} are frozen, and one bias cannot be so in part."
    ),
    "nesterov_averaged": N_(
        "{field}: Nesterov’s momentum has no averaged form. Try classical or accumulated."
    ),
    "nothing_corrected": N_(
        "{field}: “uncorrected” is a form of Adam with bias correction. Use “outside” instead; "
        "without correction it is the same."
    ),
}
