"""A question to a class as people read it: at the desk, on the projector and on phones.

The truth is in what is shown only when it has been revealed.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.engine.network import Spec
from app.explain.notation import Notation
from app.explain.quantities import find
from app.explain.rounding import number
from app.lab.asking.asking import Asking
from app.lab.asking.questions import AskedQuestion, Form, Outcome, outcomes
from app.lab.phases import Kind, Phase
from app.messages import asking as words
from app.messages.marking import Count
from app.views.derivation.wording import phase_name
from app.views.text.formatting import plain, short, written

_MOST_BARS, _DIGITS = 8, 6
_SHORT_ANSWER, _OF_A_BAR = 18, 30
_LENGTHS = (("short", 260), ("long", 620))
"""The most signs of a question with its answers, where a bar takes the place of some."""
_A_LINE = 50
"""What takes two lines on a projector is never short: it would lie on the diagram."""


class ChoiceView(NamedTuple):
    """An answer to choose: what is sent for it, and its text."""

    value: str
    text: str


class Bar(NamedTuple):
    """A bar of a histogram: ``width`` in hundredths of the longest, ``verdict`` in a word or ""."""

    text: str
    given: int
    width: float
    verdict: str
    is_right: bool


class QuestionView(NamedTuple):
    """A question, as far as it may be seen.

    Attributes:
        number, stage: of the question, as the register has them; "OPEN", "CLOSED", "REVEALED".
        state: where it stands, in a sentence.
        moment: which moment it is about; ``moved_on`` says that the network is not there any more.
        choices: answers to choose from; none if a number is asked for.
        within: how exact a number has to be, or "".
        answered: how many have answered; None where that is not told.
        bars: the answers, none while they are hidden; ``histogram`` says them in a sentence.
        revealed: what is right, in a sentence, or "".
        left_out: which answers do not count, in a sentence, or "".
        onward: the name of the phase that gives the answer, once that is revealed and while the
            network is before it; else "".
    """

    number: int
    stage: str
    state: str
    text: str
    moment: str
    moved_on: str
    choices: tuple[ChoiceView, ...]
    within: str
    answered: int | None
    bars: tuple[Bar, ...]
    histogram: str
    revealed: str
    left_out: str
    onward: str

    @property
    def key(self) -> str:
        """What differs where the page has to be drawn anew."""
        return f"{self.number}-{self.stage}"

    @property
    def has_long_answers(self) -> bool:
        """Whether an answer has no room beside its bar, or beside others."""
        return any(len(one.text) > _SHORT_ANSWER for one in self.bars or self.choices)

    @property
    def length(self) -> str:
        """How much there is to read at once: "short", "long" or "longest"."""
        answers = [one.text for one in self.bars or self.choices]
        signs = len(self.text) + sum(len(one) + _OF_A_BAR for one in answers)
        known = _LENGTHS[len(self.text) > _A_LINE :]
        return next((name for name, most in known if signs <= most), "longest")


def question_text(question: AskedQuestion, spec: Spec, notation: Notation) -> str:
    """What is asked, in a sentence."""
    if question.form == Form.OWN:
        return question.text
    if question.form == Form.LARGEST:
        return words.QUESTIONS_ASKED["largest"]
    quantity = find(question.about, spec)
    names = {"pre": notation.pre, "act": notation.act, "loss": notation.loss}
    what = words.WHAT[quantity.kind].format(name=written(quantity.name), **names)
    return words.QUESTIONS_ASKED[question.form].format(name=written(quantity.name), what=what)


def question_view(
    question: AskedQuestion, spec: Spec, notation: Notation, *,
    number: int, stage: str, version: int, is_ahead: bool,
    answers: Mapping[str, int] | None, left_out: int, is_desk: bool,
) -> QuestionView:  # fmt: skip
    """What is shown of a question.

    ``version`` is the network's now, ``is_ahead`` whether the phase that gives the answer is still
    to come from there. ``answers`` are None where nobody looks at them; while the
    question is open, the desk alone (``is_desk``) sees more of them than how many there are.
    """
    is_revealed = stage == "REVEALED"
    bars: tuple[Bar, ...] = ()
    if answers is not None and (is_desk or stage in ("CLOSED", "REVEALED")):
        bars = _bars(question, answers, is_revealed=is_revealed)
    count = sum(answers.values()) if answers is not None else None
    phase = _phase_of(question.phase) if is_ahead and is_revealed else None
    return QuestionView(
        number, stage, words.STAGES[stage], question_text(question, spec, notation),
        _moment(question, spec, notation),
        words.MOVED_ON if version != question.version and not is_revealed else "",
        tuple(ChoiceView(str(n), text) for n, text in enumerate(_choices(question))),
        words.WITHIN.format(percent=plain(100 * question.tolerance)) if question.tolerance else "",
        count, bars, _sentence(bars, count) if bars or not count else "",
        _revealed(question) if is_revealed else "",
        words.LEFT_OUT.format(count=Count(left_out)) if left_out else "",
        phase_name(phase, spec, notation) if phase else "",
    )  # fmt: skip


class Proposal(NamedTuple):
    """A question that can be asked with one click: what is sent for it, and its text."""

    key: str
    tolerance: str
    text: str


def proposals_of(asking: Asking, notation: Notation) -> tuple[Proposal, ...]:
    """The questions that suit a moment."""
    spec = asking.lab.present
    return tuple(
        Proposal(one.key, plain(100 * one.tolerance) if one.tolerance else "1", text)
        for one in asking.proposals()
        for text in [question_text(one, spec, notation)]
    )


def own_answer_sentence(question: AskedQuestion, answer: str) -> str:
    """What somebody has answered, or ""."""
    if not answer:
        return ""
    choice = _choices(question)[int(answer)] if question.choices else answer
    return words.OWN_ANSWER.format(choice=choice)


def no_answer_sentence(stage: str) -> str:
    """That somebody has not answered the question of a room; "" where nothing is asked."""
    return words.NOT_ANSWERED[stage]


def _phase_of(key: str) -> Phase | None:
    kind, _, layer = key.partition(":")
    return Phase(Kind(kind), int(layer) if layer else None) if key else None


def _moment(question: AskedQuestion, spec: Spec, notation: Notation) -> str:
    before = _phase_of(question.before)
    form = words.ASKED_AT_SAMPLE if question.sample else words.ASKED_AT
    name = phase_name(before, spec, notation) if before else ""
    return form.format(step=question.step, sample=question.sample, phase=name)


def _choices(question: AskedQuestion) -> tuple[str, ...]:
    if question.form == Form.OWN:
        return question.choices
    if question.form == Form.LARGEST:
        return tuple(written(name) for name in question.choices)
    return tuple(words.CHOICES[code] for code in question.choices)


def _revealed(question: AskedQuestion) -> str:
    if question.value is not None:
        return words.REVEALED_NUMBER.format(value=number(question.value, _DIGITS))
    if question.right is None:
        return words.NO_RIGHT_ANSWER
    return words.REVEALED_CHOICE.format(choice=_choices(question)[question.right])


def _bars(
    question: AskedQuestion, answers: Mapping[str, int], *, is_revealed: bool
) -> tuple[Bar, ...]:
    hidden = question if is_revealed else question.hidden
    found = outcomes(hidden, answers)
    texts = [(_text_of(hidden, one), one.given, one.is_right) for one in found]
    if len(texts) > _MOST_BARS:
        rest = sum(count for _, count, _ in texts[_MOST_BARS - 1 :])
        texts[_MOST_BARS - 1 :] = [(words.OTHER_NUMBERS, rest, False)]
    most = max([count for _, count, _ in texts], default=0) or 1
    return tuple(
        Bar(text, count, round(100 * count / most, 1), _verdict(right, is_revealed), bool(right))
        for text, count, right in texts
    )


def _verdict(right: bool | None, is_revealed: bool) -> str:
    if right is None or not is_revealed:
        return ""
    return words.RIGHT if right else words.WRONG


def _text_of(question: AskedQuestion, outcome: Outcome) -> str:
    if outcome.choice is not None:
        return _choices(question)[outcome.choice]
    value = short(outcome.value or 0.0, _DIGITS)
    if not outcome.slips:
        return value
    return f"{value}: {_either([words.SLIPS[code] for code in outcome.slips])}"


def _either(texts: Sequence[str]) -> str:
    *most, last = texts
    return words.OR.format(one=", ".join(most), other=last) if most else last


def _sentence(bars: Sequence[Bar], count: int | None) -> str:
    if count is None:
        return ""
    if not count:
        return words.NO_ANSWERS
    parts = [
        words.PART.format(choice=bar.text, count=bar.given) + (bar.verdict and f" ({bar.verdict})")
        for bar in bars
    ]
    return words.SO_MANY.format(count=Count(count), parts="; ".join(parts))
