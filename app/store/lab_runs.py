"""A run as any process knows it, out of what the one that takes its steps has told the others."""

import json
from dataclasses import dataclass
from typing import NamedTuple, Self

from app.lab.lab import Lab
from app.lab.runs import BATCH, Ending, RunGoal
from app.store.base import RUN, RunRecord

_MORE = "\n"
"""Stands in a save's token before what more there is to say of a run."""


def told(goal: RunGoal, start: Lab, address: str, look: str) -> str:
    """What others need of a run that begins at ``start``, for ``RunElsewhere.of``."""
    return json.dumps(
        {
            "count": goal.count, "until": goal.until, "of": goal.of, "step": start.step,
            "address": address, "look": look,
        }
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunElsewhere:
    """A run under way: its goal, its form's ``address``, and how many steps it has ``taken``.

    ``look`` is how its page is seen, as a query; ``first_step`` where it took its first step.
    """

    goal: RunGoal
    address: str
    look: str
    first_step: int
    taken: int

    @classmethod
    def of(cls, record: RunRecord, lab: Lab) -> Self:
        """The run that a register has of a network that stands at ``lab`` by now."""
        about = json.loads(record.about)
        goal = RunGoal(about["count"], about["until"], of=about.get("of", BATCH))
        first = about["step"]
        look = about["look"] if record.look is None else record.look
        return cls(goal, about["address"], look, first, max(lab.step - first, 0))

    def begun(self, lab: Lab) -> Lab:
        """The network where the run took its first step, from where it stands now."""
        return _rewound(lab, self.first_step)


class PastRun(NamedTuple):
    """A run that wrote a network last, and why it ended there."""

    ending: Ending
    goal: RunGoal
    first_step: int

    @classmethod
    def of(cls, op: str) -> Self | None:
        """The run that wrote ``op``; None if something else did.

        One whose last save says nothing of its end was stopped: so much is true however it ended.
        """
        head, _, told = op.partition(_MORE)
        if not told:
            return cls(Ending.STOPPED, RunGoal(0), 0) if head.startswith(RUN) else None
        ending, count, until, goal, first = told.split(" ")
        wanted = RunGoal(int(count), float(until) if until else None, of=goal)
        return cls(Ending(ending), wanted, int(first))

    def after(self, op: str) -> str:
        """The token of a save that was the run's last, with what ``of`` reads."""
        until = "" if self.goal.until is None else repr(self.goal.until)
        told = (self.ending.value, self.goal.count, until, self.goal.of, self.first_step)
        return _MORE.join((op, " ".join(map(str, told))))

    def begun(self, lab: Lab) -> Lab:
        """The network where it took its first step; ``lab`` is where it ended."""
        return _rewound(lab, self.first_step)


def is_unended(op: str) -> bool:
    """Whether a run may go on whose last save had this token: it says nothing of an end."""
    return op.startswith(RUN) and _MORE not in op


def run_tab(op: str) -> str:
    """The tab that began the run whose last save had this token."""
    return op.removeprefix(RUN).partition(".")[0]


def is_of(op: str, kept: str) -> bool:
    """Whether a save that is kept with ``kept`` was that of the request with the token ``op``."""
    return kept.partition(_MORE)[0] == op


def _rewound(lab: Lab, step: int) -> Lab:
    return lab.rewound(step) if step < lab.step else lab
