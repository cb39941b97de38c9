"""Marks of devices: random, sealed, and good in one room alone."""

import pytest

from app.errors import InvalidInput
from app.store.classrooms import Classroom
from app.web.classroom.devices import device_of, is_of, new_mark

ROOM = Classroom(b"n" * 32, "token", "CODE", "")


def test_a_mark_is_of_its_room_alone() -> None:
    marks = {new_mark(ROOM) for _ in range(200)}
    assert len({device_of(ROOM, one) for one in marks}) == 200
    mark = marks.pop()
    assert len(mark) == 28
    for other in (
        Classroom(b"m" * 32, "token", "CODE", ""),
        Classroom(b"n" * 32, "t2", "CODE", ""),
    ):
        assert not is_of(other, mark)
    for place in range(28):
        forged = mark[:place] + ("A" if mark[place] != "A" else "B") + mark[place + 1 :]
        with pytest.raises(InvalidInput):
            device_of(ROOM, forged)
