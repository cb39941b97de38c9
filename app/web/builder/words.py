"""The builder's choices in words: what each option of each field is called."""

from collections.abc import Mapping
from typing import Any

from app import messages
from app.data.catalog import OPTIONS, OWN
from app.lab.builder import MAX_HIDDEN
from app.messages import builder as words
from app.messages.data import DATASETS, INITIALIZATIONS, ROLES
from app.views.text.formatting import plain

CHOICES: dict[str, Mapping[str, str]] = {
    "dataset": {name: DATASETS[name] for name in (*OPTIONS, OWN)},
    "standardise": words.YES_NO,
    "shuffle": words.ORDERS,
    "delimiter": words.DELIMITERS,
    "header": words.HEADERS,
    "classes": words.CLASSES,
    "role": ROLES,
    "hidden": {"0": words.NO_HIDDEN, **{str(n): str(n) for n in range(1, MAX_HIDDEN + 1)}},
    "activation": messages.ACTIVATIONS,
    "output_activation": messages.ACTIVATIONS,
    "loss": messages.LOSSES,
    "bias_update": words.BIASES,
    "scheme": INITIALIZATIONS,
    "batch": words.BATCHES,
    "reduction": words.REDUCTIONS,
    "optimizer": messages.OPTIMIZERS,
    "momentum_form": words.MOMENTUM_FORMS,
    "epsilon_form": words.EPSILON_FORMS,
    "weight_decay_form": words.WEIGHT_DECAY_FORMS,
    "bias_correction": words.YES_NO,
    "decay_biases": words.YES_NO,
}


def said_value(name: str, value: Any) -> str:
    """A field's value as its option, or its number, reads; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, str):
        known = {**CHOICES.get(name.partition(".")[0], {}), **words.SCHEMES}
        return known.get(value, value)
    return plain(value) if isinstance(value, float) else str(value)
