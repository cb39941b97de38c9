"""What is said of the error, and of a run that ended."""

from app.engine.metrics import scores_of
from app.engine.network import Spec
from app.explain.notation import Notation
from app.explain.rounding import number
from app.lab.lab import Lab
from app.lab.runs import ACCURACY, BATCH, Ending, RunGoal, goal_value, goals_for
from app.messages.announcements import (
    AFTER_GOAL,
    AFTER_RUN,
    AFTER_RUN_OF_OWN,
    ERROR_OF_THIS,
    GOAL_TOLD,
    OVER_ALL,
    OVER_ALL_CLASSES,
    RUN_GOALS,
)
from app.messages.marking import Count
from app.views.text.formatting import full, numbers_apart, short
from app.views.text.sample import own_error_of

LOSS_DECIMALS = 6


def run_text(ending: Ending, start: Lab, lab: Lab, goal: RunGoal) -> str:
    """One sentence about a run that ended towards ``goal``."""
    until = goal.until
    if until is not None and goal.of != BATCH and ending.value in AFTER_GOAL:
        return _goal_text(ending, start, lab, goal.of, until)
    before, after = numbers_apart(start.forward_pass.loss, lab.forward_pass.loss, LOSS_DECIMALS)
    if start.forward_pass.loss == lab.forward_pass.loss:
        before = after = number(lab.forward_pass.loss, LOSS_DECIMALS)
    texts = {**AFTER_RUN, **AFTER_RUN_OF_OWN[own_error_of(lab.present)]}
    sentence = texts[ending.value].format(
        steps=Count(lab.step - start.step), step=lab.step, next=lab.step + 1,
        before=before, after=after, until="" if until is None else full(until),
    )  # fmt: skip
    return sentence if ending.is_trouble else sentence + _over_all(lab)


def _goal_text(ending: Ending, start: Lab, lab: Lab, of: str, until: float) -> str:
    value = goal_value(lab, of)
    shown, wanted = full(until), "∞" if value is None else number(value, LOSS_DECIMALS)
    if of == ACCURACY:
        shown, wanted = (_percent(one) for one in (until, value or 0.0))
    told = GOAL_TOLD[of].format(value=wanted)
    steps = Count(lab.step - start.step)
    return AFTER_GOAL[ending.value].format(steps=steps, step=lab.step, told=told, until=shown)


def run_goals(spec: Spec, notation: Notation) -> tuple[tuple[str, str], ...]:
    """The goals that a run may have, each with what it is offered as; the number follows."""
    goals = goals_for(spec)
    own = own_error_of(spec) or "loss"
    codes = (own if goal == BATCH else goal for goal in goals)
    return tuple(zip(goals, (RUN_GOALS[c].format(loss=notation.loss) for c in codes), strict=True))


def _percent(share: float) -> str:
    return f"{short(100 * share)} %"


def _over_all(lab: Lab) -> str:
    """What the error of one batch does not say: how all training samples fare."""
    if lab.present.batches < 2:
        return ""
    score = scores_of(lab.present, lab.parameters).training
    if score.loss is None:
        return ""
    text = OVER_ALL if score.right is None else OVER_ALL_CLASSES
    loss = number(score.loss, LOSS_DECIMALS)
    return text.format(loss=loss, samples=score.samples, right=score.right)


def error_shown(lab: Lab, digits: int) -> str:
    """The error that the page ends with: after the update in view, else of the forward pass."""
    return of_batch(
        lab, number(lab.trace.loss_after if lab.trace else lab.forward_pass.loss, digits)
    )


def of_batch(lab: Lab, error: str) -> str:
    """An error in a sentence: that of the step in view, where each step sees another batch."""
    own = own_error_of(lab.shown_spec)
    return ERROR_OF_THIS[own].format(error=error, sample=own_sample(lab)) if own else error


def own_sample(lab: Lab) -> int:
    """The number of the first sample of the step in view."""
    return int(lab.shown_spec.batch_slice(lab.base_step).start) + 1
