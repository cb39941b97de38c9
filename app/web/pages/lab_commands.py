"""Commands of the lab's forms: with htmx they answer parts of the page, without it a redirect."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import Request, Response

from app.errors import InvalidInput
from app.lab import walking
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.runs import StepCommand
from app.views.options import ViewOptions
from app.web.http.application import pool_of, store_of
from app.web.http.page import see_other
from app.web.http.routing import Routes, path_words
from app.web.networks import commands
from app.web.networks.forms import CommandForm, read_form
from app.web.pages.address import (
    EVERYWHERE,
    STORED,
    UNSTORED,
    place_of,
    stored_place,
    within,
)
from app.web.pages.lab_answers import done, refusals
from app.web.pages.live_runs import live_runs_of
from app.web.pages.options import options_after, options_of
from app.web.pages.parts import changed_parts
from app.web.pages.preparation import drawn_page, prepare_page

_CHANGES: Mapping[str, Callable[[Lab, CommandForm], Lab]] = {
    "take-back": lambda lab, form: lab.taken_back(form.count),
    "redo": lambda lab, form: lab.redone(form.count),
    "forward": lambda lab, _: lab.forwarded(),
    "reset": lambda lab, _: lab.reset(),
    "forget": lambda lab, _: lab.reset(forget=True),
    "edit": lambda lab, _: lab,  # the values that are typed hold before any command
    "rules": lambda lab, form: lab.converted(
        Edit(loss=form.loss, bias_update=form.bias_update, hidden_deltas=form.hidden_deltas)
    ),
    "learning-rate": lambda lab, form: lab.edited(
        Edit(learning_rate=_required(form, "learning_rate"))
    ),
    "phase": lambda lab, form: walking.command(_required(form, "to"))(lab),
    "rewind": lambda lab, form: lab.rewound(_required(form, "step")),
    "branch": lambda lab, form: lab.switched(_required(form, "branch"), form.step),
}
"""What the commands make of a Lab; a step is no plain change."""

router = Routes()
COMMANDS = ("step", *_CHANGES)
path_words("command", COMMANDS)
path_words("address", (*COMMANDS, "run", "stop"))


def _command(name: str, form: CommandForm, look: ViewOptions) -> commands.LabChange:
    """The command that a form's URL names, after the changes that are typed but not applied."""
    number = form.sample or look.sample
    if name == "step":
        # A learning rate that was typed but not yet set holds for the step that it was typed for.
        return StepCommand(form.count, form.edit(number, form.learning_rate))
    typed = form.edit(number)
    return lambda lab: _CHANGES[name](typed(lab), form)


def _required(form: CommandForm, name: str) -> Any:
    value = getattr(form, name)
    if value is None:
        raise InvalidInput("missing", pointer=f"/{name}")
    return value


@router.post(*(f"{path}/{{command:command}}" for path in within((STORED,))))
async def command_network(request: Request) -> Response:
    """A command on a network, if it still stands as the form showed it."""
    network_id, name = request.path_params["network_id"], request.path_params["command"]
    was, store, pool = options_of(request), store_of(request), pool_of(request)
    typed = await read_form(request)
    with refusals():
        form = CommandForm.of(typed)
        command = _command(name, form, was)
        if form.version is None:
            raise InvalidInput("missing", pointer="/version")
        # A run that went on ends, and the page shows it.
        expected, running = await live_runs_of(request).settled(network_id, form.version, form.op)
        opened = await commands.change(
            store, network_id, command, pool=pool, expected=expected, op=form.intention(name),
            steps=form.steps_of(name),
        )  # fmt: skip
    look = options_after(name, opened.lab, was, form.sample)
    await prepare_page(request, opened, look)
    parts = None
    if opened.before and expected == form.version and not (form.whole or running):
        base = stored_place(request, opened).base
        parts = changed_parts(opened.before, opened.lab, was, look, base)
    return await drawn_page(request, opened.lab, partial(done, request, opened, look, name, parts))


@router.post(*(f"{path}/{{command:command}}" for path in within(UNSTORED)))
async def command_unstored(request: Request) -> Response:
    """The first command on a network that is not stored: it creates it."""
    command, look = request.path_params["command"], options_of(request)
    place = await place_of(request)
    typed = await read_form(request)
    with refusals():
        form = CommandForm.of(typed)
        steps = form.steps_of(command)
        lab = await commands.run(
            _command(command, form, look), place.lab, steps, pool=pool_of(request)
        )
        opened = await commands.create(request, lab, form.op, before=place.lab)
    look = options_after(command, opened.lab, look, form.sample)
    await prepare_page(request, opened, look)
    return await drawn_page(request, opened.lab, partial(done, request, opened, look, command))


@router.get(*(f"{path}/{{command:address}}" for path in within(EVERYWHERE)))
async def back_to_page(request: Request) -> Response:
    """A form's address, opened as a page (by a reload, say): the page that the form is on."""
    return see_other(request.url.path.rpartition("/")[0] + options_of(request).query())
