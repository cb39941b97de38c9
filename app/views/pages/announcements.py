"""What the page tells of a network."""

from app.lab.lab import Lab
from app.lab.visibility import Visibility
from app.messages.announcements import AFTER_COMMAND
from app.views.options import DEFAULT_DIGITS, ViewOptions
from app.views.pages.branches import branch_name
from app.views.pages.phase_list import phase_sentence
from app.views.text.announcements import error_shown, of_batch, own_sample
from app.views.text.formatting import numbers_apart, plain
from app.views.text.sample import own_error_of

_AT_START = {"edit": "edited_start", "phases-back": "phases_back_start"}
"""What commands are told as that lead to where nothing is computed."""


def sentence(lab: Lab, options: ViewOptions, command: str | None = None) -> str:
    """What to tell about ``lab``, after ``command`` or on arriving: one sentence."""
    command = _told_as(lab, command)
    rate = plain(lab.present.optimizer.learning_rate)
    if command in ("learning-rate", "reset"):
        return AFTER_COMMAND[command].format(rate=rate, step=lab.step)
    if command == "rules" and lab.trace is None:
        return AFTER_COMMAND["rules"].format(step=lab.step)
    if lab.walking and lab.position:
        visible = Visibility(options.seen(lab).own, lab.progress)
        digits = DEFAULT_DIGITS, options.error_digits
        return phase_sentence(visible, options.notation_for(lab), *digits)
    if lab.phase == "start":
        code = _AT_START.get(command or "", "walk_start" if lab.step else "start")
        return AFTER_COMMAND[code].format(step=lab.step)
    loss = error_shown(lab, options.error_digits)
    if command in ("take-back", "phases-back", "rewind", "edit", "branch", "redo"):
        branch = branch_name(lab.branch)
        return AFTER_COMMAND[command].format(step=lab.step, loss=loss, branch=branch)
    trace = lab.trace
    if trace is None:
        return AFTER_COMMAND["forward"].format(step=lab.step, loss=loss)
    before, after = trace.forward.loss, trace.loss_after
    code = "fell" if after < before else "rose" if after > before else "same"
    one, other = numbers_apart(before, after, options.error_digits)
    if command == "rules":
        code, other = "converted", of_batch(lab, other)
    elif own := own_error_of(lab.shown_spec):
        code += f"_of_{own}"
    return AFTER_COMMAND[code].format(
        step=lab.step, before=one, after=other, sample=own_sample(lab)
    )


def _told_as(lab: Lab, command: str | None) -> str | None:
    """What a command did: taken back are steps, or the phases of one that was being walked."""
    if command == "take-back" and lab.walking:
        return "phases-back"
    return "reset" if command == "forget" else command
