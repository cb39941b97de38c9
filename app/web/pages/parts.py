"""The parts of the lab's page, and which of them an answer has to send.

A form says the version at which its page was drawn, and a command is refused at any other: what
the page shows before a command is known. A part is sent where it differs from that. Within a
part that stays, its figures are sent: what every step changes.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple

from app.engine.optimizers import slots_of
from app.lab.lab import Lab
from app.views.diagram.ports import has_rows
from app.views.options import OFF, ViewOptions
from app.views.pages.obstacles import obstacle_sentences, stuck_units_shown
from app.views.plots.options import plots_shown


class Part(NamedTuple):
    """An element of the page that an answer can put in the place of the one with its id.

    ``swap`` says how htmx puts it there; ``wrapper`` is the element that it must lie in to be
    parsed as what it is, or "". ``shown`` is the network that the page shows, where the answer
    makes a difference to it.
    """

    id: str
    template: str
    swap: str = "outerMorph"
    wrapper: str = ""
    shown: Lab | None = None


def _inner(wrapper: str, name: str, template: str) -> Part:
    return Part(name, template, "outerMorph strip:true", wrapper)


DIFFERENCES = "differences"
"""The swap of parts that stay, but in places."""
_MARKS = _inner("svg", "marks", "diagram/wide_marks.html")
_SMALL_MARKS = _inner("svg", "s-marks", "diagram/small_marks.html")
_STUCK = (
    _inner("svg", "stuck", "diagram/wide_stuck.html"),
    _inner("svg", "s-stuck", "diagram/small_stuck.html"),
)
_WIRES = (
    _inner("svg", "wires", "diagram/wires.html"),
    _inner("svg", "s-wires", "diagram/small_wires.html"),
)
_ROWS = (
    _inner("table", "unit-rows", "lab/unit_rows.html"),
    _inner("table", "parameter-rows", "lab/parameter_rows.html"),
)
_MEMORY = _inner("table", "memory-rows", "lab/memory_rows.html")
_OF_THE_SITE = (
    Part("share", "menus/share.html"),
    Part("present", "menus/present.html"),
    Part("more", "menus/more.html"),
    Part("pictures", "plots/card.html"),
    Part("about", "lab/about.html"),
    Part("welcome", "lab/welcome.html"),
)
_PARTS = (
    Part("toolbar", "lab/toolbar.html"),
    Part("run", "lab/run.html"),
    Part("rail", "lab/phases.html"),
    Part("headline", "lab/headline.html"),
    Part("diagram", "diagram/diagram.html"),
    Part("tabs", "lab/tabs.html"),
    Part("panel", "lab/panel.html"),
    Part("numbers", "lab/numbers.html"),
    Part("curve", "lab/curve.html"),
)
_FROM_ITS_TOP = Part("panel", "lab/panel.html", "outerMorph scroll:top scrollTarget:.tab")
"""The panel, where it comes to show something else."""
_OBSTACLES = Part("obstacles", "lab/obstacles.html")
"""A part of the panel, which is sent where that stays."""
_OF_THE_OPTIONS = tuple(Part(name, f"menus/{name}.html") for name in ("site", "picker"))
_PHASE_CHANGE = Part("phase-change", "lab/phase_change.html", DIFFERENCES)
_OF_A_PHASE = ("rail", "diagram", "numbers")
"""The parts that a phase changes in places."""
_WHEREABOUTS = Part("whereabouts", "lab/open_elsewhere.html")
FIGURES = "figures"
"""The swap of a part that stays, but for its figures."""
_WITH_FIGURES = {
    name: Part(name, "lab/kept_parts.html", FIGURES)
    for name in (
        "toolbar",
        "rate",
        "headline",
        "diagram",
        "panel",
        "numbers",
        "whose-numbers",
        "edited-sample",
        "curve",
        "run",
    )
}
_TELL_OBSTACLES = {"lab/panel.html", _OBSTACLES.template}
_NEED_THE_PANEL = {"lab/headline.html", "lab/panel.html", _PHASE_CHANGE.template}
_NEED_A_PAGE = {part.template for part in (*_OF_THE_SITE, *_PARTS, _MARKS, *_STUCK)} - {
    "menus/share.html", *_NEED_THE_PANEL,
}  # fmt: skip
_CONTROL = {"rail": "phases"}
_ALWAYS = ("toolbar", "headline", "diagram")
_Keys = Mapping[str, Hashable]


def whole_page(options: ViewOptions, *, reading: bool) -> tuple[Part, ...]:
    """Every part that a page has; menus that carry the options only where they may have changed."""
    stays = (options.open or options.check) and not reading
    parts = [_FROM_ITS_TOP if p.id == "panel" and not stays else p for p in _PARTS]
    if not options.framed:
        return (*(_OF_THE_OPTIONS if reading else ()), *_OF_THE_SITE, *parts)
    controls = {*options.controls, *(("tabs",) if len(options.tabs) > 1 else ())}
    shown = (p for p in parts if p.id in _ALWAYS or _CONTROL.get(p.id, p.id) in controls)
    return (*shown, _WHEREABOUTS)


def changed_parts(
    before: Lab, after: Lab, was: ViewOptions, options: ViewOptions, base: str
) -> tuple[Part, ...]:
    """The parts that differ, and the figures of those that do not.

    ``before`` is the network as a page with the options ``was`` shows it at address ``base``.
    """
    old, new = _keys(before, was, base), _keys(after, options, base)
    return tuple(_differing(before, after, options, old, new))


def _differing(
    before: Lab, lab: Lab, options: ViewOptions, old: _Keys, new: _Keys
) -> Iterator[Part]:
    if old["rate"] != new["rate"] and "rate" in options.shown_controls:
        yield _WITH_FIGURES["rate"]
    same_frame = _is_same_frame(old, new)
    same_step = same_frame and _is_same_step(before, lab)
    differs = same_frame and old["diagram"] != new["diagram"]
    for part in whole_page(options, reading=False):
        if differs and part.id in _OF_A_PHASE:
            if part.id == "diagram":
                yield from _of_phase(before, lab, options, same_numbers=same_step)
        elif new[part.id] is None or old[part.id] != new[part.id]:
            yield part
        elif part.id == "diagram":
            yield from _in_diagram(lab, options, in_rows=bool(new["in_rows"]))
            yield from _STUCK if old["stuck"] != new["stuck"] else ()
        elif part.id == "numbers":
            yield from _in_numbers(lab, options, same_rows=old["rows"] == new["rows"])
        elif part.id == "curve" and same_step and old["reached"] == new["reached"]:
            continue
        elif part.id in ("toolbar", "headline", "curve") or (part.id == "panel" and lab.trace):
            yield _WITH_FIGURES[part.id]
    panel_stays = new["panel"] is not None and old["panel"] == new["panel"]
    if panel_stays and "panel" in options.shown_controls:
        yield from _obstacles(before, lab, options)


def _is_same_frame(old: _Keys, new: _Keys) -> bool:
    """Whether the two differ in nothing but numbers, and which of them are computed."""
    rules = new["numbers"] is not None and old["numbers"] == new["numbers"]
    return bool(rules and old["inside"] == new["inside"] and new["in_rows"])


def _is_same_step(before: Lab, after: Lab) -> bool:
    """Whether two moments of one network show the same step."""
    was, now = before.shown, after.shown
    return was.step == now.step and was.before.data == now.before.data


def _of_phase(before: Lab, lab: Lab, options: ViewOptions, *, same_numbers: bool) -> Iterator[Part]:
    yield _PHASE_CHANGE._replace(shown=before)
    if options.open:
        yield from (_MARKS, _SMALL_MARKS)
    if not same_numbers:
        yield _WITH_FIGURES["diagram"]
        if "numbers" in options.shown_controls:
            yield _WITH_FIGURES["numbers"]
            yield from _whose_numbers(lab, options)
    yield from _samples(lab, options)


def _in_numbers(lab: Lab, options: ViewOptions, *, same_rows: bool) -> Iterator[Part]:
    if same_rows:
        yield _WITH_FIGURES["numbers"]
    else:
        yield from _ROWS
        if slots_of(lab.shown_spec.optimizer):
            yield _MEMORY
    yield from _whose_numbers(lab, options)


def _obstacles(before: Lab, lab: Lab, options: ViewOptions) -> Iterator[Part]:
    was, now = (obstacle_sentences(one, options) for one in (before, lab))
    if was != now:
        yield _OBSTACLES


def _whose_numbers(lab: Lab, options: ViewOptions) -> Iterator[Part]:
    if len(lab.present.inputs) > 1:
        yield _WITH_FIGURES["whose-numbers"]
        if "edit" in options.shown_controls:
            yield _WITH_FIGURES["edited-sample"]


def _in_diagram(lab: Lab, options: ViewOptions, *, in_rows: bool) -> Iterator[Part]:
    yield _WITH_FIGURES["diagram"]
    if not in_rows:
        yield from _WIRES
    if options.open:
        yield from (_MARKS, _SMALL_MARKS)
    yield from _samples(lab, options)


def _samples(lab: Lab, options: ViewOptions) -> Iterator[Part]:
    if len(lab.present.inputs) > 1:
        name = "samples" if "samples" in options.shown_controls else "batch"
        yield Part(name, "lab/samples.html")


def frame_parts(
    before: Lab, after: Lab, was: ViewOptions, options: ViewOptions, base: str
) -> tuple[Part, ...]:
    """As ``changed_parts``, from one frame of a run to the next."""
    parts = changed_parts(before, after, was, options, base)
    stays = "run" in options.shown_controls and all(part.id != "run" for part in parts)
    return (*parts, _WITH_FIGURES["run"]) if stays else parts


def need_a_page(parts: Iterable[Part]) -> bool:
    """Whether what is sent needs more than the figures of a network, and its panel."""
    return any(part.template in _NEED_A_PAGE for part in parts)


def tell_obstacles(parts: Iterable[Part]) -> bool:
    """Whether what is sent tells what the network gets stuck on."""
    return any(part.template in _TELL_OBSTACLES for part in parts)


def need_the_panel(parts: Iterable[Part]) -> bool:
    """Whether what is sent needs more than the figures of a network."""
    return any(part.template in _NEED_THE_PANEL for part in parts)


def _keys(lab: Lab, options: ViewOptions, base: str) -> dict[str, Hashable]:
    """For each part all that it depends on but its figures; None where it has none."""
    page = (base, options)
    rate = lab.present.optimizer.learning_rate
    used = lab.trace.learning_rate if lab.trace else rate
    # Steps keep their Spec; whatever changes a rule makes another.
    rules = (id(lab.present), id(lab.shown_spec), rate, used == rate or used)
    plots, in_rows = plots_shown(lab, options), has_rows(lab.shown_spec.layers)
    inside = options.seen(lab).inside
    moment = (lab.phase, lab.position, lab.walking, lab.trace is None, inside)
    drawn = (*page, *rules, *moment)
    pinned = options.open or options.check
    first, last = lab.first_step, lab.last_step
    error, updated = lab.progress.error, lab.trace is not None
    drawn_curve = updated or lab.step > first or error
    timeline = (first, last > first, drawn_curve)
    return {
        "share": None,  # its dialog may be open, and show the moment before
        "more": page,
        "present": page,
        "welcome": (),
        "about": None if options.ask else (page, *rules),
        "rate": rate,
        "toolbar": (*page, lab.moves > 0, lab.step < last),
        "run": page,
        "rail": drawn,
        "headline": (*page, *rules, inside, error, updated, drawn_curve),
        "diagram": drawn,
        "tabs": page,
        "panel": None if pinned or lab.walking or options.view else (*page, lab.phase),
        "stuck": tuple(stuck_units_shown(lab, options).items()),
        "numbers": None if options.edit else (*page, *rules),
        "rows": moment,
        "inside": inside,
        "in_rows": in_rows,
        "reached": (lab.step, last, error, updated),
        "pictures": page if plots == OFF else None,
        "curve": (*page, *timeline) if len(lab.branches) < 2 else None,
        "whereabouts": None,
    }
