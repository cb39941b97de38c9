"""What a Spec tells and nothing in it uses: whoever tells it means something else."""

from collections.abc import Collection, Mapping
from typing import Any

from app.engine.activations import ACTIVATIONS, LEAKY_SLOPE
from app.engine.losses import HUBER_DELTA, LOSSES
from app.engine.validation import SpecError

SCALED = ("uniform", "normal", "constant")
"""The schemes that have a scale."""
_RULES: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "slope_at_zero": (0.0, tuple(name for name, rule in ACTIVATIONS.items() if rule.kink)),
    "leaky_slope": (LEAKY_SLOPE, ("leaky_relu",)),
    "huber_delta": (HUBER_DELTA, tuple(name for name in LOSSES if "huber" in name)),
}
"""To each option its usual value, and the activations or losses that use it."""


def unused_rules(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The options that no activation and no loss of a Spec's data uses, with those that would."""
    there = {*data["activations"], data["loss"]}
    return {name: users for name, (_, users) in _RULES.items() if not there.intersection(users)}


def check_rules(data: Mapping[str, Any], start: Collection[str], decay: Collection[str]) -> None:
    """Raise SpecError if a Spec's data tells an option that it does not use, or freezes one twice.

    The usual value of a rule may stand there, as every State has it. ``start`` are the options
    that its initialization was given, ``decay`` those of its optimizer.
    """
    for name, users in unused_rules(data).items():
        if data.get(name, _RULES[name][0]) != _RULES[name][0]:
            raise SpecError(f"/{name}", "unused_without", allowed=", ".join(users))
    scheme = (data.get("initialization") or {}).get("scheme")
    if "scale" in start and scheme not in SCALED:
        raise SpecError("/initialization/scale", "unused_without", allowed=", ".join(SCALED))
    if not data["optimizer"]["weight_decay"]:
        for name in ("decay_biases", "weight_decay_form"):
            if name in decay:
                raise SpecError(f"/optimizer/{name}", "unused_without", allowed="weight_decay")
    frozen = data.get("frozen") or []
    for at, name in enumerate(frozen):
        if name in frozen[:at]:
            raise SpecError(f"/frozen/{at}", "name_twice", name=name)
