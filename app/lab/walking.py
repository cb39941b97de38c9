"""Going through a step phase by phase, there and back."""

from collections.abc import Callable
from dataclasses import replace

from app.errors import Diverged, InvalidInput
from app.lab.lab import Lab
from app.lab.phases import Kind, phases_for


def next_phase(lab: Lab) -> Lab:
    """The next phase; after the last one the step is taken. Raises Diverged if it is not finite."""
    return _at(lab, lab.position + 1)


def previous_phase(lab: Lab) -> Lab:
    """The phase before, or the update that led here; InvalidInput if nothing is computed yet."""
    if lab.position:
        return lab.at_position(lab.position - 1)
    if lab.trace is None:
        raise InvalidInput("nothing_before", pointer="/to")
    earlier = lab.rewound(lab.step - 1)
    return _at(earlier, len(phases_for(earlier.present)) - 1)


def finish(lab: Lab) -> Lab:
    """To the end of the step, where it is taken."""
    return replace(lab.stepped(), walking=False)


def to_phase(lab: Lab, key: str) -> Lab:
    """To a phase of the step in view. Raises InvalidInput if the step has no such phase."""
    keys = [phase.key for phase in lab.progress.phases]
    if key not in keys:
        allowed = ", ".join(["next", "back", "finish", *keys])
        raise InvalidInput("choice", pointer="/to", allowed=allowed)
    if lab.trace and key == keys[-1]:
        return replace(lab, walking=True)
    return _at(lab.rewound(lab.step - 1) if lab.trace else lab, keys.index(key) + 1)


def is_ahead(lab: Lab, key: str) -> bool:
    """Whether a phase is one of the step from here that is not computed yet."""
    return key in [phase.key for phase in phases_for(lab.present)][lab.position :]


def onward_to(lab: Lab, key: str) -> Lab:
    """To a phase of the step from here that is ahead; InvalidInput if it is not."""
    keys = [phase.key for phase in phases_for(lab.present)]
    if not is_ahead(lab, key):
        raise InvalidInput("choice", pointer="/to", allowed=", ".join(keys[lab.position :]))
    return _at(lab, keys.index(key) + 1)


def begun(lab: Lab, phase: str) -> Lab:
    """The step in view at a phase: its key, "start", "forward" or "updated"; else InvalidInput."""
    if lab.trace and phase != "updated":
        lab = lab.taken_back()
    if phase == "start":
        return replace(lab, position=0, before=None, walking=False, _trace=None)
    if phase == "forward":
        return lab.forwarded()
    if phase == "updated":
        return lab if lab.trace else lab.stepped()
    keys = [one.key for one in phases_for(lab.present)]
    if phase not in keys:
        allowed = ", ".join(["start", "forward", "updated", *keys])
        raise InvalidInput("bad_query", pointer="/phase", allowed=allowed)
    return _at(lab, keys.index(phase) + 1)


def command(where: str) -> Callable[[Lab], Lab]:
    """The walk that a word names: "next", "back", "finish", or a phase's key."""
    known = {"next": next_phase, "back": previous_phase, "finish": finish}
    return known.get(where) or (lambda lab: to_phase(lab, where))


def _at(lab: Lab, position: int) -> Lab:
    phases = phases_for(lab.present)
    if position == len(phases):
        return replace(lab.stepped(), walking=True)
    if phases[position - 1].kind in (Kind.DELTA, Kind.GRADIENT, Kind.MOMENTS, Kind.UPDATE):
        onward = lab.onward
        if not (onward.forward.is_finite and onward.after.is_finite()):
            raise Diverged(lab.step + 1, pointer="/to")
    return lab.at_position(position)
