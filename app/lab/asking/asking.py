"""What can be asked about a moment, and what is true: from the numbers of the step from there."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np

from app.errors import InvalidInput
from app.explain.quantities import Quantity, find
from app.explain.slips import is_near, slips_of, sure_slips
from app.explain.step_numbers import StepNumbers, entry
from app.lab.asking.questions import AskedQuestion, Form
from app.lab.lab import Lab
from app.lab.phases import Kind, Phase, Progress, phases_for
from app.lab.sample_in_view import sample_in_view
from app.lab.visibility import Visibility

TOLERANCES = ("0.1", "1", "5")
"""How far a right number may be off, in per cent."""
MOST_CHOICES, LEAST_CHOICES = 6, 2
MOST_TEXT, MOST_CHOICE = 300, 80
_WAYS, _SIGNS = ("up", "down", "stays"), ("positive", "negative", "zero")
_ASKABLE = frozenset(
    {"pre", "act", "delta", "error", "share", "loss", "loss_after", "weight", "bias", "new"}
)
_MOST_TRIED, _MOST_PROPOSED = 24, 5
_JOINERS = "\u200c\u200d"
"""They are letters' own: Persian words and some emoji need them."""
_UNIT_PREFIXES = {Kind.PRE_ACTIVATION: "net", Kind.ACTIVATION: "out", Kind.DELTA: "delta"}
_WEIGHT_PREFIXES = {Kind.GRADIENT: "gradient", Kind.UPDATE: "new"}


@dataclass(frozen=True)
class Asking:
    """What can be asked about the moment of a network: the step from here, phase by phase.

    ``sample`` is the number of the sample in view, from 1, or None for the step's own.
    """

    lab: Lab
    version: int = 0
    sample: int | None = None

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The phases of the step from here that are not computed yet."""
        return phases_for(self.lab.present)[self.lab.position :]

    @cached_property
    def numbers(self) -> StepNumbers:
        """The step from here as the sample in view has it."""
        batch = self.lab.present.batch_slice(self.lab.step)
        chosen = (self.sample or 0) - 1
        row = chosen - batch.start if batch.start <= chosen < batch.stop else 0
        return StepNumbers(self.lab.present, self.lab.onward, row)

    def question(self, key: str, tolerance: str = "1") -> AskedQuestion:
        """The question that ``key`` names; a number may be off by ``tolerance`` per cent.

        Raises InvalidInput if the answer is computed already, is no number, or is not the only one,
        and UnknownQuantity.
        """
        form, _, about = key.partition(":")
        if tolerance not in TOLERANCES:
            raise InvalidInput("choice", pointer="/tolerance", allowed=", ".join(TOLERANCES))
        match form:
            case Form.LARGEST:
                return self._largest()
            case Form.DIRECTION | Form.SIGN:
                prefix = "new" if form == Form.DIRECTION else "delta"
                return self._chosen(Form(form), self._find(f"{prefix}:{about}"))
            case Form.VALUE:
                return self._number(self._find(about), float(tolerance) / 100)
        allowed = ", ".join(one.value for one in Form if one != Form.OWN)
        raise InvalidInput("choice", pointer="/question", allowed=allowed)

    def own(self, text: str, choices: Sequence[str], right: int | None) -> AskedQuestion:
        """A question in somebody's own words. Raises InvalidInput: too long, too many, too few.

        Empty choices are left out; ``right`` counts all of them, from 0.
        """
        asked, every = _plain(text), [_plain(choice) for choice in choices]
        texts = [one for one in every if one]
        if not asked:
            raise InvalidInput("missing", pointer="/text")
        if len(asked) > MOST_TEXT:
            raise InvalidInput("max_characters", pointer="/text", maximum=MOST_TEXT)
        if len(texts) < LEAST_CHOICES:
            raise InvalidInput("min_length", pointer="/choices", minimum=LEAST_CHOICES)
        if len(texts) > MOST_CHOICES:
            raise InvalidInput("max_length", pointer="/choices", maximum=MOST_CHOICES)
        if any(len(one) > MOST_CHOICE for one in texts):
            raise InvalidInput("max_characters", pointer="/choices", maximum=MOST_CHOICE)
        if len(set(texts)) < len(texts):
            raise InvalidInput("choices_twice", pointer="/choices")
        if right is not None:
            if not 0 <= right < len(every) or not every[right]:
                raise InvalidInput("no_such_choice", pointer="/right")
            right = texts.index(every[right])
        return self._at_this_moment(Form.OWN, choices=tuple(texts), right=right, text=asked)

    def proposals(self) -> tuple[AskedQuestion, ...]:
        """Three to five questions that suit the moment, where it has as many.

        First about numbers of the next phase, of those whose slips can best be told apart; then
        what becomes of the weights. None has its answer in a number that can be seen already.
        """
        found: dict[str, AskedQuestion] = {}
        for key, tolerance in self._ideas():
            try:
                asked = self.question(key, tolerance)
            except InvalidInput:
                continue  # not of this moment
            found.setdefault(asked.key, asked)
            if len(found) == _MOST_PROPOSED:
                break
        return tuple(found.values())

    def _ideas(self) -> Iterator[tuple[str, str]]:
        """What might be proposed, the best first, with a tolerance."""
        coming = [find(name, self.lab.present) for name in self._coming(self.phases[0])]
        if coming and coming[0].kind == "delta":
            yield from self._sign(coming[0].name)
        yield from self._values(self.phases[0])
        moved = [name for _, name in self._changes(2)]
        for name in moved[:1]:
            yield f"{Form.DIRECTION}:{name}", "1"
        yield Form.LARGEST, "1"
        for name in moved[1:]:
            yield f"{Form.DIRECTION}:{name}", "1"
        yield from self._sign(self.lab.present.names.units[-1][0])
        for phase in self.phases[1:]:
            yield from self._values(phase)

    def _sign(self, unit: str) -> Iterator[tuple[str, str]]:
        """The sign of a unit's delta, unless the delta in view has the same."""
        delta = self._find(f"delta:{unit}")
        if all(seen * self.numbers.value(delta) <= 0 for seen in self._seen(delta)):
            yield f"{Form.SIGN}:{unit}", "1"

    def _values(self, phase: Phase) -> Iterator[tuple[str, str]]:
        """The two numbers of a phase that tell most, each with a tolerance."""
        coming = (find(name, self.lab.present) for name in self._coming(phase))
        tried = [(*self._telling(one), _named(one)) for one in coming]
        for count, tolerance, name in sorted(tried, key=lambda one: -one[0])[:2]:
            if count >= 0:
                yield f"{Form.VALUE}:{name}", tolerance

    def _seen(self, quantity: Quantity) -> list[float]:
        """Numbers in view that somebody would take for a quantity of the step from here.

        The same one of the step before, a weight that hardly moves, the number that an identity
        hands on, the delta that an input of 1 leaves as it is.
        """
        if quantity.kind == "new":
            return [entry(self.numbers.before, quantity)]
        alike = [quantity]
        if quantity.kind == "act":
            alike.append(replace(quantity, kind="pre"))
        if quantity.kind == "weight":
            unit = self.lab.present.names.units[quantity.layer + 1][quantity.unit]
            alike.append(find(f"delta:{unit}", self.lab.present))
        shown = Visibility.of(self.lab)
        return [value for one in alike if (value := shown.value(one)) is not None]

    def coming_names(self) -> tuple[str, ...]:
        """What the phases ahead compute: the first few of each, by name."""
        return tuple(name for phase in self.phases for name in self._coming(phase))

    def _coming(self, phase: Phase) -> list[str]:
        """What a phase computes, the first few of it."""
        names = self.lab.present.names
        if phase.kind is Kind.ERROR:
            return [*(f"share:{name}" for name in names.units[-1][:_MOST_TRIED]), "loss"]
        if prefix := _UNIT_PREFIXES.get(phase.kind):
            return [f"{prefix}:{name}" for name in names.units[phase.layer or 0][:_MOST_TRIED]]
        if prefix := _WEIGHT_PREFIXES.get(phase.kind):
            layers = names.weights if phase.layer is None else [names.weights[phase.layer - 1]]
            every = (f"{prefix}:{name}" for rows in layers for row in rows for name in row)
            return [*islice(every, _MOST_TRIED)]
        return []

    def _telling(self, quantity: Quantity) -> tuple[int, str]:
        """How many slips can be told from the truth and each other, and within which tolerance.

        Fewer than 0 if a number in view is right within each.
        """
        value, every = self.numbers.value(quantity), slips_of(quantity, self.numbers)
        best = (-1, "1")
        for tolerance in ("1", "0.1"):
            share = float(tolerance) / 100
            if any(is_near(seen, value, share) for seen in self._seen(quantity)):
                continue
            slips = sure_slips(every, value, share)
            wrong = [one for values in slips.values() for one in values if one]
            different = {(one > 0, round(math.log(abs(one)) / share)) for one in wrong}
            best = max(best, (len(different), tolerance), key=lambda one: one[0])
        return best

    def _changes(self, most: int) -> list[tuple[float, str]]:
        """The weights that change most, each with by how much; those that change most first."""
        names, before, after = self.lab.present.names, self.numbers.before, self.lab.onward.after
        found: list[tuple[float, str]] = []
        for layer, (old, new) in enumerate(zip(before.weights, after.weights, strict=True)):
            by = np.abs(new - old).ravel()
            for place in np.argsort(-by, kind="stable")[:most].tolist():
                unit, source = divmod(place, old.shape[1])
                found.append((float(by[place]), names.weights[layer][unit][source]))
        return sorted(found, key=lambda one: -one[0])[:most]

    # --- each form ------------------------------------------------------------------------------

    def _chosen(self, form: Form, quantity: Quantity) -> AskedQuestion:
        value, choices = self._value(quantity), _SIGNS
        if form == Form.DIRECTION:
            value, choices = value - entry(self.numbers.before, quantity), _WAYS
        right = 0 if value > 0 else 1 if value < 0 else 2
        return self._at_this_moment(form, quantity, choices=choices, right=right)

    def _number(self, quantity: Quantity, tolerance: float) -> AskedQuestion:
        value = self._value(quantity)
        slips = sure_slips(slips_of(quantity, self.numbers), value, tolerance)
        return self._at_this_moment(
            Form.VALUE, quantity, value=value, tolerance=tolerance, slips=slips
        )

    def _largest(self) -> AskedQuestion:
        by = self._changes(_MOST_TRIED)
        if len(by) < LEAST_CHOICES or not math.isfinite(by[0][0]) or _tied(by[0][0], by[1][0]):
            raise InvalidInput("not_askable", pointer="/question")
        # The truth, the next ones, and some that change less.
        rest = by[3:]
        picked = by[:3] + rest[:: max(1, -(-len(rest) // (MOST_CHOICES - 3)))]
        names = sorted((name for _, name in picked), key=self._order)
        asked = self._at_this_moment(
            Form.LARGEST, self._find(f"new:{by[0][1]}"), choices=tuple(names)
        )
        return replace(asked, about="", right=names.index(by[0][1]))

    def _order(self, name: str) -> tuple[int, int, int]:
        part = self._find(f"new:{name}")
        return part.layer, part.unit, part.source

    def _find(self, name: str) -> Quantity:
        found = find(name, self.lab.present)
        if found.kind not in _ASKABLE:
            raise InvalidInput("not_askable", pointer="/question")
        return found

    def _value(self, quantity: Quantity) -> float:
        value = self.numbers.value(quantity)
        if not math.isfinite(value):
            raise InvalidInput("not_askable", pointer="/question")
        return value

    def _at_this_moment(
        self, form: Form, quantity: Quantity | None = None, **more: object
    ) -> AskedQuestion:
        phase = self.phase_of(quantity) if quantity else None
        if quantity and phase is None:
            raise InvalidInput("computed_already", pointer="/question")
        several = self.numbers.samples > 1
        return AskedQuestion(
            form, quantity.key if quantity else "", step=self.lab.step,
            sample=self.numbers.number if several else 0, before=self.phases[0].key,
            phase=phase.key if phase else "", version=self.version, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def phase_of(self, quantity: Quantity) -> Phase | None:
        """The phase ahead that computes ``quantity``; None if none does."""
        progress = Progress(phases_for(self.lab.present), self.lab.position)
        phase = Visibility(sample_in_view(self.lab), progress).phase_of(quantity)
        return phase if phase in self.phases else None


def _named(quantity: Quantity) -> str:
    """What names a quantity, a gradient by more than its weight."""
    return f"gradient:{quantity.name}" if quantity.kind in ("weight", "bias") else quantity.key


def _tied(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * abs(one)


def _plain(text: str) -> str:
    """A text in one line, without what nobody sees: controls, and marks that turn directions."""
    seen = (c for c in text if c.isprintable() or c.isspace() or c in _JOINERS)
    return " ".join("".join(seen).split())
