"""The branches of a network's timeline, to choose from."""

from dataclasses import dataclass

import numpy as np

from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.lab.lab import Lab
from app.messages.marking import _
from app.views.pages.conventions import RULES
from app.views.text.formatting import full, plain

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class BranchView:
    """A branch to choose: its letter, where it began and with what, and its last step."""

    index: int
    name: str
    about: str
    last: int
    is_present: bool


def branch_name(index: int) -> str:
    """A, B, ... Z, A2, B2, ..."""
    turn, letter = divmod(index, len(_LETTERS))
    return _LETTERS[letter] + (str(turn + 1) if turn else "")


def branches_of(lab: Lab) -> tuple[BranchView, ...]:
    """All timelines."""
    return tuple(
        BranchView(index, branch_name(index), _about(lab, index), branch.end, index == lab.branch)
        for index, branch in enumerate(lab.branches)
    )


def _about(lab: Lab, index: int) -> str:
    branch = lab.branches[index]
    first = branch.segments[0]
    rate = plain(first.spec.optimizer.learning_rate)
    if branch.parent is None:
        later = _("from step {step}, where the shared link starts, η = {rate}")
        root = later if branch.start else _("original run, η = {rate}")
        return root.format(rate=rate, step=branch.start)
    parent = reversed(lab.path_of(branch.parent))
    before = next(segment for segment in parent if segment.start <= branch.start)
    held, now = before.parameters_at(branch.start), first.parameters_at(first.start)
    changes = [*_rule_changes(before.spec, first.spec), *_value_changes(first.spec, held, now)]
    if not np.array_equal(before.spec.inputs, first.spec.inputs):
        changes.append(_("inputs changed"))
    if not np.array_equal(before.spec.targets, first.spec.targets):
        changes.append(_("targets changed"))
    what, form = (
        ", ".join(changes) or _("no change"),
        _("from {parent} at step {step}: {what}"),
    )
    return form.format(parent=branch_name(branch.parent), step=branch.start, what=what)


def _rule_changes(old: Spec, new: Spec) -> list[str]:
    before, after = old.optimizer.learning_rate, new.optimizer.learning_rate
    changes = [f"η {plain(before)} → {plain(after)}"] if before != after else []
    for rule, (_title, texts) in RULES.items():
        if getattr(old, rule) != getattr(new, rule):
            changes.append(texts[getattr(new, rule)])
    return changes


def _value_changes(spec: Spec, old: Parameters, new: Parameters) -> list[str]:
    changes = []
    for names, one, other in zip(spec.names.weights, old.weights, new.weights, strict=True):
        for j, i in np.argwhere(one != other).tolist():
            changes.append(f"{names[j][i]} {full(one[j, i])} → {full(other[j, i])}")
    for layer, (row, changed) in enumerate(zip(old.biases, new.biases, strict=True)):
        node = spec.names.bias_nodes[layer]
        for (j,) in np.argwhere(row != changed).tolist()[: 1 if node else None]:
            name = node or spec.names.biases[layer][j]
            changes.append(f"{name} {full(row[j])} → {full(changed[j])}")
    more = len(changes) - _MOST_CHANGES
    if more > 1:
        changes[_MOST_CHANGES:] = [_("{count} more").format(count=more)]
    return changes
