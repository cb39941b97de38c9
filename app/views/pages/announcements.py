"""What the page tells of a network."""

from app import messages
from app.lab.lab import Lab
from app.views.options import DEFAULT_DIGITS, ViewOptions
from app.views.pages.branches import branch_name
from app.views.pages.lab import LOSS_DECIMALS
from app.views.pages.phase_list import phase_sentence
from app.views.text.formatting import number, plain, told_apart


def sentence(lab: Lab, options: ViewOptions, command: str | None = None) -> str:
    """What to tell about ``lab``, after ``command`` or on arriving: one sentence."""
    rate = plain(lab.present.optimizer.learning_rate)
    if command in ("learning_rate", "reset"):
        return messages.said(command, rate=rate, step=lab.step)
    if command == "rules" and lab.trace is None:
        return messages.said("rules", step=lab.step)
    if lab.walking and lab.position:
        moment = options.seen(lab).own.moment(lab.progress)
        return phase_sentence(moment, options.notation_for(lab), DEFAULT_DIGITS)
    if lab.phase == "start":
        if command == "edited":
            return messages.said("edited_start")
        return (
            messages.said("start") if not lab.step else messages.said("walk_start", step=lab.step)
        )
    loss = messages.error_text(number(lab.forward_pass.loss, LOSS_DECIMALS), lab.present.batches)
    if command in ("taken_back", "edited", "branch", "redone"):
        return messages.said(command, step=lab.step, loss=loss, branch=branch_name(lab.branch))
    trace = lab.trace
    if trace is None:
        return messages.said("forward", step=lab.step, loss=loss)
    before, after = trace.forward.loss, trace.loss_after
    code = "fell" if after < before else "rose" if after > before else "same"
    if command == "rules":
        code = "converted"
    texts = told_apart(before, after, LOSS_DECIMALS)
    return messages.said(code, step=lab.step, before=texts[0], after=texts[1])
