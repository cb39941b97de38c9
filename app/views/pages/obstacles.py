"""What the page says a network gets stuck on."""

from app.explain.derivation import PartKey, node
from app.lab.lab import Lab
from app.lab.obstacles import Obstacle
from app.messages.obstacles import OBSTACLES, STUCK
from app.views.diagram.diagram import Diagram, marks_in
from app.views.diagram.highlights import Highlight, stuck_highlights
from app.views.options import ViewOptions
from app.views.text.formatting import listed, numbers_apart, plain

_MOST_UNITS = 6


def _told(lab: Lab, options: ViewOptions) -> tuple[Obstacle, ...]:
    """The obstacles at this moment.

    None where something else is explained: a quantity that is pinned, or a phase.
    """
    is_other = options.open or options.check or options.view or lab.walking
    return () if is_other else lab.obstacles


def stuck_units_shown(lab: Lab, options: ViewOptions) -> dict[PartKey, str]:
    """Each unit that the diagram marks, with a word for what it gets stuck on."""
    told = _told(lab, options)
    if not told:
        return {}
    words = {name: STUCK[one.kind].format(unit=name) for one in told for name in one.units}
    layers = enumerate(lab.shown_spec.names.units)
    places = ((node(k, unit), name) for k, row in layers for unit, name in enumerate(row))
    return {place: words[name] for place, name in places if name in words}


def stuck_marks(
    lab: Lab, options: ViewOptions, diagram: Diagram
) -> dict[str, tuple[Highlight, ...]]:
    """The rings around these units, as fields of Marks."""
    stuck, spec = stuck_units_shown(lab, options), lab.shown_spec
    found = marks_in(diagram, lambda drawn: stuck_highlights(drawn, spec, stuck))
    return {"wide_stuck": found.wide, "small_stuck": found.small}


def obstacle_sentences(lab: Lab, options: ViewOptions) -> tuple[str, ...]:
    """A sentence for each obstacle that is told, with what helps."""
    told = _told(lab, options)
    if not told:
        return ()
    found, digits = [], options.error_digits
    rate = plain(float(f"{lab.present.optimizer.learning_rate / 2:.3g}"))
    for one in told:
        names = [*one.units[:_MOST_UNITS], *(["…"] if len(one.units) > _MOST_UNITS else [])]
        before, after = numbers_apart(one.before, one.after, digits)
        text = OBSTACLES[one.kind]
        found.append(text.format(units=listed(names), before=before, after=after, rate=rate))
    return tuple(found)
