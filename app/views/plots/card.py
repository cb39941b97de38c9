"""The pictures of a network that a reader chose, ready to print.

Nothing that the step in view has not computed is in them: what a network answers appears with the
error of its forward pass, activations and gradients with their phases.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app import messages
from app.engine.metrics import Scores, has_classes, scores_of
from app.engine.network import Spec
from app.explain.rounding import number
from app.lab.lab import Lab
from app.lab.obstacles import SATURATED_SLOPE, SATURATED_WITHIN, is_flat
from app.lab.score_history import known_until, score_history_of, watchable
from app.messages.marking import N_, Texts, _
from app.views.options import LOSS, OFF, REGIONS, ViewOptions
from app.views.plots.layer_statistics import Histogram, LayerNumbers, gradient_ratio, layer_numbers
from app.views.plots.options import plots_shown, varying_inputs, watched_loss
from app.views.plots.region_plots import Regions, regions_of
from app.views.plots.score_charts import Charts, ScoreRow, charts_of, pending_rows, score_rows
from app.views.plots.unit_maps import layer_title
from app.views.text.formatting import listed, short

TABS: Texts = {
    "regions": N_("Regions"),
    "loss": N_("Error and accuracy"),
    "distributions": N_("Distributions"),
}
KINDS: Texts = {
    "activations": N_("activations over all training samples"),
    "gradients": N_("gradients of the weights, of the step in view"),
    "weights": N_("weights"),
}
_DEAD: Texts = {
    "dead": N_(
        "Dead: {units} in the {layer}. For every training sample {activation} has slope 0 or "
        "almost 0, so the unit gets no gradient and cannot learn. Try a smaller learning rate, "
        "other initial weights or a leaky ReLU."
    ),
    "flat": N_(
        "No slope: {units} in the {layer}. The step function is flat everywhere, so the unit gets "
        "no gradient and cannot learn. Try sigmoid or tanh."
    ),
}
BARS_WIDTH, BARS_HEIGHT = 160, 60
_VANISHING = 0.01  # Where gradients are so much smaller than elsewhere, weights hardly move.


class HistogramBars(NamedTuple):
    """A histogram to draw: its bars, the ends of its axis, where 0 is, and what it shows."""

    path: str
    left: str
    right: str
    zero: str
    facts: tuple[str, str, str, str]
    sentence: str


class LayerRow(NamedTuple):
    """A layer's distributions: activations, gradients and weights; None is not computed."""

    title: str
    activation: str
    bars: tuple[HistogramBars | None, ...]


class Distributions(NamedTuple):
    """Every layer's distributions, what keeps units from learning, and that no unit is stuck.

    ``healthy`` is said once all activations are computed.
    """

    rows: tuple[LayerRow, ...]
    notes: tuple[str, ...]
    healthy: str


class PlotsCard(NamedTuple):
    """What stands in the pictures' card: the scores at the present parameters, and one picture.

    ``shown`` is one of ``views.options.PICTURES``; ``classes`` says whether scores have accuracies.
    The other pictures are None, and so are charts while there is nothing to draw. ``choices`` are
    the other losses that fit, with their names, ``watch`` is the name of the one that is told, too.
    """

    shown: str
    scores: tuple[ScoreRow, ...] = ()
    classes: bool = False
    regions: Regions | None = None
    charts: Charts | None = None
    distributions: Distributions | None = None
    choices: tuple[tuple[str, str], ...] = ()
    watch: str = ""

    @property
    def tabs(self) -> Texts:
        """What can be shown, by its key."""
        return TABS

    @property
    def is_open(self) -> bool:
        """Whether any picture is shown."""
        return self.shown != OFF


def plots_card_of(lab: Lab, options: ViewOptions) -> PlotsCard:
    """The pictures that ``options`` ask for. Raises InvalidInput where an axis is unknown."""
    shown, spec, digits = plots_shown(lab, options), lab.present, options.digits
    varying_inputs(spec, options)
    if shown == OFF:
        return PlotsCard(shown)
    watched, others = watched_loss(spec, options), watchable(spec)
    scores = pending_rows(spec)
    if lab.progress.error:
        other = scores_of(others[watched], lab.parameters) if watched else None
        scores = score_rows(scores_of(spec, lab.parameters), digits, other)
    choices = tuple((name, messages.LOSSES[name]) for name in others)
    watch = messages.LOSSES[watched] if watched else ""
    watch = watch[:1].upper() + watch[1:]
    card = PlotsCard(shown, scores, has_classes(spec), choices=choices, watch=watch)
    if shown == REGIONS:
        return card._replace(regions=regions_of(lab, options))
    if shown == LOSS:
        return card._replace(charts=_charts(lab, options))
    return card._replace(distributions=_distributions(lab, digits))


def _charts(lab: Lab, options: ViewOptions) -> Charts | None:
    until = known_until(lab)
    if until < lab.first_step:
        return None
    scores, loss = score_history_of(lab, until), options.notation_for(lab).loss
    other: tuple[str, Mapping[int, Scores]] = "", {}
    if watched := watched_loss(lab.present, options):
        other = messages.LOSSES[watched], score_history_of(lab, until, watched)
    return charts_of(scores, lab.step, loss, options.digits, log=options.log, watched=other)


# --- distributions --------------------------------------------------------------------------------


def _distributions(lab: Lab, digits: int) -> Distributions:
    spec, numbers = lab.present, layer_numbers(lab)
    rows = []
    for index, layer in enumerate(numbers, start=1):
        title, rule = layer_title(spec, index), spec.activations[index - 1]
        bars = tuple(_bars(kind, getattr(layer, kind), title, digits) for kind in KINDS)
        rows.append(LayerRow(title, messages.activation(rule), bars))
    well = all(found.activations and not any(found.stuck) for found in numbers)
    healthy = _("No dead or saturated units.") if well else ""
    return Distributions(tuple(rows), tuple(_notes(lab, spec, numbers)), healthy)


def _bars(kind: str, found: Histogram | None, layer: str, digits: int) -> HistogramBars | None:
    if found is None:
        return None
    title = f"{KINDS[kind]}, {layer}"
    if not found.count:
        sentence = _("{title}: no finite values").format(title=title)
        return HistogramBars("", "", "", "", ("0", "", "", ""), sentence)
    low, high, mean = (number(value, digits) for value in (found.low, found.high, found.mean))
    left, right = map(short, found.most)
    form = _("{title}: {count} values, all {low}")
    if found.low != found.high:
        form = _(
            "{title}: {count} values, {low} to {high}, mean {mean}; most between {left} and {right}"
        )
    sentence = form.format(
        title=title, count=found.count, low=low, high=high, mean=mean, left=left, right=right
    )
    facts, ends = (str(found.count), low, high, mean), (short(found.left), short(found.right))
    share = -found.left / (found.right - found.left) if found.left < 0.0 < found.right else None
    zero = "" if share is None else f"{share * BARS_WIDTH:.1f}"
    return HistogramBars(bars_path(found.counts), *ends, zero, facts, sentence)


def bars_path(counts: Sequence[int]) -> str:
    """A histogram's bars as SVG path data, the fullest as high as the picture."""
    width, most = BARS_WIDTH / len(counts), max(counts)
    bars = ((i * width, max(n / most * BARS_HEIGHT, 1.0)) for i, n in enumerate(counts) if n)
    return "".join(f"M{x:g} {BARS_HEIGHT}v-{y:.1f}h{width - 1:g}v{y:.1f}z" for x, y in bars)


def _notes(lab: Lab, spec: Spec, numbers: Sequence[LayerNumbers]) -> Iterator[str]:
    for layer, found in enumerate(numbers, start=1):
        names, title = spec.names.units[layer], layer_title(spec, layer)
        dead, saturated = found.stuck
        name = messages.activation(spec.activations[layer - 1])
        if dead:
            form = _DEAD["flat" if is_flat(spec.activation_rules[layer - 1]) else "dead"]
            units = listed([names[unit] for unit in dead])
            yield form.format(units=units, layer=title, activation=name)
        if saturated:
            form = _("{name} ({share} % of samples)")
            stuck = [form.format(name=names[i], share=round(100 * share)) for i, share in saturated]
            yield _(
                "Saturated: {units} in the {layer}. For most training samples {activation} is "
                "within {within} of its limit, where the slope is at most {slope}. Little δ gets "
                "through, so the unit learns slowly."
            ).format(
                units=listed(stuck), layer=title, activation=name,
                within=SATURATED_WITHIN, slope=SATURATED_SLOPE,
            )  # fmt: skip
    ratio = gradient_ratio(lab)
    if ratio is not None and ratio < _VANISHING:
        yield _(
            "Vanishing: first-layer gradients are only {ratio} times those of the output layer "
            "(RMS), so the first weights hardly move."
        ).format(ratio=short(ratio))
    elif ratio is not None and ratio > 1 / _VANISHING:
        yield _(
            "Exploding: first-layer gradients are {ratio} times those of the output layer (RMS)."
        ).format(ratio=short(ratio))
