"""What a class is asked, with what is true, and what its answers come to.

A question is kept as a text that holds the truth; who may see which part of it is for views to say.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

import orjson

from app.data.numbers.typed_numbers import typed_numbers
from app.errors import InvalidInput
from app.explain.slips import Slips, fitting, is_near

MOST_TYPED = 80
"""The most characters of an answer as it is typed."""


class Form(StrEnum):
    """What a question is like."""

    DIRECTION = "direction"
    LARGEST = "largest"
    SIGN = "sign"
    VALUE = "value"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What is asked, about which moment, and what is true.

    Attributes:
        form: one of ``Form``.
        about: the key of the quantity that it is about, or "".
        choices: words, names or own texts to choose from; none if a number is asked for.
        right: which choice is true, from 0; None if none is known to be.
        value: the number that is true.
        tolerance: which share of it an answer may be off.
        slips: wrong numbers by the slips that give them.
        text: what whoever asks has written.
        step, sample: the step that the moment is at, and the number of the sample, from 1.
        before: the key of the phase that comes next at that moment; ``phase``: of the one that
            gives the answer, "" for none.
        version: of the network at that moment.
    """

    form: str
    about: str = ""
    choices: tuple[str, ...] = ()
    right: int | None = None
    value: float | None = None
    tolerance: float = 0.0
    slips: Slips = field(default_factory=dict)
    text: str = ""
    step: int = 0
    sample: int = 0
    before: str = ""
    phase: str = ""
    version: int = 0

    @property
    def key(self) -> str:
        """What asks for the same again, at another moment: ``direction:w5``, ``largest``."""
        about = self.about if self.form == Form.VALUE else self.about.rpartition(":")[2]
        return f"{self.form}:{about}" if about else self.form

    @property
    def hidden(self) -> "AskedQuestion":
        """The question without what is true."""
        return replace(self, right=None, value=None, slips={})

    def written(self) -> str:
        """The question as a text."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def read(cls, text: str) -> "AskedQuestion":
        """The question that ``written`` wrote."""
        data = orjson.loads(text)
        data["choices"] = tuple(data["choices"])
        data["slips"] = {code: tuple(values) for code, values in data["slips"].items()}
        return cls(**data)

    def answered(self, typed: str) -> str:
        """An answer as it is kept: the number of a choice, or a number as it was typed.

        Raises InvalidInput if ``typed`` is none.
        """
        if len(typed) > MOST_TYPED:
            raise InvalidInput("max_characters", pointer="/answer", maximum=MOST_TYPED)
        if self.choices:
            if typed not in map(str, range(len(self.choices))):
                allowed = ", ".join(map(str, range(len(self.choices))))
                raise InvalidInput("choice", pointer="/answer", allowed=allowed)
            return typed
        kept = typed.strip()
        found = typed_numbers(kept)
        if len(found) > 1:
            point, comma = (f"{value:.15g}" for value in found)
            raise InvalidInput("open_number", pointer="/answer", point=point, comma=comma)
        if not found or not math.isfinite(found[0]):
            raise InvalidInput("decimal_number", pointer="/answer")
        return kept


class Outcome(NamedTuple):
    """Answers that mean the same: how many, and what they are.

    ``choice`` is a choice's number; else ``value`` is the number that most of them are; ``slips``
    are the codes of all slips that they fit. ``is_right`` is None where nothing is known to be.
    """

    given: int
    is_right: bool | None
    choice: int | None = None
    value: float | None = None
    slips: tuple[str, ...] = ()


def outcomes(question: AskedQuestion, answers: Mapping[str, int]) -> list[Outcome]:
    """Answers in groups: by choice, or the right numbers, those of each slip, and each other one.

    Choices stand in their order, numbers by how many gave them, right ones first. A group has the
    number that most of it gave, of several the one nearest to the right one.
    """
    if question.choices:
        known = question.right is not None
        return [
            Outcome(answers.get(str(one), 0), one == question.right if known else None, one)
            for one in range(len(question.choices))
        ]
    truth = question.value if question.value is not None else math.nan
    groups: dict[object, list[tuple[int, float]]] = {}
    numbers = Counter[float]()
    for text, count in answers.items():
        numbers[typed_numbers(text)[0] + 0.0] += count
    for value, count in numbers.items():
        right = is_near(value, truth, question.tolerance)
        slips = () if right else fitting(value, question.slips, question.tolerance)
        groups.setdefault(right or slips or value, []).append((count, value))
    found = []
    for meaning, members in groups.items():
        value = max(members, key=lambda one: (one[0], -abs(one[1] - truth)))[1]
        slips = meaning if isinstance(meaning, tuple) else ()
        given = sum(count for count, _ in members)
        found.append(Outcome(given, meaning is True, None, value, slips))
    return sorted(found, key=lambda one: (not one.is_right, -one.given, one.value))


_SPARE = 10


def believable(
    followers: Mapping[str, int], others: Mapping[str, int]
) -> tuple[Mapping[str, int], int]:
    """The answers that count, and how many do not.

    Those of devices that did not follow as they answered count, too, since some have no script; but
    where they are more than those of followers and a few, somebody makes them up, and none counts.
    """
    known, made = sum(followers.values()), sum(others.values())
    if known and made > known + _SPARE:
        return followers, made
    every = {one: followers.get(one, 0) + others.get(one, 0) for one in (*followers, *others)}
    return every, 0
