"""What is said of pictures: regions, scores over the steps, distributions."""

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

# --- planes and lines -----------------------------------------------------------------------------

COLUMN = N_("{column} ({name})")
STANDARDISED = N_("{title}, standardised")
ORIGINAL = N_("{column}, original units")
PLANE = N_(
    "{across} from {left} to {right} goes right, {up} from {bottom} to {top} goes up. {answers}"
)
LINE = N_("{across} from {left} to {right} goes right. {answers}")
CLASS_SHARE = N_("class {name} in {share} %")
CLASS_SHARES = N_("The network answers {shares} of what is shown.")
WRONG = N_("Classified wrongly: {told}.")
WRONG_OF = N_("{wrong} of {count} {which}")
RANGE = N_("{name} goes from {low} to {high}; it is largest near {where}.")
RANGE_IN_UNITS = N_(" In the table's units that is from {low} to {high}.")
WHERE = N_("{name} {value}")
PENDING = N_("{what} appears once the forward pass of this step is computed.")
PENDING_REGIONS, PENDING_CURVE = N_("What the network answers"), N_("The fitted curve")
PENDING_SENTENCE = N_("The samples of {across} and {up}; no answer is computed yet.")
PENDING_LINE = N_("The samples of {across}; no answer is computed yet.")
WHICH: Mapping[str, str] = {"training": N_("training samples"), "test": N_("test samples")}
AND = N_("{most} and {last}")

HELD_MEAN = N_("held at its means over the training samples")
HELD_SAMPLE = N_("held as in sample {sample}, which stands in the network's picture")
HELD = N_(
    "{across} and {up} vary. The rest is {how}: {others}. Samples differ there, so one may be "
    "drawn on an area that is not its own."
)
HELD_ONE = N_("{name} = {value}")
HELD_MORE = N_("the {count} other inputs")

BOUNDARY = N_("boundary: {name} = 0.5")
BOUNDARY_LARGEST = N_("boundary: two outputs are equal")
SURER = N_("thin lines: {name} = 0.1, 0.25, 0.75 and 0.9; the stronger the colour, the surer")
CLASS = N_("class {name}")
LEVEL_FIRST, LEVEL_LAST, LEVEL = N_("up to {high}"), N_("above {low}"), N_("{low} to {high}")
VALUES_OF = N_("training targets of {name}, in the areas' shades")
CURVE_OF = N_("{name}: what the network answers")
TARGETS_OF = N_("training targets")
TEST_TARGETS_OF = N_("test targets")

UNIT = N_("{name} over the same inputs: from {low} to {high}, largest near {where}")
UNIT_PENDING = N_("{name}: not computed yet")
SPAN = N_("{low} to {high}")
DEAD_MARK, SATURATED_MARK = N_("dead"), N_("saturated")

# --- scores ---------------------------------------------------------------------------------------

SETS: Mapping[str, str] = {"training": N_("training"), "test": N_("test")}
PERCENT = N_("{percent} %")
ACCURACY = N_("{percent} % ({right} of {count})")
NOT_FINITE = N_("not finite")
LOSS_CHART = N_("mean {loss} of a sample")
ACCURACY_CHART = N_("accuracy")
CHART = N_("{what} from step {start} to step {steps}: {lines}.")
CHART_LINE = N_("{which} from {first} to {last}")

# --- distributions --------------------------------------------------------------------------------

LAYERS: tuple[str, str, str] = (N_("hidden layer {layer}"), N_("hidden layer"), N_("outputs"))
KINDS: Mapping[str, str] = {
    "activations": N_("activations over all training samples"),
    "gradients": N_("gradients of the weights, of the step in view"),
    "weights": N_("weights"),
}
HISTOGRAM = N_(
    "{kind}, {layer}: {count} numbers from {low} to {high}, mean {mean}; most lie from {left} to "
    "{right}"
)
HISTOGRAM_ONE = N_("{kind}, {layer}: {count} numbers, all {low}")
HISTOGRAM_NONE = N_("{kind}, {layer}: none is finite")
DEAD = N_(
    "Dead: {units} of the {layer}. ReLU answers 0 for every training sample, its slope is 0 there, "
    "so no gradient reaches the weights into it and it does not learn from these samples. A "
    "smaller learning rate, other first weights or a leaky ReLU help."
)
SATURATED = N_(
    "Saturated: {units} of the {layer}. For most training samples the {activation} is within 0.02 "
    "of an end of its range; its slope is at most {slope} there, so deltas shrink on the way back "
    "and it learns slowly."
)
SATURATED_UNIT = N_("{name} ({share} % of samples)")
VANISHING = N_(
    "Vanishing: the gradients into the first layer are {ratio} times those into the outputs "
    "(root mean square), so the first weights hardly move."
)
EXPLODING = N_(
    "Exploding: the gradients into the first layer are {ratio} times those into the outputs "
    "(root mean square)."
)
HEALTHY = N_("No dead ReLU, no saturated sigmoid or tanh.")
