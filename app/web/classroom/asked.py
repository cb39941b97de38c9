"""What of a room's question a page may show, and how its answers stand."""

from typing import NamedTuple

from starlette.requests import Request

from app.explain.notation import Notation
from app.lab import walking
from app.lab.asking.questions import AskedQuestion, believable
from app.lab.lab import Lab
from app.store.classrooms import Classroom, Stage
from app.views.pages.asking import QuestionView, question_view
from app.web.networks.audiences import classes_of


class Tally(NamedTuple):
    """How many have given each answer, and how many answers do not count."""

    counts: dict[str, int]
    left_out: int


async def tally_of(request: Request, room: Classroom) -> Tally:
    """The answers to a room's question."""
    counts, left_out = believable(*await classes_of(request).register.answers(room.network))
    return Tally(dict(counts), left_out)


async def shown_tally(request: Request, room: Classroom, *, counts: bool) -> Tally | None:
    """The answers where a follower's page shows them: once they are closed, or their number."""
    if room.stage >= Stage.CLOSED or (counts and room.stage is Stage.OPEN):
        return await tally_of(request, room)
    return None


def asked_in(
    room: Classroom, lab: Lab, version: int, notation: Notation, tally: Tally | None,
    *, is_desk: bool = False,
) -> QuestionView | None:  # fmt: skip
    """A room's question as a page shows it; None if nothing is asked."""
    if room.stage is Stage.NONE:
        return None
    counts, left_out = tally or (None, 0)
    question = AskedQuestion.read(room.question)
    is_ahead = lab.step == question.step and walking.is_ahead(lab, question.phase)
    return question_view(
        question, lab.present, notation, number=room.number, stage=room.stage.name,
        version=version, is_ahead=is_ahead, answers=counts, left_out=left_out, is_desk=is_desk,
    )  # fmt: skip
