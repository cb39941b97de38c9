"""What the page says a network gets stuck on."""

from app.lab.lab import Lab
from app.messages.obstacles import OBSTACLES
from app.views.options import ViewOptions
from app.views.text.formatting import listed, plain, told_apart

_MOST_UNITS = 6


def obstacle_sentences(lab: Lab, options: ViewOptions) -> tuple[str, ...]:
    """A sentence for each obstacle at this moment, with what helps.

    None where something else is explained: a quantity that is pinned, or a phase.
    """
    if options.open or options.check or options.view or lab.walking:
        return ()
    if not lab.obstacles:
        return ()
    found, digits = [], options.error_digits
    rate = plain(float(f"{lab.present.optimizer.learning_rate / 2:.3g}"))
    for one in lab.obstacles:
        names = [*one.units[:_MOST_UNITS], *(["…"] if len(one.units) > _MOST_UNITS else [])]
        before, after = told_apart(one.before, one.after, digits)
        text = OBSTACLES[one.kind]
        found.append(text.format(units=listed(names), before=before, after=after, rate=rate))
    return tuple(found)
