"""What sentences call the fields of requests."""

from app.messages.asking import ASKING_LABELS
from app.messages.builder import FORM_LABELS
from app.messages.marking import N_, Texts

FIELD_LABELS: Texts = {
    "/learning_rate": N_("The learning rate"),
    "/other_rate": N_("The other learning rate"),
    "/loss": N_("The loss"),
    "/bias_update": N_("The rule for biases"),
    "/hidden_deltas": N_("The rule for hidden-layer δ"),
    **FORM_LABELS,
    **ASKING_LABELS,
    "/ask": N_("Your inputs"),
    "/count": N_("Step count"),
    "/until": N_("The stopping error"),
    "/goal": N_("The goal"),
    "/across": N_("The horizontal axis"),
    "/up": N_("The vertical axis"),
}
"""The names of fields in sentences, by their JSON pointers."""
