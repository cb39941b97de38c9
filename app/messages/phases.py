"""What the phases of a step are called."""

from collections.abc import Mapping

from app.messages.marking import N_

# What a phase is called: of a hidden layer among several, of the only one, of the outputs.
PHASES: Mapping[str, tuple[str, str, str]] = {
    "pre_activation": (
        N_("{pre} of hidden layer {layer}"), N_("{pre} of the hidden layer"),
        N_("{pre} of the outputs"),
    ),
    "activation": (
        N_("{act} of hidden layer {layer}"), N_("{act} of the hidden layer"),
        N_("{act} of the outputs"),
    ),
    "error": (N_("the error"), N_("the error"), N_("the error")),
    "delta": (
        N_("δ of hidden layer {layer}"), N_("δ of the hidden layer"), N_("δ of the outputs"),
    ),
    "gradient": (
        N_("gradients into hidden layer {layer}"), N_("gradients into the hidden layer"),
        N_("gradients into the outputs"),
    ),
    "moments": (
        N_("memory of hidden layer {layer}"), N_("memory of the hidden layer"),
        N_("memory of the outputs"),
    ),
    "update": (
        N_("update into hidden layer {layer}"), N_("update into the hidden layer"),
        N_("update into the outputs"),
    ),
}  # fmt: skip
PHASES_SHORT: Mapping[str, str] = {
    "pre_activation": N_("{pre} {layer}"),
    "activation": N_("{act} {layer}"),
    "error": "{loss}",
    "delta": "δ {layer}",
    "gradient": "∂w {layer}",
    "moments": "m⁺ {layer}",
    "update": "w⁺ {layer}",
}
# Phases of all layers at once: short, and in full.
WHOLE_PHASES: Mapping[str, tuple[str, str]] = {
    "moments": (N_("memory"), N_("the optimizer's memory")),
    "update": (N_("update"), N_("the update")),
}
LAYERS_SHORT: tuple[str, str, str] = (N_("L{layer}"), N_("h"), N_("o"))
