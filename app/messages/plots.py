"""What plots say in several places; other sentences stand beside their only use."""

from collections.abc import Mapping

from app.messages.marking import N_

TABS: Mapping[str, str] = {
    "regions": N_("Regions"),
    "loss": N_("Loss and accuracy"),
    "distributions": N_("Distributions"),
    "off": N_("No pictures"),
}

PICTURE_LABELS: Mapping[str, str] = {
    "/across": N_("The input to the right"),
    "/up": N_("The input upwards"),
}

SETS: Mapping[str, str] = {"training": N_("training"), "test": N_("test")}
WHICH: Mapping[str, str] = {"training": N_("training samples"), "test": N_("test samples")}
KINDS: Mapping[str, str] = {
    "activations": N_("activations over all training samples"),
    "gradients": N_("gradients of the weights, of the step in view"),
    "weights": N_("weights"),
}
BOUNDARY = N_("boundary: {name} = 0.5")
CLASS = N_("class {name}")
