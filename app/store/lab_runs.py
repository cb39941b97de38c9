"""A run as any process knows it, out of what the one that takes its steps has told the others."""

import json
from dataclasses import dataclass

from app.lab.lab import Lab
from app.lab.runs import BATCH, RunGoal
from app.store.base import RunRecord


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
    def of(cls, record: RunRecord, lab: Lab) -> "RunElsewhere":
        """The run that a register has of a network that stands at ``lab`` by now."""
        about = json.loads(record.about)
        goal = RunGoal(about["count"], about["until"], of=about.get("of", BATCH))
        first = about["step"]
        look = about["look"] if record.look is None else record.look
        return cls(goal, about["address"], look, first, max(lab.step - first, 0))

    def begun(self, lab: Lab) -> Lab:
        """The network where the run took its first step, from where it stands now."""
        return lab.rewound(self.first_step) if self.first_step < lab.step else lab
