"""What fields are called in what is said of them, by their JSON pointers."""

from collections.abc import Mapping

from app.messages.data import FORM_LABELS
from app.messages.marking import N_
from app.messages.plots import PICTURE_LABELS
from app.messages.runs import RUN_LABELS

FIELD_LABELS: Mapping[str, str] = {
    "/learning_rate": N_("The learning rate"),
    "/loss": N_("The loss"),
    "/bias_update": N_("The rule for biases"),
    "/hidden_deltas": N_("The rule for hidden deltas"),
    **FORM_LABELS,
    **RUN_LABELS,
    **PICTURE_LABELS,
}
